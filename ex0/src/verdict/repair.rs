//! What would mend a Python that cannot start? The smallest thing that does, and no command that loses anything unsaid.
//!
//! Nothing is deleted but a dead link or a broken copy of the interpreter: a file that is in the way is moved aside, and an environment is
//! made anew over itself, by the tool that made it and with a Python of the same minor version where there is one.

mod base; // a Python that an environment could stand on
mod cfg; // lines of pyvenv.cfg

pub use self::base::{count_packages, venv_module};

use self::base::Candidate;
use super::answer::VenvModule;
use super::environment::Kind;
use super::{installer, maker};
use crate::finding::{Cause, Misled, Odd, Unusable};
use crate::getpath::python_path;
use crate::pyvenv_cfg::{self, Cfg};
use crate::support::files;
use crate::support::shell::quoted;
use crate::support::version::Minor;
use crate::support::{PyPath, World};

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repair {
    /// A command that a shell runs as it stands, and what it does.
    Run { command: String, effect: Effect },
    /// No command would do; what a person can do.
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
    /// Somebody else's file: its owner can give access.
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

/// The remedy for a cause.
pub fn of(cause: &Cause, patient: &Patient) -> Repair {
    let advise = Repair::Advise;
    match cause {
        Cause::NotStartable { file, why } => startable(file, why, patient),
        Cause::OtherMachine { file }
        | Cause::NoLoader { file, .. }
        | Cause::NoLibrary { file, .. }
        | Cause::BadLibrary { file, .. }
        | Cause::CutOff { file }
        | Cause::TooManyLinks { file }
        | Cause::ModuleMissing { file } => relink_or_reinstall(file, patient),
        Cause::OldLibrary { file, library, .. } => {
            let listed = patient
                .world
                .set("LD_LIBRARY_PATH")
                .map(PyPath::bytes)
                .unwrap_or_default();
            let mut folders = listed.split(|byte| b":;".contains(byte));
            if folders.any(|it| !it.is_empty() && it == library.dirname().bytes()) {
                return unset("LD_LIBRARY_PATH");
            }
            relink_or_reinstall(file, patient)
        }
        Cause::CfgNotUtf8 { path, .. } => or_anew(cfg::without_bad_bytes(path, patient), patient),
        Cause::CfgUnreadable {
            path,
            odd: Odd::Denied,
        } => {
            let run = || {
                Some(run(
                    format!("chmod u+r {}", quoted(&absolute(path, patient))?),
                    Effect::MakesReadable,
                ))
            };
            let mine = Some(path)
                .filter(|it| files::is_mine(it))
                .and_then(|_| run());
            mine.unwrap_or_else(|| advise(Advice::AskOwner { path: path.clone() }))
        }
        Cause::CfgUnreadable { path, .. } => or_anew(cfg::rewritten(path, patient), patient),
        Cause::NoLibraryFolder { misled, stdlib } => match misled {
            Misled::Variable(name) => unset(name),
            Misled::File(path) => aside(path, patient),
            Misled::Home { cfg, .. } => or_anew(cfg::with_home(cfg, patient), patient),
            Misled::ByNothing => relink_or_reinstall(stdlib, patient),
        },
        Cause::ColonInPath { stdlib } => advise(Advice::MoveAway {
            folder: stdlib.dirname().dirname(),
        }),
        Cause::Shadowed { file, .. } => without_entry(&file.dirname(), patient),
        Cause::BuildMarkUnreadable { path, .. } => aside(path, patient),
        Cause::NothingOnPath { .. } | Cause::NotOnPath { .. } => advise(Advice::InstallPython),
        Cause::NoSuchFile { .. } | Cause::IsVersion { file: None, .. } => {
            advise(Advice::CheckSpelling)
        }
        Cause::IsVersion {
            file: Some(name), ..
        } => advise(Advice::AskFor { name: name.clone() }),
        Cause::FolderWithoutPython { folder } if is_environment(folder) => {
            let link = absolute(folder, patient).os_join("bin/python3");
            or_anew(relink(&link, patient), patient)
        }
        Cause::FolderWithoutPython { .. } => advise(Advice::NameAnEnvironment),
        Cause::ShimWithoutVersion {
            installed: Some(version),
            ..
        } => match quoted(version) {
            Some(word) => run(
                format!("export PYENV_VERSION={word}"),
                Effect::ChoosesVersion,
            ),
            None => advise(Advice::InstallVersion),
        },
        Cause::ShimWithoutVersion { .. } => advise(Advice::InstallVersion),
        Cause::Opaque { .. } => advise(Advice::NameThePython),
    }
}

fn run(command: String, effect: Effect) -> Repair {
    Repair::Run { command, effect }
}

fn unset(name: &str) -> Repair {
    run(format!("unset {name}"), Effect::Unsets)
}

/// A command may be typed in another folder.
fn absolute(path: &PyPath, patient: &Patient) -> PyPath {
    if path.is_absolute() {
        path.clone()
    } else {
        patient.world.cwd.os_join(path)
    }
}

/// What an environment needs whose file cannot be started.
fn startable(file: &PyPath, why: &Unusable, patient: &Patient) -> Repair {
    match why {
        Unusable::NotExecutable { file } if files::is_mine(file) => {
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

fn reinstall(prefix: &PyPath, patient: &Patient) -> Repair {
    let (kind, _) = installer::of(prefix, patient.world);
    let command = match kind {
        Kind::Pyenv => quoted(&prefix.basename()).map(|it| format!("pyenv install --force {it}")),
        Kind::Conda => {
            quoted(prefix).map(|it| format!("conda install --force-reinstall -p {it} python"))
        }
        Kind::System => debian_reinstall(patient).filter(|_| prefix.bytes() == b"/usr"),
        _ => None,
    };
    command.map_or_else(
        || {
            Repair::Advise(Advice::Reinstall {
                prefix: prefix.clone(),
            })
        },
        |command| run(command, Effect::Reinstalls),
    )
}

/// Debian's own Python, by the records of dpkg.
fn debian_reinstall(patient: &Patient) -> Option<String> {
    let name = format!("python{}-minimal", patient.minor?);
    let record = PyPath::from(format!("/var/lib/dpkg/info/{name}.list").as_str());
    files::is_file(&record).then(|| {
        let sudo = if files::is_root() { "" } else { "sudo " };
        format!(
            "{sudo}apt-get install --reinstall {name} lib{name} libpython{}-stdlib",
            name[6..].trim_end_matches("-minimal")
        )
    })
}

/// A file that is in the way, beside itself under another name.
fn aside(path: &PyPath, patient: &Patient) -> Repair {
    let path = absolute(path, patient);
    let kept = path.with_suffix(".off");
    match quoted(&path).zip(quoted(&kept)) {
        Some((from, to)) => run(format!("mv {from} {to}"), Effect::MovesAside { kept }),
        None => Repair::Advise(Advice::CheckSpelling),
    }
}

/// PYTHONPATH without the folder of a module.
fn without_entry(folder: &PyPath, patient: &Patient) -> Repair {
    let folders = python_path(patient.world);
    let others: Vec<PyPath> = folders.into_iter().filter(|it| it != folder).collect();
    let joined = others
        .iter()
        .map(PyPath::bytes)
        .collect::<Vec<_>>()
        .join(&b':');
    match quoted(&PyPath::new(joined)) {
        Some(word) if !others.is_empty() => {
            run(format!("export PYTHONPATH={word}"), Effect::Unsets)
        }
        _ => unset("PYTHONPATH"),
    }
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

/// The last file on the way of the links that lies beside the first.
fn last_own(file: &PyPath) -> PyPath {
    let mut last = file.clone();
    for _ in 0..10 {
        match files::link(&last).filter(|it| !it.bytes().contains(&b'/')) {
            Some(next) if next != *file && next != last.basename() => {
                last = last.dirname().os_join(&next);
            }
            _ => break,
        }
    }
    last
}

/// Another link in the place of a dead one, and `home` to go with it.
fn relink(link: &PyPath, patient: &Patient) -> Option<Repair> {
    let link = absolute(link, patient);
    let folder = link.dirname().dirname();
    let cfg = maker::cfg_of(&folder);
    let minor = base::minor_of(&folder, &cfg).or(patient.minor)?;
    let Candidate { python, .. } = base::find(&folder, Some(minor), &cfg, patient.world)?;
    let mut command = format!("ln -sf {} {}", quoted(&python)?, quoted(&link)?);
    if !files::is_dir(&link.dirname()) {
        command = format!("mkdir -p {} && {command}", quoted(&link.dirname())?);
    }
    if let Some(edit) = cfg::home_edit(&cfg, &python.dirname()) {
        command = format!("{command} && {edit}");
    }
    Some(run(command, Effect::Relinks { python }))
}

/// The remedy for an environment whose python is gone.
pub fn for_folder(folder: &PyPath, world: &World) -> Option<Repair> {
    let file = folder.without_trailing_slashes().os_join("bin/python3");
    let patient = Patient {
        file: file.clone(),
        minor: None,
        base_prefix: None,
        world,
    };
    relink(&last_own(&file), &patient).or_else(|| anew(&absolute(folder, &patient), world))
}

/// The smaller remedy, else the environment made anew.
fn or_anew(smaller: Option<Repair>, patient: &Patient) -> Repair {
    smaller.unwrap_or_else(|| {
        let folder = environment_of(&patient.file)
            .or_else(|| Some(patient.file.clone()).filter(is_environment));
        let folder = absolute(&folder.unwrap_or_else(|| patient.file.dirname()), patient);
        anew(&folder, patient.world).unwrap_or(Repair::Advise(Advice::MakeAnew { folder }))
    })
}

/// The environment in a folder made anew over itself, by its own maker: nothing in it is deleted but links to Pythons.
pub fn anew(folder: &PyPath, world: &World) -> Option<Repair> {
    let cfg = maker::cfg_of(folder);
    let Candidate {
        python,
        minor,
        venv,
    } = base::find(folder, None, &cfg, world)?;
    let command = made_anew(folder, &cfg, &python, venv, world)?;
    let unseen = base::libraries(folder)
        .into_iter()
        .filter(|(it, _)| *it != minor);
    let unseen: Vec<PyPath> = unseen.map(|(_, it)| it).collect();
    let packages = unseen.iter().map(base::count_packages).sum();
    Some(run(command, Effect::MakesAnew { unseen, packages }))
}

/// What its maker types to make it over itself with this Python.
pub fn made_anew(
    folder: &PyPath,
    cfg: &Cfg,
    python: &PyPath,
    venv: VenvModule,
    world: &World,
) -> Option<String> {
    let (target, python) = (quoted(folder)?, quoted(python)?);
    let has = |tool| crate::lookup::has_command(tool, world);
    let make = if cfg.record.uv.is_some() && has("uv") {
        format!("uv venv --allow-existing --python {python} {target}")
    } else if cfg.record.virtualenv.is_some() && has("virtualenv") {
        format!("virtualenv -p {python} {target}")
    } else {
        match venv {
            VenvModule::Complete => format!("{python} -m venv {target}"),
            VenvModule::WithoutPip => format!("{python} -m venv --without-pip {target}"),
            VenvModule::Missing => return None,
        }
    };
    let mark = folder.os_join(pyvenv_cfg::NAME);
    let blocks = !files::is_file(&mark) && (files::exists(&mark) || files::link(&mark).is_some());
    let aside = if blocks {
        format!(
            "mv {} {} && ",
            quoted(&mark)?,
            quoted(&mark.with_suffix(".off"))?
        )
    } else {
        String::new()
    };
    // The makers leave a link alone that is there already, even a dead one.
    let bin = folder.os_join("bin");
    let pythons = files::names(&bin, 1000)
        .into_iter()
        .filter(|it| it.bytes().starts_with(b"python"));
    let links = pythons
        .map(|it| bin.os_join(it))
        .filter(|it| files::link(it).is_some() || files::is_file(it));
    let links: Option<Vec<String>> = links.map(|it| quoted(&it)).collect();
    let links = links
        .filter(|it| !it.is_empty())
        .map(|it| format!("rm {} && ", it.join(" ")));
    Some(format!("{aside}{}{make}", links.unwrap_or_default()))
}

/// What makes an environment anew with the Python that its link leads to.
pub fn for_this_python(
    folder: &PyPath,
    cfg: &Cfg,
    python: &PyPath,
    world: &World,
) -> Option<String> {
    let found = base::at(python, folder, world)?;
    made_anew(folder, cfg, &found.python, found.venv, world)
}
