//! How can a Python that cannot start be repaired? By the smallest change. The report first says what would be lost.
//!
//! A bad file is renamed. If nothing smaller helps, the environment is made again in the same folder, and its interpreters are replaced. The
//! tool that made it makes it again, with a Python of the same minor version if there is one.

mod remedy; // what a repair can be
mod flavour; // which Pythons see an environment's packages
mod stores; // where tools keep many Pythons
mod base; // a Python that can be the base of an environment
mod cfg; // lines of pyvenv.cfg
mod steps; // small steps: unset a variable, rename a file
mod tool; // a tool that makes environments, if it could start
mod places; // may this user write where a repair writes?
mod made; // the command that makes an environment again
mod commands; // larger repairs: a new link, a new environment, another name

pub use self::base::{count_packages, venv_module};
pub use self::commands::{for_this_python, repair_python};
pub use self::flavour::{is_made_for, unseen};
pub use self::made::may_be_made;
pub use self::remedy::{Advice, Effect, Repair};
pub use self::steps::last_own;
pub use self::tool::find_tool;

use self::commands::{for_missing, or_anew, relink, relink_or_reinstall};
use self::places::{admit, ask, closed_to};
use self::steps::{absolute, aside, in_utf8, unset, without_entries, without_folder_of};
use crate::binary::{self, Program};
use crate::finding::{Cause, Misled, Opaque, Unloadable, Unusable};
use crate::pyvenv_cfg::{self, environment_of};
use crate::support::access;
use crate::support::files::{self, Odd};
use crate::support::shell::{Shell, quoted};
use crate::support::version::Flavour;
use crate::support::{PyPath, World};
use crate::verdict::named::{is_in_environment, placed};

/// What is known about the Python that needs a repair.
pub struct Patient<'a> {
    /// The file that would start; an absolute path.
    pub file: PyPath,
    pub flavour: Option<Flavour>,
    /// `sys.base_prefix`, if it is known.
    pub base_prefix: Option<PyPath>,
    pub world: &'a World,
}

impl<'a> Patient<'a> {
    /// A file, if nothing else is known.
    pub fn unknown(file: &PyPath, world: &'a World) -> Self {
        Self {
            file: placed(file, world),
            flavour: None,
            base_prefix: None,
            world,
        }
    }
}

/// The repair for a cause. If this user may not do it, its owner must.
pub fn of(cause: &Cause, patient: &Patient) -> Repair {
    let smallest = smallest(cause, patient);
    let closed = match &smallest {
        Repair::Run { effect, .. } => closed_to(effect, cause, patient),
        Repair::Advise(_) => None,
    };
    match closed.map_or(smallest, ask) {
        Repair::Run { command, effect } => {
            let command = Shell::at_hand(patient.world).spelled(command);
            command.map_or(Repair::Advise(Advice::OtherShell), |it| run(it, effect))
        }
        advice @ Repair::Advise(_) => advice,
    }
}

/// The smallest repair for a cause.
fn smallest(cause: &Cause, patient: &Patient) -> Repair {
    match cause {
        Cause::NotStartable { why, .. } => startable(why, patient),
        Cause::CfgNotUtf8 { path, .. } => or_anew(cfg::without_bad_bytes(path, patient), patient),
        Cause::CfgUnreadable {
            path,
            odd: Odd::Denied,
        }
        | Cause::LibraryClosed {
            path,
            variable: None,
        }
        | Cause::NotLoadable {
            why: Unloadable::ClosedLibrary(path),
            ..
        } => readable(path, patient),
        Cause::NotLoadable { file, why } => loadable(file, why, patient),
        Cause::CfgUnreadable { path, .. } => or_anew(cfg::rewritten(path, patient), patient),
        Cause::CfgUnencodable(path) => in_utf8(path, patient)
            .unwrap_or_else(|| or_anew(cfg::rewritten(path, patient), patient)),
        Cause::NoLibraryFolder { misled, stdlib } => match misled {
            Misled::Variable(name) => unset(name, patient),
            Misled::File(path) => aside(path, patient),
            Misled::Home { cfg, .. } => home(cfg, patient),
            Misled::ByNothing => relink_or_reinstall(stdlib, patient),
        },
        Cause::ModuleMissing(file) | Cause::ModuleEmpty(file) => relink_or_reinstall(file, patient),
        Cause::NoCurrentFolder(_) => Repair::Advise(Advice::ChangeFolder),
        Cause::ColonInPath(stdlib) => Repair::Advise(Advice::MoveAway(stdlib.dirname().dirname())),
        Cause::Shadowed { folders, .. } => without_entries(folders, patient),
        Cause::BadVariable { name, .. }
        | Cause::LibraryClosed {
            variable: Some(name),
            ..
        } => unset(name, patient),
        Cause::PthUndecodable { path, .. }
        | Cause::Opaque {
            file: path,
            why: Opaque::OtherLetters(_),
        } => in_utf8(path, patient).unwrap_or_else(|| aside(path, patient)),
        Cause::PthUnreadable { path, .. } => aside(path, patient),
        Cause::BuildMarkUnreadable { path, .. } => mark(path, patient),
        Cause::NoPython(missing) => for_missing(missing, patient),
        Cause::Opaque {
            why: Opaque::WithoutSite(cause),
            ..
        } => smallest(cause, patient),
        Cause::Opaque { file, why } => unknown(file, why, patient),
    }
}

