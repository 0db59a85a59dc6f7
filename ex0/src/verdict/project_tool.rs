//! Which project tool ordered the environment?
//!
//! Poetry, pipenv and PDM call virtualenv. pipenv and PDM also write a file of their own. Poetry can be recognised only by the names that it
//! gives, and by the Python that called virtualenv: virtualenv writes it into pyvenv.cfg. If only a name shows it, it is a guess.
//!
//! Source: environments made by Poetry 2, pipenv 2026 and PDM 2; Poetry's settings `virtualenvs.prompt` and `virtualenvs.path`.

use super::environment::{Evidence, Kind};
use crate::pyvenv_cfg::Record;
use crate::support::files;
use crate::support::version::Minor;
use crate::support::{PyPath, World};

/// The variables that are set in a shell of a tool, and the file that the tool has in a project's folder.
const SHELLS: [(&str, &str, Kind); 2] = [
    ("POETRY_ACTIVE", "poetry.lock", Kind::Poetry),
    ("PIPENV_ACTIVE", "Pipfile", Kind::Pipenv),
];

/// The project tool that ordered the environment, and the evidence.
pub fn kind_by_project_tool(
    prefix: &PyPath,
    written: Kind,
    record: &Record,
    world: &World,
) -> Option<(Kind, Evidence)> {
    let name = prefix.basename().lossy().into_owned();
    let folder = prefix.dirname();
    let in_project = is_in_project(&name);
    let project = prefix.os_join(".project");
    if (in_project || has_hash(&name)) && names_a_pipfile(&project) {
        let (path, tool) = (project, "pipenv");
        return Some((Kind::Pipenv, Evidence::Wrote { path, tool }));
    }
    if folder.basename().bytes() == b"virtualenvs" && is_poetry_name(&name) {
        let (name, tool) = (prefix.basename(), "Poetry");
        return Some((Kind::Poetry, Evidence::Named { name, tool }));
    }
    if folder.basename().bytes() == b"venvs" && folder.dirname().basename().bytes() == b"pdm" {
        let (place, tool) = (folder, "PDM");
        return Some((Kind::Pdm, Evidence::Place { place, tool }));
    }
    let chosen = folder.os_join(".pdm-python");
    let inside = prefix.os_join("");
    let text = Some(&chosen).filter(|_| in_project).and_then(files::text);
    if text.is_some_and(|it| it.as_bytes().starts_with(inside.bytes())) {
        let (path, tool) = (chosen, "PDM");
        return Some((Kind::Pdm, Evidence::Wrote { path, tool }));
    }
    if written != Kind::Virtualenv {
        return None;
    }
    caller(record)
        .or_else(|| by_prompt(&name, record))
        .or_else(|| by_shell(prefix, world))
}

/// Does the folder in `.project` have a Pipfile? virtualenvwrapper writes the same file, but its projects have no Pipfile.
fn names_a_pipfile(project: &PyPath) -> bool {
    let folder = files::text(project).map(|it| PyPath::from(it.trim()));
    folder.is_some_and(|it| it.is_absolute() && files::is_file(&it.os_join("Pipfile")))
}

/// Does it end like pipenv's names: a dash and a hash of eight characters (URL-safe base64)?
fn has_hash(name: &str) -> bool {
    let at = name.len().checked_sub(9).filter(|at| *at > 0);
    let hash = at.and_then(|at| name.get(at..)?.strip_prefix('-'));
    hash.is_some_and(|it| {
        it.bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
    })
}

/// The tool that ordered the environment for its own use. The folder's name or a file in it shows it.
pub fn requested_by(prefix: &PyPath) -> Option<&'static str> {
    let path = prefix.lossy();
    let parent = prefix.dirname().basename();
    match parent.bytes() {
        b".tox" => return Some("tox"),
        b".nox" => return Some("nox"),
        _ if path.contains("/hatch/env/") => return Some("hatch"),
        _ => {}
    }
    let records = [
        (".tox-info.json", "tox"),
        ("pipx_metadata.json", "pipx"),
        ("uv-receipt.toml", "uv tool"),
        ("PEX-INFO", "pex"),
    ];
    let left = |record: &str| files::is_file(&prefix.os_join(record));
    records
        .iter()
        .find(|(record, _)| left(record))
        .map(|(_, tool)| *tool)
}

