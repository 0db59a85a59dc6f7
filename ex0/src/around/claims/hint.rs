//! Which command makes a claim true?

use serde::Serialize;

use super::{Meaning, pixi, same_folder};
use crate::support::perhaps_in_words;
use crate::support::shell::{Shell, quoted};
use crate::support::{PyPath, World};
use crate::verdict::{
    Activation, Answer, Effect, Leave, Repair, activate, conda_command, leave, repair_python,
};

/// What helps a claim.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Hint {
    /// The command that makes it true, or that lets its own Python start; `None` if neither is needed, or if no command helps.
    #[serde(rename = "hint")]
    pub command: Option<String>,
    /// What this command does, and what would be lost; `None` if it is no repair.
    #[serde(serialize_with = "perhaps_in_words")]
    pub effect: Option<Effect>,
    /// Its script would activate this other folder: the environment was moved or copied. Then there is no command.
    pub activates: Option<PyPath>,
    /// Its script does not work in this shell. Then there is no command.
    pub for_other_shells: bool,
    /// Its script has a path that the shell would change. Then there is no command.
    #[serde(skip)]
    pub path_is_replaced: bool,
}

impl Hint {
    fn repair(repair: Repair) -> Self {
        let (command, effect) = match repair {
            Repair::Run { command, effect } => (Some(command), Some(effect)),
            Repair::Advise(_) => (None, None),
        };
        Self {
            command,
            effect,
            ..Self::default()
        }
    }

    /// The command that runs the environment's script, or what is wrong with the script.
    fn activate(folder: &PyPath, world: &World) -> Self {
        let mut hint = Self::default();
        match activate(folder, Shell::at_hand(world)) {
            Some(Activation::Command(command)) => hint.command = Some(command),
            Some(Activation::Elsewhere(other)) => hint.activates = Some(other),
            Some(Activation::OtherShells) => hint.for_other_shells = true,
            Some(Activation::Replaced) => hint.path_is_replaced = true,
            None => {}
        }
        hint
    }
}

/// The command that makes it true, or why there is none.
pub fn hint(name: &str, value: &PyPath, meaning: &Meaning, answer: &Answer, world: &World) -> Hint {
    let conda = name == "CONDA_PREFIX" || name == pixi::IN_SHELL;
    let by_pixi = conda && pixi::is_pixis(value, world);
    let program = conda_command(world);
    let command = match meaning {
        Meaning::CondaWithoutPython if by_pixi => None,
        Meaning::NoFolder | Meaning::NoMark(_) if by_pixi => pixi::exit(world),
        Meaning::NoFolder | Meaning::NoMark(_) | Meaning::MadeOnWindows if conda => {
            Some(format!("{program} deactivate"))
        }
        Meaning::NoFolder | Meaning::NoMark(_) | Meaning::MadeOnWindows => {
            let shell = Shell::at_hand(world);
            shell.spelled(shell.unset(name))
        }
        Meaning::CondaWithoutPython => Some(format!("{program} install python")),
        Meaning::TakenBy { own: cause, .. }
        | Meaning::PythonGone(cause)
        | Meaning::FirstWithout { typed: cause, .. }
            if !conda =>
        {
            return Hint::repair(repair_python(cause, world));
        }
        Meaning::CannotStart => {
            let repair = answer.fault().map(|it| it.repair.clone());
            return repair.map_or_else(Hint::default, Hint::repair);
        }
        Meaning::BaseOfTheOne => deactivate(answer, world),
        Meaning::ShellEntered(_) => Some("exit".to_owned()),
        Meaning::ThisOnes
        | Meaning::SomeEnvironment(_)
        | Meaning::Closed(_)
        | Meaning::NotAskedAbout
        | Meaning::LeadsElsewhere(_)
        | Meaning::FirstWithout { .. } => None,
        _ if by_pixi => deactivate(answer, world).or_else(|| pixi::exit(world)),
        _ if conda => quoted(value).and_then(|it| {
            let command = format!("{program} activate {it}");
            Shell::at_hand(world).spelled(command)
        }),
        _ => return Hint::activate(value, world),
    };
    Hint {
        command,
        ..Hint::default()
    }
}

/// The command that leaves the environment that is used, unless it was not activated in this shell.
fn deactivate(answer: &Answer, world: &World) -> Option<String> {
    let active = world.non_empty("VIRTUAL_ENV")?;
    let is_used = same_folder(&answer.running()?.site.prefix, active);
    let may_work = || matches!(leave(active, world), Leave::Deactivate | Leave::NotKnown);
    (is_used && may_work()).then(|| "deactivate".to_owned())
}
