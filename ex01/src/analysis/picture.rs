//! What does the data look like?
//!
//! plotters draws three panels: for PNG on our own canvas, for SVG as text. Both are drawn in quarters of a pixel.

use std::error::Error;
use std::io::{Cursor, Write};
use std::path::Path;

use plotters::prelude::*;

use super::files;
use super::statistics::PIXELS;
use crate::faults::Trouble;
use crate::results::Findings;

mod panels; // The three views of the data.
mod axis; // Where an axis begins and ends, and which numbers it shows.
mod scale; // The unit of these numbers.
mod svg; // The picture as an SVG document, with a description in words.
mod backend; // What plotters draws on.

use backend::Canvas;
use panels::{Area, Backend, Drawn, font, px};
use scale::Scale;

/// The height of the caption's letters, in pixels.
const CAPTION: u32 = 17;
/// Width and height of the picture.
const SIZE: (u32, u32) = (PIXELS as u32 + 100, 660);

/// The bytes of the picture, in the format that the name of its file asks for.
pub fn draw(findings: &Findings, caption: &str, file: &Path) -> Result<Vec<u8>, Trouble> {
    let drawn = if files::ends_in(file, "svg") {
        svg::document(findings, caption)
    } else {
        bitmap(findings, caption)
    };
    drawn.map_err(|error| Trouble::Drawing(error.to_string()))
}

/// The picture as a PNG file.
fn bitmap(findings: &Findings, caption: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    crate::font::register()?;
    let mut canvas = Canvas::new(SIZE).ok_or("a picture of no pixels")?;
    panels(&(&mut canvas).into_drawing_area(), findings, caption)?;
    let bytes = encode(&canvas)?;
    if decode(&bytes)? == SIZE {
        return Ok(bytes);
    }
    Err("a picture of another size".into())
}

/// Pixels as a PNG file, row by row, without a copy of all of them.
fn encode(canvas: &Canvas) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, SIZE.0, SIZE.1);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::Fast);
    // Most pixels are equal to the one above. To try every filter on every row would take a third of the whole run.
    encoder.set_filter(png::Filter::Up);
    let mut writer = encoder.write_header()?;
    let mut file = writer.stream_writer_with_size(1 << 20)?;
    for row in canvas.rows() {
        file.write_all(&row)?;
    }
    file.finish()?;
    drop(writer);
    Ok(bytes)
}

/// The size of a PNG file. Every pixel must be readable.
fn decode(bytes: &[u8]) -> Result<(u32, u32), Box<dyn Error>> {
    let mut reader = png::Decoder::new(Cursor::new(bytes)).read_info()?;
    while reader.next_row()?.is_some() {}
    reader.finish()?;
    Ok(reader.info().size())
}

/// Draws the titles and the three panels.
fn panels<B: Backend>(area: &Area<B>, findings: &Findings, caption: &str) -> Drawn {
    let area = area
        .margin(px(8), 0, 0, 0)
        .titled("Matrix analysis", font(26))?;
    let area = area.titled(&shortened(&area, caption)?, font(CAPTION))?;
    let (_, height) = area.dim_in_pixel();
    let (top, bottom) = area.split_vertically(height / 2);
    let (left, right) = bottom.split_horizontally(px(SIZE.0) / 2);
    // All panels share one scale, so each number looks the same in all of them.
    let scale = Scale::of(findings.risk.min, findings.risk.max);
    panels::series(&top, &findings.series, findings.n, scale)?;
    panels::histogram(&left, &findings.histogram, scale)?;
    panels::groups(&right, &findings.groups, &findings.risk, scale)
}

/// A caption, cut to the width of the picture. It would also fit in a wider font, because each viewer chooses the font
/// of an SVG. The middle is left out: the end of a path says more.
fn shortened<B: Backend>(area: &Area<B>, caption: &str) -> Result<String, Box<dyn Error>> {
    let letters: Vec<char> = caption.chars().collect();
    let mut text = caption.to_owned();
    let mut kept = letters.len();
    while kept > 2 && area.estimate_text_size(&text, &font(CAPTION))?.0 > px(SIZE.0 / 6 * 5) {
        kept -= kept / 20 + 1;
        let (start, end) = (&letters[..kept / 2], &letters[letters.len() - kept / 2..]);
        text = start.iter().chain(&['…']).chain(end).collect();
    }
    Ok(text)
}
