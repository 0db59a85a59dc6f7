//! Does the library have all modules that Python needs to start?
//!
//! Before your program runs, Python imports its encodings, and then site and the modules that site needs. Up to 3.10 each of them is a file
//! in the standard library. From 3.11 on all of them except the encodings are frozen: they are inside the program. Python stops if one is
//! missing.
//!
//! Source: CPython `Python/pylifecycle.c` (`init_import_site`, `init_sys_streams`), `Python/frozen.c`; test runs of every version from 3.6
//! to 3.14 with one module removed, and of 3.6 to 3.13 and PyPy 3.9 with one module empty.

mod modules; // which modules, and in which versions?

use std::collections::BTreeSet;

use rustix::fs::Stat;

use self::modules::{Lack, lacks};
use super::LAST_IN_C;
use super::base::{Base, Start};
use super::shadow::{self, Folder};
use crate::binary::Binary;
use crate::finding::{Cause, Misled, Notes, OfGetpath, Opaque, Reader};
use crate::support::access;
use crate::support::files;
use crate::support::{PyPath, World};

pub use self::modules::needed;

/// Every version imports this package first.
pub const FIRST: &str = "encodings";

/// virtualenv up to 16 copied Python into its environments, with a `site` of its own. That site reads this file next to it, and takes the
/// modules that it does not find here from the prefix in it.
pub const OLD_VIRTUALENV: &str = "orig-prefix.txt";

/// The folders of `PYTHONPATH`, each once: site removes the others. An empty entry is the current folder.
pub fn python_path(world: &World) -> Vec<PyPath> {
    let listed = world.non_empty("PYTHONPATH").into_iter();
    let entries = listed.flat_map(PyPath::entries);
    let mut seen = BTreeSet::new();
    let folders = entries.map(|it| it.abspath(&world.cwd));
    folders.filter(|it| seen.insert(it.clone())).collect()
}

/// Sets `base.before`. The error: Python would stop at an import. `only` are the folders of a `._pth` file.
pub fn check(
    base: &mut Base,
    start: &Start,
    only: Option<Vec<PyPath>>,
    notes: &mut Notes,
) -> Result<(), Cause> {
    let (binary, world) = (start.binary, start.world);
    if only.is_none() {
        let before = python_path(world);
        base.before = before.iter().map(|it| Folder::read(it, binary)).collect();
    }
    let joins = !binary.is_pypy() && binary.minor <= LAST_IN_C;
    let own = only.unwrap_or_else(|| {
        if joins {
            // Python splits the path of its library at colons.
            let parts = base.stdlib.entries();
            parts.map(|it| it.abspath(&world.cwd)).collect()
        } else {
            vec![base.stdlib.clone()]
        }
    });
    if !base.frozen {
        base.names = files::names(&base.stdlib, 10_000);
        base.site = files::bytes(&base.stdlib.os_join("site.py"), 1 << 20);
    }
    problem(base, start, &own, notes)?;
    if !base.frozen && modules::needs_stat_later(binary) {
        let file = base.stdlib.os_join("stat.py");
        base.empty_stat = Some(file).filter(|it| files::size(it) == Some(0));
    }
    Ok(())
}

/// The error: Python would stop at an import. `own` are the folders of its library.
fn problem(base: &Base, start: &Start, own: &[PyPath], notes: &mut Notes) -> Result<(), Cause> {
    let binary = start.binary;
    if let Some(cause) = shadow::problem(base, binary, notes) {
        return Err(cause);
    }
    let is_listed = |name: &str| base.names.binary_search(&name.into()).is_ok();
    if !base.frozen
        && (is_listed(OLD_VIRTUALENV) || base.before.iter().any(|it| it.has(OLD_VIRTUALENV)))
    {
        let why = Opaque::OldVirtualenv(base.stdlib.os_join(OLD_VIRTUALENV));
        return Err(Cause::opaque(&base.executable, why));
    }
    let before = base.before.iter().map(|it| &it.path);
    let everywhere = own.iter().chain(before);
    let was_listed = |it: &PyPath| *it == base.stdlib && !base.names.is_empty();
    let everywhere = everywhere.filter(|it| was_listed(it) || access::may_list(it));
    let everywhere: Vec<&PyPath> = everywhere.collect();
    let stops = |(module, lack): (&str, Lack)| {
        if modules::is_only_listed(module) && is_listed(&format!("{module}.py")) {
            return None;
        }
        let mut empty = None;
        for (file, size) in everywhere
            .iter()
            .filter_map(|it| module_file(it, module, base, binary))
        {
            if size > 0 || lack == Lack::File {
                return None;
            }
            empty = Some(Cause::ModuleEmpty(file));
        }
        empty.or_else(|| Some(missing(module, base)))
    };
    let absent = lacks(base, start).find_map(stops);
    let absent = absent.or_else(|| without_data_of_sysconfig(base, start));
    let Some(cause) = absent else {
        let first = base.stdlib.os_join(FIRST);
        notes.say(Reader::Getpath, &first, OfGetpath::LibraryThere);
        return without_site(base);
    };
    if zipped(base) {
        notes.say(Reader::Getpath, &zip(base), OfGetpath::LibraryThere);
        return Ok(());
    }
    if own.len() > 1 {
        return Err(Cause::ColonInPath(base.stdlib.clone()));
    }
    Err(cause)
}

