//! Am I in a virtual environment? `construct` finds the answer in files; it starts no Python.
//!
//! This page is the tour. Each module is a room; read them in this order:
//!
//! 1. [`lookup`]: Which file does typing `python3` start?
//! 2. [`binary`]: Which Python is this program, exactly?
//! 3. [`pyvenv_cfg`]: What does a pyvenv.cfg say, and to whom?
//! 4. [`getpath`]: Where does Python think it is installed?
//! 5. [`site`]: Which prefix and which package folders does Python use?
//! 6. [`verdict`]: Is it isolated, or why would it not start?
//! 7. [`report`]: How is the answer shown, as text and as JSON?
//!
//! Side rooms: [`cli`] has the flags, [`around`] the claims and the surroundings, [`verify`] asks Python itself.
//! The ground: [`finding`] has the facts as types, [`support`] paths, files and exit codes.

mod cli;
mod lookup;
mod binary;
mod pyvenv_cfg;
mod getpath;
mod site;
mod verdict;
mod around;
mod verify;
mod report;
mod finding;
mod support;

use std::process::ExitCode;

use anstream::ColorChoice;
use lookup::Request;
use report::Report;
use support::World;
use support::exit::{Exit, Trouble};
use verdict::Status;
use verify::Verification;

/// Runs the program and turns the outcome into an exit code.
fn main() -> ExitCode {
    match run() {
        Ok(exit) => exit.into(),
        Err(trouble) => report::trouble(&trouble),
    }
}

/// The whole program, from top to bottom.
fn run() -> Result<Exit, Trouble> {
    // An error about a flag comes before `--color` is known.
    report::choose_colours(ColorChoice::Auto);
    let args = match cli::parse(std::env::args_os())? {
        cli::Call::Run(args) => args,
        cli::Call::Show(text) => return report::print(&text).map(|()| Exit::Yes),
    };
    report::choose_colours(args.color.as_choice());

    let world = World::read();
    let request = Request::of(args.python.clone());
    let answer = verdict::decide(&request, &world);
    let report = Report {
        claims: around::check_claims(&request, &answer, &world),
        commands: around::compare_commands(&request, &answer, &world),
        managed: around::find_managed(&answer, &world),
        surroundings: around::read_surroundings(&world),
        verification: args.verify.then(|| verify::ask(&answer, &world)),
        answer,
    };

    if args.json && !args.quiet {
        report::print_json(&report)?;
    } else if !args.quiet {
        report::print(&report::text(&report, &world))?;
    }
    match exit_code(&args, &report) {
        Exit::Unanswered if args.quiet => Err(report::unanswered(&report)),
        exit => Ok(exit),
    }
}

/// The exit code. It is "no" only if the user asked a question: `--check` or `--verify`.
fn exit_code(args: &cli::Args, report: &Report) -> Exit {
    if args.check && report.answer.status() != Status::Isolated {
        return Exit::No;
    }
    if report.answer.names_nothing() {
        return Exit::Unanswered;
    }
    let verification = report.verification.as_ref();
    match verification.map_or(Some(true), Verification::agrees) {
        Some(true) => Exit::Yes,
        Some(false) => Exit::No,
        None => Exit::Unanswered,
    }
}
