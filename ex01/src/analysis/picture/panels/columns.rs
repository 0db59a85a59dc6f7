//! How can a band show every point? It has columns of one pixel, and extremes get full ink.

/// How many columns on each side tell what is usual for a column.
const AROUND: usize = 32;

/// The lowest and the highest risk in a column of one pixel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PixelColumn {
    pub left: f64,
    pub min: f64,
    pub max: f64,
}

/// The lowest and the highest risk in each column of a pixel. A bucket is a place with its least and its greatest risk.
pub fn columns(buckets: impl Iterator<Item = (f64, f64, f64)>, pixel: f64) -> Vec<PixelColumn> {
    let mut columns: Vec<PixelColumn> = Vec::new();
    for (x, min, max) in buckets {
        let left = (x / pixel).floor() * pixel;
        match columns.last_mut() {
            Some(last) if left - last.left < pixel / 2.0 => {
                last.min = last.min.min(min);
                last.max = last.max.max(max);
            }
            Some(&mut last) => {
                // A gap of a pixel belongs to both sides.
                let mut between = last.left + pixel;
                while left - between > pixel / 2.0 {
                    columns.push(PixelColumn {
                        left: between,
                        min: last.min.min(min),
                        max: last.max.max(max),
                    });
                    between += pixel;
                }
                columns.push(PixelColumn { left, min, max });
            }
            None => columns.push(PixelColumn { left, min, max }),
        }
    }
    columns
}

/// The parts that reach beyond the columns around them by at least `far`. One pixel of light ink would hardly be
/// visible.
///
/// Source: Tukey, *Exploratory Data Analysis* (1977): a value is far out if its distance from the quartiles is three
/// times the distance between them.
pub fn outliers(columns: &[PixelColumn], far: f64) -> Vec<PixelColumn> {
    let mut found = Vec::new();
    for (index, column) in columns.iter().enumerate() {
        let end = columns.len().min(index + AROUND + 1);
        let around = &columns[index.saturating_sub(AROUND)..end];
        let above = usual(column.max, around.iter().map(|it| it.max), far);
        found.extend(above.map(|min| PixelColumn { min, ..*column }));
        let below = usual(-column.min, around.iter().map(|it| -it.min), far).map(|it| -it);
        found.extend(below.map(|max| PixelColumn { max, ..*column }));
    }
    found
}

/// The third quartile of some numbers, if one of them is far out: beyond it by more than `far`, and beyond the fence.
fn usual(number: f64, numbers: impl Iterator<Item = f64>, far: f64) -> Option<f64> {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_unstable_by(f64::total_cmp);
    let (first, third) = (numbers[numbers.len() / 4], numbers[numbers.len() * 3 / 4]);
    let fence = third + 3.0 * (third - first);
    (number > fence && number - third > far).then_some(third)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which columns of these numbers are drawn in full ink.
    fn alone(numbers: &[f64]) -> Vec<f64> {
        let lefts = (0_u32..).map(f64::from);
        let columns: Vec<PixelColumn> = lefts
            .zip(numbers)
            .map(|(left, it)| PixelColumn {
                left,
                min: *it,
                max: *it + 1.0,
            })
            .collect();
        let found = outliers(&columns, 2.0);
        found.into_iter().map(|it| it.left).collect()
    }

    #[test]
    fn an_extreme_gets_full_ink_at_any_place() {
        for place in [0_u8, 1, 5, 50, 98, 99] {
            for extreme in [20.0, -20.0] {
                let mut numbers = vec![5.0; 100];
                numbers[usize::from(place)] = extreme;
                assert_eq!(alone(&numbers), [f64::from(place)], "{extreme}");
            }
        }
        let mut two = vec![5.0; 100];
        (two[40], two[44]) = (20.0, 18.0);
        assert_eq!(alone(&two), [40.0, 44.0]);
    }

    #[test]
    fn a_step_and_noise_have_no_extremes() {
        let step: Vec<f64> = (0_u8..100).map(|it| f64::from(it / 50) * 20.0).collect();
        assert!(alone(&step).is_empty());
        let noise: Vec<f64> = (0_u32..100).map(|it| f64::from(it * 7919 % 101)).collect();
        assert!(alone(&noise).is_empty());
    }

    #[test]
    fn every_bucket_is_in_a_column_and_no_column_is_left_out() {
        let buckets = (0_u8..10).map(|it| (f64::from(it) * 1.5, f64::from(it), 10.0));
        let columns = columns(buckets, 1.0);
        let lefts: Vec<f64> = columns.iter().map(|it| it.left).collect();
        assert_eq!(lefts, (0_u8..14).map(f64::from).collect::<Vec<_>>());
        assert!(columns.iter().all(|it| it.max >= 10.0));
    }
}
