//! Would exec and the dynamic loader succeed? And which file is the libpython that they use?
//!
//! The kernel starts the loader that the program names. The loader finds every library that the program and its libraries need. Each
//! library must offer the symbol versions that the program was linked with. If one is missing, Python ends before its first instruction.
//!
//! Source: execve(2); ld.so(8): `DT_RPATH` (only without a `DT_RUNPATH`), `LD_LIBRARY_PATH`, `DT_RUNPATH`, the cache, the default
//! folders; the System V ABI and Drepper's "ELF Symbol Versioning".

mod outcome; // what the loader does, after the search

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::iter;

use super::build::library_name;
use super::elf::{Dynamic, ElfFile, Opened};
use super::kernel::{LoadOutcome, outcome_of_exec};
use super::places::{Cache, Defaults, Tokens};
use crate::finding::{Cause, NotChecked, Opaque, Unloadable};
use crate::support::{PyPath, World, access, files};

/// How many libraries are followed at most. PyPy needs 20.
const LIBRARIES_CAP: usize = 200;

/// The folders of the system's libraries.
const SYSTEM: [&str; 4] = ["/lib", "/lib64", "/usr/lib", "/usr/lib64"];

/// What happens when a program starts.
pub struct Load {
    /// The program, then the libraries that it would use.
    pub objects: Vec<Object>,
    pub outcome: LoadOutcome,
}

/// The program, or a library. The facts are copied, so that the file need not stay open.
pub struct Object {
    /// The name in the entry of the object that needs it.
    name: PyPath,
    pub path: PyPath,
    dynamic: Dynamic,
    /// The names of libraries, each with the versions that are needed.
    needed: Vec<(PyPath, Vec<PyPath>)>,
    offered: Vec<PyPath>,
    /// The number of the object that needs it; `None` for the program.
    needed_by: Option<usize>,
    /// The file, if it is a libpython.
    pub elf: Option<ElfFile>,
}

impl Object {
    fn of(name: PyPath, path: PyPath, elf: &ElfFile, needed_by: Option<usize>) -> Self {
        Self {
            name,
            path,
            dynamic: elf.dynamic.clone(),
            needed: elf.versions_needed(),
            offered: elf.versions_offered(),
            needed_by,
            elf: None,
        }
    }
}

/// Follows what exec and the loader would do with a program. `file` is its path with all links resolved.
pub fn load(program: &ElfFile, file: &PyPath, world: &World) -> Load {
    let mut search = LoaderSearch {
        program,
        world,
        tokens: Tokens::of(program.loader()),
        cache: Cache::default(),
        defaults: Defaults::of(program.loader()),
        noexec: RefCell::default(),
        objects: vec![Object::of(file.clone(), file.clone(), program, None)],
    };
    let by_kernel = outcome_of_exec(program, file);
    // If the kernel refuses it, the libpython is needed all the same: it has the version.
    let cause = search.follow(by_kernel.is_none());
    let outcome = match by_kernel {
        None => search.outcome(cause),
        Some(LoadOutcome::NotChecked(NotChecked::OtherLoader)) => search.outcome_of_musl(),
        Some(outcome) => outcome,
    };
    Load {
        objects: search.objects,
        outcome,
    }
}

/// The search of the loader.
struct LoaderSearch<'a> {
    program: &'a ElfFile,
    world: &'a World,
    tokens: Tokens,
    cache: Cache,
    defaults: Defaults,
    /// Folders, and may nothing be executed there?
    noexec: RefCell<BTreeMap<PyPath, bool>>,
    objects: Vec<Object>,
}

