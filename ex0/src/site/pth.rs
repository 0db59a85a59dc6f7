//! What do the `.pth` files do? Which one stops Python?
//!
//! site reads every `.pth` file in the folders of packages. It adds each line to sys.path, or executes it. Python stops at a byte that it
//! cannot decode, and waits forever for a FIFO. What a line of code does is not checked.
//!
//! Source: CPython `Lib/site.py` (`addsitedir`, `addpackage`); test runs of 3.6 to 3.13 and of PyPy, which goes on without site.

mod letters; // the bytes that Python can decode

use std::collections::BTreeSet;

use bstr::ByteSlice;

use self::letters::undecodable;
use super::visible::Added;
use super::well_known::is_well_known;
use crate::binary::Binary;
use crate::finding::{Cause, Opaque};
use crate::getpath::{Base, Folder};
use crate::pyvenv_cfg::is_blank;
use crate::support::files::{self, Content, Odd};
use crate::support::version::Minor;
use crate::support::{PyPath, World};

/// How many bytes of a file are read at most. A larger one is not checked.
const CAP: u64 = 1 << 20;

/// How many folders may be added in all. The others are not checked.
const MOST_ADDED: usize = 1000;

/// How this site reads a `.pth` file. Security releases changed the rules, so the text of site counts, not the version.
pub struct Rules<'a> {
    pub base: &'a Base,
    pub binary: &'a Binary,
    pub world: &'a World,
}

impl Rules<'_> {
    /// Does site skip a file whose name begins with a dot? It does since 3.13, 3.12.2, 3.11.8, 3.10.14, 3.9.19 and 3.8.19.
    fn skip_hidden(&self) -> bool {
        self.site_has("Skipping hidden .pth file", "UF_HIDDEN")
    }

    /// The `.pth` files among these names.
    fn pths<'n>(&self, names: &'n [PyPath]) -> impl Iterator<Item = &'n PyPath> {
        let is_pth = |it: &&PyPath| it.bytes().ends_with(b".pth");
        let counts = |it: &&PyPath| !it.bytes().starts_with(b".") || !self.skip_hidden();
        names.iter().filter(is_pth).filter(counts)
    }

    /// Does site split lines as `str.splitlines` does? It does since 3.13 and 3.12.4. Then it also drops a mark of the byte order.
    fn split_more(&self) -> bool {
        self.site_has("Using fallback encoding", "utf-8-sig")
    }

    /// The cause if site cannot decode any `.pth` file: a module that only this needs is missing or empty.
    fn without_decoder(&self) -> Option<Cause> {
        let minor = self.binary.minor;
        let file = |name: &str| self.base.stdlib.os_join(name);
        if self.binary.is_pypy() {
            None
        } else if minor < Minor(3, 10) {
            // Python goes on without this one.
            let locale = file("_bootlocale.py");
            (files::size(&locale) == Some(0)).then_some(Cause::ModuleEmpty(locale))
        } else {
            let mark = file("encodings/utf_8_sig.py");
            match files::size(&mark) {
                Some(1..) => None,
                _ if !self.split_more() => None,
                Some(_) => Some(Cause::ModuleEmpty(mark)),
                None => Some(Cause::ModuleMissing(mark)),
            }
        }
    }

    /// Does the text of site contain this? A frozen site is inside the program.
    fn site_has(&self, inside: &str, text: &str) -> bool {
        if self.base.frozen {
            return self.binary.mentions(inside);
        }
        let site = self.base.site.as_ref();
        site.is_some_and(|it| it.contains_str(text))
    }

    /// The lines of a file.
    fn lines<'t>(&self, bytes: &'t [u8]) -> Box<dyn Iterator<Item = &'t [u8]> + 't> {
        let text = std::str::from_utf8(bytes).ok();
        let more = text.filter(|it| it.starts_with(MARK) || it.contains(MORE_ENDS));
        let Some(text) = more.filter(|_| self.split_more()) else {
            return Box::new(bytes.split(|it| matches!(it, b'\n' | b'\r')));
        };
        let ends = |c: char| matches!(c, '\n' | '\r') || MORE_ENDS.contains(&c);
        let text = text.strip_prefix(MARK).unwrap_or(text);
        Box::new(text.split(ends).map(str::as_bytes))
    }
}

