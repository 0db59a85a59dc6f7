//! What do all passes say together? Each in its turn, as Python runs them, and then the verdict.
//!
//! The file is one story from the name that was typed to the answer, and keeps its length so that it can be read in one go.

mod answer; // what is known about the Python that would start
mod environment; // its name, its place, its kind
mod maker; // who made it
mod installer; // who installed a global Python
mod project_tool; // which tool had it made
mod absent; // what if there is no Python?
pub mod repair; // what would mend one that cannot start
pub mod instructions; // what a person types to enter and to leave

pub use self::answer::{Answer, Status};
pub use self::environment::Kind;

use crate::binary::{self, Binary, Program};
use crate::getpath::{self, Base, Start};
use crate::lookup::{self, Found, pyenv};
use crate::pyvenv_cfg;
use crate::site::{self, Site};
use crate::support::files;
use crate::support::notes::{Notes, Problem};
use crate::support::version::{Minor, Version};
use crate::support::{PyPath, World};

/// The whole question, from the name to the answer.
pub fn find(wanted: Option<&PyPath>, world: &World) -> Answer {
    let mut notes = Notes::default();
    let Some(mut found) = lookup::find(wanted, world, &mut notes) else {
        return absent::answer(wanted, world, notes);
    };
    notes.say(
        "shell",
        &found.file,
        format!("{} starts this file", found.argv0.shown()),
    );
    let mut program = binary::inspect(&found.file, world);
    if matches!(program, Program::Script)
        && let Some(root) = pyenv::root(&found.file)
    {
        notes.say(
            "shell",
            &found.file,
            format!("a shim of pyenv in {}", root.shown()),
        );
        let Some(target) = pyenv::follow(&root, &found, world, &mut notes) else {
            let what = format!(
                "no version that pyenv may use has a command {}",
                found.argv0.shown()
            );
            let problem =
                Problem::new(what, &found.file, "pyenv install 3.13 && pyenv global 3.13");
            return Answer::of(Status::NoPython, Some(problem), notes);
        };
        found = target;
        program = binary::inspect(&found.file, world);
    }
    // What was made on Windows says so much about itself, though its Python is none of this system's.
    let made_on_windows = matches!(program, Program::Other(_))
        && found.file.dirname().basename().bytes() == b"Scripts";
    let folder = Some(found.file.dirname().dirname())
        .filter(|it| made_on_windows && repair::is_environment(it));
    let reason = match program {
        Program::Python(binary) if binary.minor >= Minor(3, 6) => {
            return interpret(&found, *binary, world, notes);
        }
        Program::Python(binary) => format!(
            "is Python {}: the rules are known here from 3.6 on",
            binary.minor
        ),
        Program::Script => {
            "is a script: what it starts cannot be known without running it".to_owned()
        }
        Program::Other(reason) => format!("is not understood: {reason}"),
    };
    notes.say("kernel", &found.file, reason.clone());
    let problem = Problem::new(
        format!("{} {reason}", found.file.shown()),
        &found.file,
        "construct --python /path/to/the/real/python3",
    );
    Answer {
        environment: folder.map(|it| maker::of_folder(&it)),
        file: Some(found.file),
        argv0: Some(found.argv0),
        ..Answer::of(Status::Unknown, Some(problem), notes)
    }
}

/// The two passes of an interpreter, and the verdict.
fn interpret(found: &Found, mut binary: Binary, world: &World, mut notes: Notes) -> Answer {
    if binary.file != found.file {
        notes.say(
            "kernel",
            &found.file,
            format!("leads to {}", binary.file.shown()),
        );
    }
    if let Some(library) = &binary.library {
        notes.say(
            "loader",
            library,
            "the shared library that holds the interpreter",
        );
    }
    let start = Start {
        argv0: &found.argv0,
        file: &found.file,
        binary: &binary,
        world,
    };
    let base = getpath::run(&start, &mut notes);
    // A Python that dies in the first pass never comes to the second.
    let site = match base.problem {
        None => site::run(&base, &binary, world, &mut notes),
        Some(_) => Site::default(),
    };
    binary.find_version(&base.prefix);
    if let Some(version) = &binary.version {
        notes.say(
            "binary",
            binary.library.as_ref().unwrap_or(&found.file),
            format!("{} says {version}", binary.source),
        );
    }
    if binary.minor > Minor(3, 14) {
        notes.warn(format!(
            "Python {} is newer than the rules known here: those of 3.14 were applied",
            binary.minor
        ));
    }
    let missing_library = binary.missing.as_ref().map(|name| {
        let what = format!(
            "the dynamic loader finds no {name}, which {} needs",
            found.file.shown()
        );
        Problem::new(
            what,
            &found.file,
            format!(
                "reinstall Python {}, or remove {}",
                binary.minor,
                found.file.shown()
            ),
        )
    });
    let problem = missing_library
        .or_else(|| base.problem.clone())
        .or_else(|| site.problem.clone());
    match problem {
        Some(problem) => broken(
            found,
            &base,
            &site,
            &binary,
            repair::complete(problem, &base, &site, world),
            notes,
        ),
        None => running(found, base, site, binary, world, notes),
    }
}

