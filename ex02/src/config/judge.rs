//! What is each variable worth, and may the program start with that?
//!
//! Pure: the same sources and mode give the same answer, so "would production start?" is
//! the same question asked with another mode.

use serde::{Serialize, Serializer};

use crate::config::files::{self, FileReport};
use crate::config::misspelt;
use crate::secret::shown::Gate;
use crate::secret::value::Secret;
use crate::sources::layers::{Origin, Said, Setting, Sources};
use crate::sources::literal::Cause;
use crate::variables::database::Database;
use crate::variables::endpoint::Endpoint;
use crate::variables::judge::Judged;
use crate::variables::table::{Mode, SPECS, Spec, Status, Typed};
use crate::words::wording::some;

/// The configuration in one mode.
pub struct Config {
    /// The mode it was judged in.
    pub mode: Mode,
    /// The five, in the order of [`SPECS`].
    pub variables: Vec<Variable>,
    /// What is wrong with the layer files.
    pub files: Vec<FileReport>,
    /// Where the data is.
    pub database: Option<Database>,
    /// The key, when it may be one.
    pub key: Option<Secret>,
    /// Whom to ask.
    pub endpoint: Option<Endpoint>,
}

/// One variable, judged.
#[derive(Debug, Serialize)]
pub struct Variable {
    /// As the shell spells it.
    pub name: &'static str,
    /// What it is worth.
    pub status: Status,
    /// Where it comes from; none when nothing sets it.
    pub origin: Option<Origin>,
    /// The weaker places that set it too.
    pub overrides: Vec<Origin>,
    /// What may be shown of it.
    pub shown: Option<String>,
    /// What to mend, all of it.
    pub problems: Vec<Problem>,
}

/// What is wrong, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Names the place; never the value.
    pub what: String,
    /// What to type or to change.
    pub fix: String,
}

impl Problem {
    /// Puts both halves together.
    pub fn new(what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            fix: fix.into(),
        }
    }
}

impl Serialize for Problem {
    /// One sentence, as a log line wants it.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&format_args!("{} (hint: {})", self.what, self.fix))
    }
}

/// Finds the mode: process, `.env.local`, `.env`, default.
pub fn mode(sources: &Sources) -> Mode {
    let spec = &SPECS[0];
    for setting in sources.settings(spec, Mode::Unknown) {
        // `MATRIX_MODE=$STAGE` is not what dotenvy made of it, and nothing doubtful is development.
        if setting.change.is_some() {
            return Mode::Unknown;
        }
        match setting.said {
            Said::Empty => {}
            Said::NotText => return Mode::Unknown,
            Said::Text(text) => {
                return match (spec.judge)(text.expose(), Mode::Unknown).typed {
                    Some(Typed::Mode(mode)) => mode,
                    _ => Mode::Unknown,
                };
            }
        }
    }
    Mode::Development
}

/// Judges all five variables and all files, as `mode` demands.
pub fn judge(sources: &Sources, mode: Mode, gate: &Gate) -> Config {
    let mut config = Config {
        mode,
        variables: Vec::new(),
        files: sources.layers(mode).map(files::report).collect(),
        database: None,
        key: None,
        endpoint: None,
    };
    for spec in &SPECS {
        let (variable, typed) = variable(spec, sources.settings(spec, mode), mode, gate);
        match typed {
            Some(Typed::Database(database)) => config.database = Some(database),
            Some(Typed::Key(key))
                if variable.status == Status::Ok || variable.status == Status::Weak =>
            {
                config.key = Some(key);
            }
            Some(Typed::Endpoint(endpoint)) => config.endpoint = Some(endpoint),
            _ => {}
        }
        config.variables.push(variable);
    }
    misspelt::point_at(&mut config, sources);
    config
}

impl Config {
    /// What keeps production from starting: `API_KEY: a placeholder, no key`.
    pub fn refusals(&self) -> Vec<Problem> {
        let bad = self.variables.iter().filter(|it| it.status != Status::Ok);
        let variables = bad.flat_map(|it| {
            it.problems
                .iter()
                .map(|problem| Problem::new(format!("{}: {}", it.name, problem.what), &problem.fix))
        });
        let files = self
            .files
            .iter()
            .filter(|it| it.damaged)
            .flat_map(|it| it.problems.iter().cloned());
        variables.chain(files).collect()
    }

    /// One of the five by name.
    pub fn variable(&self, name: &str) -> Option<&Variable> {
        self.variables.iter().find(|it| it.name == name)
    }
}