/// A mark of the byte order.
const MARK: char = '\u{feff}';

/// Where `str.splitlines` ends a line, besides `\n` and `\r`.
const MORE_ENDS: [char; 8] = [
    '\x0b', '\x0c', '\x1c', '\x1d', '\x1e', '\u{85}', '\u{2028}', '\u{2029}',
];

/// A folder of packages, and what the `.pth` files in it do.
pub struct Packages {
    pub modules: Folder,
    /// The first file that stops Python.
    pub problem: Option<Cause>,
    pub added: Vec<Added>,
    /// The first line of each file that runs code. Lines of well-known tools are left out.
    pub runs: Vec<(PyPath, usize)>,
    /// The files that are too large, or that add too many folders.
    pub unchecked: Vec<PyPath>,
}

impl Packages {
    /// Reads all `.pth` files of a folder. `known` are the folders that are on sys.path already: Python adds each only once.
    pub fn read(folder: PyPath, rules: &Rules, known: &mut BTreeSet<PyPath>) -> Self {
        known.insert(folder.abspath(&rules.world.cwd));
        // To list the folder once costs less than to ask for each name.
        let names = files::names(&folder, 100_000);
        let pths: Vec<PyPath> = rules.pths(&names).map(|it| folder.os_join(it)).collect();
        let mut packages = Self {
            modules: Folder::of(folder, names, rules.binary),
            problem: None,
            added: Vec::new(),
            runs: Vec::new(),
            unchecked: Vec::new(),
        };
        for path in pths {
            match files::read(&path, CAP) {
                Content::Bytes(bytes) => {
                    packages.problem = rules.without_decoder();
                    if packages.problem.is_some() {
                        break;
                    }
                    // One end of a line, not two.
                    let bytes = bytes.replace("\r\n", "\n");
                    packages.add(&path, rules.lines(&bytes), rules, known);
                    packages.problem = match undecodable(&bytes, rules) {
                        Ok(None) => continue,
                        Ok(Some(at)) => {
                            let line = rules.lines(&bytes[..at]).count();
                            Some(Cause::PthUndecodable { path, line })
                        }
                        Err(locale) => Some(Cause::opaque(&path, Opaque::OtherLetters(locale))),
                    };
                    break;
                }
                Content::Odd(odd @ Odd::Fifo) => {
                    packages.problem = Some(Cause::PthUnreadable { path, odd });
                    break;
                }
                Content::Odd(Odd::TooLarge(_)) => packages.unchecked.push(path),
                _ => {}
            }
        }
        packages
    }

    /// Adds what the lines of one file do.
    fn add<'t>(
        &mut self,
        path: &PyPath,
        lines: impl Iterator<Item = &'t [u8]>,
        rules: &Rules,
        known: &mut BTreeSet<PyPath>,
    ) {
        let site_dir = path.dirname();
        let (mut runs, mut is_whole) = (None, true);
        for (at, line) in lines.enumerate() {
            let is_code = line.starts_with(b"import ") || line.starts_with(b"import\t");
            let name = line.trim_end_with(is_blank);
            if is_code {
                let is_known = runs.is_some() || is_well_known(path, line);
                runs = runs.or((!is_known).then_some(at + 1));
            } else if !name.is_empty() && !line.starts_with(b"#") {
                let folder = site_dir.os_join(name).abspath(&rules.world.cwd);
                if known.contains(&folder) {
                    continue;
                }
                is_whole &= known.len() < MOST_ADDED;
                if is_whole {
                    known.insert(folder.clone());
                    let by = path.clone();
                    self.added.push(Added { folder, by });
                }
            }
        }
        self.runs.extend(runs.map(|at| (path.clone(), at)));
        self.unchecked.extend((!is_whole).then(|| path.clone()));
    }
}

/// What stops Python when site goes through these folders.
pub fn problem(folders: &[Packages], base: &Base) -> Option<Cause> {
    let mut there = folders.iter().map(|it| &it.modules.path);
    let stat = base.empty_stat.clone().filter(|_| there.any(files::is_dir));
    let stopped = || folders.iter().find_map(|it| it.problem.clone());
    stat.map(Cause::ModuleEmpty).or_else(stopped)
}
