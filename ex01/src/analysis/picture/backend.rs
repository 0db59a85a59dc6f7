//! What does plotters need to draw on?
//!
//! plotters has whole coordinates only, and its own bitmaps have hard pixels. So four units of plotters make one pixel.

use std::convert::Infallible;

use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};
use tiny_skia::PathBuilder;

mod canvas; // The pixels of the picture.
mod letters; // Text.

pub use canvas::Canvas;
use canvas::{length, path, pixels};

/// How many of plotters' units make a pixel, in each direction.
pub const UNITS: u8 = 4;

/// The result of drawing. Only a missing font can be an error.
type Drawn = Result<(), DrawingErrorKind<Infallible>>;

impl DrawingBackend for &mut Canvas {
    type ErrorType = Infallible;

    /// Width and height, in units.
    fn get_size(&self) -> (u32, u32) {
        let (units, (width, height)) = (u32::from(UNITS), self.size());
        (width * units, height * units)
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

    /// A vertical or horizontal line, as of an axis or a grid, fills whole pixels instead of two halves.
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
            self.stroke(path([from, to]), width, color);
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
            self.stroke(path(points), width, style.color());
        }
        Ok(())
    }

    /// The sides are at pixel borders, so neighbours have neither an overlap nor a gap. The height is exact.
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

    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, style: &T, at: BackendCoord) -> Drawn {
        letters::draw(self, text, style, at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plotters::prelude::*;
    use plotters::style::Color;

    /// How much ink each row of a small canvas has after drawing, in pixels.
    fn rows(draw: impl Fn(&mut Canvas)) -> Vec<f32> {
        let mut canvas = Canvas::new((40, 30)).unwrap();
        draw(&mut canvas);
        let ink = |row: Vec<u8>| row.iter().map(|it| f32::from(255 - it) / 765.0).sum();
        canvas.rows().map(ink).collect()
    }

    #[track_caller]
    fn check_ink(expected: f32, draw: impl Fn(&mut Canvas)) {
        let ink: f32 = rows(draw).iter().sum();
        assert!((ink - expected).abs() < 0.02 * expected, "{ink}");
    }

    #[test]
    fn a_horizontal_line_is_one_sharp_row_at_any_height() {
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
        // A line of 3-4-5, of 10 pixels and one more for its ends; a disc.
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
    fn a_line_of_many_points_is_as_thick_as_a_pixel_in_any_direction() {
        for (length, middle) in [(24.0, (44, 56)), (24.0, (88, 12)), (20.0, (64, 40))] {
            let points = [(40, 8), middle, (2 * middle.0 - 40, 2 * middle.1 - 8)];
            check_ink(length + 1.0, |mut it| {
                let style = ShapeStyle::from(&BLACK).stroke_width(4);
                it.draw_path(points, &style).unwrap();
            });
        }
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
    fn shapes_outside_the_picture_leave_no_ink() {
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
