//! 6. Is it isolated, or why would it not start? The answer from all passes together.

mod answer; // what is known about the Python
mod program; // notes about the program itself
mod running; // the facts about a Python that would start
mod environment; // the environment's name, folder and kind
mod maker; // which tool made the environment
mod installer; // which tool installed a global Python
mod project_tool; // which project tool ordered the environment
mod repair; // how to repair a Python that cannot start
mod instructions; // what the user types to enter an environment

pub use self::answer::{Answer, Broken, Fault, Outcome, Running, Status};
pub use self::environment::{Environment, Evidence, Kind, VenvModule};
pub use self::installer::{conda_command, kind_of_global};
pub use self::instructions::{Activation, activate, activation};
pub use self::maker::old_virtualenv;
pub use self::repair::{Advice, Effect, Flavour, Repair, repair_python};

use self::program::{say_program, say_version};
use self::repair::Patient;
use self::running::running;
use crate::binary::{self, Binary, Program};
use crate::finding::{Cause, Missing, Notes, Opaque, Reader, Said};
use crate::getpath::{self, Base, Start};
use crate::lookup::{self, Found, Request};
use crate::pyvenv_cfg::environment_of;
use crate::site::{self, Site};
use crate::support::files;
use crate::support::{PyPath, World};

/// Answers the whole question.
pub fn decide(request: &Request, world: &World) -> Answer {
    let mut notes = Notes::default();
    let found = match lookup::find(request, world, &mut notes) {
        Ok(found) => found,
        Err(cause) => return absent(cause, request, world, notes),
    };
    let (found, program) = match binary::inspect(&found.file, world) {
        // If the script is a shim, we can know what it starts.
        Program::Script(text) => match lookup::follow_shim(found, &text, world, &mut notes) {
            Ok(found) => {
                let program = binary::inspect(&found.file, world);
                (found, program)
            }
            Err(cause) => return absent(cause, request, world, notes),
        },
        program => (found, program),
    };
    match program {
        Program::Python(binary) => interpret(found, *binary, world, notes),
        Program::Refused(cause) => refused(cause, found, world, notes),
        Program::Script(text) => match binary::refusal(&text, world) {
            Some(why) => {
                let file = found.file.clone();
                refused(Cause::NotLoadable { file, why }, found, world, notes)
            }
            None => opaque(found, Opaque::Script, world, notes),
        },
        Program::Other(why) => opaque(found, why, world, notes),
    }
}

/// The answer for a file that exec or the loader refuses.
fn refused(cause: Cause, found: Found, world: &World, notes: Notes) -> Answer {
    Answer {
        outcome: cannot_start(cause, found.file.clone(), world),
        notes,
        found: Some(found),
    }
}

/// The outcome for a file that cannot start and has no readable version.
fn cannot_start(cause: Cause, file: PyPath, world: &World) -> Outcome {
    let is_known = !matches!(cause, Cause::Opaque { .. });
    let fault = Fault::of(cause, &Patient::unknown(&file, world));
    let environment = environment_of(&file).map(|it| maker::of_folder(&it));
    if !is_known {
        return Outcome::Unknown(fault, environment);
    }
    Outcome::Broken(Box::new(Broken {
        fault,
        environment,
        executable: file,
        version: None,
        implementation: None,
    }))
}

/// The answer if there is no Python, or if the requested one cannot start.
fn absent(cause: Cause, request: &Request, world: &World, notes: Notes) -> Answer {
    let cause = doubted(cause);
    let file = match &cause {
        Cause::NotStartable { file, .. } => file.clone(),
        Cause::NoPython(Missing::NothingOnPath(_)) => PyPath::default(),
        _ => cause.path().cloned().unwrap_or_default(),
    };
    let is_named = !matches!(request, Request::Typed | Request::Name(_));
    let patient = Patient::unknown(&file, world);
    let outcome = match cause {
        Cause::NotStartable { .. } if is_named => cannot_start(cause, file, world),
        Cause::Opaque { .. } => Outcome::Unknown(Fault::of(cause, &patient), None),
        _ => Outcome::NoPython(Fault::of(cause, &patient)),
    };
    Answer {
        outcome,
        notes,
        found: None,
    }
}

