//! The sentences about repairs: what a command does, or what the user can do.

use std::fmt::{self, Display, Formatter};

use super::{counted, list};
use crate::support::PyPath;
use crate::support::version::{Flavour, Implementation};
use crate::verdict::{Advice, Effect, NoPlace};

/// What the command does, and what would be lost.
impl Display for Effect {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(&match self {
            Self::EditsCfg { unseen } if unseen.is_empty() => {
                "This edits pyvenv.cfg and nothing else; the packages stay.".into()
            }
            Self::EditsCfg { unseen } => format!(
                "This edits pyvenv.cfg and nothing else. The packages in {} stay on the disk, but the Python in bin is of another version \
                and does not see them.",
                list(unseen)
            ),
            Self::RewritesCfg(kept) => {
                format!("This writes a new pyvenv.cfg with the lines that Python needs. The old file is kept as {kept}; the packages stay.")
            }
            Self::MovesAside(kept) => {
                format!("This moves the file to {kept}; nothing is deleted.")
            }
            Self::Relinks { python, unseen, kept } if unseen.is_empty() => {
                format!("This links the environment to {python}; the packages stay.{}", in_the_way(kept))
            }
            Self::Relinks { python, unseen, kept } => format!(
                "This links the environment to {python}. The packages in {} stay on the disk, but this Python does not see them.{}",
                list(unseen), in_the_way(kept)
            ),
            Self::MakesAnew { unseen, kept, .. } if unseen.is_empty() => {
                format!(
                    "This makes the environment again in the same folder: it replaces the python files in bin, and the packages stay.{}",
                    in_the_way(kept)
                )
            }
            Self::MakesAnew { unseen, packages, kept } => format!(
                "This makes the environment again in the same folder, with another Python: it replaces the python files in bin. The \
                packages in {}{} are lost for the new version: they stay on the disk, but it does not see them. Install them \
                again.{}",
                list(unseen), counted(*packages), in_the_way(kept)
            ),
            Self::ChangesVariable => "This changes a variable in this shell; no file changes.".into(),
            Self::MakesExecutable => "This lets every user execute the file.".into(),
            Self::AdmitsOwner => {
                "This changes the permissions of what is yours, and no others: it lets you in.".into()
            }
            Self::MakesReadable => "This lets you read the file.".into(),
            Self::RemovesLink => "This removes the dead link.".into(),
        })
    }
}

/// Why no environment can be made here.
impl Display for NoPlace {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(&match self {
            Self::Gone => "the current folder no longer exists".into(),
            Self::Unfit(folder) => format!("the path {folder} has a colon or is not UTF-8"),
            Self::Replaced(folder) => format!(
                "this Python does not quote the path {folder} in the scripts of an environment, and this shell would change it"
            ),
            Self::Closed(folder) => format!("you may not write into {folder}"),
            Self::Taken(path) => format!("{path} is there already"),
        })
    }
}

/// Which Pythons can be the base of an environment.
fn kind(of: Flavour) -> &'static str {
    match of.implementation {
        Implementation::Pypy => "PyPy",
        Implementation::Cpython if of.free_threaded => "free-threaded Python",
        Implementation::Cpython => "Python",
    }
}

/// What was moved away.
fn in_the_way(kept: &[PyPath]) -> String {
    if kept.is_empty() {
        String::new()
    } else {
        format!(" What stands in the way is kept as {}.", list(kept))
    }
}

/// What the user can do.
impl Display for Advice {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(&match self {
            Self::InstallPython => "install Python, or add its folder to PATH".into(),
            Self::NameThePython => "give the path of the interpreter itself: --python PATH".into(),
            Self::AskAboutAnother => {
                "nothing, if it works for you; `--python NAME` or `--python PATH` asks about another Python".into()
            }
            Self::MakeItNewer => {
                "nothing, if it works for you; `python3 -m venv` makes an environment that construct can read".into()
            }
            Self::AskOwner(path) => {
                format!("ask the owner of {path} for access, or use another Python")
            }
            Self::ReadOnly(path) => {
                format!("use another Python, or mount the file system of {path} for writing first: it is mounted read-only")
            }
            Self::AskAgain => {
                "ask again when the system can read it: nothing shows that the file itself is wrong".into()
            }
            Self::Reinstall(prefix) => {
                format!("install the Python in {prefix} again, as it was installed before")
            }
            Self::MoveAway(folder) => {
                format!("install this Python in a folder without a colon in its path, not in {folder}")
            }
            Self::MakeElsewhere(folder) if folder.bytes().contains(&b':') => format!(
                "make a new environment in another folder: {folder} has a colon, so its bin cannot be on PATH. `python -m venv` refuses it \
                since 3.11, and virtualenv too; uv does not"
            ),
            Self::MakeElsewhere(folder) => format!(
                "make a new environment in another folder: the path {folder} is not UTF-8. `python -m venv` refuses it since 3.11, and so do \
                virtualenv and uv"
            ),
            Self::ChangeFolder => "go to a folder that exists, for example with `cd`".into(),
            Self::CheckSpelling => {
                "check the spelling, or name a file, a name on PATH or an environment's folder".into()
            }
            Self::OtherShell => {
                "start `sh` and ask again there: there is a command, but this shell would not read it as it is meant".into()
            }
            Self::InstallVersion => {
                "install a version with pyenv, and choose it with pyenv global".into()
            }
            Self::AskFor(name) => format!("ask for it by its name: --python {name}"),
            Self::MakeAnew { folder, of } => {
                let python = kind(*of);
                format!("no {python} was found that can be the base of {folder}: install one, and make the environment again with it")
            }
        })
    }
}
