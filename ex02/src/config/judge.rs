//! What is each variable worth, in one mode?

use super::files::{self, FileReport};
use super::misspelt;
use super::problem::{Problem, Wrong};
use crate::secret::Secret;
use crate::sources::{Layer, Named, Origin, Said, Setting, Sources, unread};
use crate::variables::{Database, Endpoint, Judged, MATRIX_MODE, Mode, SPECS, Spec, Status, Typed};
use crate::words::{Place, Words};

/// The configuration in one mode.
pub struct Config<'a> {
    /// The mode that it was judged in.
    pub mode: Mode,
    /// The five variables, in the order of [`SPECS`].
    pub variables: Vec<Variable>,
    /// What is wrong with the layer files.
    pub files: Vec<FileReport<'a>>,
    /// The layer files that were not read and may set any variable.
    pub unread: Vec<Place>,
    /// The database that `DATABASE_URL` names.
    pub database: Option<Database>,
    /// The key, unless it is missing, a placeholder or invalid.
    pub key: Option<Secret>,
    /// The endpoint that `ZION_ENDPOINT` names.
    pub endpoint: Option<Endpoint>,
}

/// One variable, judged.
pub struct Variable {
    /// The name of the variable.
    pub name: &'static str,
    /// Is its value good?
    pub status: Status,
    /// Where the value comes from. `None`: no place sets it.
    pub origin: Option<Origin>,
    /// The entries of the same file that gave it parts of its value.
    pub parts: Vec<Named>,
    /// The weaker places that also set it.
    pub overrides: Vec<Origin>,
    /// The part of the value that may be shown.
    pub shown: Option<Words>,
    /// All problems of this variable.
    pub problems: Vec<Problem>,
}

impl Variable {
    /// True when this layer sets it.
    pub fn is_from(&self, layer: impl Fn(Layer) -> bool) -> bool {
        self.origin.as_ref().is_some_and(|it| layer(it.layer))
    }

    /// The files that were not read and may set it, when no place that was read does.
    pub fn unread(&self) -> Option<&[Place]> {
        self.problems.iter().find_map(|it| match &it.wrong {
            Wrong::Unread(files) => Some(files.as_slice()),
            _ => None,
        })
    }
}

/// Finds the mode: process, `.env.local`, `.env`, default. A doubtful mode is never development.
pub fn mode(sources: &Sources) -> Mode {
    let settings = sources.settings(MATRIX_MODE, Mode::Unknown);
    match variable(MATRIX_MODE, settings, Mode::Unknown) {
        (variable, Some(Typed::Mode(mode))) if variable.status == Status::Ok => mode,
        _ => Mode::Unknown,
    }
}

