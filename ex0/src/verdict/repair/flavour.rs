//! Which Pythons see an environment's packages? Those of one implementation, one version and one kind of threading: the folder of packages
//! has all three in its name.

use crate::pyvenv_cfg::Cfg;
use crate::support::PyPath;
use crate::support::files;
use crate::support::version::{Flavour, Implementation, Minor};

/// The folders of packages in an environment, each with the Pythons that see it.
pub fn libraries(folder: &PyPath) -> Vec<(Flavour, PyPath)> {
    let lib = folder.os_join("lib");
    let names = files::names(&lib, 100);
    let versions = names.iter().filter_map(|name| {
        let name = name.lossy();
        let (flavour, _) = Flavour::at_start(&name)?;
        let packages = lib.os_join(&*name).os_join("site-packages");
        files::is_dir(&packages).then_some((flavour, packages))
    });
    versions.collect()
}

/// What is in a folder of packages?
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Contents {
    /// Nothing but what a maker puts there and nobody misses.
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

pub fn contents(packages: &PyPath) -> Contents {
    let names = files::names(packages, 10_000);
    let of = |name: &PyPath| {
        // `pip-25.0.dist-info` is of pip.
        let name = name.lossy().into_owned();
        match name.split(['-', '.']).next() {
            Some("_virtualenv" | "__pycache__") => Contents::Nothing,
            Some(project) if OF_MAKERS.contains(&project) => Contents::Pip,
            _ => Contents::Packages,
        }
    };
    names.iter().map(of).max().unwrap_or(Contents::Nothing)
}

/// The folders of packages that these Pythons do not see. Where their own folder has a pip, another pip is no loss.
pub fn unseen(folder: &PyPath, by: Flavour) -> Vec<PyPath> {
    let mut others = libraries(folder);
    others.retain(|(it, _)| *it != by);
    if others.is_empty() {
        return Vec::new();
    }
    let no_loss = contents(&packages_of(folder, by)).min(Contents::Pip);
    let others = others.into_iter().map(|(_, it)| it);
    others.filter(|it| contents(it) > no_loss).collect()
}

/// The folder of packages that these Pythons see.
pub fn packages_of(folder: &PyPath, flavour: Flavour) -> PyPath {
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
        check(&[], "", "");
    }
}
