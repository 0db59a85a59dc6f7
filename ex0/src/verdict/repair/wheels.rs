//! Has ensurepip the wheels that it installs into a new environment? Without them `python -m venv` fails.
//!
//! They are in the folder `_bundled` of the package, or in a folder that the distribution chose when it built Python.
//!
//! Source: CPython `Lib/ensurepip/__init__.py`; Debian's patch to it.

use crate::support::PyPath;
use crate::support::files;
use crate::support::version::Minor;

/// The folder of wheels that Debian's patch names. (Python's own text has the name too, but only in a comment, without a quote.)
const OF_DEBIAN: &str = "'/usr/share/python-wheels";

/// Are all wheels in one of the two folders?
pub fn has_wheels(stdlib: &PyPath, minor: Minor) -> bool {
    let package = stdlib.os_join("ensurepip");
    let has_all = |folder: &PyPath| {
        let names = files::file_names(folder, 1000);
        let has = |project: &&str| {
            let is_wheel = |it: &PyPath| {
                it.bytes().starts_with(project.as_bytes()) && it.bytes().ends_with(b".whl")
            };
            names.iter().any(is_wheel)
        };
        // From 3.12 on an environment has no setuptools.
        let projects = if minor < Minor(3, 12) { 2 } else { 1 };
        ["pip-", "setuptools-"].iter().take(projects).all(has)
    };
    has_all(&package.os_join("_bundled"))
        || of_distribution(stdlib, &package).is_some_and(|it| has_all(&it))
}

/// The folder that the distribution chose, if it chose one.
fn of_distribution(stdlib: &PyPath, package: &PyPath) -> Option<PyPath> {
    let patched = files::text(&package.os_join("__init__.py"))?.contains(OF_DEBIAN);
    if patched {
        return Some(OF_DEBIAN.trim_matches('\'').into());
    }
    let names = files::names(stdlib, 10_000);
    let mut records = names
        .iter()
        .filter(|it| it.bytes().starts_with(b"_sysconfigdata") && it.bytes().ends_with(b".py"));
    let text = files::text(&stdlib.os_join(records.next()?))?;
    let (_, rest) = text.split_once("'WHEEL_PKG_DIR': '")?;
    let folder = rest.split('\'').next()?;
    Some(folder.into()).filter(PyPath::is_absolute)
}
