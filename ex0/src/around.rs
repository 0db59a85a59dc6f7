//! A side room: what the variables claim, and what else the process lives in.

mod claims; // do the variables tell the truth?
mod rust_side; // what isolates a project on the Rust side?
mod surroundings; // container, CI, WSL, Nix, SSH

pub use claims::{Claim, Truth, check as check_claims};
pub use surroundings::{Surroundings, look};
