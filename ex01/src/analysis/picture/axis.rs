//! How are the numbers of an axis written? In a unit of their own, and from a place of their own, where that is shorter.

use plotters::coord::ranged1d::Ranged;
use plotters::coord::types::RangedCoordf64;

/// Where an axis begins and ends, and in what it is counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// What is taken away from each number.
    from: f64,
    /// What the rest is divided by.
    unit: f64,
    /// The lower end, in units.
    pub lo: f64,
    /// The upper end, in units.
    pub hi: f64,
}

impl Axis {
    /// For numbers between these, with a little room.
    ///
    /// It begins at 0 where that costs less than half of the height; elsewhere the data alone is shown.
    pub fn fitting(min: f64, max: f64) -> Self {
        let near_zero = min >= 0.0 && min <= max / 2.0;
        let (lo, hi) = if near_zero { (0.0, max) } else { (min, max) };
        let span = hi - lo;
        let room = if span > 0.0 {
            span * 0.06
        } else if hi.abs() > 0.0 {
            hi.abs() * 0.1
        } else {
            0.5
        };
        let below = if near_zero && hi > 0.0 { lo } else { lo - room };
        Self::in_unit_of(below, hi + room, max)
    }

    /// From one number to another.
    pub fn of(lo: f64, hi: f64) -> Self {
        Self::in_unit_of(lo, hi, lo.abs().max(hi.abs()))
    }

    /// The same, in the unit that suits this number: panels of the same data shall have the same.
    fn in_unit_of(lo: f64, hi: f64, number: f64) -> Self {
        let span = hi - lo;
        let largest = lo.abs().max(hi.abs());
        let from = if span < largest * 1e-4 {
            // A round number just below the data.
            let step = power_of_ten(span) * 10.0;
            (lo / step).floor() * step
        } else {
            0.0
        };
        let largest = if from.abs() > 0.0 {
            (lo - from).abs().max((hi - from).abs())
        } else {
            number.abs()
        };
        let unit = if (1e-3..1e6).contains(&largest) || largest <= 0.0 {
            1.0
        } else {
            power_of_ten(largest)
        };
        Self {
            from,
            unit,
            lo: (lo - from) / unit,
            hi: (hi - from) / unit,
        }
    }

    /// A number in units of this axis.
    pub fn place(&self, value: f64) -> f64 {
        (value - self.from) / self.unit
    }

    /// Whether a bar may stand on its lower end.
    pub fn begins_at_zero(&self) -> bool {
        self.from.abs() <= 0.0 && self.lo.abs() <= 0.0
    }

    /// The name of what is counted, with what each label leaves out.
    pub fn named(&self, what: &str) -> String {
        let mut name = what.to_owned();
        if self.from.abs() > 0.0 {
            let sign = if self.from > 0.0 { '−' } else { '+' };
            name = format!("{name} {sign} {}", self.from.abs());
        }
        if (self.unit - 1.0).abs() > 0.0 {
            name = format!("{name} (× {:e})", self.unit);
        }
        name
    }

    /// How labels are written: all with as many decimals as the distance of at most `labels` of them needs.
    pub fn decimals(&self, labels: usize) -> usize {
        let places = RangedCoordf64::from(self.lo..self.hi).key_points(labels);
        let distance = match places[..] {
            [first, second, ..] => second - first,
            _ => self.hi - self.lo,
        };
        // A distance is 1, 2 or 5 times a power of ten; 0.9 leaves room for its rounding.
        let decimals = (0_u8..9).find(|it| distance * 10_f64.powi(i32::from(*it)) > 0.9);
        usize::from(decimals.unwrap_or(9))
    }

    /// The longest label, in characters.
    pub fn longest(&self, labels: usize) -> usize {
        let decimals = self.decimals(labels);
        let ends = [self.lo, self.hi].map(|it| format!("{it:.decimals$}").len());
        ends[0].max(ends[1])
    }
}

/// The largest power of ten that is no larger.
fn power_of_ten(value: f64) -> f64 {
    // The text has the exponent exactly, a logarithm has it rounded.
    let text = format!("{value:e}");
    let exponent = text.split_once('e').map_or("0", |it| it.1);
    format!("1e{exponent}").parse().unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check((min, max): (f64, f64), name: &str, begins_at_zero: bool) {
        let axis = Axis::fitting(min, max);
        assert_eq!(axis.named("risk"), name, "{axis:?}");
        assert_eq!(axis.begins_at_zero(), begins_at_zero, "{axis:?}");
        let within = |it: f64| axis.lo <= it && it <= axis.hi;
        assert!(
            within(axis.place(min)) && within(axis.place(max)),
            "{axis:?}"
        );
        assert!(axis.longest(7) < 12, "{axis:?}");
    }

    #[test]
    fn an_axis_fits_its_data_whatever_its_size() {
        check((0.01, 5.0), "risk", true);
        check((293.1, 295.0), "risk", false);
        check((293.149, 293.151), "risk − 293.14", false);
        check((1e9 - 1.0, 1e9 + 1.0), "risk − 999999990", false);
        check((0.0, 1e-300), "risk (× 1e-300)", true);
        check((1e149, 1e150), "risk (× 1e150)", true);
        check((0.0, 0.0), "risk", false);
        check((7.0, 7.0), "risk", false);
    }

    #[test]
    fn labels_have_the_decimals_that_tell_them_apart() {
        for ((lo, hi), labels, expected) in [
            ((0.0, 1000.0), 10, 0),
            ((0.0, 4.96), 7, 0),
            ((0.0, 2.8), 6, 1),
            ((0.0, 0.3), 7, 2),
        ] {
            assert_eq!(Axis::of(lo, hi).decimals(labels), expected, "{lo} {hi}");
        }
    }
}
