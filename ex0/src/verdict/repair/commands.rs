//! Which larger repairs are there? Each command is complete and works in any folder.
//!
//! An environment is linked to a Python again. If that does not help, it is made again in the same folder. If no Python was found, there
//! may be one with another name.

use std::slice;

use rustix::fs::FileType;

use super::base;
use super::flavour::{flavour_of, unseen};
use super::made::{made_anew, may_be_made};
use super::places::{ask, closed_to_maker};
use super::steps::moved;
use super::steps::{absolute, last_own, set_list, spare};
use super::{Advice, Effect, Patient, Repair, cfg, run};
use crate::binary::{self, Program};
use crate::finding::{Cause, Missing, Opaque};
use crate::lookup::first_on_path;
use crate::pyvenv_cfg::{self, Cfg, environment_of, is_environment};
use crate::support::access;
use crate::support::files;
use crate::support::shell::{Shell, quoted};
use crate::support::version::Flavour;
use crate::support::{PyPath, World};
use crate::verdict::maker;
use crate::verdict::named::{is_in_environment, names_python, pythons, with_copies};

/// The repair for an environment's python that does not start.
pub fn repair_python(cause: &Cause, world: &World) -> Repair {
    let file = cause.subject().cloned().unwrap_or_default();
    super::of(cause, &Patient::unknown(&file, world))
}

/// The repair if no Python was found.
pub fn for_missing(missing: &Missing, patient: &Patient) -> Repair {
    let advice = match missing {
        Missing::NothingOnPath(_) => Advice::InstallPython,
        Missing::NotOnPath(name) if names_python(name.bytes()) => {
            other_name(name, patient.world).map_or(Advice::InstallPython, Advice::AskFor)
        }
        Missing::IsVersion {
            name: Some(name), ..
        } => Advice::AskFor(name.clone()),
        Missing::FolderWithoutPython(folder) if is_environment(folder) => {
            let missing = Patient::unknown(&folder.os_join("bin/python3"), patient.world);
            return or_anew(relink(&missing), &missing);
        }
        Missing::NotOnPath(_)
        | Missing::NoSuchFile(_)
        | Missing::IsVersion { name: None, .. }
        | Missing::FolderWithoutPython(_) => Advice::CheckSpelling,
        Missing::OtherProgram { .. } => Advice::NameThePython,
        Missing::ShimWithoutVersion { installed, .. } => match installed {
            Some(version) => return set_list("PYENV_VERSION", slice::from_ref(version), patient),
            None => Advice::InstallVersion,
        },
    };
    Repair::Advise(advice)
}

/// The other name of the same Python, if that one is on PATH: `python3` for `python`.
fn other_name(name: &PyPath, world: &World) -> Option<PyPath> {
    let other = match name.bytes() {
        b"python" => "python3",
        b"python3" => "python",
        b"pypy" => "pypy3",
        b"pypy3" => "pypy",
        _ => return None,
    };
    first_on_path(other, world).map(|it| it.basename())
}

/// The smaller repair; if there is none, the environment is made again.
pub fn or_anew(smaller: Option<Repair>, patient: &Patient) -> Repair {
    smaller.unwrap_or_else(|| {
        let folder = environment_of(&patient.file).unwrap_or_else(|| patient.file.dirname());
        anew(absolute(&folder, patient), patient.world)
    })
}

/// Links an environment again. A global Python must be installed again by the tool that installed it.
pub fn relink_or_reinstall(file: &PyPath, patient: &Patient) -> Repair {
    if is_in_environment(&patient.file) {
        return or_anew(relink(patient), patient);
    }
    let prefix = patient.base_prefix.clone().filter(|it| !it.is_empty());
    let prefix = prefix.unwrap_or_else(|| files::real(file).dirname().dirname());
    Repair::Advise(Advice::Reinstall(prefix))
}

