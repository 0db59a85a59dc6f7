//! Is the folder of a claim an environment, does one of its pythons start, and where is it on PATH?

use super::{Meaning, Truth, same_folder, unless_another};
use crate::finding::{Cause, Unusable};
use crate::lookup::{IN_ENVIRONMENT, entries, first_on_path, starts, tool_of_shims, usable};
use crate::pyvenv_cfg;
use crate::support::files;
use crate::support::{PyPath, World};
use crate::verdict::{Answer, Status, old_virtualenv};

/// What is wrong with the folder itself: it is no environment, or none of its pythons starts.
pub fn stale(value: &PyPath, conda: bool, answer: &Answer) -> Option<(Truth, Meaning)> {
    let mark = if conda {
        "conda-meta"
    } else {
        pyvenv_cfg::NAME
    };
    let file = value.os_join(mark);
    let is_marked = files::exists(&file) || (!conda && old_virtualenv(value).is_some());
    if !is_marked {
        return Some(match usable(&file) {
            Err(Unusable::Closed { folder, .. }) => {
                let truth = unless_another(answer, Truth::NotActivated);
                (truth, Meaning::Closed(folder))
            }
            _ if files::is_dir(value) => (Truth::Stale, Meaning::NoMark(mark)),
            _ => (Truth::Stale, Meaning::NoFolder),
        });
    }
    let [with_3, without, on_windows] = IN_ENVIRONMENT.map(|it| value.os_join(it));
    let pythons = [with_3, without];
    if !pythons.iter().any(starts) {
        return Some(if conda {
            (Truth::NotActivated, Meaning::CondaWithoutPython)
        } else if files::is_file(&on_windows) {
            (Truth::Stale, Meaning::MadeOnWindows)
        } else {
            (Truth::Stale, Meaning::PythonGone(unusable(&pythons)))
        });
    }
    let is_broken = answer.status() == Status::Broken;
    let is_its_own = is_broken && answer.executable().is_some_and(|it| pythons.contains(it));
    is_its_own.then_some((Truth::Stale, Meaning::CannotStart))
}

/// Is it the environment that is used, but by a Python from elsewhere? It searches PATH for its own name, as the shell does, and finds a
/// file that this user may not execute.
pub fn taken(answer: &Answer) -> Option<Meaning> {
    let (running, found) = (answer.running()?, answer.found.as_ref()?);
    let own = &running.base.executable;
    if !running.is_isolated() || running.base.sent_by.is_some() || *own == found.file {
        return None;
    }
    let why = usable(own).err()?;
    Some(Meaning::TakenBy {
        file: found.file.clone(),
        own: Cause::not_startable(own, why),
    })
}

/// Why its python does not start: the first one that is there, else the first one.
fn unusable(pythons: &[PyPath; 2]) -> Cause {
    let why = |it: &PyPath| usable(it).err().unwrap_or(Unusable::Absent);
    let there = pythons.iter().find(|it| why(it) != Unusable::Absent);
    let file = there.unwrap_or(&pythons[0]);
    Cause::not_startable(file, why(file))
}

/// Where is its bin on PATH?
pub fn meaning_on_path(value: &PyPath, answer: &Answer, world: &World) -> Meaning {
    let bin = bin(value);
    let started = answer.found.as_ref().map(|it| it.file.dirname());
    if let Some(running) = answer.running()
        && started.is_some_and(|it| same_folder(&it, &bin))
    {
        let prefix = running.site.prefix.clone();
        return Meaning::LeadsElsewhere(prefix);
    }
    let on_path = place(&bin, world).is_some();
    Meaning::NotFirst { on_path }
}

/// Does its bin come before the Python that starts, but the name that was typed does not start there?
pub fn first_without(value: &PyPath, answer: &Answer, world: &World) -> Option<Meaning> {
    let bin = bin(value);
    let found = answer.found.as_ref()?;
    let file = bin.os_join(&found.argv0);
    let is_first = place(&bin, world)? < place(&found.file.dirname(), world)?;
    let why = usable(&file).err().filter(|_| is_first)?;
    let names = ["python", "python3"].map(PyPath::from);
    let has = names.into_iter().find(|it| starts(&bin.os_join(it)))?;
    let typed = Cause::NotStartable { file, why };
    Some(Meaning::FirstWithout { typed, has })
}

/// Does typing `python3`, or `python` if there is none, start its python?
pub fn is_active(value: &PyPath, world: &World) -> bool {
    let mut names = ["python3", "python"].into_iter();
    let typed = names.find_map(|it| first_on_path(it, world));
    typed.is_some_and(|it| same_folder(&it.dirname(), &bin(value)))
}

fn bin(value: &PyPath) -> PyPath {
    value.without_trailing_slashes().os_join("bin")
}

/// The number of a folder on PATH.
fn place(folder: &PyPath, world: &World) -> Option<usize> {
    let entries = entries(world);
    entries.iter().position(|it| same_folder(it, folder))
}

/// The folder of shims in which the shell found Python, if it comes before the environment's bin on PATH.
pub fn shims_before(
    value: &PyPath,
    answer: &Answer,
    world: &World,
) -> Option<(PyPath, &'static str)> {
    let folder = answer.started.as_ref()?.file.dirname();
    let tool = tool_of_shims(&folder)?;
    let is_first = place(&folder, world)? < place(&bin(value), world)?;
    is_first.then_some((folder, tool))
}
