//! Which constants are in a program? The search is slow, so it runs only if no symbol has the answer.

use bstr::ByteSlice;
use elf::abi;
use elf::segment::ProgramHeader;

use super::elf::ElfFile;

/// How many bytes are searched at a time.
const WINDOW: u64 = 1 << 20;

/// How many bytes are searched at most, in all segments together; segments may overlap. PyPy has 20 MB of data.
const SEARCH_CAP: u64 = 96 << 20;

impl ElfFile {
    /// Searches the constants for `needle` and calls `found` for each place, until `found` returns an answer.
    ///
    /// `found` gets a part of the file and the needle's place in it. Older linkers put constants next to the code, so the code is searched
    /// too, but last.
    pub fn search<T>(&self, needle: &[u8], found: impl Fn(&[u8], usize) -> Option<T>) -> Option<T> {
        let is_code = |it: &&ProgramHeader| it.p_flags & abi::PF_X != 0;
        let (code, data): (Vec<&ProgramHeader>, Vec<&ProgramHeader>) =
            self.loaded().partition(is_code);
        let mut left = SEARCH_CAP;
        for segment in data.into_iter().chain(code) {
            let end = segment.p_filesz;
            let mut start = 0;
            while start < end && left > 0 {
                let size = (end - start).min(WINDOW);
                left = left.saturating_sub(size);
                let window = self.piece(segment.p_offset.checked_add(start)?, size)?;
                if let Some(answer) = window.find_iter(needle).find_map(|at| found(&window, at)) {
                    return Some(answer);
                }
                // The windows overlap. Otherwise the search would miss a constant at the border of two windows.
                start += if size == WINDOW { WINDOW - 4096 } else { size };
            }
        }
        None
    }
}
