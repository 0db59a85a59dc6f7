//! 6. Is it isolated, or why would it not start? The answer from all passes together.

mod answer; // what is known about the Python
mod running; // the facts about an interpreter, and about a Python that would start
mod environment; // the environment's name, folder and kind
mod maker; // which tool made the environment, or installed the global Python
mod project_tool; // which project tool ordered the environment
mod named; // is it a Python, by its name or by what is in it?
mod repair; // how to repair a Python that cannot start
mod instructions; // what the user types to enter an environment

pub use self::answer::{Answer, Broken, Fault, Outcome, Running, Status};
pub use self::environment::{Environment, Evidence, Kind, VenvModule};
pub use self::instructions::{Activation, Leave, NoPlace, activate, activation, leave, no_place};
pub use self::maker::{conda_command, kind_of_global, old_virtualenv};
pub use self::repair::{Advice, Effect, Repair, find_tool, repair_python};

use self::repair::Patient;
use self::running::{running, say_program, say_version};
use crate::binary::{self, Binary, Program};
use crate::finding::{Cause, Notes, Opaque, Reader, Said};
use crate::getpath::{self, Base, Start};
use crate::lookup::{self, Found, Request};
use crate::pyvenv_cfg::environment_of;
use crate::site::{self, Site};
use crate::support::{PyPath, World, files};

/// Answers the whole question.
pub fn decide(request: &Request, world: &World) -> Answer {
    let mut notes = Notes::default();
    let started = lookup::find(request, world, &mut notes);
    let followed = started.clone();
    let followed = followed.and_then(|it| binary::follow(it, world, &mut notes));
    let (outcome, found) = match followed {
        Ok((found, program)) => {
            let outcome = outcome(&found, program, world, &mut notes);
            (outcome, Some(found))
        }
        Err(cause) => (absent(cause, request, world), None),
    };
    Answer {
        outcome,
        notes,
        started: started.ok(),
        found,
    }
}

/// What would happen if this program starts.
fn outcome(found: &Found, program: Program, world: &World, notes: &mut Notes) -> Outcome {
    let file = found.file.clone();
    match program {
        Program::Python(binary) => interpret(found, *binary, world, notes),
        Program::Refused(cause) => cannot_start(cause, file, world),
        Program::Script(text) => match binary::refusal(&text, None, world) {
            Some(why) => cannot_start(Cause::not_loadable(&file, why), file, world),
            None => opaque(file, Opaque::Script, world, notes),
        },
        Program::Other(why) => opaque(file, why, world, notes),
    }
}

/// The outcome for a file that cannot start and has no readable version.
fn cannot_start(cause: Cause, file: PyPath, world: &World) -> Outcome {
    let cause = named::of_python(cause, &file, world);
    let patient = Patient::unknown(&file, world);
    let fault = Fault::of(cause, &patient);
    let environment = environment_of(&patient.file).map(|it| maker::of_folder(&it));
    match fault.cause {
        Cause::NoPython(_) => Outcome::NoPython(fault),
        Cause::Opaque { .. } => Outcome::Unknown(fault, environment),
        _ => Outcome::Broken(Box::new(Broken {
            fault,
            environment,
            executable: file,
            binary: None,
        })),
    }
}

/// The outcome if there is no Python, or if the requested one cannot start.
fn absent(cause: Cause, request: &Request, world: &World) -> Outcome {
    let cause = doubted(cause);
    let file = cause.subject().or(cause.path());
    let file = file.cloned().unwrap_or_default();
    let cause = named::of_python(cause, &file, world);
    let is_named = !matches!(request, Request::Typed | Request::Name(_));
    let patient = Patient::unknown(&file, world);
    match cause {
        Cause::NotStartable { .. } | Cause::NotLoadable { .. } if is_named => {
            cannot_start(cause, file, world)
        }
        Cause::Opaque { .. } => Outcome::Unknown(Fault::of(cause, &patient), None),
        _ => Outcome::NoPython(Fault::of(cause, &patient)),
    }
}

/// The outcome for a file that must run before anything is known.
fn opaque(file: PyPath, why: Opaque, world: &World, notes: &mut Notes) -> Outcome {
    notes.say(Reader::Kernel, &file, Said::Opaque(why.clone()));
    let patient = Patient::unknown(&file, world);
    // An environment made on Windows has a pyvenv.cfg that we can read, although its Python cannot run here.
    let made_on_windows = patient.file.dirname().basename().bytes() == b"Scripts";
    let folder = environment_of(&patient.file).filter(|_| made_on_windows);
    let fault = Fault::of(Cause::Opaque { file, why }, &patient);
    Outcome::Unknown(fault, folder.map(|it| maker::of_folder(&it)))
}

/// Runs the two passes for an interpreter and concludes.
fn interpret(found: &Found, mut binary: Binary, world: &World, notes: &mut Notes) -> Outcome {
    say_program(found, &binary, notes);
    let (base, site) = run_passes(found, &binary, world, notes);
    binary.find_version(&base.prefix);
    say_version(found, &binary, notes);
    let of_loader = binary.outcome.failure();
    let problem = of_loader
        .or(base.problem.as_ref())
        .or(site.problem.as_ref());
    match problem.cloned().map(doubted) {
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
        Some(cause) => Outcome::Broken(Box::new(broken(cause, found, &base, &site, binary, world))),
        None => Outcome::Runs(Box::new(running(base, site, binary, world, notes))),
    }
}

/// What Python's two passes find. A Python that stops in the first one never reaches the second.
fn run_passes(found: &Found, binary: &Binary, world: &World, notes: &mut Notes) -> (Base, Site) {
    let start = Start {
        found,
        binary,
        world,
    };
    let base = getpath::find_base(&start, notes);
    let site = match base.problem {
        None => site::find_site(&base, binary, world, notes),
        Some(_) => Site::default(),
    };
    (base, site)
}

/// The cause, unless the system itself fails at its path: then it is not known what is there.
fn doubted(cause: Cause) -> Cause {
    let failure = |it: &PyPath| {
        let reason = files::system_failure_at(it)?;
        Some(Cause::opaque(it, Opaque::Failed(reason)))
    };
    cause.path().and_then(failure).unwrap_or(cause)
}

/// The facts about a Python that would stop when it starts.
fn broken(
    cause: Cause,
    found: &Found,
    base: &Base,
    site: &Site,
    binary: Binary,
    world: &World,
) -> Broken {
    // What the loader refuses is the program, and not what a variable names instead.
    let is_refused = base.sent_by.is_some() && matches!(cause, Cause::NotLoadable { .. });
    let executable = if base.executable.is_empty() || is_refused {
        &found.file
    } else {
        &base.executable
    };
    let patient = Patient {
        file: executable.abspath(&world.cwd),
        flavour: Some(binary.flavour()),
        base_prefix: Some(base.prefix.clone()),
        world,
    };
    // If neither pass could read the file, nothing is known about its maker.
    let cfg = site.cfg.as_ref().or(base.cfg.as_ref());
    let own = base.venv_prefix.clone();
    let folder = own.or_else(|| environment_of(&patient.file));
    // The files alone name the maker: what the shell's variables say is not about a Python that cannot start.
    let environment = cfg.zip(folder).map(|(cfg, folder)| {
        maker::of_environment(&folder, &cfg.record, site.system_site, &World::default())
    });
    Broken {
        fault: Fault::of(cause, &patient),
        executable: executable.clone(),
        binary: Some(binary),
        environment,
    }
}
