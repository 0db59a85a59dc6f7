//! All sentences about what was found. They are only here and in the files of the folder `words`.

mod cause; // why it would not start
mod repair; // how to repair it
mod said; // what each file or variable said
mod warning; // what the user should know

pub use cause::cause;
pub use repair::{advice, effect};
pub use said::{reader, said, source};
pub use warning::warning;

use crate::around::{Claim, Detected, Meaning, Reason, Sign, Truth};
use crate::finding::NotChecked;
use crate::support::PyPath;
use crate::support::version::Implementation;
use crate::verdict::{Evidence, Kind, Running, VenvModule};
use crate::verify::{Silence, Verification};

/// What Rust has instead of a virtual environment.
pub const CARGO: &str = "Cargo needs no virtual environment: a project's Cargo.lock pins its crates, \
                         and they are built into its own target folder.";

/// Paths, separated by commas.
pub fn list(paths: &[PyPath]) -> String {
    paths
        .iter()
        .map(PyPath::shown)
        .collect::<Vec<_>>()
        .join(", ")
}

/// What shows which tool made or installed it.
pub fn evidence(evidence: &Evidence) -> String {
    match evidence {
        Evidence::Key { name, value } => format!("pyvenv.cfg has {name} = {value}"),
        Evidence::NoMark => "pyvenv.cfg names no other tool: python -m venv".to_owned(),
        Evidence::Wrote { path, tool } => format!("{} is there: {tool} writes it", path.shown()),
        Evidence::NamesIt { path, tool } => {
            format!("{} names its python: {tool} writes this file", path.shown())
        }
        Evidence::Named { name, tool } => {
            format!("guess: {tool} gives names like {}", name.shown())
        }
        Evidence::Place { place, tool } => {
            format!("guess: {tool} uses the folder {}", place.shown())
        }
        Evidence::Caller { python, tool } => {
            format!("guess: {python} called virtualenv, and its path contains {tool}")
        }
        Evidence::Prompt { project, prompt } => {
            format!("guess: for a project {project} Poetry sets the prompt {prompt}")
        }
        Evidence::Shell { variable, file } => {
            format!("guess: {variable} is set, and {file} is in the same folder")
        }
        Evidence::Neighbour { file, tool } => {
            format!("guess: {file} is in the same folder, so {tool} may have asked for it")
        }
        Evidence::AmongVersions { versions } => {
            format!(
                "it is in {}: pyenv keeps its versions there",
                versions.shown()
            )
        }
        Evidence::NoRecord => "no pyvenv.cfg, no conda-meta, not in pyenv's folder".to_owned(),
    }
}

/// The name of the kind.
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Venv => "venv (python -m venv)",
        Kind::Virtualenv => "virtualenv",
        Kind::Uv => "uv",
        Kind::Poetry => "Poetry",
        Kind::Pipenv => "pipenv",
        Kind::Pdm => "PDM",
        Kind::Conda => "conda",
        Kind::Pixi => "pixi",
        Kind::Pyenv => "global, built by pyenv",
        Kind::System => "global, from the system or installed by hand",
    }
}

pub fn implementation(implementation: Implementation) -> &'static str {
    match implementation {
        Implementation::Cpython => "CPython",
        Implementation::Pypy => "PyPy",
    }
}

/// Is a claim true? The same words for text and JSON.
pub fn truth(truth: Truth) -> &'static str {
    match truth {
        Truth::Agrees => "agrees",
        Truth::Stale => "stale",
        Truth::Another => "another environment is in force",
        Truth::NotActivated => "not activated",
    }
}

