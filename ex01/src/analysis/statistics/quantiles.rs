//! Which value has a given rank, if the numbers are sorted or only counted?

use super::moments::{float, whole};
use super::sketch::{RELATIVE_ERROR, Sketch, Step};
use crate::results::QUANTILES;

/// All numbers of a column in ascending order, in steps.
pub struct Ladder {
    pub steps: Vec<Step>,
    /// The same numbers in other steps. The ends of these are exact too.
    pub check: Option<Vec<Step>>,
    /// How many numbers.
    pub count: u64,
}

/// The quantiles of a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantiles {
    /// One for each of [`QUANTILES`].
    pub values: [f64; QUANTILES.len()],
    /// The error of each value is at most this.
    pub error: f64,
    /// The error is also at most this share of the value.
    pub relative_error: f64,
}

impl Step {
    /// The number at a rank within the step: the ends are known, and equal distances are assumed between them.
    fn at(&self, rank: u64) -> f64 {
        if rank == 0 {
            return self.least;
        }
        let share = float(rank) / float(self.count - 1);
        (self.least + (self.greatest - self.least) * share).min(self.greatest)
    }

    /// How many of its numbers are below one between its ends, if their distances are equal.
    pub fn below(&self, edge: f64) -> u64 {
        let share = (edge - self.least) / (self.greatest - self.least);
        let rank = whole((share * float(self.count - 1)).ceil());
        // At least the first number is below, and the last one is not.
        rank.min(self.count - 1).max(1)
    }
}

impl Ladder {
    /// Steps of numbers that are all known.
    pub fn exact(mut values: Vec<f64>) -> Self {
        values.sort_unstable_by(f64::total_cmp);
        let equal = |one: &f64, other: &f64| one.total_cmp(other).is_eq();
        let steps = values.chunk_by(equal).map(|equal| Step {
            count: equal.len() as u64,
            least: equal[0],
            greatest: equal[0],
        });
        Self {
            count: values.len() as u64,
            steps: steps.collect(),
            check: None,
        }
    }

    /// Steps of numbers that were counted: around zero, and perhaps around a centre too.
    pub fn counted(zero: &Sketch, centred: Option<&Sketch>) -> Self {
        let mut steps = centred.unwrap_or(zero).cells();
        let check = centred.map(|_| zero.cells());
        // A value far from the centre was rounded when the centre was taken away. Around zero, the ends are exact.
        if let Some([exact, ..]) = check.as_deref()
            && let Some(first) = steps.first_mut()
        {
            first.least = exact.least;
            first.greatest = first.greatest.max(exact.least);
        }
        if let Some([.., exact]) = check.as_deref()
            && let Some(last) = steps.last_mut()
        {
            last.greatest = exact.greatest;
            last.least = last.least.min(exact.greatest);
        }
        Self {
            count: steps.iter().map(|it| it.count).sum(),
            steps,
            check,
        }
    }

    /// The number at a rank, and how large its error may be.
    fn at(&self, rank: u64) -> (f64, f64) {
        let find = |steps: &[Step]| {
            let mut below = 0;
            for step in steps {
                if rank < below + step.count {
                    return Some((*step, rank - below));
                }
                below += step.count;
            }
            None
        };
        let Some((step, within)) = find(&self.steps) else {
            return (f64::NAN, f64::NAN);
        };
        let (value, error) = (step.at(within), step.greatest - step.least);
        match self.check.as_deref().and_then(find) {
            None => (value, error),
            Some((other, _)) => {
                let value = value.clamp(other.least, other.greatest);
                (value, error.min(other.greatest - other.least))
            }
        }
    }

    /// The number at a share of the way from the least to the greatest, linear between neighbours.
    ///
    /// The quantile `q` of n values has rank `q × (n - 1)`, counted from 0, as in numpy's default method.
    fn quantile(&self, q: f64) -> (f64, f64) {
        let rank = q * float(self.count - 1);
        let below = whole(rank);
        let (low, one) = self.at(below);
        let (high, other) = self.at((below + 1).min(self.count - 1));
        let step = rank - rank.floor();
        // Numpy computes from the nearer side too.
        let value = if step < 0.5 {
            low + (high - low) * step
        } else {
            high - (high - low) * (1.0 - step)
        };
        (value, one.max(other))
    }

