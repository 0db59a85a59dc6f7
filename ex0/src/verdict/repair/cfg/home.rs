//! Which `home` does an environment need? That of the Python that its link leads to, if that Python sees the packages.

use bstr::ByteSlice;

use super::{edit, joins_lines, key};
use crate::pyvenv_cfg::{Cfg, OUR_LIMIT};
use crate::support::PyPath;
use crate::support::files;
use crate::support::version::Flavour;
use crate::verdict::maker;
use crate::verdict::repair::flavour::{contents, flavour_of, libraries, unseen};
use crate::verdict::repair::steps::absolute;
use crate::verdict::repair::{Effect, Patient, Repair, base, run};

/// Changes `home` to the folder of a Python that sees the packages; `None` if the environment's link must change too.
pub fn with_home(path: &PyPath, patient: &Patient) -> Option<Repair> {
    let cfg = read(path, patient)?;
    let folder = cfg.path.dirname();
    let is_copy = !is_link(&folder, patient);
    let copied = patient.flavour.filter(|_| is_copy);
    let (home, flavour) = if is_copy {
        (standing(&folder, patient)?, copied)
    } else {
        let (home, flavour) = linked(&folder, patient)?;
        (home, Some(flavour))
    };
    flavour
        .is_none_or(|it| sees_packages(&folder, it))
        .then_some(())?;
    let unseen = flavour.map_or_else(Vec::new, |it| unseen(&folder, it));
    Some(run(home_edit(&cfg, &home)?, Effect::EditsCfg { unseen }))
}

/// Changes `home` to the folder of the Python that the link leads to, although that one does not see all packages.
pub fn with_other_home(path: &PyPath, patient: &Patient) -> Option<Repair> {
    let cfg = read(path, patient)?;
    let folder = cfg.path.dirname();
    let (home, flavour) = linked(&folder, patient).filter(|_| is_link(&folder, patient))?;
    let unseen = unseen(&folder, flavour);
    Some(run(home_edit(&cfg, &home)?, Effect::EditsCfg { unseen }))
}

fn read(path: &PyPath, patient: &Patient) -> Option<Cfg> {
    let path = absolute(path, patient);
    let bytes = files::bytes(&path, OUR_LIMIT)?;
    Some(Cfg::parse(path, bytes))
}

fn is_link(folder: &PyPath, patient: &Patient) -> bool {
    files::link(&folder.os_join("bin").os_join(patient.file.basename())).is_some()
}

/// Does this Python see the environment's packages? Where no folder has any, every Python does; an empty one beside a full one does not count.
fn sees_packages(folder: &PyPath, flavour: Flavour) -> bool {
    let libraries = libraries(folder);
    let most = libraries.iter().map(|(_, it)| contents(it)).max();
    let is_full = |it: &PyPath| Some(contents(it)) == most;
    let mut full = libraries.iter().filter(|(_, it)| is_full(it));
    most.is_none() || full.any(|(it, _)| *it == flavour)
}

/// The command that changes `home`; `None` if it has this value already, or has no line of its own.
pub fn home_edit(cfg: &Cfg, home: &PyPath) -> Option<String> {
    let differs = |it: &PyPath| it.without_trailing_slashes() != home.without_trailing_slashes();
    cfg.home.as_ref().filter(|it| differs(it))?;
    let mut lines = cfg.bytes.split_str("\n");
    let at = lines.position(|it| key(it).as_deref() == Some("home") && !joins_lines(it))?;
    edit(&cfg.path, &[format!("{}c\\{}", at + 1, home_line(home)?)])
}

/// The folder of the Python that the environment's link leads to, else of another Python of its version; `None` if the link leads to a
/// Python that does not see the packages.
pub fn standing(folder: &PyPath, patient: &Patient) -> Option<PyPath> {
    if let Some((home, flavour)) = linked(folder, patient) {
        return sees_packages(folder, flavour).then_some(home);
    }
    let cfg = maker::cfg_of(folder);
    let flavour = flavour_of(folder, &cfg).or(patient.flavour);
    let wanted = flavour.unwrap_or(Flavour::USUAL);
    let found = base::find(folder, wanted, &cfg, patient.world)?;
    Some(found.python.dirname())
}

/// The folder of the Python that the environment's link leads to, if that Python would start.
fn linked(folder: &PyPath, patient: &Patient) -> Option<(PyPath, Flavour)> {
    let link = folder.os_join("bin").os_join(patient.file.basename());
    let real = files::canonical(&link).filter(|it| it.dirname() != folder.os_join("bin"))?;
    let (binary, _) = base::would_start(&real, |_| true, patient.world)?;
    Some((real.dirname(), binary.flavour()))
}

/// The folders that `home` may mean: as it is written, then without quotes and without bytes that are no text.
pub fn meant(cfg: &Cfg) -> Vec<PyPath> {
    let Some(home) = &cfg.home else {
        return Vec::new();
    };
    let text = home.bytes().to_str_lossy().replace('\u{fffd}', "");
    let latin: String = home.bytes().iter().map(|it| char::from(*it)).collect();
    let plain = |it: &str| PyPath::from(it.trim_matches(['"', '\'', ' ']));
    let mut folders = vec![home.clone(), plain(&text), plain(&latin)];
    folders.retain(PyPath::is_absolute);
    folders
}

/// `home = …`; `None` for a folder that cannot be written in the file.
pub fn home_line(home: &PyPath) -> Option<String> {
    let text = std::str::from_utf8(home.bytes()).ok()?;
    let is_plain = !text.contains(['\n', '\r', '\\', '\0']) && text.trim() == text;
    is_plain.then(|| format!("home = {text}"))
}
