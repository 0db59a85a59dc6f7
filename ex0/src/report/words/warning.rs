//! What a person should know, in words.

use super::list;
use crate::finding::{Difference, Unseen, Warning};
use crate::support::PyPath;

/// In one sentence.
pub fn warning(warning: &Warning) -> String {
    match warning {
        Warning::DeadLink { link } => fill(
            "{} is a dead link, so the next Python on PATH answers instead",
            &[link],
        ),
        Warning::NotInstalled { version } => fill(
            "pyenv is told to use version {}, which is not installed",
            &[version],
        ),
        Warning::PythonHome { home } => fill(
            "PYTHONHOME is set: the library is looked for in {} alone",
            &[home],
        ),
        Warning::Launcher { name, value } => format!(
            "{name} is set: Python takes {} for its own executable",
            value.shown()
        ),
        Warning::PythonPath { folders } => format!(
            "PYTHONPATH is set: modules in {} come before every package, inside an environment too",
            list(folders)
        ),
        Warning::OtherLibrary { folder } => fill(
            "PYTHONPATH puts the library in {} before Python's own: that Python starts with it is not checked",
            &[folder],
        ),
        Warning::ZipLandmark { zip } => fill(
            "{} takes the place of the standard library's folder",
            &[zip],
        ),
        Warning::Pth { file } => fill("{} takes the place of every other setting", &[file]),
        Warning::OtherPrefix { expected, found } => fill(
            "site expects {} as sys.prefix and finds {}",
            &[expected, found],
        ),
        Warning::PackagesUnseen(it) => unseen(it),
        Warning::NewerThanRules { minor } => {
            format!("Python {minor} is newer than the rules known here: those of 3.15 were applied")
        }
        Warning::ForeignLibrary { file, own, base } => fill(
            "{} belongs to the installation in {}, and runs the library of {}",
            &[file, own, base],
        ),
        Warning::Customized { file } => fill(
            "{} runs when Python starts: what it changes is not checked",
            &[file],
        ),
        Warning::Extends { environment } => fill(
            "uv lays this environment over {} (extends-environment): the packages there are in reach too",
            &[environment],
        ),
        Warning::Differs(it) => differs(it),
        Warning::ShimsFirst { folder, tool } => format!(
            "{tool}'s shims in {} come before this environment on PATH: its other commands may start from there",
            folder.shown()
        ),
        Warning::NotWritable { folder } => fill(
            "you may not write into {}: nothing can be installed there",
            &[folder],
        ),
    }
}

/// Packages that another minor version does not see.
fn unseen(it: &Unseen) -> String {
    let Unseen {
        then, now, count, ..
    } = it;
    let remedy = it.remedy.as_ref().map(|it| {
        format!(
            ": make it anew for {now}, which deletes none of them, and install them again: `{it}`"
        )
    });
    let (folder, remedy) = (it.folder.shown(), remedy.unwrap_or_default());
    format!(
        "packages in {folder} ({count}) are not seen by Python {now}: the environment was made with {then}{remedy}"
    )
}

/// A command of another Python.
fn differs(it: &Difference) -> String {
    let (name, file, python) = (it.name, it.file.shown(), it.python.shown());
    if name == "pip" {
        format!("pip installs for {file}, and python3 is {python}")
    } else {
        format!("{name} is {file}, another Python than {python}")
    }
}

/// The words with paths in their places.
fn fill(words: &str, paths: &[&PyPath]) -> String {
    let mut parts = words.split("{}");
    let first = parts.next().unwrap_or_default().to_owned();
    let rest = paths
        .iter()
        .zip(parts)
        .map(|(path, words)| path.shown() + words);
    rest.fold(first, |text, part| text + &part)
}
