//! How are numbers added up without losing digits?

/// How many times a sum keeps what rounding takes away.
const TERMS: usize = 4;

/// A sum that also keeps its rounding errors, the errors of their sum, and so on.
///
/// So small numbers remain if large ones cancel out, even if they are in different parts of the data. Source: Klein, "A
/// generalized Kahan-Babuška-summation-algorithm" (2006).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sum {
    /// The sum, rounded to a float, and then what rounding has taken away from the term before.
    terms: [f64; TERMS],
}

/// The sum of two numbers, and what rounding takes away. Source: Knuth, *TAOCP* 2, section 4.2.2.
fn rounded_sum(one: f64, other: f64) -> (f64, f64) {
    let sum = one + other;
    let part = sum - one;
    (sum, (one - (sum - part)) + (other - part))
}

impl Sum {
    /// A sum from its two halves.
    pub fn of(rounded: f64, lost: f64) -> Self {
        Self {
            terms: [rounded, lost, 0.0, 0.0],
        }
    }

    /// Adds one number.
    pub fn add(&mut self, value: f64) {
        self.add_to(0, value);
    }

    /// Adds a number to a term, and what rounding takes away to the next ones.
    fn add_to(&mut self, first: usize, mut value: f64) {
        for term in &mut self.terms[first..] {
            if value.abs() <= 0.0 {
                return;
            }
            (*term, value) = rounded_sum(*term, value);
        }
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: Self) {
        for (place, term) in other.terms.into_iter().enumerate() {
            self.add_to(place, term);
        }
    }

    /// The sum, rounded once.
    pub fn value(self) -> f64 {
        let mut terms = self.terms;
        // Each round moves what is left after a cancellation one term up.
        for _ in 1..TERMS {
            for place in (1..TERMS).rev() {
                (terms[place - 1], terms[place]) = rounded_sum(terms[place - 1], terms[place]);
            }
        }
        terms.into_iter().rev().sum()
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the values must be exact")]
mod tests {
    use super::*;

    #[test]
    fn a_sum_keeps_what_rounding_takes() {
        let mut sum = Sum::default();
        for value in [1.0, 1e100, 1.0, -1e100] {
            sum.add(value);
        }
        assert_eq!(sum.value(), 2.0);
    }
}
