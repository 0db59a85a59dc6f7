//! How does data become findings, a picture, and an export?

use std::path::{Path, PathBuf};
use std::thread;

use crate::check::Dependency;
use crate::cli::Args;
use crate::exit::Trouble;
use crate::results::{Outcome, Stage};
use crate::{escape, output, sections};

// 1. Data: simulated,
mod normal;

mod simulate;

// or read from a source.
mod source;

mod bad;

mod csv;

mod json;

mod parquet;

#[cfg_attr(not(feature = "ureq"), path = "analysis/fetch_missing.rs")]
mod fetch;

mod rows;

// 2. Statistics: a tile, its sums, its counts, a line to draw, a block of tiles, all of it, the tables.
mod tile;

mod moments;

mod sketch;

#[cfg_attr(
    not(feature = "plotters"),
    expect(
        dead_code,
        reason = "a mean of the series is made for the picture alone"
    )
)]
mod series;

mod block;

mod total;

mod tables;

// 3. What is left behind: a picture, an export, and never half of them.
#[cfg_attr(not(feature = "plotters"), path = "analysis/picture_missing.rs")]
mod picture;

#[cfg(feature = "plotters")]
mod panels;

#[cfg(feature = "plotters")]
mod backend;

#[cfg(feature = "plotters")]
mod canvas;

mod export;

mod save;

mod interrupt;

mod progress;

use block::Block;
use export::Export;
use progress::Progress;
use rows::Collector;
use save::Draft;
use simulate::Plan;
use source::{Limits, Source};
use tile::Sketches;
use total::Total;

/// Where the picture goes unless `--output` says otherwise.
const PICTURE: &str = "matrix_analysis.png";
/// Points unless `--points` says otherwise.
const POINTS: u64 = 1000;

/// Does what the command line asks for, as far as the programs allow.
pub fn run(
    args: &Args,
    programs: &[Dependency],
    stage: &mut dyn FnMut(Stage) -> Result<(), Trouble>,
) -> Result<Outcome, Trouble> {
    let obstacle = |name| programs.iter().find(|it| it.name == name)?.obstacle();
    let mut outcome = Outcome::default();
    let needed = ["polars", "ndarray"].into_iter().filter_map(obstacle);
    outcome.undone = needed.map(|it| format!("no analysis: {it}")).collect();
    if !outcome.undone.is_empty() {
        return Ok(outcome);
    }
    let source = args.source.as_deref().map(Source::parse).transpose()?;
    if let (Some(Source::Url(_)), Some(obstacle), false) =
        (&source, obstacle("ureq"), args.or_simulate)
    {
        let what = format!("no data: an address was given, and {obstacle}");
        outcome.undone.push(what);
        return Ok(outcome);
    }
    if args.points.is_some() && source.is_some() && !args.or_simulate {
        output::note("`--points` is for simulated data: of a source, every row is read");
    }
    interrupt::listen();
    // Whether everything can be written is found out before the work, not after it.
    let picture = match (args.no_plot, obstacle("plotters")) {
        (true, _) => None,
        (false, None) => Some(draft(args)?),
        (false, Some(obstacle)) => {
            let what = format!("no picture was drawn: {obstacle}");
            outcome.undone.push(what);
            None
        }
    };
    let mut export = args.export.as_deref().map(Export::new).transpose()?;
    stage(Stage::Analyzing)?;
    let (total, sketches) = match &source {
        None => simulated(args, &mut outcome, &mut export, stage)?,
        Some(source) => match fetched(args, source, &mut export)? {
            Ok(data) => {
                outcome.source = Some(source.shown());
                stage(Stage::Processing(data.0.count()))?;
                data
            }
            Err(trouble) if args.or_simulate => {
                output::warn(&format!("{}; going on with simulated data", trouble.what));
                outcome.fallback = Some(trouble.what);
                // What was exported so far is another data set: begin anew.
                drop(export.take());
                export = args.export.as_deref().map(Export::new).transpose()?;
                simulated(args, &mut outcome, &mut export, stage)?
            }
            Err(trouble) => return Err(trouble),
        },
    };
    let findings = total.findings(sketches)?;
    if let Some(export) = &mut export {
        export.finish()?;
    }
    if let Some((draft, path)) = picture {
        stage(Stage::Drawing)?;
        picture::save(&findings, &outcome.caption(findings.n), draft, &path)?;
        outcome.output = Some(path);
    }
    outcome.exported = export.map(Export::publish).transpose()?;
    outcome.findings = Some(findings);
    Ok(outcome)
}

