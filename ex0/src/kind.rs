//! What kind of environment is it, and who made it?
//!
//! Evidence, strongest first: keys that the maker wrote into pyvenv.cfg, folders that only one tool makes, then habits of naming. A
//! habit is called a guess. Poetry, pipenv and PDM let virtualenv do the work, so nothing inside proves who asked for it.

use serde::Serialize;

use crate::files;
use crate::pypath::PyPath;
use crate::pyvenv_cfg::{self, Record};
use crate::world::World;

/// The kinds that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// `python -m venv`.
    Venv,
    /// `virtualenv`.
    Virtualenv,
    /// `uv venv`.
    Uv,
    /// Poetry's, in its own folder.
    Poetry,
    /// pipenv's.
    Pipenv,
    /// PDM's, in its own folder.
    Pdm,
    /// conda, mamba, micromamba.
    Conda,
    /// pixi.
    Pixi,
    /// A Python that pyenv built.
    Pyenv,
    /// The system's, or one installed by hand.
    System,
}

/// The environment in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Environment {
    /// The prompt of pyvenv.cfg, else the folder's name; `None` for a global Python.
    pub name: Option<String>,
    /// `sys.prefix`.
    pub path: PyPath,
    /// The kind.
    pub kind: Kind,
    /// `prompt` of pyvenv.cfg.
    pub prompt: Option<String>,
    /// Are the global packages in reach? `None` for a global Python.
    pub system_site_packages: Option<bool>,
    /// Why this kind, strongest reason first.
    pub evidence: Vec<String>,
}

/// An environment with a pyvenv.cfg.
pub fn of_environment(
    prefix: &PyPath,
    cfg: &[u8],
    system_site: Option<bool>,
    world: &World,
) -> Environment {
    let record = pyvenv_cfg::record(cfg);
    let (kind, evidence) = maker(prefix, &record, world);
    let folder = prefix.basename().shown();
    Environment {
        name: Some(record.prompt.clone().unwrap_or(folder)),
        path: prefix.clone(),
        kind,
        prompt: record.prompt,
        system_site_packages: system_site,
        evidence,
    }
}

/// A Python that is no virtual environment.
pub fn of_global(prefix: &PyPath) -> Environment {
    let (kind, evidence) = installer(prefix);
    let name = matches!(kind, Kind::Conda | Kind::Pixi).then(|| prefix.basename().shown());
    Environment {
        name,
        path: prefix.clone(),
        kind,
        prompt: None,
        system_site_packages: None,
        evidence: vec![evidence],
    }
}

/// Who made the environment.
fn maker(prefix: &PyPath, record: &Record, world: &World) -> (Kind, Vec<String>) {
    let mut evidence = Vec::new();
    let name = prefix.basename().lossy().into_owned();
    let folder = prefix.dirname();
    let folder_name = folder.basename().lossy().into_owned();
    let written = if let Some(version) = &record.uv {
        evidence.push(format!("pyvenv.cfg has uv = {version}"));
        Kind::Uv
    } else if let Some(version) = &record.virtualenv {
        evidence.push(format!("pyvenv.cfg has virtualenv = {version}"));
        Kind::Virtualenv
    } else {
        evidence.push("pyvenv.cfg has no mark of another maker: python -m venv".to_owned());
        Kind::Venv
    };
    let project = prefix.os_join(".project");
    let asked_by = if written == Kind::Virtualenv && files::is_file(&project) {
        evidence.insert(
            0,
            format!("{} is there, which pipenv writes", project.shown()),
        );
        Some(Kind::Pipenv)
    } else if folder_name == "virtualenvs" && is_poetry_name(&name) {
        evidence.insert(
            0,
            format!("guess: {name} in a folder virtualenvs is how Poetry names them"),
        );
        Some(Kind::Poetry)
    } else if folder_name == "venvs" && folder.dirname().basename().lossy() == "pdm" {
        evidence.insert(
            0,
            format!("guess: {} is where PDM keeps them", folder.shown()),
        );
        Some(Kind::Pdm)
    } else {
        None
    };
    // In a project's own folder nothing but the neighbours tells who asked for it.
    if asked_by.is_none() && matches!(name.as_str(), ".venv" | "venv") {
        for (file, tool) in [
            ("poetry.lock", "Poetry"),
            ("Pipfile", "pipenv"),
            ("pdm.lock", "PDM"),
            ("uv.lock", "uv"),
        ] {
            if files::is_file(&folder.os_join(file)) {
                evidence.push(format!(
                    "guess: {file} stands beside it, so {tool} may have asked for it"
                ));
            }
        }
    }
    if let Some(root) = pyenv_root(prefix, world) {
        evidence.push(format!("it lies in pyenv's folder {}", root.shown()));
    }
    (asked_by.unwrap_or(written), evidence)
}

