//! What are the picture's pixels, and how is a shape filled? tiny-skia does it.

use plotters_backend::{BackendColor, BackendCoord};
use tiny_skia::{
    Color, FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Rect, Stroke, Transform,
};

use super::UNITS;

/// The pixels of a picture.
pub struct Canvas {
    pixels: Pixmap,
}

impl Canvas {
    /// A white canvas, this many pixels wide and high; none if it has no pixels.
    pub fn new((width, height): (u32, u32)) -> Option<Self> {
        let mut pixels = Pixmap::new(width, height)?;
        pixels.fill(Color::WHITE);
        Some(Self { pixels })
    }

    pub fn size(&self) -> (u32, u32) {
        (self.pixels.width(), self.pixels.height())
    }

    /// The colours of each row: red, green and blue for each pixel.
    pub fn rows(&self) -> impl Iterator<Item = Vec<u8>> {
        let pixels = self.pixels.data().as_chunks::<4>().0;
        let rows = pixels.chunks(self.pixels.width() as usize);
        rows.map(|row| row.iter().flat_map(|it| [it[0], it[1], it[2]]).collect())
    }

    /// Mixes a colour into one pixel.
    pub fn mix(&mut self, x: usize, y: usize, color: (u8, u8, u8), share: f32) {
        let at = (y * self.pixels.width() as usize + x) * 4;
        let Some(pixel) = self.pixels.data_mut().get_mut(at..at + 3) else {
            return; // beyond the edge
        };
        for (old, new) in pixel.iter_mut().zip([color.0, color.1, color.2]) {
            let mixed = f32::from(*old) + (f32::from(new) - f32::from(*old)) * share;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "between two bytes"
            )]
            {
                *old = (mixed + 0.5) as u8;
            }
        }
    }

    /// Fills an outline. An outline without an area leaves no ink.
    pub fn fill(&mut self, path: Option<Path>, color: BackendColor) {
        if let Some(path) = path {
            let (paint, turn) = (paint(color), Transform::identity());
            self.pixels
                .fill_path(&path, &paint, FillRule::Winding, turn, None);
        }
    }

    pub fn fill_rect(&mut self, left: f32, top: f32, right: f32, bottom: f32, color: BackendColor) {
        if let Some(rect) = Rect::from_ltrb(left, top, right, bottom) {
            let (paint, turn) = (paint(color), Transform::identity());
            self.pixels.fill_rect(rect, &paint, turn, None);
        }
    }

    /// Draws a line that is at least one pixel wide.
    ///
    /// tiny-skia draws a line of one pixel without its outline, which takes a quarter of the time.
    pub fn stroke(&mut self, path: Option<Path>, width: f32, color: BackendColor) {
        let stroke = Stroke {
            width: width.max(1.0),
            line_cap: LineCap::Square,
            line_join: LineJoin::Bevel,
            ..Stroke::default()
        };
        let Some(path) = path else {
            return;
        };
        if is_straight(&path) {
            let (paint, turn) = (paint(color), Transform::identity());
            self.pixels.stroke_path(&path, &paint, &stroke, turn, None);
        } else {
            self.fill(path.stroke(&stroke, 1.0), color);
        }
    }
}

/// Whether a line goes upwards, downwards or across almost everywhere. Without an outline, an oblique line would be up
/// to 30 % thinner: it has the ink of one pixel in each row or column.
fn is_straight(path: &Path) -> bool {
    let steps = path.points().windows(2).map(|it| it[1] - it[0]);
    let (mut length, mut ink) = (0.0, 0.0);
    for step in steps {
        length += step.length();
        ink += step.x.abs().max(step.y.abs());
    }
    ink > 0.99 * length
}

/// A colour, with smooth edges.
fn paint(color: BackendColor) -> Paint<'static> {
    let (red, green, blue) = color.rgb;
    let mut paint = Paint::default();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to 255"
    )]
    paint.set_color_rgba8(red, green, blue, (color.alpha * 255.0).round() as u8);
    paint.anti_alias = true;
    paint
}

/// plotters' coordinates in pixels. Points far outside are moved near the picture, where they are still invisible.
pub fn pixels((x, y): BackendCoord) -> (f32, f32) {
    let near = |it: i32| float(it.clamp(-(1 << 16), 1 << 16)) / f32::from(UNITS);
    (near(x), near(y))
}

/// plotters' lengths in pixels.
pub fn length(units: u32) -> f32 {
    float(i32::try_from(units).unwrap_or(i32::MAX)) / f32::from(UNITS)
}

/// A coordinate as a float. It is exact, because no picture is wider than 2^24 units.
#[expect(clippy::cast_precision_loss, reason = "see above")]
fn float(length: i32) -> f32 {
    length as f32
}

/// The path through some points.
pub fn path(points: impl IntoIterator<Item = BackendCoord>) -> Option<Path> {
    let mut builder = PathBuilder::new();
    for (index, (x, y)) in points.into_iter().map(pixels).enumerate() {
        if index == 0 {
            builder.move_to(x, y);
        } else {
            builder.line_to(x, y);
        }
    }
    builder.finish()
}
