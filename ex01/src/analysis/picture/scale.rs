//! Which unit do the numbers of an axis have? If it makes them shorter, they have their own unit and their own zero.

/// How many digits a label may have; fewer if a power of ten is taken out.
const DIGITS: i32 = 6;
const FEWER: i32 = 4;
/// Below this share of a power of ten, a part of the numbers has a power of its own.
const TENTH: f64 = 0.1;

/// What is subtracted from each number, and what the difference is divided by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    from: f64,
    unit: f64,
}

impl Scale {
    /// The scale for numbers between these.
    pub fn of(min: f64, max: f64) -> Self {
        let around = |from: f64| Self {
            from,
            unit: unit((min - from).abs().max((max - from).abs())),
        };
        let plain = around(0.0);
        let most = if plain.has_a_unit() { FEWER } else { DIGITS };
        if digits(min, max) <= most {
            plain
        } else {
            around(roundest(min, max))
        }
    }

    /// The scale for a part of the numbers: the same one, unless its labels would be long or begin with zeros.
    pub fn of_part(self, min: f64, max: f64) -> Self {
        let (low, high) = (self.place(min), self.place(max));
        // Near the number that is subtracted, the distances must not be too small.
        let written = if self.begins_at_zero() {
            low.abs().max(high.abs())
        } else {
            high - low
        };
        let is_tiny = written < TENTH && self.has_a_unit() && written > 0.0;
        let is_short = is_handy(written) && digits(low, high) <= DIGITS;
        if is_short && !is_tiny {
            self
        } else {
            Self::of(min, max)
        }
    }

    /// A number on this scale.
    pub fn place(self, value: f64) -> f64 {
        (value - self.from) / self.unit
    }

    /// Whether 0 is at 0. Only then does the height of a bar mean something.
    pub fn begins_at_zero(self) -> bool {
        self.from.abs() <= 0.0
    }

    /// Whether a power of ten is taken out.
    fn has_a_unit(self) -> bool {
        (self.unit - 1.0).abs() > 0.0
    }

    /// The name of an axis, with what each label leaves out.
    pub fn named(self, what: &str) -> String {
        let mut name = what.to_owned();
        if !self.begins_at_zero() {
            let (sign, from) = (if self.from > 0.0 { '−' } else { '+' }, self.from.abs());
            let (plain, power) = (from.to_string(), format!("{from:e}"));
            let is_large = !(1e-3..1e6).contains(&from);
            let shown = if is_large && power.len() < plain.len() {
                power
            } else {
                plain
            };
            name = format!("{name} {sign} {shown}");
        }
        if self.has_a_unit() {
            name = format!("{name} (× {:e})", self.unit);
        }
        name
    }
}

/// Whether a number of this size needs no power of ten.
fn is_handy(size: f64) -> bool {
    (1e-3..1e6).contains(&size) || size <= 0.0
}

/// The divisor for numbers of this size.
fn unit(size: f64) -> f64 {
    if is_handy(size) {
        1.0
    } else {
        power_of_ten(order(size))
    }
}

/// How many digits the labels of an axis need to differ.
fn digits(min: f64, max: f64) -> i32 {
    let distance = (max - min) / 5.0;
    if distance > 0.0 {
        order(min.abs().max(max.abs())) - order(distance) + 1
    } else {
        1 // one number only: its axis is as long as the number is large
    }
}

/// The number between these two that has the fewest digits, or a rounder one that is as near to them as they are to each
/// other, on the side of 0.
fn roundest(min: f64, max: f64) -> f64 {
    if max < 0.0 {
        return -roundest(-max, -min);
    }
    let near = min - (max - min);
    let orders = order(max - min) - 1..=order(min.abs().max(max.abs()));
    let multiple = |order: i32| {
        let times = (max / power_of_ten(order)).floor();
        // The text is exact; a product would be rounded once more.
        format!("{times}e{order}").parse().unwrap_or(max)
    };
    let mut multiples = orders.rev().map(multiple);
    multiples
        .find(|it| (near..=max).contains(it))
        .unwrap_or(max)
}

/// The exponent of the largest power of ten that is not larger; 0 for 0.
pub fn order(value: f64) -> i32 {
    // The text has the exact exponent; a logarithm would be rounded.
    let text = format!("{value:e}");
    text.split_once('e')
        .and_then(|it| it.1.parse().ok())
        .unwrap_or(0)
}

/// This power of ten, or the least one that a float can hold.
pub fn power_of_ten(order: i32) -> f64 {
    format!("1e{}", order.max(-323)).parse().unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check((min, max): (f64, f64), name: &str) {
        let scale = Scale::of(min, max);
        assert_eq!(scale.named("risk"), name, "{scale:?}");
        let largest = scale.place(min).abs().max(scale.place(max).abs());
        assert!((5e-4..1e6).contains(&largest) || max <= 0.0, "{scale:?}");
    }

    #[test]
    fn labels_are_short_for_all_numbers() {
        check((0.01, 5.0), "risk");
        check((293.1, 295.0), "risk");
        check((293.11, 293.19), "risk");
        check((0.0, 0.0), "risk");
        check((7.0, 7.0), "risk");
        check((0.0, 1e-300), "risk (× 1e-300)");
        check((5e-324, 5e-324), "risk (× 1e-323)");
        check((1e149, 1e150), "risk (× 1e150)");
        check((1.7e9, 1.7e9 * 1.01), "risk (× 1e9)");
    }

    #[test]
    fn the_roundest_number_of_the_data_is_subtracted() {
        check((293.1488, 293.1512), "risk − 293.15");
        check((1e9 - 1.0, 1e9 + 1.0), "risk − 1e9");
        check((1.7e9, 1.7e9 + 299_940.0), "risk − 1.7e9");
        check((1e9 - 1e-4, 1e9 + 1e-4), "risk − 1e9 (× 1e-4)");
        check((1e150, 1e150 * (1.0 + 1e-9)), "risk − 1e150 (× 1e141)");
        // Not a multiple of the last digit that differs.
        check((100_000.002, 100_000.998), "risk − 100000");
        check((-100_000.998, -100_000.002), "risk + 100000");
        check((1.7e9 + 0.01, 1.7e9 + 0.99), "risk − 1.7e9");
        check((2.5e12 + 0.1, 2.5e12 + 6.9), "risk − 2.5e12");
        check((293.150_000_1, 293.150_009_9), "risk − 293.15 (× 1e-6)");
    }

    #[test]
    fn a_part_has_the_scale_of_the_whole_where_that_suits_it() {
        let whole = Scale::of(0.0, 4e-300);
        assert_eq!(whole.of_part(0.0, 7.9e-301), whole);
        let whole = Scale::of(0.0, 5e8);
        assert_eq!(whole.of_part(0.0, 60.0), Scale::of(0.0, 60.0));
        let whole = Scale::of(0.0, 1e9);
        assert_eq!(whole.of_part(0.4, 2e6), Scale::of(0.4, 2e6));
        let whole = Scale::of(1e9 - 1.0, 1e9 + 1.0);
        assert_eq!(whole.of_part(1e9 + 1e-5, 1e9 + 1e-5), whole);
        assert_eq!(whole.of_part(1e9 - 0.01, 1e9 + 0.01), whole);
    }
}
