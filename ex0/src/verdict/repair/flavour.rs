//! Which Pythons see an environment's packages? Those of one implementation, one version and one kind of threading: the folder of packages
//! has all three in its name.

use std::collections::BTreeSet;

use crate::pyvenv_cfg::Cfg;
use crate::support::PyPath;
use crate::support::files;
use crate::support::version::{Flavour, Implementation, Minor};

/// The folders of packages in an environment, each with the Pythons that see it.
pub fn libraries(folder: &PyPath) -> Vec<(Flavour, PyPath)> {
    libraries_for(folder, |_| true)
}

/// Only those for Pythons that `fits` accepts.
fn libraries_for(folder: &PyPath, fits: impl Fn(Flavour) -> bool) -> Vec<(Flavour, PyPath)> {
    let lib = folder.os_join("lib");
    let names = files::names(&lib, 100);
    let versions = names.iter().filter_map(|name| {
        let name = name.lossy();
        let (flavour, _) = Flavour::at_start(&name)?;
        // Nobody sees the packages in `python3.12-old`.
        let is_library = flavour.to_string() == name;
        (is_library && fits(flavour)).then_some(())?;
        let packages = lib.os_join(&*name).os_join("site-packages");
        files::is_dir(&packages).then_some((flavour, packages))
    });
    versions.collect()
}

/// What is in a folder of packages?
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub enum Contents {
    Nothing,
    /// Only what a maker installs.
    Pip,
    Packages,
}

/// What a maker installs in each environment.
const OF_MAKERS: [&str; 7] = [
    "pip",
    "setuptools",
    "wheel",
    "pkg_resources",
    "_distutils_hack",
    "distutils",
    "easy_install",
];

/// The first part of each name: `neo` is in `neo.py` and in `neo-1.0.dist-info`. What nobody misses is left out.
fn first_parts(packages: &PyPath) -> BTreeSet<String> {
    let names = files::names(packages, 10_000);
    let parts = names.iter().filter_map(|it| {
        let part = it.lossy().split(['-', '.']).next()?.to_owned();
        let is_missed = !["_virtualenv", "__pycache__", ""].contains(&part.as_str());
        is_missed.then_some(part)
    });
    parts.collect()
}

fn is_of_maker(part: &str) -> bool {
    OF_MAKERS.contains(&part)
}

pub fn contents(packages: &PyPath) -> Contents {
    let parts = first_parts(packages);
    if parts.is_empty() {
        Contents::Nothing
    } else if parts.iter().all(|it| is_of_maker(it)) {
        Contents::Pip
    } else {
        Contents::Packages
    }
}

/// The folders with packages that these Pythons do not see, neither there nor in their own folder.
pub fn unseen(folder: &PyPath, by: Flavour) -> Vec<PyPath> {
    let others = libraries_for(folder, |it| it != by);
    if others.is_empty() {
        return Vec::new();
    }
    let own = first_parts(&packages_of(folder, by));
    let is_lost = |it: &String| !own.contains(it) && (own.is_empty() || !is_of_maker(it));
    let others = others.into_iter().map(|(_, it)| it);
    others
        .filter(|it| first_parts(it).iter().any(is_lost))
        .collect()
}

/// Was the environment made, or made again, for these Pythons? Then its maker made their folder of packages, and wrote their version; or
/// something is installed there.
pub fn is_made_for(folder: &PyPath, cfg: &Cfg, of: Flavour) -> bool {
    let packages = packages_of(folder, of);
    let written = cfg.record.version.as_deref().and_then(Minor::at_start);
    let is_written = written.is_some() && written == of.minor;
    (is_written && files::is_dir(&packages)) || contents(&packages) >= Contents::Pip
}

/// The folder of packages that these Pythons see.
fn packages_of(folder: &PyPath, flavour: Flavour) -> PyPath {
    folder.os_join(format!("lib/{flavour}/site-packages"))
}

/// The Pythons that an environment was made for: those that see its packages, else those in pyvenv.cfg.
pub fn flavour_of(folder: &PyPath, cfg: &Cfg) -> Option<Flavour> {
    let remembered = cfg.record.version.as_deref().and_then(Minor::at_start);
    let implementation = match cfg.record.implementation.as_deref() {
        Some("PyPy") => Implementation::Pypy,
        _ => Implementation::Cpython,
    };
    let written = remembered.map(|_| Flavour {
        implementation,
        minor: remembered,
        ..Flavour::USUAL
    });
    // An empty folder may be of another Python that should have made it again. Then the one in pyvenv.cfg comes first, then one of the same
    // version, then the newest.
    let rank = |(it, packages): &(Flavour, PyPath)| {
        let is_written = written == Some(*it);
        (
            contents(packages),
            is_written,
            it.minor == remembered,
            it.minor,
        )
    };
    let seen = libraries(folder).into_iter().max_by_key(rank);
    seen.map(|(it, _)| it).or(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares the flavour of an environment that has these folders in `lib` and this pyvenv.cfg.
    #[track_caller]
    fn check(folders: &[&str], cfg: &str, expected: &str) {
        let folder = tempfile::tempdir().unwrap();
        for name in folders {
            let packages = folder.path().join("lib").join(name).join("site-packages");
            std::fs::create_dir_all(packages).unwrap();
        }
        let cfg = Cfg::parse("pyvenv.cfg".into(), cfg.into());
        let found = flavour_of(&folder.path().into(), &cfg);
        let found = found.map(|it| it.to_string()).unwrap_or_default();
        assert_eq!(found, expected, "{folders:?} {:?}", cfg.bytes);
    }

    #[test]
    fn the_folder_of_packages_names_the_pythons_that_see_it() {
        check(&["python3.12"], "version = 3.12.1\n", "python3.12");
        check(&["python3.13t"], "version = 3.13.0\n", "python3.13t");
        check(&["pypy3.9"], "version = 3.9.16\n", "pypy3.9");
        let by_uv = "implementation = PyPy\nversion_info = 3.9.16\n";
        check(&["pypy3.9", "python3.9"], by_uv, "pypy3.9");
        check(&[], by_uv, "pypy3.9");
        check(&["python3.9", "python3.12"], "", "python3.12");
        check(
            &["python3.9", "python3.12-default", "python3.12test"],
            "",
            "python3.9",
        );
        check(&[], "", "");
    }
}
