//! How are means and deviations added up without losing digits?

use super::partial::power_of_two;
use super::sum::Sum;
use super::tile::TILE;

/// Count, mean, spread and extremes of some numbers. Two of them merge into those of both.
///
/// The spread is the sum of squared distances from the mean. It is never the difference of two large sums.
/// Source: Chan, Golub and LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances" (1979).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    /// How many numbers.
    pub count: u64,
    /// Their sum.
    pub sum: Sum,
    /// The sum of squared distances from the mean.
    squares: Sum,
    /// The smallest number, if there is one.
    pub min: f64,
    /// The largest number, if there is one.
    pub max: f64,
}

/// A count as a float: exact up to 2^53, and there are no more than 10^12 points.
#[expect(clippy::cast_precision_loss, reason = "see above")]
pub fn float(count: u64) -> f64 {
    count as f64
}

/// A float as a count, without its fraction.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates"
)]
pub fn whole(value: f64) -> u64 {
    value as u64
}

impl Moments {
    /// The moments of a few thousand numbers.
    pub fn of(values: &[f64]) -> Self {
        let extremes = extremes(values);
        let splitter = Splitter::new(extremes.0.abs().max(extremes.1.abs()));
        Self::with_sum(values, splitter.sum(values), extremes)
    }

    /// The same, if sum and extremes are known already.
    pub fn with_sum(values: &[f64], sum: Sum, (min, max): (f64, f64)) -> Self {
        let mut moments = Self {
            count: values.len() as u64,
            sum,
            squares: Sum::default(),
            min,
            max,
        };
        let (mean, rest) = moments.exact_mean();
        moments.squares = squares(values, mean, (max - mean).max(mean - min));
        moments.squares.add(-rest * rest * float(moments.count));
        moments
    }

    /// Adds the numbers of another one.
    pub fn merge(&mut self, other: &Self) {
        if self.count == 0 {
            *self = *other;
            return;
        }
        if other.count == 0 {
            return;
        }
        let (ours, theirs) = (float(self.count), float(other.count));
        let (our_mean, our_rest) = self.exact_mean();
        let (their_mean, their_rest) = other.exact_mean();
        let apart = (their_mean - our_mean) + (their_rest - our_rest);
        self.squares.merge(other.squares);
        self.squares
            .add(apart * apart * (ours * theirs / (ours + theirs)));
        self.sum.merge(other.sum);
        self.count += other.count;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// The mean. Rounding never moves it beyond the extremes.
    pub fn mean(&self) -> f64 {
        (self.sum.value() / float(self.count)).clamp(self.min, self.max)
    }

    /// The mean, and what rounding takes away from it. Beside a large offset that is as large as the digits of the
    /// distance between two means.
    fn exact_mean(&self) -> (f64, f64) {
        let (mean, count) = (self.mean(), float(self.count));
        let product = mean * count;
        let mut rest = self.sum;
        rest.add(-product);
        rest.add(-mean.mul_add(count, -product));
        let rest = rest.value() / count;
        (mean, if rest.is_finite() { rest } else { 0.0 })
    }

    /// The sample standard deviation, divided by n - 1 as in pandas. One number has none.
    pub fn std(&self) -> Option<f64> {
        (self.count > 1).then(|| (self.squares.value().max(0.0) / float(self.count - 1)).sqrt())
    }
}

/// A sum below this share of the splitter may have lost digits from the lower halves of large numbers.
const CANCELLED: f64 = 1.0 / (1 << 30) as f64;
/// Beside a splitter up to this one, the lower halves of a tile lose less than 1e-16 or so.
const HARMLESS: f64 = 8.0 / CANCELLED;
/// A number below this share of the splitter has digits that the sum of the lower halves cannot hold.
const FINE: f64 = CANCELLED / 8192.0;

/// Splits numbers in two. The upper halves of a whole tile then add up without rounding.
///
/// An upper half is a multiple of the last digit of a very large number. No sum of [`TILE`] numbers reaches that
/// number. Source: Rump, Ogita and Oishi, "Accurate floating-point summation" (2008), section 3.
#[derive(Clone, Copy)]
pub struct Splitter(f64);

impl Splitter {
    /// For at most [`TILE`] numbers that are not larger than this.
    pub fn new(largest: f64) -> Self {
        Self(power_of_two(largest) * float(4 * TILE as u64))
    }

