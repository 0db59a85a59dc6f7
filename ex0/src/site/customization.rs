//! Which modules change Python when it starts?
//!
//! site imports `sitecustomize` from the first folder on sys.path that has it. If the user's own packages are visible, it imports
//! `usercustomize` too. These modules can do anything, even change `sys.prefix`. `construct` names them. It reads only one in the standard
//! library, because Debian and Ubuntu put one there that changes nothing.
//!
//! Source: CPython `Lib/site.py` (`execsitecustomize`).

use std::cell::LazyCell;
use std::iter;

use bstr::ByteSlice;

use super::pth::Packages;
use super::{Site, UserSite};
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

/// The code of Debian's own sitecustomize. It only lets apport report crashes, if apport is installed.
const OF_DEBIAN: [&str; 6] = [
    "try:",
    "    import apport_python_hook",
    "except ImportError:",
    "    pass",
    "else:",
    "    apport_python_hook.install()",
];

/// The files that run when Python starts: the first module of each name on sys.path, and the `.pth` files with code. A file with the code of
/// Debian's own is left out.
pub fn find(
    site: &Site,
    base: &Base,
    packages: &[Packages],
    binary: &Binary,
    notes: &mut Notes,
) -> Vec<PyPath> {
    let mut found = Vec::new();
    for (file, line) in packages.iter().flat_map(|it| it.runs.clone()) {
        notes.say(Reader::Site, &file, Said::RunsLine { line });
        // What the installation itself runs is a fact, and no surprise.
        if !site.global_site_packages.contains(&file.dirname()) {
            notes.warn_of_it();
        }
        found.push(file);
    }
    for file in packages.iter().flat_map(|it| it.unchecked.clone()) {
        notes.warn(Warning::PthUnchecked { file });
    }
    // These folders are listed only if none before them has the module.
    let after = LazyCell::new(|| in_packages(packages, binary));
    let count = if site.user_site == UserSite::On { 2 } else { 1 };
    let mut modules = Vec::new();
    for name in &NAMES[..count] {
        let first = base.before.iter().find_map(|it| it.code(name));
        let first = first.map_or_else(|| in_library(base, name, binary), Place::File);
        match first {
            Place::File(file) => modules.push(file),
            Place::Debians => {}
            Place::Elsewhere => modules.extend(after.iter().find_map(|it| it.code(name))),
        }
    }
    for file in &modules {
        notes.say(Reader::Site, file, Said::Customizes);
        notes.warn_of_it();
    }
    found.extend(modules);
    found
}

/// Where a module is that site imports.
enum Place {
    File(PyPath),
    /// In the standard library, and its code is that of Debian.
    Debians,
    /// Not in the standard library.
    Elsewhere,
}

/// The module in the standard library. If its names are not known yet, to ask for each costs less than a list of 200 others.
fn in_library(base: &Base, name: &str, binary: &Binary) -> Place {
    let is_there = |it: &PyPath| {
        let listed = base.names.binary_search(it);
        listed.is_ok() || (base.names.is_empty() && files::exists(&base.stdlib.os_join(it)))
    };
    let own = PyPath::new(format!("{name}.py"));
    let file = base.stdlib.os_join(&own);
    let is_debians =
        is_there(&own) && files::bytes(&file, 4096).is_some_and(|it| is_of_debian(&it));
    if is_debians && !files::is_dir(&base.stdlib.os_join(name)) {
        return Place::Debians;
    }
    let names = ENDINGS.iter().map(|it| PyPath::new(format!("{name}{it}")));
    let names = names.filter(is_there).collect();
    match Folder::of(base.stdlib.clone(), names, binary).code(name) {
        Some(found) if is_debians && found == file => Place::Debians,
        Some(found) => Place::File(found),
        None => Place::Elsewhere,
    }
}

/// Is this the code of Debian, or no code? Comments do not count.
fn is_of_debian(text: &[u8]) -> bool {
    let lines = text.split(|it| matches!(it, b'\n' | b'\r'));
    let code = lines.filter(|it| !it.starts_with(b"#") && !it.is_empty());
    let code: Vec<&[u8]> = code.collect();
    code.is_empty() || code == OF_DEBIAN.map(str::as_bytes)
}

/// The folders of packages, each with the folders that a `.pth` file there adds to sys.path.
fn in_packages(packages: &[Packages], binary: &Binary) -> Vec<Folder> {
    let folders = packages.iter().flat_map(|packages| {
        let added = packages.added.iter();
        let added = added.map(|it| Folder::read(&it.folder, binary));
        iter::once(packages.modules.clone()).chain(added)
    });
    folders.collect()
}

/// `site.getusersitepackages()`
pub fn user_packages(base: &Base, world: &World) -> Option<PyPath> {
    let in_home = || Some(PyPath::new([home(world)?.bytes(), b"/.local"].concat()));
    let root = world
        .non_empty("PYTHONUSERBASE")
        .cloned()
        .or_else(in_home)?;
    let name = base.stdlib.basename();
    Some(root.os_join("lib").os_join(name).os_join("site-packages"))
}

/// `os.path.expanduser("~")`: `HOME`, even if it is empty; without it, the folder in /etc/passwd. A directory service is not asked.
fn home(world: &World) -> Option<PyPath> {
    let of_passwd = || {
        let users = files::bytes(&"/etc/passwd".into(), 1 << 20)?;
        home_of(&rustix::process::getuid().to_string(), &users)
    };
    let home = world.variable("HOME").cloned().or_else(of_passwd)?;
    Some(PyPath::new(home.bytes().trim_end_with(|c| c == '/')))
}

/// The home folder of a user in the text of /etc/passwd.
fn home_of(id: &str, users: &[u8]) -> Option<PyPath> {
    users.split(|it| *it == b'\n').find_map(|line| {
        let fields: Vec<&[u8]> = line.split(|it| *it == b':').collect();
        let is_it = *fields.get(2)? == id.as_bytes();
        is_it.then_some(PyPath::new(*fields.get(5)?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_home_the_folder_is_in_passwd() {
        let users =
            b"root:x:0:0:root:/root:/bin/sh\nneo:x:1000:1000:,,,:/home/neo:/bin/sh\nbad:x:2\n";
        let home = |id| home_of(id, users).map(|it| it.to_string());
        assert_eq!(home("1000").as_deref(), Some("/home/neo"));
        assert_eq!(home("2"), None);
        assert_eq!(home("3"), None);
    }

    #[test]
    fn home_counts_as_python_counts_it() {
        let with = |value: &str| World::of(&[("HOME", value)], "");
        let base = Base {
            stdlib: "/usr/lib/python3.11".into(),
            ..Base::default()
        };
        let found = |value| user_packages(&base, &with(value)).unwrap().to_string();
        assert_eq!(
            found("/home/neo/"),
            "/home/neo/.local/lib/python3.11/site-packages"
        );
        assert_eq!(found(""), "/.local/lib/python3.11/site-packages");
        assert_eq!(found("/"), "/.local/lib/python3.11/site-packages");
    }

    #[track_caller]
    fn check(text: &str, expected: bool) {
        assert_eq!(is_of_debian(text.as_bytes()), expected);
    }

    #[test]
    fn only_the_code_of_debian_is_left_out() {
        let own = OF_DEBIAN.join("\n");
        check(&format!("# install the handler\n{own}\n"), true);
        check("# empty\n", true);
        check(&format!("{own}\nimport neo\n"), false);
        check(&own.replace("apport_python_hook", "neo"), false);
        check("\x0cimport neo\n", false);
        check("#\rimport neo\n", false);
    }
}