/// The answer for a Python that would die at start-up.
fn broken(
    found: &Found,
    base: &Base,
    site: &Site,
    binary: &Binary,
    problem: Problem,
    notes: Notes,
) -> Answer {
    let executable = if base.executable.is_empty() {
        found.file.clone()
    } else {
        base.executable.clone()
    };
    // What neither pass could read says nothing about its maker.
    let cfg = site.cfg.as_ref().or(base.cfg.as_ref());
    let environment = cfg
        .zip(repair::environment_folder(base))
        .map(|((_, cfg), folder)| {
            maker::of_environment(&folder, cfg, site.system_site, &World::default())
        });
    Answer {
        executable: Some(executable),
        version: binary.version.clone(),
        implementation: Some(binary.implementation),
        environment,
        file: Some(found.file.clone()),
        argv0: Some(found.argv0.clone()),
        ..Answer::of(Status::Broken, Some(problem), notes)
    }
}

/// The answer for a Python that would start.
fn running(
    found: &Found,
    base: Base,
    site: Site,
    binary: Binary,
    world: &World,
    mut notes: Notes,
) -> Answer {
    let isolated = site.prefix != base.prefix;
    let environment = match &site.cfg {
        Some((path, cfg)) if isolated => {
            drift(path, cfg, &binary, world, &mut notes);
            maker::of_environment(&site.prefix, cfg, site.system_site, world)
        }
        // From 3.14 on: getpath took a folder for the file, and site, which would have added the global prefixes, took it for none.
        None if isolated => maker::of_environment(&site.prefix, b"", Some(false), world),
        _ => maker::of_global(&site.prefix, world),
    };
    let mark = base.stdlib.os_join("EXTERNALLY-MANAGED");
    let managed = !isolated && files::is_file(&mark);
    if managed {
        notes.say(
            "pip",
            &mark,
            "PEP 668: pip refuses to install into this Python",
        );
    }
    let status = if isolated {
        Status::Isolated
    } else {
        Status::Global
    };
    Answer {
        isolated: Some(isolated),
        executable: Some(base.executable),
        version: binary.version,
        implementation: Some(binary.implementation),
        prefix: Some(site.prefix),
        base_prefix: Some(base.prefix),
        exec_prefix: Some(site.exec_prefix),
        site_packages: Some(site.site_packages),
        global_site_packages: Some(site.global_site_packages),
        user_site: site.user_site,
        externally_managed: Some(managed),
        environment: Some(environment),
        file: Some(found.file.clone()),
        argv0: Some(found.argv0.clone()),
        ..Answer::of(status, None, notes)
    }
}

/// The version that pyvenv.cfg remembers is that of the day it was made; says so when another one runs today.
fn drift(path: &PyPath, cfg: &[u8], binary: &Binary, world: &World, notes: &mut Notes) {
    let record = pyvenv_cfg::record(cfg);
    let (Some(text), Some(now)) = (&record.version, &binary.version) else {
        return;
    };
    let Some(then) = Version::at_start(text) else {
        return;
    };
    let said = format!("version = {text}: no reader asks for it; what it was made with");
    notes.say("nobody", path, said);
    if (then.minor, then.micro) != (now.minor, now.micro) {
        let command = repair::upgrade(&path.dirname(), &record, world);
        notes.warn(format!(
            "pyvenv.cfg remembers Python {then}, but {now} runs: {command} brings it up to date"
        ));
    }
}
