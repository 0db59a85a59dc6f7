//! How are letters drawn? plotters draws them four times too large, and this file averages the pixels.

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{BackendColor, BackendCoord, BackendTextStyle, DrawingErrorKind};

use super::canvas::Canvas;
use super::{Drawn, UNITS};

/// Draws a line of text.
pub fn draw<T: BackendTextStyle>(
    canvas: &mut Canvas,
    text: &str,
    style: &T,
    at: BackendCoord,
) -> Drawn {
    let no_font = |error: T::FontError| DrawingErrorKind::FontError(Box::new(error));
    let ((left, top), (right, bottom)) = style.layout_box(text).map_err(no_font)?;
    let (width, height) = (right - left, bottom - top);
    let dx = match style.anchor().h_pos {
        HPos::Left => 0,
        HPos::Right => -width,
        HPos::Center => -width / 2,
    };
    let dy = match style.anchor().v_pos {
        VPos::Top => 0,
        VPos::Center => -height / 2,
        VPos::Bottom => -height,
    };
    // The pixels that the letters may touch. Letters reach out of their box by less than a line.
    #[expect(clippy::cast_possible_truncation, reason = "a font's height")]
    let over = style.size() as i32;
    let turn = style.transform();
    let pixel = |x: i32, y: i32| {
        let ((x, y), unit) = (turn.transform(x + dx, y + dy), i32::from(UNITS));
        ((at.0 + x).div_euclid(unit), (at.1 + y).div_euclid(unit))
    };
    let (a, b) = (pixel(-over, -over), pixel(width + over, height + over));
    let range = |a: i32, b: i32, size: usize| {
        let within = |it: i32| usize::try_from(it).unwrap_or_default().min(size);
        within(a.min(b))..within(a.max(b).saturating_add(1))
    };
    let (width, height) = canvas.size();
    let columns = range(a.0, b.0, width as usize);
    let rows = range(a.1, b.1, height as usize);
    let mut shares = vec![0.0_f32; columns.len() * rows.len()];
    let drawn = style.draw(text, (0, 0), |x, y, color| {
        let (x, y) = pixel(x - left, y - top);
        if let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y))
            && columns.contains(&x)
            && rows.contains(&y)
        {
            let place = (y - rows.start) * columns.len() + x - columns.start;
            shares[place] += alpha(color) / f32::from(UNITS * UNITS);
        }
        Ok(())
    });
    drawn.map_err(no_font)??;
    let places = rows.flat_map(|y| columns.clone().map(move |x| (x, y)));
    for ((x, y), share) in places.zip(&shares) {
        if *share > 0.0 {
            canvas.mix(x, y, style.color().rgb, share.min(1.0));
        }
    }
    Ok(())
}

/// How opaque a colour is.
#[expect(clippy::cast_possible_truncation, reason = "between 0 and 1")]
fn alpha(color: BackendColor) -> f32 {
    color.alpha as f32
}
