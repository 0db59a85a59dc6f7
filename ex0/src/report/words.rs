//! All sentences about what was found: each fact is written as its `Display`, and only here and in the files of the folder `words`.

mod cause; // why it would not start
mod claim; // is a variable's claim true?
mod getpath; // where the prefix and the library are
mod repair; // how to repair it
mod said; // what each file or variable said
mod warning; // what the user should know

use std::fmt::{self, Display, Formatter};

use crate::around::{Isolation, Name, Reason, Sign, Truth};
use crate::binary::Build;
use crate::finding::NotChecked;
use crate::support::PyPath;
use crate::support::version::Implementation;
use crate::verdict::{Evidence, Kind, VenvModule};
use crate::verify::{Silence, Verification};

/// What Rust has instead of a virtual environment: one sentence, on two lines.
pub const CARGO: [&str; 2] = [
    "Cargo needs no virtual environment: a project's Cargo.lock pins its crates,",
    "and they are built into its own target folder.",
];

impl Display for Isolation {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(&CARGO.join(" "))
    }
}

/// Who names the toolchain of Rust, or why that is not known.
impl Display for Reason {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        match self {
            Self::Variable => f.write_str("RUSTUP_TOOLCHAIN is set"),
            Self::Override { folder, settings } => {
                write!(f, "an override for {folder} in {settings}")
            }
            Self::ToolchainFile(file) => write!(f, "{file} asks for it"),
            Self::Default(settings) => write!(f, "the default in {settings}"),
            Self::NoHome => f.write_str("neither RUSTUP_HOME nor HOME is set"),
            Self::NotRead(file) => write!(f, "{file} could not be read as TOML"),
        }
    }
}

/// Paths, separated by commas.
fn list(paths: &[PyPath]) -> String {
    let paths: Vec<String> = paths.iter().map(ToString::to_string).collect();
    paths.join(", ")
}

/// How many packages were counted. A module that no tool installed is not counted.
fn counted(packages: usize) -> String {
    if packages > 0 {
        format!(" ({packages})")
    } else {
        String::new()
    }
}

/// What shows which tool made or installed it.
impl Display for Evidence {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(&match self {
            Self::Key { name, value } => format!("pyvenv.cfg has {name} = {value}"),
            Self::NoMark => "pyvenv.cfg names no other tool: python -m venv".into(),
            Self::Wrote { path, tool } => format!("{path} is there: {tool} writes it"),
            Self::Named { name, tool } => format!("guess: {tool} gives names like {name}"),
            Self::Place { place, tool } => format!("guess: {tool} uses the folder {place}"),
            Self::Caller { python, tool } => {
                format!("guess: {python} called virtualenv, and its path contains {tool}")
            }
            Self::Shell { variable, file } => {
                format!("guess: {variable} is set, and {file} is in the same folder")
            }
            Self::AmongVersions(versions) => {
                format!("it is in {versions}: pyenv keeps its versions there")
            }
            Self::NoRecord => "no pyvenv.cfg, no conda-meta, not in pyenv's folder".into(),
        })
    }
}

impl Display for Kind {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Venv => "venv (python -m venv)",
            Self::Virtualenv => "virtualenv",
            Self::Uv => "uv",
            Self::Poetry => "Poetry",
            Self::Pipenv => "pipenv",
            Self::Pdm => "PDM",
            Self::Conda => "conda",
            Self::Pixi => "pixi",
            Self::Pyenv => "global, built by pyenv",
            Self::System => "global, from the system or installed by hand",
        })
    }
}

impl Display for Implementation {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Cpython => "CPython",
            Self::Pypy => "PyPy",
        })
    }
}

/// Is a claim true? The same words for text and JSON.
impl Display for Truth {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Agrees => "agrees",
            Self::Stale => "stale",
            Self::Another => "another environment is in force",
            Self::NotActivated => "not activated",
        })
    }
}

