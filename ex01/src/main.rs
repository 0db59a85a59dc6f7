//! Are the programs there, and what does the Matrix look like? Checked, simulated, analysed, plotted.

use std::panic;
use std::process::ExitCode;
use std::time::Instant;

// 1. What was asked.
mod cli;

// 2. The programs: which there are, what the lock file says, what is really linked, whether they work.
mod programs;

mod lockfile;

mod linked;

mod selftest;

mod check;

// 3. Three ways to name the same programs.
mod managers;

// 4. The analysis, or, where polars or ndarray is missing, a stand-in with the same function.
#[cfg_attr(
    not(all(feature = "ndarray", feature = "polars")),
    path = "analysis_missing.rs"
)]
mod analysis;

#[cfg(feature = "plotters")]
mod font;

mod results;

// The rim: what is printed, how text from outside is shown, how the program ends.
mod report;

mod sections;

mod json;

mod output;

mod escape;

mod exit;

use exit::{Exit, Trouble};

/// Runs, and turns the outcome into an exit code. A panic is an error like any other.
fn main() -> ExitCode {
    panic::set_hook(Box::new(|_| ()));
    match panic::catch_unwind(run).unwrap_or_else(|payload| Err(exit::bug(&*payload))) {
        Ok(exit) => exit.into(),
        Err(trouble) => output::trouble(&trouble),
    }
}

/// The whole program, top to bottom.
fn run() -> Result<Exit, Trouble> {
    let start = Instant::now();
    let args = match cli::parse(std::env::args_os())? {
        cli::Call::Run(args) => args,
        cli::Call::Show(text) => return output::print(&text).map(|()| Exit::Yes),
    };
    args.color.write_global();
    let report = report::Report::new(&args);
    let programs = check::look();
    report.programs(&programs)?;
    let managers = managers::compare();
    let outcome = match args.check {
        true => results::Outcome::default(),
        false => analysis::run(&args, &programs, &mut |stage| report.stage(stage))?,
    };
    report.outcome(&programs, &managers, &outcome, start.elapsed())?;
    let all_ok = programs.iter().all(|it| it.status == check::Status::Ok);
    Ok(match outcome.undone.is_empty() && (all_ok || !args.check) {
        true => Exit::Yes,
        false => Exit::No,
    })
}
