//! What follows the subject's lines? The data and the versions.

use owo_colors::OwoColorize;

use super::words::unread;
use crate::programs::{Dependency, Status};
use crate::results::{Column, Findings, Outcome, QUANTILES};
use crate::text::{self, line, thousands};

/// The data: where it came from, both columns, risk by activity.
pub fn data(outcome: &Outcome, findings: &Findings) -> String {
    let mut text = format!("\n{}\n", "Data:".bold());
    let source = outcome.source.as_deref();
    let source = text::os(source.unwrap_or("unknown".as_ref()));
    let seed = outcome
        .seed
        .map_or(String::new(), |seed| format!(", seed {seed}"));
    line(&mut text, format_args!("  Source: {source}{seed}"));
    if let Some(fallback) = &outcome.fallback {
        let why = text::shown(&unread(fallback));
        line(&mut text, format_args!("  Simulated because: {why}"));
    }
    let points = thousands(findings.n);
    line(&mut text, format_args!("  Points: {points}"));
    text += "  risk = |signal| + 0.2 x agent_activity\n";
    text += &columns(findings);
    text += &groups(findings);
    text
}

/// The statistics of both columns, side by side.
fn columns(findings: &Findings) -> String {
    let columns = [&findings.signal, &findings.risk];
    let digits = columns.map(Digits::of);
    let mut text = format!("\n  {:<10} {:>14} {:>14}\n", "", "signal", "risk");
    let mut row = |name: &str, digits: &[Digits; 2], values: [Option<f64>; 2]| {
        let [signal, risk] = [0, 1].map(|column| digits[column].shown(values[column]));
        let row = format_args!("  {name:<10} {signal:>14} {risk:>14}");
        line(&mut text, row);
    };
    row("mean", &digits, columns.map(|it| Some(it.mean)));
    row(
        "std",
        &columns.map(Digits::of_std),
        columns.map(|it| it.std),
    );
    row("min", &digits, columns.map(|it| Some(it.min)));
    for (place, q) in QUANTILES.iter().enumerate() {
        let quantiles = columns.map(|it| Some(it.quantiles[place]));
        row(&format!("q {q}"), &digits, quantiles);
    }
    row("max", &digits, columns.map(|it| Some(it.max)));
    text + &bound(columns)
}

/// How far the quantiles may be off.
fn bound([signal, risk]: [&Column; 2]) -> String {
    let relative = signal
        .quantile_relative_error
        .max(risk.quantile_relative_error);
    if relative <= 0.0 {
        return "  Quantiles (q) are exact.\n".to_owned();
    }
    let [signal, risk] = [signal, risk].map(|it| format!("{:.1e}", it.quantile_error * 1.05));
    format!(
        "  Quantiles (q): off by at most {:.1} % of their value, and by {signal} (signal), {risk} (risk), \
         whichever is smaller.\n",
        100.0 * relative
    )
}

