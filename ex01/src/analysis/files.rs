//! How are files left behind? Whole, or not at all.

mod draft; // A file under another name until it is finished.
mod interrupt; // What is left behind after Ctrl-C.
mod export; // The data as Parquet.

pub use draft::{Draft, ends_in, failed};
pub use export::Export;
pub use interrupt::listen;
