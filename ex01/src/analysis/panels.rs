//! Which three views of the data does the picture have?

use std::error::Error;

use plotters::coord::Shift;
use plotters::coord::ranged1d::Ranged;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::backend::UNITS;
use super::moments::float;
use crate::results::{Findings, Group, Histogram, Series};
use crate::sections;

/// The line, the bars.
const BLUE: RGBColor = RGBColor(31, 119, 180);
/// The band from the lowest to the highest risk.
const BAND: RGBColor = RGBColor(174, 199, 232);
/// The bars of the last panel.
const ORANGE: RGBColor = RGBColor(255, 127, 14);
/// Grid lines.
const GRID: RGBColor = RGBColor(225, 225, 225);
/// Text and axes.
const INK: RGBColor = RGBColor(38, 38, 38);

/// What goes wrong while drawing; every backend has an error type of its own.
pub type Drawn = Result<(), Box<dyn Error>>;

/// A length in pixels, in the units of the drawing.
pub fn px(length: u32) -> u32 {
    length * u32::from(UNITS)
}

/// A text style of this height in pixels.
pub fn font(height: f64) -> TextStyle<'static> {
    let font = ("sans-serif", height * f64::from(UNITS)).into_font();
    font.color(&INK)
}

/// Draws the axes of a panel; the macro stands for a function whose type nobody wants to read.
macro_rules! panel {
    ($area:expr, $title:expr, $x:expr, $y:expr) => {
        ChartBuilder::on($area)
            .caption($title, font(17.0))
            .margin(px(8))
            .margin_right(px(22))
            .x_label_area_size(px(38))
            .y_label_area_size(px(60))
            .build_cartesian_2d($x, $y)?
    };
}

/// Draws grid, ticks and labels: for each axis its name, the most labels it may carry, and where it ends.
macro_rules! mesh {
    ($chart:expr, ($x:expr, $x_labels:expr, $x_end:expr), ($y:expr, $y_labels:expr, $y_end:expr)) => {
        $chart
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(GRID.stroke_width(px(1)))
            .axis_style(INK.stroke_width(px(1)))
            .set_all_tick_mark_size(px(4))
            .label_style(font(14.0))
            .axis_desc_style(font(14.0))
            .x_desc($x)
            .x_labels($x_labels)
            .x_label_formatter(&tick($x_end, $x_labels))
            .y_desc($y)
            .y_labels($y_labels)
            .y_label_formatter(&tick($y_end, $y_labels))
            .draw()?
    };
}

