//! Which lines come first? The subject's own.

use owo_colors::OwoColorize;

use super::page::{Text, shown};
use crate::support::escape;
use crate::verdict::{Answer, instructions};

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
pub fn inside(text: &mut Text, answer: &Answer) {
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
pub fn outside(text: &mut Text, answer: &Answer) {
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
pub fn broken(text: &mut Text, answer: &Answer) {
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
pub fn no_python(text: &mut Text, answer: &Answer) {
    text.line("MATRIX STATUS: You're still plugged in".yellow().bold());
    text.line("");
    text.line("Current Python: None found");
    text.line("Virtual Environment: None detected");
    text.line("");
    text.line("PROBLEM: There is no Python to ask!".red());
    problem(text, answer, "What to do:");
}

/// A Python that cannot be judged without running it.
pub fn unknown(text: &mut Text, answer: &Answer) {
    text.line("MATRIX STATUS: Unknown".yellow().bold());
    text.line("");
    text.line(format_args!("Current Python: {}", current(answer)));
    text.line("Virtual Environment: Unknown");
    text.line("");
    text.line("WARNING: This Python cannot be judged without running it!".yellow());
    problem(text, answer, "Ask about the interpreter itself:");
}