/// The fact that decides about a claim.
pub fn meaning(claim: &Claim) -> String {
    match &claim.meaning {
        Meaning::StartsAnyway => "its Python is still the one that starts".to_owned(),
        Meaning::ThisOnes => "the Python that starts is this environment's".to_owned(),
        Meaning::NoFolder => "there is no such folder".to_owned(),
        Meaning::NoMark(mark) => format!("the folder has no {mark}, so it is no environment"),
        Meaning::CondaWithoutPython => "the environment has no python of its own, so another one starts".to_owned(),
        Meaning::MadeOnWindows => {
            "the environment was made on Windows: it has no python for this system".to_owned()
        }
        Meaning::PythonGone => "the environment's own python is missing or cannot start".to_owned(),
        Meaning::CannotStart => "the python of this environment cannot start".to_owned(),
        Meaning::OfAnotherEnvironment => "the Python that starts belongs to another environment".to_owned(),
        Meaning::NotFirst { on_path: true } => {
            "the Python that starts is in no virtual environment, and the bin of this one is not first on PATH".to_owned()
        }
        Meaning::NotFirst { on_path: false } => {
            "the Python that starts is in no virtual environment, and the bin of this one is not on PATH".to_owned()
        }
        Meaning::FirstWithout { typed, has } => format!(
            "its bin is first, but has no {0}: `{1}` is this environment's, `{0}` is not",
            typed.shown(),
            has.shown()
        ),
        Meaning::LeadsElsewhere { prefix } => format!(
            "its python is the one that starts, but it takes its library from {}",
            prefix.shown()
        ),
        Meaning::BehindShims { folder, tool } => format!(
            "{tool}'s shims in {} come before this environment on PATH",
            folder.shown()
        ),
        Meaning::OtherCannotStart => "the Python that was found is another one, and it cannot start".to_owned(),
        Meaning::NoPython => "no Python starts".to_owned(),
        Meaning::NotKnown => "it is not known which Python starts".to_owned(),
        Meaning::SomeEnvironment { tool } => {
            format!("an environment is used; whether it belongs to {tool} is not checked")
        }
        Meaning::ShellEntered { tool } => {
            format!("this should be {tool}'s shell, but no environment is used: leave the shell and enter it again")
        }
    }
}

/// Why the libraries were not checked.
pub fn not_checked(why: NotChecked) -> &'static str {
    match why {
        NotChecked::OtherLoader => "not checked: its loader follows other rules",
        NotChecked::Emulated => {
            "not checked: it is made for another machine, and an emulator is registered"
        }
    }
}

/// The evidence for something in the surroundings.
pub fn sign(detected: &Detected) -> String {
    match &detected.sign {
        Sign::IsSet(name) => format!("{name} is set"),
        Sign::IsThere(path) => format!("{} is there", path.shown()),
        Sign::KernelSays(word) => format!("the kernel's release contains {word}"),
        Sign::PathLeadsInto(place) => format!("PATH has a folder in {place}"),
    }
}

/// Why rustup chooses this toolchain.
pub fn reason(reason: &Reason) -> String {
    match reason {
        Reason::Variable { by_cargo: false } => "RUSTUP_TOOLCHAIN is set".to_owned(),
        Reason::Variable { by_cargo: true } => "RUSTUP_TOOLCHAIN is set by cargo".to_owned(),
        Reason::Override { folder, settings } => {
            format!("an override for {} in {}", folder.shown(), settings.shown())
        }
        Reason::ToolchainFile(file) => format!("{} asks for it", file.shown()),
        Reason::Default { settings } => format!("the default in {}", settings.shown()),
    }
}

/// The result of the comparison.
pub fn verification(verification: &Verification) -> String {
    let said = match verification {
        Verification::NoneToAsk => "not asked: no Python was found",
        Verification::NotStarted => {
            "not asked: it is not known what this file starts, so it was not started"
        }
        Verification::NotRun => {
            "not asked: a variable stops it, and --verify starts Python without that variable"
        }
        Verification::Compared(_) if verification.agrees() => {
            "Python says the same; site's customization (.pth files, sitecustomize) was left out"
        }
        Verification::Compared(_) => {
            "Python says something else; site's customization (.pth files, sitecustomize) was left out"
        }
        Verification::StartsAfterAll => "Python starts, but our answer was that it cannot",
        Verification::FailsAsPredicted(how) => {
            return format!("Python does not start, as predicted: {}", silence(how));
        }
        Verification::NoAnswer(how) => return format!("Python gives no answer: {}", silence(how)),
    };
    said.to_owned()
}

/// Why an interpreter gave no answer.
fn silence(silence: &Silence) -> String {
    match silence {
        Silence::NotStarted(reason) => reason.clone(),
        Silence::TooSlow(limit) => {
            format!("it was still running after {} seconds", limit.as_secs())
        }
        Silence::Ended(status) => format!("it ended with {status}"),
        Silence::Unreadable => "its answer could not be read".to_owned(),
    }
}

/// What `python -m venv` lacks here.
pub fn venv(module: VenvModule) -> Option<&'static str> {
    match module {
        VenvModule::Complete => None,
        VenvModule::WithoutPip => Some(
            "ensurepip is missing here, so a new environment has no pip: on Debian and Ubuntu, install python3-venv",
        ),
        VenvModule::Missing => {
            Some("the module venv is missing here: on Debian and Ubuntu, install python3-venv")
        }
    }
}

/// How it was built.
pub fn build(running: &Running) -> String {
    let build = &running.build;
    let mut words = vec![
        build.architecture.unwrap_or("unknown machine"),
        build.libc.unwrap_or("unknown C library"),
    ];
    words.extend(build.free_threaded.then_some("free-threaded"));
    words.extend(build.debug.then_some("debug build"));
    words.join(", ")
}
