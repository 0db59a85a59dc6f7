//! The sentences of the warnings.

use super::list;
use crate::finding::{Difference, Unseen, Warning};
use crate::support::PyPath;

/// The warning in one sentence.
pub fn warning(warning: &Warning) -> String {
    match warning {
        Warning::DeadLink { link } => fill(
            "{} is a dead link, so the next Python on PATH starts instead",
            &[link],
        ),
        Warning::NotInstalled { version } => fill(
            "pyenv must use version {}, but it is not installed",
            &[version],
        ),
        Warning::PythonHome { home } => fill(
            "PYTHONHOME is set: Python searches for its library only in {}",
            &[home],
        ),
        Warning::Launcher { name, value } => format!(
            "{name} is set: Python takes {} for its own executable",
            value.shown()
        ),
        Warning::PythonPath { folders } => format!(
            "PYTHONPATH is set: modules in {} come before all packages, even inside an environment",
            list(folders)
        ),
        Warning::OtherLibrary { folder } => fill(
            "PYTHONPATH puts the library in {} before Python's own: whether Python starts with it is not checked",
            &[folder],
        ),
        Warning::ZipLandmark { zip } => fill(
            "Python uses {} instead of the folder of its standard library",
            &[zip],
        ),
        Warning::Pth { file } => fill("{} replaces every other setting", &[file]),
        Warning::OtherPrefix { expected, found } => fill(
            "site expects {} as sys.prefix but finds {}",
            &[expected, found],
        ),
        Warning::PackagesUnseen(it) => unseen(it),
        Warning::NewerThanRules { minor } => {
            format!(
                "Python {minor} is newer than the rules that construct knows: it used those of 3.15"
            )
        }
        Warning::ForeignLibrary { file, own, base } => fill(
            "{} belongs to the installation in {}, but runs the library of {}",
            &[file, own, base],
        ),
        Warning::Customized { file } => fill(
            "{} runs when Python starts; what it changes is not checked",
            &[file],
        ),
        Warning::Extends { environment } => fill(
            "uv put this environment on top of {} (extends-environment): the packages there are visible too",
            &[environment],
        ),
        Warning::Differs(it) => differs(it),
        Warning::PipElsewhere { pip } => fill(
            "pip is {}, which is not in this environment: type `python3 -m pip` to install into it",
            &[pip],
        ),
        Warning::ShimsFirst { folder, tool } => format!(
            "{tool}'s shims in {} come before this environment on PATH: its other commands may start from there",
            folder.shown()
        ),
        Warning::NotWritable { folder } => fill(
            "you may not write into {}: you cannot install packages there",
            &[folder],
        ),
    }
}

/// This Python does not see the packages of another minor version.
fn unseen(it: &Unseen) -> String {
    let Unseen {
        then, now, count, ..
    } = it;
    let remedy = it.remedy.as_ref().map(|it| {
        format!(
            ": make the environment again for {now}, which deletes no package, and install them again: `{it}`"
        )
    });
    let (folder, remedy) = (it.folder.shown(), remedy.unwrap_or_default());
    format!(
        "packages in {folder} ({count}) are not seen by Python {now}: the environment was made with {then}{remedy}"
    )
}

/// A command belongs to another Python.
fn differs(it: &Difference) -> String {
    let (name, file, python) = (it.name, it.file.shown(), it.python.shown());
    if name == "pip" {
        format!("pip installs for {file}, but python3 is {python}")
    } else {
        format!("{name} is {file}: this is not the Python {python}")
    }
}

/// Puts a path into each `{}`.
fn fill(words: &str, paths: &[&PyPath]) -> String {
    let mut parts = words.split("{}");
    let first = parts.next().unwrap_or_default().to_owned();
    let rest = paths
        .iter()
        .zip(parts)
        .map(|(path, words)| path.shown() + words);
    rest.fold(first, |text, part| text + &part)
}
