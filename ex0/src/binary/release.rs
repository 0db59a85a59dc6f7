//! Which version does an interpreter have that exports none?
//!
//! The header under its prefix may show it, or a version in its constants. The first version that fits the known `X.Y` counts.

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
        let found = (header().map(|it| (it, VersionSource::Header)))
            .or_else(|| Some((self.version_constant()?, VersionSource::Constant)));
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

#[cfg(test)]
mod tests {
    use super::*;

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
