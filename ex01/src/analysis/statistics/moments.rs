//! How are means and deviations added up without losing digits?

use super::partial::power_of_two;
use super::tile::TILE;

/// A sum that carries its own rounding errors along.
///
/// Source: Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen" (1974).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sum {
    /// The sum as a float can hold it.
    rounded: f64,
    /// What rounding took away so far.
    lost: f64,
}

impl Sum {
    /// A sum that was gathered in two halves.
    pub fn of(rounded: f64, lost: f64) -> Self {
        Self { rounded, lost }
    }

    /// Adds one number.
    pub fn add(&mut self, value: f64) {
        let sum = self.rounded + value;
        self.lost += if self.rounded.abs() >= value.abs() {
            (self.rounded - sum) + value
        } else {
            (value - sum) + self.rounded
        };
        self.rounded = sum;
    }

    /// Adds what another sum gathered.
    pub fn merge(&mut self, other: Self) {
        self.add(other.rounded);
        self.lost += other.lost;
    }

    /// The sum, rounded once.
    pub fn value(self) -> f64 {
        self.rounded + self.lost
    }
}

/// Count, mean, spread and extremes of some numbers; two of them merge into that of both.
///
/// The spread is kept as the sum of squared distances from the mean, never as a difference of two large sums.
/// Source: Chan, Golub and LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances" (1979).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// How many numbers.
    pub count: u64,
    /// Their sum.
    pub sum: Sum,
    /// The sum of squared distances from the mean.
    squares: Sum,
    /// The smallest one; infinite while there is none.
    pub min: f64,
    /// The largest one; minus infinite while there is none.
    pub max: f64,
}

impl Default for Moments {
    fn default() -> Self {
        Self {
            count: 0,
            sum: Sum::default(),
            squares: Sum::default(),
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
        }
    }
}

/// A count as a float: exact up to 2^53, and there are no more than 10^12 points.
#[expect(clippy::cast_precision_loss, reason = "see above")]
pub fn float(count: u64) -> f64 {
    count as f64
}

impl Moments {
    /// Of a few thousand numbers.
    pub fn of(values: &[f64]) -> Self {
        let extremes = extremes(values);
        let splitter = Splitter::new(extremes.0.abs().max(extremes.1.abs()));
        Self::with_sum(values, splitter.sum(values), extremes)
    }

    /// The same, where sum and extremes are known already.
    pub fn with_sum(values: &[f64], sum: Sum, (min, max): (f64, f64)) -> Self {
        let mut moments = Self {
            count: values.len() as u64,
            sum,
            squares: Sum::default(),
            min,
            max,
        };
        moments.squares.add(squares(values, moments.mean()));
        moments
    }

    /// Takes in the numbers of another one.
    pub fn merge(&mut self, other: &Self) {
        if self.count == 0 {
            *self = *other;
            return;
        }
        if other.count == 0 {
            return;
        }
        let (ours, theirs) = (float(self.count), float(other.count));
        let apart = other.mean() - self.mean();
        self.squares.merge(other.squares);
        self.squares
            .add(apart * apart * (ours * theirs / (ours + theirs)));
        self.sum.merge(other.sum);
        self.count += other.count;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// The mean; rounding never carries it beyond the extremes.
    pub fn mean(&self) -> f64 {
        (self.sum.value() / float(self.count)).clamp(self.min, self.max)
    }

    /// The sample standard deviation, with n - 1 in the denominator as in pandas; one number has none.
    pub fn std(&self) -> Option<f64> {
        (self.count > 1).then(|| (self.squares.value().max(0.0) / float(self.count - 1)).sqrt())
    }
}

/// A sum of less than this share of the splitter may owe its digits to the lower halves of large numbers.
const CANCELLED: f64 = 1.0 / (1 << 30) as f64;

/// Splits numbers in two so that the upper halves of a whole tile add up without any rounding.
///
/// An upper half is a multiple of the last place of a number so large that no sum of [`TILE`] numbers reaches it.
/// Source: Rump, Ogita and Oishi, "Accurate floating-point summation" (2008), section 3.
#[derive(Clone, Copy)]
pub struct Splitter(f64);

impl Splitter {
    /// For at most [`TILE`] numbers of at most this size.
    pub fn new(largest: f64) -> Self {
        Self(power_of_two(largest) * float(4 * TILE as u64))
    }

    /// The upper half of a number, and the rest.
    #[inline]
    pub fn split(self, value: f64) -> (f64, f64) {
        let high = (self.0 + value) - self.0;
        (high, value - high)
    }

    /// The sum of numbers: eight running pairs, on all of which the processor works at once.
    ///
    /// Where large numbers cancel out, what is left of the lower halves is added up one by one.
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
        if sum.value().abs() >= self.0 * CANCELLED {
            return sum;
        }
        let mut sum = Sum::default();
        for value in values {
            sum.add(*value);
        }
        sum
    }
}

/// The smallest and the largest of finite numbers.
///
/// ndarray has no such thing for floats, and a fold over one running value waits for itself: here are eight.
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

/// The sum of squared distances from a mean.
fn squares(values: &[f64], mean: f64) -> f64 {
    let mut sum = [0.0; 8];
    let (eights, rest) = values.as_chunks::<8>();
    for eight in eights {
        for lane in 0..8 {
            let distance = eight[lane] - mean;
            sum[lane] += distance * distance;
        }
    }
    let rest = rest.iter().map(|value| (value - mean) * (value - mean));
    total(sum) + rest.sum::<f64>()
}

/// Eight running sums in one, always in the same order.
fn total(sum: [f64; 8]) -> f64 {
    ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]))
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "exact values are what is promised")]
mod tests {
    use super::*;

    /// Moments of some numbers, taken `at_once` and then merged.
    fn moments(values: &[f64], at_once: usize) -> Moments {
        let mut all = Moments::default();
        for part in values.chunks(at_once) {
            all.merge(&Moments::of(part));
        }
        all
    }

    #[test]
    fn a_sum_keeps_what_rounding_takes() {
        let mut sum = Sum::default();
        for value in [1.0, 1e100, 1.0, -1e100] {
            sum.add(value);
        }
        assert_eq!(sum.value(), 2.0);
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
    fn a_large_offset_costs_no_digits() {
        let values: Vec<f64> = (0..1000).map(|it| 1e9 + f64::from(it % 2)).collect();
        let std = moments(&values, 64).std().unwrap();
        assert!((std - (250.0_f64 / 999.0).sqrt()).abs() < 1e-12, "{std}");
    }

    #[test]
    fn one_number_has_no_deviation_and_equal_numbers_have_none_either() {
        assert_eq!(moments(&[3.0], 1).std(), None);
        let all = moments(&[0.1; 1000], 3);
        assert_eq!((all.mean(), all.std()), (0.1, Some(0.0)));
    }
}
