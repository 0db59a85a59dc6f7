//! Which three views of the data does the picture have?

use std::error::Error;
use std::ops::Range;

use plotters::coord::Shift;
use plotters::prelude::*;

use super::axis::{Axis, Ticks};
use super::backend::UNITS;

mod series; // Risk over time.
mod columns; // A band in columns of a pixel, and its extremes.
mod histogram; // How often each risk occurs.
mod groups; // Mean risk by activity.

pub use groups::draw as groups;
pub use histogram::draw as histogram;
pub use series::draw as series;

/// The colour of the line and the bars.
const BLUE: RGBColor = RGBColor(31, 119, 180);
/// The colour of the grid.
const GRID: RGBColor = RGBColor(225, 225, 225);
/// The colour of text and axes.
const INK: RGBColor = RGBColor(38, 38, 38);

/// The height of the letters in pixels, from the top of the highest one to the bottom of the lowest one.
const TITLE: u32 = 20;
const LABEL: u32 = 17;

/// The space around a panel. It is larger on the right, where half of a label may stand out.
const MARGIN: u32 = 8;
const RIGHT: u32 = 22;
/// The length of a tick, and its distance from its label.
const TICK: u32 = 4;
/// The space between the labels of a vertical axis and its name.
const GAP: u32 = 6;

/// The error of drawing. Every backend has its own error type.
pub type Drawn = Result<(), Box<dyn Error>>;

/// What plotters draws on: its errors can be boxed.
pub trait Backend: DrawingBackend<ErrorType: 'static> {}

impl<B: DrawingBackend<ErrorType: 'static>> Backend for B {}

/// A part of the picture.
pub type Area<B> = DrawingArea<B, Shift>;

type Chart<'a, B> = ChartContext<'a, B, Cartesian2d<Axis, Axis>>;

/// A length in pixels, in units of the drawing.
pub fn px(length: u32) -> u32 {
    length * u32::from(UNITS)
}

/// The style of a text with this height in pixels.
pub fn font(height: u32) -> TextStyle<'static> {
    let font = ("sans-serif", px(height)).into_font();
    font.color(&INK)
}

/// The range of an axis, its ticks, and its name.
struct Side {
    range: Range<f64>,
    ticks: Ticks,
    name: String,
}

impl Side {
    /// Its axis, with at most so many ticks.
    fn axis(&self, most: u32) -> Axis {
        Axis::new(self.range.clone(), &self.ticks, most as usize)
    }
}

/// The width of the widest text, in whole pixels.
fn widest<B: Backend>(
    area: &Area<B>,
    texts: impl Iterator<Item = String>,
    height: u32,
) -> Result<u32, Box<dyn Error>> {
    let mut widest = 0;
    for text in texts {
        widest = widest.max(area.estimate_text_size(&text, &font(height))?.0);
    }
    Ok(widest.div_ceil(u32::from(UNITS)))
}

/// Draws the title, grid, ticks and labels of a panel.
fn panel<'a, B: Backend + 'a>(
    area: &Area<B>,
    title: &str,
    across: &Side,
    upwards: &Side,
) -> Result<Chart<'a, B>, Box<dyn Error>> {
    let (width, height) = area.dim_in_pixel();
    let (width, height) = (width / px(1), height / px(1));
    let below = 2 * TICK + LABEL + LABEL;
    let free = height.saturating_sub(below + TITLE + 3 * MARGIN);
    let y = upwards.axis(free / (LABEL + 8));
    let left = 2 * TICK + widest(area, y.labels(), LABEL)? + GAP + LABEL;
    let free = width.saturating_sub(left + MARGIN + RIGHT);
    let x = across_within(area, across, free)?;
    let mut chart = ChartBuilder::on(area)
        .caption(title, font(TITLE))
        .margin(px(MARGIN))
        .margin_right(px(RIGHT))
        .x_label_area_size(px(below))
        .y_label_area_size(px(left))
        .build_cartesian_2d(x, y)?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(GRID.stroke_width(px(1)))
        .axis_style(INK.stroke_width(px(1)))
        .set_all_tick_mark_size(px(TICK))
        .label_style(font(LABEL))
        .axis_desc_style(font(LABEL))
        .x_desc(&across.name)
        .y_desc(&upwards.name)
        .draw()?;
    Ok(chart)
}

/// The horizontal axis, with as many ticks as its labels leave room for.
fn across_within<B: Backend>(
    area: &Area<B>,
    side: &Side,
    width: u32,
) -> Result<Axis, Box<dyn Error>> {
    for most in (3..=12).rev() {
        let axis = side.axis(most);
        let each = widest(area, axis.labels(), LABEL)? + LABEL;
        if axis.labels().count() * each as usize <= width as usize {
            return Ok(axis);
        }
    }
    Ok(side.axis(2))
}

/// How much a pixel of a panel stands for, in each direction.
fn pixel<B: Backend>(chart: &Chart<'_, B>) -> (f64, f64) {
    let (width, height) = chart.plotting_area().dim_in_pixel();
    let each = |range: Range<f64>, length: u32| {
        (range.end - range.start) / f64::from(length) * f64::from(UNITS)
    };
    (each(chart.x_range(), width), each(chart.y_range(), height))
}

/// The least and the greatest of some numbers.
fn ends(numbers: impl Iterator<Item = f64>) -> (f64, f64) {
    numbers.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), it| {
        (least.min(it), most.max(it))
    })
}

/// A unit for large counts: its size and its name.
fn unit(largest: f64) -> (f64, &'static str) {
    match largest {
        it if it >= 2e12 => (1e12, "trillions"),
        it if it >= 2e9 => (1e9, "billions"),
        it if it >= 2e6 => (1e6, "millions"),
        it if it >= 2e4 => (1e3, "thousands"),
        _ => (1.0, ""),
    }
}

/// The axis of a count: `time (points)`, or the same in millions.
fn counted(range: Range<f64>, what: &str, unit: &str) -> Side {
    let (ticks, name) = if unit.is_empty() {
        (Ticks::Whole, format!("{what} (points)"))
    } else {
        (Ticks::Round, format!("{what} ({unit} of points)"))
    };
    Side { range, ticks, name }
}
