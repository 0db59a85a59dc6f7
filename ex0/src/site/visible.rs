//! What makes the global packages visible, although pyvenv.cfg hides them? A line of a `.pth` file or `PYTHONPATH` may name their folder.

use super::Site;
use super::pth::{Effects, Listed};
use crate::finding::{Notes, Source, Warning};
use crate::getpath::python_path;
use crate::support::files;
use crate::support::{PyPath, World};

/// The first file or variable that adds a global folder of packages to sys.path.
pub fn find(
    site: &Site,
    packages: &[(Listed, Effects)],
    world: &World,
    notes: &mut Notes,
) -> Option<Source> {
    if site.system_site != Some(false) {
        return None;
    }
    let by_variable = python_path(world).into_iter();
    let by_variable = by_variable.map(|it| (it, Source::Variable("PYTHONPATH")));
    let by_files = packages.iter().flat_map(|(_, it)| it.added.iter().cloned());
    let by_files = by_files.map(|(folder, file)| (folder, Source::File(file)));
    // The paths may be spelled differently. What is not there is not on sys.path.
    let is_global = |folder: &PyPath| {
        let real = files::canonical(folder);
        let mut globals = site.global_site_packages.iter();
        real.is_some() && globals.any(|it| files::canonical(it) == real)
    };
    let mut added = by_variable.chain(by_files);
    let (folder, by) = added.find(|(folder, _)| is_global(folder))?;
    let source = by.clone();
    notes.warn(Warning::GlobalSeen { folder, by });
    Some(source)
}
