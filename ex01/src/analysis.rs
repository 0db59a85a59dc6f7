//! How does data become findings, a picture, and an export?
//!
//! 1. [`data`] makes or reads the rows.
//! 2. [`statistics`] reduces them to partial results, with ndarray.
//! 3. [`tables`] turns the partial results into findings, with polars.
//! 4. [`picture`] draws the findings, with plotters.
//!
//! [`files`] writes each file whole, or not at all.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::cli::Args;
use crate::faults::{TargetFault, Trouble};
use crate::programs::Dependency;
use crate::results::{Findings, Outcome};

mod data; // 1. Rows, simulated or read.
mod statistics; // 2. Partial results, by ndarray.
mod tables; // 3. Findings, by polars.
// 4. The picture, by plotters. Without it, a stand-in has the same functions.
#[cfg_attr(not(feature = "plotters"), path = "analysis/picture_missing.rs")]
mod picture;
mod files; // Files, whole or not at all.

use data::{Data, Limits, Plan, Source};
use files::{Draft, Export};

/// The file of the picture without `--output`.
const PICTURE: &str = "matrix_analysis.png";
/// The name of simulated data, where the name of a source stands otherwise.
const SIMULATED: &str = "simulated";
/// How many points there are without `--points`.
const POINTS: u64 = 1000;

/// What the flags ask for, if the programs are there.
pub enum Begun<'a> {
    /// An analysis that can run, step by step.
    Job(Box<Job<'a>>),
    /// Nothing can be done, because these programs cannot be used.
    Undone(Vec<Dependency>),
}

/// The file of the picture.
struct Picture {
    /// Not finished yet.
    draft: Draft,
    /// Open for writing.
    file: File,
    /// As the user named it.
    path: PathBuf,
}

/// An analysis that runs: it reads, reduces, and writes.
pub struct Job<'a> {
    args: &'a Args,
    source: Option<Source>,
    /// Its parts, as they were before this run made any file.
    parts: Option<Result<Vec<Source>, Trouble>>,
    /// The files of the source. The run must not overwrite them.
    files: Vec<PathBuf>,
    picture: Option<Picture>,
    export: Option<Export>,
    /// The rows of the source, reduced.
    data: Option<Data>,
    outcome: Outcome,
}

/// Prepares an analysis. It opens all files that it will write, so a bad name is an error before the work begins.
pub fn begin<'a>(args: &'a Args, programs: &[Dependency]) -> Result<Begun<'a>, Trouble> {
    let unusable = |name: &str| {
        let program = programs.iter().find(|it| it.name == name);
        program.filter(|it| !it.is_usable()).cloned()
    };
    let needed = ["polars", "ndarray"].into_iter();
    let undone: Vec<Dependency> = needed.filter_map(unusable).collect();
    if !undone.is_empty() {
        return Ok(Begun::Undone(undone));
    }
    let source = args.source.as_deref().map(Source::parse).transpose()?;
    if let Some(Source::Url(_)) = source
        && let Some(undone) = unusable("ureq")
        && !args.or_simulate
    {
        return Ok(Begun::Undone(vec![undone]));
    }
    files::listen();
    let mut outcome = Outcome::default();
    let files = source.as_ref().map_or(Vec::new(), Source::files);
    let parts = source.as_ref().map(Source::parts);
    // Nothing overwrites a source that cannot be read: it ends the run, unless simulated data replaces it.
    let ends = matches!(parts, Some(Err(_))) && !args.or_simulate;
    let kept = source.as_ref().filter(|_| !ends);
    let picture = if args.no_plot {
        None
    } else if let Some(undone) = unusable("plotters") {
        outcome.undone.push(undone);
        None
    } else {
        Some(draft(args, kept, &files)?)
    };
    let export = exporting(args, source.as_ref(), kept, &files)?;
    if let (Some(picture), Some(export)) = (&picture, &export)
        && export.replaces(&picture.draft)
    {
        return Err(TargetFault::SameFile(picture.path.clone()).into());
    }
    Ok(Begun::Job(Box::new(Job {
        args,
        source,
        parts,
        files,
        picture,
        export,
        data: None,
        outcome,
    })))
}

