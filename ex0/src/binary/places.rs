//! In which folders does the dynamic loader look for a library?

use std::cell::OnceCell;

use crate::support::PyPath;
use crate::support::files;

/// The loader's default folders on the systems that we know.
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

/// The loader's cache. It is read at most once.
#[derive(Default)]
pub struct Cache(OnceCell<Vec<u8>>);

impl Cache {
    /// The paths of a library in the loader's cache, in the loader's order.
    pub fn paths(&self, name: &PyPath) -> Vec<PyPath> {
        let cache = self
            .0
            .get_or_init(|| files::bytes(&"/etc/ld.so.cache".into(), 8 << 20).unwrap_or_default());
        let cache = newer(cache).unwrap_or_default();
        let count = number(cache, 20).unwrap_or_default();
        // If the count is too large, the entries end at the end of the file.
        let entries = cache.get(HEADER..).unwrap_or_default().chunks_exact(ENTRY);
        let name = name.bytes();
        let path = |entry: &[u8]| {
            let key = cache.get(number(entry, 4)?..)?;
            // The length is compared first: all names begin with `lib`, so that is faster.
            if key.get(name.len()) != Some(&0) || !key.starts_with(name) {
                return None;
            }
            let path = cache.get(number(entry, 8)?..)?;
            path.split(|&byte| byte == 0).next().map(PyPath::new)
        };
        let found = entries.take(count).filter_map(path);
        found.filter(PyPath::is_absolute).take(8).collect()
    }
}

/// The size of the cache's header and of an entry, in bytes. Source: glibc's `sysdeps/generic/dl-cache.h`.
const HEADER: usize = 48;
const ENTRY: usize = 24;

/// The cache in the format since glibc 2.2. Up to 2.31 the file begins with an older cache.
fn newer(cache: &[u8]) -> Option<&[u8]> {
    let older = cache.starts_with(b"ld.so-1.7.0\0");
    let start = if older {
        (16 + 12 * number(cache, 12)?).next_multiple_of(8)
    } else {
        0
    };
    cache
        .get(start..)
        .filter(|it| it.starts_with(b"glibc-ld.so.cache1.1"))
}

/// A number of four bytes, in this machine's byte order.
fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..)?.first_chunk()?;
    usize::try_from(u32::from_ne_bytes(*four)).ok()
}

/// Replaces `$ORIGIN` by the folder of the program.
pub fn with_origin(text: &PyPath, program: &PyPath) -> PyPath {
    let origin = program.dirname();
    let mut path = Vec::new();
    let mut rest = text.bytes();
    while let Some(at) = rest.iter().position(|&byte| byte == b'$') {
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
        assert_eq!(with_origin(&text.into(), &program).to_string(), expected);
    }

    #[test]
    fn origin_is_the_folder_of_the_program() {
        check("$ORIGIN/../lib", "/opt/py/bin/../lib");
        check("${ORIGIN}", "/opt/py/bin");
        check("/usr/$LIB", "/usr/$LIB");
        check("/usr/lib", "/usr/lib");
    }
}
