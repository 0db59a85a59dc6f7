//! Which modules does each version need to start, and which of them must not be empty?

use std::ops::RangeInclusive;

use crate::binary::Binary;
use crate::getpath::base::{Base, Start};
use crate::support::version::{Implementation, Minor};

/// What stops Python.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// The file is missing.
    File,
    /// One or the other.
    Either,
}

/// A module; the minor versions of CPython that need it, and what stops them; what stops PyPy.
type Row = (&'static str, RangeInclusive<u8>, Lack, Option<Lack>);

const ALL: RangeInclusive<u8> = 0..=u8::MAX;

/// From 3.11 on only the encodings are not frozen into CPython; from 3.13 on `PYTHON_FROZEN_MODULES=off` lets it take all of them from the
/// library all the same.
const MODULES: [Row; 18] = [
    ("encodings/__init__", ALL, Lack::Either, Some(Lack::Either)),
    ("encodings/aliases", ALL, Lack::Either, Some(Lack::Either)),
    ("encodings/utf_8", ALL, Lack::Either, Some(Lack::Either)),
    ("encodings/ascii", 6..=6, Lack::Either, Some(Lack::Either)),
    ("encodings/latin_1", 6..=9, Lack::File, None),
    ("codecs", ALL, Lack::Either, Some(Lack::Either)),
    ("io", ALL, Lack::Either, Some(Lack::File)),
    ("abc", ALL, Lack::Either, Some(Lack::Either)),
    ("site", ALL, Lack::File, Some(Lack::File)),
    ("os", ALL, Lack::Either, Some(Lack::Either)),
    ("stat", ALL, Lack::Either, Some(Lack::Either)),
    ("posixpath", ALL, Lack::Either, Some(Lack::Either)),
    ("genericpath", ALL, Lack::Either, Some(Lack::Either)),
    ("_collections_abc", ALL, Lack::Either, Some(Lack::Either)),
    ("_sitebuiltins", ALL, Lack::Either, Some(Lack::Either)),
    (
        "_pypy_generic_alias",
        0..=0,
        Lack::Either,
        Some(Lack::Either),
    ),
    // They must not be empty or closed either: see [`is_only_listed`].
    ("_weakrefset", 6..=6, Lack::File, None),
    ("sysconfig", 6..=6, Lack::File, None),
];

/// Is a look into the list of the library enough for this module? Each size is a system call, and only 3.6 needs these.
pub fn is_only_listed(module: &str) -> bool {
    matches!(module, "_weakrefset" | "sysconfig")
}

/// The modules that this Python needs from its library, besides the encodings.
pub fn needed(base: &Base) -> Vec<&'static str> {
    let rows = MODULES.iter().filter(|_| !base.frozen);
    rows.filter(|(module, minors, ..)| *minors == ALL && !module.contains('/'))
        .map(|(module, ..)| *module)
        .collect()
}

/// Each module that can stop this Python, and how.
pub fn lacks(base: &Base, start: &Start) -> impl Iterator<Item = (&'static str, Lack)> {
    let (frozen, binary) = (base.frozen, start.binary);
    let speaks_ascii = start.world.speaks_ascii();
    MODULES.iter().filter_map(move |row| {
        let module = row.0;
        let is_used = match module {
            // In the C locale 3.6 and PyPy use it for the names of files.
            "encodings/ascii" => speaks_ascii,
            "_pypy_generic_alias" => binary.minor == Minor(3, 9),
            _ => !frozen || module.contains('/'),
        };
        let mut lack = lack(row, binary).filter(|_| is_used)?;
        if (module == "stat" && needs_stat_later(binary))
            || (module == "encodings/utf_8" && binary.is_3_6() && speaks_ascii)
        {
            lack = Lack::File;
        }
        Some((module, lack))
    })
}

fn lack((_, minors, lack, of_pypy): &Row, binary: &Binary) -> Option<Lack> {
    match binary.implementation {
        Implementation::Cpython => minors.contains(&binary.minor.1).then_some(*lack),
        Implementation::Pypy => *of_pypy,
    }
}

/// 3.7 to 3.9 and PyPy use `stat` only when site finds a folder of packages.
pub fn needs_stat_later(binary: &Binary) -> bool {
    binary.is_pypy() || (7..=9).contains(&binary.minor.1)
}