    /// The quantiles that are shown.
    pub fn quantiles(&self) -> Quantiles {
        let both = QUANTILES.map(|q| self.quantile(q));
        let error = both.iter().map(|it| it.1).fold(0.0, f64::max);
        Quantiles {
            values: both.map(|it| it.0),
            error,
            relative_error: if error > 0.0 { RELATIVE_ERROR } else { 0.0 },
        }
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the values must be exact")]
mod tests {
    use super::*;

    fn counted(values: &[f64], centre: Option<f64>) -> Ladder {
        let sketch = |centre| {
            let mut sketch = Sketch::new(centre).unwrap();
            sketch.count(values);
            sketch
        };
        Ladder::counted(&sketch(0.0), centre.map(sketch).as_ref())
    }

    #[test]
    fn an_exact_quantile_agrees_with_numpy() {
        // numpy.quantile([1, 2, 4, 8], …)
        let ladder = Ladder::exact(vec![8.0, 1.0, 4.0, 2.0]);
        for (q, expected) in [
            (0.0, 1.0),
            (0.25, 1.75),
            (0.5, 3.0),
            (0.75, 5.0),
            (1.0, 8.0),
        ] {
            assert_eq!(ladder.quantile(q).0, expected);
        }
        assert_eq!(Ladder::exact(vec![7.0]).quantile(0.99), (7.0, 0.0));
    }

    #[test]
    fn a_counted_quantile_keeps_both_its_bounds() {
        let values: Vec<f64> = (0..50_001)
            .map(|it| f64::from(it) / 1000.0 - 20.0)
            .collect();
        let (ladder, exact) = (counted(&values, None), Ladder::exact(values));
        for q in [0.0, 0.01, 0.05, 0.25, 0.4, 0.5, 0.75, 0.95, 0.99, 1.0] {
            let ((seen, bound), real) = (ladder.quantile(q), exact.quantile(q).0);
            assert!((seen - real).abs() <= bound, "{q}: {seen} for {real}");
            assert!(
                bound <= RELATIVE_ERROR * (real.abs() + 0.002),
                "{q}: {bound}"
            );
        }
    }

    #[test]
    fn around_a_centre_the_error_is_small_compared_to_the_spread() {
        for offset in [293.15, 1e9, -1013.25] {
            let values: Vec<f64> = (0..20_001)
                .map(|it| offset + f64::from(it % 201) / 1e4)
                .collect();
            let (ladder, exact) = (counted(&values, Some(values[100])), Ladder::exact(values));
            for q in QUANTILES {
                let (seen, real) = (ladder.quantile(q).0, exact.quantile(q).0);
                assert!(
                    (seen - real).abs() <= 0.02 * RELATIVE_ERROR,
                    "{q}: {seen} for {real}"
                );
            }
        }
    }

    #[test]
    fn the_first_and_the_last_step_end_with_the_numbers() {
        for (offset, far) in [
            (1e9, 4.112_91e-5),
            (-1e9, -0.3),
            (5.0, -3e5),
            (1e-3, 1e12 / 7.0),
        ] {
            let values = [offset, far, offset + 0.1, far / 3.0];
            let (ladder, exact) = (
                counted(&values, Some(offset)),
                Ladder::exact(values.to_vec()),
            );
            let ends = |ladder: &Ladder| {
                let steps = &ladder.steps;
                (steps[0].least, steps[steps.len() - 1].greatest)
            };
            assert_eq!(ends(&ladder), ends(&exact), "{offset} {far}");
        }
    }

    #[test]
    fn each_quantile_of_few_values_is_one_of_them() {
        let values: Vec<f64> = [(0.0, 40_000), (1.0, 25_537)]
            .into_iter()
            .flat_map(|(value, times)| std::iter::repeat_n(value, times))
            .collect();
        let found = counted(&values, None).quantiles();
        assert_eq!(found.values, [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0]);
        assert_eq!((found.error, found.relative_error), (0.0, 0.0));
    }
}
