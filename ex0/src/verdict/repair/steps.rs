//! The small steps: unset a variable, rename a file, make a path absolute.

use super::{Advice, Effect, Patient, Repair, run};
use crate::getpath::python_path;
use crate::support::PyPath;
use crate::support::files;
use crate::support::shell::{Shell, quoted};

pub fn unset(name: &str, patient: &Patient) -> Repair {
    let command = Shell::at_hand(patient.world).unset(name);
    run(command, Effect::Unsets)
}

/// Makes a path absolute, because the user may type the command in another folder.
pub fn absolute(path: &PyPath, patient: &Patient) -> PyPath {
    if path.is_absolute() {
        path.clone()
    } else {
        patient.world.cwd.os_join(path)
    }
}

/// Renames a bad file in its folder.
pub fn aside(path: &PyPath, patient: &Patient) -> Repair {
    let path = absolute(path, patient);
    let kept = path.with_suffix(".off");
    match quoted(&path).zip(quoted(&kept)) {
        Some((from, to)) => run(format!("mv {from} {to}"), Effect::MovesAside(kept)),
        None => Repair::Advise(Advice::CheckSpelling),
    }
}

/// Removes one folder from PYTHONPATH.
pub fn without_entry(folder: &PyPath, patient: &Patient) -> Repair {
    let folders = python_path(patient.world);
    let others: Vec<PyPath> = folders.into_iter().filter(|it| it != folder).collect();
    match quoted(&PyPath::list(&others)) {
        Some(word) if !others.is_empty() => {
            let command = Shell::at_hand(patient.world).export("PYTHONPATH", &word);
            run(command, Effect::Unsets)
        }
        _ => unset("PYTHONPATH", patient),
    }
}

/// Follows the links and returns the last one in the same folder.
pub fn last_own(file: &PyPath) -> PyPath {
    let mut last = file.clone();
    for _ in 0..10 {
        match files::link(&last).filter(|it| !it.bytes().contains(&b'/')) {
            Some(next) if next != *file && next != last.basename() => {
                last = last.dirname().os_join(&next);
            }
            _ => break,
        }
    }
    last
}
