//! Would exec and the dynamic loader succeed? And which file is the libpython that they use?
//!
//! The kernel starts the loader that the program names. The loader finds every library that the program and its libraries need. Each
//! library must offer the symbol versions that the program was linked with. If one is missing, Python ends before its first instruction.
//!
//! Source: execve(2); ld.so(8): `DT_RPATH` (only without a `DT_RUNPATH`), `LD_LIBRARY_PATH`, `DT_RUNPATH`, the cache, the default
//! folders; the System V ABI and Drepper's "ELF Symbol Versioning".

use super::elf::{Dynamic, ElfFile, Opened};
use super::kernel::{LoadOutcome, gives_rights, outcome_of_exec};
use super::library::Library;
use super::places::{Cache, DEFAULTS, Tokens};
use crate::finding::{Cause, NotChecked, Opaque, Unloadable};
use crate::support::{PyPath, World, access};

/// How many libraries are followed at most. PyPy needs 20.
const LIBRARIES_CAP: usize = 200;

/// What happens when a program starts.
pub struct Load {
    pub libraries: Vec<Library>,
    pub outcome: LoadOutcome,
}

/// Follows what exec and the loader would do with a program. `file` is its path with all links resolved.
pub fn load(program: &ElfFile, file: &PyPath, world: &World) -> Load {
    let mut search = LoaderSearch {
        program,
        file,
        world,
        tokens: Tokens::of(program.loader()),
        cache: Cache::default(),
        libraries: Vec::new(),
    };
    let by_kernel = outcome_of_exec(program, file);
    // The libpython is needed anyway: it has the version.
    let at_missing = if by_kernel.is_some() {
        AtMissing::Skip
    } else {
        AtMissing::Stop
    };
    let cause = search.follow(at_missing);
    let outcome = by_kernel.unwrap_or_else(|| search.outcome(cause));
    Load {
        libraries: search.libraries,
        outcome,
    }
}

/// What the search does at a missing library.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AtMissing {
    /// What the loader does.
    Stop,
    Skip,
}

/// The search of the loader.
struct LoaderSearch<'a> {
    program: &'a ElfFile,
    file: &'a PyPath,
    world: &'a World,
    tokens: Tokens,
    cache: Cache,
    libraries: Vec<Library>,
}

