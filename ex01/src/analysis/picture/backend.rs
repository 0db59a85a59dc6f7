//! What does plotters ask of whoever it draws on?
//!
//! plotters knows whole coordinates only, and its own bitmaps have hard pixels. Here four of its units make one pixel.
//! Shapes are filled by tiny-skia; letters are drawn by plotters itself, four times too large, and averaged.

use std::convert::Infallible;

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};
use tiny_skia::{
    Color, FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Rect, Stroke, Transform,
};

/// plotters' units in a pixel, each way.
pub const UNITS: u8 = 4;

/// What drawing comes to; nothing but a missing font can go wrong.
type Drawn = Result<(), DrawingErrorKind<Infallible>>;

/// A picture on its way.
pub struct Canvas {
    pixels: Pixmap,
}

impl Canvas {
    /// A white one, so many pixels wide and high; none of no pixels.
    pub fn new((width, height): (u32, u32)) -> Option<Self> {
        let mut pixels = Pixmap::new(width, height)?;
        pixels.fill(Color::WHITE);
        Some(Self { pixels })
    }

    /// What was drawn: red, green and blue for each pixel, row by row.
    pub fn into_pixels(self) -> Vec<u8> {
        let pixels = self.pixels.data().as_chunks::<4>().0;
        pixels.iter().flat_map(|it| [it[0], it[1], it[2]]).collect()
    }

    /// Mixes a colour into one pixel.
    fn mix(&mut self, x: usize, y: usize, color: (u8, u8, u8), share: f32) {
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

    /// Fills an outline. One without an area has no path, and no ink.
    fn fill(&mut self, path: Option<Path>, color: BackendColor) {
        if let Some(path) = path {
            let (paint, turn) = (paint(color), Transform::identity());
            self.pixels
                .fill_path(&path, &paint, FillRule::Winding, turn, None);
        }
    }

    /// Fills a rectangle.
    fn fill_rect(&mut self, left: f32, top: f32, right: f32, bottom: f32, color: BackendColor) {
        let rect = Rect::from_ltrb(left, top, right, bottom);
        self.fill(rect.map(PathBuilder::from_rect), color);
    }

    /// Draws a line of at least one pixel's width.
    fn stroke(&mut self, path: Option<Path>, width: f32, color: BackendColor) {
        let stroke = Stroke {
            width: width.max(1.0),
            line_cap: LineCap::Square,
            line_join: LineJoin::Bevel,
            ..Stroke::default()
        };
        if let Some(path) = path {
            self.fill(path.stroke(&stroke, 1.0), color);
        }
    }
}

/// A colour to draw with, edges smoothed.
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

/// plotters' coordinates in pixels; what lies far outside is brought near, where nobody sees it either.
fn pixels((x, y): BackendCoord) -> (f32, f32) {
    let near = |it: i32| float(it.clamp(-(1 << 16), 1 << 16)) / f32::from(UNITS);
    (near(x), near(y))
}

/// plotters' lengths in pixels.
fn length(units: u32) -> f32 {
    float(i32::try_from(units).unwrap_or(i32::MAX)) / f32::from(UNITS)
}

/// A coordinate as a float: exact, pictures are no wider than 2^24 units.
#[expect(clippy::cast_precision_loss, reason = "see above")]
fn float(length: i32) -> f32 {
    length as f32
}

/// How opaque a colour is.
#[expect(clippy::cast_possible_truncation, reason = "between 0 and 1")]
fn alpha(color: BackendColor) -> f32 {
    color.alpha as f32
}

/// The path through some points.
fn path(points: impl IntoIterator<Item = BackendCoord>, close: bool) -> Option<Path> {
    let mut builder = PathBuilder::new();
    for (index, (x, y)) in points.into_iter().map(pixels).enumerate() {
        if index == 0 {
            builder.move_to(x, y);
        } else {
            builder.line_to(x, y);
        }
    }
    if close {
        builder.close();
    }
    builder.finish()
}

impl DrawingBackend for &mut Canvas {
    type ErrorType = Infallible;

    /// In units.
    fn get_size(&self) -> (u32, u32) {
        let units = u32::from(UNITS);
        (self.pixels.width() * units, self.pixels.height() * units)
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, at: BackendCoord, color: BackendColor) -> Drawn {
        let ((left, top), (right, bottom)) = (pixels(at), pixels((at.0 + 1, at.1 + 1)));
        self.fill_rect(left, top, right, bottom, color);
        Ok(())
    }

    /// An upright or level line, of an axis or a grid, fills whole pixels instead of two halves.
    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Drawn {
        let (color, width) = (style.color(), length(style.stroke_width()));
        if color.alpha <= 0.0 {
            return Ok(());
        }
        let half = width / 2.0;
        let ((x0, y0), (x1, y1)) = (pixels(from), pixels(to));
        if from.0 == to.0 {
            let left = (x0 - half).round();
            let (top, bottom) = ((y0.min(y1) - half).round(), (y0.max(y1) + half).round());
            self.fill_rect(left, top, left + width, bottom, color);
        } else if from.1 == to.1 {
            let top = (y0 - half).round();
            let (left, right) = ((x0.min(x1) - half).round(), (x0.max(x1) + half).round());
            self.fill_rect(left, top, right, top + width, color);
        } else {
            self.stroke(path([from, to], false), width, color);
        }
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        points: I,
        style: &S,
    ) -> Drawn {
        let points: Vec<BackendCoord> = points.into_iter().collect();
        if let [from, to] = points[..] {
            return self.draw_line(from, to, style);
        }
        if style.color().alpha > 0.0 {
            let width = length(style.stroke_width());
            self.stroke(path(points, false), width, style.color());
        }
        Ok(())
    }

