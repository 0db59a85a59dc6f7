//! What is found, in words. Every sentence about a Python is written here and in the files behind this one, and nowhere else.

mod cause; // why it would not start
mod repair; // what to do
mod said; // what each source said
mod warning; // what a person should know

pub use cause::cause;
pub use repair::{advice, effect};
pub use said::{reader, said, source};
pub use warning::warning;

use crate::around::{Claim, Finding, Meaning, Reason, Sign, Truth};
use crate::finding::NotChecked;
use crate::support::PyPath;
use crate::support::version::Implementation;
use crate::verdict::{Evidence, Kind, Running, VenvModule};
use crate::verify::{Silence, Verification};

/// What plays the part of a virtual environment on the Rust side.
pub const CARGO: &str = "Cargo needs no virtual environment: a project's Cargo.lock pins its crates, \
                         and they are built into its own target folder.";

/// Paths in a row.
pub fn list(paths: &[PyPath]) -> String {
    paths
        .iter()
        .map(PyPath::shown)
        .collect::<Vec<_>>()
        .join(", ")
}

/// What shows who made or installed it.
pub fn evidence(evidence: &Evidence) -> String {
    match evidence {
        Evidence::Key { name, value } => format!("pyvenv.cfg has {name} = {value}"),
        Evidence::NoMark => "pyvenv.cfg has no mark of another maker: python -m venv".to_owned(),
        Evidence::Wrote { path, tool } => format!("{} is there, which {tool} writes", path.shown()),
        Evidence::NamesIt { path, tool } => {
            format!("{} names its python, which {tool} writes", path.shown())
        }
        Evidence::Named { name, tool } => {
            format!("guess: {} is how {tool} names them", name.shown())
        }
        Evidence::Place { place, tool } => {
            format!("guess: {} is where {tool} puts them", place.shown())
        }
        Evidence::Caller { python, tool } => {
            format!("guess: virtualenv was called by {python}, from a folder {tool}")
        }
        Evidence::Prompt { project, prompt } => {
            format!("guess: Poetry gives an environment of {project} the prompt {prompt}")
        }
        Evidence::Shell { variable, file } => {
            format!("guess: {variable} is set, and {file} stands beside it")
        }
        Evidence::Neighbour { file, tool } => {
            format!("guess: {file} stands beside it, so {tool} may have asked for it")
        }
        Evidence::AmongVersions { versions } => {
            format!("it lies in {}, where pyenv keeps them", versions.shown())
        }
        Evidence::NoRecord => "no pyvenv.cfg, no conda-meta, not in pyenv's folder".to_owned(),
    }
}

/// The kind, as a person calls it.
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
        Kind::System => "global, the system's or installed by hand",
    }
}

/// CPython or PyPy.
pub fn implementation(implementation: Implementation) -> &'static str {
    match implementation {
        Implementation::Cpython => "CPython",
        Implementation::Pypy => "PyPy",
    }
}

/// What a claim is worth, as text and JSON show it.
pub fn truth(truth: Truth) -> &'static str {
    match truth {
        Truth::Agrees => "agrees",
        Truth::Stale => "stale",
        Truth::Another => "another environment is in force",
        Truth::NotActivated => "not activated",
    }
}

