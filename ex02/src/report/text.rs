//! What does the report say? First the lines of the subject, then the reasons.

use std::fmt::{self, Write};

use owo_colors::OwoColorize;

use super::print::Printer;
use super::summary::{Outcome, Summary};
use super::wording::{self, Wording, not_read, with_parts};
use super::wrap::{COLUMNS, wrapped};
use super::{alike, connections, facts, problems};
use crate::config::{Config, Variable};
use crate::safety::Verdict;
use crate::sources::Layer;
use crate::variables::{Mode, Status};
use crate::words::Words;

/// The whole report.
pub fn render(summary: &Summary, printer: &Printer) -> String {
    let mut text = String::new();
    // Writing into a String cannot fail.
    let _ = headlines(&mut text, summary, printer)
        .and_then(|()| origins(&mut text, summary, printer))
        .and_then(|()| evidence(&mut text, summary, printer))
        .and_then(|()| to_mend(&mut text, summary, printer))
        .and_then(|()| outcome(&mut text, summary));
    text
}

/// The lines of the subject.
fn headlines(to: &mut String, summary: &Summary, printer: &Printer) -> fmt::Result {
    let mode = match summary.config.mode {
        Mode::Development => "development",
        Mode::Production => "production",
        Mode::Unknown => "invalid (must be development or production; as strict as production)",
    };
    let known = &summary.connections;
    writeln!(to, "ORACLE STATUS: Reading the Matrix...\n")?;
    writeln!(to, "Configuration loaded:")?;
    let mode = Words::from(mode) + unless_read(&summary.config, "MATRIX_MODE");
    writeln!(to, "Mode: {}", printer.text(&mode))?;
    let line = |it| printer.text(&connections::line(it));
    writeln!(to, "Database: {}", line(&known.database))?;
    writeln!(to, "API Access: {}", line(&known.api))?;
    writeln!(to, "Log Level: {}", printer.text(&log_level(summary)))?;
    writeln!(to, "Zion Network: {}", line(&known.zion))?;
    writeln!(to, "\nEnvironment security check:")?;
    for check in &summary.checks {
        let tag = format!("[{}]", word(check.status).to_uppercase());
        let tag = paint(check.status, &tag);
        writeln!(to, "{tag} {}", facts::headline(check))?;
    }
    writeln!(to, "\nThe Oracle sees all configurations.")
}

/// The level, or why it is invalid.
fn log_level(summary: &Summary) -> Words {
    let variable = summary.config.variable("LOG_LEVEL");
    let shown = variable.shown.clone();
    let shown = shown.filter(|_| variable.status == Status::Ok);
    let shown =
        shown.unwrap_or_else(|| "invalid (must be DEBUG, INFO, WARNING, ERROR or CRITICAL)".into());
    shown + unless_read(&summary.config, "LOG_LEVEL")
}

/// That a value is only the default, when a file that may set it was not read.
fn unless_read(config: &Config, name: &str) -> Words {
    let variable = config.variable(name);
    if variable.is_from(|it| it == Layer::Default) && !config.unread.is_empty() {
        Words::from(" (default: ") + not_read(&config.unread) + ")"
    } else {
        Words::default()
    }
}

/// A verdict in one word.
fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ok => "ok",
        Verdict::Skip => "skip",
        Verdict::Warn => "warn",
        Verdict::Fail => "fail",
    }
}

/// A word in the colour of a verdict.
fn paint(verdict: Verdict, word: &str) -> String {
    match verdict {
        Verdict::Ok => word.green().to_string(),
        Verdict::Skip => word.cyan().to_string(),
        Verdict::Warn => word.yellow().to_string(),
        Verdict::Fail => word.red().bold().to_string(),
    }
}

/// Each value with the place it comes from.
fn origins(to: &mut String, summary: &Summary, printer: &Printer) -> fmt::Result {
    writeln!(to, "\n{}", "Where each value comes from:".bold())?;
    let variables = &summary.config.variables;
    for variable in variables {
        let shown = variable.shown.as_ref().map(|it| printer.text(it));
        let place = printer.text(&place(variable));
        let shown = shown.as_deref().unwrap_or("-");
        let value = format!("  {:<14} {shown}", variable.name);
        if value.chars().count().max(45) + 1 + place.chars().count() <= COLUMNS {
            writeln!(to, "{value:<45} {place}")?;
        } else {
            writeln!(to, "{value}")?;
            wrapped(to, 16, "", &place)?;
        }
    }
    let overridden = variables
        .iter()
        .filter(|it| !it.overrides.is_empty() && it.is_from(|layer| layer == Layer::Process));
    let names: Vec<&str> = overridden.map(|it| it.name).collect();
    if !names.is_empty() {
        let text = format!("by the process environment: {}", names.join(", "));
        wrapped(to, 2, "Overridden", &text)?;
    }
    let files = &summary.config.files;
    let read = files.iter().filter(|it| it.file.parsed().is_some());
    let names = Words::joined(read.map(|it| &it.file.shown), ", ");
    if names != Words::default() {
        let text = printer.text(&(Words::from("read, strongest first: ") + names));
        wrapped(to, 2, "Files", &text)?;
    } else if !files.iter().any(|it| it.file.exists()) {
        writeln!(to, "  No configuration file here.")?;
    }
    Ok(())
}

