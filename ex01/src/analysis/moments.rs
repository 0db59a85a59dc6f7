//! How are means and deviations added up without losing digits?

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
    /// Adds one number.
    pub fn add(&mut self, value: f64) {
        let sum = self.rounded + value;
        self.lost += match self.rounded.abs() >= value.abs() {
            true => (self.rounded - sum) + value,
            false => (value - sum) + self.rounded,
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
    /// Of a few thousand numbers, whose sum and extremes are known already.
    pub fn of(values: &[f64], edges: Edges) -> Self {
        let mut moments = Self {
            count: values.len() as u64,
            min: edges.min,
            max: edges.max,
            ..Self::default()
        };
        moments.sum.add(edges.sum);
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

/// Sum and extremes of a slice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edges {
    /// The sum.
    pub sum: f64,
    /// The smallest value.
    pub min: f64,
    /// The largest value.
    pub max: f64,
}

/// Sum and extremes of finite numbers in one pass.
///
/// Eight running values instead of one: the processor works on all of them at once, and the order of the additions
/// is the same on every machine.
pub fn edges(values: &[f64]) -> Edges {
    let (mut sum, mut min, mut max) = ([0.0; 8], [f64::INFINITY; 8], [f64::NEG_INFINITY; 8]);
    let (eights, rest) = values.as_chunks::<8>();
    for eight in eights {
        for lane in 0..8 {
            let value = eight[lane];
            sum[lane] += value;
            min[lane] = if value < min[lane] { value } else { min[lane] };
            max[lane] = if value > max[lane] { value } else { max[lane] };
        }
    }
    let mut all = Edges {
        sum: total(sum),
        min: min.into_iter().fold(f64::INFINITY, f64::min),
        max: max.into_iter().fold(f64::NEG_INFINITY, f64::max),
    };
    for value in rest {
        all.sum += value;
        all.min = all.min.min(*value);
        all.max = all.max.max(*value);
    }
    all
}

/// The smallest of finite numbers, as [`edges`] finds it.
pub fn min(values: &[f64]) -> f64 {
    let mut min = [f64::INFINITY; 8];
    let (eights, rest) = values.as_chunks::<8>();
    for eight in eights {
        for lane in 0..8 {
            let value = eight[lane];
            min[lane] = if value < min[lane] { value } else { min[lane] };
        }
    }
    min.iter()
        .chain(rest)
        .copied()
        .fold(f64::INFINITY, f64::min)
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
            all.merge(&Moments::of(part, edges(part)));
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
