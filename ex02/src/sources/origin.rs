//! Where does a value come from, and where do its parts come from?

use super::file::EnvFile;
use super::layers::Layer;
use crate::variables::may_be_listed;
use crate::words::{Outside, Place};

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The layer: a file, the process environment, or the default.
    pub layer: Layer,
    /// The file and the first line of the entry, when the layer is a file.
    pub place: Option<Place>,
}

/// An entry as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its name, when it looks like the name of a variable. Any other name may be a piece of a secret.
    pub name: Option<Outside>,
    /// Its file and line.
    pub place: Place,
}

impl Named {
    /// The entry of this name on this line.
    pub fn new(file: &EnvFile, name: &str, line: usize) -> Self {
        Self {
            name: may_be_listed(name).then(|| name.into()),
            place: file.at(line),
        }
    }
}

impl Origin {
    /// A place without a file.
    pub fn of(layer: Layer) -> Self {
        Self { layer, place: None }
    }

    /// The file and line, or the name of the place.
    pub fn at(&self) -> Place {
        let name = if self.layer == Layer::Process {
            "process environment"
        } else {
            self.layer.name()
        };
        let no_file = || Place::new(name, None);
        self.place.clone().unwrap_or_else(no_file)
    }
}
