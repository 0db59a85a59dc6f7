//! How does Python split and join paths?
//!
//! CPython's getpath works on the text of a path, never on the disk: `dirname` keeps the text before the last slash, `joinpath`
//! removes `//`, `.` and `..`. Rust's `Path` tidies at other times, and for it `/x` and `/x/` are equal. So here a path is the bytes
//! that Python would have. (They need not be UTF-8: PEP 383.)
//!
//! Source: CPython `Modules/getpath.c` (`getpath_joinpath`, `getpath_dirname`), `Python/fileutils.c` (`_Py_normpath`).

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fmt;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use bstr::ByteSlice;
use serde::{Serialize, Serializer};

use super::escape;

/// A path as Python has it: it is compared byte by byte, and tidied only where Python tidies it.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PyPath(Vec<u8>);

impl PyPath {
    /// The path with these bytes.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// The path with this text of the operating system's type.
    pub fn from_os(text: &OsStr) -> Self {
        Self(text.as_encoded_bytes().to_vec())
    }

    /// The bytes of the path.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Python: `not path`.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Python: `path or other`.
    pub fn or(self, other: impl FnOnce() -> Self) -> Self {
        if self.is_empty() { other() } else { self }
    }

    /// Does it begin with a slash?
    pub fn is_absolute(&self) -> bool {
        self.0.first() == Some(&b'/')
    }

    /// The operating system's type, to open the file.
    pub fn as_path(&self) -> &Path {
        Path::new(OsStr::from_bytes(&self.0))
    }

    /// The text, if it is UTF-8.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// Text for comparisons with ASCII. Bytes that are not UTF-8 become U+FFFD.
    pub fn lossy(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }

    /// The paths in a list such as PATH, separated by colons.
    pub fn entries(&self) -> impl Iterator<Item = Self> {
        self.0.split(|&byte| byte == b':').map(Self::new)
    }

    /// The list of these paths, separated by colons.
    pub fn list(paths: &[Self]) -> Self {
        let paths: Vec<&[u8]> = paths.iter().map(Self::bytes).collect();
        Self(paths.join(&b':'))
    }

    /// The text before the last slash. It is empty for a bare name and for `/bin`, so a climb never reaches `/`.
    pub fn dirname(&self) -> Self {
        let end = self.0.iter().rposition(|&byte| byte == b'/').unwrap_or(0);
        Self(self.0[..end].to_vec())
    }

    /// The folder in which a relative link starts: the same as [`PyPath::dirname`], but for `/bin` it is `/`.
    pub fn dirname_or_root(&self) -> Self {
        let folder = self.dirname();
        if folder.is_empty() && self.is_absolute() {
            "/".into()
        } else {
            folder
        }
    }

    /// The text after the last slash.
    pub fn basename(&self) -> Self {
        let name = self.0.rsplit(|&byte| byte == b'/').next();
        Self(name.unwrap_or_default().to_vec())
    }

    /// `os.path.join(self, name)`: puts one slash between them and tidies nothing.
    pub fn os_join(&self, name: impl AsRef<[u8]>) -> Self {
        let name = name.as_ref();
        if name.first() == Some(&b'/') {
            return Self(name.to_vec());
        }
        let mut joined = self.0.clone();
        if joined.last().is_some_and(|&byte| byte != b'/') {
            joined.push(b'/');
        }
        joined.extend_from_slice(name);
        Self(joined)
    }

    /// getpath's `joinpath(self, name)`: joins, then tidies.
    ///
    /// It puts no slash after a folder of one letter. So the entry `.` of PATH becomes `.python3`, and Python finds nothing there.
    pub fn join(&self, name: impl AsRef<[u8]>) -> Self {
        let name = name.as_ref();
        match self.0.as_slice() {
            &[letter] if letter != b'/' && name.first() != Some(&b'/') => {
                Self([&[letter], name].concat()).tidied()
            }
            _ => self.os_join(name).tidied(),
        }
    }

    /// The path with `suffix` added to it, without a slash.
    pub fn with_suffix(&self, suffix: &str) -> Self {
        Self([&self.0, suffix.as_bytes()].concat())
    }

    /// `_Py_normpath`: removes `//`, `.` and `name/..` from the text, without looking at the disk.
    pub fn tidied(&self) -> Self {
        let absolute = self.is_absolute();
        let mut parts: Vec<&[u8]> = Vec::new();
        for part in self.0.split(|&byte| byte == b'/') {
            match part {
                b"" | b"." => {}
                b".." => match parts.last() {
                    Some(&b"..") => parts.push(part),
                    Some(_) => drop(parts.pop()),
                    None if absolute => {}
                    None => parts.push(part),
                },
                name => parts.push(name),
            }
        }
        // In POSIX exactly two slashes at the front have a special meaning, so they stay.
        let front: &[u8] = match self.0.as_slice() {
            [b'/', b'/', third, ..] if *third != b'/' => b"//",
            b"//" => b"//",
            [b'/', ..] => b"/",
            _ => b"",
        };
        let mut tidy = front.to_vec();
        tidy.extend(parts.join(&b'/'));
        Self(tidy)
    }

    /// `os.path.abspath`: puts the current folder before a relative path, then tidies.
    pub fn abspath(&self, cwd: &Self) -> Self {
        cwd.os_join(&self.0).tidied()
    }

