//! Are the programs there, and what does the Matrix look like? Checked, simulated, analysed, plotted.

use std::panic;
use std::process::ExitCode;
use std::time::Instant;

mod cli; // 1. What was asked.
mod programs; // 2. The four programs: there, in which version, and do they work?
// 3. The analysis, or, where polars or ndarray is missing, a stand-in with the same function.
#[cfg_attr(
    not(all(feature = "ndarray", feature = "polars")),
    path = "analysis_missing.rs"
)]
mod analysis;
mod report; // 4. What is shown, as text or JSON.
// The ground: what was found out, and how text leaves and the program ends.
mod results;
mod output;
mod text;
mod exit;
#[cfg(feature = "plotters")]
mod font;
#[cfg(test)]
mod tidy;

use analysis::Begun;
use exit::{Exit, Trouble};
use results::{Outcome, Stage};

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
    let programs = programs::look();
    report.programs(&programs)?;
    let managers = programs::compare_managers();
    let outcome = if args.check {
        Outcome::default()
    } else {
        analyse(&args, &programs, &report)?
    };
    report.outcome(&programs, &managers, &outcome, start.elapsed())?;
    let all_ok = programs.iter().all(|it| it.status == programs::Status::Ok);
    let done = outcome.undone.is_empty() && (all_ok || !args.check);
    Ok(if done { Exit::Yes } else { Exit::No })
}

/// The subject's part of it: data, findings, picture.
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
    report.stage(Stage::Analyzing)?;
    let read = job.read()?;
    report.stage(Stage::Processing(job.points(read.as_ref())))?;
    let findings = job.findings(read)?;
    if job.draws() {
        report.stage(Stage::Drawing)?;
    }
    job.finish(findings)
}