/// `project-AbCd_-12-py3.11`.
fn is_poetry_name(name: &str) -> bool {
    let Some((front, minor)) = name.rsplit_once("-py") else {
        return false;
    };
    let is_minor = minor.split_once('.').is_some_and(|(x, y)| {
        [x, y]
            .iter()
            .all(|it| !it.is_empty() && it.bytes().all(|b| b.is_ascii_digit()))
    });
    // Poetry's hash is eight characters of URL-safe base64, so it may hold a dash itself.
    let hash = front.len().checked_sub(9).and_then(|at| front.get(at..));
    is_minor
        && front.len() > 9
        && hash.is_some_and(|it| {
            it.starts_with('-')
                && it[1..]
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        })
}

/// Who installed a global Python.
fn installer(prefix: &PyPath) -> (Kind, String) {
    let conda = prefix.os_join("conda-meta");
    if files::is_dir(&conda) {
        let pixi = conda.os_join("pixi");
        if files::is_file(&pixi) {
            return (
                Kind::Pixi,
                format!("{} is there, which pixi writes", pixi.shown()),
            );
        }
        return (
            Kind::Conda,
            format!(
                "{} is there, which conda keeps its records in",
                conda.shown()
            ),
        );
    }
    let versions = prefix.dirname();
    let root = versions.dirname();
    if versions.basename().bytes() == b"versions"
        && ["libexec/pyenv", "bin/pyenv"]
            .iter()
            .any(|it| files::is_file(&root.os_join(it)))
    {
        return (
            Kind::Pyenv,
            format!("it lies in {}, beside pyenv itself", versions.shown()),
        );
    }
    (
        Kind::System,
        "no pyvenv.cfg, no conda-meta, not in pyenv's folder".to_owned(),
    )
}

/// pyenv's root, when a folder lies among its versions.
fn pyenv_root(prefix: &PyPath, world: &World) -> Option<PyPath> {
    let root = world
        .set("PYENV_ROOT")
        .cloned()
        .or_else(|| Some(world.home()?.os_join(".pyenv")))?;
    let versions = root.os_join("versions/");
    prefix.bytes().starts_with(versions.bytes()).then_some(root)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expected: bool) {
        assert_eq!(is_poetry_name(name), expected, "{name}");
    }

    #[test]
    fn poetry_names_its_environments_by_project_hash_and_version() {
        check("demo-9TtSrW0h-py3.11", true);
        check("my-demo-a-b_c-d1-py3.9", true);
        check("demo-py3.11", false);
        check("demo-9TtSrW0h-py3", false);
        check("demo-9TtSr!0h-py3.11", false);
        check("é-9TtSrW0h-py3.11", true);
        check("ééé-py3.11", false);
    }

    /// The kind of an environment whose pyvenv.cfg is this, in this folder.
    #[track_caller]
    fn check_kind(folder: &str, cfg: &str, expected: Kind, name: &str) {
        let found = of_environment(
            &PyPath::from(folder),
            cfg.as_bytes(),
            Some(false),
            &World::default(),
        );
        assert_eq!((found.kind, found.name.as_deref()), (expected, Some(name)));
    }

    #[test]
    fn the_maker_is_read_from_its_marks() {
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

    #[test]
    fn pipenv_and_conda_leave_files_behind() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at(".project"), "/home/neo/project").unwrap();
        let prefix = PyPath::from(folder.path());
        assert_eq!(
            of_environment(&prefix, b"virtualenv = 20\n", None, &World::default()).kind,
            Kind::Pipenv
        );
        assert_eq!(of_global(&prefix).kind, Kind::System);
        std::fs::create_dir(at("conda-meta")).unwrap();
        assert_eq!(of_global(&prefix).kind, Kind::Conda);
        std::fs::write(at("conda-meta/pixi"), "{}").unwrap();
        assert_eq!(of_global(&prefix).kind, Kind::Pixi);
    }
}
