//! In which places does the dynamic loader look for a library?

use std::cell::OnceCell;

use memchr::memmem;

use crate::support::PyPath;
use crate::support::files::{self, Content};

/// The loader's own folders on the systems that we know.
pub const DEFAULTS: [&str; 8] = [
    "/lib/x86_64-linux-gnu",
    "/usr/lib/x86_64-linux-gnu",
    "/lib/aarch64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/lib64",
    "/usr/lib64",
    "/lib",
    "/usr/lib",
];

/// The loader's cache, read at most once.
#[derive(Default)]
pub struct Cache(OnceCell<Vec<u8>>);

impl Cache {
    /// The paths of a library in the loader's cache, whose strings stand between NUL bytes.
    pub fn paths(&self, name: &PyPath) -> Vec<PyPath> {
        let cache = self
            .0
            .get_or_init(|| match files::read(&"/etc/ld.so.cache".into(), 8 << 20) {
                Content::Bytes(bytes) => bytes,
                _ => Vec::new(),
            });
        let needle = [b"/", name.bytes(), b"\0"].concat();
        let whole = |at: usize| {
            let start = cache[..at].iter().rposition(|&byte| byte == 0)? + 1;
            Some(PyPath::new(&cache[start..at + needle.len() - 1]))
        };
        let found = memmem::find_iter(cache, &needle).filter_map(whole);
        found.filter(PyPath::is_absolute).take(8).collect()
    }
}

/// `$ORIGIN` is the folder of the program itself.
pub fn with_origin(text: &PyPath, program: &PyPath) -> PyPath {
    let origin = program.dirname();
    let mut path = Vec::new();
    let mut rest = text.bytes();
    while let Some(at) = memchr::memchr(b'$', rest) {
        path.extend(&rest[..at]);
        let name = [&b"$ORIGIN"[..], b"${ORIGIN}"]
            .into_iter()
            .find(|it| rest[at..].starts_with(it));
        path.extend(name.map_or(&b"$"[..], |_| origin.bytes()));
        rest = &rest[at + name.map_or(1, <[u8]>::len)..];
    }
    path.extend(rest);
    PyPath::new(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let program = PyPath::from("/opt/py/bin/python3");
        assert_eq!(with_origin(&text.into(), &program).shown(), expected);
    }

    #[test]
    fn origin_is_the_folder_of_the_program() {
        check("$ORIGIN/../lib", "/opt/py/bin/../lib");
        check("${ORIGIN}", "/opt/py/bin");
        check("/usr/$LIB", "/usr/$LIB");
        check("/usr/lib", "/usr/lib");
    }
}