/// Judges one variable. The strongest place that is not empty wins.
fn variable(
    spec: &'static Spec,
    settings: Vec<Setting>,
    mode: Mode,
    gate: &Gate,
) -> (Variable, Option<Typed>) {
    let mut found = Variable {
        name: spec.name,
        status: Status::Missing,
        origin: None,
        overrides: Vec::new(),
        shown: None,
        problems: Vec::new(),
    };
    let mut typed = None;
    for setting in settings {
        let place = setting.origin.words();
        // A mode of which dotenvy left nothing was not meant to be the default one.
        let doubtful = spec.name == SPECS[0].name && setting.change.is_some();
        if matches!(setting.said, Said::Empty) && !doubtful {
            found.problems.push(empty(&setting, &place));
            continue;
        }
        if !setting.earlier.is_empty() {
            let lines: Vec<String> = setting
                .earlier
                .iter()
                .map(|line| format!("line {line}"))
                .collect();
            let what = format!(
                "set twice in one file: {place} counts, {} does not",
                some(&lines)
            );
            found
                .problems
                .push(Problem::new(what, "delete all but one"));
        }
        if found.origin.is_some() {
            found.overrides.push(setting.origin);
            continue;
        }
        let judged = judged(spec, &setting, mode);
        found.status = judged.status;
        found.shown = Some(gate.hide(&judged.shown));
        let problems = judged.problems.into_iter();
        found
            .problems
            .extend(problems.map(|(what, fix)| Problem::new(format!("{what} ({place})"), fix)));
        typed = judged.typed;
        found.origin = Some(setting.origin);
    }
    if found.origin.is_none() {
        match spec.default {
            Some(text) => {
                let judged = (spec.judge)(text, mode);
                found.status = Status::Ok;
                found.shown = Some(judged.shown);
                found.origin = Some(Origin {
                    layer: "default",
                    file: None,
                    line: None,
                });
                typed = judged.typed;
            }
            None => found
                .problems
                .push(Problem::new("missing: set nowhere", spec.fix)),
        }
    }
    (found, typed)
}

/// Judges what one place says.
fn judged(spec: &Spec, setting: &Setting, mode: Mode) -> Judged {
    let judged = match &setting.said {
        Said::Text(text) => (spec.judge)(text.expose(), mode),
        Said::Empty => Judged::invalid(None, "invalid: nothing is left of it", spec.fix),
        Said::NotText => return Judged::invalid(None, "invalid: not UTF-8", spec.fix),
    };
    match setting.change {
        Some(cause) => judged.bad(Status::Invalid, changed(cause), IN_QUOTES),
        None => judged,
    }
}

/// How to keep dotenvy from changing a value.
const IN_QUOTES: &str = "write it in single quotes";

/// That dotenvy changed a value, and why.
fn changed(cause: Cause) -> String {
    format!(
        "not what is written there: dotenvy changed it, {}",
        cause.what()
    )
}

