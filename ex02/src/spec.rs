//! Which five variables are there, and what makes each of them right?
//!
//! One table. Validation, the report, JSON, `--explain`, the hints for typing errors and the
//! comparison with `.env.example` are loops over it.

use serde::Serialize;

use crate::database::{self, Database};
use crate::endpoint::{self, Endpoint};
use crate::secret::Secret;
use crate::strength::{self, SHORTEST_KEY};
use crate::url;

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
    pub secrets: fn(&str) -> Vec<String>,
}

/// Everything this program reads, in the order of the report.
pub static SPECS: [Spec; 5] = [
    Spec {
        name: "MATRIX_MODE",
        about: "development or production: how strict to be",
        default: Some("development"),
        fix: "set MATRIX_MODE=development or MATRIX_MODE=production",
        judge: mode,
        secrets: misplaced,
    },
    Spec {
        name: "DATABASE_URL",
        about: "where the data is kept",
        default: None,
        fix: "set DATABASE_URL, for a start to sqlite::memory:",
        judge: database,
        secrets: in_url,
    },
    Spec {
        name: "API_KEY",
        about: "proves to the endpoint who asks",
        default: None,
        fix: "put your own API_KEY into .env, which git must ignore",
        judge: key,
        secrets: all_of_it,
    },
    Spec {
        name: "LOG_LEVEL",
        about: "how much is logged",
        default: Some("INFO"),
        fix: "set LOG_LEVEL to DEBUG, INFO, WARNING, ERROR or CRITICAL",
        judge: level,
        secrets: misplaced,
    },
    Spec {
        name: "ZION_ENDPOINT",
        about: "the service that is spoken to",
        default: None,
        fix: "set ZION_ENDPOINT, for a start to http://localhost:8080",
        judge: endpoint,
        secrets: in_url,
    },
];

/// The five levels of Python's logging module.
const LEVELS: [&str; 5] = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];

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

/// The outcome of reading a value.
pub struct Judged {
    /// What it is worth.
    pub status: Status,
    /// What it says, where that could be understood.
    pub typed: Option<Typed>,
    /// What may be shown of it; `***` when nothing.
    pub shown: String,
    /// What is wrong and how to mend it.
    pub problems: Vec<(String, String)>,
}

impl Judged {
    /// A value without a fault.
    fn ok(typed: Typed, shown: impl Into<String>) -> Self {
        Self {
            status: Status::Ok,
            typed: Some(typed),
            shown: shown.into(),
            problems: Vec::new(),
        }
    }

    /// A value with a fault; what was understood of it stays.
    pub fn bad(mut self, status: Status, what: impl Into<String>, fix: impl Into<String>) -> Self {
        if self.status == Status::Ok {
            self.status = status;
        }
        self.problems.push((what.into(), fix.into()));
        self
    }

    /// A value that says nothing to us, and of which nothing is shown.
    pub fn invalid(shown: Option<String>, what: impl Into<String>, fix: impl Into<String>) -> Self {
        let shown = shown.unwrap_or_else(|| "***".to_owned());
        let nothing = Self {
            status: Status::Ok,
            typed: None,
            shown,
            problems: Vec::new(),
        };
        nothing.bad(Status::Invalid, what, fix)
    }
}

/// `development` or `production`, in any case of letters.
fn mode(text: &str, _: Mode) -> Judged {
    match text.to_ascii_lowercase().as_str() {
        "development" => Judged::ok(Typed::Mode(Mode::Development), "development"),
        "production" => Judged::ok(Typed::Mode(Mode::Production), "production"),
        other => {
            let near = ["production", "development"]
                .into_iter()
                .find(|it| other.starts_with(&it[..3]));
            let fix = match near {
                Some(near) => format!("did you mean {near}?"),
                None => {
                    "nothing but these two counts, and no other value means development".to_owned()
                }
            };
            Judged::invalid(None, "invalid: must be development or production", fix)
        }
    }
}

