//! What is written inside a program on Linux? Symbols, libraries, constants; read in pieces, never as a whole.
//!
//! Source: the System V ABI (ELF); decoded by the `elf` crate. Every offset and size comes from the file, so nothing is believed:
//! no piece is larger than a cap, and a piece that the file does not have is none.

use std::borrow::Cow;
use std::fs::File;
use std::io::Read;

use elf::abi;
use elf::dynamic::DynamicTable;
use elf::endian::{AnyEndian, EndianParse};
use elf::file::{Class, FileHeader, parse_ident};
use elf::section::{SectionHeader, SectionHeaderTable};
use elf::string_table::StringTable;
use elf::symbol::{Symbol, SymbolTable};
use memchr::memmem;

use crate::files;
use crate::pypath::PyPath;

/// How much is read at once when the file is opened, in bytes: below malloc's threshold, from which on it asks the kernel.
const HEAD: usize = 112 * 1024;

/// The most of a table that is read at once, in bytes: libpython's largest is about 150 kB.
const TABLE_CAP: u64 = 8 << 20;

/// How much is searched at a time for a constant, in bytes.
const WINDOW: u64 = 1 << 20;

/// The most that is searched for a constant, in bytes: PyPy's data is 20 MB.
const SEARCH_CAP: u64 = 96 << 20;

/// A piece of the file: of its head, or read for the purpose.
type Piece<'a> = Cow<'a, [u8]>;

/// What a file turned out to be.
pub enum Opened {
    /// An ELF file with a table of sections.
    Elf(ElfFile),
    /// Something else: its first bytes.
    Other(Vec<u8>),
    /// Not a regular file that may be read.
    Unreadable,
}

/// An open ELF file and its table of sections.
pub struct ElfFile {
    /// The file.
    file: File,
    /// Its beginning, which holds the symbols and their names: linkers put them first.
    head: Vec<u8>,
    /// Byte order.
    endian: AnyEndian,
    /// 32 or 64 bit.
    class: Class,
    /// The table of sections.
    sections: Vec<SectionHeader>,
}

/// What the dynamic loader is told.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Dynamic {
    /// `DT_NEEDED`: the libraries, by name.
    pub needed: Vec<String>,
    /// `DT_RPATH`: where to look first, `:` between; only heeded without a `DT_RUNPATH`.
    pub rpath: Option<String>,
    /// `DT_RUNPATH`: where to look after `LD_LIBRARY_PATH`.
    pub runpath: Option<String>,
}

impl ElfFile {
    /// Opens a file that was just seen to be a regular one, and looks at its head.
    pub fn open(path: &PyPath) -> Opened {
        let Some(mut file) = files::open_seen(path) else {
            return Opened::Unreadable;
        };
        let mut head = vec![0; HEAD];
        match file.read(&mut head) {
            Ok(size) => head.truncate(size),
            Err(_) => return Opened::Unreadable,
        }
        let mut elf = Self {
            file,
            head,
            endian: AnyEndian::Little,
            class: Class::ELF64,
            sections: Vec::new(),
        };
        match elf.parse() {
            Some(()) => Opened::Elf(elf),
            None => Opened::Other(elf.head),
        }
    }

    /// The file's path, every link on the way resolved. `path` is how it was opened.
    pub fn real_path(&self, path: &PyPath) -> PyPath {
        files::real_path(&self.file, path)
    }

    /// As [`ElfFile::open`], when nothing but ELF will do.
    pub fn open_elf(path: &PyPath) -> Option<Self> {
        match Self::open(path) {
            Opened::Elf(elf) => Some(elf),
            _ => None,
        }
    }

    /// Reads the header and the table of sections.
    fn parse(&mut self) -> Option<()> {
        let ident = parse_ident::<AnyEndian>(self.head.get(..abi::EI_NIDENT)?).ok()?;
        (self.endian, self.class) = (ident.0, ident.1);
        let header = FileHeader::parse_tail(ident, self.head.get(abi::EI_NIDENT..)?).ok()?;
        let size = u64::from(header.e_shnum) * u64::from(header.e_shentsize);
        let table = self.piece(header.e_shoff, size)?;
        let sections = SectionHeaderTable::new(self.endian, self.class, &table);
        self.sections = sections.iter().collect();
        Some(())
    }

