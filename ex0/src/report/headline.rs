//! Which lines come first? The subject's lines.

use owo_colors::OwoColorize;

use super::page::Text;
use super::words;
use crate::support::PyPath;
use crate::verdict::{Answer, Broken, Fault, Repair, Running, instructions};

/// The interpreter for the subject's line: `sys.executable`, or the file if that is empty.
fn current(executable: &PyPath, answer: &Answer) -> String {
    let found = answer.found.as_ref().map(|it| &it.file);
    let file = found.or(answer.notes.started());
    let named = Some(executable).filter(|it| !it.is_empty());
    named
        .or(file)
        .map_or_else(|| "unknown".to_owned(), PyPath::shown)
}

/// The subject's lines, inside.
pub fn inside(text: &mut Text, running: &Running, answer: &Answer) {
    text.line("MATRIX STATUS: Welcome to the construct".green().bold());
    text.line("");
    text.line(format_args!(
        "Current Python: {}",
        current(&running.executable, answer)
    ));
    let name = running.environment.name.as_ref();
    let name = name.map_or_else(|| "unnamed".to_owned(), PyPath::shown);
    text.line(format_args!("Virtual Environment: {name}"));
    text.line(format_args!("Environment Path: {}", running.prefix.shown()));
    text.line("");
    text.line("SUCCESS: You're in an isolated environment!".green());
    text.line("Safe to install packages without affecting\nthe global system.");
    text.line("");
    text.line("Package installation path:");
    let first = running.site_packages.first();
    text.line(first.map_or_else(|| "unknown".to_owned(), PyPath::shown));
}

/// The subject's lines, outside.
pub fn outside(text: &mut Text, running: &Running, answer: &Answer) {
    text.line("MATRIX STATUS: You're still plugged in".yellow().bold());
    text.line("");
    text.line(format_args!(
        "Current Python: {}",
        current(&running.executable, answer)
    ));
    text.line("Virtual Environment: None detected");
    text.line("");
    text.line("WARNING: You're in the global environment!".yellow());
    text.line("The machines can see everything you install.");
    text.line("");
    text.line(instructions::SUBJECT);
}

/// The first lines for a Python that cannot start.
pub fn broken(text: &mut Text, broken: &Broken) {
    text.line("MATRIX STATUS: You're still plugged in".red().bold());
    text.line("");
    text.line(format_args!(
        "Current Python: {}",
        broken.executable.shown()
    ));
    let name = broken.environment.as_ref().and_then(|it| it.name.as_ref());
    let name = name.map(|it| format!("{} (broken)", it.shown()));
    text.line(format_args!(
        "Virtual Environment: {}",
        name.as_deref().unwrap_or("None that could be read")
    ));
    text.line("");
    text.line("PROBLEM: This Python cannot start!".red());
    problem(text, &broken.fault);
}

/// What is wrong, and how to repair it. What a command does comes before the command.
fn problem(text: &mut Text, fault: &Fault) {
    text.line(words::cause(&fault.cause));
    text.line("");
    match &fault.repair {
        Repair::Run { command, effect } => {
            text.line(words::effect(effect));
            text.line("To mend it, run:");
            text.line(command.cyan());
        }
        Repair::Advise(advice) => text.line(format_args!("What to do: {}", words::advice(advice))),
    }
}

/// The first lines if there is no Python.
pub fn no_python(text: &mut Text, fault: &Fault) {
    text.line("MATRIX STATUS: You're still plugged in".yellow().bold());
    text.line("");
    text.line("Current Python: None found");
    text.line("Virtual Environment: None detected");
    text.line("");
    text.line("PROBLEM: No Python was found!".red());
    problem(text, fault);
}

/// The first lines for a Python that must run before anything is known.
pub fn unknown(text: &mut Text, fault: &Fault, answer: &Answer) {
    text.line("MATRIX STATUS: Unknown".yellow().bold());
    text.line("");
    text.line(format_args!(
        "Current Python: {}",
        current(&PyPath::default(), answer)
    ));
    text.line("Virtual Environment: Unknown");
    text.line("");
    text.line("WARNING: Nothing is known about this Python without running it!".yellow());
    problem(text, fault);
}