impl LoaderSearch<'_> {
    /// Finds all libraries, breadth first. Returns why the loader would stop. If not `stops`, the search goes on without a bad library.
    fn follow(&mut self, stops: bool) -> Option<Cause> {
        let mut at = 0;
        while at < self.objects.len() {
            for name in self.objects[at].dynamic.needed.clone() {
                let known = self.objects.iter().any(|it| it.name == name);
                if known || self.is_loader(&name) || self.objects.len() > LIBRARIES_CAP {
                    continue;
                }
                match self.find(&name, at) {
                    Some((path, Opened::Elf(elf))) if stops && elf.is_cut_off() => {
                        return Some(Cause::not_loadable(&path, Unloadable::CutOff));
                    }
                    Some((path, Opened::Elf(elf))) => {
                        let is_libpython = library_name(&name.basename().lossy()).is_some();
                        let object = Object::of(name, path, &elf, Some(at));
                        let elf = is_libpython.then_some(*elf);
                        self.objects.push(Object { elf, ..object });
                    }
                    Some((file, Opened::Failed(reason))) if stops => {
                        return Some(Cause::opaque(&file, Opaque::Failed(reason)));
                    }
                    found if stops => {
                        let why = match found {
                            Some((library, _)) => Unloadable::BadLibrary(library),
                            None => self.unfound(name, at),
                        };
                        return Some(Cause::not_loadable(&self.objects[at].path, why));
                    }
                    _ => {}
                }
            }
            at += 1;
        }
        if stops { self.missing_version() } else { None }
    }

    /// Is it the loader? The loader is a library too, and it is loaded already.
    fn is_loader(&self, name: &PyPath) -> bool {
        let loader = self.program.loader();
        loader.is_some_and(|it| it.basename() == *name)
    }

    /// The file that the loader uses for a name: the first one for the program's machine. The loader stops at a file that is no library or
    /// that the kernel does not map. If a file is there but cannot be opened, it leaves the rest of that list of folders.
    fn find(&self, name: &PyPath, needed_by: usize) -> Option<(PyPath, Opened)> {
        let mut left = None;
        let open = |(list, path): (usize, PyPath)| {
            if left == Some(list) {
                return None;
            }
            match ElfFile::open(&path) {
                Opened::Elf(elf) if !elf.fits(self.program) => None,
                Opened::Elf(elf) if !elf.has_header_of_library() || self.is_noexec(&path, &elf) => {
                    Some((path, Opened::Unreadable))
                }
                Opened::Closed(ErrorKind::NotFound | ErrorKind::PermissionDenied) => None,
                Opened::Closed(_) => {
                    left = Some(list).filter(|_| files::is_dir(&path.dirname()));
                    None
                }
                opened => Some((path, opened)),
            }
        };
        self.places(name, needed_by).find_map(open)
    }

    /// May nothing be executed on its file system? The kernel is asked once for each folder, and not about those without which nothing starts.
    fn is_noexec(&self, path: &PyPath, elf: &ElfFile) -> bool {
        let folder = path.dirname();
        let mut known = self.noexec.borrow_mut();
        let is_system = SYSTEM.iter().any(|it| folder.is_inside(&(*it).into()));
        !is_system
            && *known
                .entry(folder)
                .or_insert_with(|| access::is_noexec(&elf.file))
    }

    /// The paths at which the loader looks for a name, each with the number of its list. Its default folders are read last, and mostly not at
    /// all.
    fn places<'s>(
        &'s self,
        name: &'s PyPath,
        needed_by: usize,
    ) -> Box<dyn Iterator<Item = (usize, PyPath)> + 's> {
        if name.bytes().contains(&b'/') {
            let path = self.tokens.replaced(name, &self.objects[needed_by].path);
            return Box::new(iter::once((0, path)));
        }
        let lists = self.lists(needed_by).into_iter().enumerate();
        let listed =
            lists.flat_map(|(list, folders)| folders.into_iter().map(move |it| (list, it)));
        let last = iter::once_with(|| self.defaults.folders().unwrap_or_default());
        let defaults = last.flatten().map(move |it| (usize::MAX, it.os_join(name)));
        let places = listed.map(move |(list, it)| (list, it.os_join(name)));
        let cached = self.cache.paths(name).into_iter();
        Box::new(
            places
                .chain(cached.map(|it| (usize::MAX - 1, it)))
                .chain(defaults),
        )
    }

    /// Why the loader finds nothing. It passes over what this user may not read.
    fn unfound(&self, name: PyPath, needed_by: usize) -> Unloadable {
        let mut places = self.places(&name, needed_by);
        let closed = places.find_map(|(_, it)| access::closed(&it));
        drop(places);
        closed.map_or(Unloadable::NoLibrary(name), Unloadable::ClosedLibrary)
    }

    /// The lists of folders that the loader searches before its cache.
    fn lists(&self, needed_by: usize) -> Vec<Vec<PyPath>> {
        let listed = |list: &PyPath, object: &Object| -> Vec<PyPath> {
            let entries = list.entries();
            entries
                .map(|it| self.tokens.replaced(&it, &object.path))
                .collect()
        };
        let object = &self.objects[needed_by];
        let runpath = object.dynamic.runpath.as_ref();
        let mut lists = Vec::new();
        if runpath.is_none() {
            // The older list counts for the object itself and for every library that it needs.
            let way = iter::successors(Some(object), |it| Some(&self.objects[it.needed_by?]));
            for object in way.filter(|it| it.dynamic.runpath.is_none()) {
                lists.extend(object.dynamic.rpath.as_ref().map(|it| listed(it, object)));
            }
        }
        let program = &self.objects[0].path;
        let entries = self.tokens.library_path(program, self.world);
        lists.push(entries.into_iter().map(|(_, folder)| folder).collect());
        lists.extend(runpath.map(|it| listed(it, object)));
        lists
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
            load.objects
                .iter()
                .any(|it| it.name.lossy().starts_with("libc."))
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn without_the_loader_s_own_folders_no_library_is_called_missing() {
        let own = PyPath::from(std::env::current_exe().unwrap().as_path());
        let mut elf = ElfFile::open_elf(&own).unwrap();
        elf.dynamic.needed.push("libzion.so.9".into());
        let outcome = |defaults: Defaults| {
            let mut search = LoaderSearch {
                program: &elf,
                world: &World::default(),
                tokens: Tokens::of(elf.loader()),
                cache: Cache::default(),
                defaults,
                noexec: RefCell::default(),
                objects: vec![Object::of(own.clone(), own.clone(), &elf, None)],
            };
            let cause = search.follow(true);
            search.outcome(cause)
        };
        let known = outcome(Defaults::of(elf.loader()));
        assert!(matches!(known, LoadOutcome::Fails(_)));
        let unknown = outcome(Defaults::default());
        let LoadOutcome::NotChecked(why) = unknown else {
            panic!("it is not known where the loader looks");
        };
        assert_eq!(why, NotChecked::NoDefaults);
    }
}
