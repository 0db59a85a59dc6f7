//! Where do the histogram's bins begin and end? At the least and the greatest value.

use crate::analysis::statistics::{Ladder, Step, float, whole};
use crate::results::Histogram;

/// The most bins, unless each holds one value.
const MOST: u64 = 128;
/// The most bins of one value each.
const MOST_VALUES: u64 = 256;
/// Up to this many different values get their own bins.
const FEW: usize = 64;
/// In bins of one value each, this many points per bin keep the noise low.
const ENOUGH: u64 = 16;
/// From this many steps on, a bin may have any width: one step more or less changes its bar by 3 %.
const MANY: f64 = 32.0;

impl Histogram {
    /// Empty bins of equal width; `values` says whether each will hold one value, in its middle.
    fn empty(lo: f64, hi: f64, bins: u32, values: bool) -> Self {
        Self {
            lo,
            hi,
            counts: vec![0; bins as usize],
            underflow: 0,
            overflow: 0,
            values,
        }
    }

    /// How many numbers of a step are in each bin. If an edge is within the step, bins share it.
    pub fn shares(&self, step: &Step) -> impl Iterator<Item = (u32, u64)> {
        let (first, last) = (self.index(step.least), self.index(step.greatest));
        let mut below = 0;
        (first..=last).map(move |bin| {
            let end = if bin < last {
                step.below(self.edge(bin + 1))
            } else {
                step.count
            };
            let here = end - below;
            below = end;
            (bin, here)
        })
    }

    /// Moves numbers to a neighbouring bin where other steps of the same numbers say that they are beyond the edge.
    pub fn keep_within(&mut self, check: &[Step]) {
        let bins = self.counts.len();
        let (mut surely, mut perhaps) = (vec![0; bins], vec![0; bins]);
        for step in check {
            surely[self.index(step.greatest) as usize] += step.count;
            perhaps[self.index(step.least) as usize] += step.count;
        }
        let (mut seen, mut below, mut least, mut most) = (0, 0, 0, 0);
        for (bin, count) in self.counts.iter_mut().enumerate() {
            seen += *count;
            least += surely[bin];
            most += perhaps[bin];
            let end = seen.clamp(least, most);
            *count = end - below;
            below = end;
        }
    }

    /// The bin of a value.
    fn index(&self, value: f64) -> u32 {
        let last = small(self.counts.len() as u64 - 1);
        let guess = whole((value - self.lo) / self.width());
        let mut bin = small(guess).min(last);
        // The division is rounded, so the edges decide.
        if bin > 0 && value < self.edge(bin) {
            bin -= 1;
        } else if bin < last && value >= self.edge(bin + 1) {
            bin += 1;
        }
        bin
    }

    /// The lower edge of a bin.
    fn edge(&self, bin: u32) -> f64 {
        self.lo + self.width() * f64::from(bin)
    }

    /// The width of a bin.
    fn width(&self) -> f64 {
        (self.hi - self.lo) / float(self.counts.len() as u64)
    }
}

/// A number of bins. There are few.
fn small(bins: u64) -> u32 {
    u32::try_from(bins).unwrap_or(u32::MAX)
}

/// The bins for these numbers, still empty.
pub fn empty_bins(ladder: &Ladder) -> Histogram {
    let steps = &ladder.steps;
    let min = steps.first().map_or(0.0, |it| it.least);
    let max = steps.last().map_or(0.0, |it| it.greatest);
    if min >= max {
        return Histogram::empty(min, max, 1, true);
    }
    let wanted = bin_count(ladder, max - min);
    let bins = Grid::of(steps).and_then(|it| it.bins(steps, wanted));
    bins.unwrap_or_else(|| Histogram::empty(min, max, small(wanted), false))
}

/// Values with equal distances, like whole numbers.
struct Grid {
    min: f64,
    /// The distance of two neighbours.
    step: f64,
    /// How many values fit from the least to the greatest, with those that do not occur.
    places: u64,
}

