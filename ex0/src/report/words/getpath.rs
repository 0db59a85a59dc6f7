//! The sentences about the way to the base prefix and the standard library.

use std::fmt::{self, Display, Formatter};

use crate::finding::OfGetpath;

impl Display for OfGetpath {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(&match self {
            Self::Home(home) => {
                format!("home = {home}: Python searches for its standard library from there")
            }
            Self::HomeIgnored => "its home is ignored, because PYTHONHOME is set".into(),
            Self::NoHome => "has no line home = … that this Python can read".into(),
            Self::InsteadOfHome(folder) => {
                format!("this Python begins its search in {folder} instead")
            }
            Self::SetsPrefix(value) => {
                format!("is set: Python searches for its library only in {value}")
            }
            Self::SetsExecutable(value) => {
                format!("is set: Python takes {value} for its own executable")
            }
            Self::LandmarkBesideLibrary => {
                "a landmark next to libpython: this folder is the base prefix".into()
            }
            Self::ZipLandmark => {
                "is used instead of the folder of the standard library: it is the landmark".into()
            }
            Self::Landmark(prefix) => format!("the landmark: the base prefix is {prefix}"),
            Self::NoLandmark => {
                "no landmark in this folder or above it: Python uses the compiled-in prefix".into()
            }
            Self::ReplacesPath { imports_site: true } => {
                "replaces sys.path and imports site".into()
            }
            Self::ReplacesPath {
                imports_site: false,
            } => "replaces sys.path and leaves out site".into(),
            Self::BuildMark => "the mark of a folder in which Python was built".into(),
            Self::LibraryThere => "the standard library is there".into(),
        })
    }
}