/// Makes the environment in a folder again, with the tool that made it. Only the interpreters in `bin` are replaced: links, or copies.
fn anew(folder: PyPath, world: &World) -> Repair {
    if !may_be_made(&folder) {
        return Repair::Advise(Advice::MakeElsewhere(folder));
    }
    let cfg = maker::cfg_of(&folder);
    let of = flavour_of(&folder, &cfg).unwrap_or(Flavour::USUAL);
    let found = base::find(&folder, of.of_any_version(), &cfg, world);
    let made = found.and_then(|it| Some((made_anew(&folder, &cfg, &it, world)?, it.flavour)));
    let Some((command, flavour)) = made else {
        return Repair::Advise(Advice::MakeAnew { folder, of });
    };
    if let Some(closed) = closed_to_maker(&folder, flavour) {
        return ask(closed);
    }
    let unseen = unseen(&folder, flavour);
    let effect = Effect::MakesAnew {
        packages: unseen.iter().map(base::count_packages).sum(),
        unseen,
        kept: blocking(&folder, world).iter().map(spare).collect(),
    };
    run(command, effect)
}

/// The command that makes an environment again with the Python that its link leads to.
pub fn for_this_python(
    folder: &PyPath,
    cfg: &Cfg,
    python: &PyPath,
    world: &World,
) -> Option<String> {
    let base = base::candidate(python, |_| true, &files::real(folder), world)?;
    let is_open = may_be_made(folder) && closed_to_maker(folder, base.flavour).is_none();
    let command = made_anew(folder, cfg, &base, world).filter(|_| is_open)?;
    Shell::at_hand(world).spelled(command)
}

/// Replaces an environment's link to Python, or its copies of one, and changes `home` to fit.
pub fn relink(patient: &Patient) -> Option<Repair> {
    let link = absolute(&last_own(&patient.file), patient);
    let bin = link.dirname();
    let folder = bin.dirname();
    let cfg = maker::cfg_of(&folder);
    let flavour = flavour_of(&folder, &cfg).or(patient.flavour)?;
    let python = base::find(&folder, flavour, &cfg, patient.world)?.python;
    let links = with_copies(link);
    let mut obstacles: Vec<PyPath> = Some(bin.clone()).filter(is_no_folder).into_iter().collect();
    let is_no_link = |it: &&PyPath| access::file_type(it).is_ok_and(|it| it != FileType::Symlink);
    obstacles.extend(links.iter().filter(is_no_link).cloned());
    let mut steps = moved(&obstacles)?;
    if !files::is_dir(&bin) {
        steps.push(format!("mkdir -p {}", quoted(&bin)?));
    }
    for link in links {
        // Without -n, `ln` would make the link in the folder that the old link leads to.
        let flags = if files::is_dir(&link) { "-sfn" } else { "-sf" };
        let (python, link) = (quoted(&python)?, quoted(&link)?);
        steps.push(format!("ln {flags} {python} {link}"));
    }
    steps.extend(cfg::home_edit(&cfg, &python.dirname()));
    let kept = obstacles.iter().map(spare).collect();
    let effect = Effect::Relinks {
        python,
        unseen: unseen(&folder, flavour),
        kept,
    };
    Some(run(steps.join(" && "), effect))
}

/// Is something else where a folder should be?
fn is_no_folder(path: &PyPath) -> bool {
    access::file_type(path).is_ok() && !files::is_dir(path)
}

/// What stands in the way of an environment's maker: a pyvenv.cfg that is no file, a `bin` that is no folder, or a python that is a folder or
/// somebody's file.
pub fn blocking(folder: &PyPath, world: &World) -> Vec<PyPath> {
    let is_no_file = |it: &PyPath| access::file_type(it).is_ok() && !files::is_file(it);
    let is_no_python = |it: &PyPath| match access::file_type(it) {
        Ok(FileType::Directory) => true,
        Ok(FileType::RegularFile) => matches!(
            binary::inspect(it, world),
            Program::Script(_) | Program::Other(Opaque::NoPython | Opaque::Embeds)
        ),
        _ => false,
    };
    let mark = Some(folder.os_join(pyvenv_cfg::NAME)).filter(is_no_file);
    let bin = Some(folder.os_join("bin")).filter(is_no_folder);
    let pythons = pythons(folder).into_iter().filter(is_no_python);
    mark.into_iter().chain(bin).chain(pythons).collect()
}
