//! What does a person see?

use std::time::Duration;

use owo_colors::OwoColorize;

use crate::cli::Args;
use crate::faults::{SourceFault, Trouble};
use crate::output::{self, print};
use crate::programs::{self, Dependency, Status};
use crate::results::Outcome;
use crate::text::{self, counted, line};

mod words; // What is wrong with a run, and what to do about it.
mod managers; // pip, Poetry and Cargo side by side.
mod sections; // What follows the subject's lines.
mod json; // What a script gets.
mod repair; // What is wrong with a program, and what to type.

/// The report of a run: text in several pieces, JSON at the end, or nothing.
pub struct Report {
    form: Form,
    /// Whether only the programs are asked for.
    check: bool,
}

/// What the run prints.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Lines for a person.
    Text,
    /// One object for a script.
    Json,
    /// Nothing.
    Quiet,
}

impl Report {
    /// A report in the form that the flags ask for.
    pub fn new(args: &Args) -> Self {
        let form = match (args.quiet, args.json) {
            (true, _) => Form::Quiet,
            (_, true) => Form::Json,
            _ => Form::Text,
        };
        Self {
            form,
            check: args.check,
        }
    }

    /// Prints a piece of the text report.
    fn text(&self, text: &str) -> Result<(), Trouble> {
        match self.form {
            Form::Text => print(text),
            Form::Json | Form::Quiet => Ok(()),
        }
    }

    /// Prints the subject's first lines: every program, and what to type for each missing one.
    pub fn programs(&self, programs: &[Dependency]) -> Result<(), Trouble> {
        self.text(&head(programs))
    }

    /// Prints one of the subject's lines: the analysis begins.
    pub fn analyzing(&self) -> Result<(), Trouble> {
        self.text("\nAnalyzing Matrix data...\n")
    }

    /// Prints one of the subject's lines: so many points are processed.
    pub fn processing(&self, points: u64) -> Result<(), Trouble> {
        self.text(&format!("Processing {points} data points...\n"))
    }

    /// Prints one of the subject's lines: the picture is drawn.
    pub fn drawing(&self) -> Result<(), Trouble> {
        self.text("Generating visualization...\n")
    }

    /// Prints the rest: how the run ended, and what it found.
    pub fn outcome(
        &self,
        programs: &[Dependency],
        outcome: &Outcome,
        time: Duration,
    ) -> Result<(), Trouble> {
        if self.form == Form::Quiet {
            return Ok(());
        }
        if self.form == Form::Json {
            let managers = programs::compare_managers();
            let object = json::Object::new(programs, &managers, outcome, time.as_secs_f64());
            return print(&object.text()?);
        }
        let mut text = String::new();
        if !self.check {
            text += &ending(outcome);
        }
        if let Some(findings) = &outcome.findings {
            text += &sections::data(outcome, findings);
        }
        text += &sections::versions(programs);
        if !self.check {
            text += &managers::comparison(&programs::compare_managers());
        }
        self.text(&text)
    }
}

/// Writes an error and its hint to stderr.
pub fn trouble(trouble: &Trouble) {
    let (what, hint) = words::trouble(trouble);
    output::error(&what, &hint);
}

/// Says on stderr that `--points` has no effect, because there is a source.
pub fn points_unused() {
    output::note("`--points` is for simulated data; every row of the source is read");
}

/// Says on stderr that the address with this name is asked now.
pub fn fetching(name: &str) {
    output::note(&format!("fetching {name}"));
}

/// Warns on stderr that the source cannot be read, and that the run goes on with simulated data.
pub fn simulating(fault: &SourceFault) {
    let why = words::unread(fault);
    output::warn(&format!("{why}; going on with simulated data"));
}

/// The line below the title of the picture: what it shows, and where the data came from.
pub fn caption(outcome: &Outcome, count: u64) -> String {
    let points = counted(count, "point");
    let source = text::os(outcome.source.as_deref().unwrap_or("unknown".as_ref()));
    // A name may hold these two characters, but the XML of an SVG picture may not.
    let source = source.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
    match (outcome.seed, &outcome.fallback) {
        (Some(seed), None) => format!("{points}, {source}, seed {seed}"),
        (Some(seed), Some(_)) => {
            format!("{points}, {source}, seed {seed} (the source could not be read)")
        }
        (None, _) => format!("{points} from {source}"),
    }
}

/// The status as a word, so that it can be read without colour.
fn tag(status: Status) -> String {
    match status {
        Status::Ok => format!("{}", "[OK]".green()),
        Status::Missing => format!("{}", "[MISSING]".red()),
        Status::Drift => format!("{}", "[DRIFT]".yellow()),
        Status::Broken => format!("{}", "[BROKEN]".red()),
        Status::Unknown => format!("{}", "[UNKNOWN]".yellow()),
    }
}

/// One line for each program, then what to type for each one with a problem.
fn head(programs: &[Dependency]) -> String {
    let mut text = "LOADING STATUS: Loading programs...\n\nChecking dependencies:\n".to_owned();
    for program in programs {
        let version = program.linked.as_ref();
        let version = version.map_or(String::new(), |it| format!(" ({it})"));
        let state = match program.status {
            Status::Ok | Status::Drift | Status::Unknown => "ready",
            Status::Missing => "not loaded",
            Status::Broken => "does not work",
        };
        let (tag, name, purpose) = (tag(program.status), program.name, program.purpose);
        let row = format_args!("{tag} {name}{version} - {purpose} {state}");
        line(&mut text, row);
    }
    let not_ok = || programs.iter().filter(|it| it.status != Status::Ok);
    if not_ok().next().is_some() {
        text += "\nWhat to type:\n";
    }
    for program in not_ok() {
        if let Some(problem) = repair::problem(program) {
            let problem = text::shown(&problem);
            line(&mut text, format_args!("  {}: {problem}", program.name));
        }
        if let Some(fix) = repair::fix(program) {
            line(&mut text, format_args!("    {}", fix.cyan()));
        }
    }
    let missing = programs.iter().filter(|it| it.status == Status::Missing);
    if missing.count() > 1 {
        let fix = "cargo run -p ex01".cyan();
        line(
            &mut text,
            format_args!("  all that are missing:\n    {fix}"),
        );
    }
    text
}

/// How the run ended. The subject's words appear only where they are true.
fn ending(outcome: &Outcome) -> String {
    let mut text = "\n".to_owned();
    if outcome.undone.is_empty() {
        line(&mut text, format_args!("{}", "Analysis complete!".green()));
    }
    for undone in &outcome.undone {
        let undone = repair::undone(undone);
        line(&mut text, format_args!("{} {undone}", "Not done:".red()));
    }
    if let Some(output) = &outcome.output {
        let path = text::os(output.as_os_str());
        line(&mut text, format_args!("Results saved to: {path}"));
    }
    if let Some(exported) = &outcome.exported {
        let path = text::os(exported.path.as_os_str());
        let rows = counted(exported.rows, "row");
        let files = counted(exported.files as u64, "file");
        line(
            &mut text,
            format_args!("Data exported to: {path} ({rows}, {files})"),
        );
    }
    text
}
