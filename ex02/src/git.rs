//! What does git know about this folder? git is started in a way that runs no program of the folder.

mod repository; // is this folder in a repository, and does git answer?
mod index; // the questions about its files
mod listing; // how git's lists are read
mod process; // starts git, and waits for its answer
mod program; // which git may be run?
mod off; // what is turned off in every git
mod user; // what the user's git trusts and ignores
mod sent; // does a variable send git to another place?
mod ended; // how did git end?
mod silence; // why does git not answer?

pub use index::Git;
pub use listing::{Kind, Tracked, bytes_to_path};
pub use process::TimeLeft;
pub use repository::{Repository, find_repository, find_root};
pub use silence::Silence;
pub use user::User;

#[cfg(test)]
pub use listing::read_ls_files;