    /// Sides stand between pixels, so that neighbours neither overlap nor leave a seam; the height is exact.
    fn draw_rect<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        if !fill {
            let corners = [from, (to.0, from.1), to, (from.0, to.1), from];
            return self.draw_path(corners, style);
        }
        let (from, to) = (pixels(from), pixels(to));
        let (left, right) = (from.0.min(to.0).round(), from.0.max(to.0).round());
        let (top, bottom) = (from.1.min(to.1), from.1.max(to.1).round());
        self.fill_rect(left, top, right, bottom, style.color());
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let (x, y) = pixels(center);
        let path = PathBuilder::from_circle(x, y, length(radius));
        if fill {
            self.fill(path, style.color());
        } else {
            self.stroke(path, length(style.stroke_width()), style.color());
        }
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Drawn {
        self.fill(path(corners, true), style.color());
        Ok(())
    }

    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, style: &T, at: BackendCoord) -> Drawn {
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
        // The pixels that letters may touch: they hang over their box by less than a line.
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
        let (width, height) = (self.pixels.width(), self.pixels.height());
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
                self.mix(x, y, style.color().rgb, share.min(1.0));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plotters::prelude::*;
    use plotters::style::Color;

    /// How much ink, in pixels, each row of a small canvas holds after drawing.
    fn rows(draw: impl Fn(&mut Canvas)) -> Vec<f32> {
        let mut canvas = Canvas::new((40, 30)).unwrap();
        draw(&mut canvas);
        let ink = |row: &[u8]| row.iter().map(|it| f32::from(255 - it) / 765.0).sum();
        canvas.into_pixels().chunks(40 * 3).map(ink).collect()
    }

    #[track_caller]
    fn check_ink(expected: f32, draw: impl Fn(&mut Canvas)) {
        let ink: f32 = rows(draw).iter().sum();
        assert!((ink - expected).abs() < 0.02 * expected, "{ink}");
    }

    #[test]
    fn a_level_line_is_one_sharp_row_wherever_it_lies() {
        for y in 40..48 {
            let rows = rows(|mut it| {
                it.draw_line((20, y), (60, y), &ShapeStyle::from(&BLACK).stroke_width(4))
                    .unwrap();
            });
            let inked: Vec<f32> = rows.into_iter().filter(|it| *it > 0.0).collect();
            assert_eq!(inked.len(), 1, "{y}");
            assert!((10.0..=12.0).contains(&inked[0]), "{inked:?}");
        }
    }

    #[test]
    fn shapes_hold_as_much_ink_as_their_area() {
        // A triangle of 20 × 10 pixels; a line from 3-4-5, of 10 pixels and one more for its ends; a disc.
        check_ink(100.0, |mut it| {
            let corners = [(10, 10), (90, 10), (10, 50)];
            it.fill_polygon(corners, &BLACK.filled()).unwrap();
        });
        check_ink(11.0, |mut it| {
            it.draw_line(
                (20, 20),
                (44, 52),
                &ShapeStyle::from(&BLACK).stroke_width(4),
            )
            .unwrap();
        });
        check_ink(std::f32::consts::PI * 36.0 * 0.974, |mut it| {
            it.draw_circle((80, 60), 24, &BLACK.filled(), true).unwrap();
        });
        check_ink(50.0, |mut it| {
            it.draw_rect((8, 8), (88, 28), &BLACK.mix(0.5).filled(), true)
                .unwrap();
        });
    }

    #[test]
    fn neighbouring_bars_leave_no_seam() {
        for seam in 40..48 {
            check_ink(200.0, |mut it| {
                it.draw_rect((0, 40), (seam, 80), &BLACK.filled(), true)
                    .unwrap();
                it.draw_rect((seam, 40), (80, 80), &BLACK.filled(), true)
                    .unwrap();
            });
        }
    }

    #[test]
    fn a_text_has_the_same_ink_upright_and_turned() {
        crate::font::register().unwrap();
        let font = ("sans-serif", 40.0).into_font();
        let ink = |font: FontDesc<'static>| {
            let style = TextStyle::from(font).color(&BLACK);
            rows(|mut it| it.draw_text("Ag", &style, (60, 60)).unwrap())
                .iter()
                .sum::<f32>()
        };
        let (level, turned) = (
            ink(font.clone()),
            ink(font.transform(FontTransform::Rotate270)),
        );
        assert!(level > 10.0, "{level}");
        assert!((level - turned).abs() < 0.05 * level, "{level} {turned}");
    }

    #[test]
    fn what_lies_outside_is_left_out() {
        crate::font::register().unwrap();
        let style = TextStyle::from(("sans-serif", 40.0).into_font()).color(&BLACK);
        let rows = rows(|mut it| {
            for at in [(-4000, -4000), (4000, 4000), (i32::MAX / 8, 0)] {
                it.draw_text("M", &style, at).unwrap();
                it.draw_circle(at, 12, &BLACK.filled(), true).unwrap();
                it.draw_line(at, at, &ShapeStyle::from(&BLACK).stroke_width(4))
                    .unwrap();
                it.draw_pixel(at, BLACK.to_backend_color()).unwrap();
            }
        });
        assert!(rows.iter().sum::<f32>() < f32::EPSILON);
    }
}