impl Job<'_> {
    /// The name of the address that will be asked, without its password.
    pub fn address(&self) -> Option<String> {
        let source = self.source.as_ref();
        let address = source.filter(|it| matches!(it, Source::Url(_)));
        address.map(Source::shown)
    }

    /// What is known so far.
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// Reads the source, if there is one, and returns how many points there are or will be.
    pub fn read(&mut self) -> Result<u64, Trouble> {
        let simulated = self.args.points.unwrap_or(POINTS);
        let (Some(source), Some(parts)) = (&self.source, self.parts.take()) else {
            return Ok(simulated);
        };
        let limits = Limits {
            timeout: self.args.timeout,
            bytes: self.args.max_bytes,
            threads: data::threads(self.args),
        };
        match parts.and_then(|it| data::read(source, it, limits, &mut self.export)) {
            Ok(data) => {
                self.outcome.source = Some(source.name());
                Ok(self.data.insert(data).total.count())
            }
            // Simulated data can replace a source. Any other fault would end a simulation too.
            Err(Trouble::Source(fault)) if self.args.or_simulate => {
                self.outcome.fallback = Some(fault);
                Ok(simulated)
            }
            Err(trouble) => Err(trouble),
        }
    }

    /// Computes the findings. It simulates the data if no source was read.
    pub fn findings(&mut self) -> Result<Findings, Trouble> {
        let data = match self.data.take() {
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
        if self.outcome.fallback.is_some() {
            // The export has rows of the source already: begin a new one.
            drop(self.export.take());
            self.export = exporting(self.args, None, None, &self.files)?;
        }
        self.outcome.source = Some(SIMULATED.into());
        self.outcome.seed = Some(self.args.seed);
        let plan = Plan {
            points: self.args.points.unwrap_or(POINTS),
            seed: self.args.seed,
            threads: data::threads(self.args),
            keep: self.export.is_some(),
        };
        data::simulate(plan, &mut self.export)
    }

    /// Whether there will be a picture.
    pub fn has_picture(&self) -> bool {
        self.picture.is_some()
    }

    /// Draws the picture with this caption, and gives every file its final name.
    pub fn finish(self, findings: Findings, caption: &str) -> Result<Outcome, Trouble> {
        let mut outcome = self.outcome;
        if let Some(Picture { draft, file, path }) = self.picture {
            let bytes = picture::draw(&findings, caption, &path)?;
            draft.save(file, &bytes, &path)?;
            outcome.output = Some(path);
        }
        outcome.exported = self.export.map(Export::publish).transpose()?;
        outcome.findings = Some(findings);
        Ok(outcome)
    }
}

fn draft(args: &Args, source: Option<&Source>, files: &[PathBuf]) -> Result<Picture, TargetFault> {
    let path = args.output.as_deref().unwrap_or(Path::new(PICTURE));
    if !["png", "svg"].iter().any(|it| files::ends_in(path, it)) {
        return Err(TargetFault::NotPicture(path.to_owned()));
    }
    Source::keep(source, "--output", path, path)?;
    let (draft, file) = Draft::new(path)?;
    files::refuse_source(files, "--output", path, |it| it == draft.target)?;
    let path = path.to_owned();
    Ok(Picture { draft, file, path })
}

/// Begins the export, if there is one. Its metadata name the source, or `simulated` and the seed. They name the source as
/// the report shows it: Parquet wants text there, and a path need not be text.
fn exporting(
    args: &Args,
    source: Option<&Source>,
    kept: Option<&Source>,
    files: &[PathBuf],
) -> Result<Option<Export>, TargetFault> {
    let Some(path) = args.export.as_deref() else {
        return Ok(None);
    };
    Source::keep(kept, "--export", path, &Export::first(path))?;
    let about = |name: &str, value: String| (format!("loading.{name}"), value);
    let mut all = vec![
        about("version", env!("CARGO_PKG_VERSION").to_owned()),
        about("source", source.map_or(SIMULATED.to_owned(), Source::shown)),
    ];
    if source.is_none() {
        all.push(about("seed", args.seed.to_string()));
    }
    Export::new(path, all, files.to_vec()).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{self, Call};
    use crate::programs::Status;

    /// What is left undone if a program has this status.
    fn undone(name: &str, status: Status, words: &str) -> Vec<Dependency> {
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
    fn check(program: &str, words: &str) {
        for status in [Status::Missing, Status::Broken] {
            let found = undone(program, status, words);
            let found: Vec<_> = found.iter().map(|it| (it.name, it.status)).collect();
            assert_eq!(found, [(program, status)]);
        }
    }

    #[test]
    fn without_a_program_its_work_is_left_undone_for_that_reason() {
        check("polars", "");
        check("ndarray", "");
        check("plotters", "");
        check("ureq", "--source http://127.0.0.1:1/");
    }
}
