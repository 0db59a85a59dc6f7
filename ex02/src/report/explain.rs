//! Which places set one variable, and which of them wins?

use std::fmt::Write;

use owo_colors::OwoColorize;
use serde::Serialize;

use crate::config::judge::{Config, Problem};
use crate::exit::Exit;
use crate::report::wrap::wrapped;
use crate::secret::shown::Gate;
use crate::sources::file::{LayerFile, State};
use crate::sources::layers::{PROCESS, Said, Sources, is_of_mode};
use crate::variables::table::{Mode, Spec, Status};
use crate::words::escape;

/// Every place that could set a variable, strongest first.
#[derive(Debug, Serialize)]
pub struct Explanation {
    /// The variable.
    pub name: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// What it is worth.
    pub status: Status,
    /// The places.
    pub layers: Vec<Place>,
    /// What to mend.
    pub problems: Vec<Problem>,
}

/// One place.
#[derive(Debug, Serialize)]
pub struct Place {
    /// `process`, a file's name, `default`.
    pub layer: &'static str,
    /// `.env:3`, `process environment`.
    pub at: String,
    /// What may be shown of the value there.
    pub shown: Option<String>,
    /// Why there is none: `no such file`, `not set`.
    pub note: &'static str,
    /// True for the one that counts.
    pub wins: bool,
}

impl Explanation {
    /// Explaining is done in any case; with `--check` the variable decides.
    pub fn exit(&self, mode: Mode, check: bool) -> Exit {
        match (check, self.status) {
            (false, _) => Exit::Yes,
            (true, Status::Ok) if self.problems.is_empty() => Exit::Yes,
            (true, Status::Ok) => Exit::No,
            (true, _) if mode == Mode::Development => Exit::No,
            (true, _) => Exit::Refused,
        }
    }
}

/// Looks at every place.
pub fn explain(
    spec: &'static Spec,
    sources: &Sources,
    config: &Config,
    gate: &Gate,
) -> Explanation {
    let variable = config.variable(spec.name);
    let settings = sources.settings(spec, config.mode);
    let origin = variable.and_then(|it| it.origin.as_ref());
    let mut layers = vec![Place {
        layer: PROCESS,
        at: "process environment".to_owned(),
        shown: None,
        note: "not set",
        wins: false,
    }];
    for file in sources.layers(config.mode) {
        layers.push(Place {
            layer: file.name,
            at: file.shown.clone(),
            shown: None,
            note: note(spec, file),
            wins: false,
        });
    }
    for setting in &settings {
        let Some(place) = layers
            .iter_mut()
            .find(|it| it.layer == setting.origin.layer)
        else {
            continue;
        };
        place.at = setting.origin.words();
        place.note = match &setting.said {
            Said::Empty => "empty, counts as missing",
            Said::NotText => "not UTF-8",
            Said::Text(text) => {
                place.shown = Some(gate.hide(&(spec.judge)(text.expose(), config.mode).shown));
                ""
            }
        };
        place.wins = origin == Some(&setting.origin);
    }
    let shown = spec.default.map(str::to_owned);
    let wins = origin.is_some_and(|it| it.layer == "default");
    let note = if shown.is_some() { "" } else { "none" };
    layers.push(Place {
        layer: "default",
        at: "default".to_owned(),
        shown,
        note,
        wins,
    });
    Explanation {
        name: spec.name,
        about: spec.about,
        status: variable.map_or(Status::Missing, |it| it.status),
        layers,
        problems: variable.map_or(Vec::new(), |it| it.problems.clone()),
    }
}

/// Why a file says nothing about a variable, as long as nothing else is known.
fn note(spec: &Spec, file: &LayerFile) -> &'static str {
    match &file.state {
        State::Absent => "no such file",
        State::Unreadable(..) => "could not be read",
        State::Read { .. } if spec.name == "MATRIX_MODE" && is_of_mode(file.name) => {
            "has no say: the mode chooses this file"
        }
        State::Read { .. } => "not set",
    }
}

/// The places as lines, the winner marked.
pub fn render(it: &Explanation) -> String {
    let mut text = format!("{}: {}\n\n", it.name.bold(), it.about);
    for place in &it.layers {
        let mark = if place.wins { ">" } else { " " };
        let shown = escape::text(place.shown.as_deref().unwrap_or(place.note));
        let wins = if place.wins { "  <- wins" } else { "" };
        let line = format!("{mark} {:<30} {shown}{wins}", place.at);
        // Writing into a String cannot fail.
        let _ = match place.wins {
            true => writeln!(text, "{}", line.green()),
            false => writeln!(text, "{line}"),
        };
    }
    if it.layers.iter().all(|place| !place.wins) {
        text.push_str("\nNo place sets it.\n");
    }
    for Problem { what, fix } in &it.problems {
        let (mark, hint) = ("-".yellow().to_string(), "hint:".cyan().to_string());
        text.push('\n');
        let _ = wrapped(&mut text, 0, &mark, 1, &escape::text(what));
        let _ = wrapped(&mut text, 2, &hint, 5, &escape::text(fix));
    }
    text
}
