//! How do lines and letters get smooth edges?
//!
//! plotters knows whole coordinates only, and its own bitmaps have hard pixels. Here four of its units make one pixel. Of every
//! shape the exact share of each pixel that it covers is computed, by the crate that also fills the font's letters, and so
//! much of its colour is mixed in. Letters are drawn by plotters itself, four times too large, and averaged.

use std::convert::Infallible;

use ab_glyph_rasterizer::{Point, Rasterizer, point};
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};

/// plotters' units in a pixel, each way.
pub const UNITS: u8 = 4;

/// A picture on its way: red, green and blue for each pixel, row by row.
pub struct Canvas {
    /// Pixels.
    width: usize,
    /// Pixels.
    height: usize,
    /// Three bytes for each.
    pixels: Vec<u8>,
    /// Adds up what a shape covers; kept, because a new one would have to be given memory.
    cover: Rasterizer,
}

/// What drawing comes to; nothing but a missing font can go wrong.
type Drawn = Result<(), DrawingErrorKind<Infallible>>;

impl Canvas {
    /// A white one, so many pixels wide and high.
    pub fn new((width, height): (u32, u32)) -> Self {
        let (width, height) = (width as usize, height as usize);
        Self {
            width,
            height,
            pixels: vec![255; width * height * 3],
            cover: Rasterizer::new(0, 0),
        }
    }

    /// What was drawn.
    pub fn into_pixels(self) -> Vec<u8> {
        self.pixels
    }

    /// Mixes a colour into one pixel.
    fn mix(&mut self, x: usize, y: usize, color: (u8, u8, u8), share: f32) {
        let at = (y * self.width + x) * 3;
        let Some(pixel) = self.pixels.get_mut(at..at + 3) else {
            return;
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

    /// Fills closed outlines, in pixels. Where they overlap they must turn the same way round, or they cancel out.
    fn fill(&mut self, outlines: &[Vec<Point>], color: BackendColor) {
        let edge = |length: usize| float(i32::try_from(length).unwrap_or(i32::MAX));
        let (width, height) = (edge(self.width), edge(self.height));
        let within = |it: &Point| point(it.x.clamp(0.0, width), it.y.clamp(0.0, height));
        let points = || outlines.iter().flatten().map(within);
        let (left, top) = points().fold((width, height), |(x, y), it| (it.x.min(x), it.y.min(y)));
        let (right, bottom) = points().fold((0.0, 0.0), |(x, y), it| (it.x.max(x), it.y.max(y)));
        if right <= left || bottom <= top {
            return;
        }
        // Only the rectangle around the shape is looked at; one column more, for what ends on its edge.
        let (left, top) = (whole(left), whole(top));
        let (columns, rows) = (whole(right.ceil()) - left + 1, whole(bottom.ceil()) - top);
        let mut cover = std::mem::replace(&mut self.cover, Rasterizer::new(0, 0));
        cover.reset(columns, rows);
        let origin = (edge(left), edge(top));
        let inside = |it: &Point| {
            let it = within(it);
            point(it.x - origin.0, it.y - origin.1)
        };
        for outline in outlines {
            let ends = outline.iter().cycle().skip(1);
            for (from, to) in outline.iter().zip(ends) {
                cover.draw_line(inside(from), inside(to));
            }
        }
        let (mut x, mut y) = (left, top);
        cover.for_each_pixel(|_, share| {
            // Rounding leaves shares of a millionth behind.
            if share > 1e-3 && x < self.width {
                self.mix(x, y, color.rgb, share.min(1.0) * alpha(color));
            }
            x += 1;
            if x == left + columns {
                (x, y) = (left, y + 1);
            }
        });
        self.cover = cover;
    }

    /// The outline of a rectangle.
    fn rectangle(left: f32, top: f32, right: f32, bottom: f32) -> Vec<Point> {
        vec![
            point(left, top),
            point(right, top),
            point(right, bottom),
            point(left, bottom),
        ]
    }

    /// The outlines of a line's pieces, longer by half its width at each end, so that they join at every angle.
    fn stroke(path: &[Point], width: f32) -> Vec<Vec<Point>> {
        let half = width / 2.0;
        let straight = |a: f32, b: f32| (a - b).abs() < f32::EPSILON;
        let piece = |(from, to): (&Point, &Point)| {
            let (dx, dy) = (to.x - from.x, to.y - from.y);
            let length = (dx * dx + dy * dy).sqrt();
            if length <= 0.0 {
                return None;
            }
            // An upright or level line of its own, of an axis or a grid, fills whole pixels instead of two halves.
            if path.len() == 2 && straight(dx, 0.0) {
                let left = (from.x - half).round();
                let (top, bottom) = (from.y.min(to.y) - half, from.y.max(to.y) + half);
                let (top, bottom) = (top.round(), bottom.round());
                return Some(Self::rectangle(left, top, left + width, bottom));
            }
            if path.len() == 2 && straight(dy, 0.0) {
                let top = (from.y - half).round();
                let (left, right) = (from.x.min(to.x) - half, from.x.max(to.x) + half);
                let (left, right) = (left.round(), right.round());
                return Some(Self::rectangle(left, top, right, top + width));
            }
            let (along, across) = ((dx / length * half, dy / length * half), (dy, dx));
            let (x, y) = (across.0 / length * half, across.1 / length * half);
            let from = point(from.x - along.0, from.y - along.1);
            let to = point(to.x + along.0, to.y + along.1);
            Some(vec![
                point(from.x + x, from.y - y),
                point(to.x + x, to.y - y),
                point(to.x - x, to.y + y),
                point(from.x - x, from.y + y),
            ])
        };
        path.iter().zip(&path[1..]).filter_map(piece).collect()
    }
}

/// A coordinate as a float: exact, pictures are no wider than 2^24 units.
#[expect(clippy::cast_precision_loss, reason = "see above")]
fn float(length: i32) -> f32 {
    length as f32
}

/// The pixel that a coordinate of the picture lies in.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the picture before"
)]
fn whole(length: f32) -> usize {
    length as usize
}

/// How opaque a colour is.
#[expect(clippy::cast_possible_truncation, reason = "between 0 and 1")]
fn alpha(color: BackendColor) -> f32 {
    color.alpha as f32
}

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
