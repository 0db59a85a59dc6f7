//! Which Python can be the base of an environment? We look in its old `home`, then on PATH, then in the folders of pyenv and uv.

use super::wheels::has_wheels;
use crate::binary::{self, Binary, LoadOutcome, Program};
use crate::finding::Notes;
use crate::getpath::{self, Start};
use crate::lookup::{entries, starts};
use crate::pyvenv_cfg::{Cfg, environment_of};
use crate::site;
use crate::support::files;
use crate::support::version::{Implementation, Minor};
use crate::support::{PyPath, World};
use crate::verdict::environment::VenvModule;

/// A Python that would start.
pub struct Candidate {
    pub python: PyPath,
    pub minor: Minor,
    pub venv: VenvModule,
}

/// The first Python that is not in the environment itself. If `minor` is given, it must have this version.
pub fn find(folder: &PyPath, minor: Option<Minor>, cfg: &Cfg, world: &World) -> Option<Candidate> {
    let own = files::real(folder);
    let names: Vec<String> = minor
        .map(|it| format!("python{it}"))
        .into_iter()
        .chain(["python3".to_owned()])
        .collect();
    let home = cfg.home.clone().into_iter().filter(PyPath::is_absolute);
    let folders = home
        .chain(entries(world))
        .chain(["/usr/local/bin".into(), "/usr/bin".into()]);
    let in_folders = folders.flat_map(|it| {
        names
            .iter()
            .map(move |name| it.os_join(name))
            .collect::<Vec<_>>()
    });
    let mut files = in_folders.chain(kept_by_tools(minor, world));
    files.find_map(|file| candidate(&file.abspath(&world.cwd), minor, &own, world))
}

/// This Python, if it can be the base of an environment.
pub fn at(python: &PyPath, folder: &PyPath, world: &World) -> Option<Candidate> {
    let own = files::real(folder);
    candidate(python, None, &own, world)
}

/// The Pythons that pyenv and uv installed, the newest first.
fn kept_by_tools(minor: Option<Minor>, world: &World) -> Vec<PyPath> {
    let home = |name: &str| world.home().map(|it| it.os_join(name));
    let pyenv = world
        .non_empty("PYENV_ROOT")
        .cloned()
        .or_else(|| home(".pyenv"));
    let stores = [
        pyenv.map(|it| it.os_join("versions")),
        home(".local/share/uv/python"),
    ];
    let wanted = minor.map(|it| format!("{it}.")).unwrap_or_default();
    let mut found = Vec::new();
    for store in stores.into_iter().flatten() {
        for name in files::names(&store, 1000).into_iter().rev() {
            if name
                .lossy()
                .trim_start_matches("cpython-")
                .starts_with(&wanted)
            {
                found.push(store.os_join(&name).os_join("bin/python3"));
            }
        }
    }
    found
}

/// The Python as a candidate, if it would start and is not in an environment.
fn candidate(
    python: &PyPath,
    wanted: Option<Minor>,
    own: &PyPath,
    world: &World,
) -> Option<Candidate> {
    let is_in = |it: &PyPath| it.bytes().starts_with(own.os_join("").bytes());
    if !starts(python) || is_in(&files::canonical(&python.dirname())?.os_join("x")) {
        return None;
    }
    let in_environment = |it: &PyPath| environment_of(it).is_some();
    // If it is in an environment, take its base.
    let python = if in_environment(python) {
        files::canonical(python).filter(|it| !in_environment(it))?
    } else {
        python.clone()
    };
    let fits = |it: &Binary| {
        it.implementation == Implementation::Cpython && wanted.is_none_or(|minor| minor == it.minor)
    };
    let (minor, library) = would_start(&python, fits, world)?;
    Some(Candidate {
        python,
        minor,
        venv: venv_module(&library, minor),
    })
}

/// The version and the standard library of a Python, if it would start: the loader and both passes find all that they need.
pub fn would_start(
    python: &PyPath,
    fits: impl Fn(&Binary) -> bool,
    world: &World,
) -> Option<(Minor, PyPath)> {
    let Program::Python(binary) = binary::inspect(python, world) else {
        return None;
    };
    if !fits(&binary) || !matches!(binary.outcome, LoadOutcome::Loads) {
        return None;
    }
    let start = Start {
        argv0: python,
        file: python,
        binary: &binary,
        world,
    };
    let mut notes = Notes::default();
    let base = getpath::find_base(&start, &mut notes);
    let problem = match &base.problem {
        Some(problem) => Some(problem.clone()),
        None => site::find_site(&base, &binary, world, &mut notes).problem,
    };
    problem.is_none().then_some((binary.minor, base.stdlib))
}

/// Can it make environments? On Debian and Ubuntu that needs another package.
pub fn venv_module(stdlib: &PyPath, minor: Minor) -> VenvModule {
    let has = |module: &str| files::is_file(&stdlib.os_join(format!("{module}/__init__.py")));
    if !has("venv") {
        VenvModule::Missing
    } else if !has("ensurepip") {
        VenvModule::WithoutPip
    } else if has_wheels(stdlib, minor) {
        VenvModule::Complete
    } else {
        VenvModule::WithoutWheels
    }
}

/// The folders of packages in an environment, each with the version that sees it.
pub fn libraries(folder: &PyPath) -> Vec<(Minor, PyPath)> {
    let lib = folder.os_join("lib");
    let names = files::names(&lib, 100);
    let versions = names.iter().filter_map(|name| {
        let minor = Minor::at_start(name.lossy().strip_prefix("python")?)?;
        let packages = lib.os_join(name).os_join("site-packages");
        files::is_dir(&packages).then_some((minor, packages))
    });
    versions.collect()
}

/// The version that an environment was made for: that of its packages, else that in pyvenv.cfg.
pub fn minor_of(folder: &PyPath, cfg: &Cfg) -> Option<Minor> {
    let remembered = cfg.record.version.as_deref().and_then(Minor::at_start);
    let libraries = libraries(folder);
    let seen = libraries
        .iter()
        .find(|(minor, _)| Some(*minor) == remembered)
        .or(libraries.last());
    seen.map(|(minor, _)| *minor).or(remembered)
}

/// How many packages are installed in a folder.
pub fn count_packages(folder: &PyPath) -> usize {
    let names = files::names(folder, 10_000);
    names
        .iter()
        .filter(|it| it.bytes().ends_with(b".dist-info"))
        .count()
}
