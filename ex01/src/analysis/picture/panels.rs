//! Which three views of the data does the picture have?

use std::error::Error;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::axis::Axis;
use super::backend::UNITS;
use crate::analysis::statistics::{PIXELS, float};
use crate::results::{Bucket, Group, Histogram, Series};
use crate::text;

/// The line, the bars.
const BLUE: RGBColor = RGBColor(31, 119, 180);
/// The band from the lowest to the highest risk.
const BAND: RGBColor = RGBColor(160, 190, 226);
/// The bars of the last panel.
const ORANGE: RGBColor = RGBColor(255, 127, 14);
/// Grid lines.
const GRID: RGBColor = RGBColor(225, 225, 225);
/// Text and axes.
const INK: RGBColor = RGBColor(38, 38, 38);

/// Labels that an axis may carry.
const ACROSS: usize = 8;
const UPWARDS: usize = 6;

/// What goes wrong while drawing; every backend has an error type of its own.
pub type Drawn = Result<(), Box<dyn Error>>;

/// A panel with two axes of floats.
type Chart<'a, B> = ChartContext<
    'a,
    B,
    Cartesian2d<plotters::coord::types::RangedCoordf64, plotters::coord::types::RangedCoordf64>,
>;

/// A length in pixels, in the units of the drawing.
pub fn px(length: u32) -> u32 {
    length * u32::from(UNITS)
}

/// A text style of this height in pixels.
pub fn font(height: f64) -> TextStyle<'static> {
    let font = ("sans-serif", height * f64::from(UNITS)).into_font();
    font.color(&INK)
}

/// An axis and what stands beside it.
struct Side<'n> {
    axis: &'n Axis,
    name: String,
    labels: usize,
}

/// Draws title, grid, ticks and labels of a panel.
fn panel<'a, B>(
    area: &DrawingArea<B, Shift>,
    title: &str,
    x: &Side<'_>,
    y: &Side<'_>,
) -> Result<Chart<'a, B>, Box<dyn Error>>
where
    B: DrawingBackend + 'a,
    B::ErrorType: 'static,
{
    // The labels' own width, and the name beside them.
    let longest = u32::try_from(y.axis.longest(y.labels)).unwrap_or(9);
    let mut chart = ChartBuilder::on(area)
        .caption(title, font(17.0))
        .margin(px(8))
        .margin_right(px(22))
        .x_label_area_size(px(38))
        .y_label_area_size(px(30 + 8 * longest))
        .build_cartesian_2d(x.axis.lo..x.axis.hi, y.axis.lo..y.axis.hi)?;
    let label = |side: &Side<'_>| {
        let decimals = side.axis.decimals(side.labels);
        move |value: &f64| {
            // Rounding makes a zero of the other sign.
            let value = if value.abs() < 1e-9 { 0.0 } else { *value };
            format!("{value:.decimals$}")
        }
    };
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(GRID.stroke_width(px(1)))
        .axis_style(INK.stroke_width(px(1)))
        .set_all_tick_mark_size(px(4))
        .label_style(font(14.0))
        .axis_desc_style(font(14.0))
        .x_desc(&x.name)
        .x_labels(x.labels)
        .x_label_formatter(&label(x))
        .y_desc(&y.name)
        .y_labels(y.labels)
        .y_label_formatter(&label(y))
        .draw()?;
    Ok(chart)
}

/// A unit for large counts: what to divide by, and what it is called.
fn unit(largest: f64) -> (f64, &'static str) {
    match largest {
        it if it >= 2e12 => (1e12, "trillions"),
        it if it >= 2e9 => (1e9, "billions"),
        it if it >= 2e6 => (1e6, "millions"),
        it if it >= 2e4 => (1e3, "thousands"),
        _ => (1.0, ""),
    }
}

/// `time (points)`, or the same in millions.
fn with_unit(what: &str, of: &str, unit: &str) -> String {
    if unit.is_empty() {
        format!("{what} ({of})")
    } else {
        format!("{what} ({unit} of {of})")
    }
}