/// That a value is empty: because nothing is written there, or because dotenvy left nothing of it.
fn empty(setting: &Setting, place: &str) -> Problem {
    match setting.change {
        Some(cause) => {
            let what = format!("empty in {place}: counts as missing; {}", changed(cause));
            Problem::new(what, IN_QUOTES)
        }
        None => Problem::new(
            format!("empty in {place}: counts as missing"),
            "give it a value, or delete it there",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A configuration from one `.env` and a process environment.
    fn configured(file: &str, process: &[(&str, &str)], mode: Mode) -> Config {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(".env"), file).unwrap();
        let process = process
            .iter()
            .map(|(name, value)| (name.into(), value.into()));
        let sources = crate::sources::layers::read(process, folder.path());
        judge(
            &sources,
            mode,
            &Gate::new(&crate::config::secrets::all(&sources)),
        )
    }

    /// Status, origin and problems of one variable.
    #[track_caller]
    fn check(config: &Config, name: &str, status: Status, origin: &str, problems: &[&str]) {
        let it = config.variable(name).unwrap();
        assert_eq!(it.status, status);
        assert_eq!(
            it.origin.as_ref().map_or(String::new(), Origin::words),
            origin
        );
        let found: Vec<&str> = it.problems.iter().map(|it| it.what.as_str()).collect();
        assert_eq!(found, problems);
    }

    #[test]
    fn the_process_wins_over_the_file_and_the_file_over_the_default() {
        let config = configured(
            "API_KEY=zk5f0c1b7e9a3d4826\nLOG_LEVEL=ERROR\n",
            &[("LOG_LEVEL", "DEBUG")],
            Mode::Development,
        );
        check(&config, "LOG_LEVEL", Status::Ok, "process environment", &[]);
        check(&config, "API_KEY", Status::Ok, ".env:1", &[]);
        check(&config, "MATRIX_MODE", Status::Ok, "default", &[]);
        check(
            &config,
            "DATABASE_URL",
            Status::Missing,
            "",
            &["missing: set nowhere"],
        );
        assert_eq!(
            config.variable("LOG_LEVEL").unwrap().overrides[0].words(),
            ".env:2"
        );
    }

    #[test]
    fn an_empty_value_counts_as_missing_and_says_so() {
        let config = configured(
            "API_KEY=\nLOG_LEVEL=\n",
            &[("LOG_LEVEL", "  ")],
            Mode::Development,
        );
        check(
            &config,
            "API_KEY",
            Status::Missing,
            "",
            &["empty in .env:1: counts as missing", "missing: set nowhere"],
        );
        let empty = [
            "empty in process environment: counts as missing",
            "empty in .env:2: counts as missing",
        ];
        check(&config, "LOG_LEVEL", Status::Ok, "default", &empty);
    }

    #[test]
    fn all_problems_of_a_value_are_named_at_once() {
        let config = configured(
            "API_KEY=aa\nAPI_KEY=aaaa\nZION_ENDPIONT=x\n",
            &[],
            Mode::Production,
        );
        let problems = [
            "set twice in one file: .env:2 counts, line 1 does not",
            "too short: a key has 16 characters or more (.env:2)",
            "too uniform: a pattern, no key (.env:2)",
        ];
        check(&config, "API_KEY", Status::Weak, ".env:2", &problems);
        let problems = [
            "missing: set nowhere",
            "a name like it stands in .env:3: nothing reads that one",
        ];
        check(&config, "ZION_ENDPOINT", Status::Missing, "", &problems);
        assert_eq!(config.refusals().len(), 6);
    }

    #[test]
    fn a_typing_error_in_the_shell_is_pointed_at_though_a_file_sets_the_right_name() {
        let file = "MATRIX_MODE=development\n";
        let config = configured(file, &[("MATRIX_MOED", "production")], Mode::Development);
        let problem = "a name like it stands in process environment: nothing reads that one";
        check(&config, "MATRIX_MODE", Status::Ok, ".env:1", &[problem]);
        let both = [("LOG_LEVEL", "INFO"), ("LOG_LEVELS", "all")];
        let config = configured("", &both, Mode::Development);
        check(&config, "LOG_LEVEL", Status::Ok, "process environment", &[]);
    }

    #[test]
    fn a_value_of_which_dotenvy_left_nothing_says_why() {
        let config = configured("API_KEY=#Wh1te\nLOG_LEVEL=$LEVEL\n", &[], Mode::Development);
        let problems = [
            "empty in .env:1: counts as missing; not what is written there: dotenvy changed it, `#` begins a comment, what follows is dropped",
            "missing: set nowhere",
        ];
        check(&config, "API_KEY", Status::Missing, "", &problems);
        let problem = "empty in .env:2: counts as missing; not what is written there: dotenvy changed it, `$` is replaced by a variable, or by nothing";
        check(&config, "LOG_LEVEL", Status::Ok, "default", &[problem]);
    }

    #[test]
    fn a_mode_that_dotenvy_changed_is_never_development() {
        for (text, expected) in [
            ("MATRIX_MODE=$STAGE", Mode::Unknown),
            ("MATRIX_MODE=development$STAGE", Mode::Unknown),
            ("MATRIX_MODE='development'", Mode::Development),
            ("MATRIX_MODE=", Mode::Development),
            (
                "LOG_LEVEL=INFO  # don't\nMATRIX_MODE=production",
                Mode::Production,
            ),
        ] {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join(".env"), text).unwrap();
            let sources = crate::sources::layers::read(std::iter::empty(), folder.path());
            assert_eq!(mode(&sources), expected, "{text}");
        }
    }

    #[test]
    fn a_value_that_dotenvy_changed_is_invalid() {
        let config = configured("API_KEY=zk5f0c1b7e9a3d4826$x\n", &[], Mode::Production);
        let problem = "not what is written there: dotenvy changed it, `$` is replaced by a variable, or by nothing (.env:1)";
        check(&config, "API_KEY", Status::Invalid, ".env:1", &[problem]);
    }

    #[test]
    fn a_broken_line_keeps_production_from_starting() {
        let config = configured("OTHER=two words\n", &[], Mode::Production);
        assert!(
            config
                .refusals()
                .iter()
                .any(|it| it.what == ".env:1: dotenvy cannot read this line")
        );
    }
}
