//! What does a person see?

use std::fmt::Write;
use std::time::Duration;

use owo_colors::OwoColorize;

use crate::check::{Dependency, Status};
use crate::cli::Args;
use crate::exit::Trouble;
use crate::managers::Manager;
use crate::output::print;
use crate::results::{Column, Findings, Outcome, QUANTILES, Stage};
use crate::{escape, json};

/// The report of a run: text piece by piece, or JSON at the end, or nothing.
pub struct Report {
    /// What is printed.
    form: Form,
    /// Whether only the programs are asked for.
    check: bool,
}

/// What is printed.
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
    /// Nothing printed yet.
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

    /// The subject's first lines: every program, and what to type for those that are not there.
    pub fn programs(&self, programs: &[Dependency]) -> Result<(), Trouble> {
        self.text(&head(programs))
    }

    /// The subject's lines about the analysis.
    pub fn stage(&self, stage: Stage) -> Result<(), Trouble> {
        match stage {
            Stage::Analyzing => self.text("\nAnalyzing Matrix data...\n"),
            Stage::Processing(count) => self.text(&format!("Processing {count} data points...\n")),
            Stage::Drawing => self.text("Generating visualization...\n"),
        }
    }

    /// The rest: how it ended, and what was found.
    pub fn outcome(
        &self,
        programs: &[Dependency],
        managers: &[Manager],
        outcome: &Outcome,
        time: Duration,
    ) -> Result<(), Trouble> {
        if self.form == Form::Json {
            let object = json::Object::new(programs, managers, outcome, time.as_secs_f64());
            return print(&object.text()?);
        }
        let mut text = String::new();
        if !self.check {
            text += &ending(outcome);
        }
        if let Some(findings) = &outcome.findings {
            text += &data(outcome, findings);
        }
        text += &versions(programs);
        if !self.check {
            text += &comparison(managers);
        }
        self.text(&text)
    }
}

/// The status as a word, so that it can be read without colour.
fn tag(status: Status) -> String {
    match status {
        Status::Ok => format!("{}", "[OK]".green()),
        Status::Missing => format!("{}", "[MISSING]".red()),
        Status::Drift => format!("{}", "[DRIFT]".yellow()),
        Status::Broken => format!("{}", "[BROKEN]".red()),
    }
}

/// One line for each program, then what to type for those that are not there as they should be.
fn head(programs: &[Dependency]) -> String {
    let mut text = "LOADING STATUS: Loading programs...\n\nChecking dependencies:\n".to_owned();
    for program in programs {
        let version = program
            .version()
            .filter(|_| program.status != Status::Missing);
        let version = version.map_or(String::new(), |it| format!(" ({it})"));
        let state = match program.status {
            Status::Ok | Status::Drift => "ready",
            Status::Missing => "not loaded",
            Status::Broken => "does not work",
        };
        line(
            &mut text,
            format_args!(
                "{} {}{version} - {} {state}",
                tag(program.status),
                program.name,
                program.purpose
            ),
        );
    }
    let unsound = || programs.iter().filter(|it| it.status != Status::Ok);
    if unsound().next().is_some() {
        text += "\nWhat to type:\n";
    }
    for program in unsound() {
        let problem = program.problem.as_deref().unwrap_or("unknown");
        line(
            &mut text,
            format_args!("  {}: {}", program.name, escape::text(problem)),
        );
        if let Some(fix) = &program.fix {
            line(&mut text, format_args!("    {}", fix.cyan()));
        }
    }
    if programs
        .iter()
        .filter(|it| it.status == Status::Missing)
        .count()
        > 1
    {
        let fix = "cargo run -p ex01";
        line(
            &mut text,
            format_args!("  all that are missing:\n    {}", fix.cyan()),
        );
    }
    text
}

/// How it ended, in the subject's words where they are true.
fn ending(outcome: &Outcome) -> String {
    let mut text = "\n".to_owned();
    match outcome.undone.is_empty() {
        true => line(&mut text, format_args!("{}", "Analysis complete!".green())),
        false => {
            for undone in &outcome.undone {
                line(&mut text, format_args!("{} {undone}", "Not done:".red()));
            }
        }
    }
    if let Some(output) = &outcome.output {
        let path = escape::os(output.as_os_str());
        line(&mut text, format_args!("Results saved to: {path}"));
    }
    if let Some(exported) = &outcome.exported {
        let path = escape::os(exported.path.as_os_str());
        let (rows, files) = (thousands(exported.rows), counted(exported.files, "file"));
        line(
            &mut text,
            format_args!("Data exported to: {path} ({rows} rows, {files})"),
        );
    }
    text
}

