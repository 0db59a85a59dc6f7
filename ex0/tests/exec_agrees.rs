//! The differential test of programs, libraries and scripts that are changed or damaged: would exec and the dynamic loader start them?
//!
//! Each row changes the bytes of a copy. The kernel, the loader and Python are the judge.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop")]

#[expect(dead_code, reason = "the other differential test uses the rest")]
mod python;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use bstr::ByteSlice;
use python::{Case, Expect, Folder, Interpreter};

/// The types of segments.
const LOAD: u32 = 1;
const DYNAMIC: u32 = 2;
const INTERPRETER: u32 = 3;
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

    /// Moves the table of segments to the end of the file and fills it up to `count` entries with empty ones.
    fn lengthen_table(&mut self, count: u16) {
        let segments = self.segments();
        let (start, end) = (segments[0], segments[0] + 56 * segments.len());
        let mut table = self.0[start..end].to_vec();
        table.resize(56 * usize::from(count), 0);
        self.0.resize(self.0.len().next_multiple_of(16), 0);
        let start = u64::try_from(self.0.len()).unwrap();
        self.put(32, &start.to_le_bytes());
        self.put(56, &count.to_le_bytes());
        self.0.extend(table);
    }

    /// Replaces a text by another one of the same length.
    fn respell(&mut self, from: &[u8], to: &[u8]) {
        let at = self.0.find(from).expect("it is there");
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
    case.mkdir("lib");
    let name = file.file_name().unwrap().to_str().unwrap();
    case.write(&format!("lib/{name}"), elf.0);
    let folder = case.at("lib");
    case.set("LD_LIBRARY_PATH", &folder);
}

/// The permissions of a program, a list of folders for its loader, and whether it is known which libraries the loader takes.
const LISTED: &[(&str, (u32, &str, bool))] = &[
    ("an ordinary folder", (0o755, "%/lib", true)),
    ("a set-uid program", (0o4755, "%/lib", false)),
    ("a set-gid program", (0o2755, "$ORIGIN/lib", false)),
    ("a set-uid program without a list", (0o4755, "", true)),
    (
        "the loader's own platform",
        (0o755, "%/${PLATFORM}/lib", false),
    ),
    ("the loader's own folder", (0o755, "%/$LIB", true)),
];

#[test]
fn folders_that_only_the_loader_knows_are_not_checked() {
    let one: Vec<Interpreter> = python::cpython_since(6).into_iter().collect();
    python::agree(LISTED, &one, |(mode, list, is_known), case| {
        case.env("env", "");
        case.copy_executable("env");
        let mode = std::os::unix::fs::PermissionsExt::from_mode(*mode);
        fs::set_permissions(case.at("env/bin/python3"), mode).unwrap();
        case.set("LD_LIBRARY_PATH", &list.replace('%', &case.at("")));
        let said = case.construct_says();
        let is_right = said["status"] == "isolated" && said["libraries"].is_null() == *is_known;
        (!is_right).then(|| said.to_string()).into_iter().collect()
    });
}

/// Where the only library is that the program needs, and what construct says of the libraries.
const ONLY_THERE: &[(&str, (&str, &str, &str))] = &[
    ("nowhere", ("more", "broken", "null")),
    (
        "for newer processors",
        ("lib/glibc-hwcaps/x86-64-v2", "isolated", "not checked"),
    ),
    (
        "for another processor",
        ("lib/glibc-hwcaps/none", "isolated", "not checked"),
    ),
    ("an ordinary folder", ("lib", "isolated", "null")),
];

#[test]
fn a_library_for_some_processors_is_not_called_missing() {
    let with_libm = |it: &Interpreter| {
        let needs = |bytes: Vec<u8>| bytes.contains_str(b"libm.so.6\0");
        it.prefix == "/usr" && fs::read(&it.file).is_ok_and(needs)
    };
    let one: Vec<Interpreter> = kinds().into_iter().filter(with_libm).collect();
    python::agree(ONLY_THERE, &one, |(folder, status, libraries), case| {
        change_program(|elf| elf.respell(b"libm.so.6\0", b"libq.so.6\0"), case);
        case.mkdir(folder);
        let library = case.at(&format!("{folder}/libq.so.6"));
        fs::copy("/lib/x86_64-linux-gnu/libm.so.6", library).unwrap();
        let listed = case.at("lib");
        case.set("LD_LIBRARY_PATH", &listed);
        let said = case.construct_says();
        let is_right =
            said["status"] == *status && said["libraries"].to_string().contains(libraries);
        (!is_right).then(|| said.to_string()).into_iter().collect()
    });
}

