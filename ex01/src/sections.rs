//! What stands below the subject's lines? The data, the versions, the package managers.

use std::fmt::Write;

use owo_colors::OwoColorize;

use crate::check::{Dependency, Status};
use crate::escape;
use crate::managers::Manager;
use crate::results::{Column, Findings, Outcome, QUANTILES};

/// The data: where it came from, both columns, risk by activity.
pub fn data(outcome: &Outcome, findings: &Findings) -> String {
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
pub fn versions(programs: &[Dependency]) -> String {
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
        "Python's",
        "Cargo.toml",
        "Cargo.lock",
        "this binary",
        "SHA-256",
    ]);
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
pub fn comparison(managers: &[Manager]) -> String {
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
pub fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
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
