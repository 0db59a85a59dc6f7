//! What kind of environment is it, and which tool made it? Which tool installed a global Python?
//!
//! The strongest evidence is a key that the maker wrote into pyvenv.cfg. Next are folders that only one tool makes, then names that a tool
//! usually gives. A usual name is only a guess, and the report says so. For a global Python conda and pixi write records, and pyenv's own
//! files are next to its versions.

use super::environment::{Environment, Evidence, Kind};
use super::project_tool;
use crate::getpath::OLD_VIRTUALENV;
use crate::pyvenv_cfg::{Cfg, NAME, OUR_LIMIT, Record, is_environment};
use crate::support::files;
use crate::support::{PyPath, World};

/// An environment with a pyvenv.cfg.
pub fn of_environment(
    prefix: &PyPath,
    record: &Record,
    system_site: Option<bool>,
    world: &World,
) -> Environment {
    let (kind, evidence) = maker(prefix, record, world);
    let name = record.prompt.as_deref().map(PyPath::from);
    Environment {
        name: Some(name.unwrap_or_else(|| prefix.basename())),
        path: prefix.clone(),
        kind,
        prompt: record.prompt.clone(),
        system_site_packages: system_site,
        asked_by: project_tool::requested_by(prefix),
        uv: record.uv.clone(),
        evidence,
    }
}

/// The pyvenv.cfg of an environment: the one in its `bin` if there is one; empty if it cannot be read.
pub fn cfg_of(folder: &PyPath) -> Cfg {
    let bin = Some(folder.os_join("bin")).filter(is_environment);
    let path = bin.as_ref().unwrap_or(folder).os_join(NAME);
    let bytes = files::bytes(&path, OUR_LIMIT).unwrap_or_default();
    Cfg::parse(path, bytes)
}

/// An environment whose Python cannot start: only the facts in its pyvenv.cfg.
pub fn of_folder(folder: &PyPath) -> Environment {
    let cfg = cfg_of(folder);
    let keys = cfg.site.unwrap_or_default();
    let system_site = keys.system_site.is_none_or(|it| it == "true");
    of_environment(folder, &cfg.record, Some(system_site), &World::default())
}

/// The file that virtualenv up to 16 left in an environment. It wrote no pyvenv.cfg.
pub fn old_virtualenv(folder: &PyPath) -> Option<PyPath> {
    let lib = folder.os_join("lib");
    let names = files::names(&lib, 100).into_iter();
    let mut marks = names.map(|it| lib.os_join(&it).os_join(OLD_VIRTUALENV));
    marks.find(files::is_file)
}

/// An environment of virtualenv up to 16, which left this mark in it.
pub fn of_old_virtualenv(prefix: &PyPath, mark: &PyPath) -> Environment {
    let (path, tool) = (mark.clone(), "virtualenv");
    let hides = mark.dirname().os_join("no-global-site-packages.txt");
    let system_site = Some(!files::is_file(&hides));
    Environment {
        kind: Kind::Virtualenv,
        evidence: vec![Evidence::Wrote { path, tool }],
        ..of_environment(prefix, &Record::default(), system_site, &World::default())
    }
}

/// A Python that is not a virtual environment.
pub fn of_global(prefix: &PyPath, world: &World) -> Environment {
    let (kind, evidence) = kind_of_global(prefix, world);
    let is_named = matches!(kind, Kind::Conda | Kind::Pixi);
    Environment {
        // pixi keeps an environment in `PROJECT/.pixi/envs/NAME`.
        name: is_named.then(|| prefix.without_trailing_slashes().basename()),
        path: prefix.clone(),
        kind,
        prompt: None,
        system_site_packages: None,
        asked_by: None,
        uv: None,
        evidence: vec![evidence],
    }
}

/// The kind: the tool that ordered the environment, if that is known, else the tool that made it. And the evidence.
fn maker(prefix: &PyPath, record: &Record, world: &World) -> (Kind, Vec<Evidence>) {
    let key = |name, value: &String| Evidence::Key {
        name,
        value: value.clone(),
    };
    let (written, mark) = if let Some(uv) = &record.uv {
        (Kind::Uv, key("uv", &uv.version))
    } else if let Some(version) = &record.virtualenv {
        (Kind::Virtualenv, key("virtualenv", version))
    } else {
        (Kind::Venv, Evidence::NoMark)
    };
    let asked_by = project_tool::kind_by_project_tool(prefix, written, record, world);
    let mut evidence: Vec<Evidence> = asked_by.iter().map(|(_, reason)| reason.clone()).collect();
    evidence.push(mark);
    let version = prefix.climb().find(|it| is_pyenvs(it, world));
    evidence.extend(version.map(|it| Evidence::AmongVersions(it.dirname())));
    (asked_by.map_or(written, |(kind, _)| kind), evidence)
}

