//! How does mean risk depend on the activity? Bars, or dots if bars from 0 would all look the same.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::{Area, Backend, Chart, Drawn, LABEL, Side, ends, font, panel, pixel, px, widest};
use crate::analysis::picture::axis::{Axis, Ticks};
use crate::analysis::picture::scale::Scale;
use crate::results::{Column, Group};

/// The colour of the bars.
const ORANGE: RGBColor = RGBColor(255, 127, 14);
/// Half of a bar's width, as a share of the distance between two bars.
const HALF: f64 = 0.4;
/// The radius of a dot, in pixels.
const RADIUS: u32 = 4;
/// The smallest letters, in pixels.
const SMALLEST: u32 = 11;

pub fn draw<B: Backend>(area: &Area<B>, groups: &[Group], risk: &Column, scale: Scale) -> Drawn {
    let (lowest, highest) = ends(groups.iter().map(|it| it.mean));
    let own = scale.of_part(lowest, highest);
    let from_zero = own.begins_at_zero() && !are_alike((lowest, highest), risk);
    let range = if from_zero {
        let top = own.place(highest);
        0.0..if top > 0.0 { top * 1.12 } else { 1.0 }
    } else if lowest < highest {
        around(own.place(lowest), own.place(highest))
    } else {
        around(own.place(risk.min), own.place(risk.max))
    };
    let across = Side {
        range: -0.6..9.6,
        ticks: Ticks::Whole,
        name: "agent activity (0 to 9)".to_owned(),
    };
    let upwards = Side {
        range,
        ticks: Ticks::Round,
        name: own.named("mean risk"),
    };
    let mut chart = panel(area, "Mean risk by agent activity", &across, &upwards)?;
    let at = |group: &Group| (f64::from(group.agent_activity), own.place(group.mean));
    let points: Vec<(f64, f64)> = groups.iter().map(at).collect();
    if from_zero {
        let bar = |&(x, y): &(f64, f64)| {
            Rectangle::new([(x - HALF, 0.0), (x + HALF, y)], ORANGE.filled())
        };
        chart.draw_series(points.iter().map(bar))?;
    } else {
        let dot = |at: &(f64, f64)| Circle::new(*at, px(RADIUS), ORANGE.filled());
        chart.draw_series(points.iter().map(dot))?;
    }
    let raised = if from_zero { 0 } else { RADIUS + 2 };
    let (least, most) = (scale.place(risk.min), scale.place(risk.max));
    let whole = if least < most {
        Axis::new(least..most, &Ticks::Round, 6)
    } else {
        Axis::new(0.0..most, &Ticks::At(vec![most]), 6)
    };
    let same = if own == scale { whole.decimals } else { 0 };
    label(area, &mut chart, &points, same, raised)
}

/// Whether bars from 0 would all look the same: the means, or, if these are equal, the risks themselves.
fn are_alike((lowest, highest): (f64, f64), risk: &Column) -> bool {
    if lowest < highest {
        lowest > highest * 0.75
    } else {
        risk.min > risk.max / 2.0 && risk.min < risk.max
    }
}

/// A range that leaves room for a label above the highest dot.
fn around(low: f64, high: f64) -> std::ops::Range<f64> {
    let span = high - low;
    low - span * 0.08..high + span * 0.18
}

/// Writes the means above their bars or dots: with one digit more than the axis has, or with as many decimals as the
/// axis of all risks. If labels would touch each other or the axis, the letters become smaller, and at last the
/// decimals become fewer.
fn label<'a, B: Backend + 'a>(
    area: &Area<B>,
    chart: &mut Chart<'a, B>,
    points: &[(f64, f64)],
    decimals: usize,
    raised: u32,
) -> Drawn {
    let axis = chart.as_coord_spec().y_spec().clone();
    let most = decimals.saturating_sub(axis.decimals).max(1);
    let room = 1.0 / pixel(chart).0 - 3.0;
    let sizes = (0..=most)
        .rev()
        .flat_map(|more| (SMALLEST..LABEL).rev().map(move |it| (more, it)));
    let (mut more, mut height) = (0, SMALLEST);
    for (decimals, size) in sizes {
        let texts = points
            .iter()
            .map(|at| axis.written_or_bound(at.1, decimals));
        if f64::from(widest(area, texts, size)?) <= room {
            (more, height) = (decimals, size);
            break;
        }
    }
    let style = font(height).pos(Pos::new(HPos::Center, VPos::Bottom));
    let up = -i32::try_from(px(raised)).unwrap_or_default();
    chart.draw_series(points.iter().map(|at| {
        let text = Text::new(axis.written_or_bound(at.1, more), (0, up), style.clone());
        EmptyElement::at(*at) + text
    }))?;
    Ok(())
}
