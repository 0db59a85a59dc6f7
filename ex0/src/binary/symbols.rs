//! What does a program export under a name?
//!
//! Answered as the dynamic loader does it: the name's hash leads to a bucket, the bucket to two or three symbols. Of a table of 50 kB
//! that takes four small reads.
//!
//! Source: the System V ABI (ELF), `DT_GNU_HASH` as glibc's `elf/dl-lookup.c` reads it; decoded by the `elf` crate.

use elf::abi;
use elf::endian::EndianParse;
use elf::file::Class;
use elf::hash::gnu_hash;
use elf::parse::ParseAt;
use elf::section::SectionHeader;
use elf::symbol::{Symbol, SymbolTable};
use memchr::memmem;

use super::elf::ElfFile;

/// The most symbols of one hash bucket that are looked at; a linker makes it about two.
const CHAIN_CAP: u64 = 10_000;

impl ElfFile {
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

    /// The symbol of this name that the file defines, as the dynamic loader finds it: by its hash.
    fn symbol(&self, name: &str) -> Option<Symbol> {
        match self
            .sections
            .iter()
            .find(|it| it.sh_type == abi::SHT_GNU_HASH)
        {
            Some(hashes) => self.hashed(name, hashes),
            None => self.listed(name),
        }
    }

    /// A number of four bytes at this offset.
    fn number(&self, offset: u64) -> Option<u32> {
        self.endian
            .parse_u32_at(&mut 0, &self.piece(offset, 4)?)
            .ok()
    }

    /// Looks a symbol up in the table of hashes: a header of four numbers, a filter, then for each bucket its first symbol, then for each
    /// symbol its hash, whose last bit marks the end of a bucket.
    fn hashed(&self, name: &str, hashes: &SectionHeader) -> Option<Symbol> {
        let symbols = self.sections.get(usize::try_from(hashes.sh_link).ok()?)?;
        let strings = self.sections.get(usize::try_from(symbols.sh_link).ok()?)?;
        let start = hashes.sh_offset;
        let at = |offset: u64| self.number(start.checked_add(offset)?);
        let (buckets, first, filter) = (at(0)?, u64::from(at(4)?), u64::from(at(8)?));
        let word = match self.class {
            Class::ELF32 => 4,
            Class::ELF64 => 8,
        };
        let hash = gnu_hash(name.as_bytes());
        let bucket = u64::from(hash.checked_rem(buckets)?);
        let table = 16 + filter * word;
        let chains = table + 4 * u64::from(buckets);
        let begin = u64::from(at(table + 4 * bucket)?);
        for index in begin..begin.checked_add(CHAIN_CAP)? {
            let found = at(chains + 4 * index.checked_sub(first)?)?;
            if found | 1 == hash | 1
                && let Some(symbol) = self.symbol_at(symbols, index)
                && self.is_named(&symbol, strings, name)
            {
                return Some(symbol);
            }
            if found & 1 == 1 {
                break;
            }
        }
        None
    }

    /// One symbol of a table, by its number, if it is one that the file defines.
    fn symbol_at(&self, table: &SectionHeader, index: u64) -> Option<Symbol> {
        let size = u64::try_from(Symbol::size_for(self.class)).ok()?;
        let offset = table.sh_offset.checked_add(index.checked_mul(size)?)?;
        let symbol = Symbol::parse_at(self.endian, self.class, &mut 0, &self.piece(offset, size)?);
        symbol.ok().filter(|it| !it.is_undefined())
    }

    /// Is that the symbol's name?
    fn is_named(&self, symbol: &Symbol, strings: &SectionHeader, name: &str) -> bool {
        let offset = strings.sh_offset.checked_add(u64::from(symbol.st_name));
        let size = u64::try_from(name.len() + 1);
        let text = offset
            .zip(size.ok())
            .and_then(|(offset, size)| self.piece(offset, size));
        text.is_some_and(|it| it.strip_suffix(b"\0") == Some(name.as_bytes()))
    }

    /// The symbol in a file without such a table. The name is looked for once, and then only numbers are compared.
    fn listed(&self, name: &str) -> Option<Symbol> {
        let (table, strings) = self.table(abi::SHT_DYNSYM)?;
        // A linker may let a name be the end of a longer one, so every place where it ends is one where it may begin.
        let needle = [name.as_bytes(), b"\0"].concat();
        let places: Vec<usize> = memmem::find_iter(&strings, &needle).collect();
        let named = |at: u32| usize::try_from(at).is_ok_and(|at| places.binary_search(&at).is_ok());
        let mut symbols = SymbolTable::new(self.endian, self.class, &table).iter();
        symbols.find(|symbol| !symbol.is_undefined() && named(symbol.st_name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::binary::elf::Dynamic;
    use crate::binary::loader;
    use crate::support::PyPath;
    use crate::support::World;

    #[cfg(target_os = "linux")]
    #[test]
    fn the_hash_leads_to_the_symbol_that_a_search_finds() {
        let libc = loader::find(
            "libc.so.6",
            &Dynamic::default(),
            &PyPath::default(),
            &World::default(),
        );
        let elf = ElfFile::open_elf(&libc.unwrap()).unwrap();
        for name in ["getpid", "malloc", "stdout", "environ"] {
            let by_hash = elf.symbol(name).unwrap();
            assert_eq!(
                by_hash.st_value,
                elf.listed(name).unwrap().st_value,
                "{name}"
            );
        }
        for name in ["", "no_such_symbol", "getpi", "getpidd"] {
            assert!(!elf.exports(name), "{name}");
        }
    }
}
