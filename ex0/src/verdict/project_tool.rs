//! Which tool had the environment made?
//!
//! Poetry, pipenv and PDM let virtualenv do the work. pipenv and PDM leave a file of their own behind; Poetry shows by the names that it
//! gives, and virtualenv writes down the Python that it was called from. What only a name tells is called a guess.
//!
//! Source: environments made by Poetry 2, pipenv 2026 and PDM 2; Poetry's settings `virtualenvs.prompt` and `virtualenvs.path`.

use super::environment::Kind;
use crate::pyvenv_cfg::Record;
use crate::support::PyPath;
use crate::support::World;
use crate::support::files;

/// The tool that had the environment made, and what shows it.
pub fn of(
    prefix: &PyPath,
    written: Kind,
    record: &Record,
    world: &World,
) -> Option<(Kind, String)> {
    let name = prefix.basename().lossy().into_owned();
    let folder = prefix.dirname();
    let in_project = is_in_project(&name);
    // pipenv names them after the project, with a hash behind a dash, or keeps them in the project.
    let project = prefix.os_join(".project");
    if (in_project || name.contains('-')) && files::is_file(&project) {
        let evidence = format!("{} is there, which pipenv writes", project.shown());
        return Some((Kind::Pipenv, evidence));
    }
    if folder.basename().bytes() == b"virtualenvs" && is_poetry_name(&name) {
        let evidence = format!("guess: {name} in a folder virtualenvs is how Poetry names them");
        return Some((Kind::Poetry, evidence));
    }
    if folder.basename().bytes() == b"venvs" && folder.dirname().basename().bytes() == b"pdm" {
        let evidence = format!("guess: {} is where PDM keeps them", folder.shown());
        return Some((Kind::Pdm, evidence));
    }
    let chosen = folder.os_join(".pdm-python");
    let inside = prefix.os_join("");
    let text = files::text(&chosen).filter(|_| in_project);
    if text.is_some_and(|it| it.as_bytes().starts_with(inside.bytes())) {
        let evidence = format!("{} names its python, which PDM writes", chosen.shown());
        return Some((Kind::Pdm, evidence));
    }
    (written == Kind::Virtualenv)
        .then(|| {
            caller(record)
                .or_else(|| by_prompt(record))
                .or_else(|| by_shell(&name, &folder, world))
        })
        .flatten()
}

/// virtualenv writes down how it was called: a tool that was installed by itself has a folder of its name.
fn caller(record: &Record) -> Option<(Kind, String)> {
    let tools = [
        ("poetry", Kind::Poetry),
        ("pypoetry", Kind::Poetry),
        ("pipenv", Kind::Pipenv),
        ("pdm", Kind::Pdm),
    ];
    let (python, _) = record.command.as_deref()?.split_once(" -m virtualenv ")?;
    let (folder, kind) = tools
        .into_iter()
        .find(|(tool, _)| python.split('/').any(|folder| folder == *tool))?;
    let evidence = format!("guess: virtualenv was called by {python}, from a folder {folder}");
    Some((kind, evidence))
}

/// Poetry's own prompt, unless it is told another, ends like the names that it gives.
fn by_prompt(record: &Record) -> Option<(Kind, String)> {
    let prompt = record.prompt.as_ref()?;
    let project = without_minor(prompt).filter(|it| !it.is_empty())?;
    let evidence = format!("guess: Poetry gives an environment of {project} the prompt {prompt}");
    Some((Kind::Poetry, evidence))
}

/// In a project's own folder: the tool whose shell we are in, when its file stands beside the environment.
fn by_shell(name: &str, folder: &PyPath, world: &World) -> Option<(Kind, String)> {
    let tools = [
        ("POETRY_ACTIVE", "poetry.lock", Kind::Poetry),
        ("PIPENV_ACTIVE", "Pipfile", Kind::Pipenv),
    ];
    let (variable, file, kind) = tools.into_iter().find(|(variable, file, _)| {
        is_in_project(name)
            && world.set(variable).is_some()
            && files::is_file(&folder.os_join(file))
    })?;
    let evidence = format!("guess: {variable} is set, and {file} stands beside it");
    Some((kind, evidence))
}

/// The names of environments that are kept in a project's own folder.
fn is_in_project(name: &str) -> bool {
    matches!(name, ".venv" | "venv")
}

/// In a project's own folder the neighbours tell who may have asked for it.
pub fn neighbours(prefix: &PyPath) -> Vec<String> {
    if !is_in_project(&prefix.basename().lossy()) {
        return Vec::new();
    }
    let files = [
        ("poetry.lock", "Poetry"),
        ("Pipfile", "pipenv"),
        ("pdm.lock", "PDM"),
        ("uv.lock", "uv"),
    ];
    let folder = prefix.dirname();
    let beside = files
        .into_iter()
        .filter(|(file, _)| files::is_file(&folder.os_join(file)));
    beside
        .map(|(file, tool)| {
            format!("guess: {file} stands beside it, so {tool} may have asked for it")
        })
        .collect()
}

/// What stands before `-py3.11` at the end.
fn without_minor(name: &str) -> Option<&str> {
    let (front, minor) = name.rsplit_once("-py")?;
    let is_number = |it: &str| !it.is_empty() && it.bytes().all(|b| b.is_ascii_digit());
    let (major, minor) = minor.split_once('.')?;
    (is_number(major) && is_number(minor)).then_some(front)
}

/// `project-AbCd_-12-py3.11`: Poetry's hash is eight characters of URL-safe base64, so it may hold a dash itself.
fn is_poetry_name(name: &str) -> bool {
    let hash = without_minor(name).and_then(|front| {
        let at = front.len().checked_sub(9).filter(|at| *at > 0)?;
        front.get(at..)?.strip_prefix('-')
    });
    hash.is_some_and(|it| {
        it.bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
    })
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

    /// Who asked virtualenv for an environment with this prompt, called like this.
    #[track_caller]
    fn check_record(prompt: &str, command: &str, written: Kind, expected: Option<Kind>) {
        let record = Record {
            prompt: Some(prompt.to_owned()),
            command: Some(command.to_owned()),
            ..Record::default()
        };
        let found = of(
            &PyPath::from("/x/.venv"),
            written,
            &record,
            &World::default(),
        );
        assert_eq!(found.map(|(kind, _)| kind), expected);
    }

    #[test]
    fn virtualenv_s_record_lets_guess_who_called_it() {
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
