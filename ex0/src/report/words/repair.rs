//! The sentences about repairs: what a command does, or what the user can do.

use super::list;
use crate::verdict::{Advice, Effect};

/// What the command does, and what would be lost.
pub fn effect(effect: &Effect) -> String {
    match effect {
        Effect::EditsCfg => "This edits pyvenv.cfg and nothing else; the packages stay.".to_owned(),
        Effect::RewritesCfg { kept } => format!(
            "This writes a new pyvenv.cfg with the lines that Python needs. The old file is kept as {}; the packages stay.",
            kept.shown()
        ),
        Effect::MovesAside { kept } => format!(
            "This moves the file to {}; nothing is deleted.",
            kept.shown()
        ),
        Effect::Relinks { python } => {
            format!(
                "This links the environment to {} again; the packages stay.",
                python.shown()
            )
        }
        Effect::MakesAnew { unseen, .. } if unseen.is_empty() => {
            "This makes the environment again in the same folder: it replaces the python files in bin, and the packages stay.".to_owned()
        }
        Effect::MakesAnew { unseen, packages } => format!(
            "This makes the environment again in the same folder, with another Python: it replaces the python files in bin. The \
            packages in {} ({packages}) are lost for the new version: they stay on the disk, but it does not see them. Install them again.",
            list(unseen)
        ),
        Effect::Unsets => "This changes a variable in this shell; no file changes.".to_owned(),
        Effect::MakesExecutable => "This lets every user execute the file.".to_owned(),
        Effect::MakesReadable => "This lets you read the file.".to_owned(),
        Effect::Reinstalls => "This installs the same Python again in the same folder; you may have to install its packages again."
                .to_owned(),
        Effect::RemovesLink => "This removes the dead link.".to_owned(),
        Effect::ChoosesVersion => {
            "This chooses an installed version, only for this shell.".to_owned()
        }
    }
}

/// What the user can do.
pub fn advice(advice: &Advice) -> String {
    match advice {
        Advice::InstallPython => "install Python, or add its folder to PATH".to_owned(),
        Advice::NameThePython => {
            "give the path of the interpreter itself: --python PATH".to_owned()
        }
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
            "no Python was found that can be the base of {}: install one, and make the environment again with it",
            folder.shown()
        ),
    }
}
