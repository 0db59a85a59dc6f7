//! Which names and symbols does a program have, and which symbol versions does it need?
//!
//! Source: the System V ABI (ELF), `DT_GNU_HASH`; Drepper, "ELF Symbol Versioning".

use std::collections::BTreeSet;
use std::ffi::CStr;

use elf::abi;
use elf::endian::EndianParse;
use elf::file::Class;
use elf::gnu_symver::{VerDefIterator, VerNeedIterator};
use elf::hash::gnu_hash;
use elf::parse::ParseAt;
use elf::relocation::RelaIterator;
use elf::symbol::Symbol;

use super::elf::{ENTRIES_CAP, ElfFile, Names, TABLE_CAP};
use super::embeds::is_start;
use crate::support::PyPath;

/// How many bytes of the two tables of versions are read at most. Those of glibc have 1.5 kB.
const VERSIONS_CAP: u64 = 6 << 10;

/// How many bytes of the names are read at once. Linkers put the names of libraries and versions together, mostly at the end.
const NAMES: u64 = 4096;

/// How many bytes after the names are read too: linkers put the tables of versions there.
const AFTER: u64 = 12 * 1024;

/// How many bytes of relocations are read at most in each table. A program that only starts Python has about ten of 24 bytes.
const RELOCATIONS_CAP: u64 = 16 << 10;

/// The longest name of a library or list of folders, in bytes.
const NAME_CAP: usize = 4096;

impl ElfFile {
    /// The place of the names of symbols, libraries and versions.
    pub fn names(&self) -> Option<Names> {
        let find = || {
            let (offset, rest) = self.place(self.dynamic.value(abi::DT_STRTAB)?)?;
            let size = rest.min(self.dynamic.value(abi::DT_STRSZ)?);
            Some(Names { offset, size, rest })
        };
        *self.names.get_or_init(find)
    }

    /// Reads the last names and the bytes after them.
    pub fn read_tail(&self) {
        if let Some(Names { offset, size, rest }) = self.names() {
            let start = size.saturating_sub(NAMES);
            let most = size - start + AFTER;
            self.read(offset.saturating_add(start), most.min(rest - start));
        }
    }

    /// The name that starts here.
    pub fn text(&self, at: u64) -> Option<PyPath> {
        let Names { offset, size, .. } = self.names()?;
        let left = usize::try_from(size.checked_sub(at)?).ok()?.min(NAME_CAP);
        let place = offset.checked_add(at)?;
        let whole = |bytes: &[u8]| {
            let name = CStr::from_bytes_until_nul(&bytes[..bytes.len().min(left)]);
            Some(PyPath::new(name.ok()?.to_bytes()))
        };
        self.known(place, whole).or_else(|| {
            if size - at <= NAMES {
                self.read_tail();
            } else if self.pieces.borrow().len() < 4 {
                self.read(place, NAMES);
            } else {
                self.read(offset, size);
            }
            self.known(place, whole)
        })
    }

    /// The value of the exported integer constant with this name.
    pub fn constant(&self, name: &str) -> Option<u64> {
        let symbol = self
            .symbol(name)
            .filter(|it| it.st_symtype() == abi::STT_OBJECT)?;
        let bytes = self.piece(self.place(symbol.st_value)?.0, symbol.st_size)?;
        match bytes.len() {
            4 => self.endian.parse_u32_at(&mut 0, &bytes).ok().map(u64::from),
            8 => self.endian.parse_u64_at(&mut 0, &bytes).ok(),
            _ => None,
        }
    }

    /// Does it export a symbol with this name?
    pub fn exports(&self, name: &str) -> bool {
        self.symbol(name).is_some()
    }

    /// The symbol with this name that the file defines. The search uses its hash, as the loader does.
    ///
    /// The table of hashes has four parts: a header of four numbers; a filter that is not needed here; for each bucket the number of its
    /// first symbol; for each symbol its hash. The last bit of a hash is 1 at the end of a bucket.
    fn symbol(&self, name: &str) -> Option<Symbol> {
        let hashes = self.hashes.get_or_init(|| self.read_hashes()).as_ref()?;
        let number = |at: usize| self.endian.parse_u32_at(&mut at.clone(), hashes).ok();
        let size = |at| usize::try_from(number(at)?).ok();
        let (buckets, first, filter) = (size(0)?, size(4)?, size(8)?);
        let word = if self.class == Class::ELF64 { 8 } else { 4 };
        let at_buckets = 16 + filter.checked_mul(word)?;
        let at_hashes = at_buckets.checked_add(buckets.checked_mul(4)?)?;
        let hash = gnu_hash(name.as_bytes());
        let bucket = usize::try_from(hash).ok()?.checked_rem(buckets)?;
        let start = size(at_buckets + 4 * bucket)?.checked_sub(first)?;
        // A hostile file may give this hash to all its symbols.
        let mut tried = 0;
        for index in start.. {
            let found = number(at_hashes + 4 * index)?;
            let is_same = found | 1 == hash | 1;
            tried += usize::from(is_same);
            let symbol = Some(first + index).filter(|_| is_same && tried <= ENTRIES_CAP);
            let symbol = symbol.and_then(|it| self.symbol_at(it, name));
            if symbol.is_some() || found & 1 == 1 {
                return symbol.filter(|it| !it.is_undefined());
            }
        }
        None
    }

