//! How is an environment made again in the same folder?

use super::base::{self, Candidate};
use super::commands::{blocking, made_anew, reinstall, relink};
use super::flavour::{Flavour, flavour_of, libraries};
use super::steps::{absolute, spare};
use super::{Advice, Effect, Patient, Repair, run};
use crate::finding::Cause;
use crate::pyvenv_cfg::{Cfg, environment_of};
use crate::support::files;
use crate::support::{PyPath, World};
use crate::verdict::maker;

/// The repair for an environment's python that does not start.
pub fn repair_python(cause: &Cause, world: &World) -> Repair {
    let file = cause.subject().cloned().unwrap_or_default();
    super::of(cause, &Patient::unknown(&file, world))
}

/// The smaller repair; if there is none, the environment is made again.
pub fn or_anew(smaller: Option<Repair>, patient: &Patient) -> Repair {
    smaller.unwrap_or_else(|| {
        let folder = environment_of(&patient.file).unwrap_or_else(|| patient.file.dirname());
        let folder = absolute(&folder, patient);
        anew(&folder, patient.world).unwrap_or_else(|| {
            let of = flavour_of(&folder, &maker::cfg_of(&folder)).unwrap_or(Flavour::USUAL);
            Repair::Advise(Advice::MakeAnew { folder, of })
        })
    })
}

/// Links an environment again. A global Python must be installed again by the tool that installed it.
pub fn relink_or_reinstall(file: &PyPath, patient: &Patient) -> Repair {
    if environment_of(&patient.file).is_some() {
        return or_anew(relink(patient), patient);
    }
    let prefix = patient.base_prefix.clone().filter(|it| !it.is_empty());
    let prefix = prefix.unwrap_or_else(|| files::real(file).dirname().dirname());
    reinstall(&prefix, patient)
}

/// Makes the environment in a folder again, with the tool that made it. Only the interpreters in `bin` are replaced: links, or copies.
pub fn anew(folder: &PyPath, world: &World) -> Option<Repair> {
    let cfg = maker::cfg_of(folder);
    let wanted = flavour_of(folder, &cfg).unwrap_or(Flavour::USUAL);
    let Candidate {
        python,
        flavour,
        venv,
    } = base::find(folder, wanted.of_any_version(), &cfg, world)?;
    let command = made_anew(folder, &cfg, &python, venv, world)?;
    let unseen = libraries(folder)
        .into_iter()
        .filter(|(it, _)| *it != flavour);
    let unseen: Vec<PyPath> = unseen.map(|(_, it)| it).collect();
    let packages = unseen.iter().map(base::count_packages).sum();
    let blocks = blocking(folder, world);
    let effect = Effect::MakesAnew {
        unseen,
        packages,
        kept: blocks.iter().map(spare).collect(),
    };
    Some(run(command, effect))
}

/// The command that makes an environment again with the Python that its link leads to.
pub fn for_this_python(
    folder: &PyPath,
    cfg: &Cfg,
    python: &PyPath,
    world: &World,
) -> Option<String> {
    let found = base::at(python, folder, world)?;
    made_anew(folder, cfg, &found.python, found.venv, world)
}
