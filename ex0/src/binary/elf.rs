//! What is written inside a program on Linux? Symbols, libraries, constants; read in pieces, never as a whole.
//!
//! Source: the System V ABI (ELF); decoded by the `elf` crate. Every offset and size comes from the file, so nothing is believed:
//! no piece is larger than a cap, and a piece that the file does not have is none.

use std::borrow::Cow;
use std::fs::File;
use std::io::Read;

use elf::abi;
use elf::dynamic::DynamicTable;
use elf::endian::AnyEndian;
use elf::file::{Class, FileHeader, parse_ident};
use elf::section::{SectionHeader, SectionHeaderTable};
use elf::string_table::StringTable;
use memchr::memmem;

use crate::support::PyPath;
use crate::support::files;

/// How much is read at once when the file is opened, in bytes. Linkers put the hash table of the symbols first: 13 kB in a libpython.
const HEAD: usize = 16 * 1024;

/// The most of a table that is read at once, in bytes: libpython's largest is about 150 kB.
const TABLE_CAP: u64 = 8 << 20;

/// How much is searched at a time for a constant, in bytes.
const WINDOW: u64 = 1 << 20;

/// The most that is searched for a constant, in bytes, over all sections, which may overlap: PyPy's data is 20 MB.
const SEARCH_CAP: u64 = 96 << 20;

/// The most entries for the dynamic loader that are looked at; an interpreter has about 30.
const DYNAMIC_CAP: usize = 1000;

/// The longest name of a library or list of folders, in bytes.
const NAME_CAP: usize = 4096;