/// The answer for a file that must run before anything is known.
fn opaque(found: Found, why: Opaque, world: &World, mut notes: Notes) -> Answer {
    notes.say(Reader::Kernel, &found.file, Said::Opaque(why.clone()));
    // An environment made on Windows has a pyvenv.cfg that we can read, although its Python cannot run here.
    let made_on_windows = found.file.dirname().basename().bytes() == b"Scripts";
    let folder = Some(found.file.clone()).filter(|_| made_on_windows);
    let environment = folder.as_ref().and_then(environment_of);
    let cause = Cause::Opaque {
        file: found.file.clone(),
        why,
    };
    let fault = Fault::of(cause, &Patient::unknown(&found.file, world));
    Answer {
        outcome: Outcome::Unknown(fault, environment.map(|it| maker::of_folder(&it))),
        notes,
        found: Some(found),
    }
}

/// Runs the two passes for an interpreter and concludes.
fn interpret(found: Found, mut binary: Binary, world: &World, mut notes: Notes) -> Answer {
    say_program(&found, &binary, &mut notes);
    let start = Start {
        argv0: &found.argv0,
        file: &found.file,
        binary: &binary,
        world,
    };
    let base = getpath::find_base(&start, &mut notes);
    // A Python that stops in the first pass never reaches the second.
    let site = match base.problem {
        None => site::find_site(&base, &binary, world, &mut notes),
        Some(_) => Site::default(),
    };
    binary.find_version(&base.prefix);
    say_version(&found, &binary, &mut notes);
    let fails = match &binary.outcome {
        binary::LoadOutcome::Fails(cause) => Some(cause.clone()),
        _ => None,
    };
    let problem = || base.problem.as_ref().or(site.problem.as_ref()).cloned();
    let outcome = match fails.or_else(problem).map(doubted) {
        Some(cause @ Cause::Opaque { .. }) => {
            let patient = Patient::unknown(&found.file, world);
            let environment = match &cause {
                Cause::Opaque {
                    why: Opaque::OldVirtualenv(mark),
                    ..
                } => Some(maker::of_old_virtualenv(&base.prefix, mark)),
                _ => None,
            };
            Outcome::Unknown(Fault::of(cause, &patient), environment)
        }
        Some(cause) => Outcome::Broken(Box::new(broken(
            cause, &found, &base, &site, &binary, world,
        ))),
        None => Outcome::Runs(Box::new(running(base, site, binary, world, &mut notes))),
    };
    Answer {
        outcome,
        notes,
        found: Some(found),
    }
}

/// The cause, unless the system itself fails at its path: then it is not known what is there.
fn doubted(cause: Cause) -> Cause {
    let failing = |it: &PyPath| Some((it.clone(), files::system_failure_at(it)?));
    match cause.path().and_then(failing) {
        Some((file, reason)) => {
            let why = Opaque::Failed(reason);
            Cause::Opaque { file, why }
        }
        None => cause,
    }
}

/// The facts about a Python that would stop when it starts.
fn broken(
    cause: Cause,
    found: &Found,
    base: &Base,
    site: &Site,
    binary: &Binary,
    world: &World,
) -> Broken {
    let executable = if base.executable.is_empty() {
        &found.file
    } else {
        &base.executable
    };
    let patient = Patient {
        file: executable.abspath(&world.cwd),
        flavour: Some(Flavour::of(binary)),
        base_prefix: Some(base.prefix.clone()),
        world,
    };
    // If neither pass could read the file, nothing is known about its maker.
    let cfg = site.cfg.as_ref().or(base.cfg.as_ref());
    let folder = environment_of(executable);
    let environment = cfg.zip(folder).map(|(cfg, folder)| {
        maker::of_environment(&folder, &cfg.record, site.system_site, &World::default())
    });
    Broken {
        fault: Fault::of(cause, &patient),
        executable: executable.clone(),
        version: binary.version.clone(),
        implementation: Some(binary.implementation),
        environment,
    }
}
