//! Which modules change Python when it starts?
//!
//! site imports `sitecustomize` from the first folder on sys.path that has it. If the user's own packages are visible, it imports
//! `usercustomize` too. These modules can do anything, even change `sys.prefix`. `construct` names them but does not read them.
//!
//! Source: CPython `Lib/site.py` (`execsitecustomize`).

use super::pth::Listed;
use crate::finding::{Notes, Reader, Said, Warning};
use crate::getpath::{Base, python_path};
use crate::support::files;
use crate::support::{PyPath, World};

/// The first file of each name on sys.path. Debian's own file is left out: it only reports crashes.
pub fn find(
    base: &Base,
    packages: &[Listed],
    user_site: bool,
    world: &World,
    notes: &mut Notes,
) -> Vec<PyPath> {
    let before = python_path(world);
    let names: &[&str] = if user_site {
        &["sitecustomize.py", "usercustomize.py"]
    } else {
        &["sitecustomize.py"]
    };
    let first = |name: &&str| {
        let files = before.iter().chain([&base.stdlib]);
        let mut files = files.map(|it| it.os_join(name)).filter(files::is_file);
        let file = files
            .next()
            .or_else(|| packages.iter().find_map(|it| it.file(name)));
        file.filter(|it| !is_debians(it))
    };
    let found: Vec<PyPath> = names.iter().filter_map(first).collect();
    for file in &found {
        notes.say(Reader::Site, file, Said::Customizes);
        notes.warn(Warning::Customized { file: file.clone() });
    }
    found
}

/// `site.getusersitepackages()`
pub fn user_packages(base: &Base, world: &World) -> Option<PyPath> {
    let in_home = || Some(world.home()?.os_join(".local"));
    let root = world
        .non_empty("PYTHONUSERBASE")
        .cloned()
        .or_else(in_home)?;
    let name = base.stdlib.basename();
    Some(root.os_join("lib").os_join(name).os_join("site-packages"))
}

/// Is it Debian's own file? That one is a link into /etc.
fn is_debians(file: &PyPath) -> bool {
    files::link(file).is_some_and(|it| it.bytes().starts_with(b"/etc/python"))
}
