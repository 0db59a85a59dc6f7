//! Does a variable have a value that stops Python?
//!
//! Python reads these variables before it imports its first module, and refuses a value that it does not understand. An older Python does
//! not know the newer variables: then their names are not in the program.
//!
//! Source: CPython `Python/preconfig.c`, `Python/initconfig.c`, `Python/pylifecycle.c` (`init_sys_streams`), `Objects/obmalloc.c`.

use std::ops::RangeInclusive;

use super::base::Start;
use crate::binary::Binary;
use crate::finding::Cause;
use crate::support::PyPath;
use crate::support::files;
use crate::support::version::Minor;

/// The modules among the encodings that do not make text, or only on Windows.
const NOT_TEXT: [&str; 11] = [
    "aliases",
    "base64_codec",
    "bz2_codec",
    "cp65001",
    "hex_codec",
    "mbcs",
    "oem",
    "quopri_codec",
    "rot_13",
    "uu_codec",
    "zlib_codec",
];

/// A variable, and the test that a value must pass.
type Setting = (&'static str, fn(&str, &Binary, &PyPath) -> bool);

const SETTINGS: [Setting; 14] = [
    ("PYTHONUTF8", |it, _, _| matches!(it, "0" | "1")),
    ("PYTHONMALLOC", |it, binary, _| is_allocator(it, binary)),
    ("PYTHONHASHSEED", |it, _, _| {
        it == "random" || is_number_in(it, 0..=0xffff_ffff)
    }),
    ("PYTHONTRACEMALLOC", |it, binary, _| {
        is_number_in(it, numbers_of_frames(binary.minor))
    }),
    ("PYTHONINTMAXSTRDIGITS", |it, _, _| {
        is_number_in(it, 0..=0) || is_number_in(it, 640..=0x7fff_ffff)
    }),
    ("PYTHON_CPU_COUNT", |it, _, _| {
        it == "default" || is_number_in(it, 1..=0x7fff_ffff)
    }),
    ("PYTHON_GIL", |it, binary, _| {
        it == "1" || (it == "0" && binary.build.free_threaded)
    }),
    ("PYTHON_FROZEN_MODULES", |it, _, _| {
        matches!(it, "on" | "off")
    }),
    ("PYTHON_THREAD_INHERIT_CONTEXT", |it, _, _| is_switch(it)),
    ("PYTHON_CONTEXT_AWARE_WARNINGS", |it, _, _| is_switch(it)),
    ("PYTHON_TLBC", |it, _, _| is_switch(it)),
    ("PYTHONPROFILEIMPORTTIME", |it, binary, _| {
        // Older versions ask only whether it is set. Since 3.14 a text counts as 1, but another number is refused.
        binary.minor < Minor(3, 14)
            || number(it).is_none_or(|it| i32::try_from(it).is_err() || (0..=2).contains(&it))
    }),
    ("PYTHON_LAZY_IMPORTS", |it, _, _| {
        matches!(it, "all" | "normal")
    }),
    ("PYTHONIOENCODING", |it, binary, stdlib| {
        let encoding = it.split(':').next().unwrap_or_default();
        encoding.is_empty() || is_encoding(encoding, binary, stdlib)
    }),
];

/// The cause of the first variable that stops this Python.
pub fn problem(start: &Start, stdlib: &PyPath) -> Option<Cause> {
    let binary = start.binary;
    SETTINGS.iter().find_map(|(name, is_understood)| {
        let value = start.world.non_empty(name)?;
        let stops = !is_understood(&value.lossy(), binary, stdlib) && binary.mentions(name);
        let (file, value) = (binary.file.clone(), value.clone());
        stops.then_some(Cause::BadVariable { file, name, value })
    })
}

/// C's `strtol` on a whole text: blanks and a sign may come before the digits, nothing may come after them.
pub fn number(text: &str) -> Option<i64> {
    let blanks = [' ', '\t', '\n', '\x0b', '\x0c', '\r'];
    text.trim_start_matches(blanks).parse().ok()
}

/// Is it such a number?
fn is_number_in(text: &str, range: RangeInclusive<i64>) -> bool {
    number(text).is_some_and(|it| range.contains(&it))
}

/// Is it 0 or 1?
fn is_switch(text: &str) -> bool {
    is_number_in(text, 0..=1)
}

/// Is it the name of a memory allocator? Without the global lock only mimalloc can be used.
fn is_allocator(name: &str, binary: &Binary) -> bool {
    match name.strip_suffix("_debug").unwrap_or(name) {
        "malloc" | "pymalloc" => !binary.build.free_threaded,
        "mimalloc" => binary.minor >= Minor(3, 13),
        "default" => name == "default" && binary.minor >= Minor(3, 7),
        _ => name == "debug",
    }
}

/// How many frames may tracemalloc keep? Up to 3.8, as many as fit into 2 GB.
fn numbers_of_frames(minor: Minor) -> RangeInclusive<i64> {
    let fewest = i64::from(minor < Minor(3, 8));
    let most = if minor < Minor(3, 9) {
        178_956_969
    } else {
        0xffff
    };
    fewest..=most
}

/// Is it the name of an encoding of text in this library, or another name of one?
///
/// Source: CPython `Lib/encodings/__init__.py` (`search_function`).
fn is_encoding(name: &str, binary: &Binary, stdlib: &PyPath) -> bool {
    let package = stdlib.os_join("encodings");
    let aliases = files::text(&package.os_join("aliases.py")).unwrap_or_default();
    // A line such as `'u8' : 'utf_8',`.
    let target = |name: &str| {
        aliases.lines().find_map(|line| {
            let (alias, target) = line.split_once(':')?;
            let is_it = alias.trim().trim_matches('\'') == name;
            is_it.then(|| target.trim().trim_matches([',', '\'']).to_owned())
        })
    };
    let name = normalized(name, binary);
    let target = target(&name).or_else(|| target(&name.replace('.', "_")));
    let is_text = |module: &String| {
        // With a dot it would be a module in another package.
        !module.contains('.')
            && !NOT_TEXT.contains(&module.as_str())
            && files::is_file(&package.os_join(format!("{module}.py")))
    };
    target.iter().chain([&name]).any(is_text)
}

/// In lower case, and with one `_` for all signs between two letters. Before 3.9, and in PyPy, a foreign letter is a letter too.
fn normalized(name: &str, binary: &Binary) -> String {
    let all_letters = binary.is_pypy() || binary.minor < Minor(3, 9);
    let is_sign =
        |c: char| !(c.is_ascii_alphanumeric() || c == '.' || (all_letters && c.is_alphanumeric()));
    let name = name.to_ascii_lowercase();
    let words = name.split(is_sign).filter(|it| !it.is_empty());
    words.collect::<Vec<_>>().join("_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lookup::Found;
    use crate::support::World;

    /// Does this variable stop Python 3.14?
    #[track_caller]
    fn check(name: &str, value: &str, stops: bool) {
        check_in(14, name, value, stops);
    }

    /// Does it stop this version?
    #[track_caller]
    fn check_in(minor: u8, name: &str, value: &str, stops: bool) {
        let file = PyPath::from("/usr/bin/python3");
        let binary = Binary::pretend(3, minor, &file);
        let world = World::of(&[(name, value)], "");
        let start = Start {
            found: &Found::at(&file),
            binary: &binary,
            world: &world,
        };
        let found = problem(&start, &PyPath::default());
        assert_eq!(found.is_some(), stops, "{name}={value}");
    }

    #[test]
    fn the_switches_of_3_14_are_0_or_1() {
        for name in [
            "PYTHON_THREAD_INHERIT_CONTEXT",
            "PYTHON_CONTEXT_AWARE_WARNINGS",
            "PYTHON_TLBC",
        ] {
            check(name, "1", false);
            check(name, "2", true);
            check(name, "on", true);
        }
    }

    #[test]
    fn a_number_that_is_reserved_stops_python_since_3_14() {
        let name = "PYTHONPROFILEIMPORTTIME";
        for value in ["0", "1", "2", "on", "99999999999"] {
            check(name, value, false);
        }
        for value in ["3", "9", "-1"] {
            check(name, value, true);
            check_in(13, name, value, false);
        }
    }

    #[test]
    fn imports_are_lazy_in_one_of_two_ways() {
        for (value, stops) in [
            ("all", false),
            ("normal", false),
            ("none", true),
            ("x", true),
        ] {
            check_in(15, "PYTHON_LAZY_IMPORTS", value, stops);
        }
    }
}
