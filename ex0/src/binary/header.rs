//! Which headers do exec and the dynamic loader accept? They read different fields: a file may be good for one and bad for the other.
//!
//! Source: Linux `fs/binfmt_elf.c` (`load_elf_binary`, `load_elf_phdrs`); glibc `elf/dl-load.c` (`open_verify`); a test run for each byte of a header.

use elf::abi;
use elf::endian::AnyEndian;
use elf::file::{Class, FileHeader, parse_ident};

use super::elf::ElfFile;
use crate::finding::Unloadable;

/// The size of an ELF header, in bytes. For 32 bits it is smaller.
const SIZE: usize = 64;

/// The bytes of a header up to this one are the same for 32 and 64 bits. The loader reads them all.
const START: usize = 24;

/// How many bytes of the table of segments the kernel reads. If there are more, it refuses the program. The loader has no such limit.
const TABLE: u32 = 65536;

/// The newest version of the GNU system for libraries that every glibc since 2.26 accepts.
const OF_GNU: u8 = 3;

/// The size of an entry in the table of segments, in bytes.
pub fn entry_size(class: Class) -> u16 {
    if class == Class::ELF64 { 56 } else { 32 }
}

/// Reads a header as the kernel does; `None` if the file is not ELF.
pub fn read(head: &[u8]) -> Option<FileHeader<AnyEndian>> {
    let mut bytes = *head.first_chunk::<SIZE>()?;
    let machine = u16::from_le_bytes([bytes[18], bytes[19]]);
    // The kernel goes by the machine, and does not read the class, the order of bytes and the versions.
    match machine {
        abi::EM_X86_64 => (bytes[abi::EI_CLASS], bytes[abi::EI_DATA]) = (2, 1),
        abi::EM_386 => (bytes[abi::EI_CLASS], bytes[abi::EI_DATA]) = (1, 1),
        _ => {}
    }
    bytes[abi::EI_VERSION] = abi::EV_CURRENT;
    let is_big = bytes[abi::EI_DATA] == abi::ELFDATA2MSB;
    let current = u32::from(abi::EV_CURRENT);
    bytes[20..START].copy_from_slice(&if is_big {
        current.to_be_bytes()
    } else {
        current.to_le_bytes()
    });
    let (ident, tail) = bytes.split_at(abi::EI_NIDENT);
    FileHeader::parse_tail(parse_ident(ident).ok()?, tail).ok()
}

impl ElfFile {
    /// The first bytes of the header, as they are in the file.
    fn start(&self) -> [u8; START] {
        let start = self.known(0, |head| head.first_chunk().copied());
        start.unwrap_or_default()
    }

    /// Were both built for the same kind of machine? The loader skips a library of another one.
    pub fn fits(&self, other: &Self) -> bool {
        let class = if other.class == Class::ELF64 { 2 } else { 1 };
        self.header.e_machine == other.header.e_machine && self.start()[abi::EI_CLASS] == class
    }

    /// Why does the kernel refuse this program, or why does it die at once?
    pub fn refusal(&self) -> Option<Unloadable> {
        let is_program = [abi::ET_EXEC, abi::ET_DYN].contains(&self.header.e_type);
        let table = u32::from(self.header.e_phentsize) * u32::from(self.header.e_phnum);
        if !is_program || !self.has_segments() || table > TABLE {
            Some(Unloadable::BadHeader)
        } else if self.is_cut_off() {
            Some(Unloadable::CutOff)
        } else if self.can_begin() {
            None
        } else {
            Some(Unloadable::NoStart)
        }
    }

    /// Is there a place where the program starts? A library has none, and no loader that finds its libraries.
    fn can_begin(&self) -> bool {
        let holds = |start: u64, size: u64| {
            let inside = self.header.e_entry.checked_sub(start);
            inside.is_some_and(|it| it < size)
        };
        let mut code = self.loaded().filter(|it| it.p_flags & abi::PF_X != 0);
        let begins = code.any(|it| holds(it.p_vaddr, it.p_memsz));
        begins && (self.dynamic.needed.is_empty() || self.loader().is_some())
    }

    /// Does the loader accept the header of this library?
    pub fn has_header_of_library(&self) -> bool {
        let start = self.start();
        let order = if cfg!(target_endian = "little") { 1 } else { 2 };
        let is_for_linux = match self.header.osabi {
            abi::ELFOSABI_SYSV => self.header.abiversion == 0,
            abi::ELFOSABI_GNU => self.header.abiversion <= OF_GNU,
            _ => false,
        };
        start[abi::EI_DATA..=abi::EI_VERSION] == [order, abi::EV_CURRENT]
            && is_for_linux
            && start[abi::EI_ABIVERSION + 1..abi::EI_NIDENT]
                .iter()
                .all(|it| *it == 0)
            && start[20..] == u32::from(abi::EV_CURRENT).to_ne_bytes()
            && self.header.e_type == abi::ET_DYN
            && self.has_segments()
            && self.segments.iter().any(|it| it.p_type == abi::PT_DYNAMIC)
    }

    /// Can the table of segments be read, and is something mapped?
    fn has_segments(&self) -> bool {
        self.header.e_phentsize == entry_size(self.class) && self.loaded().next().is_some()
    }
}
