//! How is a Python version written?
//!
//! Source: CPython `Include/patchlevel.h` (`PY_VERSION_HEX`), PEP 440.

use std::fmt;

use serde::{Serialize, Serializer};

/// Which project wrote the interpreter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Implementation {
    /// The interpreter of python.org.
    Cpython,
    /// The interpreter of pypy.org.
    Pypy,
}

/// `X.Y`. Folders have it in their names, and it decides which rules apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Minor(pub u8, pub u8);

impl fmt::Display for Minor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

/// The digits at the start of a text, and the text after them.
fn digits(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit());
    text.split_at(end.unwrap_or(text.len()))
}

impl Minor {
    /// Reads `X.Y` at the start of a text.
    pub fn at_start(text: &str) -> Option<Self> {
        let (major, rest) = text.split_once('.')?;
        let (minor, _) = digits(rest);
        Some(Self(major.parse().ok()?, minor.parse().ok()?))
    }
}

/// Pythons that see the same packages: they have one implementation, one version and one kind of threading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flavour {
    pub implementation: Implementation,
    /// Built without the global lock.
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

    /// Reads `python3.13t` or `pypy3.9` at the start of a text. Also returns what follows after the version.
    pub fn at_start(text: &str) -> Option<(Self, &str)> {
        let (implementation, version) = match text.strip_prefix("pypy") {
            Some(version) => (Implementation::Pypy, version),
            None => (Implementation::Cpython, text.strip_prefix("python")?),
        };
        let minor = Minor::at_start(version)?;
        let rest = version.strip_prefix(&minor.to_string())?;
        let flavour = Self {
            implementation,
            free_threaded: rest.starts_with('t'),
            minor: Some(minor),
        };
        Some((flavour, rest))
    }

    /// Is it one of these Pythons?
    pub fn includes(self, python: Self) -> bool {
        python == self || python.of_any_version() == self
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

    /// The same, of any version.
    pub fn of_any_version(self) -> Self {
        Self {
            minor: None,
            ..self
        }
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

/// `X.Y.Z`, and before a release a suffix such as `rc1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// `X.Y`.
    pub minor: Minor,
    /// `Z`.
    pub micro: u8,
    /// `a1`, `b2`, `rc3`; empty for a release.
    pub suffix: String,
}

impl Version {
    /// Reads `PY_VERSION_HEX`, which has one or half a byte per part.
    pub fn from_hex(hex: u64) -> Option<Self> {
        let hex = u32::try_from(hex).ok()?;
        let [major, minor, micro, release] = hex.to_be_bytes();
        let serial = release & 15;
        let suffix = match release >> 4 {
            0xa => format!("a{serial}"),
            0xb => format!("b{serial}"),
            0xc => format!("rc{serial}"),
            0xf => String::new(),
            _ => return None,
        };
        Some(Self {
            minor: Minor(major, minor),
            micro,
            suffix,
        })
    }

    /// Reads a text such as `3.12.1`, `3.13.0rc1` or `3.9.2+`. It ignores the rest of the text.
    pub fn at_start(text: &str) -> Option<Self> {
        let minor = Minor::at_start(text)?;
        let rest = text.strip_prefix(&format!("{minor}."))?;
        let (micro, rest) = digits(rest);
        let suffix = ["rc", "a", "b"].iter().find_map(|letters| {
            let (serial, _) = digits(rest.strip_prefix(letters)?);
            (!serial.is_empty()).then(|| format!("{letters}{serial}"))
        });
        Some(Self {
            minor,
            micro: micro.parse().ok()?,
            suffix: suffix.unwrap_or_default(),
        })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}{}", self.minor, self.micro, self.suffix)
    }
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Orders the names of versions: a release before a preview, then by number. A name without a number comes last.
pub fn newest_release(name: &str) -> (bool, Vec<u64>) {
    (is_final(name) && !ends_in_t(name), numbers(name))
}

/// Is it free-threaded?
pub fn ends_in_t(name: &str) -> bool {
    let rest = name.strip_suffix('t');
    rest.is_some_and(|it| it.ends_with(|c: char| c.is_ascii_digit()))
}

/// Is it no preview, and no version that is still written?
pub fn is_final(name: &str) -> bool {
    let ends_in = |name: &str, ends: [&str; 3]| ends.iter().any(|it| name.ends_with(it));
    let last = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let preview = last.len() < name.len() && ends_in(last, ["a", "b", "rc"]);
    !preview && !ends_in(name, ["-dev", "-src", "-latest"])
}

/// The numbers in a name; 0 for what is none.
pub fn numbers(name: &str) -> Vec<u64> {
    name.split(['.', '-', 't'])
        .map(|it| it.parse().unwrap_or(0))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_hex(hex: u64, expected: Option<&str>) {
        assert_eq!(
            Version::from_hex(hex).map(|it| it.to_string()).as_deref(),
            expected
        );
    }

    #[test]
    fn the_hex_form_has_every_part() {
        check_hex(0x030b_02f0, Some("3.11.2"));
        check_hex(0x030d_00c1, Some("3.13.0rc1"));
        check_hex(0x030e_00a7, Some("3.14.0a7"));
        check_hex(0x030b_0200, None);
        check_hex(u64::MAX, None);
    }

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(
            Version::at_start(text).map(|it| it.to_string()).as_deref(),
            expected
        );
    }

    #[test]
    fn text_after_a_version_is_ignored() {
        check("3.9.18", Some("3.9.18"));
        check("3.12.1.final.0", Some("3.12.1"));
        check("3.13.0rc2", Some("3.13.0rc2"));
        check("3.9.16 (7.3.11", Some("3.9.16"));
        check("3.11", None);
        check("3.99999999999999999999.1", None);
        check("-3.1.1", None);
    }

    #[test]
    fn the_version_that_is_offered_is_the_newest_release() {
        let by_age = ["neo", "pypy3.9-7.3.11", "3.9.18", "3.13.0"];
        assert!(by_age.is_sorted_by_key(|it| newest_release(it)));
        for preview in ["3.14.0rc1", "3.14-dev", "3.14.0t"] {
            assert!(newest_release(preview) < newest_release("3.9.18"));
        }
    }
}
