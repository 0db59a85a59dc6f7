//! Are the programs there, and what does the Matrix look like?
//!
//! Read the rooms in this order. Each one begins with the question that it answers.
//!
//! 1. [`cli`] reads the flags.
//! 2. [`programs`] checks the four programs: are they there, in which version, and do they work?
//! 3. [`analysis`] turns data into findings, a picture and an export. Its own page leads through its rooms.
//! 4. [`report`] shows the result, as text or JSON.
//!
//! The other rooms serve all of these: [`results`], [`output`], [`text`], [`faults`] and [`exit`].

use std::panic;
use std::process::ExitCode;
use std::time::Instant;

mod cli; // 1. What does the user ask for?
mod programs; // 2. Are the four programs there, in which version, and do they work?
// 3. The analysis. If polars or ndarray is missing, a stand-in has the same functions.
#[cfg_attr(
    not(all(feature = "ndarray", feature = "polars")),
    path = "analysis_missing.rs"
)]
mod analysis;
mod report; // 4. What does the user see, as text or JSON?
// These serve all others: the results, the output, what can go wrong, and the exit code.
mod results;
mod output;
mod text;
#[cfg_attr(
    not(all(feature = "ndarray", feature = "polars", feature = "ureq")),
    expect(dead_code, reason = "without a program, less can go wrong")
)]
mod faults;
mod exit;
#[cfg(feature = "plotters")]
mod font;

use analysis::Begun;
use anstream::ColorChoice;
use exit::Exit;
use faults::Trouble;
use results::Outcome;

/// Runs the program, and turns its result into an exit code. A panic becomes an error like any other.
fn main() -> ExitCode {
    panic::set_hook(Box::new(|_| ()));
    let outcome = panic::catch_unwind(run);
    match outcome.unwrap_or_else(|payload| Err(Trouble::Panic(faults::message(&*payload)))) {
        Ok(exit) => exit.into(),
        Err(trouble) => {
            report::trouble(&trouble);
            exit::TROUBLE.into()
        }
    }
}

/// The whole program, from top to bottom.
fn run() -> Result<Exit, Trouble> {
    let start = Instant::now();
    // An error about a flag comes before `--color` is known.
    output::choose_colours(ColorChoice::Auto);
    let args = match cli::parse(std::env::args_os())? {
        cli::Call::Run(args) => args,
        cli::Call::Show(text) => return output::print(&text).map(|()| Exit::Yes),
    };
    output::choose_colours(args.color.as_choice());
    let report = report::Report::new(&args);
    let programs = programs::check_programs();
    report.programs(&programs)?;
    let outcome = if args.check {
        Outcome::default()
    } else {
        analyse(&args, &programs, &report)?
    };
    report.outcome(&programs, &outcome, start.elapsed())?;
    let all_ok = programs.iter().all(|it| it.status == programs::Status::Ok);
    let done = outcome.undone.is_empty() && (all_ok || !args.check);
    Ok(if done { Exit::Yes } else { Exit::No })
}

/// The analysis: data, findings, picture.
fn analyse(
    args: &cli::Args,
    programs: &[programs::Dependency],
    report: &report::Report,
) -> Result<Outcome, Trouble> {
    let mut job = match analysis::begin(args, programs)? {
        Begun::Job(job) => job,
        Begun::Undone(undone) => {
            return Ok(Outcome {
                undone,
                ..Outcome::default()
            });
        }
    };
    if args.ignores_points() {
        report::points_unused();
    }
    report.analyzing()?;
    if let Some(name) = job.address() {
        report::fetching(&name);
    }
    let points = job.read()?;
    if let Some(fault) = &job.outcome().fallback {
        report::simulating(fault);
    }
    report.processing(points)?;
    let findings = job.findings()?;
    if job.has_picture() {
        report.drawing()?;
    }
    let caption = report::caption(job.outcome(), findings.n);
    job.finish(findings, &caption)
}
