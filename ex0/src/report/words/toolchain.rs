//! The sentences about Rust's toolchain.

use std::fmt::{self, Display, Formatter};

use crate::around::{Reason, Refusal};
use crate::support::escape;

/// Why rustup chooses this toolchain.
impl Display for Reason {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(&match self {
            Self::Variable { by_cargo: false } => "RUSTUP_TOOLCHAIN is set".into(),
            Self::Variable { by_cargo: true } => "RUSTUP_TOOLCHAIN is set by cargo".into(),
            Self::Override { folder, settings } => {
                format!("an override for {folder} in {settings}")
            }
            Self::ToolchainFile(file) => format!("{file} asks for it"),
            Self::FileWithoutName { file, settings } => {
                format!("the default in {settings}; {file} names no other")
            }
            Self::Refused { file, refusal } => format!("rustup refuses {file}: {refusal}"),
            Self::Default(settings) => format!("the default in {settings}"),
        })
    }
}

/// Why rustup refuses a toolchain file.
impl Display for Refusal {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(&match self {
            Self::Empty => "it is empty".into(),
            Self::NotToml => "it is not the TOML that rustup expects".into(),
            Self::NamesNothing => "it has no channel and no path".into(),
            Self::BadName(name) => format!("{} is no name of a toolchain", quoted(name)),
            Self::NotInstalled(name) => {
                format!(
                    "{} is no channel, and no such toolchain is installed",
                    quoted(name)
                )
            }
            Self::ChannelAndPath => "it has both a channel and a path".into(),
            Self::BadPath(path) => {
                format!("its path {path} is relative, or has no folder bin")
            }
            Self::MoreThanPath => "with a path, it may have nothing else".into(),
            Self::UnknownProfile(name) => format!("there is no profile {}", quoted(name)),
        })
    }
}

/// A text from outside, in quotes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", escape::text(text))
}