/// The tool that installed a global Python, and the evidence.
pub fn kind_of_global(prefix: &PyPath, world: &World) -> (Kind, Evidence) {
    let conda = prefix.os_join("conda-meta");
    if files::is_dir(&conda) {
        // Early releases of pixi wrote only the second file.
        let marks = ["pixi", "pixi_env_prefix"].map(|name| conda.os_join(name));
        let mark = marks.into_iter().find(files::is_file);
        let (kind, tool) = if mark.is_some() {
            (Kind::Pixi, "pixi")
        } else {
            (Kind::Conda, "conda")
        };
        let path = mark.unwrap_or(conda);
        return (kind, Evidence::Wrote { path, tool });
    }
    if is_pyenvs(prefix, world) {
        let versions = prefix.dirname();
        return (Kind::Pyenv, Evidence::AmongVersions(versions));
    }
    (Kind::System, by_place(prefix).unwrap_or(Evidence::NoRecord))
}

/// The name of conda's command in this shell. micromamba and mamba do without conda; each shell function has the program's name.
pub fn conda_command(world: &World) -> &'static str {
    let program = match world.non_empty("CONDA_EXE") {
        Some(_) => None,
        None => world.non_empty("MAMBA_EXE"),
    };
    match program.map(PyPath::basename) {
        Some(name) if name.bytes() == b"mamba" => "mamba",
        Some(_) => "micromamba",
        None => "conda",
    }
}

/// Is it one of pyenv's? pyenv keeps its Pythons in a folder `versions`, next to its own files and its shims.
fn is_pyenvs(prefix: &PyPath, world: &World) -> bool {
    let versions = prefix.dirname();
    let root = versions.dirname();
    let is_root = |it: &PyPath| it.without_trailing_slashes() == root;
    let marks = ["libexec/pyenv", "bin/pyenv", "shims/python3"];
    versions.basename().bytes() == b"versions"
        && (world.non_empty("PYENV_ROOT").is_some_and(is_root)
            || marks.iter().any(|mark| files::is_file(&root.os_join(mark))))
}

/// Parts of paths, and the tool that installs Pythons there.
const PLACES: [(&str, &str); 7] = [
    ("/uv/python/", "uv"),
    ("/mise/installs/python/", "mise"),
    ("/.asdf/installs/python/", "asdf"),
    ("/Cellar/python@", "Homebrew"),
    ("/Cellar/pypy", "Homebrew"),
    (
        "/Python.framework/Versions/",
        "python.org's installer for macOS",
    ),
    ("/nix/store/", "Nix"),
];

