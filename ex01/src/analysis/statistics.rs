//! What is left of a billion points? Sums, counters and a line to draw, all of which merge.

mod tile; // What is computed from a few thousand points while they lie in the nearest cache.
mod moments; // Means and deviations, added up without losing digits.
mod sketch; // Counters, for the quantiles of more numbers than fit into memory.
mod quantiles; // The quantiles, exact or out of the counters.
mod series; // A line of a billion points.
mod partial; // All of it together, of some of the points.

pub use moments::{Moments, float};
pub use partial::{Counts, KEPT, Partial, Rows, power_of_two};
pub use quantiles::{Ladder, Step};
#[cfg(feature = "plotters")]
pub use series::PIXELS;
pub use tile::{ACTIVITIES, GroupSum, TILE, Tile};

/// Points per block, the unit of work of a thread: 128 tiles.
pub const BLOCK: usize = 128 * TILE;
