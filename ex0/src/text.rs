//! How is the answer told to a person? The subject's lines first, then our own sections.

use std::fmt::{Display, Write};

use owo_colors::OwoColorize;

use crate::answer::{Answer, Status};
use crate::details;
use crate::instructions;
use crate::pypath::PyPath;
use crate::{Report, escape};

/// The whole text.
pub fn of(report: &Report, shell: Option<&PyPath>) -> String {
    let mut text = Text::default();
    let answer = &report.answer;
    match answer.status {
        Status::Isolated => inside(&mut text, answer),
        Status::Global => outside(&mut text, answer),
        Status::Broken => broken(&mut text, answer),
        Status::NoPython => no_python(&mut text, answer),
        Status::Unknown => unknown(&mut text, answer),
    }
    details::because(&mut text, answer);
    if answer.prefix.is_some() {
        details::interpreter(&mut text, answer);
        details::packages(&mut text, answer);
    }
    details::environment(&mut text, answer);
    details::claims(&mut text, &report.claims);
    details::warnings(&mut text, &answer.warnings);
    details::surroundings(&mut text, &report.surroundings);
    if let Some(verification) = &report.verification {
        details::verified(&mut text, verification);
    }
    details::next(&mut text, answer, shell);
    text.0
}

/// The text as it grows.
#[derive(Default)]
pub struct Text(String);

impl Text {
    /// A line. What comes from outside was made harmless before.
    pub fn line(&mut self, line: impl Display) {
        // Writing into a String cannot fail.
        let _ = writeln!(self.0, "{line}");
    }

    /// A heading of ours, with a blank line above it.
    pub fn heading(&mut self, heading: &str) {
        self.line("");
        self.line(heading.bold());
    }

    /// A name and its value, in columns.
    pub fn field(&mut self, name: &str, value: impl Display) {
        self.line(format_args!("  {name:<17} {value}"));
    }

    /// A list of paths under one name.
    pub fn paths(&mut self, name: &str, paths: &[PyPath]) {
        for (at, path) in paths.iter().enumerate() {
            self.field(if at == 0 { name } else { "" }, path.shown());
        }
    }
}

/// A path, or that it is not known.
pub fn shown(path: Option<&PyPath>) -> String {
    path.map_or_else(|| "unknown".to_owned(), PyPath::shown)
}

/// The interpreter as the subject's line names it: sys.executable, or the file where Python leaves that empty.
fn current(answer: &Answer) -> String {
    shown(
        answer
            .executable
            .as_ref()
            .filter(|it| !it.is_empty())
            .or(answer.file.as_ref()),
    )
}

/// The subject's lines, inside.
fn inside(text: &mut Text, answer: &Answer) {
    let environment = answer.environment.as_ref();
    text.line("MATRIX STATUS: Welcome to the construct".green().bold());
    text.line("");
    text.line(format_args!("Current Python: {}", current(answer)));
    let name = environment
        .and_then(|it| it.name.as_deref())
        .map_or_else(|| "unnamed".to_owned(), escape::text);
    text.line(format_args!("Virtual Environment: {name}"));
    text.line(format_args!(
        "Environment Path: {}",
        shown(answer.prefix.as_ref())
    ));
    text.line("");
    text.line("SUCCESS: You're in an isolated environment!".green());
    text.line("Safe to install packages without affecting\nthe global system.");
    text.line("");
    text.line("Package installation path:");
    text.line(shown(
        answer.site_packages.as_ref().and_then(|it| it.first()),
    ));
}

/// The subject's lines, outside.
fn outside(text: &mut Text, answer: &Answer) {
    text.line("MATRIX STATUS: You're still plugged in".yellow().bold());
    text.line("");
    text.line(format_args!("Current Python: {}", current(answer)));
    text.line("Virtual Environment: None detected");
    text.line("");
    text.line("WARNING: You're in the global environment!".yellow());
    text.line("The machines can see everything you install.");
    text.line("");
    text.line(instructions::SUBJECT);
}

/// A Python that would die.
fn broken(text: &mut Text, answer: &Answer) {
    text.line("MATRIX STATUS: You're still plugged in".red().bold());
    text.line("");
    text.line(format_args!("Current Python: {}", current(answer)));
    let name = answer
        .environment
        .as_ref()
        .and_then(|it| it.name.as_deref());
    let name = name.map(|it| format!("{} (broken)", escape::text(it)));
    text.line(format_args!(
        "Virtual Environment: {}",
        name.as_deref().unwrap_or("None that could be read")
    ));
    text.line("");
    text.line("PROBLEM: This Python cannot start!".red());
    problem(text, answer, "To mend it, run:");
}

/// What is wrong and what to do about it.
fn problem(text: &mut Text, answer: &Answer, instead: &str) {
    let Some(problem) = &answer.problem else {
        return;
    };
    text.line(&problem.what);
    text.line("");
    text.line(instead);
    text.line(problem.repair.cyan());
}

/// No Python at all.
fn no_python(text: &mut Text, answer: &Answer) {
    text.line("MATRIX STATUS: You're still plugged in".yellow().bold());
    text.line("");
    text.line("Current Python: None found");
    text.line("Virtual Environment: None detected");
    text.line("");
    text.line("PROBLEM: There is no Python to ask!".red());
    problem(text, answer, "What to do:");
}

/// A Python that cannot be judged without running it.
fn unknown(text: &mut Text, answer: &Answer) {
    text.line("MATRIX STATUS: Unknown".yellow().bold());
    text.line("");
    text.line(format_args!("Current Python: {}", current(answer)));
    text.line("Virtual Environment: Unknown");
    text.line("");
    text.line("WARNING: This Python cannot be judged without running it!".yellow());
    problem(text, answer, "Ask about the interpreter itself:");
}
