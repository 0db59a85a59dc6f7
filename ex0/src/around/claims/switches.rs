//! Which variables only say that a tool's environment is on?

use super::{Claim, Meaning, Truth};
use crate::support::PyPath;
use crate::verdict::{Answer, Kind, Status};

/// These variables, each with its tool.
pub const SWITCHES: [(&str, &str); 4] = [
    ("PIPENV_ACTIVE", "pipenv"),
    ("POETRY_ACTIVE", "Poetry"),
    ("HATCH_ENV_ACTIVE", "Hatch"),
    ("PIXI_IN_SHELL", "pixi"),
];

/// The claim of a variable that only says "on".
pub fn switch(name: &'static str, tool: &'static str, value: &PyPath, answer: &Answer) -> Claim {
    let pixi = answer.environment().is_some_and(|it| it.kind == Kind::Pixi);
    let on = answer.status() == Status::Isolated || (pixi && answer.running().is_some());
    let (truth, meaning) = if on {
        (Truth::Agrees, Meaning::SomeEnvironment(tool))
    } else {
        (Truth::Stale, Meaning::ShellEntered(tool))
    };
    let hint = (!on).then(|| "exit".to_owned());
    let value = Some(value.clone());
    Claim {
        name,
        value,
        truth,
        meaning,
        hint,
        activates: None,
    }
}
