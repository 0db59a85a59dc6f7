//! In which folders does the dynamic loader look for a library?

use std::cell::{Cell, OnceCell, RefCell};

use bstr::ByteSlice;

use super::elf::ElfFile;
use crate::support::files;
use crate::support::{PyPath, World};

/// The folders in which a loader looks last. Each loader was built with its own list, so the list is one of its constants.
#[derive(Default)]
pub struct Defaults {
    loader: Option<PyPath>,
    folders: OnceCell<Option<Vec<PyPath>>>,
}

impl Defaults {
    pub fn of(loader: Option<PyPath>) -> Self {
        let folders = OnceCell::new();
        Self { loader, folders }
    }

    /// The folders; `None` if they are not known. The loader is read at most once.
    pub fn folders(&self) -> Option<&[PyPath]> {
        self.folders.get_or_init(|| self.read()).as_deref()
    }

    /// The most texts in a row that begin and end with a slash. The first of them names a folder `lib`. (A loader has two copies of its list,
    /// and what comes before a copy may hide its first text.)
    fn read(&self) -> Option<Vec<PyPath>> {
        let elf = ElfFile::open_elf(self.loader.as_ref()?)?;
        let longest = RefCell::new(Vec::new());
        elf.search(b"/\0", |window, at| -> Option<()> {
            let start = window[..at].rfind_byte(0)? + 1;
            let texts = window[start..].split(|&byte| byte == 0);
            let is_folder = |it: &&[u8]| it.starts_with(b"/") && it.ends_with(b"/");
            let folders: Vec<PyPath> = texts.take_while(is_folder).map(PyPath::new).collect();
            let is_list = folders.first()?.bytes().contains_str("/lib");
            if is_list && folders.len() > longest.borrow().len() {
                longest.replace(folders);
            }
            None
        });
        Some(longest.into_inner()).filter(|it| !it.is_empty())
    }
}

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

/// The entries of `LD_LIBRARY_PATH`, each with its folder when this program starts.
pub fn library_path(program: &PyPath, world: &World) -> Vec<(PyPath, PyPath)> {
    let loader = ElfFile::open_elf(program).and_then(|it| it.loader());
    Tokens::of(loader).library_path(program, world)
}

/// What the loader puts in place of `$ORIGIN`, `$LIB` and `$PLATFORM` in the path of a folder.
#[derive(Default)]
pub struct Tokens {
    loader: Option<PyPath>,
    /// The text for `$LIB`.
    lib: OnceCell<Option<PyPath>>,
    /// Was one of them in a path?
    pub seen: Cell<bool>,
    /// Was there one whose text is not known?
    pub unknown: Cell<bool>,
}

impl Tokens {
    pub fn of(loader: Option<PyPath>) -> Self {
        Self {
            loader,
            ..Self::default()
        }
    }

    /// The entries of `LD_LIBRARY_PATH`, each with its folder. In them `$ORIGIN` is the folder of the program.
    pub fn library_path(&self, program: &PyPath, world: &World) -> Vec<(PyPath, PyPath)> {
        let listed = world.non_empty("LD_LIBRARY_PATH").map(PyPath::bytes);
        let parts = listed
            .into_iter()
            .flat_map(|it| it.split(|byte| b":;".contains(byte)));
        let folder = |it: &PyPath| self.replaced(it, program);
        let entries = parts.map(PyPath::new);
        entries.map(|it| (it.clone(), folder(&it))).collect()
    }

