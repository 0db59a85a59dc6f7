//! Which modules change Python when it starts?
//!
//! site imports `sitecustomize` from the first folder on sys.path that has it. If the user's own packages are visible, it imports
//! `usercustomize` too. These modules can do anything, even change `sys.prefix`. `construct` names them but does not read them.
//!
//! Source: CPython `Lib/site.py` (`execsitecustomize`).

use std::cell::LazyCell;
use std::iter;

use super::pth::{Effects, Listed};
use crate::binary::Binary;
use crate::finding::{Notes, Reader, Said, Warning};
use crate::getpath::{Base, Folder};
use crate::support::files;
use crate::support::{PyPath, World};

/// The modules that site imports; the second one only with the user's own packages.
const NAMES: [&str; 2] = ["sitecustomize", "usercustomize"];

/// The endings of a package and of a module. The longer one of a library for a single version and machine is not looked for in the standard
/// library.
const ENDINGS: [&str; 5] = ["", ".abi3.so", ".py", ".pyc", ".so"];

/// The files that run when Python starts: the first module of each name on sys.path, and the `.pth` files with code. Debian's own file is
/// left out: it only reports crashes.
pub fn find(
    base: &Base,
    packages: &[(Listed, Effects)],
    (user_site, globals): (bool, &[PyPath]),
    binary: &Binary,
    notes: &mut Notes,
) -> Vec<PyPath> {
    let mut found = Vec::new();
    for (file, line) in packages.iter().flat_map(|(_, it)| it.runs.clone()) {
        notes.say(Reader::Site, &file, Said::RunsLine { line });
        // What the installation itself runs is a fact, and no surprise.
        if !globals.contains(&file.dirname()) {
            let file = file.clone();
            notes.warn(Warning::RunsLine { file, line });
        }
        found.push(file);
    }
    for file in packages.iter().flat_map(|(_, it)| it.unchecked.clone()) {
        notes.warn(Warning::PthUnchecked { file });
    }
    // They are listed only if no folder before them has the module.
    let after = LazyCell::new(|| in_packages(packages, binary));
    let names = if user_site { &NAMES[..] } else { &NAMES[..1] };
    let mut modules = Vec::new();
    for name in names {
        let first = base.before.iter().find_map(|it| it.code(name));
        let first = first.or_else(|| in_library(&base.stdlib, name, binary));
        let first = first.or_else(|| after.iter().find_map(|it| it.code(name)));
        modules.extend(first.filter(|it| !is_debians(it)));
    }
    for file in &modules {
        notes.say(Reader::Site, file, Said::Customizes);
        notes.warn(Warning::Customized { file: file.clone() });
    }
    found.extend(modules);
    found
}

/// The module in the standard library. To ask for each name costs less than a list of the folder, which has 200 others.
fn in_library(stdlib: &PyPath, name: &str, binary: &Binary) -> Option<PyPath> {
    let own = stdlib.os_join(format!("{name}.py"));
    if is_debians(&own) && !files::is_dir(&stdlib.os_join(name)) {
        return Some(own);
    }
    let names = ENDINGS.iter().map(|it| PyPath::new(format!("{name}{it}")));
    let names = names.filter(|it| files::exists(&stdlib.os_join(it)));
    Folder::of(stdlib.clone(), names.collect(), binary).code(name)
}

/// The folders of packages, each with the folders that a `.pth` file there adds to sys.path.
fn in_packages(packages: &[(Listed, Effects)], binary: &Binary) -> Vec<Folder> {
    let folders = packages.iter().flat_map(|(folder, effects)| {
        let added = effects.added.iter();
        let added = added.map(|(it, _)| Folder::read(it, binary));
        iter::once(folder.modules(binary)).chain(added)
    });
    folders.collect()
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
