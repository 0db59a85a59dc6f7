//! Which bytes of the file are at an address, and does the file have all of them?

use elf::abi;
use elf::segment::ProgramHeader;

use super::elf::ElfFile;

impl ElfFile {
    /// The segments that the kernel or the loader maps.
    pub fn loaded(&self) -> impl Iterator<Item = &ProgramHeader> {
        self.segments.iter().filter(|it| it.p_type == abi::PT_LOAD)
    }

    /// The place of an address in the file, and how many bytes follow. A table may go on in the next segment: patchelf splits segments.
    pub fn place(&self, address: u64) -> Option<(u64, u64)> {
        let (offset, mut rest) = self.loaded().find_map(|it| {
            let inside = address.checked_sub(it.p_vaddr)?;
            let rest = it.p_filesz.checked_sub(inside).filter(|rest| *rest > 0)?;
            Some((it.p_offset.checked_add(inside)?, rest))
        })?;
        for next in self.loaded() {
            let follows = |start: u64, at: u64| at.checked_sub(start) == Some(rest);
            if follows(address, next.p_vaddr) && follows(offset, next.p_offset) {
                rest = rest.saturating_add(next.p_filesz);
            }
        }
        Some((offset, rest))
    }

    /// Does the file end before the end of one of its segments? That happens when a copy is interrupted: the program dies at the first
    /// byte that is not there.
    pub fn is_cut_off(&self) -> bool {
        let ends = self
            .loaded()
            .map(|it| it.p_offset.saturating_add(it.p_filesz));
        let end = ends.max().unwrap_or_default();
        // Mostly the last byte was read with the entries for the loader: that costs no system call.
        let has_last = |bytes: &[u8]| bytes.first().map(|_| ());
        let was_read = end == 0 || self.known(end - 1, has_last).is_some();
        !was_read && self.file.metadata().is_ok_and(|it| it.len() < end)
    }
}