/// A piece of the file: of its head, or read for the purpose.
pub type Piece<'a> = Cow<'a, [u8]>;

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
    /// Its beginning.
    head: Vec<u8>,
    /// Byte order.
    pub endian: AnyEndian,
    /// 32 or 64 bit.
    pub class: Class,
    /// The table of sections.
    pub sections: Vec<SectionHeader>,
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
    pub fn piece(&self, offset: u64, size: u64) -> Option<Piece<'_>> {
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
    pub fn table(&self, section_type: u32) -> Option<(Piece<'_>, Piece<'_>)> {
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
        let entries = DynamicTable::new(self.endian, self.class, &table);
        for entry in entries.iter().take(DYNAMIC_CAP) {
            let text = || {
                let rest = strings.get(usize::try_from(entry.d_val()).ok()?..)?;
                let name = StringTable::new(&rest[..rest.len().min(NAME_CAP)]).get(0);
                Some(name.ok()?.to_owned())
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
        let mut left = SEARCH_CAP;
        for section in constants {
            let end = section.sh_size;
            let mut start = 0;
            while start < end && left > 0 {
                let size = (end - start).min(WINDOW);
                left = left.saturating_sub(size);
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
    use crate::support::hostile::{Hostile, within};

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
        // The shell, since this program may hold the C library itself (build.rs).
        let shell = ElfFile::open_elf(&PyPath::new(b"/bin/sh")).unwrap();
        let libraries = shell.dynamic().needed;
        assert!(libraries.iter().any(|it| it.starts_with("libc.")));
        assert_eq!(shell.constant("no_such_symbol"), None);
        let elf = open(&own_bytes()).unwrap();
        let needle = b"a constant that only this test holds";
        assert_eq!(
            elf.search(needle, |window, at| window
                .get(at..at + 3)
                .map(<[u8]>::to_vec)),
            Some(b"a c".to_vec())
        );
    }

    /// A program of our own making: a table of six sections at the end, and before it what they hold.
    pub fn program(sections: usize) -> Vec<u8> {
        let strings = b"\0Py_Version\0libpython3.11.so.1.0\0$ORIGIN/../lib\0";
        let number = |it: u64| it.to_le_bytes();
        let words = |it: &[u64]| it.iter().copied().flat_map(number).collect::<Vec<u8>>();
        // A symbol: its name and kind, its section, its address and its size.
        let symbols = [[0; 24].to_vec(), words(&[0x0004_0011_0000_0001, 0x1000, 8])].concat();
        let dynamic = words(&[1, 12, 29, 33, 0, 0]);
        let constants = [number(0x030b_02f0).as_slice(), b"\0needle\0"].concat();
        // One bucket of one symbol; the filter of eight bytes is not looked at.
        let half = |it: u32| it.to_le_bytes();
        let hash = elf::hash::gnu_hash(b"Py_Version") | 1;
        let hashes = [1, 1, 1, 0, 0, 0, 1, hash].map(half).concat();
        let parts = [strings.as_slice(), &symbols, &dynamic, &hashes, &constants];
        let mut at = 64;
        let mut table = vec![0; 64];
        for (part, (kind, link)) in
            parts
                .iter()
                .zip([(3, 0), (11, 1), (6, 1), (0x6fff_fff6, 2), (1, 0)])
        {
            let size = u64::try_from(part.len()).unwrap();
            let (flags, address) = if kind == 1 { (2, 0x1000) } else { (0, 0) };
            table.extend(words(&[kind << 32, flags, address, at, size, link, 1, 0]));
            at += size;
        }
        while table.len() < sections * 64 {
            let last = table[table.len() - 64..].to_vec();
            table.extend(last);
        }
        let count = u64::try_from(table.len() / 64).unwrap();
        let mut file = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec();
        file.extend(words(&[0x0000_0001_003e_0003, 0, 0, at, 64 << 32]));
        file.extend(words(&[count << 32 | 64 << 16]));
        [file, parts.concat(), table].concat()
    }

    /// Everything that is asked of a program.
    fn ask(elf: &ElfFile) -> (Dynamic, Option<u64>, Option<usize>) {
        let found = elf.search(b"needle", |window, at| {
            assert!(window[at..].starts_with(b"needle"));
            Some(at)
        });
        (elf.dynamic(), elf.constant("Py_Version"), found)
    }

    #[test]
    fn a_small_program_says_all_there_is_to_say() {
        let (dynamic, version, needle) = ask(&open(&program(0)).unwrap());
        assert_eq!(dynamic.needed, ["libpython3.11.so.1.0"]);
        assert_eq!(dynamic.runpath.as_deref(), Some("$ORIGIN/../lib"));
        assert_eq!((version, needle), (Some(0x030b_02f0), Some(9)));
    }

    #[test]
    fn a_spoiled_program_says_nothing_that_is_not_in_it() {
        let mut hostile = Hostile::new(0x7f45_4c46);
        let mut opened = 0;
        for _ in 0..4_000 {
            let bytes = hostile.spoil(&program(0));
            let Some(elf) = open(&bytes) else { continue };
            let (dynamic, version, _) = ask(&elf);
            let names = dynamic.needed.iter().chain(&dynamic.rpath);
            for name in names.chain(&dynamic.runpath) {
                assert!(within(&bytes, name.as_bytes()));
            }
            let spelled = |it: u64| {
                let four = u32::try_from(it).map(|it| [it.to_le_bytes(), it.to_be_bytes()]);
                [it.to_le_bytes(), it.to_be_bytes()]
                    .iter()
                    .any(|it| within(&bytes, it))
                    || four.is_ok_and(|it| it.iter().any(|it| within(&bytes, it)))
            };
            assert!(version.is_none_or(spelled));
            let (offset, size) = (
                hostile.below(bytes.len() * 2),
                1 + hostile.below(bytes.len()),
            );
            let piece = elf.piece(offset.try_into().unwrap(), size.try_into().unwrap());
            assert_eq!(piece.as_deref(), bytes.get(offset..offset + size));
            opened += 1;
        }
        assert!((1_000..4_000).contains(&opened), "{opened}");
    }

    #[test]
    fn a_program_that_repeats_itself_is_searched_only_so_far() {
        // 60 000 sections of constants, each of them the same 64 MB of nothing: four terabytes.
        let mut bytes = program(60_000);
        let table = bytes.len() - 60_000 * 64;
        for section in bytes[table..].chunks_exact_mut(64).skip(5) {
            section[32..40].copy_from_slice(&(64_u64 << 20).to_le_bytes());
        }
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), &bytes).unwrap();
        file.as_file().set_len(70 << 20).unwrap();
        let elf = ElfFile::open_elf(&PyPath::from(file.path())).unwrap();
        let start = std::time::Instant::now();
        assert_eq!(elf.search(b"not there", |_, _| Some(())), None);
        assert!(start.elapsed().as_secs() < 20);
    }

    #[test]
    fn a_name_that_stands_everywhere_is_still_looked_up_at_once() {
        // As many names and symbols as fit: each symbol's name must not be compared with each place.
        let mut elf = open(&program(0)).unwrap();
        let names = b"\0Py_Version".repeat(600_000);
        let symbols = [0xff; 24].repeat(300_000);
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), [names.as_slice(), &symbols].concat()).unwrap();
        elf.file = std::fs::File::open(file.path()).unwrap();
        elf.head.clear();
        // No table of hashes: every symbol has to be looked at.
        elf.sections.remove(4);
        let (names, symbols) = (names.len() as u64, symbols.len() as u64);
        (elf.sections[1].sh_offset, elf.sections[1].sh_size) = (0, names);
        (elf.sections[2].sh_offset, elf.sections[2].sh_size) = (names, symbols);
        let start = std::time::Instant::now();
        assert!(!elf.exports("Py_Version"));
        assert!(start.elapsed().as_secs() < 20);
    }
}
