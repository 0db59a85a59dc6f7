//! The sentences of the warnings.

use std::fmt::{self, Display, Formatter};

use super::{counted, list};
use crate::finding::{OwnPip, Remedy, Warning};
use crate::support::PyPath;
use crate::support::version::Minor;

impl Display for Warning {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(&match self {
            Self::Event(it) => format!("{} {}", it.source, it.said),
            Self::PythonPath { folders } => format!(
                "PYTHONPATH is set: modules in {} come before all packages, even inside an environment",
                list(folders)
            ),
            Self::OtherLibrary { folder } => {
                format!("PYTHONPATH puts the library in {folder} before Python's own: whether Python starts with it is not checked")
            }
            Self::OtherPrefix { expected, found } => {
                format!("site expects {expected} as sys.prefix but finds {found}")
            }
            Self::PackagesUnseen { folders, now, count, remedy } => {
                let unseen = format!("packages in {}{} are not seen by Python {now}", list(folders), counted(*count));
                remedy.as_ref().map_or(unseen.clone(), |it| unseen + &to_see_packages(it, *now))
            }
            Self::NewerThanRules { minor } => {
                format!("Python {minor} is newer than the rules that construct knows: it used those of 3.15")
            }
            Self::ForeignLibrary { file, own, base } => {
                format!("{file} belongs to the installation in {own}, but runs the library of {base}")
            }
            Self::PthUnchecked { file } => {
                format!("{file} is very long: what it does when Python starts is not checked in full")
            }
            Self::GlobalSeen { folder, by } => {
                format!("{by} puts {folder} on sys.path: these global packages are visible, even inside this environment")
            }
            Self::Extends { environment } => {
                format!("uv put this environment on top of {environment} (extends-environment): the packages there are visible too")
            }
            Self::Differs { name, file, python, within: Some(environment) } => {
                let what = if *name == "pip" { "installs for" } else { "is" };
                format!("{name} {what} {file}, but {}, which is {python}, uses the environment {environment}", python.basename())
            }
            Self::StartsNothing { name, why } => format!("{name} cannot start: {why}"),
            Self::Differs { name: "pip", file, python, .. } => {
                format!("pip installs for {file}, but {} is {python}", python.basename())
            }
            Self::Differs { name, file, python, .. } => {
                format!("{name} is {file}: this is not the Python {python}")
            }
            Self::PipElsewhere { pip, typed, own } => {
                format!("pip is {pip}, which is not in this environment{}", to_install(typed, *own))
            }
            Self::PipCannotStart { why, typed, own } => {
                let install = own.map(|it| to_install(typed, it));
                format!("pip cannot start: {why}{}", install.unwrap_or_default())
            }
            Self::TildeOnPath { entry } => {
                format!("{entry} is on PATH with its `~`: only bash takes that for a home folder, all other programs do not")
            }
            Self::ShimsFirst { folder, tool } => {
                format!("{tool}'s shims in {folder} come before this environment on PATH: its other commands may start from there")
            }
            Self::NotWritable { folder } => {
                format!("you may not write into {folder}: you cannot install packages there")
            }
        })
    }
}

/// How to see the packages of another version of Python again.
fn to_see_packages(remedy: &Remedy, now: Minor) -> String {
    match remedy {
        Remedy::MakeAgain(command) => format!(
            ": make the environment again for {now}, which deletes no package, and install them again: `{command}`"
        ),
        Remedy::InstallAgain => ": install them again".into(),
        Remedy::Unset { name, command } => {
            format!(", and only {name} leads this Python into it. Unset the variable: `{command}`")
        }
        Remedy::StartOwn { why, command } => {
            let repair = command.as_ref().map(|it| format!(": `{it}`"));
            format!(
                ", and its own python does not start ({why}){}",
                repair.unwrap_or_default()
            )
        }
    }
}

/// How to install into an environment that has this pip of its own.
fn to_install(typed: &PyPath, own: OwnPip) -> String {
    match own {
        OwnPip::Installed => format!(": type `{typed} -m pip` to install into it"),
        OwnPip::InPart => String::new(),
        OwnPip::Bundled => {
            format!(
                ", and this environment has no pip: type `{typed} -m ensurepip` to install pip into it"
            )
        }
        OwnPip::Missing => ", and this environment has no pip".into(),
    }
}
