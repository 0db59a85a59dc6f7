//! Where does a value come from, and where do its parts come from?

use super::file::EnvFile;
use super::layers::Layer;
use crate::variables::is_usual_name;
use crate::words::{Outside, Place};

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The layer: a file, the process environment, or the default.
    pub layer: Layer,
    /// The file and the first line of the entry, when the layer is a file.
    pub place: Option<Place>,
}

/// An entry whose value is a part of another value: `HOST` in `http://${HOST}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name, when it looks like the name of a variable. Any other name may be a piece of a secret.
    pub name: Option<Outside>,
    /// Its file and line.
    pub place: Place,
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

/// What may be shown of an entry that gave another entry a part of its value.
pub fn part(file: &EnvFile, (name, line): &(String, usize)) -> Part {
    let short = |name: &str| name.len() <= 12 && name.bytes().all(|it| it.is_ascii_uppercase());
    let usual = is_usual_name(name) || short(name);
    Part {
        name: usual.then(|| Outside::from(name.as_str())),
        place: file.at(*line),
    }
}
