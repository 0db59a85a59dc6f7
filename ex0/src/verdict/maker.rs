//! What kind of environment is it, and who made it?
//!
//! Evidence, strongest first: keys that the maker wrote into pyvenv.cfg, folders that only one tool makes, then habits of naming. A
//! habit is called a guess.

use super::environment::{Environment, Kind};
use super::installer;
use super::project_tool;
use crate::pyvenv_cfg::{self, Record};
use crate::support::PyPath;
use crate::support::World;
use crate::support::files;

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

/// An environment whose Python cannot be asked: as much as its pyvenv.cfg says.
pub fn of_folder(folder: &PyPath) -> Environment {
    let cfg = folder.os_join(pyvenv_cfg::NAME);
    let text = files::text(&cfg).unwrap_or_default();
    let keys = pyvenv_cfg::site_keys(text.as_bytes()).unwrap_or_default();
    let system_site = keys.system_site.is_none_or(|it| it == "true");
    of_environment(
        folder,
        text.as_bytes(),
        Some(system_site),
        &World::default(),
    )
}

/// A Python that is no virtual environment.
pub fn of_global(prefix: &PyPath, world: &World) -> Environment {
    let (kind, evidence) = installer::of(prefix, world);
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

/// Who made the environment: who asked for it, where that shows, else who did the work.
fn maker(prefix: &PyPath, record: &Record, world: &World) -> (Kind, Vec<String>) {
    let (written, mark) = if let Some(version) = &record.uv {
        (Kind::Uv, format!("pyvenv.cfg has uv = {version}"))
    } else if let Some(version) = &record.virtualenv {
        (
            Kind::Virtualenv,
            format!("pyvenv.cfg has virtualenv = {version}"),
        )
    } else {
        (
            Kind::Venv,
            "pyvenv.cfg has no mark of another maker: python -m venv".to_owned(),
        )
    };
    let asked_by = project_tool::of(prefix, written, record, world);
    let mut evidence: Vec<String> = asked_by.iter().map(|(_, reason)| reason.clone()).collect();
    evidence.push(mark);
    if asked_by.is_none() {
        evidence.extend(project_tool::neighbours(prefix));
    }
    if let Some(root) = pyenv_root(prefix, world) {
        evidence.push(format!("it lies in pyenv's folder {}", root.shown()));
    }
    (asked_by.map_or(written, |(kind, _)| kind), evidence)
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

    /// The kind of `project/.venv` with this file beside or in it.
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
        let world = World::new(
            [(variable.into(), "1".into())].into_iter(),
            PyPath::default(),
        );
        let prefix = PyPath::from(root.join(".venv").as_path());
        assert_eq!(
            of_environment(&prefix, cfg.as_bytes(), None, &world).kind,
            expected
        );
    }

    #[test]
    fn in_a_project_a_lock_file_alone_proves_nothing() {
        let cfg = "virtualenv = 20\n";
        check_in_project(cfg, (".venv/.project", ""), "X", Kind::Pipenv);
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
}