/// `.env:3`, and the places that it overrides.
fn place(variable: &Variable) -> Words {
    let Some(origin) = &variable.origin else {
        let unknown = |it| Words::from("unknown (") + not_read(it) + ")";
        return variable.unread().map_or("missing".into(), unknown);
    };
    let mut words = with_parts(origin, &variable.parts);
    if !variable.overrides.is_empty() {
        words = words
            + ", overrides "
            + Words::joined(variable.overrides.iter().map(wording::origin), " and ");
    }
    match variable.status {
        Status::Ok => words,
        Status::Missing => Words::from("missing (") + words + ")",
        Status::Invalid => words + " (invalid)",
        Status::Placeholder => words + " (placeholder)",
        Status::Weak => words + " (weak)",
    }
}

/// The facts of each check.
fn evidence(to: &mut String, summary: &Summary, printer: &Printer) -> fmt::Result {
    let problems = problems(summary);
    writeln!(to, "\n{}", "Evidence for each finding:".bold())?;
    for (number, check) in summary.checks.iter().enumerate() {
        let said = alike::facts(&check.evidence).into_iter();
        for (index, (verdict, said)) in said.enumerate() {
            let number = if index == 0 {
                format!("{}.", number + 1)
            } else {
                String::new()
            };
            // Only the three checks have tags in brackets.
            let word = word(verdict);
            let pad = 4 - word.len();
            let first = format!("{number:<2} {}{:pad$}", paint(verdict, word), "");
            wrapped(to, 2, &first, &printer.text(&said.message))?;
            // A hint that is also under `To mend` is not printed twice.
            let again = problems.iter().any(|(_, it)| it.hint == said.hint);
            let fix = said.hint.filter(|_| verdict > Verdict::Skip && !again);
            hint(to, 10, fix.as_ref(), printer)?;
        }
    }
    Ok(())
}

/// A hint below its problem.
pub fn hint(to: &mut String, indent: usize, fix: Option<&Words>, printer: &Printer) -> fmt::Result {
    let first = "hint:".cyan().to_string();
    fix.map_or(Ok(()), |it| wrapped(to, indent, &first, &printer.text(it)))
}

/// Everything that is wrong with variables (with their names), files and connections. For each: does it keep
/// production from starting? It does when [`Config::refusals`] counts it.
fn problems(summary: &Summary) -> Vec<(bool, Wording)> {
    let config = &summary.config;
    let variables = config.variables.iter().flat_map(|variable| {
        let said = variable.problems.iter().map(problems::said_in_full);
        said.map(|it| (variable.status != Status::Ok, it))
    });
    let files = config.files.iter().flat_map(|file| {
        let said = alike::problems_of(file).into_iter();
        said.map(|it| (file.file.is_damaged(), it))
    });
    let connections = connections::to_mend(&summary.connections);
    let connections = connections.into_iter().map(|it| (false, it));
    variables.chain(files).chain(connections).collect()
}

/// All of these problems, each with its hint. Where production is refused, a `!` marks each that refuses it.
fn to_mend(to: &mut String, summary: &Summary, printer: &Printer) -> fmt::Result {
    let problems = problems(summary);
    if problems.is_empty() {
        return Ok(());
    }
    writeln!(to, "\n{}", "To mend:".bold())?;
    for (refuses, said) in problems {
        let first = if refuses && summary.refusals > 0 {
            "!".red().to_string()
        } else {
            "-".yellow().to_string()
        };
        wrapped(to, 2, &first, &printer.text(&said.message))?;
        hint(to, 4, said.hint.as_ref(), printer)?;
    }
    Ok(())
}

/// The verdict. It comes last, because the reader ends there.
fn outcome(to: &mut String, summary: &Summary) -> fmt::Result {
    let said = match (summary.status, summary.config.mode) {
        (Outcome::Ok, Mode::Production) => {
            "Production may start: everything that was looked at is right."
        }
        (Outcome::Ok, _) => "Everything that was looked at is right.",
        (Outcome::Warnings, Mode::Development) => {
            "Development goes on with warnings; `oracle --check` would end with 1."
        }
        (Outcome::Warnings, _) => {
            "Production may start, with warnings; `oracle --check` would end with 1."
        }
        (Outcome::Refused, _) => {
            write!(to, "\n{}", "REFUSED:".red().bold())?;
            return writeln!(to, " production does not start with this configuration.");
        }
    };
    writeln!(to, "\n{said}")
}
