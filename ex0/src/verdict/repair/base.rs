//! Which Python can be the base of an environment? We look in its old `home`, then for the Python that made it, then on PATH, then where tools
//! keep many of them.

use super::cfg::meant;
use super::stores::kept_by_tools;
use crate::binary::{self, Binary, LoadOutcome, Program};
use crate::finding::Notes;
use crate::getpath::Base;
use crate::lookup::{Found, entries, starts};
use crate::pyvenv_cfg::{Cfg, environment_of};
use crate::site::Site;
use crate::support::files;
use crate::support::version::Flavour;
use crate::support::{PyPath, World};
use crate::verdict::environment::VenvModule;
use crate::verdict::named::pythons;
use crate::verdict::run_passes;

/// A Python that would start.
pub struct Candidate {
    pub python: PyPath,
    pub flavour: Flavour,
    pub venv: VenvModule,
}

/// The first Python of this flavour that is not in the environment itself.
pub fn find(folder: &PyPath, wanted: Flavour, cfg: &Cfg, world: &World) -> Option<Candidate> {
    let own = files::real(folder);
    let homes = meant(cfg).into_iter();
    let others = entries(world)
        .into_iter()
        .chain(["/usr/local/bin".into(), "/usr/bin".into()])
        .chain(kept_by_tools(cfg, world));
    let names = wanted.names();
    let fits = |it: &Binary| wanted.includes(it.flavour());
    let in_folder = |bin: PyPath| names.iter().map(move |it| bin.os_join(it));
    let makers = cfg.record.executables.iter().cloned();
    // Another of its links may still lead to the right one.
    let links = pythons(folder)
        .into_iter()
        .filter_map(|it| files::canonical(&it));
    let mut files = homes
        .flat_map(in_folder)
        .chain(makers)
        .chain(links)
        .chain(others.flat_map(in_folder));
    files.find_map(|file| candidate(&file.abspath(&world.cwd), fits, &own, world))
}

/// The Python as a candidate, if it would start and is not in an environment, nor in the folder `own`.
pub fn candidate(
    python: &PyPath,
    fits: impl Fn(&Binary) -> bool,
    own: &PyPath,
    world: &World,
) -> Option<Candidate> {
    if !starts(python) || files::canonical(&python.dirname())?.is_inside(own) {
        return None;
    }
    let in_environment = |it: &PyPath| environment_of(it).is_some();
    // If it is in an environment, take its base.
    let python = if in_environment(python) {
        files::canonical(python).filter(|it| !in_environment(it))?
    } else {
        python.clone()
    };
    let (binary, library) = would_start(&python, fits, world)?;
    Some(Candidate {
        python,
        flavour: binary.flavour(),
        venv: venv_module(&library),
    })
}

/// A Python and its standard library, if it would start: the loader and both passes find all that they need.
pub fn would_start(
    python: &PyPath,
    fits: impl Fn(&Binary) -> bool,
    world: &World,
) -> Option<(Box<Binary>, PyPath)> {
    let Program::Python(binary) = binary::inspect(python, world) else {
        return None;
    };
    if !fits(&binary) || !matches!(binary.outcome, LoadOutcome::Loads) {
        return None;
    }
    let (base, _) = has_no_problem(python, &binary, world)?;
    Some((binary, base.stdlib))
}

/// What Python's two passes find, if neither would stop.
pub fn has_no_problem(python: &PyPath, binary: &Binary, world: &World) -> Option<(Base, Site)> {
    let found = Found::at(python);
    let (base, site) = run_passes(&found, binary, world, &mut Notes::default());
    let starts = base.problem.is_none() && site.problem.is_none();
    starts.then_some((base, site))
}

/// Can it make environments? On Debian and Ubuntu that needs another package.
pub fn venv_module(stdlib: &PyPath) -> VenvModule {
    let has = |module: &str| files::is_file(&stdlib.os_join(format!("{module}/__init__.py")));
    if !has("venv") {
        VenvModule::Missing
    } else if !has("ensurepip") {
        VenvModule::WithoutPip
    } else {
        VenvModule::Complete
    }
}

/// How many packages are installed in a folder.
pub fn count_packages(folder: &PyPath) -> usize {
    let names = files::names(folder, 10_000);
    names
        .iter()
        .filter(|it| it.bytes().ends_with(b".dist-info"))
        .count()
}
