//! What is kept of a library that the loader would use?

use super::build::library_name;
use super::elf::{Dynamic, ElfFile};
use crate::support::PyPath;

/// A library that the loader would use. The facts are copied, so that the file need not stay open.
pub struct Library {
    /// The name in the entry of the program or library that needs it.
    pub name: PyPath,
    pub path: PyPath,
    pub dynamic: Dynamic,
    pub needed: Needed,
    pub offered: Vec<PyPath>,
    /// Who needs it: the program (`None`), or the library with this number.
    pub needed_by: Option<usize>,
    /// The file, if it is a libpython.
    pub elf: Option<ElfFile>,
}

/// The names of the libraries, each with the versions that are needed.
type Needed = Vec<(PyPath, Vec<PyPath>)>;

impl Library {
    pub fn of(name: PyPath, path: PyPath, elf: ElfFile, needed_by: Option<usize>) -> Self {
        Self {
            needed: elf.versions_needed(),
            offered: elf.versions_offered(),
            dynamic: elf.dynamic.clone(),
            elf: library_name(&name.basename().lossy())
                .is_some()
                .then_some(elf),
            name,
            path,
            needed_by,
        }
    }
}
