//! What does a program export, and which versions of others' symbols does it want?
//!
//! Source: the System V ABI (ELF), `DT_GNU_HASH`; Drepper, "ELF Symbol Versioning".

use elf::abi;
use elf::endian::EndianParse;
use elf::gnu_symver::{VerDefIterator, VerNeedIterator};
use elf::hash::GnuHashTable;
use elf::string_table::StringTable;
use elf::symbol::{Symbol, SymbolTable};

use super::elf::{ENTRIES_CAP, ElfFile, TABLE_CAP};
use crate::support::PyPath;

/// The most of the two tables of versions, in bytes: glibc's takes 1.5 kB.
const VERSIONS_CAP: u64 = 8 << 10;

impl ElfFile {
    /// The value of an exported integer constant, by its name.
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

    /// Does it define a symbol of this name for others to use?
    pub fn exports(&self, name: &str) -> bool {
        self.symbol(name).is_some()
    }

    /// The symbol of this name that the file defines, as the loader finds it: by its hash.
    fn symbol(&self, name: &str) -> Option<Symbol> {
        let (hashes, table) = self.symbol_tables()?;
        let hashes = GnuHashTable::new(self.endian, self.class, hashes).ok()?;
        let table = SymbolTable::new(self.endian, self.class, table);
        let found = hashes.find(name.as_bytes(), &table, &StringTable::new(self.strings()));
        let (_, symbol) = found.ok()??;
        Some(symbol).filter(|it| !it.is_undefined())
    }

    /// The table of hashes and that of the symbols. Linkers put them and the names one behind the other, which tells their size.
    fn symbol_tables(&self) -> Option<(&[u8], &[u8])> {
        let read = || {
            let address = |tag| self.dynamic.value(tag);
            let (hash, symbols) = (address(abi::DT_GNU_HASH)?, address(abi::DT_SYMTAB)?);
            let strings = address(abi::DT_STRTAB)?;
            let gap = |from: u64, to: u64| to.checked_sub(from).unwrap_or(TABLE_CAP);
            let hashes = self.table(abi::DT_GNU_HASH, gap(hash, symbols))?;
            let table = self.table(abi::DT_SYMTAB, gap(symbols, strings))?;
            Some((hashes.into_owned(), table.into_owned()))
        };
        let tables = self.symbols.get_or_init(read).as_ref();
        tables.map(|(hashes, table)| (hashes.as_slice(), table.as_slice()))
    }

    /// The versions that are wanted of each library, by its name; weak wishes are left out.
    pub fn versions_wanted(&self) -> Vec<(PyPath, Vec<PyPath>)> {
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

    /// The versions that a library offers; none when it has no such table.
    pub fn versions_offered(&self) -> Vec<PyPath> {
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
