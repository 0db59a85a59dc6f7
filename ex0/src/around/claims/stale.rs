//! Is the folder of a claim an environment at all, and does one of its pythons start?

use super::{Meaning, Truth};
use crate::finding::{Cause, Unusable};
use crate::lookup::{IN_ENVIRONMENT, starts, usable};
use crate::pyvenv_cfg;
use crate::support::PyPath;
use crate::support::files;
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
            Err(Unusable::Closed { folder, .. }) if answer.status() == Status::Isolated => {
                (Truth::Another, Meaning::Closed(folder))
            }
            Err(Unusable::Closed { folder, .. }) => (Truth::NotActivated, Meaning::Closed(folder)),
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

/// Why its python does not start: the first one that is there, else the first one.
fn unusable(pythons: &[PyPath; 2]) -> Cause {
    let why = |it: &PyPath| usable(it).err().unwrap_or(Unusable::Absent);
    let there = pythons.iter().find(|it| why(it) != Unusable::Absent);
    let file = there.unwrap_or(&pythons[0]);
    Cause::not_startable(file, why(file))
}