/// What makes a Python known, if there is anything.
fn unknown(file: &PyPath, why: &Opaque, patient: &Patient) -> Repair {
    Repair::Advise(match why {
        Opaque::OtherModule(_, file) => {
            return without_entries(&[file.dirname_or_root()], patient);
        }
        Opaque::Unreadable => return readable(file, patient),
        Opaque::EmptySite(site) => Advice::Reinstall(site.dirname().dirname().dirname()),
        Opaque::NoCurrentFolder => Advice::ChangeFolder,
        Opaque::LargeCfg(_) | Opaque::OldVirtualenv(_) => Advice::MakeItNewer,
        Opaque::Failed(_) => Advice::AskAgain,
        Opaque::TooOld(_) | Opaque::MachO | Opaque::Windows | Opaque::BuildTree(_) => {
            Advice::AskAboutAnother
        }
        Opaque::Script
        | Opaque::ShimOf(_)
        | Opaque::WrapperOfNix
        | Opaque::NoPython
        | Opaque::Embeds
        | Opaque::OtherLetters(_)
        | Opaque::WithoutSite(_) => Advice::NameThePython,
    })
}

/// The repair for a program that exec or the loader refuses.
fn loadable(file: &PyPath, why: &Unloadable, patient: &Patient) -> Repair {
    let direct = match why {
        Unloadable::Lacks { library, .. } | Unloadable::BadLibrary(library) => {
            without_folder_of(library, file, patient)
        }
        Unloadable::CutOff => without_folder_of(file, file, patient),
        Unloadable::NoInterpreter(_)
        | Unloadable::NoCommand(_)
        | Unloadable::TooManyScripts
        | Unloadable::NoFormat
        | Unloadable::NoStart
        | Unloadable::Empty
            if environment_of(&patient.file).is_none() =>
        {
            Some(Repair::Advise(Advice::NameThePython))
        }
        _ => None,
    };
    direct.unwrap_or_else(|| relink_or_reinstall(file, patient))
}

/// The repair for a `home` that does not fit the Python: one of the two changes, so that the packages are still seen.
fn home(cfg: &PyPath, patient: &Patient) -> Repair {
    let fitting = cfg::with_home(cfg, patient).or_else(|| relink(patient));
    let smaller = fitting.or_else(|| cfg::with_other_home(cfg, patient));
    or_anew(smaller, patient)
}

/// The repair for a mark of a build tree that cannot be read. If its folder is none, `home` leads there.
fn mark(path: &PyPath, patient: &Patient) -> Repair {
    let folder = environment_of(&patient.file).filter(|_| !files::is_dir(&path.dirname()));
    match folder.map(|it| it.os_join(pyvenv_cfg::NAME)) {
        Some(cfg) => home(&cfg, patient),
        None => aside(path, patient),
    }
}

/// The repair for a file that this user cannot read.
fn readable(path: &PyPath, patient: &Patient) -> Repair {
    let mine = Some(path).filter(|it| access::is_mine(&absolute(it, patient)));
    // A folder needs x too.
    let repair = mine.and_then(|it| run_on(it, "chmod u+rX", Effect::MakesReadable, patient));
    repair.unwrap_or_else(|| ask(path.clone()))
}

fn run(command: String, effect: Effect) -> Repair {
    Repair::Run { command, effect }
}

/// This command on one file; `None` if a shell cannot spell the path.
fn run_on(file: &PyPath, command: &str, effect: Effect, patient: &Patient) -> Option<Repair> {
    let word = quoted(&absolute(file, patient))?;
    Some(run(format!("{command} {word}"), effect))
}

/// The repair for a file that cannot start.
fn startable(why: &Unusable, patient: &Patient) -> Repair {
    let in_environment = is_in_environment(&patient.file);
    let direct = match why {
        Unusable::NotExecutable(end) if !may_start(end, patient) => None,
        Unusable::NotExecutable(end) if access::is_mine(end) => {
            run_on(end, "chmod +x", Effect::MakesExecutable, patient)
        }
        Unusable::NotExecutable(end)
        | Unusable::Denied(end)
        | Unusable::Closed { folder: end, .. } => {
            let relink = || Some(patient).filter(|_| in_environment).and_then(relink);
            let opened = admit(end, patient).or_else(relink);
            opened.or_else(|| Some(ask(end.clone())))
        }
        Unusable::DeadLink { link, .. } if !in_environment => {
            run_on(link, "rm", Effect::RemovesLink, patient)
        }
        _ => None,
    };
    direct.unwrap_or_else(|| {
        if in_environment {
            or_anew(relink(patient), patient)
        } else {
            Repair::Advise(Advice::CheckSpelling)
        }
    })
}

/// Could it start if it was executable? A Python could, and a script.
fn may_start(file: &PyPath, patient: &Patient) -> bool {
    match binary::inspect(file, patient.world) {
        Program::Python(_) => true,
        Program::Script(text) => text.starts_with(b"#!"),
        Program::Refused(_) | Program::Other(_) => false,
    }
}