/// Begins the picture's file.
fn draft(args: &Args) -> Result<(Draft, PathBuf), Trouble> {
    let path = args.output.as_deref().unwrap_or(Path::new(PICTURE));
    if !["png", "svg"].iter().any(|it| save::ends_in(path, it)) {
        return Err(Trouble::new(
            format_args!("`--output {}` is no picture", escape::os(path.as_os_str())),
            "end the name in `.png` or `.svg`",
        ));
    }
    Ok((Draft::new(path)?, path.to_owned()))
}

/// Makes the data.
fn simulated(
    args: &Args,
    outcome: &mut Outcome,
    export: &mut Option<Export>,
    stage: &mut dyn FnMut(Stage) -> Result<(), Trouble>,
) -> Result<(Total, Sketches), Trouble> {
    let points = args.points.unwrap_or(POINTS);
    outcome.source = Some("simulated".to_owned());
    outcome.seed = Some(args.seed);
    stage(Stage::Processing(points))?;
    let cores = || thread::available_parallelism().map_or(1, usize::from);
    let plan = Plan {
        points,
        seed: args.seed,
        threads: args.threads.map_or_else(cores, usize::from),
        keep: export.is_some(),
    };
    let progress = Progress::new(Some(points));
    let mut total = Total::new();
    let sketches = simulate::run(plan, |block| {
        if let Some(export) = export {
            export.add(&block)?;
        }
        total.add(&block);
        progress.at(total.count());
        Ok(())
    })?;
    Ok((total, sketches))
}

/// Reads the data. The inner error is the source's, and simulated data can stand in for it; the outer one is an
/// export that cannot be written, which other data would not mend.
fn fetched(
    args: &Args,
    source: &Source,
    export: &mut Option<Export>,
) -> Result<Result<(Total, Sketches), Trouble>, Trouble> {
    let limits = Limits {
        timeout: args.timeout,
        bytes: args.max_bytes,
    };
    if let Source::Url(_) = source {
        output::note(&format!("fetching {}", source.shown()));
    }
    let keep = export.is_some();
    let mut unwritten = false;
    let mut each = |block: &Block| match export {
        Some(export) => export.add(block).inspect_err(|_| unwritten = true),
        None => Ok(()),
    };
    let progress = Progress::new(None);
    let mut rows = Collector::new(keep, &mut each);
    let read = source.read(limits, &|bytes| progress.at(bytes), &mut rows);
    match read.and_then(|()| rows.finish()) {
        Err(trouble) if unwritten => Err(trouble),
        read => Ok(read),
    }
}

impl Outcome {
    /// One line that says what the picture shows.
    fn caption(&self, count: u64) -> String {
        let points = sections::thousands(count);
        let source = self.source.as_deref().unwrap_or("unknown");
        // The two characters that a name may hold, and the XML of an SVG picture may not.
        let source = source.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
        match (self.seed, &self.fallback) {
            (Some(seed), None) => format!("{points} points, {source}, seed {seed}"),
            (Some(seed), Some(_)) => {
                format!(
                    "{points} points, {source}, seed {seed} (the source that was asked for could not be had)"
                )
            }
            (None, _) => format!("{points} points from {source}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Status;
    use crate::cli::{self, Call};

    /// What is left undone when a program is in this state.
    fn undone(name: &str, status: Status, words: &str) -> Vec<String> {
        let words = format!("loading --points 5 {words}");
        let Call::Run(args) = cli::parse(words.split_whitespace().map(Into::into)).unwrap() else {
            panic!("{words}");
        };
        let mut programs = crate::check::look();
        for program in &mut programs {
            program.status = match program.name == name {
                true => status,
                false => Status::Ok,
            };
        }
        run(&args, &programs, &mut |_| Ok(())).unwrap().undone
    }

    #[track_caller]
    fn check(name: &str, words: &str, expected: &str) {
        for (status, obstacle) in [
            (Status::Missing, "is missing"),
            (Status::Broken, "does not work"),
        ] {
            let expected = format!("{expected} {name} {obstacle}");
            assert_eq!(undone(name, status, words), [expected]);
        }
    }

    #[test]
    fn what_a_program_cannot_do_is_left_undone_and_the_reason_told() {
        check("polars", "", "no analysis:");
        check("ndarray", "", "no analysis:");
        check("plotters", "", "no picture was drawn:");
        let words = "--source http://127.0.0.1:1/";
        check("ureq", words, "no data: an address was given, and");
    }
}
