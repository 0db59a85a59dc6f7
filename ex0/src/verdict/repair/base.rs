//! Which Python can be the base of an environment? We look in its old `home`, then on PATH, then in the folders of pyenv and uv.

use crate::binary::{self, LoadOutcome, Program};
use crate::lookup::{entries, starts};
use crate::pyvenv_cfg::Cfg;
use crate::support::files;
use crate::support::version::Minor;
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

/// The Python as a candidate, if it would start and has its own library.
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
    let Program::Python(binary) = binary::inspect(python, world) else {
        return None;
    };
    let minor = binary.minor;
    if wanted.is_some_and(|it| it != minor) || !matches!(binary.outcome, LoadOutcome::Loads) {
        return None;
    }
    // If it is an environment, take its base.
    let (python, real) = if files::is_file(&python.dirname().dirname().os_join("pyvenv.cfg")) {
        (binary.file.clone(), binary.file.clone())
    } else {
        (python.clone(), binary.file.clone())
    };
    let prefix = real.dirname().dirname();
    let libs = ["lib", "lib64"].map(|it| prefix.os_join(format!("{it}/python{minor}")));
    let library = libs
        .into_iter()
        .find(|it| files::is_file(&it.os_join("os.py")))?;
    Some(Candidate {
        python,
        minor,
        venv: venv_module(&library),
    })
}

/// Can it make environments? On Debian and Ubuntu that needs another package.
pub fn venv_module(stdlib: &PyPath) -> VenvModule {
    let has = |module: &str| files::is_file(&stdlib.os_join(format!("{module}/__init__.py")));
    if !has("venv") {
        VenvModule::Missing
    } else if has("ensurepip") {
        VenvModule::Complete
    } else {
        VenvModule::WithoutPip
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
