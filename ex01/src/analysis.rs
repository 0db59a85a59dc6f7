//! How does data become findings, a picture, and an export?
//!
//! 1. [`data`] makes or reads the rows.
//! 2. [`statistics`] reduces them to partial results, with ndarray.
//! 3. [`tables`] turns the partial results into findings, with polars.
//! 4. [`picture`] draws the findings, with plotters.
//!
//! [`files`] writes each file whole, or not at all.

use std::path::{Path, PathBuf};
use std::thread;

use crate::cli::Args;
use crate::exit::Trouble;
use crate::programs::Dependency;
use crate::results::{Findings, Outcome, Undone, Work};
use crate::{output, text};

mod data; // 1. Rows, simulated or read.
mod statistics; // 2. Partial results, by ndarray.
mod tables; // 3. Findings, by polars.
// 4. The picture, by plotters. Without it, a stand-in has the same functions.
#[cfg_attr(not(feature = "plotters"), path = "analysis/picture_missing.rs")]
mod picture;
mod files; // Files, whole or not at all.

use data::{Data, Limits, Plan, Source, Unread};
use files::{Draft, Export};

/// The file of the picture without `--output`.
const PICTURE: &str = "matrix_analysis.png";
/// How many points there are without `--points`.
const POINTS: u64 = 1000;

/// What the flags ask for, if the programs are there.
pub enum Begun<'a> {
    /// An analysis that can run, step by step.
    Job(Box<Job<'a>>),
    /// Nothing can be done, for these reasons.
    Undone(Vec<Undone>),
}

/// An analysis that runs: it reads, reduces, and writes.
pub struct Job<'a> {
    args: &'a Args,
    source: Option<Source>,
    /// The files of the source. The run must not overwrite them.
    files: Vec<PathBuf>,
    picture: Option<(Draft, PathBuf)>,
    export: Option<Export>,
    outcome: Outcome,
}

/// Prepares an analysis. It opens all files that it will write, so a bad name is an error before the work begins.
pub fn begin<'a>(args: &'a Args, programs: &[Dependency]) -> Result<Begun<'a>, Trouble> {
    let without = |name, work| programs.iter().find(|it| it.name == name)?.undone(work);
    let needed = ["polars", "ndarray"].into_iter();
    let undone: Vec<Undone> = needed
        .filter_map(|it| without(it, Work::Analysis))
        .collect();
    if !undone.is_empty() {
        return Ok(Begun::Undone(undone));
    }
    let source = args.source.as_deref().map(Source::parse).transpose()?;
    if let Some(Source::Url(_)) = source
        && let Some(undone) = without("ureq", Work::Fetching)
        && !args.or_simulate
    {
        return Ok(Begun::Undone(vec![undone]));
    }
    if args.points.is_some() && source.is_some() && !args.or_simulate {
        output::note("`--points` is for simulated data; every row of the source is read");
    }
    files::listen();
    let mut outcome = Outcome::default();
    let files = source.as_ref().map_or(Vec::new(), Source::files);
    let picture = if args.no_plot {
        None
    } else if let Some(undone) = without("plotters", Work::Picture) {
        outcome.undone.push(undone);
        None
    } else {
        Some(draft(args, &files)?)
    };
    let export = match &source {
        None => exporting(args, "simulated", Some(args.seed), &files)?,
        Some(source) => exporting(args, &source.shown(), None, &files)?,
    };
    if let (Some((draft, path)), Some(export)) = (&picture, &export)
        && export.replaces(draft)
    {
        let path = text::os(path.as_os_str());
        return Err(Trouble::new(
            format_args!("`--output {path}` and `--export` name the same file"),
            "choose another place for one of them",
        ));
    }
    Ok(Begun::Job(Box::new(Job {
        args,
        source,
        files,
        picture,
        export,
        outcome,
    })))
}

