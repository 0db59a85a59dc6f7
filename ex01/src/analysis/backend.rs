//! What does plotters ask of whoever it draws on?
//!
//! plotters knows whole coordinates only, and its own bitmaps have hard pixels. Here four of its units make one pixel.
//! Shapes are filled by the canvas; letters are drawn by plotters itself, four times too large, and averaged.

use std::convert::Infallible;

use ab_glyph_rasterizer::{Point, point};
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};

use super::canvas::{Canvas, alpha, float};

/// plotters' units in a pixel, each way.
pub const UNITS: u8 = 4;

/// What drawing comes to; nothing but a missing font can go wrong.
type Drawn = Result<(), DrawingErrorKind<Infallible>>;

/// plotters' coordinates in pixels.
fn pixels((x, y): BackendCoord) -> Point {
    point(float(x) / f32::from(UNITS), float(y) / f32::from(UNITS))
}

/// plotters' lengths in pixels.
fn length(units: u32) -> f32 {
    float(i32::try_from(units).unwrap_or(i32::MAX)) / f32::from(UNITS)
}

impl DrawingBackend for &mut Canvas {
    type ErrorType = Infallible;

    /// In units.
    fn get_size(&self) -> (u32, u32) {
        let units = |length: usize| u32::try_from(length).unwrap_or(u32::MAX) * u32::from(UNITS);
        (units(self.width), units(self.height))
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, at: BackendCoord, color: BackendColor) -> Drawn {
        let (from, to) = (pixels(at), pixels((at.0 + 1, at.1 + 1)));
        self.fill(&[Canvas::rectangle(from.x, from.y, to.x, to.y)], color);
        Ok(())
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Drawn {
        self.draw_path([from, to], style)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        let path: Vec<Point> = path.into_iter().map(pixels).collect();
        if style.color().alpha > 0.0 && !path.is_empty() {
            let stroke = Canvas::stroke(&path, length(style.stroke_width()));
            self.fill(&stroke, style.color());
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
        let (left, right) = (from.x.min(to.x).round(), from.x.max(to.x).round());
        let (top, bottom) = (from.y.min(to.y), from.y.max(to.y).round());
        let outline = Canvas::rectangle(left, top, right, bottom);
        self.fill(&[outline], style.color());
        Ok(())
    }

    /// A disc, as a polygon of 16 corners: at the few pixels of a data point nobody sees them.
    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        // Cosine and sine of 22.5 degrees, and of 45; a library's sine has another last bit elsewhere.
        let (long, short, even) = (0.923_879_5, 0.382_683_43, std::f32::consts::FRAC_1_SQRT_2);
        let quarter = [(1.0, 0.0), (long, short), (even, even), (short, long)];
        let (center, radius) = (pixels(center), length(radius));
        let turns = [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)];
        let corners = turns.iter().flat_map(|(cosine, sine)| {
            quarter.map(|(x, y)| (x * cosine - y * sine, x * sine + y * cosine))
        });
        let corners = corners.map(|(x, y)| point(center.x + x * radius, center.y + y * radius));
        let mut outline: Vec<Point> = corners.collect();
        if fill {
            self.fill(&[outline], style.color());
        } else {
            outline.extend(outline.first().copied());
            let stroke = Canvas::stroke(&outline, length(style.stroke_width()));
            self.fill(&stroke, style.color());
        }
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Drawn {
        let outline = corners.into_iter().map(pixels).collect();
        self.fill(&[outline], style.color());
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
        let (columns, rows) = (range(a.0, b.0, self.width), range(a.1, b.1, self.height));
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

    /// How much ink, in pixels, each row of a small canvas holds after drawing.
    fn rows(draw: impl Fn(&mut Canvas)) -> Vec<f32> {
        let mut canvas = Canvas::new((40, 30));
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
                it.draw_line((20, y), (60, y), &Color::stroke_width(&BLACK, 4))
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
            it.draw_line((20, 20), (44, 52), &Color::stroke_width(&BLACK, 4))
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
                it.draw_line(at, at, &Color::stroke_width(&BLACK, 4))
                    .unwrap();
                it.draw_pixel(at, BLACK.to_backend_color()).unwrap();
            }
        });
        assert!(rows.iter().sum::<f32>() < f32::EPSILON);
    }
}
