//! Which places can set one variable, and which of them wins?

use std::fmt::Write;

use owo_colors::OwoColorize;
use serde::Serialize;

use super::print::Printer;
use super::problems::said;
use super::text::hint;
use super::wording::with_parts;
use super::wrap::wrapped;
use crate::config::{Config, Variable, Wrong, judge_setting};
use crate::exit::Exit;
use crate::sources::{EnvFile, Layer, Said, Sources, State};
use crate::variables::{MATRIX_MODE, Mode, Spec, Status};
use crate::words::Words;

/// Every place that can set a variable, strongest first.
pub struct Explanation<'a> {
    /// The variable.
    pub spec: &'static Spec,
    /// What it is worth.
    pub variable: &'a Variable,
    /// The places.
    pub layers: Vec<LayerShown>,
}

/// One place, masked and escaped.
#[derive(Serialize)]
pub struct LayerShown {
    /// `process`, a file's name, `default`.
    pub layer: &'static str,
    /// `.env:3`, `process environment`.
    pub at: String,
    /// The part of the value there that may be shown.
    pub shown: Option<String>,
    /// Why there is no value: `no such file`, `not set`.
    pub note: &'static str,
    /// True for the place that counts.
    pub wins: bool,
}

impl Explanation<'_> {
    /// The exit code of `--explain`. With `--check`, the variable decides it.
    pub fn exit(&self, mode: Mode, check: bool) -> Exit {
        match self.variable.status {
            _ if !check => Exit::Yes,
            Status::Ok if self.variable.problems.is_empty() => Exit::Yes,
            Status::Ok => Exit::No,
            _ if mode == Mode::Development => Exit::No,
            _ => Exit::Refused,
        }
    }
}

/// Looks at every place.
pub fn explain<'a>(
    spec: &'static Spec,
    sources: &Sources,
    config: &'a Config,
    printer: &Printer,
) -> Explanation<'a> {
    let variable = config.variable(spec.name);
    let origin = variable.origin.as_ref();
    let settings = sources.settings(spec, config.mode);
    let place = |layer: Layer, at: Words, shown: Option<Words>, note, wins| LayerShown {
        layer: layer.name(),
        at: printer.text(&at),
        shown: shown.map(|it| printer.text(&it)),
        note,
        wins,
    };
    let process = (Layer::Process, "process environment".into(), "not set");
    let files = sources.layers(config.mode);
    let files = files.map(|(layer, file)| (layer, file.shown.clone(), note(spec, layer, file)));
    let mut layers = Vec::new();
    for (layer, at, note) in std::iter::once(process).chain(files) {
        let mut settings = settings
            .iter()
            .filter(|it| it.origin.layer == layer)
            .peekable();
        if settings.peek().is_none() {
            layers.push(place(layer, at, None, note, false));
        }
        for it in settings {
            let (shown, note) = match it.said {
                Said::Empty => (None, "empty, counts as missing"),
                Said::NotText(_) => (None, "not UTF-8"),
                Said::Lost => (None, "names it, but dotenvy cannot read this line"),
                Said::Text(_) => (Some(judge_setting(spec, it, config.mode).0.shown), ""),
            };
            let wins = origin == Some(&it.origin);
            layers.push(place(
                layer,
                with_parts(&it.origin, &it.parts),
                shown,
                note,
                wins,
            ));
        }
    }
    let default = spec.default.map(Words::from);
    let note = if default.is_some() { "" } else { "none" };
    let at = Layer::Default.name().into();
    let wins = origin.is_some_and(|it| it.layer == Layer::Default);
    layers.push(place(Layer::Default, at, default, note, wins));
    Explanation {
        spec,
        variable,
        layers,
    }
}

/// Why a file does not set a variable.
fn note(spec: &Spec, layer: Layer, file: &EnvFile) -> &'static str {
    match &file.state {
        State::Absent => "no such file",
        State::Unreadable(_) => "could not be read",
        State::Read { .. } if spec.name == MATRIX_MODE.name && layer.mode().is_some() => {
            "does not count: the mode chooses this file"
        }
        State::Read { .. } => "not set",
    }
}

/// The places as lines, with a mark at the winner.
pub fn render(it: &Explanation, printer: &Printer) -> String {
    let mut text = format!("{}: {}\n\n", it.spec.name.bold(), it.spec.about);
    for place in &it.layers {
        let mark = if place.wins { ">" } else { " " };
        let shown = place.shown.as_deref().unwrap_or(place.note);
        let wins = if place.wins { "  <- wins" } else { "" };
        let line = format!("{mark} {:<30} {shown}{wins}", place.at);
        // Writing into a String cannot fail.
        let _ = if place.wins {
            writeln!(text, "{}", line.green())
        } else {
            writeln!(text, "{line}")
        };
    }
    let problems = &it.variable.problems;
    let is = |wrong: fn(&Wrong) -> bool| problems.iter().any(|it| wrong(&it.wrong));
    if is(|it| matches!(it, Wrong::Missing)) {
        text.push_str("\nNo place sets it.\n");
    } else if is(|it| matches!(it, Wrong::Unread(_))) {
        text.push_str("\nNo place that was read sets it.\n");
    }
    for problem in problems {
        let said = said(problem);
        text.push('\n');
        let mark = "-".yellow().to_string();
        let _ = wrapped(&mut text, 0, &mark, &printer.text(&said.message));
        let _ = hint(&mut text, 2, said.hint.as_ref(), printer);
    }
    text
}