/// A database that can be reached, or at least named.
fn database(text: &str, _: Mode) -> Judged {
    let judged = match Database::parse(text) {
        Ok(database) => Judged::ok(
            Typed::Database(database),
            database::shown(text).unwrap_or_default(),
        ),
        Err((what, fix)) => {
            return Judged::invalid(
                database::shown(text).filter(|_| database::after_sqlite(text).is_none()),
                format!("invalid: {what}"),
                fix,
            );
        }
    };
    match database::has_placeholder(text) {
        true => judged.bad(
            Status::Placeholder,
            "its password is a placeholder",
            "put the real password in, percent-encoded",
        ),
        false => judged,
    }
}

/// A key that somebody may really have been given.
fn key(text: &str, _: Mode) -> Judged {
    let mut judged = Judged::ok(Typed::Key(Secret::new(text)), "***");
    if strength::is_placeholder(text) {
        return judged.bad(Status::Placeholder, "a placeholder, no key", SPECS[2].fix);
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        let fix = "a key is letters, digits and signs without blanks; copy it again";
        judged = judged.bad(
            Status::Invalid,
            "invalid: has characters that no HTTP header can carry",
            fix,
        );
    }
    let count = text.chars().count();
    if count < SHORTEST_KEY {
        let what = format!("too short: a key has {SHORTEST_KEY} characters or more");
        judged = judged.bad(Status::Weak, what, "use the key that the service gave you");
    }
    if strength::is_uniform(text) {
        judged = judged.bad(
            Status::Weak,
            "too uniform: a pattern, no key",
            "use the key that the service gave you",
        );
    }
    judged
}

/// One of the standard five, in any case of letters.
fn level(text: &str, _: Mode) -> Judged {
    let upper = text.to_ascii_uppercase();
    if let Some(level) = LEVELS.iter().find(|it| **it == upper) {
        return Judged::ok(Typed::Level, *level);
    }
    let fix = match upper.as_str() {
        "WARN" => "did you mean WARNING?",
        "FATAL" => "did you mean CRITICAL?",
        "TRACE" => "did you mean DEBUG?",
        _ => SPECS[3].fix,
    };
    Judged::invalid(
        None,
        format!("invalid: must be one of {}", LEVELS.join(", ")),
        fix,
    )
}

/// An address that is spoken to over a wire nobody listens to.
fn endpoint(text: &str, mode: Mode) -> Judged {
    let endpoint = match Endpoint::parse(text) {
        Ok(endpoint) => endpoint,
        Err((what, fix)) => {
            return Judged::invalid(endpoint::shown(text), format!("invalid: {what}"), fix);
        }
    };
    let open = !endpoint.encrypted && !endpoint.is_local();
    let shown = endpoint.shown.clone();
    let judged = Judged::ok(Typed::Endpoint(endpoint), shown);
    match open && mode != Mode::Development {
        true => judged.bad(
            Status::Invalid,
            "invalid: must be https in production, unless on this machine",
            "write https:// in place of http://",
        ),
        false => judged,
    }
}

/// A key is secret from end to end.
fn all_of_it(text: &str) -> Vec<String> {
    vec![text.to_owned()]
}

/// A URL is secret in parts; one that cannot be cut into parts, as a whole.
fn in_url(text: &str) -> Vec<String> {
    match (url::parse(text), database::after_sqlite(text).is_some()) {
        (Ok(url), _) if !url.scheme.to_ascii_lowercase().starts_with("http") => {
            // The name of a database is shown, so only password and query are secrets here.
            url::Url { path: "", ..url }.secrets()
        }
        (Ok(url), _) => url.secrets(),
        (Err(_), true) => Vec::new(),
        (Err(_), false) => all_of_it(text),
    }
}

/// `LOG_LEVEL=sk-live-…`: whatever is no value of this variable may be the value of another.
fn misplaced(text: &str) -> Vec<String> {
    let known = mode(text, Mode::Unknown)
        .typed
        .or(level(text, Mode::Unknown).typed);
    match known.is_none() && text.len() >= 8 {
        true => all_of_it(text),
        false => Vec::new(),
    }
}

/// The variable of exactly this name.
pub fn named(name: &str) -> Option<&'static Spec> {
    SPECS.iter().find(|it| it.name == name)
}