impl Grid {
    /// The grid of all values, if there is one. If there is none, rounding may have moved equal values apart: by some
    /// units of their own last digit, because a risk is a sum of two numbers that are not negative.
    fn of(steps: &[Step]) -> Option<Self> {
        let (min, max) = (steps.first()?.least, steps.last()?.greatest);
        [0.0, 2.0 * f64::EPSILON].into_iter().find_map(|rounding| {
            let are_equal = |low: f64, high: f64| high - low <= rounding * high.abs();
            if !steps.iter().all(|it| are_equal(it.least, it.greatest)) {
                return None;
            }
            let pairs = steps.windows(2).map(|it| (it[0].greatest, it[1].least));
            let different = pairs.filter(|it| !are_equal(it.0, it.1));
            let gaps = different.map(|it| it.1 - it.0);
            let narrowest = gaps.clone().fold(f64::INFINITY, f64::min);
            let is_whole = |gap: f64| {
                let times = gap / narrowest;
                (times - times.round()).abs() < 1e-6 * times
            };
            let count = ((max - min) / narrowest).round();
            if count < 1.0 || count > MANY * float(MOST) || !gaps.clone().all(is_whole) {
                return None;
            }
            Some(Self {
                min,
                step: (max - min) / count,
                places: whole(count) + 1,
            })
        })
    }

    /// Bins of whole steps, each value in the middle of its step; none if any bins will do.
    fn bins(&self, steps: &[Step], wanted: u64) -> Option<Histogram> {
        let (places, points) = (self.places, steps.iter().map(|it| it.count).sum());
        let each = if steps.len() <= FEW && places <= MOST {
            1
        } else {
            self.steps_per_bin(points, wanted)?
        };
        let count = places.div_ceil(each);
        let lows = [self.min - self.step / 2.0, self.min, self.min.next_down()];
        // Where a step is one of the last digit, rounding may move the ends and the edges between them.
        let ends = lows.into_iter().flat_map(|lo| {
            let hi = lo + self.step * float(count * each);
            [hi, hi.next_up(), hi.next_up().next_up(), hi.next_down()].map(|hi| (lo, hi))
        });
        let mut bins = ends.map(|(lo, hi)| {
            let mut bins = Histogram::empty(lo, hi, small(count), false);
            bins.values = each == 1 && self.is_in_the_middle(&bins, steps);
            bins
        });
        let bins = bins.find(|it| it.hi.is_finite() && self.fits(it, steps, each))?;
        (!is_comb(&bins, steps)).then_some(bins)
    }

    /// The place of a value: 0 for the least one.
    fn place(&self, value: f64) -> u64 {
        whole(((value - self.min) / self.step).round())
    }

    /// Whether each value is in the bin of its place.
    fn fits(&self, bins: &Histogram, steps: &[Step], each: u64) -> bool {
        let is_there = |value| u64::from(bins.index(value)) == self.place(value) / each;
        let are_there = |it: &Step| is_there(it.least) && is_there(it.greatest);
        steps.iter().all(are_there)
    }

    /// Whether each value is near the middle of its bin.
    fn is_in_the_middle(&self, bins: &Histogram, steps: &[Step]) -> bool {
        steps.iter().all(|it| {
            let middle = bins.lo + bins.width() * (float(self.place(it.least)) + 0.5);
            (middle - it.least).abs() <= self.step / 4.0
        })
    }

    /// How many steps a bin has; none if it has so many that any width will do.
    ///
    /// The last bin may have fewer steps than the others. Of the numbers near the wanted one, that which leaves it the
    /// most is taken.
    fn steps_per_bin(&self, points: u64, wanted: u64) -> Option<u64> {
        if float(self.places) >= MANY * float(wanted) {
            return None;
        }
        let bins = |each: u64| self.places.div_ceil(each);
        let missing = |each: u64| float(bins(each) * each - self.places) / float(each);
        let far = |each: u64| libm::log(float(bins(each)) / float(wanted)).abs();
        let near = wanted.div_ceil(2).min(self.places)..=(2 * wanted).min(MOST);
        let has_own_bins = self.places <= MOST_VALUES && points >= ENOUGH * self.places;
        let fits = |each: &u64| near.contains(&bins(*each)) || (*each == 1 && has_own_bins);
        (1..=self.places).filter(fits).min_by(|one, other| {
            let by_far = far(*one).total_cmp(&far(*other));
            missing(*one).total_cmp(&missing(*other)).then(by_far)
        })
    }
}

/// Whether most bins would be empty and the others hold one point each. That shows the rows, but no shape.
fn is_comb(bins: &Histogram, steps: &[Step]) -> bool {
    let points: u64 = steps.iter().map(|it| it.count).sum();
    let values = steps.len();
    bins.counts.len() > 2 * values && points < 2 * values as u64
}