/// The tool that usually installs Pythons in this place: a guess.
fn by_place(prefix: &PyPath) -> Option<Evidence> {
    let path = prefix.lossy();
    let (place, tool) = PLACES.iter().find(|(place, _)| path.contains(place))?;
    let place = PyPath::from(place.trim_matches('/'));
    Some(Evidence::Place { place, tool })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares the kind and name of an environment in this folder with this pyvenv.cfg.
    #[track_caller]
    fn check_kind(folder: &str, cfg: &str, expected: Kind, name: &str) {
        let cfg = Cfg::parse(NAME.into(), cfg.into());
        let found = of_environment(&folder.into(), &cfg.record, Some(false), &World::default());
        assert_eq!((found.kind, found.name), (expected, Some(name.into())));
    }

    #[test]
    fn the_marks_of_an_environment_show_its_maker() {
        check_kind(
            "/x/matrix_env",
            "home = /usr/bin\n",
            Kind::Venv,
            "matrix_env",
        );
        check_kind(
            "/x/e",
            "home = /usr/bin\nvirtualenv = 20.1\n",
            Kind::Virtualenv,
            "e",
        );
        check_kind(
            "/x/e",
            "home = /usr/bin\nuv = 0.5\nprompt = neo\n",
            Kind::Uv,
            "neo",
        );
        check_kind(
            "/c/virtualenvs/demo-9TtSrW0h-py3.11",
            "virtualenv = 20\n",
            Kind::Poetry,
            "demo-9TtSrW0h-py3.11",
        );
        check_kind(
            "/c/pdm/venvs/demo-abc-3.11",
            "virtualenv = 20\n",
            Kind::Pdm,
            "demo-abc-3.11",
        );
    }

    /// Compares the kind of `project/.venv` when this file is in the project.
    #[track_caller]
    fn check_in_project(cfg: &str, file: (&str, &str), variable: &str, expected: Kind) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir(root.join(".venv")).unwrap();
        std::fs::write(
            root.join(file.0),
            file.1.replace('@', &root.display().to_string()),
        )
        .unwrap();
        let world = World::of(&[(variable, "1")], "");
        let prefix = PyPath::from(root.join(".venv").as_path());
        std::fs::write(root.join("Pipfile"), "").unwrap();
        let cfg = Cfg::parse(NAME.into(), cfg.into());
        assert_eq!(
            of_environment(&prefix, &cfg.record, None, &world).kind,
            expected
        );
    }

    #[test]
    fn a_lock_file_in_a_project_is_not_enough() {
        let cfg = "virtualenv = 20\n";
        check_in_project(cfg, (".venv/.project", "@\n"), "X", Kind::Pipenv);
        check_in_project(cfg, (".pdm-python", "@/.venv/bin/python"), "X", Kind::Pdm);
        check_in_project(
            cfg,
            (".pdm-python", "/usr/bin/python"),
            "X",
            Kind::Virtualenv,
        );
        check_in_project(cfg, ("poetry.lock", ""), "X", Kind::Virtualenv);
        check_in_project(cfg, ("poetry.lock", ""), "POETRY_ACTIVE", Kind::Poetry);
        check_in_project("uv = 0.5\n", ("poetry.lock", ""), "POETRY_ACTIVE", Kind::Uv);
        check_in_project(cfg, ("Pipfile", ""), "PIPENV_ACTIVE", Kind::Pipenv);
    }

    /// Compares the tool that is guessed for a global Python with this prefix.
    #[track_caller]
    fn check_place(prefix: &str, expected: &str) {
        let (kind, evidence) = kind_of_global(&PyPath::from(prefix), &World::default());
        assert_eq!(kind, Kind::System);
        let tool = match evidence {
            Evidence::Place { tool, .. } => tool,
            _ => "",
        };
        assert_eq!(tool, expected);
    }

    #[test]
    fn the_installer_of_a_global_python_is_guessed_from_its_place() {
        let uv = "/home/neo/.local/share/uv/python/cpython-3.12.5-linux-x86_64-gnu";
        check_place(uv, "uv");
        let brew =
            "/opt/homebrew/Cellar/python@3.12/3.12.5/Frameworks/Python.framework/Versions/3.12";
        check_place(brew, "Homebrew");
        let framework = "/Library/Frameworks/Python.framework/Versions/3.12";
        check_place(framework, "python.org's installer for macOS");
        check_place("/nix/store/0c6k-python3-3.12.5", "Nix");
        check_place("/usr", "");
        check_place("/srv/uv/pythons", "");
    }

    #[test]
    fn conda_and_pixi_are_recognised_by_their_records() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let kind = || kind_of_global(&PyPath::from(folder.path()), &World::default()).0;
        assert_eq!(kind(), Kind::System);
        std::fs::create_dir(at("conda-meta")).unwrap();
        assert_eq!(kind(), Kind::Conda);
        for mark in ["pixi", "pixi_env_prefix"] {
            std::fs::write(at("conda-meta").join(mark), "{}").unwrap();
            assert_eq!(kind(), Kind::Pixi);
            std::fs::remove_file(at("conda-meta").join(mark)).unwrap();
        }
    }

    #[test]
    fn the_command_of_conda_is_the_one_that_the_shell_has() {
        let command = |variables: &[(&str, &str)]| conda_command(&World::of(variables, ""));
        let micromamba = ("MAMBA_EXE", "/usr/local/bin/micromamba");
        assert_eq!(command(&[]), "conda");
        assert_eq!(command(&[micromamba]), "micromamba");
        assert_eq!(command(&[("MAMBA_EXE", "/opt/bin/mamba")]), "mamba");
        assert_eq!(
            command(&[micromamba, ("CONDA_EXE", "/c/bin/conda")]),
            "conda"
        );
    }

    #[test]
    fn pyenv_is_recognised_by_the_files_next_to_its_versions() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let root = PyPath::from(folder.path());
        let kind = |name: &str, world: &World| kind_of_global(&root.os_join(name), world).0;
        let named = World::of(&[("PYENV_ROOT", folder.path().to_str().unwrap())], "");
        let unnamed = World::default();
        assert_eq!(kind("versions/3.12.1", &unnamed), Kind::System);
        assert_eq!(kind("versions/3.12.1", &named), Kind::Pyenv);
        assert_eq!(kind("3.12.1", &named), Kind::System);
        std::fs::create_dir(at("shims")).unwrap();
        std::fs::write(at("shims/python3"), "").unwrap();
        assert_eq!(kind("versions/3.12.1", &unnamed), Kind::Pyenv);
    }
}
