//! Side room. What do the variables claim, and what else surrounds the process?

mod claims; // do the variables tell the truth?
mod commands; // do python, python3 and pip belong to the same Python?
mod managed; // which conda or pixi environment is active?
mod rust_side; // what isolates a Rust project?
mod surroundings; // container, CI, WSL, Nix, SSH

pub use claims::{Claim, Meaning, Truth, check_claims};
pub use commands::{Commands, compare_commands};
pub use managed::{Managed, find_managed};
pub use rust_side::{Isolation, Reason};
pub use surroundings::{Name, Sign, Surroundings, read_surroundings};
