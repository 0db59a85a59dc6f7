//! What makes other packages visible? A line of a `.pth` file or `PYTHONPATH` may name the folder of the global packages, although
//! pyvenv.cfg hides them, or any other folder.

use std::cell::LazyCell;

use serde::Serialize;

use super::Site;
use super::pth::Packages;
use crate::finding::{Notes, Source, Warning};
use crate::getpath::Folder;
use crate::support::PyPath;
use crate::support::files;

/// A folder on sys.path, and the `.pth` file that adds it. An editable install adds its source.
#[derive(Clone, Debug, Serialize)]
pub struct Added {
    pub folder: PyPath,
    pub by: PyPath,
}

/// The folders outside the prefix that `.pth` files add. Python does not add what is not there.
pub fn outside(prefix: &PyPath, packages: &[Packages]) -> Vec<Added> {
    let added = packages.iter().flat_map(|it| it.added.iter().cloned());
    // The paths may be spelled differently.
    let own = LazyCell::new(|| files::real(prefix));
    let is_outside = |it: &PyPath| files::canonical(it).is_some_and(|it| !it.is_inside(&own));
    added.filter(|it| is_outside(&it.folder)).collect()
}

/// The first file or variable that adds a global folder of packages to sys.path.
pub fn find(
    site: &Site,
    before: &[Folder],
    packages: &[Packages],
    notes: &mut Notes,
) -> Option<Source> {
    if site.system_site != Some(false) {
        return None;
    }
    let by_variable = before.iter().map(|it| it.path.clone());
    let by_variable = by_variable.map(|it| (it, Source::Variable("PYTHONPATH")));
    let by_files = packages.iter().flat_map(|it| it.added.iter().cloned());
    let by_files = by_files.map(|it| (it.folder, Source::File(it.by)));
    // The paths may be spelled differently. What is not there is not on sys.path.
    let globals = LazyCell::new(|| {
        let folders = site.global_site_packages.iter();
        folders.filter_map(files::canonical).collect::<Vec<_>>()
    });
    let is_global =
        |folder: &PyPath| files::canonical(folder).is_some_and(|it| globals.contains(&it));
    let mut added = by_variable.chain(by_files);
    let (folder, by) = added.find(|(folder, _)| is_global(folder))?;
    let source = by.clone();
    notes.warn(Warning::GlobalSeen { folder, by });
    Some(source)
}
