//! How does the report read? The subject's lines first, then where everything comes from.

use std::fmt::Write;

use owo_colors::OwoColorize;

use crate::config::judge::{Problem, Variable};
use crate::report::summary::{Outcome, Summary};
use crate::report::wrap::{COLUMNS, wrapped};
use crate::safety::production::Verdict;
use crate::sources::layers::PROCESS;
use crate::variables::table::{Mode, Status};
use crate::words::escape;

/// The whole report.
pub fn render(summary: &Summary) -> String {
    let mut text = String::new();
    // Writing into a String cannot fail.
    let _ = headlines(&mut text, summary)
        .and_then(|()| origins(&mut text, summary))
        .and_then(|()| evidence(&mut text, summary))
        .and_then(|()| to_mend(&mut text, summary))
        .and_then(|()| outcome(&mut text, summary));
    text
}

/// The lines of the subject.
fn headlines(to: &mut String, summary: &Summary) -> std::fmt::Result {
    let level = shown(
        summary,
        "LOG_LEVEL",
        "invalid (must be DEBUG, INFO, WARNING, ERROR or CRITICAL)",
    );
    let mode = match summary.mode {
        Mode::Development => "development",
        Mode::Production => "production",
        Mode::Unknown => "invalid (must be development or production; as strict as production)",
    };
    writeln!(to, "ORACLE STATUS: Reading the Matrix...\n")?;
    writeln!(to, "Configuration loaded:")?;
    writeln!(to, "Mode: {mode}")?;
    writeln!(to, "Database: {}", summary.connections.database.shown)?;
    writeln!(to, "API Access: {}", summary.connections.api.shown)?;
    writeln!(to, "Log Level: {level}")?;
    writeln!(to, "Zion Network: {}", summary.connections.zion.shown)?;
    writeln!(to, "\nEnvironment security check:")?;
    for check in &summary.checks {
        writeln!(
            to,
            "{} {}",
            paint(check.status, check.status.tag()),
            check.headline
        )?;
    }
    writeln!(to, "\nThe Oracle sees all configurations.")
}

