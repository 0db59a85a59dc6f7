//! Where do the histogram's bins begin and end? At the least and the greatest value.

use crate::analysis::statistics::{Ladder, Step, float, power_of_two};

const MOST: usize = 128;
/// Up to this many different values get their own bins.
const FEW: usize = 64;

/// Bins of equal width. The last one includes its upper edge, as in numpy.
#[derive(Debug, PartialEq)]
pub struct Bins {
    /// Where the first one begins.
    pub lo: f64,
    /// Where the last one ends.
    pub hi: f64,
    pub count: usize,
    /// Whether each bin holds one value, in its middle.
    pub values: bool,
}

impl Bins {
    /// The bin of a step.
    pub fn index(&self, step: &Step) -> u32 {
        let edges = (self.hi - self.lo) / float(self.count as u64);
        let guess = ((step.least - self.lo) / edges).floor().max(0.0);
        let last = self.count - 1;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the cast saturates, and there are few bins"
        )]
        let mut bin = (guess as usize).min(last);
        // The division is rounded, so the edges decide.
        if bin > 0 && step.least < self.edge(bin) {
            bin -= 1;
        } else if bin < last && step.least >= self.edge(bin + 1) {
            bin += 1;
        }
        u32::try_from(bin).unwrap_or(u32::MAX)
    }

    /// The lower edge of a bin.
    fn edge(&self, bin: usize) -> f64 {
        let width = (self.hi - self.lo) / float(self.count as u64);
        self.lo + width * float(bin as u64)
    }
}

/// The bins for these numbers.
pub fn of(ladder: &Ladder) -> Bins {
    let steps = ladder.steps();
    let (Some(first), Some(last)) = (steps.first(), steps.last()) else {
        return single_bin(0.0, 0.0);
    };
    let (min, max) = (first.least, last.greatest);
    if min >= max {
        return single_bin(min, max);
    }
    if ladder.is_exact()
        && let Some(bins) = whole_steps(steps)
        && !is_comb(&bins, steps)
    {
        return bins;
    }
    let bin_count = bin_count(ladder, max - min);
    match ladder.centre {
        Some(centre) if !ladder.is_exact() => of_cells(centre, last, min, bin_count),
        _ => Bins {
            lo: min,
            hi: max,
            count: bin_count,
            values: false,
        },
    }
}

/// All values are equal.
fn single_bin(lo: f64, hi: f64) -> Bins {
    Bins {
        lo,
        hi,
        count: 1,
        values: true,
    }
}

/// Few values with equal distances: each one is in the middle of its own bin.
fn whole_steps(steps: &[Step]) -> Option<Bins> {
    if steps.len() > FEW {
        return None;
    }
    let gaps = steps.windows(2).map(|it| it[1].least - it[0].greatest);
    let narrowest = gaps.clone().fold(f64::INFINITY, f64::min);
    let is_whole = |gap: f64| {
        let times = gap / narrowest;
        (times - times.round()).abs() < 1e-6 * times
    };
    let (min, max) = (steps.first()?.least, steps.last()?.greatest);
    let count = ((max - min) / narrowest).round() + 1.0;
    if !gaps.clone().all(is_whole) || count > float(MOST as u64) {
        return None;
    }
    let half = (max - min) / (count - 1.0) / 2.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "2 to 128"
    )]
    let count = count as usize;
    let (lo, hi) = (min - half, max + half);
    (lo < min && max < hi && hi.is_finite()).then_some(Bins {
        lo,
        hi,
        count,
        values: true,
    })
}

/// Whether most bins would be empty and the others hold one point each. That shows the rows, but no shape.
fn is_comb(bins: &Bins, steps: &[Step]) -> bool {
    let points: u64 = steps.iter().map(|it| it.count).sum();
    let values = steps.len();
    bins.count > 2 * values && points < 2 * values as u64
}

/// How many bins show the shape and not the noise.
///
/// Sources: Freedman and Diaconis, "On the histogram as a density estimator" (1981): width 2 × IQR / ∛n; Sturges, "The
/// choice of a class interval" (1926): log₂ n + 1 bins. The larger number of bins counts, as in numpy.
fn bin_count(ladder: &Ladder, range: f64) -> usize {
    let n = float(ladder.count());
    let quartiles = ladder.quantiles().values;
    let freedman = range / (2.0 * (quartiles[4] - quartiles[2]) / n.cbrt());
    let sturges = n.log2() + 1.0;
    let most = float(MOST as u64);
    let bins = if freedman.is_finite() {
        freedman.max(sturges)
    } else {
        sturges
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "1 to 128"
    )]
    {
        bins.ceil().clamp(1.0, most) as usize
    }
}

/// Bins of whole cells, so that the counts are exact. There are at most `most` bins, those that fit the data best.
fn of_cells(centre: f64, last: &Step, min: f64, most: usize) -> Bins {
    let max = last.greatest;
    let furthest = (max - centre).abs().max((min - centre).abs());
    // Each bin is as wide as the widest cells, those of the outermost octave. So every cell is inside one bin. The
    // cells of the smallest floats do not become narrower.
    let width = (power_of_two(furthest) / 1024.0).max(f64::MIN_POSITIVE / 1024.0);
    let first = ((min - centre) / width).floor();
    let end = (max - centre) / width;
    // If the last cell holds only its own lower edge, it belongs to the bin below.
    let end = if end.fract().abs() > 0.0 || last.least < max {
        end.floor() + 1.0
    } else {
        end
    };
    let cells = end - first;
    let fits = (most * 2 / 3 + 1..=most).rev().map(|bins| {
        let each = (cells / float(bins as u64)).ceil();
        let count = (cells / each).ceil();
        (count * each - cells, each, count)
    });
    let (_, each, count) = fits
        .min_by(|one, other| (one.0 / one.1).total_cmp(&(other.0 / other.1)))
        .unwrap_or((0.0, cells, 1.0));
    let lo = centre + first * width;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "1 to 128"
    )]
    Bins {
        lo,
        hi: (lo + count * each * width).min(f64::MAX),
        count: count as usize,
        values: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(values: impl Iterator<Item = f64>) -> Bins {
        of(&Ladder::exact(values.collect()))
    }

    #[test]
    fn bins_span_the_data() {
        let bins = exact((0..1000).map(|it| f64::from(it) * 0.1 + f64::from(it % 7) * 0.01));
        assert_eq!((bins.lo, bins.count), (0.0, 11));
        assert!((bins.hi - 99.95).abs() < 0.01, "{bins:?}");
        assert_eq!(exact([7.0].into_iter()), single_bin(7.0, 7.0));
    }

    #[test]
    fn different_values_of_one_point_each_share_bins() {
        let comb = || (0..40).map(|it| f64::from(it) + 0.2 * f64::from(it % 10));
        let bins = exact(comb());
        assert_eq!((bins.lo, bins.count, bins.values), (0.0, 7, false));
        assert!(exact(comb().chain(comb())).values);
        assert!(exact((0..40).map(f64::from)).values);
    }

    #[test]
    fn few_values_get_their_own_bins() {
        let bins = exact((0..1000).map(|it| 0.2 * f64::from(it % 10)));
        assert_eq!(bins.count, 10);
        assert!((bins.lo + 0.1).abs() < 1e-12 && (bins.hi - 1.9).abs() < 1e-12);
        for number in 0..10 {
            let value = 0.2 * f64::from(number);
            let step = Step {
                count: 1,
                least: value,
                greatest: value,
            };
            assert_eq!(bins.index(&step), number);
        }
    }
}