/// Risk over time: every point on a line, or a band from lowest to highest with the mean in it.
pub fn series<B: DrawingBackend>(area: &DrawingArea<B, Shift>, series: &Series, count: u64) -> Drawn
where
    B::ErrorType: 'static,
{
    let buckets = &series.buckets;
    let lowest = buckets
        .iter()
        .map(|it| it.min)
        .fold(f64::INFINITY, f64::min);
    let highest = buckets
        .iter()
        .map(|it| it.max)
        .fold(f64::NEG_INFINITY, f64::max);
    let axis = Axis::fitting(lowest, highest);
    let (by, name) = unit(float(count));
    let width = float(series.size) / by;
    // A bucket's mean stands in its middle; a single point at its own number.
    let x = |index: usize| match series.size {
        1 => float(index as u64) / by,
        _ => (float(index as u64) + 0.5) * width,
    };
    let time = match (count, series.size) {
        (1, _) => Axis::of(-0.5, 0.5),
        (count, 1) => Axis::of(0.0, float(count - 1) / by),
        (count, _) => Axis::of(0.0, float(count) / by),
    };
    let title = match series.size {
        1 => "Risk over time".to_owned(),
        size => format!(
            "Risk over time: mean, and band from lowest to highest, of {} points each",
            text::thousands(size)
        ),
    };
    let across = Side {
        axis: &time,
        name: with_unit("time", "points", name),
        labels: if count == 1 { 1 } else { 10 },
    };
    let upwards = Side {
        axis: &axis,
        name: axis.named("risk"),
        labels: 7,
    };
    let mut chart = panel(area, &title, &across, &upwards)?;
    if series.size > 1 {
        // In columns of a pixel's width: the edge of a band is smooth, and a single extreme would fade in it.
        let pixel = (time.hi - time.lo) / f64::from(PIXELS);
        let columns = columns(buckets, x, pixel);
        let bar = |left: f64, (min, max): (f64, f64), color: RGBColor| {
            let (bottom, top) = (axis.place(min), axis.place(max));
            Rectangle::new([(left, bottom), (left + pixel, top)], color.filled())
        };
        chart.draw_series(columns.iter().map(|it| bar(it.0, (it.1, it.2), BAND)))?;
        let alone = outliers(&columns, (highest - lowest) / 3.0);
        chart.draw_series(alone.into_iter().map(|(left, ends)| bar(left, ends, BLUE)))?;
    }
    let means = buckets.iter().enumerate();
    let means = means.map(|(index, it)| (x(index), axis.place(it.mean())));
    if buckets.len() == 1 {
        chart.draw_series(means.map(|at| Circle::new(at, px(3), BLUE.filled())))?;
    } else {
        chart.draw_series(LineSeries::new(means, BLUE.stroke_width(px(1))))?;
    }
    Ok(())
}

/// The lowest and the highest risk of all buckets in each column of a pixel, or wider where there are fewer.
fn columns(buckets: &[Bucket], x: impl Fn(usize) -> f64, pixel: f64) -> Vec<(f64, f64, f64)> {
    let mut columns: Vec<(f64, f64, f64)> = Vec::new();
    for (index, bucket) in buckets.iter().enumerate() {
        let left = (x(index) / pixel).floor() * pixel;
        match columns.last_mut() {
            Some((last, min, max)) if left - *last < pixel / 2.0 => {
                *min = min.min(bucket.min);
                *max = max.max(bucket.max);
            }
            Some(&mut (last, min, max)) => {
                // A gap of a pixel belongs to both sides.
                let mut between = last + pixel;
                while left - between > pixel / 2.0 {
                    columns.push((between, min.min(bucket.min), max.max(bucket.max)));
                    between += pixel;
                }
                columns.push((left, bucket.min, bucket.max));
            }
            None => columns.push((left, bucket.min, bucket.max)),
        }
    }
    columns
}

/// What sticks out by more than `far` from the columns around: seen as well as a line would be.
fn outliers(columns: &[(f64, f64, f64)], far: f64) -> Vec<(f64, (f64, f64))> {
    let mut found = Vec::new();
    for (index, &(left, min, max)) in columns.iter().enumerate() {
        let before = &columns[index.saturating_sub(3)..index];
        let after = &columns[index + 1..columns.len().min(index + 4)];
        if before.is_empty() || after.is_empty() {
            continue;
        }
        let least = |of: &[(f64, f64, f64)]| of.iter().map(|it| it.2).fold(f64::INFINITY, f64::min);
        let most =
            |of: &[(f64, f64, f64)]| of.iter().map(|it| it.1).fold(f64::NEG_INFINITY, f64::max);
        let (top, bottom) = (
            least(before).max(least(after)),
            most(before).min(most(after)),
        );
        if max - top > far {
            found.push((left, (top, max)));
        }
        if bottom - min > far {
            found.push((left, (min, bottom)));
        }
    }
    found
}

