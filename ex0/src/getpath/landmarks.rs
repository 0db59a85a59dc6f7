//! Which folder has the standard library?
//!
//! getpath climbs from a folder to its parents and takes the first one that has a landmark: first it looks for the zip file, then for the
//! folder of modules. If no folder has one, it takes the compiled-in prefix, and does not check what is there.
//!
//! Source: CPython `Modules/getpath.py`, "CALCULATE prefix AND `exec_prefix`" (3.11 and later).

use super::base::Base;
use crate::binary::Binary;
use crate::finding::{Misled, Notes, OfGetpath, Reader};
use crate::support::PyPath;
use crate::support::files;
use crate::support::version::Minor;

/// The landmarks, and the folders where getpath looks for them.
pub struct Landmarks<'a> {
    binary: &'a Binary,
    /// `lib/pythonX.Y`.
    lib: String,
    /// `lib/pythonXY.zip`.
    zip: String,
    /// Where the search began.
    start: &'a PyPath,
    /// A landmark that is known to be there.
    known: Option<PyPath>,
    /// This folder and its parents. The first is left out if it has no `lib`: a `bin` has no landmark.
    above: Vec<PyPath>,
}

impl<'a> Landmarks<'a> {
    /// The landmarks of this interpreter, in this folder and its parents.
    pub fn above(start: &'a PyPath, binary: &'a Binary, base: &Base) -> Self {
        let platlibdir = base.platlibdir.as_str();
        let name = binary.flavour().to_string();
        Self {
            binary,
            lib: format!("{platlibdir}/{name}"),
            zip: format!("{platlibdir}/{}.zip", name.replace('.', "")),
            start,
            known: base.landmark.clone(),
            above: start
                .climb()
                .filter(|it| it != start || files::is_dir(&it.join(platlibdir)))
                .collect(),
        }
    }

    /// `sys.base_prefix`, and what sent the search there. If nothing else is known, it is the current folder.
    pub fn prefix(&self, cwd: &PyPath, notes: &mut Notes) -> (PyPath, Option<Misled>) {
        if let Some(found) = self.beside_libpython() {
            notes.say(Reader::Getpath, &found, OfGetpath::LandmarkBesideLibrary);
            return (found, None);
        }
        let zipped = (self.above.iter()).find_map(|folder| Some((folder, self.zip_in(folder)?)));
        if let Some((folder, zip)) = zipped {
            notes.say(Reader::Getpath, &zip, OfGetpath::ZipLandmark);
            notes.warn_of_it();
            return (folder.clone(), Some(Misled::File(zip)));
        }
        let found = (self.above.iter()).find_map(|folder| Some((folder, self.modules(folder)?)));
        if let Some((folder, landmark)) = found {
            let said = OfGetpath::Landmark(folder.clone());
            notes.say(Reader::Getpath, &landmark, said);
            return (folder.clone(), None);
        }
        notes.say(Reader::Getpath, self.start, OfGetpath::NoLandmark);
        let compiled = self.binary.compiled_prefix();
        (compiled.unwrap_or_else(|| cwd.clone()), None)
    }

    /// Does one of the folders have a landmark?
    pub fn any(&self) -> bool {
        (self.above.iter()).any(|it| self.zip_in(it).or_else(|| self.modules(it)).is_some())
    }

    /// The zip file in this folder.
    fn zip_in(&self, folder: &PyPath) -> Option<PyPath> {
        Some(folder.join(&self.zip)).filter(files::is_file)
    }

    /// The landmark among the modules in this folder.
    fn modules(&self, folder: &PyPath) -> Option<PyPath> {
        let names = ["os.py", "os.pyc"].map(|name| folder.join(format!("{}/{name}", self.lib)));
        let is_there = |it: &PyPath| self.known.as_ref() == Some(it) || files::is_file(it);
        names.into_iter().find(is_there)
    }

    /// 3.14 knows where its libpython was loaded from and looks there first. The releases of python-build-standalone since December 2025
    /// (3.11 and later) look one folder higher. If the program contains the interpreter itself, they start from the program.
    fn beside_libpython(&self) -> Option<PyPath> {
        let holder = self.binary.library.as_ref().unwrap_or(&self.binary.file);
        let higher = holder.dirname().dirname();
        let counts = !self.above.contains(&higher) && self.modules(&higher).is_some();
        if counts && self.binary.minor >= Minor(3, 11) && self.binary.is_standalone() {
            return Some(higher);
        }
        let library =
            (self.binary.library.as_ref()).filter(|_| self.binary.minor >= Minor(3, 14))?;
        let folder = library.dirname();
        let zipped = folder.climb().find(|it| self.zip_in(it).is_some());
        zipped.or_else(|| self.modules(&folder).map(|_| folder))
    }

    /// `sys.base_exec_prefix`: the first of the folders with `lib-dynload`. 3.14 tries the prefix first.
    pub fn exec_prefix(&self, prefix: &PyPath) -> PyPath {
        let landmark = format!("{}/lib-dynload", self.lib);
        let has_landmark = |folder: &&PyPath| files::is_dir(&folder.join(&landmark));
        let first = [prefix]
            .into_iter()
            .filter(|_| self.binary.minor >= Minor(3, 14));
        let found = first.chain(&self.above).find(has_landmark).cloned();
        found
            .or_else(|| self.binary.compiled_prefix())
            .unwrap_or_else(|| prefix.clone())
    }
}
