//! Which version of a crate is really inside this binary?
//!
//! The embedded lock file can name another version: `cargo install` without `--locked` ignores that file. But for every
//! place that may panic, Rust keeps the source path, `…/ndarray-0.17.2/src/impl_methods.rs`, among the constants: in
//! dev and in release, stripped or not.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use elf::ElfStream;
use elf::endian::AnyEndian;
use memchr::memmem;

/// An ELF file holds the paths in this section. To read only this section takes a tenth of the time.
const CONSTANTS: &str = ".rodata";

/// Bytes that are searched at once. Memory for all constants together would take longer than the search.
const WINDOW: usize = 64 << 10;

/// So many bytes are searched again with the next ones. No path is longer from the crate's name up to `/src`.
const OVERLAP: usize = 256;

/// A crate, and a version that a source path in the binary names.
type Found<'n> = Vec<(&'n str, String)>;

/// The versions that the source paths in a binary name: each once, in the order of the bytes.
pub fn versions<'n>(path: &Path, names: &[&'n str]) -> io::Result<Found<'n>> {
    let mut file = File::open(path)?;
    let (start, length) = constants(&file)?;
    file.seek(SeekFrom::Start(start))?;
    search(file.take(length), names)
}

/// Where the constants of a binary are: the section `.rodata` of an ELF file, or all bytes of any other file.
fn constants(file: &File) -> io::Result<(u64, u64)> {
    let binary = ElfStream::<AnyEndian, _>::open_stream(file);
    let section = binary.and_then(|mut it| Ok(it.section_header_by_name(CONSTANTS)?.copied()));
    match section {
        Ok(Some(section)) => Ok((section.sh_offset, section.sh_size)),
        _ => Ok((0, file.metadata()?.len())),
    }
}

/// Searches some bytes, window by window.
fn search<'n>(mut bytes: impl Read, names: &[&'n str]) -> io::Result<Found<'n>> {
    let (mut found, mut window) = (Vec::new(), Vec::with_capacity(WINDOW));
    let next = (WINDOW - OVERLAP) as u64;
    while bytes.by_ref().take(next).read_to_end(&mut window)? > 0 {
        for name in names {
            collect(&window, name, &mut found);
        }
        window.drain(..window.len().saturating_sub(OVERLAP));
    }
    Ok(found)
}

/// Adds the versions of a crate that are in this window.
fn collect<'n>(window: &[u8], name: &'n str, found: &mut Found<'n>) {
    let needle = format!("{name}-");
    for place in memmem::find_iter(window, &needle) {
        // A path has `/` before the name on Unix and `\` on Windows. Otherwise this is the end of a longer name.
        let before = place.checked_sub(1).and_then(|at| window.get(at));
        let rest = window.get(place + needle.len()..).unwrap_or_default();
        let end = rest
            .iter()
            .take(64)
            .position(|byte| matches!(byte, b'/' | b'\\'));
        if let (Some(b'/' | b'\\'), Some(end)) = (before, end)
            && let Ok(version) = str::from_utf8(&rest[..end])
            && is_version(version)
            && rest[end + 1..].starts_with(b"src")
            && !found.iter().any(|it| *it == (name, version.to_owned()))
        {
            found.push((name, version.to_owned()));
        }
    }
}

/// `1.2.3`, perhaps followed by `-beta.1` or `+abc`.
fn is_version(text: &str) -> bool {
    let numbers = text.split(['-', '+']).next().unwrap_or_default();
    numbers.split('.').count() == 3
        && numbers
            .split('.')
            .all(|it| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &str, expected: &[&str]) {
        let found = search(bytes.as_bytes(), &["ndarray"]).unwrap();
        let found: Vec<String> = found.into_iter().map(|it| it.1).collect();
        assert_eq!(found, expected, "{bytes}");
    }

    #[test]
    fn a_source_path_names_the_version() {
        check("x/reg/ndarray-0.17.2/src/lib.rs\0", &["0.17.2"]);
        check(r"C:\reg\ndarray-0.17.2\src\lib.rs", &["0.17.2"]);
        check(
            "/ndarray-1.0.0/src/a/ndarray-1.0.0/src/b/ndarray-1.1.0-rc.1/src/c",
            &["1.0.0", "1.1.0-rc.1"],
        );
    }

    #[test]
    fn text_that_only_looks_like_a_source_path_names_none() {
        check("/ndarray-linalg-0.17.2/src/lib.rs", &[]);
        check("/my-ndarray-0.17.2/src/lib.rs", &[]);
        check("/ndarray-0.17.2/benches/a.rs", &[]);
        check("/ndarray-0.17/src/lib.rs", &[]);
        check("ndarray-0.17.2/src/lib.rs", &[]);
        check("/ndarray-", &[]);
    }

    #[test]
    fn a_path_is_found_wherever_a_window_ends() {
        for before in WINDOW - 500..WINDOW + 100 {
            let zeros = "\0".repeat(before);
            let version = format!("0.17.2-{}", "1".repeat(50));
            check(
                &format!("{zeros}/ndarray-{version}/src/lib.rs"),
                &[&version],
            );
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_constants_are_a_part_of_the_binary_and_hold_its_paths() {
        let own = std::env::current_exe().unwrap();
        let (_, length) = constants(&File::open(&own).unwrap()).unwrap();
        assert!(length < own.metadata().unwrap().len());
        assert!(!versions(&own, &["clap_builder"]).unwrap().is_empty());
    }
}
