//! Am I in a virtual environment? The answer from the files alone; no Python is started.

use std::process::ExitCode;

// 1. What was asked, and in which process.
mod cli;

mod world;

// 2. Which file does `python3` start, and which Python is it?
mod lookup;

mod shim;

mod binary;

mod version_records;

// 3. How does that Python see itself? Two passes, as CPython runs them.
mod getpath;

mod executable;

mod landmarks;

mod pth;

mod build_tree;

mod imports;

mod getpath_c;

mod pypy;

mod site;

mod packages;

// 4. What do we conclude?
mod verdict;

mod absent;

mod answer;

mod kind;

mod project_tool;

mod installer;

mod claims;

mod repair;

// 5. What surrounds us? And, only when asked: does Python say the same?
mod surroundings;

mod rust_side;

mod verify;

// Underneath: the files, and what is in them.
mod pyvenv_cfg;

mod elf_file;

mod symbols;

mod loader;

mod version;

mod pypath;

mod files;

mod notes;

// The rim: what is printed, how text from outside is shown, how the program ends.
mod text;

mod details;

mod instructions;

mod report;

mod escape;

mod exit;

// For the tests alone.
#[cfg(test)]
mod hostile;

use answer::{Answer, Status};
use claims::Claim;
use exit::{Exit, Trouble};
use pypath::PyPath;
use serde::Serialize;
use surroundings::Surroundings;
use verify::Verification;
use world::World;

/// Everything that is shown, as text or as JSON.
#[derive(Serialize)]
pub struct Report {
    /// What is known about the Python that would start.
    #[serde(flatten)]
    answer: Answer,
    /// What the variables claim, and the truth.
    claims: Vec<Claim>,
    /// What else the process lives in.
    surroundings: Surroundings,
    /// Python's own answer, when it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    verification: Option<Verification>,
}

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
    let wanted = args.python.as_deref().map(PyPath::from_os);
    let answer = verdict::find(wanted.as_ref(), &world);
    let claims = claims::check(&answer, &world);
    let surroundings = surroundings::look(&world);
    let verification = args.verify.then(|| verify::ask(&answer, &world));
    let report = Report {
        answer,
        claims,
        surroundings,
        verification,
    };

    if args.json && !args.quiet {
        report::json(&report)?;
    } else if !args.quiet {
        report::print(&text::of(&report, world.set("SHELL")))?;
    }
    Ok(verdict(&args, &report))
}

/// Only a question that was asked can be answered with no.
fn verdict(args: &cli::Args, report: &Report) -> Exit {
    let outside = args.check && report.answer.status != Status::Isolated;
    let disagrees = report
        .verification
        .as_ref()
        .is_some_and(|it| it.agrees != Some(true));
    if outside || disagrees {
        Exit::No
    } else {
        Exit::Yes
    }
}