    /// The upper half of a number, and the rest.
    #[inline]
    pub fn split(self, value: f64) -> (f64, f64) {
        let high = (self.0 + value) - self.0;
        (high, value - high)
    }

    /// The sum of numbers. Eight sums run side by side, and the processor works on all of them at once.
    ///
    /// If large numbers cancel out, or may cancel out those of another tile, all numbers are added up one by one.
    fn sum(self, values: &[f64]) -> Sum {
        let (mut highs, mut lows) = ([0.0; 8], [0.0; 8]);
        let (eights, rest) = values.as_chunks::<8>();
        for eight in eights {
            for lane in 0..8 {
                let (high, low) = self.split(eight[lane]);
                highs[lane] += high;
                lows[lane] += low;
            }
        }
        for (lane, value) in rest.iter().enumerate() {
            let (high, low) = self.split(*value);
            highs[lane] += high;
            lows[lane] += low;
        }
        let sum = Sum::of(total(highs), total(lows));
        let is_cancelled = sum.value().abs() < self.0 * CANCELLED;
        if !is_cancelled && !self.hides_some_of(values) {
            return sum;
        }
        let mut sum = Sum::default();
        for value in values {
            sum.add(*value);
        }
        sum
    }

    /// Whether a number is so small that its last digits vanish among the lower halves of the others.
    fn hides_some_of(self, values: &[f64]) -> bool {
        let is_hidden = |value: &f64| value.abs() < self.0 * FINE && value.abs() > 0.0;
        self.0 > HARMLESS && values.iter().any(is_hidden)
    }
}

/// The smallest and the largest of finite numbers.
///
/// ndarray has no minimum of floats, and a fold with one value waits for each result. Here eight values run side by
/// side.
pub fn extremes(values: &[f64]) -> (f64, f64) {
    let (mut min, mut max) = ([f64::INFINITY; 8], [f64::NEG_INFINITY; 8]);
    let (eights, rest) = values.as_chunks::<8>();
    for eight in eights {
        for lane in 0..8 {
            let value = eight[lane];
            min[lane] = if value < min[lane] { value } else { min[lane] };
            max[lane] = if value > max[lane] { value } else { max[lane] };
        }
    }
    let min = min.iter().chain(rest).copied();
    let max = max.iter().chain(rest).copied();
    (
        min.fold(f64::INFINITY, f64::min),
        max.fold(f64::NEG_INFINITY, f64::max),
    )
}

/// How much of the sum of squares rounding may take away, in half units of its last digit.
const HALF_UNITS: f64 = 16.0;

/// The sum of squared distances from a mean. The largest distance decides how they are added up.
fn squares(values: &[f64], mean: f64, largest: f64) -> Sum {
    let mut sum = [0.0; 8];
    let (eights, rest) = values.as_chunks::<8>();
    for eight in eights {
        for lane in 0..8 {
            let distance = eight[lane] - mean;
            sum[lane] += distance * distance;
        }
    }
    let square = |value: &f64| (value - mean) * (value - mean);
    let all = total(sum) + rest.iter().map(square).sum::<f64>();
    // Each of the other squares in its lane may lose half a unit of the largest one.
    if largest * largest * float(eights.len() as u64) <= all * HALF_UNITS {
        return Sum::of(all, 0.0);
    }
    let mut sum = Sum::default();
    for value in values {
        sum.add(square(value));
    }
    sum
}

/// Adds up eight sums, always in the same order.
fn total(sum: [f64; 8]) -> f64 {
    ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]))
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the values must be exact")]
mod tests {
    use super::*;

