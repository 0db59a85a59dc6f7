//! What does git know about this folder? git is started in a way that runs no program of the folder.

mod ended;
mod index;
mod listing;
mod off;
mod process;
mod program;
mod repository;
mod sent;
mod silence;
mod user;

pub use index::Git;
pub use listing::{Kind, Tracked, bytes_to_path};
pub use process::TimeLeft;
pub use repository::{Repository, find_repository, find_root};
pub use silence::Silence;
pub use user::User;

#[cfg(test)]
pub use listing::read_ls_files;
