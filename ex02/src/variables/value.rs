//! What came of reading a value?

use serde::Serialize;

use super::database::Database;
use super::endpoint::Endpoint;
use super::url::Malformed;
use crate::secret::Secret;
use crate::words::Words;

/// How strict to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Defaults, warnings, exit code 0.
    Development,
    /// What is missing or wrong is refused.
    Production,
    /// `MATRIX_MODE` is neither. As strict as production: a typing error must not open a door.
    Unknown,
}

/// What a value is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Set and right.
    Ok,
    /// Not set, or set to nothing.
    Missing,
    /// Set to something that cannot be right.
    Invalid,
    /// Set to what the example says.
    Placeholder,
    /// Too short or too uniform to be a key.
    Weak,
}

/// A value that has been read.
#[derive(Clone, Debug)]
pub enum Typed {
    /// `MATRIX_MODE`.
    Mode(Mode),
    /// `DATABASE_URL`.
    Database(Database),
    /// `API_KEY`.
    Key(Secret),
    /// `LOG_LEVEL`, which nothing here depends on.
    Level,
    /// `ZION_ENDPOINT`.
    Endpoint(Endpoint),
}

/// What is wrong with a value. It says nothing of what the value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No mode; perhaps this one was meant.
    UnknownMode(Option<&'static str>),
    /// No level.
    UnknownLevel,
    /// There are quotes around it, which nobody took off.
    Quoted,
    /// It ends with a line break.
    EndsWithLineBreak,
    /// There are blanks around it.
    BlanksAround,
    /// A phrase where a URL belongs.
    PlaceholderUrl,
    /// No URL of a database.
    NoDatabase(Malformed),
    /// No URL of an endpoint.
    NoEndpoint(Malformed),
    /// The password in the URL is that of every example.
    PlaceholderPassword,
    /// A key that nobody was given.
    PlaceholderKey,
    /// The key holds a line break or another control character.
    ControlInKey,
    /// The key holds a blank, which RFC 6750 does not let a bearer token have.
    BlankInKey,
    /// The key holds letters beyond ASCII, which RFC 6750 does not let a bearer token have.
    KeyBeyondAscii,
    /// Fewer characters than [`super::SHORTEST_KEY`].
    ShortKey,
    /// A pattern.
    UniformKey,
    /// `http` to another machine, in production.
    Unencrypted,
}

impl Fault {
    /// What a value with this fault is worth.
    pub fn status(self) -> Status {
        match self {
            Self::PlaceholderPassword | Self::PlaceholderKey | Self::PlaceholderUrl => {
                Status::Placeholder
            }
            Self::ShortKey | Self::UniformKey => Status::Weak,
            _ => Status::Invalid,
        }
    }
}

/// The outcome of reading a value.
pub struct Judged {
    /// What it says, where that could be understood.
    pub typed: Option<Typed>,
    /// What may be shown of it; `***` when nothing.
    pub shown: Words,
    /// Everything that is wrong with it; the first decides what it is worth.
    pub faults: Vec<Fault>,
}

impl Judged {
    /// A value without a fault so far.
    pub fn ok(typed: Typed, shown: impl Into<Words>) -> Self {
        Self {
            typed: Some(typed),
            shown: shown.into(),
            faults: Vec::new(),
        }
    }

    /// A value that says nothing to us.
    pub fn invalid(fault: Fault) -> Self {
        Self {
            typed: None,
            shown: Words::from("***"),
            faults: vec![fault],
        }
    }

    /// The same with this fault, where there is one; what was understood of the value stays.
    pub fn with(mut self, fault: Option<Fault>) -> Self {
        self.faults.extend(fault);
        self
    }
}
