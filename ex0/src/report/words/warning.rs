//! What a person should know, in words.

use super::list;
use crate::finding::Warning;

/// What a person should know.
pub fn warning(warning: &Warning) -> String {
    match warning {
        Warning::DeadLink { link } => {
            format!(
                "{} is a dead link, so the next Python on PATH answers instead",
                link.shown()
            )
        }
        Warning::NotInstalled { version } => {
            format!(
                "pyenv is told to use version {}, which is not installed",
                version.shown()
            )
        }
        Warning::PythonHome { home } => {
            format!(
                "PYTHONHOME is set: the library is looked for in {} alone",
                home.shown()
            )
        }
        Warning::Launcher { name, value } => {
            format!(
                "{name} is set: Python takes {} for its own executable",
                value.shown()
            )
        }
        Warning::PythonPath { folders } => format!(
            "PYTHONPATH is set: modules in {} come before every package, inside an environment too",
            list(folders)
        ),
        Warning::ZipLandmark { zip } => {
            format!(
                "{} takes the place of the standard library's folder",
                zip.shown()
            )
        }
        Warning::Pth { file } => format!("{} takes the place of every other setting", file.shown()),
        Warning::OtherPrefix { expected, found } => {
            format!(
                "site expects {} as sys.prefix and finds {}",
                expected.shown(),
                found.shown()
            )
        }
        _ => of_environment(warning),
    }
}

/// The same, of what an environment holds and what comes before it.
fn of_environment(warning: &Warning) -> String {
    match warning {
        Warning::PackagesUnseen {
            folder,
            then,
            now,
            count,
            remedy,
        } => {
            let remedy = remedy.as_ref().map(|it| {
                format!(": make it anew for {now}, which deletes none of them, and install them again: `{it}`")
            });
            format!(
                "packages in {} ({count}) are not seen by Python {now}: the environment was made with {then}{}",
                folder.shown(),
                remedy.unwrap_or_default()
            )
        }
        Warning::NewerThanRules { minor } => {
            format!("Python {minor} is newer than the rules known here: those of 3.15 were applied")
        }
        Warning::ForeignLibrary { file, own, base } => format!(
            "{} belongs to the installation in {}, and runs the library of {}",
            file.shown(),
            own.shown(),
            base.shown()
        ),
        Warning::Customized { file } => {
            format!(
                "{} runs when Python starts: what it changes is not checked",
                file.shown()
            )
        }
        Warning::Extends { environment } => format!(
            "uv lays this environment over {} (extends-environment): the packages there are in reach too",
            environment.shown()
        ),
        Warning::Differs {
            name: "pip",
            file,
            python,
        } => {
            format!(
                "pip installs for {}, and python3 is {}",
                file.shown(),
                python.shown()
            )
        }
        Warning::Differs { name, file, python } => {
            format!(
                "{name} is {}, another Python than {}",
                file.shown(),
                python.shown()
            )
        }
        Warning::ShimsFirst { folder, tool } => format!(
            "{tool}'s shims in {} come before this environment on PATH: its other commands may start from there",
            folder.shown()
        ),
        Warning::NotWritable { folder } => {
            format!(
                "you may not write into {}: nothing can be installed there",
                folder.shown()
            )
        }
        _ => String::new(),
    }
}