/// With an empty site.py Python starts, and looks for no environment.
fn without_site(base: &Base) -> Result<(), Cause> {
    let is_empty = base.site.as_ref().is_some_and(Vec::is_empty);
    if !is_empty {
        return Ok(());
    }
    let why = Opaque::EmptySite(base.stdlib.os_join("site.py"));
    Err(Cause::opaque(&base.executable, why))
}

/// The site of 3.6 imports a module whose name has the ABI and the machine in it.
fn without_data_of_sysconfig(base: &Base, start: &Start) -> Option<Cause> {
    let (binary, renamed) = (start.binary, "_PYTHON_SYSCONFIGDATA_NAME");
    if !binary.is_3_6() || start.world.variable(renamed).is_some() {
        return None;
    }
    let is_one = |it: &PyPath| {
        let rest = it.bytes().strip_prefix(b"_sysconfigdata");
        rest.is_some_and(|it| it.ends_with(b".py") || it.ends_with(b".pyc"))
    };
    let mut names = base
        .names
        .iter()
        .chain(base.before.iter().flat_map(Folder::names));
    let is_there = names.any(is_one);
    (!is_there).then(|| missing("_sysconfigdata*", base))
}

/// The cause for "No module named …".
pub fn missing(module: &str, base: &Base) -> Cause {
    let stdlib = base.stdlib.clone();
    // Python takes what this user may not see for missing, and searches elsewhere: `home` leads to it all the same.
    let place = match &base.misled {
        Some(Misled::Home { home, .. }) => {
            let lib = home.dirname().os_join(&base.platlibdir);
            lib.os_join(stdlib.basename())
        }
        _ => stdlib.clone(),
    };
    let name = format!("{module}.py");
    let file = place.os_join(&name);
    // Python imports nothing out of a folder whose list it may not read.
    let unseen = [place, file.dirname()].into_iter();
    let mut unseen = unseen.filter(|it| files::is_dir(it) && !access::may_list(it));
    if let Some(path) = access::closed(&file).or_else(|| unseen.next()) {
        let variable = match base.misled {
            Some(Misled::Variable(name)) => Some(name),
            _ => None,
        };
        return Cause::LibraryClosed { path, variable };
    }
    if module.starts_with(FIRST) && !files::is_dir(&stdlib.os_join(FIRST)) {
        let misled = base.misled.clone().unwrap_or(Misled::ByNothing);
        Cause::NoLibraryFolder { stdlib, misled }
    } else {
        Cause::ModuleMissing(stdlib.os_join(name))
    }
}

/// The file of this module in the folder, as source or as bytecode, and its size.
fn module_file(
    folder: &PyPath,
    module: &str,
    base: &Base,
    binary: &Binary,
) -> Option<(PyPath, u64)> {
    // The landmark is known to have a text, and site was read.
    let is_known = match module {
        "os" => base.landmark.as_ref().map(PyPath::dirname).as_ref() == Some(folder),
        "site" => base.site.is_some() && *folder == base.stdlib,
        _ => false,
    };
    if is_known {
        return Some((folder.os_join(format!("{module}.py")), 1));
    }
    let files = [".py", ".pyc"].map(|suffix| folder.os_join(format!("{module}{suffix}")));
    let (file, (stat, may_read)) = files
        .into_iter()
        .find_map(|it| Some((it.clone(), access::readable(&it)?)))?;
    // The first of the encodings shows that their folder is there.
    let is_seen = !module.ends_with("__init__") || access::may_list(&file.dirname());
    let may_run = may_read || has_bytecode(&file, &stat, binary);
    let size = u64::try_from(stat.st_size).ok()?;
    (is_seen && may_run).then_some((file, size))
}

/// Is there bytecode of this source, so that Python does not read the source? It has four bytes for Python's version, then, since 3.7, four
/// that are 0 or 1, and then the time and the size of the source. After a 1, any source fits.
fn has_bytecode(source: &PyPath, stat: &Stat, binary: &Binary) -> bool {
    let tag = shadow::tag((binary.implementation, binary.minor));
    let name = source
        .basename()
        .lossy()
        .replace(".py", &format!("{tag}.pyc"));
    let file = source.dirname().os_join("__pycache__").os_join(name);
    let bytes = files::bytes(&file, 1 << 20).unwrap_or_default();
    let of_source = [stat.st_mtime.to_le_bytes(), stat.st_size.to_le_bytes()];
    let fits = of_source.map(|it| it[..4].to_vec()).concat();
    let rest = bytes.get(4..).unwrap_or_default();
    if binary.is_3_6() {
        return rest.starts_with(&fits);
    }
    rest.starts_with(&[1, 0, 0, 0]) || rest.starts_with(&[&[0; 4], &fits[..]].concat())
}

/// `lib/pythonXY.zip`. It comes before the folder.
fn zip(base: &Base) -> PyPath {
    let name = base.stdlib.basename().lossy().replace('.', "");
    base.stdlib.dirname().os_join(name + ".zip")
}

/// Does that file contain the library?
fn zipped(base: &Base) -> bool {
    let first = PyPath::from("encodings/__init__.py");
    shadow::members(&zip(base)).contains(&first)
}