    /// The moments of some numbers, taken `at_once` at a time and then merged.
    fn moments(values: &[f64], at_once: usize) -> Moments {
        let mut all = Moments::default();
        for part in values.chunks(at_once) {
            all.merge(&Moments::of(part));
        }
        all
    }

    /// math.fsum says the same of these.
    #[test]
    fn a_sum_keeps_small_numbers_if_large_ones_of_other_parts_cancel_out() {
        for large in [1e10, 1e16, 1e28, 1e40 / 3.0, 1e100, 1e150] {
            for (times, ones) in [(1, 5000), (1, 40_000), (1000, 5000), (3000, 3000)] {
                let mut values = vec![large; times];
                values.extend(vec![1.0; ones]);
                values.extend(vec![-large; times]);
                for at_once in [1, 100, TILE] {
                    let sum = moments(&values, at_once).sum.value();
                    assert_eq!(sum, float(ones as u64), "{large} {times} {at_once}");
                }
            }
        }
    }

    #[test]
    fn parts_merge_into_the_whole() {
        // 0 to 999: mean (n - 1) / 2, variance n (n + 1) / 12.
        let values: Vec<f64> = (0..1000).map(f64::from).collect();
        for at_once in [1, 7, 8, 100, 1000] {
            let all = moments(&values, at_once);
            assert_eq!((all.count, all.min, all.max), (1000, 0.0, 999.0));
            assert_eq!(all.mean(), 499.5);
            let std = all.std().unwrap();
            assert!(
                (std - (1000.0 * 1001.0 / 12.0_f64).sqrt()).abs() < 1e-10,
                "{std}"
            );
        }
    }

    #[test]
    fn a_deviation_has_12_digits_beside_an_offset_of_a_billion() {
        let values: Vec<f64> = (0..1000).map(|it| 1e9 + f64::from(it % 2)).collect();
        let std = moments(&values, 64).std().unwrap();
        assert!((std - (250.0_f64 / 999.0).sqrt()).abs() < 1e-12, "{std}");
    }

    /// Python's `fractions` say the same of these, rounded once.
    #[test]
    fn the_deviation_of_sorted_numbers_has_all_its_digits_beside_any_offset() {
        for (offset, step) in [
            (0.0, 1.0),
            (1e9, 1.0),
            (1e12, 1.0),
            (1e15, 8.0),
            (-5.15e7, 1.0 / 128.0),
        ] {
            let count = 20_000;
            let values: Vec<f64> = (0..count).map(|it| offset + f64::from(it) * step).collect();
            let n = f64::from(count);
            let expected = (n * (n + 1.0) / 12.0).sqrt() * step;
            for at_once in [1, 7, 1000, TILE] {
                let std = moments(&values, at_once).std().unwrap();
                assert!(
                    (std / expected - 1.0).abs() < 1e-14,
                    "{offset} {at_once}: {std}, {expected}"
                );
            }
        }
    }

    #[test]
    fn small_numbers_count_for_the_deviation_beside_a_large_one() {
        for large in [1e7, 1e8 / 3.0, -1e8] {
            let mut values: Vec<f64> = (0..20_000).map(|it| f64::from(it % 2) - 0.5).collect();
            (values[0], values[1]) = (-large, large);
            let squares = 2.0 * large * large + 0.25 * 19_998.0;
            let expected = (squares / 19_999.0).sqrt();
            for at_once in [1, 7, 1000, TILE] {
                let std = moments(&values, at_once).std().unwrap();
                assert!(
                    (std / expected - 1.0).abs() < 4e-16,
                    "{large} {at_once}: {std}, {expected}"
                );
            }
        }
    }

    #[test]
    fn one_number_has_no_deviation_and_equal_numbers_have_deviation_zero() {
        assert_eq!(moments(&[3.0], 1).std(), None);
        for value in [0.1, 293.15, 1e9 + 0.1, -1e15 / 3.0, 1e-300] {
            for at_once in [1, 3, 1000, TILE] {
                let all = moments(&vec![value; 20_000], at_once);
                assert_eq!((all.mean(), all.std()), (value, Some(0.0)));
            }
        }
    }
}
