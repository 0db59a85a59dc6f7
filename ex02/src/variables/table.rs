//! Which five variables are there?
//!
//! One table. Validation, the report, JSON, `--explain`, the hints for typing errors and the
//! comparison with `.env.example` are loops over it.

use super::judge;
use super::value::{Judged, Mode};
use crate::secret::Secret;

/// One variable: its name, its default and its judge.
#[derive(Clone, Debug)]
pub struct Spec {
    /// As the shell spells it.
    pub name: &'static str,
    /// What it is for, for `--explain`.
    pub about: &'static str,
    /// What counts when nobody sets it.
    pub default: Option<&'static str>,
    /// How to set it.
    pub fix: &'static str,
    /// Reads a value that is not empty.
    pub judge: fn(&str, Mode) -> Judged,
    /// The parts of a value that must never be shown.
    pub secrets: fn(&str) -> Vec<Secret>,
}

/// Everything this program reads, in the order of the report.
pub static SPECS: [Spec; 5] = [
    Spec {
        name: "MATRIX_MODE",
        about: "development or production: how strict to be",
        default: Some("development"),
        fix: "set MATRIX_MODE=development or MATRIX_MODE=production",
        judge: judge::mode,
        secrets: judge::misplaced,
    },
    Spec {
        name: "DATABASE_URL",
        about: "where the data is kept",
        default: None,
        fix: "set DATABASE_URL, for a start to sqlite::memory:",
        judge: judge::database,
        secrets: judge::in_url,
    },
    Spec {
        name: "API_KEY",
        about: "proves to the endpoint who asks",
        default: None,
        fix: "put your own API_KEY into .env, which git must ignore",
        judge: judge::key,
        secrets: judge::all_of_it,
    },
    Spec {
        name: "LOG_LEVEL",
        about: "how much is logged",
        default: Some("INFO"),
        fix: "set LOG_LEVEL to DEBUG, INFO, WARNING, ERROR or CRITICAL",
        judge: judge::level,
        secrets: judge::misplaced,
    },
    Spec {
        name: "ZION_ENDPOINT",
        about: "the service that is spoken to",
        default: None,
        fix: "set ZION_ENDPOINT, for a start to http://localhost:8080",
        judge: judge::endpoint,
        secrets: judge::in_url,
    },
];

/// Chooses how strict to be, and which files count.
pub static MATRIX_MODE: &Spec = &SPECS[0];

/// How much is logged.
pub static LOG_LEVEL: &Spec = &SPECS[3];

/// The variable of exactly this name.
pub fn named(name: &str) -> Option<&'static Spec> {
    SPECS.iter().find(|it| it.name == name)
}
