//! Does a variable have a value that stops Python?
//!
//! Python reads these variables before it imports its first module, and refuses a value that it does not understand. An older Python does
//! not know the newer variables: then their names are not in the program.
//!
//! Source: CPython `Python/preconfig.c`, `Python/initconfig.c`, `Python/pylifecycle.c` (`init_sys_streams`), `Objects/obmalloc.c`.

use super::base::Start;
use crate::finding::Cause;
use crate::support::PyPath;
use crate::support::files;

/// The names of the memory allocators, each perhaps with `_debug` at its end.
const ALLOCATORS: [&str; 4] = ["malloc", "pymalloc", "mimalloc", "default"];

/// The modules of encodings that do not make text, or only on Windows.
const NOT_TEXT: [&str; 9] = [
    "base64_codec",
    "bz2_codec",
    "hex_codec",
    "mbcs",
    "oem",
    "quopri_codec",
    "rot_13",
    "uu_codec",
    "zlib_codec",
];

/// A variable, and the test that a value must pass.
type Setting = (&'static str, fn(&str, &Start, &PyPath) -> bool);

const SETTINGS: [Setting; 8] = [
    ("PYTHONUTF8", |it, _, _| matches!(it, "0" | "1")),
    ("PYTHONMALLOC", |it, _, _| {
        it == "debug" || ALLOCATORS.contains(&it.trim_end_matches("_debug"))
    }),
    ("PYTHONHASHSEED", |it, _, _| {
        it == "random" || number(it).is_some_and(|it| (0..=0xffff_ffff).contains(&it))
    }),
    ("PYTHONTRACEMALLOC", |it, _, _| {
        number(it).is_some_and(|it| (0..=0xffff).contains(&it))
    }),
    ("PYTHONINTMAXSTRDIGITS", |it, _, _| {
        number(it).is_some_and(|it| it == 0 || (640..=0x7fff_ffff).contains(&it))
    }),
    ("PYTHON_CPU_COUNT", |it, _, _| {
        it == "default" || number(it).is_some_and(|it| (1..=0x7fff_ffff).contains(&it))
    }),
    ("PYTHON_GIL", |it, start, _| {
        it == "1" || (it == "0" && start.binary.build.free_threaded)
    }),
    ("PYTHONIOENCODING", |it, _, stdlib| {
        let encoding = it.split(':').next().unwrap_or_default();
        encoding.is_empty() || is_encoding(encoding, stdlib)
    }),
];

/// The cause of the first variable that stops this Python.
pub fn problem(start: &Start, stdlib: &PyPath) -> Option<Cause> {
    SETTINGS.iter().find_map(|(name, is_understood)| {
        let value = start.world.non_empty(name)?;
        let stops = !is_understood(&value.lossy(), start, stdlib) && start.binary.mentions(name);
        let (file, value) = (start.binary.file.clone(), value.clone());
        stops.then_some(Cause::BadVariable { file, name, value })
    })
}

/// C's `strtol` on a whole text: blanks and a sign may come before the digits, nothing may come after them.
pub fn number(text: &str) -> Option<i64> {
    let blanks = [' ', '\t', '\n', '\x0b', '\x0c', '\r'];
    text.trim_start_matches(blanks).parse().ok()
}

/// Is it the name of an encoding of text in this library, or another name of one?
fn is_encoding(name: &str, stdlib: &PyPath) -> bool {
    let spelled = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let name: String = name.to_ascii_lowercase().chars().map(spelled).collect();
    let package = stdlib.os_join("encodings");
    let aliases = files::text(&package.os_join("aliases.py")).unwrap_or_default();
    // A line such as `'u8' : 'utf_8',`.
    let target = aliases.lines().find_map(|line| {
        let (alias, target) = line.split_once(':')?;
        let is_it = alias.trim().trim_matches('\'') == name;
        is_it.then(|| target.trim().trim_matches([',', '\'']).to_owned())
    });
    let module = target.unwrap_or(name);
    !NOT_TEXT.contains(&module.as_str()) && files::is_file(&package.os_join(module + ".py"))
}
