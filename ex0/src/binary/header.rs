//! Which headers do exec and the dynamic loader accept? They read different fields: a file may be good for one and bad for the other.
//!
//! Source: Linux `fs/binfmt_elf.c` (`load_elf_binary`, `load_elf_phdrs`); glibc `elf/dl-load.c` (`open_verify`); a test run for each byte of a header.

use elf::abi;
use elf::endian::AnyEndian;
use elf::file::{Class, FileHeader, parse_ident};

use super::elf::ElfFile;
use crate::finding::Unloadable;

/// The fields of a header that exec or the loader checks.
#[derive(Clone, Copy, Default)]
pub struct Header {
    /// The first bytes: the class, the order of bytes, the version, the system.
    ident: [u8; abi::EI_NIDENT],
    /// `ET_EXEC` or `ET_DYN` for a program.
    kind: u16,
    version: [u8; 4],
    /// The address where a program starts.
    start: u64,
    /// The size of an entry in the table of segments, in bytes.
    entry: u16,
    /// How many entries that table has.
    entries: u16,
}

/// How many bytes of the table of segments the kernel reads. If there are more, it refuses the program. The loader has no such limit.
const TABLE: u32 = 65536;

/// The newest version of the GNU system for libraries that every glibc since 2.26 accepts.
const OF_GNU: u8 = 3;

/// The size of an entry in the table of segments, in bytes.
pub fn entry_size(class: Class) -> u16 {
    if class == Class::ELF64 { 56 } else { 32 }
}

/// Reads a header; `None` if the file is not ELF.
pub fn read(head: &[u8]) -> Option<(Header, FileHeader<AnyEndian>)> {
    let mut bytes = head.to_vec();
    let machine = u16::from_le_bytes([*head.get(18)?, *head.get(19)?]);
    // The kernel goes by the machine, and does not read the class, the order of bytes and the versions.
    match machine {
        abi::EM_X86_64 => (bytes[abi::EI_CLASS], bytes[abi::EI_DATA]) = (2, 1),
        abi::EM_386 => (bytes[abi::EI_CLASS], bytes[abi::EI_DATA]) = (1, 1),
        _ => {}
    }
    bytes[abi::EI_VERSION] = abi::EV_CURRENT;
    let is_big = bytes[abi::EI_DATA] == abi::ELFDATA2MSB;
    let current = u32::from(abi::EV_CURRENT);
    bytes.get_mut(20..24)?.copy_from_slice(&if is_big {
        current.to_be_bytes()
    } else {
        current.to_le_bytes()
    });
    let ident = parse_ident::<AnyEndian>(bytes.get(..abi::EI_NIDENT)?).ok()?;
    let parsed = FileHeader::parse_tail(ident, bytes.get(abi::EI_NIDENT..)?).ok()?;
    let header = Header {
        ident: *head.first_chunk()?,
        kind: parsed.e_type,
        version: *head.get(20..)?.first_chunk()?,
        start: parsed.e_entry,
        entry: parsed.e_phentsize,
        entries: parsed.e_phnum,
    };
    Some((header, parsed))
}

impl ElfFile {
    /// Were both built for the same kind of machine? The loader skips a library of another one.
    pub fn fits(&self, other: &Self) -> bool {
        let class = if other.class == Class::ELF64 { 2 } else { 1 };
        self.machine == other.machine && self.header.ident[abi::EI_CLASS] == class
    }

    /// Why does the kernel refuse this program, or why does it die at once?
    pub fn refusal(&self) -> Option<Unloadable> {
        let is_program = [abi::ET_EXEC, abi::ET_DYN].contains(&self.header.kind);
        let table = u32::from(self.header.entry) * u32::from(self.header.entries);
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
            let inside = self.header.start.checked_sub(start);
            inside.is_some_and(|it| it < size)
        };
        let mut code = self.loaded().filter(|it| it.p_flags & abi::PF_X != 0);
        let begins = code.any(|it| holds(it.p_vaddr, it.p_memsz));
        begins && (self.dynamic.needed.is_empty() || self.loader().is_some())
    }

    /// Does the loader accept the header of this library?
    pub fn has_header_of_library(&self) -> bool {
        let Header {
            ident,
            kind,
            version,
            ..
        } = self.header;
        let order = if cfg!(target_endian = "little") { 1 } else { 2 };
        let expected = [order, abi::EV_CURRENT];
        let is_for_linux = match ident[abi::EI_OSABI] {
            abi::ELFOSABI_SYSV => ident[abi::EI_ABIVERSION] == 0,
            abi::ELFOSABI_GNU => ident[abi::EI_ABIVERSION] <= OF_GNU,
            _ => false,
        };
        ident[abi::EI_DATA..=abi::EI_VERSION] == expected
            && is_for_linux
            && ident[abi::EI_ABIVERSION + 1..].iter().all(|it| *it == 0)
            && u32::from_ne_bytes(version) == u32::from(abi::EV_CURRENT)
            && kind == abi::ET_DYN
            && self.has_segments()
            && self.segments.iter().any(|it| it.p_type == abi::PT_DYNAMIC)
    }

    /// Can the table of segments be read, and is something mapped?
    fn has_segments(&self) -> bool {
        self.header.entry == entry_size(self.class) && self.loaded().next().is_some()
    }
}
