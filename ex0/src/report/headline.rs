//! Which lines come first? The subject's lines.

use std::fmt::Display;

use owo_colors::OwoColorize;

use super::page::{Text, path_or};
use crate::verdict::{Answer, Fault, Outcome, Repair, Running};

/// The subject's instructions, letter by letter.
const INSTRUCTIONS: &str = "\
To enter the construct, run:
python -m venv matrix_env
source matrix_env/bin/activate # On Unix
matrix_env\\Scripts\\activate # On Windows

Then run this program again.";

/// The first line of every report, except for an environment that starts and for a Python that is not known.
const PLUGGED_IN: &str = "MATRIX STATUS: You're still plugged in";

/// The subject's lines, or what takes their place if no Python would start.
pub fn headline(text: &mut Text, answer: &Answer) {
    let python = current(answer);
    match &answer.outcome {
        Outcome::Runs(it) if it.is_isolated() => inside(text, &python, it),
        Outcome::Runs(_) => outside(text, &python),
        Outcome::Broken(it) => {
            let name = it.environment.as_ref().and_then(|it| it.name.as_ref());
            let name = name.map(|it| format!("{it} (broken)"));
            let name = name.as_deref().unwrap_or("None that could be read");
            opening(text, PLUGGED_IN.red().bold(), &python, name);
            problem(text, "PROBLEM: This Python cannot start!".red(), &it.fault);
        }
        Outcome::NoPython(fault) => {
            let python = "None found";
            opening(text, PLUGGED_IN.yellow().bold(), python, "None detected");
            problem(text, "PROBLEM: No Python was found!".red(), fault);
        }
        Outcome::Unknown(fault, _) => {
            let status = "MATRIX STATUS: Unknown";
            opening(text, status.yellow().bold(), &python, "Unknown");
            let warning = "WARNING: Whether it is isolated is not known without running it!";
            problem(text, warning.yellow(), fault);
        }
    }
}

/// The interpreter for the subject's line: `sys.executable`, or the file if that is empty or not known.
fn current(answer: &Answer) -> String {
    let found = answer.found.as_ref().or(answer.started.as_ref());
    let file = found.map(|it| &it.file);
    let named = answer.executable().filter(|it| !it.is_empty());
    path_or(named.or(file), "unknown")
}

/// The subject's first lines.
fn opening(text: &mut Text, status: impl Display, python: &str, environment: &str) {
    text.line(status);
    text.line("");
    text.line(format_args!("Current Python: {python}"));
    text.line(format_args!("Virtual Environment: {environment}"));
}

fn inside(text: &mut Text, python: &str, running: &Running) {
    let status = "MATRIX STATUS: Welcome to the construct";
    let name = path_or(running.environment.name.as_ref(), "unnamed");
    opening(text, status.green().bold(), python, &name);
    text.line(format_args!("Environment Path: {}", running.site.prefix));
    text.line("");
    text.line("SUCCESS: You're in an isolated environment!".green());
    text.line("Safe to install packages without affecting\nthe global system.");
    text.line("");
    text.line("Package installation path:");
    text.line(path_or(running.site.site_packages.first(), "unknown"));
}

fn outside(text: &mut Text, python: &str) {
    opening(text, PLUGGED_IN.yellow().bold(), python, "None detected");
    text.line("");
    text.line("WARNING: You're in the global environment!".yellow());
    text.line("The machines can see everything you install.");
    text.line("");
    text.line(INSTRUCTIONS);
}

/// What is wrong, and how to repair it. What a command does comes before the command.
fn problem(text: &mut Text, heading: impl Display, fault: &Fault) {
    text.line("");
    text.line(heading);
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
