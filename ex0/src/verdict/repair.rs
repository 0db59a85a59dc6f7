//! What would mend a Python that cannot start? The smallest thing that does, and no command that loses anything unsaid.
//!
//! Nothing is deleted but a dead link or a broken copy of the interpreter: a file that is in the way is moved aside, and an environment is
//! made anew over itself, by the tool that made it and with a Python of the same minor version where there is one.

mod base; // a Python that an environment could stand on
mod cfg; // lines of pyvenv.cfg
mod steps; // a variable, a file moved aside
mod commands; // what is typed
mod anew; // an environment over itself

pub use self::anew::{for_folder, for_this_python};
pub use self::base::{count_packages, venv_module};

use self::anew::or_anew;

use self::commands::{reinstall, relink};
use self::steps::{absolute, aside, last_own, unset, without_entry};
use crate::finding::{Cause, Misled, Missing, Odd, Unloadable, Unusable};
use crate::pyvenv_cfg::{self};
use crate::support::access;
use crate::support::files;
use crate::support::shell::quoted;
use crate::support::version::Minor;
use crate::support::{PyPath, World};

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repair {
    /// A command that a shell runs as it stands, and what it does.
    Run { command: String, effect: Effect },
    /// What a person can do, where no command would.
    Advise(Advice),
}

/// What a command does, to be said before it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Lines of pyvenv.cfg go, or get another text; the packages stay.
    EditsCfg,
    /// pyvenv.cfg is written anew with what its readers need; the old one is kept beside it.
    RewritesCfg {
        kept: PyPath,
    },
    /// Nothing is deleted.
    MovesAside {
        kept: PyPath,
    },
    /// The environment gets another link to this Python; the packages stay.
    Relinks {
        python: PyPath,
    },
    /// The environment is made anew over itself: these packages stay on the disk, and its new Python does not see them.
    MakesAnew {
        unseen: Vec<PyPath>,
        packages: usize,
    },
    Unsets,
    MakesExecutable,
    MakesReadable,
    Reinstalls,
    /// The dead link goes.
    RemovesLink,
    ChoosesVersion,
}

/// What a person can do where no command would.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Advice {
    InstallPython,
    NameThePython,
    AskOwner {
        path: PyPath,
    },
    Reinstall {
        prefix: PyPath,
    },
    /// To a folder without a colon in its path.
    MoveAway {
        folder: PyPath,
    },
    CheckSpelling,
    InstallVersion,
    NameAnEnvironment,
    /// By this name, which is on PATH.
    AskFor {
        name: PyPath,
    },
    /// Make it anew with a Python that can: none was found.
    MakeAnew {
        folder: PyPath,
    },
}

/// What is known of the Python that is to be mended.
pub struct Patient<'a> {
    /// The file that would be started.
    pub file: PyPath,
    pub minor: Option<Minor>,
    /// `sys.base_prefix`, as far as it was worked out.
    pub base_prefix: Option<PyPath>,
    pub world: &'a World,
}

impl<'a> Patient<'a> {
    /// A file that nothing else is known of.
    pub fn unknown(file: &PyPath, world: &'a World) -> Self {
        Self {
            file: file.clone(),
            minor: None,
            base_prefix: None,
            world,
        }
    }
}

/// The remedy for a cause.
pub fn of(cause: &Cause, patient: &Patient) -> Repair {
    match cause {
        Cause::NotStartable { file, why } => startable(file, why, patient),
        Cause::NotLoadable { file, why } => loadable(file, why, patient),
        Cause::CfgNotUtf8 { path, .. } => or_anew(cfg::without_bad_bytes(path, patient), patient),
        Cause::CfgUnreadable {
            path,
            odd: Odd::Denied,
        } => readable(path, patient),
        Cause::CfgUnreadable { path, .. } => or_anew(cfg::rewritten(path, patient), patient),
        Cause::NoLibraryFolder { misled, stdlib } => match misled {
            Misled::Variable(name) => unset(name),
            Misled::File(path) => aside(path, patient),
            Misled::Home { cfg, .. } => or_anew(cfg::with_home(cfg, patient), patient),
            Misled::ByNothing => relink_or_reinstall(stdlib, patient),
        },
        Cause::ModuleMissing { file } | Cause::TooManyLinks { file } => {
            relink_or_reinstall(file, patient)
        }
        Cause::ColonInPath { stdlib } => Repair::Advise(Advice::MoveAway {
            folder: stdlib.dirname().dirname(),
        }),
        Cause::Shadowed { file, .. } => without_entry(&file.dirname(), patient),
        Cause::BuildMarkUnreadable { path, .. } => aside(path, patient),
        Cause::NoPython(missing) => found(missing, patient),
        Cause::Opaque { .. } => Repair::Advise(Advice::NameThePython),
    }
}

