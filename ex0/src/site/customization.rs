//! Which modules change Python as it starts?
//!
//! site imports `sitecustomize`, and `usercustomize` where the user's own packages are in reach, from wherever sys.path leads. They may
//! do anything, up to changing `sys.prefix`; they are named and not looked into.
//!
//! Source: CPython `Lib/site.py` (`execsitecustomize`).

use crate::finding::{Notes, Reader, Said, Warning};
use crate::getpath::{Base, python_path};
use crate::support::files;
use crate::support::{PyPath, World};

/// The first of its name on sys.path, Debian's own excepted: that one only reports crashes.
pub fn find(
    base: &Base,
    site_packages: &[PyPath],
    world: &World,
    notes: &mut Notes,
) -> Vec<PyPath> {
    let folders = python_path(world);
    let folders = folders.iter().chain([&base.stdlib]).chain(site_packages);
    let mut files = folders.map(|it| it.os_join("sitecustomize.py"));
    let found = files.find(files::is_file).filter(|it| !is_debians(it));
    if let Some(file) = &found {
        notes.say(Reader::Site, file, Said::Customizes);
        notes.warn(Warning::Customized { file: file.clone() });
    }
    found.into_iter().collect()
}

/// Debian's is a link into /etc.
fn is_debians(file: &PyPath) -> bool {
    files::link(file).is_some_and(|it| it.bytes().starts_with(b"/etc/python"))
}
