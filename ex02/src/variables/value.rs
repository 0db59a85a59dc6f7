//! What is the outcome of reading a value?

use serde::Serialize;

use super::database::Database;
use super::endpoint::Endpoint;
use super::url::Malformed;
use crate::secret::Secret;
use crate::words::Words;

/// How strict the program is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Defaults, warnings, exit code 0.
    Development,
    /// A missing or wrong value is refused.
    Production,
    /// `MATRIX_MODE` is neither. It is as strict as production: a typing error must not make it less strict.
    Unknown,
}

/// Is a value good?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It is set and right.
    Ok,
    /// It is not set, or it is empty.
    Missing,
    /// It cannot be right.
    Invalid,
    /// It is a placeholder, as in the example.
    Placeholder,
    /// It is too short or too uniform for a key, or it is words.
    Weak,
}

/// A value that was understood.
#[derive(Clone, Debug)]
pub enum Typed {
    /// `MATRIX_MODE`.
    Mode(Mode),
    /// `DATABASE_URL`.
    Database(Database),
    /// `API_KEY`.
    Key(Secret),
    /// `LOG_LEVEL`. No code depends on the level.
    Level,
    /// `ZION_ENDPOINT`.
    Endpoint(Endpoint),
}

/// What is wrong with a value. It never quotes the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Not a mode. Perhaps it should be this one.
    UnknownMode(Option<&'static str>),
    /// Not a level.
    UnknownLevel,
    /// It still has quotes around it.
    Quoted,
    /// It ends with a line break.
    EndsWithLineBreak,
    /// It has blanks around it.
    BlanksAround,
    /// It is a placeholder instead of a URL.
    PlaceholderUrl,
    /// It is not the URL of a database.
    NoDatabase(Malformed),
    /// It is not the URL of an endpoint.
    NoEndpoint(Malformed),
    /// The password in the URL is the one of every example.
    PlaceholderPassword,
    /// The host in the URL is the one of an example.
    PlaceholderHost,
    /// It is a placeholder instead of a key.
    PlaceholderKey,
    /// The key has a line break or another control character in it.
    ControlInKey,
    /// The key has a blank in it. RFC 6750 does not allow that in a bearer token.
    BlankInKey,
    /// The key has characters beyond ASCII in it. RFC 6750 does not allow that in a bearer token.
    KeyBeyondAscii,
    /// The key begins with `=`. RFC 6750 allows it only at the end of a bearer token.
    KeyAfterSign,
    /// The key has fewer characters than [`super::SHORTEST_KEY`].
    ShortKey,
    /// The key is a pattern.
    UniformKey,
    /// The key is words.
    WordsForKey,
    /// The endpoint is on another machine, over `http`, in production.
    Unencrypted,
}

impl Fault {
    /// The status of a value with this fault.
    pub fn status(self) -> Status {
        match self {
            Self::PlaceholderPassword
            | Self::PlaceholderHost
            | Self::PlaceholderKey
            | Self::PlaceholderUrl => Status::Placeholder,
            Self::ShortKey | Self::UniformKey | Self::WordsForKey => Status::Weak,
            _ => Status::Invalid,
        }
    }
}

/// The outcome of reading a value.
pub struct Judged {
    /// The value, when it was understood.
    pub typed: Option<Typed>,
    /// The part that may be shown. `***`: no part.
    pub shown: Words,
    /// Everything that is wrong with it. The first fault decides the status.
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

    /// A value that was not understood.
    pub fn nothing() -> Self {
        Self {
            typed: None,
            shown: Words::from("***"),
            faults: Vec::new(),
        }
    }

    /// A value that was not understood, because of this fault.
    pub fn invalid(fault: Fault) -> Self {
        Self::nothing().with(Some(fault))
    }

    /// Adds this fault, if there is one. Keeps what was understood.
    pub fn with(mut self, fault: Option<Fault>) -> Self {
        self.faults.extend(fault);
        self
    }
}
