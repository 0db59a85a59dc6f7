//! What does the loader do, after the search for its libraries? Where the search did not know all that the loader knows, that is not known.

use super::{LIBRARIES_CAP, LoaderSearch, Object};
use crate::binary::build::MUSL;
use crate::binary::kernel::{LoadOutcome, gives_rights};
use crate::finding::{Cause, NotChecked, Unloadable};
use crate::support::{PyPath, files};

/// Folders in which the loader looks first, below each folder of a list. The last three only up to glibc 2.36.
const FOR_PROCESSORS: [&str; 4] = ["glibc-hwcaps", "tls", "haswell", "x86_64"];

impl LoaderSearch<'_> {
    /// What the loader does, after a search that ended with this cause.
    pub fn outcome(&self, cause: Option<Cause>) -> LoadOutcome {
        // Is it not known what the loader needs? Then the search knows nothing of some libraries.
        let is_in_part =
            self.objects.len() > LIBRARIES_CAP || self.objects.iter().any(|it| it.dynamic.in_part);
        let is_unfound = matches!(
            cause,
            Some(Cause::NotLoadable {
                why: Unloadable::NoLibrary(_) | Unloadable::ClosedLibrary(_),
                ..
            })
        );
        let has_lists = self.tokens.seen.get() || self.world.non_empty("LD_LIBRARY_PATH").is_some();
        if self.tokens.unknown.get() {
            LoadOutcome::NotChecked(NotChecked::Token)
        } else if has_lists && gives_rights(self.program) {
            LoadOutcome::NotChecked(NotChecked::MoreRights)
        } else if is_unfound && self.defaults.folders().is_none() {
            LoadOutcome::NotChecked(NotChecked::NoDefaults)
        } else if is_unfound && (0..self.objects.len()).any(|it| self.has_others(it)) {
            LoadOutcome::NotChecked(NotChecked::ForProcessors)
        } else if let Some(cause) = cause {
            LoadOutcome::Fails(cause)
        } else if is_in_part {
            LoadOutcome::NotChecked(NotChecked::InPart)
        } else {
            LoadOutcome::Loads
        }
    }

    /// Why the loader would stop at the versions: a library does not offer one that is needed. A library without a table of versions
    /// offers all.
    pub fn missing_version(&self) -> Option<Cause> {
        for Object { path, needed, .. } in &self.objects {
            for (name, versions) in needed {
                let library = self.objects.iter().find(|it| it.name == *name);
                let Some(library) = library.filter(|it| !it.offered.is_empty()) else {
                    continue;
                };
                if let Some(version) = versions.iter().find(|it| !library.offered.contains(it)) {
                    let (library, name) = (library.path.clone(), version.clone());
                    let why = Unloadable::Lacks { library, name };
                    return Some(Cause::not_loadable(path, why));
                }
            }
        }
        None
    }

    /// Has one of these folders others for some processors? Only the loader knows which of them fit.
    fn has_others(&self, needed_by: usize) -> bool {
        let folders = self.lists(needed_by).into_iter().flatten();
        let others = |it: PyPath| FOR_PROCESSORS.map(|name| it.os_join(name));
        folders.flat_map(others).any(|it| files::is_dir(&it))
    }

    /// What another loader does. That of musl is the C library too, and lacks functions of glibc's that every Python for glibc calls. A
    /// library that is loaded first may have them.
    pub fn outcome_of_musl(&self) -> LoadOutcome {
        let loader = self.program.loader().unwrap_or_default();
        let is_musl = loader.basename().bytes().starts_with(MUSL);
        let is_alone = self.world.non_empty("LD_PRELOAD").is_none();
        // The libraries that are no libpython may be those of musl.
        let (program, others) = (self.objects.iter().take(1), self.objects.iter().skip(1));
        let objects = program.chain(others.filter(|it| it.elf.is_some()));
        let mut versions = objects.flat_map(|it| &it.needed).flat_map(|(_, it)| it);
        let version = versions.find(|it| it.bytes().starts_with(b"GLIBC_"));
        let cause = version.filter(|_| is_musl && is_alone).map(|version| {
            let version = version.clone();
            let why = Unloadable::OfGlibc { version, loader };
            Cause::not_loadable(&self.objects[0].path, why)
        });
        let unchecked = LoadOutcome::NotChecked(NotChecked::OtherLoader);
        cause.map_or(unchecked, LoadOutcome::Fails)
    }
}
