//! Which constants are in a program? The search is slow, so it runs only if no symbol has the answer.

use bstr::ByteSlice;
use elf::abi;
use elf::segment::ProgramHeader;

use super::Binary;
use super::elf::ElfFile;
use crate::support::PyPath;
use crate::support::version::Minor;

/// How many bytes are searched at a time.
const WINDOW: u64 = 1 << 20;

/// How many bytes are searched at most, in all segments together; segments may overlap. PyPy has 20 MB of data.
const SEARCH_CAP: u64 = 96 << 20;

impl ElfFile {
    /// Searches the constants for `needle` and calls `found` for each place, until `found` returns an answer.
    ///
    /// `found` gets a part of the file and the needle's place in it. Older linkers put constants next to the code, so the code is searched
    /// too, but last.
    pub fn search<T>(&self, needle: &[u8], found: impl Fn(&[u8], usize) -> Option<T>) -> Option<T> {
        let is_code = |it: &&ProgramHeader| it.p_flags & abi::PF_X != 0;
        let (code, data): (Vec<&ProgramHeader>, Vec<&ProgramHeader>) =
            self.loaded().partition(is_code);
        let mut left = SEARCH_CAP;
        for segment in data.into_iter().chain(code) {
            let end = segment.p_filesz;
            let mut start = 0;
            while start < end && left > 0 {
                let size = (end - start).min(WINDOW);
                left = left.saturating_sub(size);
                let window = self.piece(segment.p_offset.checked_add(start)?, size)?;
                if let Some(answer) = window.find_iter(needle).find_map(|at| found(&window, at)) {
                    return Some(answer);
                }
                // The windows overlap. Otherwise the search would miss a constant at the border of two windows.
                start += if size == WINDOW { WINDOW - 4096 } else { size };
            }
        }
        None
    }

    /// The `X.Y` of an older interpreter that is one file, without a libpython.
    pub fn minor_inside(&self) -> Option<Minor> {
        // Before 3.11 the name of its library folder is one of its constants. A program that only starts Python has such a constant too, but
        // only an interpreter exports functions for other programs.
        if !self.exports("Py_Initialize") {
            return None;
        }
        self.search(b"python3.", |window, at| {
            let text = text_at(window, at + "python".len());
            let minor = Minor::at_start(&text).filter(|it| *it < Minor(3, 11))?;
            (text == minor.to_string() && matches!(window.get(at.wrapping_sub(1)), Some(0 | b'/')))
                .then_some(minor)
        })
    }
}

impl Binary {
    /// The prefix that was compiled into the interpreter. Python uses it when it finds no landmark.
    ///
    /// From 3.11 on it is between two names of getpath's variables. Before, it is in front of the name of the library folder.
    pub fn compiled_prefix(&self) -> Option<PyPath> {
        let search = || {
            if self.minor >= Minor(3, 11) {
                return self.elf.search(b"\0WITH_NEXT_FRAMEWORK\0", |window, at| {
                    let start = at + "\0WITH_NEXT_FRAMEWORK\0".len();
                    let text = window.get(start..)?.split(|&byte| byte == 0).next()?;
                    let after = window.get(start + text.len() + 1..)?;
                    (text.starts_with(b"/") && after.starts_with(b"EXEC_PREFIX\0"))
                        .then(|| PyPath::new(text))
                });
            }
            [
                format!("\0lib/python{}\0", self.minor),
                format!("\0lib64/python{}\0", self.minor),
                format!("\0python{}\0", self.minor),
            ]
            .iter()
            .find_map(|needle| {
                self.elf.search(needle.as_bytes(), |window, at| {
                    let start = window[..at].iter().rposition(|&byte| byte == 0)? + 1;
                    Some(PyPath::new(&window[start..at])).filter(PyPath::is_absolute)
                })
            })
        };
        self.prefix.get_or_init(search).clone()
    }

    /// Is it a Python of python-build-standalone that finds its library in /proc/self/maps? Then it contains the pattern of a line there.
    pub fn is_standalone(&self) -> bool {
        self.mentions("%lx-%lx %*s %*s %*s %*s")
    }

    /// Do the interpreter's constants contain a text? (From 3.11 on the module site is one of the constants.)
    pub fn mentions(&self, text: &str) -> bool {
        self.elf.search(text.as_bytes(), |_, _| Some(())).is_some()
    }

    /// The compiled-in name of the folder of libraries: `lib64` in Fedora, RHEL and openSUSE, else `lib`. Before 3.9 a patch put it there.
    pub fn platlibdir(&self) -> &'static str {
        let constant = if self.minor >= Minor(3, 9) {
            "lib64\0".to_owned()
        } else {
            format!("lib64/python{}\0", self.minor)
        };
        // The end of a longer path is another constant.
        let is_whole = |window: &[u8], at: usize| {
            let before = at.checked_sub(1).and_then(|it| window.get(it));
            (!before.is_some_and(u8::is_ascii_graphic)).then_some(())
        };
        let is_64 = self.elf.search(constant.as_bytes(), is_whole).is_some();
        if is_64 { "lib64" } else { "lib" }
    }
}

/// The text that starts here and ends at the next NUL; at most 80 bytes.
pub fn text_at(window: &[u8], at: usize) -> String {
    let text = window.get(at..).unwrap_or_default();
    let text = text[..text.len().min(80)].split(|&byte| byte == 0).next();
    let text = std::str::from_utf8(text.unwrap_or_default());
    text.unwrap_or_default().to_owned()
}
