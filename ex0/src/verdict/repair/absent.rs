//! What can the user do if no Python was found?

use super::commands::{names_python, or_anew, relink};
use super::{Advice, Effect, Patient, Repair, run};
use crate::finding::Missing;
use crate::lookup::first_on_path;
use crate::pyvenv_cfg::is_environment;
use crate::support::shell::{Shell, quoted};
use crate::support::{PyPath, World};

/// The repair if no Python was found.
pub fn for_missing(missing: &Missing, patient: &Patient) -> Repair {
    let advice = match missing {
        Missing::NothingOnPath(_) => Advice::InstallPython,
        Missing::NotOnPath(name) if names_python(name.bytes()) => {
            other_name(name, patient.world).map_or(Advice::InstallPython, Advice::AskFor)
        }
        Missing::IsVersion {
            name: Some(name), ..
        } => Advice::AskFor(name.clone()),
        Missing::FolderWithoutPython(folder) if is_environment(folder) => {
            let missing = Patient::unknown(&folder.os_join("bin/python3"), patient.world);
            return or_anew(relink(&missing), &missing);
        }
        Missing::NotOnPath(_)
        | Missing::NoSuchFile(_)
        | Missing::IsVersion { name: None, .. }
        | Missing::FolderWithoutPython(_) => Advice::CheckSpelling,
        Missing::ShimWithoutVersion { installed, .. } => {
            if let Some(word) = installed.as_ref().and_then(quoted) {
                let command = Shell::at_hand(patient.world).export("PYENV_VERSION", &word);
                return run(command, Effect::ChangesVariable);
            }
            Advice::InstallVersion
        }
    };
    Repair::Advise(advice)
}

/// The other name of the same Python, if that one is on PATH: `python3` for `python`.
fn other_name(name: &PyPath, world: &World) -> Option<PyPath> {
    let names = [("python", "python3"), ("pypy", "pypy3")];
    let both = names.iter().flat_map(|&(a, b)| [(a, b), (b, a)]);
    let (_, other) = both
        .into_iter()
        .find(|(it, _)| name.bytes() == it.as_bytes())?;
    first_on_path(other, world).map(|it| it.basename())
}