/// What is shown of a variable, or this when it is not right.
fn shown(summary: &Summary, name: &str, otherwise: &str) -> String {
    let variable = summary.variables.iter().find(|it| it.name == name);
    let variable = variable.filter(|it| it.status == Status::Ok);
    variable
        .and_then(|it| it.shown.clone())
        .unwrap_or_else(|| otherwise.to_owned())
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
fn origins(to: &mut String, summary: &Summary) -> std::fmt::Result {
    writeln!(to, "\n{}", "Where each value comes from:".bold())?;
    for variable in &summary.variables {
        let shown = escape::text(variable.shown.as_deref().unwrap_or("-"));
        let place = place(variable);
        let value = format!("  {:<14} {shown}", variable.name);
        if value.chars().count().max(45) + 1 + place.chars().count() <= COLUMNS {
            writeln!(to, "{value:<45} {place}")?;
        } else {
            writeln!(to, "{value}")?;
            wrapped(to, 16, "", 0, &place)?;
        }
    }
    let overridden = summary.variables.iter().filter(|it| {
        !it.overrides.is_empty() && it.origin.as_ref().is_some_and(|it| it.layer == PROCESS)
    });
    let names: Vec<&str> = overridden.map(|it| it.name).collect();
    if !names.is_empty() {
        let text = format!("by the process environment: {}", names.join(", "));
        wrapped(to, 2, "Overridden", 10, &text)?;
    }
    let (read, absent): (Vec<_>, Vec<_>) = summary.files.iter().partition(|it| it.status == "read");
    let names = |files: &[&crate::config::files::FileReport]| {
        files
            .iter()
            .map(|it| it.path.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    };
    if !read.is_empty() {
        let text = format!("read, strongest first: {}", names(&read));
        wrapped(to, 2, "Files", 5, &text)?;
    } else if absent.iter().all(|it| it.status == "absent") {
        writeln!(to, "  No configuration file here.")?;
    }
    Ok(())
}

/// `.env:3`, and what that place won over.
fn place(variable: &Variable) -> String {
    let Some(origin) = &variable.origin else {
        return "missing".to_owned();
    };
    let mut words = origin.words();
    if !variable.overrides.is_empty() {
        let weaker: Vec<String> = variable
            .overrides
            .iter()
            .map(crate::sources::layers::Origin::words)
            .collect();
        words.push_str(", overrides ");
        words.push_str(&weaker.join(" and "));
    }
    match variable.status {
        Status::Ok => words,
        Status::Missing => format!("missing ({words})"),
        Status::Invalid => format!("{words} (invalid)"),
        Status::Placeholder => format!("{words} (placeholder)"),
        Status::Weak => format!("{words} (weak)"),
    }
}

/// What stands behind each finding.
fn evidence(to: &mut String, summary: &Summary) -> std::fmt::Result {
    let problems = problems(summary);
    writeln!(to, "\n{}", "What the findings rest on:".bold())?;
    for (number, check) in summary.checks.iter().enumerate() {
        for (index, fact) in check.evidence.iter().enumerate() {
            let number = if index == 0 {
                format!("{}.", number + 1)
            } else {
                String::new()
            };
            let word = paint(fact.verdict, fact.verdict.word());
            let pad = 4 - fact.verdict.word().len();
            wrapped(
                to,
                2,
                &format!("{number:<2} {word}{:pad$}", ""),
                7,
                &fact.text,
            )?;
            // A remedy that stands under `To mend` as well is not said twice.
            let said = |fix: &str| problems.iter().any(|(_, it)| it.fix == fix);
            let fix = fact.fix.as_deref().filter(|_| fact.verdict > Verdict::Skip);
            hint(to, 10, fix.filter(|fix| !said(fix)))?;
        }
    }
    Ok(())
}

/// A remedy under its problem.
fn hint(to: &mut String, indent: usize, fix: Option<&str>) -> std::fmt::Result {
    match fix {
        Some(fix) => wrapped(
            to,
            indent,
            &"hint:".cyan().to_string(),
            5,
            &escape::text(fix),
        ),
        None => Ok(()),
    }
}

/// Everything that is wrong with variables (with their names) and files.
fn problems(summary: &Summary) -> Vec<(Option<&str>, &Problem)> {
    let variables = summary.variables.iter().flat_map(|it| {
        let problems = it.problems.iter();
        problems.map(move |problem| (Some(it.name), problem))
    });
    let files = summary.files.iter().flat_map(|it| it.problems.iter());
    variables.chain(files.map(|it| (None, it))).collect()
}

/// All of it, each with the way to mend it.
fn to_mend(to: &mut String, summary: &Summary) -> std::fmt::Result {
    let problems = problems(summary);
    if problems.is_empty() {
        return Ok(());
    }
    writeln!(to, "\n{}", "To mend:".bold())?;
    for (name, Problem { what, fix }) in problems {
        let name = name.map_or(String::new(), |name| format!("{name}: "));
        wrapped(
            to,
            2,
            &"-".yellow().to_string(),
            1,
            &format!("{name}{}", escape::text(what)),
        )?;
        hint(to, 4, Some(fix))?;
    }
    Ok(())
}

/// The verdict, last, where the eye ends up.
fn outcome(to: &mut String, summary: &Summary) -> std::fmt::Result {
    match (summary.status, summary.mode) {
        (Outcome::Ok, Mode::Production) => writeln!(
            to,
            "\nProduction may start: everything that was looked at is right."
        ),
        (Outcome::Ok, _) => writeln!(to, "\nEverything that was looked at is right."),
        (Outcome::Warnings, Mode::Development) => writeln!(
            to,
            "\nDevelopment goes on with warnings; `oracle --check` would end with 1."
        ),
        (Outcome::Warnings, _) => writeln!(
            to,
            "\nProduction may start, with warnings; `oracle --check` would end with 1."
        ),
        (Outcome::Refused, _) => writeln!(
            to,
            "\n{} production does not start with this configuration.",
            "REFUSED:".red().bold()
        ),
    }
}
