//! Does Python start with a whole library of another Python on `PYTHONPATH`?
//!
//! Source: test runs of every version from 3.6 to 3.13 with the library of every other one. Up to 3.9 each stops at a newer library. Older
//! libraries let it start, but then another `site` chooses the folders.

use super::{FIRST, Folder, is_same};
use crate::binary::Binary;
use crate::finding::{Cause, Notes, Opaque, Warning};
use crate::getpath::base::Base;
use crate::support::PyPath;
use crate::support::files;
use crate::support::version::Minor;

/// The modules whose text shows that a library is the same, whatever the name of its folder.
const MARKS: [&str; 3] = ["encodings/__init__", "os", "site"];

/// Why Python stops with this library, or why that is not known; `None` if it is a library of the same version.
pub fn problem(folder: &Folder, base: &Base, binary: &Binary, notes: &mut Notes) -> Option<Cause> {
    let own = binary.flavour().to_string();
    let named = [
        folder.path.without_trailing_slashes(),
        files::real(&folder.path),
    ];
    let named = named.map(|it| it.basename());
    let is_named = |it: &PyPath| it.bytes() == own.as_bytes();
    let version = named.iter().find_map(|it| version_of(&it.lossy()));
    if named.iter().any(is_named) || (version.is_none() && has_same_text(folder, base)) {
        let folder = folder.path.clone();
        notes.warn(Warning::OtherLibrary { folder });
        return None;
    }
    let fatal = version.and_then(|it| fatal(binary.minor, it));
    let fatal = fatal.map(|it| (it, folder.path.os_join(format!("{it}.py"))));
    let stops =
        |(module, file): &(&str, PyPath)| files::exists(file) && !is_same(base, module, file);
    Some(if let Some((module, file)) = fatal.filter(stops) {
        folder.shadows(module, file)
    } else {
        let why = Opaque::OtherModule(FIRST, folder.path.os_join(FIRST));
        Cause::opaque(&binary.file, why)
    })
}

/// The version in the name of a folder of CPython's: `python3.12`.
fn version_of(name: &str) -> Option<Minor> {
    Minor::at_start(name.strip_prefix("python")?)
}

/// Do the modules that it has come from a library of the same version?
fn has_same_text(folder: &Folder, base: &Base) -> bool {
    let files = MARKS.map(|it| (it, folder.path.os_join(format!("{it}.py"))));
    let mut there = files.iter().filter(|(_, file)| files::exists(file));
    there.all(|(module, file)| is_same(base, module, file))
}

/// The module of another version's library at which Python stops, if it is known to stop.
fn fatal(own: Minor, other: Minor) -> Option<&'static str> {
    if (own.0, other.0) != (3, 3) {
        return None;
    }
    match (own.1, other.1) {
        (6, 7) => Some("_bootlocale"),
        (6, 8 | 9) => Some("_py_abc"),
        (6, 10..) => Some("encodings/__init__"),
        (7, 8..=10) | (8 | 9, 10..) => Some("io"),
        (7, 11..) => Some("abc"),
        (8, 9) => Some("_collections_abc"),
        // Its `os` asks for a function that came with 3.13.
        (10, 13..) => Some("os"),
        _ => None,
    }
}
