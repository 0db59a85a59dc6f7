//! What kind of environment is it, and which tool made it?
//!
//! The strongest evidence is a key that the maker wrote into pyvenv.cfg. Next are folders that only one tool makes, then names that a tool
//! usually gives. A usual name is only a guess, and the report says so.

use super::environment::{Environment, Evidence, Kind};
use super::{installer, project_tool};
use crate::getpath::OLD_VIRTUALENV;
use crate::pyvenv_cfg::{Cfg, NAME, OUR_LIMIT, Record};
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

/// The pyvenv.cfg in a folder; empty if it cannot be read.
pub fn cfg_of(folder: &PyPath) -> Cfg {
    let path = folder.os_join(NAME);
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
    let (kind, evidence) = installer::kind_of_global(prefix, world);
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
    if asked_by.is_none() {
        evidence.extend(project_tool::neighbours(prefix));
    }
    let version = prefix.climb().find(|it| installer::is_pyenvs(it, world));
    evidence.extend(version.map(|it| Evidence::AmongVersions(it.dirname())));
    (asked_by.map_or(written, |(kind, _)| kind), evidence)
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
        let world = World::new(
            [(variable.into(), "1".into())].into_iter(),
            PyPath::default(),
        );
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
}
