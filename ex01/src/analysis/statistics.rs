//! What is left of a billion points? Sums, counters and a line to draw. All of them can be merged.

mod tile; // Computes what needs the points, while they are in the nearest cache.
mod sum; // Adds up numbers without losing digits.
mod moments; // Finds means and deviations in the same way.
mod sketch; // Counts numbers, for quantiles of more numbers than memory can hold.
mod quantiles; // Finds the quantiles, exactly or from the counters.
mod series; // Reduces a billion points to a line.
mod partial; // All of these together, for some of the points.

pub use moments::{Moments, float, whole};
pub use partial::{Counts, KEPT, Partial, Rows, power_of_two};
pub use quantiles::Ladder;
#[cfg(feature = "plotters")]
pub use series::PIXELS;
pub use sketch::Step;
#[cfg(test)]
pub use sketch::{RELATIVE_ERROR, Sketch};
pub use tile::{ACTIVITIES, GroupSum, TILE, Tile};

/// Points per block, which is 128 tiles. A thread works on one block at a time.
pub const BLOCK: usize = 128 * TILE;
