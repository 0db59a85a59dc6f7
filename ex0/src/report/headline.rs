//! Which lines come first? The subject's lines.

use std::fmt::Display;

use owo_colors::OwoColorize;

use super::page::{Text, path_or};
use crate::support::PyPath;
use crate::verdict::{Answer, Broken, Fault, Repair, Running};

/// The subject's instructions, letter by letter.
const INSTRUCTIONS: &str = "\
To enter the construct, run:
python -m venv matrix_env
source matrix_env/bin/activate # On Unix
matrix_env\\Scripts\\activate # On Windows

Then run this program again.";

/// The subject's first lines.
fn opening(text: &mut Text, status: impl Display, python: &str, environment: &str) {
    text.line(status);
    text.line("");
    text.line(format_args!("Current Python: {python}"));
    text.line(format_args!("Virtual Environment: {environment}"));
}

/// The interpreter for the subject's line: `sys.executable`, or the file if that is empty.
fn current(executable: &PyPath, answer: &Answer) -> String {
    let found = answer.found.as_ref().or(answer.started.as_ref());
    let file = found.map(|it| &it.file);
    let named = Some(executable).filter(|it| !it.is_empty());
    path_or(named.or(file), "unknown")
}

/// The subject's lines, inside.
pub fn inside(text: &mut Text, running: &Running, answer: &Answer) {
    let status = "MATRIX STATUS: Welcome to the construct";
    let python = current(&running.base.executable, answer);
    let name = path_or(running.environment.name.as_ref(), "unnamed");
    opening(text, status.green().bold(), &python, &name);
    text.line(format_args!("Environment Path: {}", running.site.prefix));
    text.line("");
    text.line("SUCCESS: You're in an isolated environment!".green());
    text.line("Safe to install packages without affecting\nthe global system.");
    text.line("");
    text.line("Package installation path:");
    text.line(path_or(running.site.site_packages.first(), "unknown"));
}

/// The subject's lines, outside.
pub fn outside(text: &mut Text, running: &Running, answer: &Answer) {
    let status = "MATRIX STATUS: You're still plugged in";
    let python = current(&running.base.executable, answer);
    opening(text, status.yellow().bold(), &python, "None detected");
    text.line("");
    text.line("WARNING: You're in the global environment!".yellow());
    text.line("The machines can see everything you install.");
    text.line("");
    text.line(INSTRUCTIONS);
}

/// The first lines for a Python that cannot start.
pub fn broken(text: &mut Text, broken: &Broken) {
    let status = "MATRIX STATUS: You're still plugged in";
    let name = broken.environment.as_ref().and_then(|it| it.name.as_ref());
    let name = name.map(|it| format!("{it} (broken)"));
    let name = name.as_deref().unwrap_or("None that could be read");
    opening(
        text,
        status.red().bold(),
        &broken.executable.to_string(),
        name,
    );
    text.line("");
    text.line("PROBLEM: This Python cannot start!".red());
    problem(text, &broken.fault);
}

/// What is wrong, and how to repair it. What a command does comes before the command.
fn problem(text: &mut Text, fault: &Fault) {
    text.line(&fault.cause);
    text.line("");
    match &fault.repair {
        Repair::Run { command, effect } => {
            text.line(effect);
            text.line("To mend it, run:");
            text.line(command.cyan());
        }
        Repair::Advise(advice) => text.line(format_args!("What to do: {advice}")),
    }
}

/// The first lines if there is no Python.
pub fn no_python(text: &mut Text, fault: &Fault) {
    let status = "MATRIX STATUS: You're still plugged in";
    opening(text, status.yellow().bold(), "None found", "None detected");
    text.line("");
    text.line("PROBLEM: No Python was found!".red());
    problem(text, fault);
}

/// The first lines for a Python that must run before anything is known.
pub fn unknown(text: &mut Text, fault: &Fault, answer: &Answer) {
    let python = current(&PyPath::default(), answer);
    opening(
        text,
        "MATRIX STATUS: Unknown".yellow().bold(),
        &python,
        "Unknown",
    );
    text.line("");
    text.line("WARNING: Nothing is known about this Python without running it!".yellow());
    problem(text, fault);
}
