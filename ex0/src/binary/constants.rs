//! Which constants are in a program? Searched for only where nothing else tells.

use elf::abi;
use elf::segment::ProgramHeader;
use memchr::memmem;

use super::elf::ElfFile;

/// How much is searched at a time for a constant, in bytes.
const WINDOW: u64 = 1 << 20;

/// The most that is searched for a constant, in bytes, over all segments, which may overlap: PyPy's data is 20 MB.
const SEARCH_CAP: u64 = 96 << 20;

impl ElfFile {
    /// Calls `found` with the text around every place where `needle` stands among the constants, until it answers.
    ///
    /// `found` gets a window of the file and the needle's place in it. Older linkers put the constants beside the code, so what can be
    /// executed is searched last.
    pub fn search<T>(&self, needle: &[u8], found: impl Fn(&[u8], usize) -> Option<T>) -> Option<T> {
        let finder = memmem::Finder::new(needle);
        let loaded = self.segments.iter().filter(|it| it.p_type == abi::PT_LOAD);
        let is_code = |it: &&ProgramHeader| it.p_flags & abi::PF_X != 0;
        let (code, data): (Vec<&ProgramHeader>, Vec<&ProgramHeader>) = loaded.partition(is_code);
        let mut left = SEARCH_CAP;
        for segment in data.into_iter().chain(code) {
            let end = segment.p_filesz;
            let mut start = 0;
            while start < end && left > 0 {
                let size = (end - start).min(WINDOW);
                left = left.saturating_sub(size);
                let window = self.piece(segment.p_offset.checked_add(start)?, size)?;
                if let Some(answer) = finder.find_iter(&window).find_map(|at| found(&window, at)) {
                    return Some(answer);
                }
                // The windows overlap, or a constant on the seam would be missed.
                start += if size == WINDOW { WINDOW - 4096 } else { size };
            }
        }
        None
    }

    /// Does it end before one of its segments does? So does a copy that was interrupted.
    pub fn is_cut_off(&self) -> bool {
        let size = self.file.metadata().map_or(u64::MAX, |it| it.len());
        let loaded = self.segments.iter().filter(|it| it.p_type == abi::PT_LOAD);
        loaded
            .into_iter()
            .any(|it| it.p_offset.saturating_add(it.p_filesz) > size)
    }
}
