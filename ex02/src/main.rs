//! Is the configuration right, and is it safe? Loaded, validated, explained and guarded.

use std::process::ExitCode;

// 1. What was asked.
mod cli;

// The rim: what is printed, how text from outside is shown, how the program ends.
mod report;

mod escape;

mod exit;

use exit::{Exit, Trouble};

/// Runs, and turns the outcome into an exit code.
fn main() -> ExitCode {
    match run() {
        Ok(exit) => exit.into(),
        Err(trouble) => report::trouble(&trouble),
    }
}

/// The whole program, top to bottom.
fn run() -> Result<Exit, Trouble> {
    let args = match cli::parse(std::env::args_os())? {
        cli::Call::Run(args) => args,
        cli::Call::Show(text) => return report::print(&text).map(|()| Exit::Yes),
    };
    args.color.write_global();
    Ok(Exit::Yes)
}
