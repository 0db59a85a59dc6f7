//! How can a billion points become a line in a picture?
//!
//! Neighbours share a bucket, which keeps their lowest and highest risk and its sum. Its size is a power of two. If
//! there are too many buckets, two neighbours become one.

use crate::results::{Bucket, Series};

/// The width of the drawn series in pixels.
pub const PIXELS: u16 = 850;

/// The most buckets of the drawn series: two for each pixel.
pub const MOST_BUCKETS: usize = 2 * PIXELS as usize;

impl Series {
    /// No points yet, and this many points to a bucket.
    pub fn new(size: u64) -> Self {
        Self {
            size,
            buckets: Vec::new(),
        }
    }

    /// Adds the next points, at most a bucket full. If there are too many buckets, neighbours join.
    pub fn add(&mut self, next: Bucket) {
        if self.buckets.is_empty() {
            // A long simulation begins with large buckets. Later ones can only fill or join.
            self.size = self.size.max(next.count.next_power_of_two());
        }
        match self.buckets.last_mut() {
            Some(last) if last.count < self.size => last.join(&next),
            _ => self.buckets.push(next),
        }
        if self.buckets.len() > MOST_BUCKETS {
            let mut joined = Self {
                size: 2 * self.size,
                buckets: Vec::with_capacity(MOST_BUCKETS),
            };
            for bucket in self.buckets.drain(..) {
                joined.add(bucket);
            }
            *self = joined;
        }
    }

    /// How many points each bucket has after `count` points.
    pub fn size_for(count: u64) -> u64 {
        let most = MOST_BUCKETS as u64;
        count.div_ceil(most).next_power_of_two()
    }
}

impl Bucket {
    /// Adds the points that follow.
    pub fn join(&mut self, next: &Self) {
        self.count += next.count;
        self.sum += next.sum;
        self.min = self.min.min(next.min);
        self.max = self.max.max(next.max);
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the values must be exact")]
mod tests {
    use super::*;

    /// A series of single points 0, 1, 2, …
    fn series(count: u32) -> Series {
        let mut series = Series::new(1);
        for value in (0..count).map(f64::from) {
            series.add(Bucket {
                count: 1,
                sum: value,
                min: value,
                max: value,
            });
        }
        series
    }

    #[test]
    fn a_series_fits_the_picture_and_keeps_every_point() {
        for count in [1, 2, 1699, 1700, 1701, 3400, 3401, 100_000] {
            let series = series(count);
            assert!(series.buckets.len() <= MOST_BUCKETS);
            assert_eq!(series.size, Series::size_for(u64::from(count)), "{count}");
            let points: u64 = series.buckets.iter().map(|it| it.count).sum();
            assert_eq!(points, u64::from(count));
            let (last, all_but_last) = series.buckets.split_last().unwrap();
            assert!(all_but_last.iter().all(|it| it.count == series.size));
            assert_eq!(last.max, f64::from(count - 1));
        }
    }

    #[test]
    fn a_series_that_begins_with_large_buckets_ends_with_the_right_size() {
        for (count, each) in [(1700, 2048), (3000, 2048), (5000, 64)] {
            let mut series = Series::new(1);
            for _ in 0..count {
                series.add(Bucket {
                    count: each,
                    sum: 1.0,
                    min: 0.0,
                    max: 1.0,
                });
            }
            assert_eq!(series.size, Series::size_for(count * each), "{count}");
            let points: u64 = series.buckets.iter().map(|it| it.count).sum();
            assert_eq!(points, count * each);
        }
    }
}