/// The variable that a name was probably meant to be: `DATABSE_URL`, `ApiKey`.
pub fn resembling(name: &str) -> Option<&'static Spec> {
    let bare = |name: &str| name.to_ascii_uppercase().replace(['_', '-', '.'], "");
    let name = bare(name);
    SPECS.iter().find(|it| {
        let wanted = bare(it.name);
        wanted.len().abs_diff(name.len()) <= 2 && distance(&wanted, &name) <= wanted.len() / 5
    })
}

/// How many letters must be changed, added, removed or swapped (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = match (i, j) {
                (0, _) | (_, 0) => i + j,
                _ => {
                    let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                    let mut best = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                    if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                        best = best.min(rows[i - 2][j - 2] + 1);
                    }
                    best
                }
            };
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, text: &str, mode: Mode, status: Status, shown: &str) {
        let judged = (named(name).unwrap().judge)(text, mode);
        assert_eq!((judged.status, judged.shown.as_str()), (status, shown));
        assert_eq!(judged.problems.is_empty(), status == Status::Ok);
    }

    #[test]
    fn each_variable_is_judged_by_its_own_rules() {
        use Mode::{Development, Production};
        use Status::{Invalid, Ok, Placeholder, Weak};
        check("MATRIX_MODE", "production", Development, Ok, "production");
        check("MATRIX_MODE", "prod", Development, Invalid, "***");
        check("LOG_LEVEL", "debug", Development, Ok, "DEBUG");
        check("LOG_LEVEL", "LOUD", Development, Invalid, "***");
        check("API_KEY", "zk5f0c1b7e9a3d4826", Production, Ok, "***");
        check(
            "API_KEY",
            "your_api_key_here",
            Production,
            Placeholder,
            "***",
        );
        check("API_KEY", "zk5f0c1b7", Production, Weak, "***");
        check("API_KEY", "aaaaaaaaaaaaaaaaaaaaa", Production, Weak, "***");
        check("API_KEY", "zk5f0c1b7 9a3d4826", Production, Invalid, "***");
        check(
            "DATABASE_URL",
            "sqlite::memory:",
            Production,
            Ok,
            "sqlite::memory:",
        );
        check("DATABASE_URL", "neo:pw@db", Production, Invalid, "***");
        check(
            "DATABASE_URL",
            "postgresql://user:password@db/m",
            Production,
            Placeholder,
            "postgresql://***@db/m",
        );
        check(
            "ZION_ENDPOINT",
            "http://zion.io",
            Development,
            Ok,
            "http://zion.io",
        );
        check(
            "ZION_ENDPOINT",
            "http://zion.io",
            Production,
            Invalid,
            "http://zion.io",
        );
        check(
            "ZION_ENDPOINT",
            "http://[::1]:80",
            Production,
            Ok,
            "http://[::1]:80",
        );
    }

    #[test]
    fn a_name_with_a_typing_error_is_recognised() {
        for (name, expected) in [
            ("DATABSE_URL", Some("DATABASE_URL")),
            ("ApiKey", Some("API_KEY")),
            ("API_KEYS", Some("API_KEY")),
            ("LOGLEVEL", Some("LOG_LEVEL")),
            ("MATRX_MODE", Some("MATRIX_MODE")),
            ("ZION_ENDPIONT", Some("ZION_ENDPOINT")),
            ("KEY", None),
            ("PATH", None),
            ("DB_URL", None),
            ("APP_KEY", Some("API_KEY")),
        ] {
            assert_eq!(resembling(name).map(|it| it.name), expected, "{name}");
        }
    }

    #[test]
    fn a_value_in_the_wrong_place_counts_as_a_secret() {
        let secrets = |name: &str, text: &str| (named(name).unwrap().secrets)(text);
        assert_eq!(secrets("LOG_LEVEL", "51HxQzT9bWmK"), ["51HxQzT9bWmK"]);
        assert!(secrets("LOG_LEVEL", "CRITICAL").is_empty());
        assert_eq!(secrets("DATABASE_URL", "neo:pw@db"), ["neo:pw@db"]);
        assert_eq!(
            secrets("DATABASE_URL", "postgresql://neo:pw@db/a0123456789abcdefg"),
            ["pw"]
        );
    }
}
