//! What is a text worth that somebody set a variable to, and what of it is secret?
//!
//! Text becomes a type here, once; what is wrong with it is said in words that never quote it.

use crate::secret::value::Secret;
use crate::variables::database::{self, Database};
use crate::variables::endpoint::{self, Endpoint};
use crate::variables::strength::{self, SHORTEST_KEY};
use crate::variables::table::{Mode, SPECS, Status, Typed};
use crate::variables::url;

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
    pub fn ok(typed: Typed, shown: impl Into<String>) -> Self {
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

/// The five levels of Python's logging module.
const LEVELS: [&str; 5] = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];

/// `development` or `production`, in any case of letters.
pub fn mode(text: &str, _: Mode) -> Judged {
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
pub fn database(text: &str, _: Mode) -> Judged {
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
pub fn key(text: &str, _: Mode) -> Judged {
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
pub fn level(text: &str, _: Mode) -> Judged {
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
pub fn endpoint(text: &str, mode: Mode) -> Judged {
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
pub fn all_of_it(text: &str) -> Vec<String> {
    vec![text.to_owned()]
}

/// A URL is secret in parts; one that cannot be cut into parts, as a whole.
pub fn in_url(text: &str) -> Vec<String> {
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
pub fn misplaced(text: &str) -> Vec<String> {
    let known = mode(text, Mode::Unknown)
        .typed
        .or(level(text, Mode::Unknown).typed);
    match known.is_none() && text.len() >= 8 {
        true => all_of_it(text),
        false => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::variables::table::named;

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
