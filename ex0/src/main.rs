//! Am I in a virtual environment? The answer from the files alone; no Python is started.

// 1. What was asked?
mod cli;
// 2. Which file does `python3` start, and which Python is it?
mod lookup;
mod binary;
// 3. How does that Python see itself? Two passes over one file, as CPython runs them.
mod pyvenv_cfg;
mod getpath;
mod site;
// 4. What do we conclude?
mod verdict;
// 5. What surrounds us? And, only when asked: does Python say the same?
mod around;
mod verify;
// The rim: what is printed.
mod report;
// Underneath all of it: the facts as data, and the ground.
mod finding;
mod support;

use std::process::ExitCode;

use lookup::Request;
use report::Report;
use support::World;
use support::exit::{Exit, Trouble};
use verdict::Status;

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

    let world = World::read();
    let request = Request::of(args.python.clone());
    let answer = verdict::of(&request, &world);
    let report = Report {
        claims: around::check_claims(&answer, &world),
        commands: around::compare_commands(&request, &answer, &world),
        managed: around::find_managed(&answer, &world),
        surroundings: around::look(&world),
        verification: args.verify.then(|| verify::ask(&answer, &world)),
        answer,
    };

    if args.json && !args.quiet {
        report::print_json(&report)?;
    } else if !args.quiet {
        report::print(&report::text(&report, &world))?;
    }
    Ok(verdict(&args, &report))
}

/// Only a question that was asked can be answered with no.
fn verdict(args: &cli::Args, report: &Report) -> Exit {
    let outside = args.check && report.answer.status() != Status::Isolated;
    let disagrees = report.verification.as_ref().is_some_and(|it| !it.agrees());
    if outside {
        Exit::No
    } else if report.answer.names_nothing() {
        Exit::NothingNamed
    } else if disagrees {
        Exit::No
    } else {
        Exit::Yes
    }
}