/// What brings a Python to speak of.
fn found(missing: &Missing, patient: &Patient) -> Repair {
    let advice = match missing {
        Missing::NothingOnPath(_) => Advice::InstallPython,
        Missing::NotOnPath(name) if is_a_pythons(name) => Advice::InstallPython,
        Missing::NotOnPath(_) | Missing::NoSuchFile(_) | Missing::IsVersion { name: None, .. } => {
            Advice::CheckSpelling
        }
        Missing::IsVersion {
            name: Some(name), ..
        } => Advice::AskFor { name: name.clone() },
        Missing::FolderWithoutPython(folder) if is_environment(folder) => {
            let link = absolute(folder, patient).os_join("bin/python3");
            return or_anew(relink(&link, patient), patient);
        }
        Missing::FolderWithoutPython(_) => Advice::NameAnEnvironment,
        Missing::ShimWithoutVersion { installed, .. } => {
            if let Some(word) = installed.as_ref().and_then(quoted) {
                let command = format!("export PYENV_VERSION={word}");
                return run(command, Effect::ChoosesVersion);
            }
            Advice::InstallVersion
        }
    };
    Repair::Advise(advice)
}

/// Is it a name that a Python would have?
fn is_a_pythons(name: &PyPath) -> bool {
    [b"python".as_slice(), b"pypy"]
        .iter()
        .any(|it| name.bytes().starts_with(it))
}

/// What a program needs that exec or the loader refuses.
fn loadable(file: &PyPath, why: &Unloadable, patient: &Patient) -> Repair {
    let listed = patient.world.set("LD_LIBRARY_PATH");
    let listed = listed.map(PyPath::bytes).unwrap_or_default();
    let from_there = |library: &PyPath| {
        let mut folders = listed.split(|byte| b":;".contains(byte));
        folders.any(|it| !it.is_empty() && it == library.dirname().bytes())
    };
    match why {
        Unloadable::OldLibrary { library, .. } | Unloadable::BadLibrary(library)
            if from_there(library) =>
        {
            unset("LD_LIBRARY_PATH")
        }
        _ => relink_or_reinstall(file, patient),
    }
}

/// What lets this user read a file.
fn readable(path: &PyPath, patient: &Patient) -> Repair {
    let word = Some(absolute(path, patient)).filter(access::is_mine);
    match word.as_ref().and_then(quoted) {
        Some(word) => run(format!("chmod u+r {word}"), Effect::MakesReadable),
        None => Repair::Advise(Advice::AskOwner { path: path.clone() }),
    }
}

fn run(command: String, effect: Effect) -> Repair {
    Repair::Run { command, effect }
}

/// What an environment needs whose file cannot be started.
fn startable(file: &PyPath, why: &Unusable, patient: &Patient) -> Repair {
    match why {
        Unusable::NotExecutable { file } if access::is_mine(file) => {
            match quoted(&absolute(file, patient)) {
                Some(word) => run(format!("chmod +x {word}"), Effect::MakesExecutable),
                None => Repair::Advise(Advice::CheckSpelling),
            }
        }
        Unusable::NotExecutable { file: end } | Unusable::Denied { file: end } => {
            let otherwise = || Repair::Advise(Advice::AskOwner { path: end.clone() });
            let mended = environment_of(file).and_then(|_| relink(&last_own(file), patient));
            mended.unwrap_or_else(otherwise)
        }
        _ if environment_of(file).is_some() => or_anew(relink(&last_own(file), patient), patient),
        Unusable::DeadLink { link, .. } => match quoted(&absolute(link, patient)) {
            Some(word) => run(format!("rm {word}"), Effect::RemovesLink),
            None => Repair::Advise(Advice::CheckSpelling),
        },
        _ => Repair::Advise(Advice::CheckSpelling),
    }
}

/// An environment gets another link; a global Python has to be installed again by whoever installed it.
fn relink_or_reinstall(file: &PyPath, patient: &Patient) -> Repair {
    if environment_of(&patient.file).is_some() {
        return or_anew(relink(&last_own(&patient.file), patient), patient);
    }
    let prefix = patient.base_prefix.clone().filter(|it| !it.is_empty());
    let prefix = prefix.unwrap_or_else(|| {
        files::canonical(file)
            .unwrap_or_else(|| file.clone())
            .dirname()
            .dirname()
    });
    reinstall(&prefix, patient)
}

/// Is it the folder of an environment? The mark may be spoiled, but not missing.
pub fn is_environment(folder: &PyPath) -> bool {
    let mark = folder.os_join(pyvenv_cfg::NAME);
    !folder.is_empty() && (files::exists(&mark) || files::link(&mark).is_some())
}

/// The environment that a file lies in.
pub fn environment_of(file: &PyPath) -> Option<PyPath> {
    Some(file.dirname().dirname()).filter(is_environment)
}
