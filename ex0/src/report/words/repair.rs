//! What to do, in words: what a command does, before it is shown, or what a person can do.

use super::list;
use crate::verdict::{Advice, Effect};

/// What the command does. What would be lost is said, and that nothing would.
pub fn effect(effect: &Effect) -> String {
    match effect {
        Effect::EditsCfg => "This edits pyvenv.cfg and nothing else; the packages stay.".to_owned(),
        Effect::RewritesCfg { kept } => format!(
            "This writes pyvenv.cfg anew with what its readers need; the old one is kept as {}, the packages stay.",
            kept.shown()
        ),
        Effect::MovesAside { kept } => format!(
            "This moves it out of the way, to {}; nothing is deleted.",
            kept.shown()
        ),
        Effect::Relinks { python } => {
            format!(
                "This links the environment to {} again; the packages stay.",
                python.shown()
            )
        }
        Effect::MakesAnew { unseen, .. } if unseen.is_empty() => {
            "This makes the environment anew over itself; the packages stay.".to_owned()
        }
        Effect::MakesAnew { unseen, packages } => format!(
            "This makes the environment anew with another Python. It deletes nothing, but the packages in {} ({packages} of them) are \
             lost to it: another version does not see them, and they must be installed again.",
            list(unseen)
        ),
        Effect::Unsets => "This changes a variable of this shell; no file is touched.".to_owned(),
        Effect::MakesExecutable => "This lets everybody execute it.".to_owned(),
        Effect::MakesReadable => "This lets you read it.".to_owned(),
        Effect::Reinstalls => "This installs that Python again in its place; what was installed into it may have to be installed again."
                .to_owned(),
        Effect::RemovesLink => "This removes the dead link.".to_owned(),
        Effect::ChoosesVersion => {
            "This chooses a version that is installed, for this shell.".to_owned()
        }
    }
}

/// What a person can do.
pub fn advice(advice: &Advice) -> String {
    match advice {
        Advice::InstallPython => {
            "install Python, or put the folder that holds it on PATH".to_owned()
        }
        Advice::NameThePython => "name the interpreter itself with --python".to_owned(),
        Advice::AskOwner { path } => format!(
            "ask the owner of {} for access, or use another Python",
            path.shown()
        ),
        Advice::Reinstall { prefix } => format!(
            "install the Python in {} again, as it was installed before",
            prefix.shown()
        ),
        Advice::MoveAway { folder } => {
            format!(
                "install this Python in a folder without a colon in its path, not in {}",
                folder.shown()
            )
        }
        Advice::CheckSpelling => {
            "check the spelling, or name a file, a name on PATH or an environment's folder"
                .to_owned()
        }
        Advice::InstallVersion => {
            "install a version with pyenv, and choose it with pyenv global".to_owned()
        }
        Advice::AskFor { name } => format!("ask for it by its name: --python {}", name.shown()),
        Advice::NameAnEnvironment => {
            "name an environment's folder, as in --python .venv".to_owned()
        }
        Advice::MakeAnew { folder } => format!(
            "no Python was found that {} could stand on: install one, and make the environment anew with it",
            folder.shown()
        ),
    }
}
