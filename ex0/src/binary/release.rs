//! Which version does an interpreter have that exports none?
//!
//! Several files may show it: the header under its prefix, the records of the build or of the installer, a version in its constants. The
//! first version that fits the known `X.Y` counts. The sources are never mixed.

use serde_json::Value;

use super::Binary;
use super::constants::text_at;
use crate::finding::VersionSource;
use crate::support::PyPath;
use crate::support::files;
use crate::support::version::{Implementation, Minor, Version};

impl Binary {
    /// Fills in the `X.Y.Z` of an interpreter that exports none.
    pub fn find_version(&mut self, base_prefix: &PyPath) {
        if self.version.is_some() {
            return;
        }
        let minor = self.minor;
        let fits = |version: &Version| version.minor == minor;
        let folders = match self.implementation {
            // Before 3.8 an `m` showed an optional memory allocator.
            Implementation::Cpython if minor < Minor(3, 8) => {
                vec![format!("python{minor}m"), format!("python{minor}")]
            }
            Implementation::Cpython => vec![format!("python{minor}")],
            Implementation::Pypy => vec![format!("pypy{minor}"), String::new()],
        };
        let below = |prefix: &PyPath| {
            let include = prefix.os_join("include");
            let mut headers = folders
                .iter()
                .map(|it| include.os_join(it).os_join("patchlevel.h"));
            let version = headers.find_map(|it| in_header(&files::text(&it)?));
            version.filter(fits)
        };
        let compiled = || match self.implementation {
            Implementation::Cpython => self.compiled_prefix(),
            Implementation::Pypy => None,
        };
        let header = || below(base_prefix).or_else(|| below(&compiled()?));
        let library = base_prefix.os_join(format!("lib/python{minor}"));
        let details = || build_details(&library).filter(fits);
        let record = || conda_record(base_prefix).filter(fits);
        let constant = || self.version_constant();
        let found = (header().map(|it| (it, VersionSource::Header)))
            .or_else(|| Some((details()?, VersionSource::BuildDetails)))
            .or_else(|| Some((record()?, VersionSource::CondaRecord)))
            .or_else(|| Some((constant()?, VersionSource::Constant)));
        if let Some((version, source)) = found {
            (self.version, self.source) = (Some(version), source);
        }
    }

    /// PyPy has a constant such as "3.9.16 (7.3.11". CPython has "3.9.2", perhaps as the end of a longer text: the linker merges texts.
    fn version_constant(&self) -> Option<Version> {
        let minor = self.minor;
        let needle = format!("{minor}.");
        self.elf.search(needle.as_bytes(), |window, at| {
            let text = text_at(window, at);
            let version = Version::at_start(&text)?;
            let rest = text.strip_prefix(&version.to_string())?;
            let whole = match self.implementation {
                Implementation::Cpython => {
                    matches!(window.get(at.wrapping_sub(1)), Some(0 | b'-' | b'/'))
                        && matches!(rest, "" | "+")
                }
                Implementation::Pypy => {
                    rest.starts_with(" (") && rest[2..].starts_with(|c: char| c.is_ascii_digit())
                }
            };
            whole.then_some(version)
        })
    }
}

/// `#define PY_VERSION "3.10.13"`.
fn in_header(text: &str) -> Option<Version> {
    let line = text.lines().find_map(|line| {
        line.trim()
            .strip_prefix("#define PY_VERSION ")?
            .trim()
            .strip_prefix('"')
    })?;
    Version::at_start(line)
}

/// The version in a library folder, since 3.14. Source: PEP 739. Debian puts the architecture into the file's name:
/// `build-details..x86_64-linux-gnu.json`.
fn build_details(stdlib: &PyPath) -> Option<Version> {
    let name = files::names(stdlib, 10_000).into_iter().find(|it| {
        let name = it.lossy();
        name.starts_with("build-details.") && name.ends_with(".json")
    })?;
    let details: Value = serde_json::from_str(&files::text(&stdlib.join(&name))?).ok()?;
    // The interpreter, not the language. CPython writes `PY_VERSION_HEX` in addition to the fields of the PEP.
    Version::from_hex(details["implementation"]["hexversion"].as_u64()?)
}

/// The version in the name of `conda-meta/python-3.9.18-….json`.
fn conda_record(prefix: &PyPath) -> Option<Version> {
    let names = files::names(&prefix.os_join("conda-meta"), 10_000);
    names
        .iter()
        .find_map(|name| Version::at_start(name.lossy().strip_prefix("python-")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_conda_s_record_contains_the_version() {
        let folder = tempfile::tempdir().unwrap();
        let prefix = PyPath::from(folder.path());
        assert_eq!(conda_record(&prefix), None);
        std::fs::create_dir(folder.path().join("conda-meta")).unwrap();
        for name in [
            "history",
            "python-dateutil-2.8.json",
            "python-3.9.18-h0755675_0.json",
        ] {
            std::fs::write(folder.path().join("conda-meta").join(name), "").unwrap();
        }
        assert_eq!(conda_record(&prefix).unwrap().to_string(), "3.9.18");
    }

    #[test]
    fn build_details_are_read_under_both_names() {
        for name in ["build-details.json", "build-details..x86_64-linux-gnu.json"] {
            let folder = tempfile::tempdir().unwrap();
            let stdlib = PyPath::from(folder.path());
            assert_eq!(build_details(&stdlib), None);
            let write = |text: &str| std::fs::write(folder.path().join(name), text).unwrap();
            write(r#"{"implementation": {"name": "cpython", "hexversion": 51251952}}"#);
            assert_eq!(build_details(&stdlib).unwrap().to_string(), "3.14.10");
            write(r#"{"implementation": {"hexversion": -1}}"#);
            assert_eq!(build_details(&stdlib), None);
            write("[");
            assert_eq!(build_details(&stdlib), None);
        }
    }

    #[test]
    fn the_header_has_the_whole_version() {
        assert_eq!(
            in_header("#define PY_MAJOR 3\n#define PY_VERSION      \t\"3.10.13\"\n")
                .unwrap()
                .to_string(),
            "3.10.13"
        );
        assert_eq!(in_header("#define PY_VERSION_HEX 3"), None);
    }
}
