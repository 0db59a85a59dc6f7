//! The sentences about the toolchain of Rust.

use std::fmt::{self, Display, Formatter};

use crate::around::{Doubt, Fault, Reason, Source};
use crate::support::escape;

/// Why rustup chooses this toolchain, or none.
impl Display for Reason {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        match self {
            Self::Chosen(Source::Variable) => f.write_str("RUSTUP_TOOLCHAIN is set"),
            Self::Chosen(Source::ToolchainFile(file)) => write!(f, "{file} asks for it"),
            Self::Chosen(source) => source.fmt(f),
            Self::Refused(source, fault) => write!(f, "rustup refuses {source}: {fault}"),
            Self::FolderGone => f.write_str("the current folder is gone, so rustup starts nothing"),
            Self::NotKnown(doubt) => doubt.fmt(f),
        }
    }
}

/// Who names a toolchain.
impl Display for Source {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        match self {
            Self::Variable => f.write_str("RUSTUP_TOOLCHAIN"),
            Self::Override { folder, settings } => {
                write!(f, "an override for {folder} in {settings}")
            }
            Self::ToolchainFile(file) | Self::Settings(file) => file.fmt(f),
            Self::Default(settings) => write!(f, "the default in {settings}"),
        }
    }
}

/// Why rustup refuses it.
impl Display for Fault {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        let shown = |text: &String| escape::text(text);
        f.write_str(&match self {
            Self::NotText => "it cannot be read as text".into(),
            Self::Empty => "it is empty".into(),
            Self::Toml(message) => shown(message),
            Self::Section => {
                "its [toolchain] must have a channel, components or targets, or only a path".into()
            }
            Self::Profile(name) => format!("`{}` is no profile", shown(name)),
            Self::NoName(name) => format!("`{}` is no name of a toolchain", shown(name)),
            Self::NotInstalled(name) => format!("no toolchain `{}` is installed", shown(name)),
            Self::NoToolchainAt(path) => {
                format!("`{path}` is no absolute path of a folder with a bin")
            }
            Self::NoDefault => "it names no toolchain, and there is no default".into(),
        })
    }
}

/// Why it is not known what rustup does.
impl Display for Doubt {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        match self {
            Self::NoHome => f.write_str("neither RUSTUP_HOME nor HOME is set"),
            Self::NotRead(file) => {
                write!(
                    f,
                    "{file} was not read: it is too large, or no regular file"
                )
            }
            Self::System(source, system) => {
                let system = escape::text(system);
                write!(
                    f,
                    "{source} names the system `{system}`; whether rustup knows it was not checked"
                )
            }
        }
    }
}