fn groups(findings: &Findings) -> String {
    let digits = Digits::of(&findings.risk);
    let mut text = "\n  activity           points      mean risk       max risk\n".to_owned();
    for group in &findings.groups {
        let (count, activity) = (thousands(group.count), group.agent_activity);
        let [mean, max] = [group.mean, group.max].map(|it| digits.shown(Some(it)));
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
    text += "  program   Python's    Cargo.toml  Cargo.lock  this binary  SHA-256\n";
    for program in programs {
        let linked = match (&program.linked, program.status) {
            (Some(linked), _) => linked,
            (None, Status::Missing) => "not in it",
            (None, _) => "unknown",
        };
        let (name, python) = (program.name, program.python);
        let required = program.required.unwrap_or("unknown");
        let locked = program.locked.unwrap_or("unknown");
        let checksum = program.checksum.unwrap_or("unknown");
        let checksum = checksum.get(..8).unwrap_or(checksum);
        line(
            &mut text,
            format_args!(
                "  {name:<9} {python:<11} {required:<11} {locked:<11} {linked:<12} {checksum}"
            ),
        );
    }
    text
}

/// How the numbers of a column are written: with six digits, or with more if the least and the greatest would look
/// equal.
struct Digits {
    /// Digits after the point.
    decimals: usize,
    /// Digits after the first one, if the number is written with a power of ten.
    fraction: usize,
}

impl Digits {
    fn of(column: &Column) -> Self {
        let largest = column.min.abs().max(column.max.abs());
        let range = column.max - column.min;
        // Four digits for the range, and the digits before them that the numbers share.
        let wanted = if range > 0.0 {
            places(largest) - places(range) + 4
        } else {
            7
        };
        let wanted = wanted.clamp(7, 17);
        let decimals = wanted - 1 - places(largest.max(1.0));
        let least = if wanted > 7 && largest >= 1e7 { 0 } else { 6 };
        let at_least = |least: i32, value: i32| usize::try_from(value.max(least)).unwrap_or(6);
        Self {
            decimals: at_least(least, decimals),
            fraction: at_least(6, wanted - 1),
        }
    }

    /// The digits of a standard deviation, which may be far smaller than the numbers: at least three.
    fn of_std(column: &Column) -> Self {
        let digits = Self::of(column);
        let std = column.std.filter(|it| *it >= 1e-4);
        let decimals = std.map_or(0, |it| usize::try_from(2 - places(it)).unwrap_or(0));
        Self {
            decimals: digits.decimals.max(decimals),
            ..digits
        }
    }

    /// A number, or a dash if there is none.
    fn shown(&self, value: Option<f64>) -> String {
        let (decimals, fraction) = (self.decimals, self.fraction);
        match value {
            None => "-".to_owned(),
            Some(it) if it == 0.0 || (1e-4..1e7).contains(&it.abs()) => format!("{it:.decimals$}"),
            // If the point is within the digits that are shown, the number needs no power of ten.
            Some(it) if fraction > 6 && (1e7..1e15).contains(&it.abs()) => {
                format!("{it:.decimals$}")
            }
            Some(it) => format!("{it:.fraction$e}"),
        }
    }
}

/// The power of ten of a number's first digit.
#[expect(clippy::cast_possible_truncation, reason = "-324 to 308")]
fn places(value: f64) -> i32 {
    value.log10().floor() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(min: f64, max: f64, std: Option<f64>) -> Column {
        Column {
            count: 2,
            mean: min,
            std,
            min,
            max,
            quantiles: [min; QUANTILES.len()],
            quantile_error: 0.0,
            quantile_relative_error: 0.0,
        }
    }

    #[track_caller]
    fn check(min: f64, max: f64, expected: [&str; 2]) {
        let digits = Digits::of(&column(min, max, None));
        assert_eq!([min, max].map(|it| digits.shown(Some(it))), expected);
    }

    #[test]
    fn the_least_and_the_greatest_number_look_different() {
        check(-2.744_935, 3.619_828, ["-2.744935", "3.619828"]);
        check(293.14, 293.16, ["293.140000", "293.160000"]);
        check(1e9 - 1.0, 1e9 + 1.0, ["999999999.000", "1000000001.000"]);
        check(1e-7, 3e-7, ["1.000000e-7", "3.000000e-7"]);
        check(5.0, 5.0 + 1e-9, ["5.000000000000", "5.000000001000"]);
        check(1e20, 2e20, ["1.000000e20", "2.000000e20"]);
    }

    #[test]
    fn a_standard_deviation_has_three_digits_at_least() {
        let shown = |min, max, std| {
            let column = column(min, max, Some(std));
            Digits::of_std(&column).shown(column.std)
        };
        assert_eq!(shown(1e15, 1e15 + 8.0, 4.163_331_998), "4.16");
        assert_eq!(shown(1e15, 1e15 + 1.0, 0.05), "0.0500");
        assert_eq!(shown(0.0, 1e6, 123_456.7), "123456.700000");
        assert_eq!(shown(5.0, 5.0, 0.0), "0.000000");
        assert_eq!(shown(1e15, 1e15 + 80.0, 41.633_319), "41.6");
    }
}
