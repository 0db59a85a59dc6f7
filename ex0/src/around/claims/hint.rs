//! Which command makes a claim true?

use super::{Meaning, pixi, same_folder};
use crate::support::shell::{Shell, quoted};
use crate::support::{PyPath, World};
use crate::verdict::{
    Activation, Answer, Effect, Leave, Repair, activate, conda_command, leave, repair_python,
};

/// What helps a claim.
#[derive(Default)]
pub struct Hint {
    /// The command that makes it true.
    pub command: Option<String>,
    /// What the command does, if it is a repair.
    pub effect: Option<Effect>,
    /// Why its activate script does not make it true: it names another folder, or is for other shells.
    pub script: Option<Activation>,
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
            script: None,
        }
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
            Some(Shell::at_hand(world).unset(name))
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
        _ => match activate(value, Shell::at_hand(world)) {
            Some(Activation::Command(command)) => Some(command),
            script => {
                return Hint {
                    script,
                    ..Hint::default()
                };
            }
        },
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
