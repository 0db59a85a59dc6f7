//! Where is an environment on PATH?

use super::{Meaning, same_folder};
use crate::lookup::{entries, starts, tool_of_shims};
use crate::support::{PyPath, World};
use crate::verdict::Answer;

/// Where is its bin on PATH, and does it have the name that was typed?
pub fn meaning_on_path(value: &PyPath, answer: &Answer, world: &World) -> Meaning {
    let bin = value.without_trailing_slashes().os_join("bin");
    let entries = entries(world);
    let place = |folder: &PyPath| entries.iter().position(|it| same_folder(it, folder));
    let typed = answer
        .found
        .as_ref()
        .map(|it| it.argv0.clone())
        .unwrap_or_default();
    let started = answer.found.as_ref().map(|it| it.file.dirname());
    if let Some(running) = answer.running()
        && started.is_some_and(|it| same_folder(&it, &bin))
    {
        let prefix = running.prefix.clone();
        return Meaning::LeadsElsewhere(prefix);
    }
    let winner = answer
        .found
        .as_ref()
        .and_then(|it| place(&it.file.dirname()));
    let Some(own) = place(&bin) else {
        return Meaning::NotFirst { on_path: false };
    };
    let has = ["python", "python3"].map(PyPath::from);
    let has = has
        .into_iter()
        .find(|it| *it != typed && starts(&bin.os_join(it)));
    match has {
        Some(has) if winner.is_some_and(|it| own < it) && !starts(&bin.os_join(&typed)) => {
            Meaning::FirstWithout { typed, has }
        }
        _ => Meaning::NotFirst { on_path: true },
    }
}

/// The folder of shims in which the shell found Python, if it comes before the environment's bin on PATH.
pub fn shims_before(
    value: &PyPath,
    answer: &Answer,
    world: &World,
) -> Option<(PyPath, &'static str)> {
    let folder = answer.notes.started()?.dirname();
    let tool = tool_of_shims(&folder)?;
    let bin = value.without_trailing_slashes().os_join("bin");
    let entries = entries(world);
    let place = |folder: &PyPath| entries.iter().position(|it| same_folder(it, folder));
    (place(&folder)? < place(&bin)?).then_some((folder, tool))
}
