//! The differential test of programs, libraries and scripts that are changed or damaged: would exec and the dynamic loader start them?
//!
//! Each row changes the bytes of a copy. The kernel, the loader and Python are the judge.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop")]

#[expect(dead_code, reason = "the other differential test uses the rest")]
mod python;

use std::fs;
use std::path::Path;

use python::{Case, Interpreter};

/// The types of segments.
const LOAD: u32 = 1;
const DYNAMIC: u32 = 2;
const NOTE: u32 = 4;

/// The size of a page, as the loader maps it.
const PAGE: u64 = 4096;

/// The bytes of an ELF file for 64 bits.
struct Elf(Vec<u8>);

impl Elf {
    fn number(&self, at: usize) -> u64 {
        u64::from_le_bytes(*self.0[at..].first_chunk().unwrap())
    }

    fn put(&mut self, at: usize, bytes: &[u8]) {
        self.0[at..at + bytes.len()].copy_from_slice(bytes);
    }

    /// The places of the entries in the table of segments.
    fn segments(&self) -> Vec<usize> {
        let start = usize::try_from(self.number(32)).unwrap();
        let count = u16::from_le_bytes([self.0[56], self.0[57]]);
        (0..usize::from(count)).map(|it| start + 56 * it).collect()
    }

    /// The place of the first entry of this type.
    fn segment(&self, kind: u32) -> Option<usize> {
        let is_one = |at: &usize| self.0[*at..].starts_with(&kind.to_le_bytes());
        self.segments().into_iter().find(is_one)
    }

    /// The end of the last byte that is mapped.
    fn end(&self) -> usize {
        let is_loaded = |at: &usize| self.0[*at..].starts_with(&LOAD.to_le_bytes());
        let loaded = self.segments().into_iter().filter(is_loaded);
        let ends = loaded.map(|it| self.number(it + 8) + self.number(it + 32));
        usize::try_from(ends.max().unwrap()).unwrap()
    }

    /// Replaces a text by another one of the same length.
    fn respell(&mut self, from: &[u8], to: &[u8]) {
        let mut places = self.0.windows(from.len());
        let at = places.position(|it| it == from).expect("it is there");
        self.put(at, to);
    }

    /// Splits the first segment in two, before the page with this text. A note makes room in the table.
    fn split_before(&mut self, text: &[u8]) {
        let place = self.0.windows(text.len()).position(|it| it == text);
        let place = u64::try_from(place.unwrap()).unwrap() & !(PAGE - 1);
        let (first, note) = (self.segment(LOAD).unwrap(), self.segment(NOTE).unwrap());
        let (offset, address) = (self.number(first + 8), self.number(first + 16));
        let size = self.number(first + 32);
        let Some(before) = place
            .checked_sub(offset)
            .filter(|it| (1..size).contains(it))
        else {
            return;
        };
        let mut second = self.0[first..first + 56].to_vec();
        let halves = [(8, place), (16, address + before), (24, address + before)];
        for (at, value) in halves
            .into_iter()
            .chain([(32, size - before), (40, size - before)])
        {
            second[at..at + 8].copy_from_slice(&value.to_le_bytes());
        }
        for at in [32, 40] {
            self.put(first + at, &before.to_le_bytes());
        }
        let rest: Vec<usize> = self
            .segments()
            .into_iter()
            .filter(|it| *it != note)
            .collect();
        let mut table: Vec<Vec<u8>> = Vec::new();
        for at in rest {
            table.push(self.0[at..at + 56].to_vec());
            table.extend((at == first).then(|| second.clone()));
        }
        let start = self.segments()[0];
        self.put(start, &table.concat());
    }
}

/// One Python of each kind: one in a single file (the system's), and one with a libpython.
fn kinds() -> Vec<Interpreter> {
    let all = python::interpreters();
    let of = |fits: fn(&&Interpreter) -> bool| {
        all.iter().filter(fits).max_by_key(|it| it.minor_number())
    };
    let found = [
        of(|it| it.word == "python" && it.prefix == "/usr"),
        of(|it| it.word == "python" && it.prefix != "/usr" && it.minor_number() >= 11),
    ];
    let found = found.into_iter().flatten().cloned().collect();
    if cfg!(target_arch = "x86_64") {
        found
    } else {
        python::absent("no program for x86-64");
        Vec::new()
    }
}

