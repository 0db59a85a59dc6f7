//! Which Pythons see an environment's packages? Those of one implementation, one version and one kind of threading: the folder of packages
//! has all three in its name.

use std::fmt;

use crate::binary::Binary;
use crate::pyvenv_cfg::Cfg;
use crate::support::PyPath;
use crate::support::files;
use crate::support::version::{Implementation, Minor};

/// Pythons that see the same packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flavour {
    pub implementation: Implementation,
    pub free_threaded: bool,
    /// `None`: of any version.
    pub minor: Option<Minor>,
}

impl Flavour {
    /// Any Python of python.org, as it is usually built.
    pub const USUAL: Self = Self {
        implementation: Implementation::Cpython,
        free_threaded: false,
        minor: None,
    };

    pub fn of(binary: &Binary) -> Self {
        Self {
            implementation: binary.implementation,
            free_threaded: binary.build.free_threaded,
            minor: Some(binary.minor),
        }
    }

    /// The flavour that sees this folder of `lib`: `python3.13t`, `pypy3.9`.
    fn of_folder(name: &str) -> Option<Self> {
        let (implementation, version) = match name.strip_prefix("pypy") {
            Some(version) => (Implementation::Pypy, version),
            None => (Implementation::Cpython, name.strip_prefix("python")?),
        };
        Some(Self {
            implementation,
            free_threaded: version.ends_with('t'),
            minor: Some(Minor::at_start(version)?),
        })
    }

    /// The same, of any version.
    pub fn of_any_version(self) -> Self {
        Self {
            minor: None,
            ..self
        }
    }

    pub fn fits(self, binary: &Binary) -> bool {
        let own = Self::of(binary);
        own == self || own.of_any_version() == self
    }

    /// The names of such a Python, the best first.
    pub fn names(self) -> Vec<String> {
        let usual = match self.implementation {
            Implementation::Cpython => ["python3"].as_slice(),
            Implementation::Pypy => &["pypy3", "python3"],
        };
        let exact = self.minor.map(|_| self.to_string());
        exact
            .into_iter()
            .chain(usual.iter().map(|it| (*it).to_owned()))
            .collect()
    }
}

/// The name of its folder in `lib`.
impl fmt::Display for Flavour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.implementation {
            Implementation::Cpython => "python",
            Implementation::Pypy => "pypy",
        })?;
        let t = if self.free_threaded { "t" } else { "" };
        self.minor.map_or(Ok(()), |minor| write!(f, "{minor}{t}"))
    }
}

/// The folders of packages in an environment, each with the Pythons that see it.
pub fn libraries(folder: &PyPath) -> Vec<(Flavour, PyPath)> {
    let lib = folder.os_join("lib");
    let names = files::names(&lib, 100);
    let versions = names.iter().filter_map(|name| {
        let flavour = Flavour::of_folder(&name.lossy())?;
        let packages = lib.os_join(name).os_join("site-packages");
        files::is_dir(&packages).then_some((flavour, packages))
    });
    versions.collect()
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
    // The one in pyvenv.cfg comes first, then one of the same version, then the newest.
    let rank = |it: &Flavour| (written == Some(*it), it.minor == remembered, it.minor);
    let seen = libraries(folder).into_iter().map(|(it, _)| it);
    seen.max_by_key(rank).or(written)
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