/// The tool in the command that virtualenv wrote: a tool with an installation of its own has a folder with its name.
fn caller(record: &Record) -> Option<(Kind, Evidence)> {
    let tools = [
        ("poetry", Kind::Poetry),
        ("pypoetry", Kind::Poetry),
        ("pipenv", Kind::Pipenv),
        ("pdm", Kind::Pdm),
    ];
    let (python, _) = record.command.as_deref()?.split_once(" -m virtualenv ")?;
    let (tool, kind) = tools
        .into_iter()
        .find(|(tool, _)| python.split('/').any(|folder| folder == *tool))?;
    let python = python.to_owned();
    Some((kind, Evidence::Caller { python, tool }))
}

/// Does the prompt end like Poetry's names? Poetry's default prompt does, and so can any other. Poetry gives an environment one of its own
/// names, or puts it into the project's `.venv`.
fn by_prompt(name: &str, record: &Record) -> Option<(Kind, Evidence)> {
    let prompt = record.prompt.as_deref();
    let prompt = prompt.filter(|_| name == ".venv" || is_poetry_name(name))?;
    without_minor(prompt).filter(|project| !project.is_empty())?;
    let (name, tool) = (PyPath::from(prompt), "Poetry");
    Some((Kind::Poetry, Evidence::Named { name, tool }))
}

/// The tool whose shell we are in, if its file is beside the environment.
fn by_shell(prefix: &PyPath, world: &World) -> Option<(Kind, Evidence)> {
    let in_project = is_in_project(&prefix.basename().lossy());
    let is_beside = |file: &str| files::is_file(&prefix.dirname().os_join(file));
    let mut tools = SHELLS.into_iter().filter(|_| in_project);
    let (variable, file, kind) =
        tools.find(|(variable, file, _)| world.non_empty(variable).is_some() && is_beside(file))?;
    Some((kind, Evidence::Shell { variable, file }))
}

/// Is it a usual name for an environment in the project's folder?
fn is_in_project(name: &str) -> bool {
    matches!(name, ".venv" | "venv")
}

/// The text before `-py3.11` at the end.
fn without_minor(name: &str) -> Option<&str> {
    let (front, minor) = name.rsplit_once("-py")?;
    let is_whole = Minor::at_start(minor)?.to_string() == minor;
    is_whole.then_some(front)
}

/// Is it like `project-AbCd_-12-py3.11`? Poetry's hash has eight characters of URL-safe base64, so it may contain a dash.
fn is_poetry_name(name: &str) -> bool {
    without_minor(name).is_some_and(has_hash)
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

    /// Compares the tool that ordered an environment with this prompt and this command.
    #[track_caller]
    fn check_record(prompt: &str, command: &str, written: Kind, expected: Option<Kind>) {
        let record = Record {
            prompt: Some(prompt.to_owned()),
            command: Some(command.to_owned()),
            ..Record::default()
        };
        let found = kind_by_project_tool(
            &PyPath::from("/x/.venv"),
            written,
            &record,
            &World::default(),
        );
        assert_eq!(found.map(|(kind, _)| kind), expected);
    }

    #[test]
    fn a_prompt_like_poetrys_is_no_sign_in_a_folder_of_any_name() {
        let record = Record {
            prompt: Some("demo-py3.11".to_owned()),
            ..Record::default()
        };
        let kind = |folder: &str| {
            let world = World::default();
            let found = kind_by_project_tool(&folder.into(), Kind::Virtualenv, &record, &world);
            found.map(|(kind, _)| kind)
        };
        assert_eq!(kind("/x/env"), None);
        assert_eq!(kind("/x/.venv"), Some(Kind::Poetry));
        assert_eq!(kind("/own/demo-9TtSrW0h-py3.11"), Some(Kind::Poetry));
    }

    #[test]
    fn the_tool_is_guessed_from_virtualenv_s_record() {
        use Kind::{Pdm, Pipenv, Poetry, Uv, Virtualenv};
        let by = |tool: &str| {
            format!("/home/neo/.local/pipx/venvs/{tool}/bin/python -m virtualenv /x/.venv")
        };
        check_record("demo-py3.11", "", Virtualenv, Some(Poetry));
        check_record("demo-py3.11", "", Uv, None);
        check_record("demo", "", Virtualenv, None);
        check_record("demo", &by("poetry"), Virtualenv, Some(Poetry));
        check_record("demo", &by("pdm"), Virtualenv, Some(Pdm));
        check_record("demo", &by("pipenv"), Virtualenv, Some(Pipenv));
        check_record("demo", &by("virtualenv"), Virtualenv, None);
        check_record(
            "demo",
            "/usr/bin/python3 -m virtualenv /srv/poetry/.venv",
            Virtualenv,
            None,
        );
    }
}