/// Runs each row of a table with each kind of Python.
#[track_caller]
fn agree<T: Sync>(rows: &[(&str, T)], build: impl Fn(&T, &mut Case) + Sync) {
    python::agree(rows, &kinds(), |row, case| {
        build(row, case);
        case.all_complaints()
    });
}

/// A change of an ELF file.
type Change = (&'static str, fn(&mut Elf));

/// An environment whose executable is a changed copy.
fn change_program(change: fn(&mut Elf), case: &mut Case) {
    case.env("env", "");
    let mut elf = Elf(fs::read(&case.interpreter.file).unwrap());
    change(&mut elf);
    let file = case.at("env/bin/python3");
    fs::remove_file(&file).unwrap();
    python::write_program(&file, elf.0);
}

/// Programs whose list of libraries is not where linkers put it.
const LISTS: &[Change] = &[
    ("a library that is not there", |elf| {
        elf.respell(b"libc.so.6\0", b"libq.so.6\0");
    }),
    ("names in a segment of their own", |elf| {
        elf.split_before(b"libc.so.6\0");
    }),
    (
        "names in a segment of their own, and a library that is not there",
        |elf| {
            elf.split_before(b"libc.so.6\0");
            elf.respell(b"libc.so.6\0", b"libq.so.6\0");
        },
    ),
    ("a list that only its address leads to", |elf| {
        let list = elf.segment(DYNAMIC).unwrap();
        elf.put(list + 8, &[0; 8]);
        elf.respell(b"libc.so.6\0", b"libq.so.6\0");
    }),
    ("a list that goes on after its size", |elf| {
        let list = elf.segment(DYNAMIC).unwrap();
        elf.put(list + 32, &16_u64.to_le_bytes());
        elf.respell(b"libc.so.6\0", b"libq.so.6\0");
    }),
];

#[test]
fn python_agrees_about_lists_of_libraries_in_unusual_places() {
    agree(LISTS, |change, case| change_program(*change, case));
}

/// An environment whose library, found by `LD_LIBRARY_PATH`, is a changed copy: its libpython, or a library of the system.
fn change_library(change: fn(&mut Elf), case: &mut Case) {
    case.env("env", "");
    let own = format!("libpython{}.so.1.0", case.interpreter.minor);
    let own = Path::new(&case.interpreter.prefix).join("lib").join(own);
    let file = if own.is_file() {
        own
    } else {
        "/lib/x86_64-linux-gnu/libm.so.6".into()
    };
    let mut elf = Elf(fs::read(&file).unwrap());
    change(&mut elf);
    fs::create_dir(case.at("lib")).unwrap();
    let name = file.file_name().unwrap().to_str().unwrap();
    fs::write(case.at(&format!("lib/{name}")), elf.0).unwrap();
    let folder = case.at("lib");
    case.set("LD_LIBRARY_PATH", &folder);
}

/// Files that end early, as after a full disk or an interrupted copy.
const ENDS: &[Change] = &[
    ("nothing is missing", |_| {}),
    ("the table of sections is missing", |elf| {
        let end = elf.end();
        elf.0.truncate(end);
    }),
    ("the last pages are missing", |elf| {
        let end = elf.end();
        elf.0.truncate(end - 3 * 4096);
    }),
    ("half of it is missing", |elf| {
        let half = elf.end() / 2;
        elf.0.truncate(half);
    }),
    ("all but the tables is missing", |elf| elf.0.truncate(4096)),
    ("all but the header is missing", |elf| elf.0.truncate(64)),
    ("a part of the header is missing", |elf| elf.0.truncate(30)),
];

#[test]
fn python_agrees_about_programs_that_end_early() {
    agree(ENDS, |change, case| change_program(*change, case));
}

#[test]
fn python_agrees_about_libraries_that_end_early() {
    agree(ENDS, |change, case| change_library(*change, case));
}