    /// `size` bytes at `offset`, if the file has them all and they are no more than a table's.
    fn piece(&self, offset: u64, size: u64) -> Option<Piece<'_>> {
        let end = offset.checked_add(size)?;
        if size > TABLE_CAP {
            return None;
        }
        let in_head = usize::try_from(offset).ok()?..usize::try_from(end).ok()?;
        if let Some(bytes) = self.head.get(in_head) {
            return Some(Cow::Borrowed(bytes));
        }
        let mut bytes = vec![0; usize::try_from(size).ok()?];
        files::read_at(&self.file, &mut bytes, offset).ok()?;
        Some(Cow::Owned(bytes))
    }

    /// The first section of a type, and the section of strings that it points to.
    fn table(&self, section_type: u32) -> Option<(Piece<'_>, Piece<'_>)> {
        let section = self.sections.iter().find(|it| it.sh_type == section_type)?;
        let strings = self.sections.get(usize::try_from(section.sh_link).ok()?)?;
        let piece = |it: &SectionHeader| self.piece(it.sh_offset, it.sh_size);
        Some((piece(section)?, piece(strings)?))
    }

    /// What the dynamic loader is told; empty for a program that needs no library.
    pub fn dynamic(&self) -> Dynamic {
        let mut found = Dynamic::default();
        let Some((table, strings)) = self.table(abi::SHT_DYNAMIC) else {
            return found;
        };
        let strings = StringTable::new(&strings);
        for entry in DynamicTable::new(self.endian, self.class, &table).iter() {
            let text = || {
                Some(
                    strings
                        .get(usize::try_from(entry.d_val()).ok()?)
                        .ok()?
                        .to_owned(),
                )
            };
            match entry.d_tag {
                abi::DT_NULL => break,
                abi::DT_NEEDED => found.needed.extend(text()),
                abi::DT_RPATH => found.rpath = text(),
                abi::DT_RUNPATH => found.runpath = text(),
                _ => {}
            }
        }
        found
    }

    /// The value of an exported integer constant, by its name.
    pub fn constant(&self, name: &str) -> Option<u64> {
        let symbol = self
            .symbol(name)
            .filter(|it| it.st_symtype() == abi::STT_OBJECT)?;
        let home = self.sections.iter().find(|it| {
            it.sh_type == abi::SHT_PROGBITS
                && symbol.st_value >= it.sh_addr
                && symbol.st_value - it.sh_addr < it.sh_size
        })?;
        let bytes = self.piece(
            home.sh_offset.checked_add(symbol.st_value - home.sh_addr)?,
            symbol.st_size,
        )?;
        match bytes.len() {
            4 => self.endian.parse_u32_at(&mut 0, &bytes).ok().map(u64::from),
            8 => self.endian.parse_u64_at(&mut 0, &bytes).ok(),
            _ => None,
        }
    }

    /// Does it define a symbol of this name for others to use?
    pub fn exports(&self, name: &str) -> bool {
        self.symbol(name).is_some()
    }

    /// The symbol of this name that the file defines. The name is looked for once, and then only numbers are compared.
    fn symbol(&self, name: &str) -> Option<Symbol> {
        let (table, strings) = self.table(abi::SHT_DYNSYM)?;
        // A linker may let a name be the end of a longer one, so every place where it ends is one where it may begin.
        let needle = [name.as_bytes(), b"\0"].concat();
        let places: Vec<usize> = memmem::find_iter(&strings, &needle).collect();
        let named = |at: u32| usize::try_from(at).is_ok_and(|at| places.contains(&at));
        let mut symbols = SymbolTable::new(self.endian, self.class, &table).iter();
        symbols.find(|symbol| !symbol.is_undefined() && named(symbol.st_name))
    }

    /// Calls `found` with the text around every place where `needle` stands among the constants, until it answers.
    ///
    /// `found` gets a window of the file and the needle's place in it; constants that can be written to are searched too.
    pub fn search<T>(&self, needle: &[u8], found: impl Fn(&[u8], usize) -> Option<T>) -> Option<T> {
        let finder = memmem::Finder::new(needle);
        let constants = self.sections.iter().filter(|it| {
            it.sh_type == abi::SHT_PROGBITS
                && it.sh_flags & u64::from(abi::SHF_ALLOC) != 0
                && it.sh_flags & u64::from(abi::SHF_EXECINSTR) == 0
        });
        for section in constants {
            let end = section.sh_size.min(SEARCH_CAP);
            let mut start = 0;
            while start < end {
                let size = (end - start).min(WINDOW);
                let window = self.piece(section.sh_offset.checked_add(start)?, size)?;
                if let Some(answer) = finder.find_iter(&window).find_map(|at| found(&window, at)) {
                    return Some(answer);
                }
                // The windows overlap, or a constant on the seam would be missed.
                start += if size == WINDOW { WINDOW - 4096 } else { size };
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of these bytes, opened.
    fn open(bytes: &[u8]) -> Option<ElfFile> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        ElfFile::open_elf(&PyPath::from(file.path()))
    }

    #[test]
    fn what_is_no_elf_file_is_refused() {
        for bytes in [
            &b""[..],
            b"#!/bin/sh\n",
            b"\x7fELF",
            &[0x7f; 4096],
            b"MZ\x90\0",
        ] {
            assert!(open(bytes).is_none());
        }
    }

    /// This test program itself, where it is ELF.
    #[cfg(target_os = "linux")]
    fn own_bytes() -> Vec<u8> {
        std::fs::read(std::env::current_exe().unwrap()).unwrap()
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_real_program_names_its_libraries_and_constants() {
        let elf = open(&own_bytes()).unwrap();
        assert!(
            elf.dynamic()
                .needed
                .iter()
                .any(|it| it.starts_with("libc."))
        );
        assert_eq!(elf.constant("no_such_symbol"), None);
        let needle = b"a constant that only this test holds";
        assert_eq!(
            elf.search(needle, |window, at| window
                .get(at..at + 3)
                .map(<[u8]>::to_vec)),
            Some(b"a c".to_vec())
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_spoiled_program_never_panics_and_never_grows() {
        let whole = own_bytes();
        let head: Vec<u8> = whole[..4096].to_vec();
        // Every byte of the header, spoiled in turn, with what the section table would be missing or full of ones.
        for at in 0..64 {
            for value in [0, 1, 0x7f, 0xff] {
                let mut bytes = head.clone();
                bytes[at] = value;
                bytes.extend([0xff; 8192]);
                if let Some(elf) = open(&bytes) {
                    let _ = elf.dynamic();
                    let _ = elf.constant("Py_Version");
                    let _ = elf.search(b"x", |_, _| None::<()>);
                }
            }
        }
    }
}
