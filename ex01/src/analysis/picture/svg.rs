//! What does the SVG document say, also to readers who cannot see the picture?

use std::error::Error;

use plotters::prelude::*;

use super::panels::px;
use super::scale::order;
use super::{SIZE, panels};
use crate::analysis::statistics::float;
use crate::results::{Column, Findings, Histogram};
use crate::text;

/// The document. Its units are those of the drawing.
pub fn document(findings: &Findings, caption: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    crate::font::register()?;
    let (mut text, units) = (String::new(), (px(SIZE.0), px(SIZE.1)));
    {
        let area = SVGBackend::with_string(&mut text, units).into_drawing_area();
        area.fill(&WHITE)?;
        panels(&area, findings, caption)?;
        area.present()?;
    }
    let size =
        |(width, height): (u32, u32)| format!("width=\"{width}\" height=\"{height}\" viewBox");
    let text = text.replacen(&size(units), &format!("role=\"img\" {}", size(SIZE)), 1);
    let description = format!(
        "<title>Matrix analysis: {}</title>\n<desc>{}</desc>\n",
        escaped(caption),
        escaped(&description(findings)),
    );
    let end = text.find(">\n<").ok_or("no document")? + 2;
    Ok([&text[..end], &description, &text[end..]]
        .concat()
        .into_bytes())
}

/// What the three panels show, in words.
fn description(findings: &Findings) -> String {
    let risk = &findings.risk;
    let span = risk.max - risk.min;
    let number = |value: f64| written(value, span);
    let [mean, min, max] = [risk.mean, risk.min, risk.max].map(number);
    let bins = description_of_bins(&findings.histogram, risk, number);
    let groups = findings.groups.iter();
    let means = groups.map(|it| format!("{} at {}", number(it.mean), it.agent_activity));
    let means = means.collect::<Vec<_>>().join(", ");
    format!(
        "Risk over time: mean {mean}, from {min} to {max}. {bins} Mean risk by agent activity: {means}."
    )
}

/// How many bins there are, and where most points are.
fn description_of_bins(
    histogram: &Histogram,
    risk: &Column,
    number: impl Fn(f64) -> String,
) -> String {
    let counts = &histogram.counts;
    let bins = counts.len();
    let most = counts.iter().copied().max().unwrap_or(0);
    let fullest = counts.iter().position(|it| *it == most).unwrap_or(0);
    let edge = |bin: usize| {
        let share = float(bin as u64) / float(bins as u64);
        histogram.lo + (histogram.hi - histogram.lo) * share
    };
    let most = text::counted(most, "point");
    if histogram.values {
        let middle = edge(fullest) / 2.0 + edge(fullest + 1) / 2.0;
        // Beside a huge value, the middle around the least one is rounded to zero.
        let middle = number(middle.max(risk.min));
        return format!("The most frequent value is {middle}, with {most}.");
    }
    let (from, to) = (number(edge(fullest)), number(edge(fullest + 1)));
    format!("The fullest of {bins} bins holds {most}, from {from} to {to}.")
}

/// A number with as many digits as it needs to differ from a number at this distance.
fn written(value: f64, span: f64) -> String {
    let size = if span > 0.0 { span } else { value.abs() };
    let place = order(size);
    if !(-6..15).contains(&place) || value.abs() >= 1e15 {
        return format!("{value:.3e}");
    }
    let decimals = usize::try_from(3 - place).unwrap_or(0);
    format!("{value:.decimals$}")
}

/// Text, escaped for XML.
fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;");
    text.replace('<', "&lt;").replace('>', "&gt;")
}