    /// The path without slashes at its end (`/` alone stays).
    pub fn without_trailing_slashes(&self) -> Self {
        let trimmed = self.0.trim_end_with(|c| c == '/').len();
        let end = trimmed.max(usize::from(self.is_absolute()));
        Self(self.0[..end].to_vec())
    }

    /// Is it this folder, or a path below it? Only the text counts.
    pub fn is_inside(&self, folder: &Self) -> bool {
        let folder = folder.os_join("");
        self.os_join("").0.starts_with(&folder.0)
    }

    /// This folder and all folders above it, up to `/`.
    pub fn climb_to_root(&self) -> impl Iterator<Item = Self> {
        let root = Some(Self::from("/")).filter(|it| it != self);
        self.climb().chain(root)
    }

    /// This folder, then its parents, until the text is empty. getpath's `search_up` climbs in the same way.
    pub fn climb(&self) -> impl Iterator<Item = Self> {
        let folders = std::iter::successors(Some(self.clone()), |it| Some(it.dirname()));
        folders.take_while(|it| !it.is_empty())
    }
}

/// Text for a sentence. Bytes that are not UTF-8, or that could move the cursor, become escapes. (A command needs `quoted` instead.)
impl fmt::Display for PyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&escape::os(OsStr::from_bytes(&self.0)))
    }
}

/// For the messages of tests: the text, not a list of numbers.
impl fmt::Debug for PyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{self}`")
    }
}

impl AsRef<[u8]> for PyPath {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl From<&str> for PyPath {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().to_vec())
    }
}

impl From<&Path> for PyPath {
    fn from(path: &Path) -> Self {
        Self::from_os(path.as_os_str())
    }
}

/// In JSON: the text, or `{"hex": "…"}` for bytes that are not UTF-8.
impl Serialize for PyPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(text) = self.text() {
            return serializer.serialize_str(text);
        }
        let digits = self.0.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let hex: String = digits
            .map(|it| char::from(b"0123456789abcdef"[usize::from(it)]))
            .collect();
        serializer.collect_map([("hex", hex)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_not_utf_8_become_escapes() {
        let path = PyPath::new(b"/tmp/\xff\xfeenv\x1b");
        assert_eq!(path.to_string(), r"/tmp/\xff\xfeenv\u{1b}");
    }

    #[track_caller]
    fn check(got: &PyPath, expected: &str) {
        assert_eq!(got.to_string(), expected);
    }

    #[test]
    fn dirname_is_the_text_before_the_last_slash() {
        check(&PyPath::from("/usr/bin/python3").dirname(), "/usr/bin");
        check(&PyPath::from("/bin").dirname(), "");
        check(&PyPath::from("python3").dirname(), "");
        check(&PyPath::from("/x/").dirname(), "/x");
    }

    #[test]
    fn a_climb_ends_before_the_root() {
        let folders: Vec<String> = PyPath::from("/a/b")
            .climb()
            .map(|it| it.to_string())
            .collect();
        assert_eq!(folders, ["/a/b", "/a"]);
        assert_eq!(PyPath::from("").climb().count(), 0);
    }

    #[test]
    fn joining_tidies_the_text_and_an_absolute_name_wins() {
        check(&PyPath::from("/a/b/..").join("c//./d"), "/a/c/d");
        check(&PyPath::from("/a").join("/b"), "/b");
        check(&PyPath::from("").join("python3"), "python3");
        check(&PyPath::from("..").join("x"), "../x");
        check(&PyPath::from("/").join("../x"), "/x");
        check(&PyPath::from("./").join("x"), "x");
        check(&PyPath::from("//a//b"), "//a//b");
        check(&PyPath::from("//a//b").tidied(), "//a/b");
        check(&PyPath::from("///a").tidied(), "/a");
    }

    #[test]
    fn joining_forgets_the_slash_after_one_letter_as_getpath_does() {
        check(&PyPath::from(".").join("python3"), ".python3");
        check(&PyPath::from("x").join("python3"), "xpython3");
        check(&PyPath::from("x").os_join("python3"), "x/python3");
    }

    #[test]
    fn a_folder_is_inside_itself_and_not_inside_a_longer_name() {
        let inside = |path: &str, folder: &str| PyPath::from(path).is_inside(&folder.into());
        assert!(inside("/a/b", "/a") && inside("/a", "/a") && inside("/a", "/a/"));
        assert!(inside("/a", "/"));
        assert!(!inside("/ab", "/a") && !inside("/a", "/a/b"));
    }

    #[test]
    fn os_join_tidies_nothing() {
        check(&PyPath::from("/a/..").os_join("b"), "/a/../b");
        check(&PyPath::from("/a/").os_join("b"), "/a/b");
    }

    #[test]
    fn slashes_at_the_end_are_removed_but_the_root_stays() {
        check(&PyPath::from("/a//").without_trailing_slashes(), "/a");
        check(&PyPath::from("//").without_trailing_slashes(), "/");
        check(&PyPath::from("").without_trailing_slashes(), "");
    }

    #[test]
    fn json_is_text_or_hex() {
        let json = |bytes: &[u8]| serde_json::to_string(&PyPath::new(bytes)).unwrap();
        assert_eq!(json("/é".as_bytes()), "\"/é\"");
        assert_eq!(json(b"/\xff"), r#"{"hex":"2fff"}"#);
    }
}
