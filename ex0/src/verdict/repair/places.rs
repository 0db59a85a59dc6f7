//! May this user write where a repair writes? If not, the owner must do it.

use super::steps::{absolute, last_own};
use super::{Advice, Effect, Patient, Repair, cfg, run};
use crate::finding::Cause;
use crate::pyvenv_cfg::{NAME, environment_of};
use crate::support::PyPath;
use crate::support::access;
use crate::support::files;
use crate::support::shell::quoted;
use crate::support::version::Flavour;
use crate::verdict::maker;

/// What the owner of a file or folder may do with it.
const READ: u32 = 0o400;
const WRITE: u32 = 0o200;
const EXECUTE: u32 = 0o100;

/// The scripts that a maker writes again.
const SCRIPTS: [&str; 7] = [
    "activate",
    "activate.csh",
    "activate.fish",
    "activate.nu",
    "activate.xsh",
    "activate.ps1",
    "Activate.ps1",
];

/// The first folder in which the command changes something and this user may not.
pub fn closed_to(effect: &Effect, cause: &Cause, patient: &Patient) -> Option<PyPath> {
    let places = match effect {
        // sed writes a new file and renames it.
        Effect::EditsCfg { .. } => vec![files::real(&edited(cause, patient)?).dirname_or_root()],
        Effect::RewritesCfg(kept) | Effect::MovesAside(kept) => vec![kept.dirname_or_root()],
        Effect::RemovesLink => vec![absolute(cause.path()?, patient).dirname_or_root()],
        Effect::Relinks { python, kept, .. } => {
            let bin = absolute(&last_own(&patient.file), patient).dirname();
            let cfg = maker::cfg_of(&bin.dirname());
            let is_edited = cfg::home_edit(&cfg, &python.dirname()).is_some();
            let edited = Some(files::real(&cfg.path).dirname()).filter(|_| is_edited);
            let mut places: Vec<PyPath> = kept.iter().map(PyPath::dirname).collect();
            places.extend(edited);
            places.push(if files::is_dir(&bin) {
                bin
            } else {
                bin.dirname()
            });
            places
        }
        // Only its owner gets such a command.
        Effect::MakesExecutable | Effect::MakesReadable | Effect::AdmitsOwner => {
            let file = absolute(cause.path()?, patient);
            return Some(file).filter(access::is_read_only);
        }
        Effect::MakesAnew { .. } | Effect::ChangesVariable => return None,
    };
    let mut places = places.into_iter();
    places.find(|it| files::is_dir(it) && !access::may_write(it))
}

/// Who can give this user access? The owner. If that is this user, a command does.
pub fn ask(path: PyPath) -> Repair {
    let is_mine = access::bars_its_owner(&path, READ | WRITE);
    Repair::Advise(match quoted(&path) {
        _ if access::is_read_only(&path) => Advice::ReadOnly(path),
        Some(word) if is_mine => return run(format!("chmod u+rwX {word}"), Effect::AdmitsOwner),
        _ => Advice::AskOwner(path),
    })
}

/// Lets its owner execute this file, or enter this folder and those in it on the way to the Python; `None` if that is not what is missing.
pub fn admit(path: &PyPath, patient: &Patient) -> Option<Repair> {
    let file = absolute(&patient.file, patient);
    let path = absolute(path, patient);
    let is_below = |it: &PyPath| *it != path && it.is_inside(&path);
    let mut closed: Vec<PyPath> = file.climb().skip(1).take_while(is_below).collect();
    closed.push(path);
    closed.reverse();
    access::bars_its_owner(&closed[0], EXECUTE).then_some(())?;
    let words: Option<Vec<String>> = closed.iter().map(quoted).collect();
    let command = format!("chmod u+x {}", words?.join(" "));
    Some(run(command, Effect::AdmitsOwner))
}

/// The pyvenv.cfg that is edited.
fn edited(cause: &Cause, patient: &Patient) -> Option<PyPath> {
    let named = cause
        .path()
        .filter(|it| it.basename().bytes() == NAME.as_bytes());
    let own = || Some(maker::cfg_of(&environment_of(&patient.file)?).path);
    named.cloned().or_else(own).map(|it| absolute(&it, patient))
}

/// The first file or folder that a maker changes and this user may not, when it makes this environment again for these Pythons.
pub fn closed_to_maker(folder: &PyPath, of: Flavour) -> Option<PyPath> {
    let (bin, lib) = (folder.os_join("bin"), folder.os_join("lib"));
    let versions = lib.os_join(of.to_string());
    let packages = versions.os_join("site-packages");
    let mut folders = [folder.clone(), bin.clone(), lib, versions, packages].into_iter();
    // What is missing is made in the folder before it.
    let closed = folders.find(|it| access::may_write_if_there(it) == Some(false));
    let scripts = SCRIPTS.iter().map(|it| bin.os_join(it));
    let mut written = scripts.chain([folder.os_join(NAME)]);
    closed
        .filter(files::is_dir)
        .or_else(|| written.find(|it| files::is_file(it) && !access::may_overwrite(it)))
}