/// Why the libraries were not checked.
impl Display for NotChecked {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        let why = match self {
            Self::OtherLoader => "its loader follows other rules",
            Self::Emulated => "it is made for another machine, and an emulator is registered",
            Self::InPart => "not all names of its libraries could be read",
            Self::NoDefaults => {
                "one was not found, and the folders in which its loader looks last are not known"
            }
            Self::ForProcessors => {
                "one was not found, and folders for some processors, such as glibc-hwcaps, are not searched"
            }
            Self::Token => {
                "only its loader knows what $LIB or $PLATFORM means in a list of folders"
            }
            Self::MoreRights => {
                "the file is set-uid or has capabilities, so its loader may leave out LD_LIBRARY_PATH and other folders"
            }
        };
        write!(f, "not checked: {why}")
    }
}

/// What was found in the surroundings.
impl Display for Name {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        match self {
            Self::Known(name) => f.write_str(name),
            Self::Own(name) => f.write_str(name),
            Self::PodmanImage(image) => write!(f, "Podman ({image})"),
            Self::WslDistribution(name) => write!(f, "WSL ({name})"),
            Self::NixShell(purity) => write!(f, "{purity} Nix shell"),
        }
    }
}

/// The evidence for something in the surroundings.
impl Display for Sign {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(&match self {
            Self::IsSet(name) => format!("{name} is set"),
            Self::IsThere(path) => format!("{path} is there"),
            Self::KernelSays(word) => format!("the kernel's release contains {word}"),
            Self::PathLeadsInto(place) => format!("PATH has a folder in {place}"),
        })
    }
}

/// The result of the comparison.
impl Display for Verification {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        let left_out = "site's customization (.pth files, sitecustomize) was left out";
        f.write_str(&match self {
            Self::NoneToAsk => "not asked: no Python was found".into(),
            Self::NotStarted => {
                "not asked: it is not known what this file starts, so it was not started".into()
            }
            Self::NotRun => {
                "not asked: a variable or site stops it, and --verify starts Python without them"
                    .into()
            }
            Self::Compared(_) if self.agrees() == Some(true) => {
                format!("Python says the same; {left_out}")
            }
            Self::Compared(_) => format!("Python says something else; {left_out}"),
            Self::StartsAfterAll => "Python starts, but our answer was that it cannot".into(),
            Self::FailsAsPredicted(how) => format!("Python does not start, as predicted: {how}"),
            Self::NoAnswer(how) => format!("Python gives no answer: {how}"),
        })
    }
}

/// Why an interpreter gave no answer.
impl Display for Silence {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str(&match self {
            Self::NotStarted(reason) => reason.clone(),
            Self::Refused(reason) => format!("the system refuses another process: {reason}"),
            Self::WithoutNull(reason) => {
                format!("it was not asked: /dev/null cannot be opened: {reason}")
            }
            Self::TooSlow(limit) => {
                format!("it was still running after {} seconds", limit.as_secs())
            }
            Self::Ended(Some(status)) => format!("it ended with {status}"),
            Self::Ended(None) => "it ended, and the system did not keep its status".into(),
        })
    }
}

/// What `python -m venv` lacks here.
pub fn venv(module: VenvModule) -> Option<String> {
    let lacks = match module {
        VenvModule::Complete => return None,
        VenvModule::WithoutPip => "ensurepip is missing here, so a new environment has no pip",
        VenvModule::Missing => "the module venv is missing here",
    };
    Some(format!(
        "{lacks}: on Debian and Ubuntu, install python3-venv"
    ))
}

/// How it was built.
pub fn build(build: &Build) -> String {
    let mut words = vec![
        build.architecture.unwrap_or("unknown machine"),
        build.libc.unwrap_or("unknown C library"),
    ];
    words.extend(build.free_threaded.then_some("free-threaded"));
    words.extend(build.debug.then_some("debug build"));
    words.join(", ")
}
