//! Where does an axis begin and end, and which numbers does it show?

use std::ops::Range;

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use plotters::coord::types::RangedCoordf64;

use super::scale::{order, power_of_ten};

/// Where an axis has its ticks.
#[derive(Clone, Debug, PartialEq)]
pub enum Ticks {
    /// At round numbers.
    Round,
    /// At round numbers that are whole.
    Whole,
    /// At these numbers if there is room for all of them, otherwise at round ones.
    At(Vec<f64>),
}

/// An axis of a panel, in the units of its scale.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    range: Range<f64>,
    ticks: Vec<f64>,
    /// All labels have the same number of decimals, as many as they need to differ.
    pub decimals: usize,
}

impl Axis {
    /// An axis from one number to another, with a limit for the number of ticks.
    pub fn new(range: Range<f64>, ticks: &Ticks, most: usize) -> Self {
        if let Ticks::At(places) = ticks
            && let Some(axis) = Self::at(range.clone(), places, most)
        {
            return axis;
        }
        Self::round(range, most, *ticks == Ticks::Whole)
    }

    /// An axis with ticks at these numbers, if they are short.
    fn at(range: Range<f64>, places: &[f64], most: usize) -> Option<Self> {
        let distance = (range.end - range.start) * 1e-6;
        let is_exact = |decimals: &usize| {
            let written = |it: &f64| format!("{it:.decimals$}").parse::<f64>();
            let is_near = |it: &f64| written(it).is_ok_and(|near| (near - it).abs() < distance);
            places.iter().all(is_near)
        };
        let decimals = (0..6).find(is_exact)?;
        (places.len() <= most).then(|| Self {
            range,
            ticks: places.to_vec(),
            decimals,
        })
    }

    /// Ticks at multiples of 1, 2 or 5 times a power of ten.
    fn round(range: Range<f64>, most: usize, whole: bool) -> Self {
        let smallest = order((range.end - range.start) / 100.0);
        let finest = if whole { smallest.max(0) } else { smallest };
        let steps = (finest..finest + 9).flat_map(|order| [1.0, 2.0, 5.0].map(|it| (it, order)));
        let ticks = |(times, order): (f64, i32)| -> Vec<f64> {
            // A quotient of whole numbers is rounded once; a product with 0.1 would be rounded twice.
            let (by, over) = (power_of_ten(order.max(0)), power_of_ten((-order).max(0)));
            let tick = |number: i32| f64::from(number) * times * by / over;
            let step = tick(1);
            let (first, last) = (range.start / step, range.end / step);
            numbers(first, last).map(tick).collect()
        };
        let (found, decimals) = steps
            .map(|step| (ticks(step), usize::try_from(-step.1).unwrap_or(0)))
            .find(|(ticks, _)| ticks.len() <= most)
            .unwrap_or_default();
        Self {
            range,
            ticks: found,
            decimals,
        }
    }

    /// A number as text, with some more decimals than the axis has.
    pub fn written(&self, value: f64, more: usize) -> String {
        let decimals = self.decimals + more;
        let text = format!("{value:.decimals$}");
        // Rounding may give -0, and a minus sign is not a hyphen.
        match text.strip_prefix('-') {
            Some(digits) if digits.chars().any(|it| ('1'..='9').contains(&it)) => {
                format!("−{digits}")
            }
            Some(zero) => zero.to_owned(),
            None => text,
        }
    }

    /// The same of a number that is not negative. If only zeros would be left of it, the text is a bound: `<0.01`.
    pub fn written_or_bound(&self, value: f64, more: usize) -> String {
        let text = self.written(value, more);
        let zeros = text.trim_end_matches('0');
        if value > 0.0 && matches!(zeros, "" | "0.") {
            format!("<{}1", &text[..text.len() - 1])
        } else {
            text
        }
    }

    /// The labels of all ticks.
    pub fn labels(&self) -> impl Iterator<Item = String> {
        self.ticks.iter().map(|it| self.written(*it, 0))
    }
}

/// The whole numbers between these two. Both ends belong to it, even if they were rounded.
fn numbers(first: f64, last: f64) -> std::ops::RangeInclusive<i32> {
    let slack = 1e-9 * (last - first);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a scale keeps an axis near 0, and the cast saturates"
    )]
    {
        (first - slack).ceil() as i32..=(last + slack).floor() as i32
    }
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        RangedCoordf64::from(self.range.clone()).map(value, limit)
    }

    /// plotters asks again for lighter lines between the ticks. There are none.
    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        if hint.weight().allow_light_points() {
            return Vec::new();
        }
        self.ticks.clone()
    }

    fn range(&self) -> Range<f64> {
        self.range.clone()
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, value: &f64) -> String {
        self.written(*value, 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(range: Range<f64>, ticks: &Ticks, most: usize, expected: &[&str]) {
        let axis = Axis::new(range, ticks, most);
        assert_eq!(axis.labels().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn ticks_are_round_and_fit_into_the_room() {
        let round = Ticks::Round;
        check(
            0.0..1000.0,
            &round,
            6,
            &["0", "200", "400", "600", "800", "1000"],
        );
        check(
            0.0..0.3,
            &round,
            7,
            &["0.00", "0.05", "0.10", "0.15", "0.20", "0.25", "0.30"],
        );
        check(
            49.961..50.041,
            &round,
            9,
            &[
                "49.97", "49.98", "49.99", "50.00", "50.01", "50.02", "50.03", "50.04",
            ],
        );
        check(
            -1.06..1.06,
            &round,
            5,
            &["−1.0", "−0.5", "0.0", "0.5", "1.0"],
        );
        check(
            -40.0..310_000.0,
            &round,
            4,
            &["0", "100000", "200000", "300000"],
        );
    }

    #[test]
    fn a_count_has_no_half() {
        check(0.0..1.08, &Ticks::Whole, 9, &["0", "1"]);
        check(0.0..999.0, &Ticks::Whole, 3, &["0", "500"]);
    }

    #[test]
    fn a_small_number_is_never_written_as_zero() {
        let axis = Axis::new(0.0..2.3, &Ticks::Round, 6);
        let found = [0.0, 4e-7, 0.004, 0.006, 1.0].map(|it| axis.written_or_bound(it, 1));
        assert_eq!(found, ["0.00", "<0.01", "<0.01", "0.01", "1.00"]);
        let whole = Axis::new(0.0..9.0, &Ticks::Whole, 9);
        assert_eq!(whole.written_or_bound(0.3, 0), "<1");
    }

    #[test]
    fn values_have_a_tick_each_where_there_is_room() {
        let fifths: Vec<f64> = (0..5).map(|it| 0.2 * f64::from(it)).collect();
        let ticks = Ticks::At(fifths);
        check(-0.1..0.9, &ticks, 5, &["0.0", "0.2", "0.4", "0.6", "0.8"]);
        check(-0.1..0.9, &ticks, 4, &["0.0", "0.5"]);
        let long = Ticks::At(vec![0.123_456_789, 1.0 / 3.0]);
        check(
            0.0..0.5,
            &long,
            9,
            &["0.0", "0.1", "0.2", "0.3", "0.4", "0.5"],
        );
    }
}
