//! How are files written? Whole, or not at all.

mod draft; // Keeps a file under another name until it is finished.
mod interrupt; // Removes unfinished files after Ctrl-C.
mod watched; // A file that keeps its error.
mod export; // Writes the data as Parquet.

pub use draft::{Draft, ends_in, refuse_source};
pub use export::Export;
pub use interrupt::listen;