/// How the labels of an axis from zero to `end` are written: all with as many decimals as their distance needs.
fn tick(end: f64, labels: usize) -> impl Fn(&f64) -> String {
    let places = RangedCoordf64::from(0.0..end).key_points(labels);
    let distance = places.get(1).copied().unwrap_or(end);
    // A distance is 1, 2 or 5 times a power of ten; 0.9 leaves room for its rounding.
    let decimals = (0..5).find(|it| distance * 10_f64.powi(*it) > 0.9);
    let decimals = decimals.and_then(|it| usize::try_from(it).ok());
    move |value| match decimals {
        Some(decimals) if end < 1e6 => format!("{value:.decimals$}"),
        _ => format!("{value:.1e}"),
    }
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

/// `time (point number)`, or the same in millions.
fn with_unit(what: &str, of: &str, unit: &str) -> String {
    match unit {
        "" => format!("{what} ({of})"),
        unit => format!("{what} ({unit} of {of})"),
    }
}

/// Risk over time: every point on a line, or a band from lowest to highest with the mean in it.
pub fn series<B: DrawingBackend>(area: &DrawingArea<B, Shift>, series: &Series, count: u64) -> Drawn
where
    B::ErrorType: 'static,
{
    let top = series.buckets.iter().map(|it| it.max).fold(0.0, f64::max);
    let (by, name) = unit(float(count));
    let width = float(series.size) / by;
    // A bucket's mean stands in its middle; a single point at its own number.
    let x = |index: usize| match series.size {
        1 => float(index as u64) / by,
        _ => (float(index as u64) + 0.5) * width,
    };
    let end = float(count).max(2.0) / by;
    let title = match series.size {
        1 => "Risk over time".to_owned(),
        size => format!(
            "Risk over time: mean, and band from lowest to highest, of {} points each",
            sections::thousands(size)
        ),
    };
    let mut chart = panel!(area, title, 0.0..end, 0.0..headroom(top));
    let time = with_unit("time", "points", name);
    mesh!(chart, (time, 10, end), ("risk", 7, headroom(top)));
    let means = || {
        series
            .buckets
            .iter()
            .enumerate()
            .map(|(index, it)| (x(index), it.mean()))
    };
    if series.size > 1 {
        let above = series
            .buckets
            .iter()
            .enumerate()
            .map(|(index, it)| (x(index), it.max));
        let below = series
            .buckets
            .iter()
            .enumerate()
            .map(|(index, it)| (x(index), it.min));
        let outline: Vec<_> = above.chain(below.rev()).collect();
        chart.draw_series([Polygon::new(outline, BAND.filled())])?;
    }
    if series.buckets.len() == 1 {
        chart.draw_series(means().map(|at| Circle::new(at, px(3), BLUE.filled())))?;
    } else {
        chart.draw_series(LineSeries::new(means(), BLUE.stroke_width(px(1))))?;
    }
    Ok(())
}

/// How often each risk occurs.
pub fn histogram<B: DrawingBackend>(area: &DrawingArea<B, Shift>, findings: &Findings) -> Drawn
where
    B::ErrorType: 'static,
{
    let (bars, width) = bars(&findings.histogram, findings);
    let top = bars.iter().copied().max().unwrap_or(1);
    let (by, name) = unit(float(top));
    let used = bars
        .iter()
        .rposition(|it| *it > 0)
        .map_or(1, |last| last + 1);
    let end = float(used as u64) * width;
    let highest = headroom(float(top) / by);
    let mut chart = panel!(area, "Histogram of risk", 0.0..end, 0.0..highest);
    let count = with_unit("count", "points", name);
    mesh!(chart, ("risk", 8, end), (count, 6, highest));
    // A gap between bars, as long as bars are wide enough to spare it.
    let gap = if used < 40 { px(1) / 2 } else { 0 };
    let bars = bars.iter().take(used).enumerate();
    chart.draw_series(bars.map(|(index, count)| {
        let left = float(index as u64) * width;
        let mut bar = Rectangle::new(
            [(left, 0.0), (left + width, float(*count) / by)],
            BLUE.filled(),
        );
        bar.set_margin(0, 0, gap, gap);
        bar
    }))?;
    Ok(())
}

/// As many bins of the histogram joined as the number of points calls for.
///
/// Source: Freedman and Diaconis, "On the histogram as a density estimator" (1981): width 2 × IQR / ∛n.
fn bars(histogram: &Histogram, findings: &Findings) -> (Vec<u64>, f64) {
    let quartiles = findings.risk.quantiles;
    let wanted = 2.0 * (quartiles[4] - quartiles[2]) / float(findings.n).cbrt();
    let bins = float(histogram.counts.len() as u64);
    let width = (histogram.hi - histogram.lo) / bins;
    let mut joined = 1_usize;
    while width * float(joined as u64) < wanted && joined < 16 {
        joined *= 2;
    }
    let bars = histogram.counts.chunks(joined).map(|it| it.iter().sum());
    (bars.collect(), width * float(joined as u64))
}

/// Mean risk for each activity.
pub fn groups<B: DrawingBackend>(area: &DrawingArea<B, Shift>, groups: &[Group]) -> Drawn
where
    B::ErrorType: 'static,
{
    let top = groups.iter().map(|it| it.mean).fold(0.0, f64::max);
    let mut chart = panel!(
        area,
        "Mean risk by agent activity",
        -0.6..9.6,
        0.0..headroom(top)
    );
    mesh!(
        chart,
        ("agent activity (0 to 9)", 10, 9.0),
        ("mean risk", 6, headroom(top))
    );
    let at = |group: &Group| f64::from(group.agent_activity);
    chart.draw_series(groups.iter().map(|it| {
        Rectangle::new(
            [(at(it) - 0.4, 0.0), (at(it) + 0.4, it.mean)],
            ORANGE.filled(),
        )
    }))?;
    let above = font(12.0).pos(Pos::new(HPos::Center, VPos::Bottom));
    chart.draw_series(groups.iter().map(|it| {
        let text = Text::new(number(it.mean), (0, 0), above.clone());
        EmptyElement::at((at(it), it.mean)) + text
    }))?;
    Ok(())
}

/// A number above a bar.
fn number(value: f64) -> String {
    match value {
        it if (0.01..1000.0).contains(&it) => format!("{it:.2}"),
        it => format!("{it:.1e}"),
    }
}

/// Where an axis ends, so that the highest value does not touch the frame.
fn headroom(top: f64) -> f64 {
    match top > 0.0 {
        true => top * 1.08,
        false => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(end: f64, labels: usize, value: f64, expected: &str) {
        assert_eq!(tick(end, labels)(&value), expected);
    }

    #[test]
    fn a_label_has_the_decimals_that_its_axis_needs() {
        check(1000.0, 10, 200.0, "200");
        check(4.96, 7, 4.0, "4");
        check(2.8, 6, 2.0, "2.0");
        check(0.3, 7, 0.05, "0.05");
        check(3e150, 6, 1e150, "1.0e150");
        check(3e-7, 6, 1e-7, "1.0e-7");
        check(f64::MIN_POSITIVE, 6, 0.0, "0.0e0");
    }
}