    /// The symbol with this number, if it has this name.
    fn symbol_at(&self, index: usize, name: &str) -> Option<Symbol> {
        let symbol = self.numbered(index)?;
        let (names, length) = (self.names()?.offset, u64::try_from(name.len() + 1).ok()?);
        let spelled = self.piece(names.checked_add(u64::from(symbol.st_name))?, length)?;
        (spelled.strip_suffix(b"\0") == Some(name.as_bytes())).then_some(symbol)
    }

    /// The symbol with this number.
    fn numbered(&self, index: usize) -> Option<Symbol> {
        let size = Symbol::size_for(self.class);
        let (table, _) = self.place(self.dynamic.value(abi::DT_SYMTAB)?)?;
        let at = u64::try_from(index.checked_mul(size)?).ok()?;
        let bytes = self.piece(table.checked_add(at)?, u64::try_from(size).ok()?)?;
        Symbol::parse_at(self.endian, self.class, &mut 0, &bytes).ok()
    }

    /// The function that starts Python, if this program calls it and does not contain it; else all functions of an interpreter that it
    /// calls. The loader looks for them in the libpython. Each relocation has the number of a symbol.
    pub fn calls(&self) -> Vec<PyPath> {
        let tables = [
            (abi::DT_RELA, abi::DT_RELASZ),
            (abi::DT_JMPREL, abi::DT_PLTRELSZ),
        ];
        let tables = tables.iter().filter_map(|(tag, size)| {
            let size = self.dynamic.value(*size)?;
            self.table(*tag, size.min(RELOCATIONS_CAP))
        });
        let mut numbers = BTreeSet::new();
        for table in tables {
            let relocations = RelaIterator::new(self.endian, self.class, &table);
            numbers.extend(relocations.filter_map(|it| usize::try_from(it.r_sym).ok()));
        }
        let symbols = numbers.into_iter().filter_map(|it| self.numbered(it));
        let called = symbols.filter(|it| it.is_undefined() && it.st_bind() == abi::STB_GLOBAL);
        let names = called.filter_map(|it| self.text(u64::from(it.st_name)));
        let mut names: Vec<PyPath> = names.filter(is_of_python).collect();
        let start = names.iter().position(|it| is_start(it.bytes()));
        if let Some(at) = start {
            names = vec![names.swap_remove(at)];
        }
        names
    }

    /// Is there a table of symbols without this one?
    pub fn lacks(&self, name: &str) -> bool {
        !self.exports(name) && self.hashes.get().is_some_and(Option::is_some)
    }

    /// The table of hashes. Linkers put the table of symbols after it, so its size is known.
    fn read_hashes(&self) -> Option<Vec<u8>> {
        let address = |tag| self.dynamic.value(tag);
        let (hashes, symbols) = (address(abi::DT_GNU_HASH)?, address(abi::DT_SYMTAB)?);
        let most = u64::try_from(TABLE_CAP).ok()?;
        self.table(
            abi::DT_GNU_HASH,
            symbols.checked_sub(hashes).unwrap_or(most),
        )
    }

    /// The names of the libraries, each with the versions that are needed. Weak (optional) versions are left out.
    pub fn versions_needed(&self) -> Vec<(PyPath, Vec<PyPath>)> {
        self.read_tail();
        let count = self.dynamic.value(abi::DT_VERNEEDNUM);
        let (Some(count), Some(table)) = (count, self.table(abi::DT_VERNEED, VERSIONS_CAP)) else {
            return Vec::new();
        };
        let text = |at: u32| self.text(u64::from(at));
        VerNeedIterator::new(self.endian, self.class, count, 0, &table)
            .take(ENTRIES_CAP)
            .filter_map(|(library, versions)| {
                let strong = versions
                    .take(ENTRIES_CAP)
                    .filter(|it| it.vna_flags & abi::VER_FLG_WEAK == 0);
                let versions = strong.filter_map(|it| text(it.vna_name)).collect();
                Some((text(library.vn_file)?, versions))
            })
            .collect()
    }

    /// The versions that a library offers; empty if it has no table of versions.
    pub fn versions_offered(&self) -> Vec<PyPath> {
        self.read_tail();
        let count = self.dynamic.value(abi::DT_VERDEFNUM);
        let (Some(count), Some(table)) = (count, self.table(abi::DT_VERDEF, VERSIONS_CAP)) else {
            return Vec::new();
        };
        VerDefIterator::new(self.endian, self.class, count, 0, &table)
            .take(ENTRIES_CAP)
            .filter_map(|(_, mut names)| self.text(u64::from(names.next()?.vda_name)))
            .collect()
    }
}

/// Has an interpreter functions with such a name?
fn is_of_python(name: &PyPath) -> bool {
    let fronts: [&[u8]; 3] = [b"Py", b"_Py", b"pypy_"];
    fronts.iter().any(|it| name.bytes().starts_with(it))
}