/// The kernel is the judge of what it maps.
#[test]
fn a_library_on_a_file_system_without_execution_is_not_loaded() {
    let Some(interpreter) = python::cpython_since(6) else {
        return;
    };
    let mut case = Case::new(&interpreter);
    case.env("env", "");
    case.mkdir("lib");
    fs::copy("/lib/x86_64-linux-gnu/libm.so.6", case.at("lib/libm.so.6")).unwrap();
    let run = |unshare: &str, options: &str, program: &str| {
        let mount = format!("mount --bind lib lib && mount -o remount,bind,{options} lib");
        let script = format!("{mount} && LD_LIBRARY_PATH=$PWD/lib exec {program}");
        let mut command = case.command("sh".as_ref());
        let ask = format!("exec {unshare} sh -c '{script}'");
        let path = format!("{}:/usr/bin:/bin", case.path);
        command
            .env("PATH", path)
            .env("C", env!("CARGO_BIN_EXE_construct"));
        command.args(["-c", &ask]).output().unwrap()
    };
    let mut unshares = ["unshare -m", "unshare -rm"].into_iter();
    let Some(unshare) = unshares.find(|it| run(it, "ro", "true").status.success()) else {
        return python::note("SKIPPED: this user may not mount");
    };
    for options in ["exec", "noexec"] {
        let starts = run(unshare, options, "python3 -c 1").status.success();
        let said = run(unshare, options, "\"$C\" --check -q").status.code();
        assert_eq!(
            (starts, said),
            (options == "exec", Some(i32::from(!starts))),
            "{options}"
        );
    }
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

/// Headers that exec or the loader may refuse. Each reads other fields.
const HEADERS: &[Change] = &[
    ("the class", |elf| elf.put(4, &[3])),
    ("the order of bytes", |elf| elf.put(5, &[2])),
    ("the version in the first bytes", |elf| elf.put(6, &[0])),
    ("the system", |elf| elf.put(7, &[9])),
    ("the system is GNU", |elf| elf.put(7, &[3])),
    ("the version of the system", |elf| elf.put(8, &[1])),
    ("the bytes without a meaning", |elf| elf.put(12, &[1])),
    ("a part of a program", |elf| elf.put(16, &[1])),
    ("a memory image", |elf| elf.put(16, &[4])),
    ("the version", |elf| elf.put(20, &[2])),
    ("the size of the header", |elf| elf.put(52, &[0])),
    ("a smaller size of a segment's entry", |elf| {
        elf.put(54, &[32]);
    }),
    ("a larger size of a segment's entry", |elf| {
        elf.put(54, &[57]);
    }),
    ("no segments", |elf| elf.put(56, &[0])),
    ("a table of segments that is elsewhere", |elf| {
        elf.put(34, &[1]);
    }),
    ("no sections", |elf| elf.put(40, &[0; 8])),
    ("more segments than the kernel reads", |elf| {
        elf.lengthen_table(1171);
    }),
    ("as many segments as there can be", |elf| {
        elf.lengthen_table(u16::MAX);
    }),
];

#[test]
fn python_agrees_about_headers_of_programs() {
    agree(HEADERS, |change, case| change_program(*change, case));
}

#[test]
fn python_agrees_about_headers_of_libraries() {
    agree(HEADERS, |change, case| change_library(*change, case));
}

/// Programs that the kernel accepts, and that die at once.
const STARTS: &[Change] = &[
    ("a start at the address 0", |elf| elf.put(24, &[0; 8])),
    ("a start outside of all segments", |elf| elf.put(28, &[1])),
    ("no loader for the libraries", |elf| {
        let loader = elf.segment(INTERPRETER).unwrap();
        elf.put(loader, &NOTE.to_le_bytes());
    }),
];

#[test]
fn python_agrees_about_places_where_a_program_starts() {
    agree(STARTS, |change, case| change_program(*change, case));
}

#[test]
fn python_agrees_that_a_library_is_no_program() {
    let all = kinds();
    let own = |it: &Interpreter| format!("{}/lib/libpython{}.so.1.0", it.prefix, it.minor);
    let found = all.iter().find(|it| Path::new(&own(it)).is_file());
    let Some(interpreter) = found else {
        return python::absent("no libpython");
    };
    let one = std::slice::from_ref(interpreter);
    python::agree(&[("libpython", ())], one, |(), case| {
        case.ask(&own(case.interpreter));
        case.all_complaints()
    });
}

/// Files called `python3` that are not ELF. `%` means the case's folder.
const SCRIPTS: &[(&str, &str)] = &[
    ("an empty file", ""),
    ("a file of zeros", "\0\0\0\0\0\0\0\0"),
    (
        "a damaged mark of ELF",
        "\x7fELV\x02\x01\x01\0\0\0\0\0\0\0\0\0",
    ),
    ("an interpreter that is not there", "#!/nowhere/python\n"),
    ("line ends of Windows", "#!/bin/sh\r\nexit\r\n"),
    ("an interpreter that is a folder", "#!/bin\n"),
    ("an interpreter that is not executable", "#!%/plain\n"),
    ("an interpreter that is a dead link", "#!%/dead -I\n"),
    ("a script whose interpreter is not there", "#!%/gone\n"),
    ("a script for itself", "#!%/scripts/python3\n"),
    (
        "a command of env that is not there",
        "#!/usr/bin/env nothing-of-that-name\n",
    ),
    (
        "a command of env with a line end of Windows",
        "#!/usr/bin/env sh\r\n",
    ),
    ("a command of env with an option", "#!/usr/bin/env sh -e\n"),
    ("a script of the shell", "#!/bin/sh\n"),
    ("a script without an end of line", "#! \t/bin/sh -e"),
    ("a script of a script", "#!%/inner x\n"),
    ("a command of env", "#!/usr/bin/env sh\n"),
    ("options of env", "#!/usr/bin/env -S sh -e\n"),
];

#[test]
fn the_kernel_agrees_about_what_a_script_names() {
    let one: Vec<Interpreter> = python::cpython_since(6).into_iter().collect();
    python::agree(SCRIPTS, &one, |text, case| {
        python::write_program(case.at("inner"), "#!/bin/sh\n");
        python::write_program(case.at("gone"), "#!/nowhere/sh\n");
        case.write("plain", "");
        std::os::unix::fs::symlink("/nowhere", case.at("dead")).unwrap();
        case.script(
            "python3",
            &text.replace('%', case.at("").trim_end_matches('/')),
        );
        case.path += ":/usr/bin:/bin";
        let mut command = Command::new(case.at("scripts/python3"));
        command.env("PATH", &case.path).stdin(Stdio::null());
        let starts = command.output().is_ok_and(|it| it.status.success());
        if starts {
            case.expect = Expect::Unknown;
            return case.all_complaints();
        }
        let said = case.construct_says();
        let is_right = said["status"] == "broken" && said["problem"]["repair"].is_string();
        (!is_right).then(|| said.to_string()).into_iter().collect()
    });
}

/// Gives the function that starts Python another name, if the file has one.
fn rename_start(elf: &mut Elf) {
    let name = b"\0Py_BytesMain\0";
    if elf.0.contains_str(name) {
        elf.respell(name, b"\0Py_BytesMai0\0");
    }
}

/// A libpython without the function that starts Python.
const FUNCTIONS: &[Change] = &[
    ("another name", rename_start),
    ("the same", |_| {}),
    (
        "another name for a function that is not called first",
        |elf| {
            let name = b"\0PyRun_SimpleString\0";
            if elf.0.contains_str(name) {
                elf.respell(name, b"\0PyRun_SimpleStrung\0");
            }
        },
    ),
];

#[test]
fn python_agrees_about_functions_that_a_program_calls() {
    agree(FUNCTIONS, |change, case| change_program(*change, case));
}

#[test]
fn python_agrees_about_functions_of_a_library() {
    agree(FUNCTIONS, |change, case| change_library(*change, case));
}

#[test]
fn python_agrees_about_the_library_of_an_older_python() {
    let all = python::interpreters();
    let library = |it: &Interpreter| format!("{}/lib/libpython{}.so.1.0", it.prefix, it.minor);
    let mut older = all.iter().filter(|it| it.word == "python");
    let has = |it: &&Interpreter| {
        it.minor_number() < 8
            && Path::new(&it.prefix)
                .join("lib")
                .join(format!("libpython{}m.so.1.0", it.minor))
                .is_file()
    };
    let Some(old) = older.find(has) else {
        return python::note("no libpython before 3.8");
    };
    let old = format!("{}/lib/libpython{}m.so.1.0", old.prefix, old.minor);
    let others: Vec<Interpreter> = kinds()
        .into_iter()
        .filter(|it| Path::new(&library(it)).is_file())
        .collect();
    python::agree(&[("the older one", ())], &others, |(), case| {
        case.env("env", "");
        case.mkdir("lib");
        let name = format!("lib/libpython{}.so.1.0", case.interpreter.minor);
        fs::copy(&old, case.at(&name)).unwrap();
        let folder = case.at("lib");
        case.set("LD_LIBRARY_PATH", &folder);
        case.all_complaints()
    });
}
