//! Is a program the interpreter, or another program with a Python inside? gdb and Blender have one. Such a program chooses its own prefix,
//! and imports or leaves out `site` as it likes.

use bstr::ByteSlice;

use super::elf::{ElfFile, Names};

/// The functions that start Python as an interpreter does: since 3.8, in 3.7, before, with a program's own settings, and in PyPy.
const STARTS: [&str; 5] = [
    "Py_BytesMain",
    "_Py_UnixMain",
    "Py_Main",
    "Py_RunMain",
    "pypy_main_startup",
];

impl ElfFile {
    /// Does it contain such a function, or need one from a library? The linker leaves the function out of a program that never calls it.
    pub fn starts_python(&self) -> bool {
        STARTS.iter().any(|it| self.exports(it)) || self.names_start().unwrap_or_default()
    }

    /// Is such a function among the names of symbols?
    fn names_start(&self) -> Option<bool> {
        let Names { offset, size, .. } = self.names()?;
        let names = self.piece(offset, size)?;
        Some(names.split_str(b"\0").any(is_start))
    }
}

/// Is it the name of such a function?
pub fn is_start(name: &[u8]) -> bool {
    STARTS.iter().any(|it| it.as_bytes() == name)
}
