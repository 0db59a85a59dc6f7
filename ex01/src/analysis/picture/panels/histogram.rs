//! How often does each risk occur?

use plotters::prelude::*;

use super::{Area, BLUE, Backend, Drawn, Side, counted, panel, pixel, unit};
use crate::analysis::picture::axis::Ticks;
use crate::analysis::picture::scale::Scale;
use crate::analysis::statistics::float;
use crate::results::Histogram;

/// From this many bars on, there are no gaps between them.
const GAPLESS: usize = 40;

/// Bars of equal width.
struct Bars {
    /// Where the first one begins.
    left: f64,
    width: f64,
    count: usize,
    /// Each bar stands for the one value in its middle.
    is_value: bool,
}

impl Bars {
    fn of(histogram: &Histogram, scale: Scale) -> Self {
        let count = histogram.counts.len();
        let (mut left, end) = (scale.place(histogram.lo), scale.place(histogram.hi));
        let mut width = (end - left) / float(count as u64);
        if histogram.lo >= histogram.hi {
            // All values are equal, and their bar is around them.
            width = if left.abs() > 0.0 {
                left.abs() * 0.1
            } else {
                1.0
            };
            left -= width / 2.0;
        }
        Self {
            left,
            width,
            count,
            is_value: histogram.values,
        }
    }

    /// The edges of a bar.
    fn edges(&self, index: usize) -> (f64, f64) {
        let left = self.left + float(index as u64) * self.width;
        (left, left + self.width)
    }

    /// The axis below the bars. Values at its ends keep a distance from them.
    fn side(&self, name: String) -> Side {
        let (left, right) = (self.left, self.edges(self.count).0);
        let room = if self.count == 1 {
            self.width
        } else {
            (right - left) * 0.03
        };
        let middle = |index| self.edges(index).0 + self.width / 2.0;
        let ticks = if self.is_value {
            Ticks::At((0..self.count).map(middle).collect())
        } else {
            Ticks::Round
        };
        Side {
            range: left - room..right + room,
            ticks,
            name,
        }
    }
}

pub fn draw<B: Backend>(area: &Area<B>, histogram: &Histogram, scale: Scale) -> Drawn {
    let bars = Bars::of(histogram, scale);
    let top = histogram.counts.iter().copied().max().unwrap_or(1);
    let (by, name) = unit(float(top));
    let upwards = counted(0.0..float(top) / by * 1.08, "count", name);
    let across = bars.side(scale.named("risk"));
    let mut chart = panel(area, "Histogram of risk", &across, &upwards)?;
    let (wide, least) = pixel(&chart);
    let gap = if bars.count >= GAPLESS {
        0.0
    } else if bars.is_value {
        bars.width / 10.0
    } else {
        wide / 2.0
    };
    let occurring = histogram.counts.iter().enumerate().filter(|it| *it.1 > 0);
    chart.draw_series(occurring.map(|(index, count)| {
        let (left, right) = bars.edges(index);
        // A value that occurs once among millions must be visible too.
        let height = (float(*count) / by).max(least);
        let corners = [(left + gap, 0.0), (right - gap, height)];
        Rectangle::new(corners, BLUE.filled())
    }))?;
    Ok(())
}