impl LoaderSearch<'_> {
    /// Finds all libraries, breadth first. Returns why the loader would stop.
    fn follow(&mut self, at_missing: AtMissing) -> Option<Cause> {
        let stops = at_missing == AtMissing::Stop;
        let mut next = None;
        loop {
            let needed = self.dynamic(next).needed.clone();
            for name in needed {
                let known = self.libraries.iter().any(|it| it.name == name);
                if known || self.is_loader(&name) || self.libraries.len() == LIBRARIES_CAP {
                    continue;
                }
                let file = self.path(next).clone();
                match self.find(&name, next) {
                    Some((path, Opened::Elf(elf))) if stops && elf.is_cut_off() => {
                        let (file, why) = (path, Unloadable::CutOff);
                        return Some(Cause::NotLoadable { file, why });
                    }
                    Some((path, Opened::Elf(elf))) => {
                        self.libraries.push(Library::of(name, path, *elf, next));
                    }
                    Some((file, Opened::Failed(reason))) if stops => {
                        let why = Opaque::Failed(reason);
                        return Some(Cause::Opaque { file, why });
                    }
                    found if stops => {
                        let why = match found {
                            Some((library, _)) => Unloadable::BadLibrary(library),
                            None => self.unfound(name, next),
                        };
                        return Some(Cause::NotLoadable { file, why });
                    }
                    _ => {}
                }
            }
            let following = next.map_or(0, |it| it + 1);
            if following == self.libraries.len() {
                break;
            }
            next = Some(following);
        }
        if stops { self.missing_version() } else { None }
    }

    /// What the loader does, after a search that ended with this cause.
    fn outcome(&self, cause: Option<Cause>) -> LoadOutcome {
        // Is it not known what the loader needs? Then the search knows nothing of some libraries.
        let mut by_libraries = self.libraries.iter().map(|it| &it.dynamic);
        let is_in_part = self.libraries.len() == LIBRARIES_CAP
            || self.program.dynamic.in_part
            || by_libraries.any(|it| it.in_part);
        let has_lists = self.tokens.seen.get() || self.world.non_empty("LD_LIBRARY_PATH").is_some();
        if self.tokens.unknown.get() {
            LoadOutcome::NotChecked(NotChecked::Token)
        } else if has_lists && gives_rights(self.program) {
            LoadOutcome::NotChecked(NotChecked::MoreRights)
        } else if let Some(cause) = cause {
            LoadOutcome::Fails(cause)
        } else if is_in_part {
            LoadOutcome::NotChecked(NotChecked::InPart)
        } else {
            LoadOutcome::Loads
        }
    }

    /// Is it the loader? The loader is a library too, and it is loaded already.
    fn is_loader(&self, name: &PyPath) -> bool {
        let loader = self.program.loader();
        loader.is_some_and(|it| it.basename() == *name)
    }

    /// The entries of the program (`None`) or of a library.
    fn dynamic(&self, which: Option<usize>) -> &Dynamic {
        which.map_or(&self.program.dynamic, |it| &self.libraries[it].dynamic)
    }

    fn path(&self, which: Option<usize>) -> &PyPath {
        which.map_or(self.file, |it| &self.libraries[it].path)
    }

    /// The file that the loader uses for a name: the first one for the program's machine. The loader stops at a file that is no library.
    fn find(&self, name: &PyPath, needed_by: Option<usize>) -> Option<(PyPath, Opened)> {
        let open = |path: PyPath| match ElfFile::open(&path) {
            Opened::Elf(elf) if !elf.fits(self.program) => None,
            Opened::Elf(elf) if !elf.has_header_of_library() => Some((path, Opened::Unreadable)),
            Opened::Closed => None,
            opened => Some((path, opened)),
        };
        self.places(name, needed_by).into_iter().find_map(open)
    }

    /// The paths at which the loader looks for a name.
    fn places(&self, name: &PyPath, needed_by: Option<usize>) -> Vec<PyPath> {
        if name.bytes().contains(&b'/') {
            return vec![self.tokens.replaced(name, self.path(needed_by))];
        }
        let before = self.folders(needed_by).into_iter();
        let defaults = DEFAULTS.iter().map(|it| PyPath::from(*it).os_join(name));
        let places = before.map(|it| it.os_join(name));
        places
            .chain(self.cache.paths(name))
            .chain(defaults)
            .collect()
    }

    /// Why the loader finds nothing. It passes over what this user may not read.
    fn unfound(&self, name: PyPath, needed_by: Option<usize>) -> Unloadable {
        let places = self.places(&name, needed_by);
        let closed = places.iter().find_map(access::closed);
        closed.map_or(Unloadable::NoLibrary(name), Unloadable::ClosedLibrary)
    }

    /// The folders that the loader searches before its cache.
    fn folders(&self, needed_by: Option<usize>) -> Vec<PyPath> {
        let listed = |list: &PyPath, which| -> Vec<PyPath> {
            let program = self.path(which);
            let entries = list.entries();
            entries
                .map(|it| self.tokens.replaced(&it, program))
                .collect()
        };
        let mut folders = Vec::new();
        let runpath = self.dynamic(needed_by).runpath.as_ref();
        if runpath.is_none() {
            // The older list counts for the library itself and for every library that it needs.
            let mut which = needed_by;
            loop {
                let dynamic = self.dynamic(which);
                if let Some(list) = dynamic.rpath.as_ref().filter(|_| dynamic.runpath.is_none()) {
                    folders.extend(listed(list, which));
                }
                match which {
                    Some(number) => which = self.libraries[number].needed_by,
                    None => break,
                }
            }
        }
        folders.extend(self.tokens.library_path(self.file, self.world));
        folders.extend(runpath.map(|it| listed(it, needed_by)).unwrap_or_default());
        folders
    }

    /// Why the loader would stop at the versions: a library does not offer one that is needed. A library without a table of versions
    /// offers all.
    fn missing_version(&self) -> Option<Cause> {
        let by_program = self.program.versions_needed();
        let by_libraries = self.libraries.iter().map(|it| (&it.path, &it.needed));
        for (file, needed) in [(self.file, &by_program)].into_iter().chain(by_libraries) {
            for (name, versions) in needed {
                let library = self.libraries.iter().find(|it| it.name == *name);
                let Some(library) = library.filter(|it| !it.offered.is_empty()) else {
                    continue;
                };
                if let Some(version) = versions.iter().find(|it| !library.offered.contains(it)) {
                    let (library, version) = (library.path.clone(), version.clone());
                    let (file, why) = (file.clone(), Unloadable::OldLibrary { library, version });
                    return Some(Cause::NotLoadable { file, why });
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn this_test_program_loads_and_names_its_libraries() {
        let own = PyPath::from(std::env::current_exe().unwrap().as_path());
        let elf = ElfFile::open_elf(&own).unwrap();
        let load = load(&elf, &own, &World::default());
        assert!(matches!(load.outcome, LoadOutcome::Loads));
        assert!(
            load.libraries
                .iter()
                .any(|it| it.name.lossy().starts_with("libc."))
        );
    }
}