/// What was seen that decides about a claim.
pub fn meaning(claim: &Claim) -> String {
    match &claim.meaning {
        Meaning::StartsAllTheSame => "its python is the one that starts all the same".to_owned(),
        Meaning::ThisOnes => "the Python that starts is this environment's".to_owned(),
        Meaning::NoFolder => "there is no such folder".to_owned(),
        Meaning::NoMark(mark) => format!("the folder has no {mark}, so it is no environment"),
        Meaning::CondaWithoutPython => "the environment has no python of its own, so another one starts".to_owned(),
        Meaning::MadeOnWindows => {
            "the environment was made on Windows: there is no python for this system in it".to_owned()
        }
        Meaning::PythonGone => "the environment's own python is gone, or cannot be started".to_owned(),
        Meaning::CannotStart => "it is this environment whose python cannot start".to_owned(),
        Meaning::OfAnotherEnvironment => "the Python that starts belongs to another environment".to_owned(),
        Meaning::NotFirst { on_path: true } => {
            "the Python that starts belongs to no virtual environment: this one's bin is not first on PATH".to_owned()
        }
        Meaning::NotFirst { on_path: false } => {
            "the Python that starts belongs to no virtual environment: this one's bin is not on PATH".to_owned()
        }
        Meaning::FirstWithout { typed, has } => format!(
            "its bin is first, but has no {0}: `{1}` is this environment's, `{0}` is not",
            typed.shown(),
            has.shown()
        ),
        Meaning::LeadsElsewhere { prefix } => format!(
            "its python is the one that starts, and takes its library from {}",
            prefix.shown()
        ),
        Meaning::BehindShims { folder, tool } => format!(
            "{tool}'s shims in {} come before this environment on PATH",
            folder.shown()
        ),
        Meaning::OtherCannotStart => "another Python would start, and cannot".to_owned(),
        Meaning::NoPython => "no Python starts at all".to_owned(),
        Meaning::NotKnown => "which Python starts is not known".to_owned(),
        Meaning::SomeEnvironment { tool } => {
            format!("an environment is in force; that it is {tool}'s is not checked")
        }
        Meaning::ShellEntered { tool } => {
            format!("{tool}'s shell was entered, but no environment is in force: leave it, and enter it anew")
        }
    }
}

/// Why the libraries were not looked at.
pub fn not_checked(why: NotChecked) -> &'static str {
    match why {
        NotChecked::OtherLoader => "not checked: its loader has rules of its own",
        NotChecked::Emulated => {
            "not checked: it is made for another machine, and an emulator is there"
        }
    }
}

/// What something is found by.
pub fn sign(finding: &Finding) -> String {
    match &finding.sign {
        Sign::IsSet(name) => format!("{name} is set"),
        Sign::IsThere(path) => format!("{} is there", path.shown()),
        Sign::KernelSays(word) => format!("the kernel's release says {word}"),
        Sign::PathLeadsInto(place) => format!("PATH leads into {place}"),
    }
}

/// What decided which toolchain it is.
pub fn reason(reason: &Reason) -> String {
    match reason {
        Reason::Variable { by_cargo: false } => "RUSTUP_TOOLCHAIN is set".to_owned(),
        Reason::Variable { by_cargo: true } => {
            "RUSTUP_TOOLCHAIN is set (cargo hands it on to what it runs)".to_owned()
        }
        Reason::Override { folder, settings } => {
            format!("an override for {} in {}", folder.shown(), settings.shown())
        }
        Reason::ToolchainFile(file) => format!("{} asks for it", file.shown()),
        Reason::Default { settings } => format!("the default in {}", settings.shown()),
    }
}

/// How the comparison came out.
pub fn verification(verification: &Verification) -> String {
    let said = match verification {
        Verification::NoneToAsk => "not asked: there is no Python to ask",
        Verification::NotStarted => {
            "not asked: what this file starts is not known, so it is not started"
        }
        Verification::NotRun => {
            "not asked: what stops it is on PYTHONPATH, and no code from there is run"
        }
        Verification::Compared(_) if verification.agrees() => {
            "Python says the same; site's customization (.pth files, sitecustomize) was left out"
        }
        Verification::Compared(_) => {
            "Python says something else; site's customization (.pth files, sitecustomize) was left out"
        }
        Verification::StartsAfterAll => "Python starts, although it was called broken",
        Verification::DiesAsForetold(how) => {
            return format!("Python does not start, as foretold: {}", silence(how));
        }
        Verification::NoAnswer(how) => return format!("Python gives no answer: {}", silence(how)),
    };
    said.to_owned()
}

/// Why an interpreter gave no answer.
fn silence(silence: &Silence) -> String {
    match silence {
        Silence::NotStarted(reason) => reason.clone(),
        Silence::TooSlow(limit) => format!("it had not ended after {} seconds", limit.as_secs()),
        Silence::Ended(status) => format!("it ended with {status}"),
        Silence::Unreadable => "its answer could not be read".to_owned(),
    }
}

/// What `python -m venv` lacks here.
pub fn venv(module: VenvModule) -> Option<&'static str> {
    match module {
        VenvModule::Complete => None,
        VenvModule::WithoutPip => Some(
            "ensurepip is missing here, so an environment has no pip: Debian and Ubuntu keep it in python3-venv",
        ),
        VenvModule::Missing => {
            Some("the module venv is missing here: Debian and Ubuntu keep it in python3-venv")
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
