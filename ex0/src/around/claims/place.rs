//! Where is an environment on PATH?

use super::{Meaning, same_folder};
use crate::finding::Cause;
use crate::lookup::{entries, first_on_path, starts, tool_of_shims, usable};
use crate::support::{PyPath, World};
use crate::verdict::Answer;

/// Where is its bin on PATH?
pub fn meaning_on_path(value: &PyPath, answer: &Answer, world: &World) -> Meaning {
    let bin = bin(value);
    let started = answer.found.as_ref().map(|it| it.file.dirname());
    if let Some(running) = answer.running()
        && started.is_some_and(|it| same_folder(&it, &bin))
    {
        let prefix = running.prefix.clone();
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
    let folder = answer.notes.started()?.dirname();
    let tool = tool_of_shims(&folder)?;
    let is_first = place(&folder, world)? < place(&bin(value), world)?;
    is_first.then_some((folder, tool))
}