/// The data: where it came from, both columns, risk by activity.
fn data(outcome: &Outcome, findings: &Findings) -> String {
    let mut text = format!("\n{}\n", "Data:".bold());
    let source = escape::text(outcome.source.as_deref().unwrap_or("unknown"));
    let seed = outcome
        .seed
        .map_or(String::new(), |seed| format!(", seed {seed}"));
    line(&mut text, format_args!("  Source: {source}{seed}"));
    if let Some(fallback) = &outcome.fallback {
        line(
            &mut text,
            format_args!("  Instead of: {}", escape::text(fallback)),
        );
    }
    line(
        &mut text,
        format_args!("  Points: {}", thousands(findings.n)),
    );
    line(
        &mut text,
        format_args!("  risk = |signal| + 0.2 x agent_activity"),
    );
    line(
        &mut text,
        format_args!("\n  {:<10} {:>14} {:>14}", "", "signal", "risk"),
    );
    let mut row = |name: &str, of: &dyn Fn(&Column) -> Option<f64>| {
        let cells = [&findings.signal, &findings.risk].map(|column| number(of(column)));
        line(
            &mut text,
            format_args!("  {name:<10} {:>14} {:>14}", cells[0], cells[1]),
        );
    };
    row("mean", &|it| Some(it.mean));
    row("std", &|it| it.std);
    row("min", &|it| Some(it.min));
    for (place, (name, _)) in QUANTILES.iter().enumerate() {
        row(&format!("q {name}"), &|it| Some(it.quantiles[place]));
    }
    row("max", &|it| Some(it.max));
    match findings.risk.quantile_relative_error {
        error if error > 0.0 => line(
            &mut text,
            format_args!(
                "  Quantiles (q): off by at most {:.1} % of their value.",
                100.0 * error
            ),
        ),
        _ => line(&mut text, format_args!("  Quantiles (q) are exact.")),
    }
    line(
        &mut text,
        format_args!(
            "\n  {:<10} {:>14} {:>14} {:>14}",
            "activity", "points", "mean risk", "max risk"
        ),
    );
    for group in &findings.groups {
        let (count, activity) = (thousands(group.count), group.agent_activity);
        let (mean, max) = (number(Some(group.mean)), number(Some(group.max)));
        line(
            &mut text,
            format_args!("  {activity:<10} {count:>14} {mean:>14} {max:>14}"),
        );
    }
    text
}

/// Wanted and installed versions.
fn versions(programs: &[Dependency]) -> String {
    let mut text = format!("\n{}\n", "Versions:".bold());
    let mut row = |cells: [&str; 6]| {
        let [name, python, required, locked, linked, checksum] = cells;
        line(
            &mut text,
            format_args!(
                "  {name:<9} {python:<11} {required:<11} {locked:<11} {linked:<12} {checksum}"
            ),
        );
    };
    row([
        "program",
        "for Python's",
        "Cargo.toml",
        "Cargo.lock",
        "this binary",
        "SHA-256",
    ]
    .map(|it| it.trim_start_matches("for ")));
    for program in programs {
        let linked = match (&program.linked, program.status) {
            (Some(linked), _) => linked,
            (None, Status::Missing) => "not in it",
            (None, _) => "unknown",
        };
        row([
            program.name,
            program.python,
            program.required.as_deref().unwrap_or("unknown"),
            program.locked.as_deref().unwrap_or("unknown"),
            linked,
            program
                .checksum
                .as_deref()
                .map_or("unknown", |it| it.get(..8).unwrap_or(it)),
        ]);
    }
    text
}

/// pip, Poetry and Cargo side by side.
fn comparison(managers: &[Manager]) -> String {
    let mut text = format!(
        "\n{}\n",
        "Package managers, and what their files pin down:".bold()
    );
    line(
        &mut text,
        format_args!(
            "  {:<7} {:<28} {:>5} {:>6} {:>6} {:>7}",
            "", "files", "names", "pinned", "hashes", "markers"
        ),
    );
    for it in managers {
        let files = it.files.join(" + ");
        line(
            &mut text,
            format_args!(
                "  {:<7} {files:<28} {:>5} {:>6} {:>6} {:>7}",
                it.name, it.names, it.pinned, it.hashes, it.markers
            ),
        );
    }
    text += "\n";
    for it in managers {
        line(
            &mut text,
            format_args!("  {:<7} gives {}", it.name, it.promise),
        );
        line(&mut text, format_args!("          {}", it.install.cyan()));
    }
    text
}

/// Adds a line. Writing into a String cannot fail.
fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    let _ = writeln!(text, "{line}");
}

/// Six digits, or a dash where there is no number.
fn number(value: Option<f64>) -> String {
    match value {
        None => "-".to_owned(),
        Some(it) if it == 0.0 || (1e-4..1e7).contains(&it.abs()) => format!("{it:.6}"),
        Some(it) => format!("{it:.6e}"),
    }
}

/// `1 file`, `2 files`.
pub fn counted(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    }
}

/// A count with commas: 1,000,000.
pub fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