/// How many bins show the shape and not the noise.
///
/// Sources: Freedman and Diaconis, "On the histogram as a density estimator" (1981): width 2 × IQR / ∛n; Sturges, "The
/// choice of a class interval" (1926): log₂ n + 1 bins. The larger number of bins counts, as in numpy. The crate `libm`
/// gives the same logarithms on every system.
fn bin_count(ladder: &Ladder, range: f64) -> u64 {
    let n = float(ladder.count);
    let quartiles = ladder.quantiles().values;
    let freedman = range / (2.0 * (quartiles[4] - quartiles[2]) / libm::cbrt(n));
    let sturges = libm::log2(n) + 1.0;
    // The smallest floats have no bins between them.
    let most = (range / f64::from_bits(1)).min(float(MOST));
    let bins = if freedman.is_finite() {
        freedman.max(sturges)
    } else {
        sturges
    };
    whole(bins.ceil().clamp(1.0, most))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::statistics::{RELATIVE_ERROR, Sketch};

    fn exact(values: impl Iterator<Item = f64>) -> Histogram {
        empty_bins(&Ladder::exact(values.collect()))
    }

    #[test]
    fn bins_span_the_data() {
        let bins = exact((0..1000).map(|it| f64::from(it) * 0.1 + f64::from(it % 7) * 0.01));
        assert_eq!((bins.lo, bins.counts.len()), (0.0, 11));
        assert!((bins.hi - 99.95).abs() < 0.01, "{bins:?}");
        assert_eq!(
            exact([7.0].into_iter()),
            Histogram::empty(7.0, 7.0, 1, true)
        );
    }

    #[test]
    fn different_values_of_one_point_each_share_bins() {
        let comb = || (0..40).map(|it| f64::from(it) + 0.2 * f64::from(it % 10));
        let bins = exact(comb());
        assert_eq!((bins.lo, bins.counts.len(), bins.values), (0.0, 7, false));
        assert!(exact(comb().chain(comb())).values);
        assert!(exact((0..40).map(f64::from)).values);
    }

    #[test]
    fn few_values_get_their_own_bins() {
        let bins = exact((0..1000).map(|it| 0.2 * f64::from(it % 10)));
        assert_eq!(bins.counts.len(), 10);
        assert!((bins.lo + 0.1).abs() < 1e-12 && (bins.hi - 1.9).abs() < 1e-12);
        for number in 0..10 {
            assert_eq!(bins.index(0.2 * f64::from(number)), number);
        }
    }

    /// How many numbers are in each bin.
    fn counts(values: impl Iterator<Item = f64>) -> (Histogram, Vec<u64>) {
        let ladder = Ladder::exact(values.collect());
        let bins = empty_bins(&ladder);
        let mut counts = vec![0; bins.counts.len()];
        for (bin, count) in ladder.steps.iter().flat_map(|it| bins.shares(it)) {
            counts[bin as usize] += count;
        }
        (bins, counts)
    }

    #[test]
    fn equally_likely_steps_have_equally_high_bars() {
        for places in 2..=256 {
            for step in [1.0, 0.25, 0.1] {
                let (bins, counts) =
                    counts((0..places * 50).map(|it| 7.0 + step * f64::from(it % places)));
                assert!(
                    counts.iter().all(|it| *it == counts[0]),
                    "{places}: {counts:?}"
                );
                assert!((bins.lo - 7.0 + step / 2.0).abs() < 1e-9, "{bins:?}");
                let end = 7.0 + step * (f64::from(places) - 0.5);
                assert!((bins.hi - end).abs() < 1e-9, "{bins:?}");
            }
        }
    }

    /// One step more or less in a bin must not look like a peak.
    #[test]
    fn bars_of_more_steps_are_almost_equally_high() {
        for places in (257_u32..4000).step_by(61) {
            for times in [1, 20, 200] {
                let (bins, counts) = counts((0..places * times).map(|it| f64::from(it % places)));
                let (last, others) = counts.split_last().unwrap();
                let (low, high) = (others.iter().min().unwrap(), others.iter().max().unwrap());
                assert!(
                    float(*high) <= 1.04 * float(*low),
                    "{places} {bins:?} {counts:?}"
                );
                assert!(
                    float(*last) >= 0.75 * float(*low),
                    "{places} {bins:?} {counts:?}"
                );
                assert_eq!(counts.iter().sum::<u64>(), u64::from(places * times));
            }
        }
    }

    #[test]
    fn numbers_next_to_each_other_have_their_own_bins() {
        let near =
            |from: f64, step: f64, places: u32| move |it: u32| from + step * f64::from(it % places);
        for (number, places) in [
            (near(9_007_199_254_740_989.0, 1.0, 4), 4),
            (near(9_007_199_254_740_991.0, 1.0, 2), 2),
            (near(1e17, 16.0, 10), 10),
            (near(1e17, 16.0, 64), 64),
            (near(1.0, f64::EPSILON, 3), 3),
            (near(1.0 - f64::EPSILON, f64::EPSILON / 2.0, 3), 3),
            (near(0.2, f64::EPSILON / 8.0, 7), 7),
        ] {
            let (bins, found) = counts((0..3 * places).map(&number));
            assert_eq!(found, vec![3; places as usize], "{bins:?}");
            let (bins, found) = counts((0..places).map(&number));
            assert_eq!(found, vec![1; places as usize], "{bins:?}");
        }
    }

    #[test]
    fn the_least_numbers_have_their_own_bins() {
        let least = f64::from_bits(1);
        let (_, counts) = counts((0..300).map(|it| least * f64::from(it % 3 + 1)));
        assert_eq!(counts, [100; 3]);
    }

    #[test]
    fn equal_values_that_rounding_moved_apart_are_one_step() {
        let (bins, counts) =
            counts((0..5000).map(|it| f64::from(it % 10) + 0.2 * f64::from(it / 10 % 10)));
        assert_eq!((bins.counts.len(), bins.values), (55, true), "{counts:?}");
        assert!(counts[9..45].iter().all(|it| *it == 100), "{counts:?}");
    }

    #[test]
    fn bins_share_what_is_on_both_sides_of_an_edge() {
        let bins = Histogram::empty(0.0, 10.0, 10, false);
        let shares = |count, least, greatest| {
            let step = Step {
                count,
                least,
                greatest,
            };
            bins.shares(&step).collect::<Vec<_>>()
        };
        assert_eq!(shares(3, 1.0, 1.5), [(1, 3)]);
        assert_eq!(shares(11, 1.5, 2.5), [(1, 5), (2, 6)]);
        assert_eq!(shares(2, 1.9, 2.5), [(1, 1), (2, 1)]);
        assert_eq!(shares(5, 9.5, 10.0), [(9, 5)]);
    }

    /// The bars, and how many numbers are below each edge.
    fn below_edges(numbers: &[f64], centre: f64) -> (Histogram, Vec<(u64, u64)>) {
        let sketch = |centre| {
            let mut sketch = Sketch::new(centre).unwrap();
            sketch.count(numbers);
            sketch
        };
        let ladder = Ladder::counted(&sketch(0.0), Some(&sketch(centre)));
        let mut bins = empty_bins(&ladder);
        let shares = ladder.steps.iter().flat_map(|it| bins.shares(it));
        for (bin, count) in shares.collect::<Vec<_>>() {
            bins.counts[bin as usize] += count;
        }
        bins.keep_within(ladder.check.as_deref().unwrap());
        let mut seen = 0;
        let below = |(bin, count): (u32, &u64)| {
            seen += count;
            let edge = bins.edge(bin + 1);
            (seen, numbers.iter().filter(|it| **it < edge).count() as u64)
        };
        let below = (0..)
            .zip(&bins.counts[..bins.counts.len() - 1])
            .map(below)
            .collect();
        (bins, below)
    }

    /// Far from the first numbers, the steps around them are wide, and those around zero are narrow.
    #[test]
    fn a_bar_is_off_by_no_more_than_the_numbers_at_its_edges() {
        let numbers: Vec<f64> = (0..7000)
            .map(|it| 1000.0 + f64::from(it % 401) / 1e3)
            .chain((0..16_000).map(|it| 1.0 + f64::from(it) / 16e3 * 6.0))
            .chain((0..23_900).map(|it| 7.799 + f64::from(it % 21) / 1e4))
            .chain([7.95; 100])
            .chain([0.0])
            .collect();
        let (bins, below) = below_edges(&numbers, 1000.0);
        assert_eq!(bins.counts.iter().sum::<u64>(), numbers.len() as u64);
        for (bin, (seen, real)) in (1..).zip(below) {
            let edge = bins.edge(bin);
            let near = |it: &&f64| {
                (**it - edge).abs() <= RELATIVE_ERROR * edge.abs().min((edge - 1000.0).abs())
            };
            let near = numbers.iter().filter(near).count() as u64;
            assert!(seen.abs_diff(real) <= near, "{edge}: {seen} for {real}");
        }
    }
}
