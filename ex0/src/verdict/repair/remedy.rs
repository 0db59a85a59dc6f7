//! What can a repair be, and what does it do? Data only: the report has the sentences.

use crate::support::PyPath;
use crate::support::version::Flavour;

/// How to repair it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repair {
    /// A complete shell command, and what it does.
    Run { command: String, effect: Effect },
    /// What the user can do, if no command helps.
    Advise(Advice),
}

impl Repair {
    /// The command, if it has one and all packages are seen after it.
    pub fn harmless(self) -> Option<String> {
        match self {
            Self::Run {
                effect:
                    Effect::EditsCfg { unseen }
                    | Effect::Relinks { unseen, .. }
                    | Effect::MakesAnew { unseen, .. },
                ..
            } if !unseen.is_empty() => None,
            Self::Run { command, .. } => Some(command),
            Self::Advise(_) => None,
        }
    }
}

/// What a command does. The report says it before it shows the command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Removes or changes lines of pyvenv.cfg. Only the packages in these folders are no longer seen.
    EditsCfg {
        unseen: Vec<PyPath>,
    },
    /// Writes a new pyvenv.cfg with the lines that Python needs. The old file is kept in the same folder.
    RewritesCfg(PyPath),
    /// Renames the file. Nothing is deleted.
    MovesAside(PyPath),
    /// Links the environment to this Python again. Only the packages in these folders are not seen.
    ///
    /// What stands in the way is `kept` under these names.
    Relinks {
        python: PyPath,
        unseen: Vec<PyPath>,
        kept: Vec<PyPath>,
    },
    /// Makes the environment again in the same folder. These packages stay on the disk, but the new Python does not see them.
    ///
    /// What stands in the way is `kept` under these names.
    MakesAnew {
        unseen: Vec<PyPath>,
        packages: usize,
        kept: Vec<PyPath>,
    },
    /// Sets or unsets a variable of the shell.
    ChangesVariable,
    MakesExecutable,
    /// Gives the owner a right to a file or a folder.
    AdmitsOwner,
    MakesReadable,
    /// Deletes the dead link.
    RemovesLink,
}

/// What the user can do, if no command helps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Advice {
    InstallPython,
    /// What was asked about only starts a Python: a wrapper, a shim.
    NameThePython,
    /// It may work, but its rules are not known.
    AskAboutAnother,
    /// It may work, but only an environment of today can be read.
    MakeItNewer,
    AskOwner(PyPath),
    /// It is on a file system that is mounted read-only.
    ReadOnly(PyPath),
    /// See why the system fails.
    AskAgain,
    Reinstall(PyPath),
    /// Install it in a folder whose path has no colon.
    MoveAway(PyPath),
    /// Most tools make no environment in this folder: its path has a colon or is not UTF-8.
    MakeElsewhere(PyPath),
    /// Go to a folder that exists.
    ChangeFolder,
    CheckSpelling,
    /// There is a command, but the shell at hand cannot read it.
    OtherShell,
    InstallVersion,
    /// Use this name, which is on PATH.
    AskFor(PyPath),
    /// Install such a Python and make the environment again: none was found for it.
    MakeAnew {
        folder: PyPath,
        of: Flavour,
    },
}