/// How often each risk occurs.
pub fn histogram<B: DrawingBackend>(area: &DrawingArea<B, Shift>, histogram: &Histogram) -> Drawn
where
    B::ErrorType: 'static,
{
    let counts = &histogram.counts;
    let top = counts.iter().copied().max().unwrap_or(1);
    let (by, name) = unit(float(top));
    // All values are equal: one bar around them.
    let axis = if histogram.lo < histogram.hi {
        Axis::of(histogram.lo, histogram.hi)
    } else {
        Axis::fitting(histogram.lo, histogram.hi)
    };
    let (lo, hi) = if histogram.lo < histogram.hi {
        (axis.lo, axis.hi)
    } else {
        let (place, half) = (axis.place(histogram.lo), (axis.hi - axis.lo) / 4.0);
        (place - half, place + half)
    };
    let width = (hi - lo) / float(counts.len() as u64);
    let upwards = Axis::of(0.0, float(top) / by * 1.08);
    let across = Side {
        axis: &axis,
        name: axis.named("risk"),
        labels: ACROSS,
    };
    let upwards = Side {
        axis: &upwards,
        name: with_unit("count", "points", name),
        labels: UPWARDS,
    };
    let mut chart = panel(area, "Histogram of risk", &across, &upwards)?;
    // A gap between bars, as long as bars are wide enough to spare it.
    let gap = if counts.len() < 40 { px(1) / 2 } else { 0 };
    chart.draw_series(counts.iter().enumerate().map(|(index, count)| {
        let left = lo + float(index as u64) * width;
        let top = upwards.axis.place(float(*count) / by);
        let mut bar = Rectangle::new([(left, 0.0), (left + width, top)], BLUE.filled());
        bar.set_margin(0, 0, gap, gap);
        bar
    }))?;
    Ok(())
}

/// Mean risk for each activity: bars, or dots where an axis from 0 would make all bars the same.
pub fn groups<B: DrawingBackend>(area: &DrawingArea<B, Shift>, groups: &[Group]) -> Drawn
where
    B::ErrorType: 'static,
{
    let lowest = groups
        .iter()
        .map(|it| it.mean)
        .fold(f64::INFINITY, f64::min);
    let highest = groups
        .iter()
        .map(|it| it.mean)
        .fold(f64::NEG_INFINITY, f64::max);
    let axis = if groups.len() > 1 && lowest > highest * 0.75 {
        Axis::fitting(lowest, highest)
    } else {
        Axis::fitting(0.0, highest)
    };
    let activity = Axis::of(-0.6, 9.6);
    let across = Side {
        axis: &activity,
        name: "agent activity (0 to 9)".to_owned(),
        labels: 10,
    };
    let upwards = Side {
        axis: &axis,
        name: axis.named("mean risk"),
        labels: UPWARDS,
    };
    let mut chart = panel(area, "Mean risk by agent activity", &across, &upwards)?;
    let at = |group: &Group| (f64::from(group.agent_activity), axis.place(group.mean));
    if axis.begins_at_zero() {
        chart.draw_series(
            groups
                .iter()
                .map(at)
                .map(|(x, y)| Rectangle::new([(x - 0.4, 0.0), (x + 0.4, y)], ORANGE.filled())),
        )?;
    } else {
        let dots = groups.iter().map(at);
        chart.draw_series(dots.map(|at| Circle::new(at, px(4), ORANGE.filled())))?;
    }
    // One digit more than beside the axis.
    let decimals = axis.decimals(UPWARDS) + 1;
    let above = font(12.0).pos(Pos::new(HPos::Center, VPos::Bottom));
    let raised = if axis.begins_at_zero() {
        0
    } else {
        -(i32::from(UNITS) * 6)
    };
    chart.draw_series(groups.iter().map(at).map(|at| {
        let label = Text::new(format!("{:.decimals$}", at.1), (0, raised), above.clone());
        EmptyElement::at(at) + label
    }))?;
    Ok(())
}
