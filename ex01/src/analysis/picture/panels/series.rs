//! How does risk change over time? Every point is on a line, or a band shows the lowest, the mean and the highest.

use plotters::prelude::*;

use super::columns::{PixelColumn, columns, outliers};
use super::{Area, BLUE, Backend, Chart, Drawn, Side, counted, ends, panel, pixel, px, unit};
use crate::analysis::picture::axis::Ticks;
use crate::analysis::picture::scale::Scale;
use crate::analysis::statistics::float;
use crate::results::{Bucket, Series};
use crate::text;

/// The colour of the band from the lowest to the highest risk.
const BAND: RGBColor = RGBColor(160, 190, 226);
/// Up to this many points get a dot on their line.
const FEW: usize = 50;

pub fn draw<B: Backend>(area: &Area<B>, series: &Series, count: u64, scale: Scale) -> Drawn {
    let (by, name) = unit(float(count));
    let points = points(series, by);
    let (lowest, highest) = ends(points.iter().flat_map(|(_, it)| [it.min, it.max]));
    let title = match series.size {
        1 => "Risk over time".to_owned(),
        size => format!(
            "Risk over time: mean, and band from lowest to highest, of {} points each",
            text::thousands(size)
        ),
    };
    let end = if series.size == 1 { count - 1 } else { count };
    let upwards = Side {
        range: fitting(scale.place(lowest), scale.place(highest), scale),
        ticks: Ticks::Round,
        name: scale.named("risk"),
    };
    let mut chart = panel(area, &title, &time(float(end) / by, name), &upwards)?;
    if series.size > 1 {
        band(&mut chart, &points, (highest - lowest) / 10.0, scale)?;
    }
    let mean = |it: &Bucket| scale.place(it.sum / float(it.count));
    let means = points.iter().map(|(x, it)| (*x, mean(it)));
    if points.len() <= FEW {
        let dots = means.clone();
        chart.draw_series(dots.map(|at| Circle::new(at, px(3), BLUE.filled())))?;
    }
    chart.draw_series(LineSeries::new(means, BLUE.stroke_width(px(1))))?;
    Ok(())
}

/// All buckets, each at its place in time: in the middle of its points, or a single point of the data at its own number.
fn points(series: &Series, by: f64) -> Vec<(f64, Bucket)> {
    let placed = |(index, bucket): (usize, Bucket)| {
        let half = if series.size == 1 { 0 } else { bucket.count };
        let x = (float(index as u64 * series.size) + float(half) / 2.0) / by;
        (x, bucket)
    };
    drawn(series).into_iter().enumerate().map(placed).collect()
}

/// Draws the band from the lowest to the highest risk. Extremes that reach out by at least `far` get full ink.
fn band<'a, B: Backend + 'a>(
    chart: &mut Chart<'a, B>,
    points: &[(f64, Bucket)],
    far: f64,
    scale: Scale,
) -> Drawn {
    let (wide, start) = (pixel(chart).0, chart.x_range().start);
    // Columns are counted from the axis, so each is a column of the picture.
    let columns = columns(
        points.iter().map(|(x, it)| (x - start, it.min, it.max)),
        wide,
    );
    let bar = |it: &PixelColumn, color: RGBColor| {
        let (left, bottom, top) = (start + it.left, scale.place(it.min), scale.place(it.max));
        Rectangle::new([(left, bottom), (left + wide, top)], color.filled())
    };
    chart.draw_series(columns.iter().map(|it| bar(it, BAND)))?;
    let alone = outliers(&columns, far);
    chart.draw_series(alone.iter().map(|it| bar(it, BLUE)))?;
    Ok(())
}

/// The buckets that are drawn. The mean of a few last points would jump, so they join the bucket
/// before them.
fn drawn(series: &Series) -> Vec<Bucket> {
    let mut buckets = series.buckets.clone();
    if let [.., before, last] = &mut buckets[..]
        && last.count < series.size / 2
    {
        before.join(last);
        buckets.pop();
    }
    buckets
}

/// The axis of time, from the first point to the last, with room for a line at each end.
fn time(end: f64, unit: &str) -> Side {
    let room = if end > 0.0 { end * 0.012 } else { 0.5 };
    counted(-room..end + room, "time", unit)
}

/// The range of an axis for these numbers, with a little room.
///
/// It includes 0 if that takes less than half of the height. Otherwise it shows the data alone.
fn fitting(min: f64, max: f64, scale: Scale) -> std::ops::Range<f64> {
    let shows_zero = scale.begins_at_zero() && min >= 0.0 && min <= max / 2.0;
    let low = if shows_zero { 0.0 } else { min };
    let room = match (max - low, max.abs()) {
        (span, _) if span > 0.0 => span * 0.05,
        (_, size) if size > 0.0 => size * 0.1,
        _ => 0.5,
    };
    low - room..max + room
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_fits_its_data_and_shows_zero_where_that_is_near() {
        let plain = Scale::of(0.0, 1.0);
        assert_eq!(fitting(0.0, 100.0, plain), -5.0..105.0);
        assert_eq!(fitting(40.0, 100.0, plain), -5.0..105.0);
        assert_eq!(fitting(80.0, 100.0, plain), 79.0..101.0);
        assert_eq!(fitting(10.0, 10.0, plain), 9.0..11.0);
        assert_eq!(fitting(0.0, 0.0, plain), -0.5..0.5);
        let from = Scale::of(1e9, 1e9 + 1.0);
        assert_eq!(fitting(0.0, 1.0, from), -0.05..1.05);
    }

    #[test]
    fn a_short_rest_joins_the_last_bucket() {
        let bucket = |count, risk: f64| Bucket {
            count,
            sum: risk * 2.0,
            min: risk,
            max: risk,
        };
        let mut series = Series::new(4);
        series.buckets = vec![bucket(4, 1.0), bucket(4, 2.0), bucket(1, 9.0)];
        let found = drawn(&series);
        assert_eq!(found.len(), 2);
        assert_eq!((found[1].count, found[1].max), (5, 9.0));
        series.buckets[2].count = 2;
        assert_eq!(drawn(&series), series.buckets);
    }
}