impl Job<'_> {
    /// Reads the source; returns nothing if the data will be simulated.
    pub fn read(&mut self) -> Result<Option<Data>, Trouble> {
        let Some(source) = &self.source else {
            return Ok(None);
        };
        match fetched(self.args, source, &mut self.export) {
            Ok(data) => {
                self.outcome.source = Some(source.shown());
                Ok(Some(data))
            }
            Err(Unread::Source(trouble)) if self.args.or_simulate => {
                output::warn(&format!("{}; going on with simulated data", trouble.what));
                self.outcome.fallback = Some(trouble.what);
                // The export has rows of the source already: begin a new one.
                drop(self.export.take());
                self.export = exporting(self.args, "simulated", Some(self.args.seed), &self.files)?;
                Ok(None)
            }
            Err(Unread::Source(trouble) | Unread::Export(trouble)) => Err(trouble),
        }
    }

    /// How many points there are, or will be.
    pub fn points(&self, read: Option<&Data>) -> u64 {
        let simulated = self.args.points.unwrap_or(POINTS);
        read.map_or(simulated, |it| it.total.count())
    }

    /// Computes the findings. It simulates the data if no source was read.
    pub fn findings(&mut self, read: Option<Data>) -> Result<Findings, Trouble> {
        let data = match read {
            Some(data) => data,
            None => self.simulated()?,
        };
        let findings = tables::findings(data)?;
        if let Some(export) = &mut self.export {
            export.finish()?;
        }
        Ok(findings)
    }

    /// Simulates the data.
    fn simulated(&mut self) -> Result<Data, Trouble> {
        self.outcome.source = Some("simulated".to_owned());
        self.outcome.seed = Some(self.args.seed);
        let plan = Plan {
            points: self.args.points.unwrap_or(POINTS),
            seed: self.args.seed,
            threads: threads(self.args),
            keep: self.export.is_some(),
        };
        data::simulate(plan, &mut self.export)
    }

    /// Whether there will be a picture.
    pub fn has_picture(&self) -> bool {
        self.picture.is_some()
    }

    /// Draws the picture, and gives every file its final name.
    pub fn finish(self, findings: Findings) -> Result<Outcome, Trouble> {
        let mut outcome = self.outcome;
        if let Some((draft, path)) = self.picture {
            picture::save(&findings, &outcome.caption(findings.n), draft, &path)?;
            outcome.output = Some(path);
        }
        outcome.exported = self.export.map(Export::publish).transpose()?;
        outcome.findings = Some(findings);
        Ok(outcome)
    }
}

fn draft(args: &Args, sources: &[PathBuf]) -> Result<(Draft, PathBuf), Trouble> {
    let path = args.output.as_deref().unwrap_or(Path::new(PICTURE));
    if !["png", "svg"].iter().any(|it| files::ends_in(path, it)) {
        return Err(Trouble::new(
            format_args!("`--output {}` is not a picture", text::os(path.as_os_str())),
            "end the name in `.png` or `.svg`",
        ));
    }
    let draft = Draft::new(path)?;
    draft.refuse_to_overwrite(sources, "--output", path)?;
    Ok((draft, path.to_owned()))
}

/// Begins the export, if there is one. Its metadata will name this source.
fn exporting(
    args: &Args,
    source: &str,
    seed: Option<u64>,
    sources: &[PathBuf],
) -> Result<Option<Export>, Trouble> {
    let about = |name: &str, value: &str| (format!("loading.{name}"), value.to_owned());
    let mut all = vec![
        about("version", env!("CARGO_PKG_VERSION")),
        about("source", source),
    ];
    all.extend(seed.map(|it| about("seed", &it.to_string())));
    let path = args.export.as_deref();
    path.map(|path| Export::new(path, all, sources.to_vec()))
        .transpose()
}

fn threads(args: &Args) -> usize {
    let cores = || thread::available_parallelism().map_or(1, usize::from);
    args.threads.map_or_else(cores, usize::from)
}

/// Reads all rows of the source.
fn fetched(args: &Args, source: &Source, export: &mut Option<Export>) -> Result<Data, Unread> {
    if let Source::Url(_) = source {
        output::note(&format!("fetching {}", source.shown()));
    }
    let limits = Limits {
        timeout: args.timeout,
        bytes: args.max_bytes,
        threads: threads(args),
    };
    data::read(source, limits, export)
}

impl Outcome {
    /// One line that says what the picture shows.
    fn caption(&self, count: u64) -> String {
        let points = text::many(count, "point");
        let source = self.source.as_deref().unwrap_or("unknown");
        // A name may hold these two characters, but the XML of an SVG picture may not.
        let source = source.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
        match (self.seed, &self.fallback) {
            (Some(seed), None) => format!("{points}, {source}, seed {seed}"),
            (Some(seed), Some(_)) => {
                format!("{points}, {source}, seed {seed} (the source could not be read)")
            }
            (None, _) => format!("{points} from {source}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{self, Call};
    use crate::programs::Status;
    use crate::results::Obstacle;

    /// What is left undone if a program has this status.
    fn undone(name: &str, status: Status, words: &str) -> Vec<Undone> {
        let words = format!("loading --points 5 {words}");
        let Call::Run(args) = cli::parse(words.split_whitespace().map(Into::into)).unwrap() else {
            panic!("{words}");
        };
        let mut programs = crate::programs::check_programs();
        for program in &mut programs {
            program.status = if program.name == name {
                status
            } else {
                Status::Ok
            };
        }
        match begin(&args, &programs).unwrap() {
            Begun::Job(job) => job.outcome.undone,
            Begun::Undone(undone) => undone,
        }
    }

    #[track_caller]
    fn check(program: &'static str, words: &str, work: Work) {
        for (status, obstacle) in [
            (Status::Missing, Obstacle::Missing),
            (Status::Broken, Obstacle::Broken),
        ] {
            let expected = Undone {
                work,
                program,
                obstacle,
            };
            assert_eq!(undone(program, status, words), [expected]);
        }
    }

    #[test]
    fn without_a_program_its_work_is_left_undone_for_that_reason() {
        check("polars", "", Work::Analysis);
        check("ndarray", "", Work::Analysis);
        check("plotters", "", Work::Picture);
        check("ureq", "--source http://127.0.0.1:1/", Work::Fetching);
    }
}
