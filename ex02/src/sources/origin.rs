//! Where does a value come from, and where do its parts come from?

use super::file::EnvFile;
use super::layers::Layer;
use crate::variables::is_usual_name;
use crate::words::{Outside, Place, Words};

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

impl From<&Part> for Words {
    /// `HOST of .env:1`
    fn from(part: &Part) -> Self {
        match &part.name {
            Some(name) => Words::from(name) + " of " + &part.place,
            None => (&part.place).into(),
        }
    }
}

/// `.env:2, with HOST of .env:1`
pub fn with_parts(origin: &Origin, parts: &[Part]) -> Words {
    if parts.is_empty() {
        origin.into()
    } else {
        Words::from(origin) + ", with " + Words::joined(parts, " and ")
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

impl From<&Origin> for Words {
    /// `.env:3`, `process environment`, `default`.
    fn from(origin: &Origin) -> Self {
        (&origin.at()).into()
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
