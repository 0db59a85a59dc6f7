//! The small steps: unset a variable, rename a file, make a path absolute.

use super::{Advice, Effect, Patient, Repair, run};
use crate::binary::library_path;
use crate::getpath::python_path;
use crate::support::PyPath;
use crate::support::access;
use crate::support::files;
use crate::support::locale::{Letters, letters};
use crate::support::shell::{Shell, quoted};

pub fn unset(name: &str, patient: &Patient) -> Repair {
    let command = Shell::at_hand(patient.world).unset(name);
    run(command, Effect::ChangesVariable)
}

/// Makes a path absolute, because the user may type the command in another folder.
pub fn absolute(path: &PyPath, patient: &Patient) -> PyPath {
    patient.world.cwd.os_join(path)
}

/// A new name for a file in its folder. No file has it yet.
pub fn spare(path: &PyPath) -> PyPath {
    let mut name = path.with_suffix(".off");
    while access::file_type(&name).is_ok() {
        name = name.with_suffix(".off");
    }
    name
}

/// The commands that move these files away; `None` if a shell cannot spell a path.
pub fn moved(paths: &[PyPath]) -> Option<Vec<String>> {
    let command = |it: &PyPath| Some(format!("mv {} {}", quoted(it)?, quoted(&spare(it))?));
    paths.iter().map(command).collect()
}

/// Renames a bad file in its folder.
pub fn aside(path: &PyPath, patient: &Patient) -> Repair {
    let path = absolute(path, patient);
    let kept = spare(&path);
    match quoted(&path).zip(quoted(&kept)) {
        Some((from, to)) => run(format!("mv {from} {to}"), Effect::MovesAside(kept)),
        None => Repair::Advise(Advice::CheckSpelling),
    }
}

/// Chooses a locale in which Python can decode the file; `None` if there is none.
pub fn in_utf8(path: &PyPath, patient: &Patient) -> Option<Repair> {
    let locale = PyPath::from("C.UTF-8");
    let is_there = || letters(Some(&locale), patient.world) == Letters::Utf8;
    let is_text = files::text(path).is_some_and(|it| !it.contains('\0'));
    (is_text && is_there()).then(|| set_list("LC_ALL", &[locale], patient))
}

/// Removes folders from PYTHONPATH.
pub fn without_entries(unwanted: &[PyPath], patient: &Patient) -> Repair {
    let folders = python_path(patient.world);
    let others: Vec<PyPath> = folders
        .into_iter()
        .filter(|it| !unwanted.contains(it))
        .collect();
    set_list("PYTHONPATH", &others, patient)
}

/// Removes the folder of this library from `LD_LIBRARY_PATH`; `None` if the loader did not find it there.
pub fn without_folder_of(library: &PyPath, program: &PyPath, patient: &Patient) -> Option<Repair> {
    let entries = library_path(program, patient.world);
    let count = entries.len();
    let is_there = |it: &PyPath| it.without_trailing_slashes() == library.dirname();
    let others = entries.into_iter().filter(|(_, it)| !is_there(it));
    let others: Vec<PyPath> = others.map(|(entry, _)| entry).collect();
    (others.len() < count).then(|| set_list("LD_LIBRARY_PATH", &others, patient))
}

/// Sets a variable to a list, or unsets it if the list is empty.
pub fn set_list(name: &str, folders: &[PyPath], patient: &Patient) -> Repair {
    let word = quoted(&PyPath::list(folders)).filter(|_| !folders.is_empty());
    let Some(word) = word else {
        return unset(name, patient);
    };
    let command = Shell::at_hand(patient.world).export(name, &word);
    command.map_or(Repair::Advise(Advice::OtherShell), |it| {
        run(it, Effect::ChangesVariable)
    })
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
