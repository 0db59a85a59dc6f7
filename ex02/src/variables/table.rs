//! Which five variables are there?
//!
//! One table has them all. Validation, the report, JSON, `--explain`, the hints for typing errors and
//! the comparison with `.env.example` are loops over it.

use super::judge;
use super::pairs::{add_new, named_secrets};
use super::value::{Fault, Judged, Mode};
use crate::secret::Secret;

/// One variable: its name, its default and its judge.
#[derive(Clone, Debug)]
pub struct Spec {
    /// Its name in the shell.
    pub name: &'static str,
    /// What it is for, for `--explain`.
    pub about: &'static str,
    /// The value that counts when no place sets the variable.
    pub default: Option<&'static str>,
    /// What to set it to.
    pub wanted: &'static str,
    /// Reads a value that is not empty.
    pub judge: fn(&str, Mode) -> Judged,
    /// The parts of a value that must never be shown.
    pub secrets: fn(&str) -> Vec<Secret>,
}

/// Every variable that this program reads, in the order of the report.
pub static SPECS: [Spec; 5] = [
    Spec {
        name: "MATRIX_MODE",
        about: "development or production: how strict to be",
        default: Some("development"),
        wanted: "development or production",
        judge: judge::mode,
        secrets: judge::misplaced,
    },
    Spec {
        name: "DATABASE_URL",
        about: "where the data is kept",
        default: None,
        wanted: "a URL such as sqlite::memory:",
        judge: judge::database,
        secrets: judge::in_database,
    },
    Spec {
        name: "API_KEY",
        about: "the key that is sent to the endpoint",
        default: None,
        wanted: "your own key",
        judge: judge::key,
        secrets: judge::all_of_it,
    },
    Spec {
        name: "LOG_LEVEL",
        about: "how much is logged",
        default: Some("INFO"),
        wanted: "DEBUG, INFO, WARNING, ERROR or CRITICAL",
        judge: judge::level,
        secrets: judge::misplaced,
    },
    Spec {
        name: "ZION_ENDPOINT",
        about: "the service that the program talks to",
        default: None,
        wanted: "a URL such as http://localhost:8080",
        judge: judge::endpoint,
        secrets: judge::in_endpoint,
    },
];

impl Spec {
    /// Reads a value that is not empty. Quotes or blanks around it are a fault of their own.
    pub fn read(&self, text: &str, mode: Mode) -> Judged {
        let Some((fault, inner)) = surrounded(text) else {
            return (self.judge)(text, mode);
        };
        let inner = (self.judge)(inner, mode);
        let mut faults = vec![fault];
        faults.extend(inner.faults);
        Judged {
            typed: None,
            shown: inner.shown,
            faults,
        }
    }

    /// True for a variable whose whole value is a secret.
    pub fn is_secret(&self) -> bool {
        self.name == "API_KEY"
    }

    /// True for a variable that wants a URL.
    pub fn is_url(&self) -> bool {
        ["DATABASE_URL", "ZION_ENDPOINT"].contains(&self.name)
    }

    /// The parts of a value that must never be shown, also when quotes or blanks surround it.
    pub fn secrets_of(&self, text: &str) -> Vec<Secret> {
        let text = surrounded(text).map_or(text, |(_, inner)| inner);
        let mut secrets = (self.secrets)(text);
        add_new(&mut secrets, named_secrets(text));
        secrets
    }
}

/// Quotes that people, shells and word processors put around a text.
const QUOTES: [(char, char); 5] = [('"', '"'), ('\'', '\''), ('`', '`'), ('“', '”'), ('‘', '’')];

/// Cuts off what surrounds a value and does not belong to it. Returns both.
fn surrounded(text: &str) -> Option<(Fault, &str)> {
    let inner = text.trim();
    let bare = QUOTES.iter().find_map(|(open, close)| {
        let rest = inner.strip_prefix(*open)?.strip_suffix(*close)?;
        Some(rest.trim()).filter(|it| !it.is_empty())
    });
    let fault = if bare.is_some() {
        Fault::Quoted
    } else if inner.len() == text.len() || inner.is_empty() {
        return None;
    } else if text.ends_with(['\n', '\r']) {
        Fault::EndsWithLineBreak
    } else {
        Fault::BlanksAround
    };
    Some((fault, bare.unwrap_or(inner)))
}

/// Chooses how strict to be, and which files count.
pub static MATRIX_MODE: &Spec = &SPECS[0];

/// How much is logged.
pub static LOG_LEVEL: &Spec = &SPECS[3];

/// The variable of exactly this name.
pub fn named(name: &str) -> Option<&'static Spec> {
    SPECS.iter().find(|it| it.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, text: &str, expected: &[Fault], shown: &str) {
        let judged = named(name).map(|it| it.read(text, Mode::Development));
        let judged = judged.map(|it| (it.faults, it.shown.plain(), it.typed.is_some()));
        let expected = (expected.to_vec(), shown.to_owned(), expected.is_empty());
        assert_eq!(judged, Some(expected), "{name}");
    }

    #[test]
    fn quotes_and_blanks_around_a_value_are_a_fault_of_their_own() {
        use Fault::{BlanksAround, EndsWithLineBreak, Quoted, ShortKey};
        check("MATRIX_MODE", "'production'", &[Quoted], "production");
        check(
            "DATABASE_URL",
            "\"sqlite::memory:\"",
            &[Quoted],
            "sqlite::memory:",
        );
        check("API_KEY", "\"zk5f0c1b7e9a3d4826\"", &[Quoted], "***");
        check(
            "API_KEY",
            "zk5f0c1b7e9a3d4826\n",
            &[EndsWithLineBreak],
            "***",
        );
        check("API_KEY", "'zk5f0c1b'\r\n", &[Quoted, ShortKey], "***");
        check("LOG_LEVEL", "INFO\r\n", &[EndsWithLineBreak], "INFO");
        check("LOG_LEVEL", " debug", &[BlanksAround], "DEBUG");
        check(
            "ZION_ENDPOINT",
            "'https://zion.io' ",
            &[Quoted],
            "https://zion.io",
        );
        check(
            "ZION_ENDPOINT",
            "“https://zion.io”",
            &[Quoted],
            "https://zion.io",
        );
        check("API_KEY", "`zk5f0c1b7e9a3d4826`", &[Quoted], "***");
        check("API_KEY", "zk5f0c1b7e9a3d'4826'", &[], "***");
        let spec = named("API_KEY").map(|it| it.secrets_of("'wh1te'\n"));
        assert!(spec.is_some_and(|it| it[0].expose() == "wh1te"));
    }
}
