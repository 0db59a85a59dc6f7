//! Which `.pth` file stops Python?
//!
//! site reads every `.pth` file in the folders of packages. It adds each line to sys.path, or executes it. Python stops at a byte that it
//! cannot decode, and waits forever for a FIFO. What the lines do is not checked.
//!
//! Source: CPython `Lib/site.py` (`addsitedir`, `addpackage`); test runs of 3.6 to 3.13 and of PyPy, which goes on without site.

use crate::binary::Binary;
use crate::finding::{Cause, Odd};
use crate::support::files::{self, Content};
use crate::support::version::Minor;
use crate::support::{PyPath, World};

/// How many bytes of a file are read at most. A larger one is not checked.
const CAP: u64 = 1 << 20;

/// A folder of packages and the names in it. It is listed once: that costs less than to ask for each name.
pub struct Listed {
    folder: PyPath,
    names: Vec<PyPath>,
}

impl Listed {
    pub fn read(folder: PyPath) -> Self {
        let names = files::names(&folder, 100_000);
        Self { folder, names }
    }

    /// The regular file with this name.
    pub fn file(&self, name: &str) -> Option<PyPath> {
        let is_there = self.names.binary_search(&name.into()).is_ok();
        let file = is_there.then(|| self.folder.os_join(name));
        file.filter(files::is_file)
    }

    /// The `.pth` files, in Python's order. Whether a hidden one counts depends on the release.
    fn pths(&self) -> impl Iterator<Item = PyPath> {
        let is_pth = |it: &&PyPath| it.bytes().ends_with(b".pth") && !it.bytes().starts_with(b".");
        let names = self.names.iter().filter(is_pth);
        names.map(|it| self.folder.os_join(it))
    }
}

/// The cause of the first file that stops Python.
pub fn problem(folders: &[Listed], binary: &Binary, world: &World) -> Option<Cause> {
    let mut files = folders.iter().flat_map(Listed::pths);
    files.find_map(|path| match files::read(&path, CAP) {
        Content::Bytes(bytes) => {
            let at = undecodable(&bytes, binary, world)?;
            let line = bytes[..at].split(|&byte| byte == b'\n').count();
            Some(Cause::PthUndecodable { path, line })
        }
        Content::Fifo => {
            let odd = Odd::Fifo;
            Some(Cause::PthUnreadable { path, odd })
        }
        _ => None,
    })
}

/// The place of the first byte that Python cannot decode. In a locale that is not UTF-8 it may decode every byte.
fn undecodable(bytes: &[u8], binary: &Binary, world: &World) -> Option<usize> {
    // Since 3.7 the C locale means UTF-8.
    let speaks_ascii = binary.minor < Minor(3, 7) && speaks_ascii(world);
    if speaks_ascii {
        return bytes.iter().position(|it| !it.is_ascii());
    }
    let error = std::str::from_utf8(bytes).err()?;
    speaks_utf8(world).then(|| error.valid_up_to())
}

/// The locale that Python uses for letters.
fn locale(world: &World) -> Option<&PyPath> {
    let variables = ["LC_ALL", "LC_CTYPE", "LANG"];
    variables.iter().find_map(|it| world.non_empty(it))
}

/// Is it the C locale?
pub fn speaks_ascii(world: &World) -> bool {
    locale(world).is_none_or(|it| matches!(it.bytes(), b"C" | b"POSIX"))
}

/// Is it a locale with UTF-8, or the C locale, which Python treats as one?
fn speaks_utf8(world: &World) -> bool {
    let ends = |it: &PyPath| {
        let name = it.lossy().to_lowercase();
        name.ends_with("utf-8") || name.ends_with("utf8")
    };
    speaks_ascii(world) || locale(world).is_some_and(ends)
}