    /// The path with their texts. `program` is the program or library that the path belongs to.
    pub fn replaced(&self, path: &PyPath, program: &PyPath) -> PyPath {
        let mut replaced = Vec::new();
        let mut rest = path.bytes();
        while let Some(at) = rest.iter().position(|&byte| byte == b'$') {
            replaced.extend(&rest[..at]);
            let (name, length) = token(&rest[at + 1..]);
            let text = match name {
                b"ORIGIN" => Some(program.dirname()),
                b"LIB" => self.lib.get_or_init(|| self.find_lib()).clone(),
                _ => None,
            };
            let is_token = [&b"ORIGIN"[..], b"LIB", b"PLATFORM"].contains(&name);
            self.seen.set(self.seen.get() || is_token);
            self.unknown
                .set(self.unknown.get() || (is_token && text.is_none()));
            replaced.extend(text.as_ref().map_or(&b"$"[..], PyPath::bytes));
            rest = &rest[at + 1 + text.map_or(0, |_| length)..];
        }
        replaced.extend(rest);
        PyPath::new(replaced)
    }

    /// The end of the path of the loader's folder, from `lib` on. The loader was built with this text, so it is one of its constants.
    fn find_lib(&self) -> Option<PyPath> {
        let loader = files::real(self.loader.as_ref()?);
        let folder = loader.dirname();
        let lib = &folder.bytes()[folder.bytes().rfind(b"/lib")? + 1..];
        let elf = ElfFile::open_elf(&loader)?;
        let has_it = elf.search(&[lib, b"\0"].concat(), |_, _| Some(()));
        has_it.map(|()| PyPath::new(lib))
    }
}

/// The name after a `$`, and how many bytes it has there. It may be in braces.
fn token(rest: &[u8]) -> (&[u8], usize) {
    let in_braces = rest.strip_prefix(b"{").and_then(|it| {
        let end = it.find_byte(b'}')?;
        Some((&it[..end], end + 2))
    });
    in_braces.unwrap_or_else(|| {
        let is_of_name = |it: &u8| it.is_ascii_alphanumeric() || *it == b'_';
        let end = rest.iter().position(|it| !is_of_name(it));
        let end = end.unwrap_or(rest.len());
        (&rest[..end], end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str, is_unknown: bool) {
        let program = PyPath::from("/opt/py/bin/python3");
        let tokens = Tokens::default();
        let replaced = tokens.replaced(&text.into(), &program);
        assert_eq!(replaced.to_string(), expected);
        assert_eq!(tokens.unknown.get(), is_unknown);
    }

    #[test]
    fn origin_is_the_folder_of_the_program() {
        check("$ORIGIN/../lib", "/opt/py/bin/../lib", false);
        check("${ORIGIN}", "/opt/py/bin", false);
        check("${ORIGIN/$ORIGIN", "${ORIGIN//opt/py/bin", false);
        check("$ORIGINAL/$LIBRARY", "$ORIGINAL/$LIBRARY", false);
        check("/usr/lib", "/usr/lib", false);
        check("/usr/$", "/usr/$", false);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_loader_names_its_default_folders() {
        let own = PyPath::from(std::env::current_exe().unwrap().as_path());
        let loader = ElfFile::open_elf(&own).unwrap().loader().unwrap();
        let bytes = std::fs::read(loader.as_path()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let patched = |from: &str, to: &str| {
            let file = folder.path().join("ld.so");
            std::fs::write(&file, bytes.replace(from, to)).unwrap();
            let defaults = Defaults::of(Some(file.as_path().into()));
            defaults.folders().map(<[PyPath]>::to_vec)
        };
        let own = patched("", "").unwrap();
        assert!(
            own.iter().any(|it| it.bytes().starts_with(b"/usr/lib")),
            "{own:?}"
        );
        let other = patched("/usr/lib", "/zzz/lib").unwrap();
        let respelled = own
            .iter()
            .map(|it| it.to_string().replace("/usr/lib", "/zzz/lib"));
        let respelled: Vec<PyPath> = respelled.map(|it| it.as_str().into()).collect();
        assert_eq!(other, respelled);
        assert_eq!(patched("/lib", "/bin"), None);
        assert_eq!(Defaults::default().folders(), None);
    }

    #[test]
    fn without_its_loader_the_other_tokens_are_unknown() {
        check("/usr/$LIB", "/usr/$LIB", true);
        check("/usr/${PLATFORM}/x", "/usr/${PLATFORM}/x", true);
    }
}
