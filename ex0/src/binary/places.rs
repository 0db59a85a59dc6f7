//! In which places does the dynamic loader look for a library?

use memchr::memmem;

use super::loader::Search;
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

impl Search<'_> {
    /// The folders that are searched before the cache.
    pub fn folders(&self, wanted_by: Option<usize>) -> Vec<PyPath> {
        let listed = |list: &PyPath, which| -> Vec<PyPath> {
            let parts = list.bytes().split(|&byte| byte == b':');
            parts
                .map(|it| with_origin(&PyPath::new(it), self.path(which)))
                .collect()
        };
        let mut folders = Vec::new();
        let runpath = self.dynamic(wanted_by).runpath.as_ref();
        if runpath.is_none() {
            // The older list counts for all that is loaded on its behalf.
            let mut which = wanted_by;
            loop {
                let dynamic = self.dynamic(which);
                if let Some(list) = dynamic.rpath.as_ref().filter(|_| dynamic.runpath.is_none()) {
                    folders.extend(listed(list, which));
                }
                match which {
                    Some(number) => which = self.libraries[number].wanted_by,
                    None => break,
                }
            }
        }
        if let Some(list) = self.world.set("LD_LIBRARY_PATH") {
            let parts = list.bytes().split(|&byte| byte == b':' || byte == b';');
            folders.extend(parts.map(PyPath::new));
        }
        folders.extend(runpath.map(|it| listed(it, wanted_by)).unwrap_or_default());
        folders
    }

    /// The paths of a library in the loader's cache, whose strings stand between NUL bytes.
    pub fn in_cache(&self, name: &PyPath) -> Vec<PyPath> {
        let cache =
            self.cache
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