/// Judges all five variables and all files by the rules of `mode`.
pub fn judge(sources: &Sources, mode: Mode) -> Config<'_> {
    let mut config = Config {
        mode,
        variables: Vec::new(),
        files: sources
            .layers(mode)
            .map(|(_, file)| files::report(file, sources))
            .collect(),
        unread: unread(sources.layers(mode).map(|(_, it)| it)),
        database: None,
        key: None,
        endpoint: None,
    };
    for spec in &SPECS {
        let (mut variable, typed) = variable(spec, sources.settings(spec, mode), mode);
        let lost = variable.problems.iter().any(|it| it.wrong == Wrong::Lost);
        if variable.origin.is_none() && !lost {
            let nowhere = if config.unread.is_empty() {
                set_for_other_mode(spec, sources).map_or(Wrong::Missing, Wrong::OtherMode)
            } else {
                Wrong::Unread(config.unread.clone())
            };
            let problem = Problem::of_variable(spec.name, None, nowhere);
            variable.problems.push(problem);
        }
        match typed {
            Some(Typed::Database(database)) => config.database = Some(database),
            Some(Typed::Key(key)) if matches!(variable.status, Status::Ok | Status::Weak) => {
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

/// A place that sets a variable, when none does so in the mode that is judged.
fn set_for_other_mode(spec: &Spec, sources: &Sources) -> Option<Origin> {
    let modes = [Mode::Development, Mode::Production].into_iter();
    let mut settings = modes.flat_map(|it| sources.settings(spec, it));
    let set = settings.find(|it| matches!(it.said, Said::Text(_)))?;
    Some(set.origin)
}

impl Config<'_> {
    /// The problems that stop production, and how many more lines of files stop it.
    pub fn refusals(&self) -> (Vec<Problem>, usize) {
        let bad = self.variables.iter().filter(|it| it.status != Status::Ok);
        let damaged = || self.files.iter().filter(|it| it.file.is_damaged());
        let variables = bad.flat_map(|it| &it.problems);
        let files = damaged().flat_map(|it| &it.problems);
        let more = damaged().map(|it| it.more).sum();
        (variables.chain(files).cloned().collect(), more)
    }

    /// The variable of this name, which is one of the five.
    #[expect(clippy::expect_used, reason = "all five were judged")]
    pub fn variable(&self, name: &str) -> &Variable {
        let mut variables = self.variables.iter();
        variables
            .find(|it| it.name == name)
            .expect("one of the five")
    }
}

/// Judges one variable. The strongest place with a value that is not empty wins.
fn variable(spec: &'static Spec, settings: Vec<Setting>, mode: Mode) -> (Variable, Option<Typed>) {
    let mut found = Variable {
        name: spec.name,
        status: Status::Missing,
        origin: None,
        parts: Vec::new(),
        overrides: Vec::new(),
        shown: None,
        problems: Vec::new(),
    };
    let mut typed = None;
    for setting in settings {
        let problem = |wrong| Problem::of_variable(spec.name, Some(&setting.origin), wrong);
        // dotenvy left nothing of this mode. Its author did not mean the default mode.
        let is_mode = spec.name == MATRIX_MODE.name;
        let nothing = match setting.said {
            Said::Empty if !is_mode || setting.change.is_none() => {
                Some(Wrong::Empty(setting.change))
            }
            Said::Lost if !is_mode => Some(Wrong::Lost),
            _ => None,
        };
        if let Some(nothing) = nothing {
            found.problems.push(problem(nothing));
            continue;
        }
        if !setting.earlier.is_empty() {
            let twice = problem(Wrong::SetTwice(setting.earlier.clone()));
            found.problems.push(twice);
        }
        if found.origin.is_some() {
            found.overrides.push(setting.origin);
            continue;
        }
        let (judged, wrong) = judge_setting(spec, &setting, mode);
        found.status = match wrong.first() {
            None => Status::Ok,
            Some(Wrong::Value(fault)) => fault.status(),
            Some(_) => Status::Invalid,
        };
        found.problems.extend(wrong.into_iter().map(problem));
        let is_lost = matches!(setting.said, Said::Lost);
        found.shown = (!is_lost).then_some(judged.shown);
        typed = judged.typed;
        found.origin = Some(setting.origin);
        found.parts = setting.parts;
    }
    if found.origin.is_none()
        && let Some(text) = spec.default
    {
        let judged = (spec.judge)(text, mode);
        found.status = Status::Ok;
        found.shown = Some(judged.shown);
        found.origin = Some(Origin::of(Layer::Default));
        typed = judged.typed;
    }
    (found, typed)
}

/// The part of a value that may be shown, and everything that is wrong with the value.
///
/// When dotenvy put something of the process environment into a value, nothing of it is shown: what
/// looks like a host or a name may be a token.
pub fn judge_setting(spec: &Spec, setting: &Setting, mode: Mode) -> (Judged, Vec<Wrong>) {
    let (mut judged, mut wrong) = match &setting.said {
        Said::Text(text) => {
            let judged = spec.read(text.expose(), mode);
            let wrong = judged.faults.iter().copied().map(Wrong::Value).collect();
            (judged, wrong)
        }
        Said::Empty => (Judged::nothing(), vec![Wrong::NothingLeft]),
        Said::NotText(_) => return (Judged::nothing(), vec![Wrong::NotText]),
        Said::Lost => return (Judged::nothing(), vec![Wrong::Lost]),
    };
    if setting.from_process {
        judged = Judged::nothing();
        wrong = vec![Wrong::FromProcess];
    } else if let Some(cause) = setting.change {
        wrong.push(Wrong::Changed(cause));
    }
    (judged, wrong)
}

#[cfg(test)]
mod tests {
    use super::super::problem::Alike;
    use super::*;
    use crate::report::with_parts;
    use crate::sources::{Cause, Flaw, Process, read};
    use crate::variables::Fault;

    /// The configuration that follows from one `.env` and a process environment.
    fn configured(file: &str, process: &[(&str, &str)], mode: Mode) -> Config<'static> {
        judge(Box::leak(Box::new(sources(file, process))), mode)
    }

    /// The sources: one `.env` and a process environment.
    fn sources(file: &str, process: &[(&str, &str)]) -> Sources {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(".env"), file).unwrap();
        let process = process
            .iter()
            .map(|(name, value)| (name.into(), value.into()));
        read(Process::new(process), folder.path())
    }

    /// Status, origin and problems of one variable.
    #[track_caller]
    fn check(config: &Config, name: &str, status: Status, origin: &str, problems: &[Wrong]) {
        let it = config.variable(name);
        assert_eq!(it.status, status);
        let found = it.origin.as_ref().map_or(String::new(), |origin| {
            with_parts(origin, &it.parts).plain()
        });
        assert_eq!(found, origin);
        let found: Vec<&Wrong> = it.problems.iter().map(|it| &it.wrong).collect();
        assert_eq!(found, problems.iter().collect::<Vec<_>>());
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
            &[Wrong::Missing],
        );
        assert_eq!(
            Words::from(&config.variable("LOG_LEVEL").overrides[0].at()).plain(),
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
            &[Wrong::Empty(None), Wrong::Missing],
        );
        let empty = [Wrong::Empty(None), Wrong::Empty(None)];
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
            Wrong::SetTwice(vec![1]),
            Wrong::Value(Fault::ShortKey),
            Wrong::Value(Fault::UniformKey),
        ];
        check(&config, "API_KEY", Status::Weak, ".env:2", &problems);
        let alike = Alike {
            name: "ZION_ENDPIONT".into(),
            place: Place {
                file: ".env".into(),
                line: Some(3),
            },
        };
        let problems = [Wrong::Missing, Wrong::Misspelt(vec![alike])];
        check(&config, "ZION_ENDPOINT", Status::Missing, "", &problems);
        assert_eq!(config.refusals().0.len(), 6);
    }

    #[test]
    fn a_typing_error_in_the_shell_is_pointed_at_though_a_file_sets_the_right_name() {
        let file = "MATRIX_MODE=development\n";
        let config = configured(file, &[("MATRIX_MOED", "production")], Mode::Development);
        let alike = Alike {
            name: "MATRIX_MOED".into(),
            place: Place {
                file: "process environment".into(),
                line: None,
            },
        };
        let problem = Wrong::Misspelt(vec![alike]);
        check(&config, "MATRIX_MODE", Status::Ok, ".env:1", &[problem]);
        let both = [("LOG_LEVEL", "INFO"), ("LOG_LEVELS", "all")];
        let config = configured("", &both, Mode::Development);
        check(&config, "LOG_LEVEL", Status::Ok, "process environment", &[]);
    }

    #[test]
    fn a_suggestion_needs_a_name_that_is_missing_and_one_edit() {
        let config = configured("APP_KEY=x\nOKTA_BASE_URL=false\n", &[], Mode::Development);
        let missing = [Wrong::Missing];
        check(&config, "API_KEY", Status::Missing, "", &missing);
        check(&config, "DATABASE_URL", Status::Missing, "", &missing);
        let file = "API_KEY=zk5f0c1b7e9a3d4826\n";
        let config = configured(file, &[("API_KEYS", "x")], Mode::Development);
        check(&config, "API_KEY", Status::Ok, ".env:1", &[]);
    }

    #[test]
    fn a_value_made_of_entries_above_is_valid_and_its_parts_are_named() {
        let file = "HOST=localhost\nZION_ENDPOINT=http://${HOST}:1\n";
        let config = configured(file, &[], Mode::Production);
        let origin = ".env:2, with HOST of .env:1";
        check(&config, "ZION_ENDPOINT", Status::Ok, origin, &[]);
        let file = "STAGE=production\nMATRIX_MODE=${STAGE}\n";
        assert_eq!(mode(&sources(file, &[])), Mode::Production);
        // The process environment wins over the file.
        let config = configured(
            "HOME=x\nZION_ENDPOINT=http://$HOME\n",
            &[("HOME", "y")],
            Mode::Development,
        );
        let problem = [Wrong::FromProcess];
        check(
            &config,
            "ZION_ENDPOINT",
            Status::Invalid,
            ".env:2",
            &problem,
        );
    }

    #[test]
    fn a_value_that_dotenvy_emptied_says_why() {
        let config = configured("API_KEY=#Wh1te\nLOG_LEVEL=$LEVEL\n", &[], Mode::Development);
        let problems = [Wrong::Empty(Some(Cause::Hash)), Wrong::Missing];
        check(&config, "API_KEY", Status::Missing, "", &problems);
        let problem = Wrong::Empty(Some(Cause::Capitals));
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
            assert_eq!(mode(&sources(text, &[])), expected, "{text}");
        }
    }

    #[test]
    fn a_mode_on_a_line_that_cannot_be_read_is_never_development() {
        for line in [
            "MATRIX_MODE=production now",
            "MATRIX_MODE=\"production",
            "MATRIX_MODE: production",
            "MATRIX_MODE=production; LOG_LEVEL=INFO",
            "set MATRIX_MODE=production",
            "MATRIX_MODE=production\0",
        ] {
            let mode_of = |file: &str, process| mode(&sources(file, process));
            assert_eq!(mode_of(line, &[]), Mode::Unknown, "{line}");
            // It would win over an entry above, but not over one below or over the process.
            let below = format!("MATRIX_MODE=development\n{line}\n");
            assert_eq!(mode_of(&below, &[]), Mode::Unknown, "{line}");
            let above = format!("{line}\nMATRIX_MODE=development\n");
            assert_eq!(mode_of(&above, &[]), Mode::Development, "{line}");
            let process = &[("MATRIX_MODE", "development")];
            assert_eq!(mode_of(line, process), Mode::Development, "{line}");
            let config = configured(line, &[], Mode::Unknown);
            check(
                &config,
                "MATRIX_MODE",
                Status::Invalid,
                ".env:1",
                &[Wrong::Lost],
            );
        }
        let text = "the MATRIX_MODE chooses the files";
        assert_eq!(mode(&sources(text, &[])), Mode::Development);
    }

    #[test]
    fn a_variable_on_a_line_that_cannot_be_read_is_not_set_nowhere() {
        let config = configured(
            "API_KEY=wh1te rabbit\nLOG_LEVEL: INFO\n",
            &[],
            Mode::Production,
        );
        check(&config, "API_KEY", Status::Missing, "", &[Wrong::Lost]);
        check(&config, "LOG_LEVEL", Status::Ok, "default", &[Wrong::Lost]);
        // The entry above is in force for every program that uses dotenvy.
        let file = "API_KEY=zk5f0c1b7e9a3d4826\nAPI_KEY=wh1te rabbit\n";
        let config = configured(file, &[], Mode::Production);
        check(&config, "API_KEY", Status::Ok, ".env:1", &[Wrong::Lost]);
    }

    #[test]
    fn a_value_that_dotenvy_changed_is_invalid() {
        let config = configured("API_KEY=zk5f0c1b7e9a3d4826$x\n", &[], Mode::Production);
        let problem = Wrong::Changed(Cause::Dollar);
        check(&config, "API_KEY", Status::Invalid, ".env:1", &[problem]);
    }

    #[test]
    fn production_does_not_start_with_a_broken_line() {
        let config = configured("OTHER=two words\n", &[], Mode::Production);
        assert!(
            config
                .refusals()
                .0
                .iter()
                .any(|it| it.wrong == Wrong::Line(Flaw::Broken))
        );
    }
}
