//! A side room: what the variables claim, and what else the process lives in.

mod claims; // do the variables tell the truth?
mod commands; // do python, python3 and pip belong to one Python?
mod managed; // which conda or pixi environment is active?
mod rust_side; // what isolates a project on the Rust side?
mod surroundings; // container, CI, WSL, Nix, SSH

pub use claims::{Claim, Meaning, Truth, check_claims};
pub use commands::{Commands, compare_commands};
pub use managed::{Managed, find_managed};
pub use rust_side::Reason;
pub use surroundings::{Finding, Sign, Surroundings, look};
