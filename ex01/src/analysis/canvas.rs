//! How do lines get smooth edges?
//!
//! Of every shape the exact share of each pixel that it covers is computed, by the crate that also fills the font's
//! letters, and so much of its colour is mixed in.

use ab_glyph_rasterizer::{Point, Rasterizer, point};
use plotters_backend::BackendColor;

/// A picture on its way: red, green and blue for each pixel, row by row.
pub struct Canvas {
    /// Pixels.
    pub width: usize,
    /// Pixels.
    pub height: usize,
    /// Three bytes for each.
    pixels: Vec<u8>,
    /// Adds up what a shape covers; kept, because a new one would have to be given memory.
    cover: Rasterizer,
}

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
    pub fn mix(&mut self, x: usize, y: usize, color: (u8, u8, u8), share: f32) {
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
    pub fn fill(&mut self, outlines: &[Vec<Point>], color: BackendColor) {
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
    pub fn rectangle(left: f32, top: f32, right: f32, bottom: f32) -> Vec<Point> {
        vec![
            point(left, top),
            point(right, top),
            point(right, bottom),
            point(left, bottom),
        ]
    }

    /// The outlines of a line's pieces, longer by half its width at each end, so that they join at every angle.
    pub fn stroke(path: &[Point], width: f32) -> Vec<Vec<Point>> {
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
pub fn float(length: i32) -> f32 {
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
pub fn alpha(color: BackendColor) -> f32 {
    color.alpha as f32
}
