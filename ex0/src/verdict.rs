//! 5. What do all passes say together? Isolated, or why it would not start.

mod answer; // what is known about the Python that would start
mod environment; // its name, its place, its kind
mod maker; // who made it
mod installer; // who installed a global Python
mod project_tool; // which tool had it made
pub mod repair; // what would mend one that cannot start
pub mod instructions; // what a person types to enter and to leave

pub use self::answer::{Answer, Broken, Fault, Outcome, Running, Status, VenvModule};
pub use self::environment::{Environment, Evidence, Kind, UvKeys};
pub use self::repair::{Advice, Effect, Repair};

use self::repair::Patient;
use crate::binary::{self, Binary, Program};
use crate::finding::{Cause, Notes, Opaque, Reader, Said, Warning};
use crate::getpath::{self, Base, Start};
use crate::lookup::{self, Found, Request};
use crate::pyvenv_cfg::Cfg;
use crate::site::{self, Site};
use crate::support::files;
use crate::support::version::{Minor, Version};
use crate::support::{PyPath, World};

/// The newest version whose rules are known.
const NEWEST: Minor = Minor(3, 15);

/// The whole question, from the name to the answer.
pub fn of(request: &Request, world: &World) -> Answer {
    let mut notes = Notes::default();
    let found = match lookup::find(request, world, &mut notes) {
        Ok(found) => found,
        Err(cause) => return absent(cause, request, world, notes),
    };
    let (found, program) = match binary::inspect(&found.file, world) {
        // What a script starts can be known where it is a shim.
        Program::Other(Opaque::Script) => match lookup::follow_shim(found, world, &mut notes) {
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
        Program::Other(Opaque::CutOff | Opaque::DamagedElf) => {
            let file = found.file.clone();
            let outcome = dead(Cause::CutOff { file }, found.file.clone(), world);
            Answer {
                outcome,
                notes,
                found: Some(found),
            }
        }
        Program::Other(why) => opaque(found, why, world, notes),
    }
}

/// A file that cannot be started, and whose inside says nothing.
fn dead(cause: Cause, file: PyPath, world: &World) -> Outcome {
    let patient = Patient {
        file: file.clone(),
        minor: None,
        base_prefix: None,
        world,
    };
    Outcome::Broken(Box::new(Broken {
        fault: Fault {
            repair: repair::of(&cause, &patient),
            cause,
        },
        environment: repair::environment_of(&file).map(|it| maker::of_folder(&it)),
        executable: file,
        version: None,
        implementation: None,
    }))
}

/// There is no Python, or the one that was asked for cannot be started.
fn absent(cause: Cause, request: &Request, world: &World, notes: Notes) -> Answer {
    let file = cause
        .path()
        .filter(|_| !matches!(cause, Cause::NothingOnPath { .. }));
    let mut file = file.cloned().unwrap_or_default();
    if let Cause::NotStartable { file: first, .. } = &cause {
        file.clone_from(first);
    }
    let is_named = !matches!(request, Request::Typed | Request::Name(_));
    let outcome = if is_named && matches!(cause, Cause::NotStartable { .. }) {
        dead(cause, file, world)
    } else {
        let patient = Patient {
            file,
            minor: None,
            base_prefix: None,
            world,
        };
        let fault = Fault {
            repair: repair::of(&cause, &patient),
            cause,
        };
        match &fault.cause {
            Cause::Opaque { .. } => Outcome::Unknown(fault, None),
            _ => Outcome::NoPython(fault),
        }
    };
    Answer {
        outcome,
        notes,
        found: None,
    }
}

/// A file that nothing can be said about without running it.
fn opaque(found: Found, why: Opaque, world: &World, mut notes: Notes) -> Answer {
    notes.say(Reader::Kernel, &found.file, Said::Opaque(why.clone()));
    // What was made on Windows says so much about itself, though its Python is none of this system's.
    let made_on_windows = found.file.dirname().basename().bytes() == b"Scripts";
    let folder = Some(found.file.clone()).filter(|_| made_on_windows);
    let environment = folder.as_ref().and_then(repair::environment_of);
    let cause = Cause::Opaque {
        file: found.file.clone(),
        why,
    };
    let patient = Patient {
        file: found.file.clone(),
        minor: None,
        base_prefix: None,
        world,
    };
    let fault = Fault {
        repair: repair::of(&cause, &patient),
        cause,
    };
    Answer {
        outcome: Outcome::Unknown(fault, environment.map(|it| maker::of_folder(&it))),
        notes,
        found: Some(found),
    }
}

/// The two passes of an interpreter, and the verdict.
fn interpret(found: Found, mut binary: Binary, world: &World, mut notes: Notes) -> Answer {
    say_program(&found, &binary, &mut notes);
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
    if let Some(version) = binary.version.clone() {
        let said = Said::VersionIs {
            version,
            from: binary.source,
        };
        notes.say(
            Reader::Binary,
            binary.library.as_ref().unwrap_or(&found.file),
            said,
        );
    }
    if binary.minor > NEWEST {
        notes.warn(Warning::NewerThanRules {
            minor: binary.minor,
        });
    }
    let fails = match &binary.outcome {
        binary::Outcome::Fails(cause) => Some(cause.clone()),
        _ => None,
    };
    let outcome = match fails
        .or_else(|| base.problem.clone())
        .or_else(|| site.problem.clone())
    {
        Some(Cause::Opaque { file, why }) => {
            let cause = Cause::Opaque { file, why };
            let patient = Patient {
                file: found.file.clone(),
                minor: None,
                base_prefix: None,
                world,
            };
            Outcome::Unknown(
                Fault {
                    repair: repair::of(&cause, &patient),
                    cause,
                },
                None,
            )
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

/// What the kernel and the loader make of the file.
fn say_program(found: &Found, binary: &Binary, notes: &mut Notes) {
    if binary.file != found.file {
        let said = Said::LeadsTo {
            file: binary.file.clone(),
        };
        notes.say(Reader::Kernel, &found.file, said);
    }
    match &binary.outcome {
        binary::Outcome::Loads => {
            let said = Said::Loads {
                libraries: binary.libraries,
            };
            notes.say(Reader::Loader, &binary.file, said);
        }
        binary::Outcome::NotChecked(why) => {
            notes.say(Reader::Loader, &binary.file, Said::LoadNotChecked(*why));
        }
        binary::Outcome::Fails(_) => {}
    }
    if let Some(library) = &binary.library {
        notes.say(Reader::Loader, library, Said::HoldsInterpreter);
    }
}

/// The facts of a Python that would die at start-up.
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
        minor: Some(binary.minor),
        base_prefix: Some(base.prefix.clone()),
        world,
    };
    // What neither pass could read says nothing about its maker.
    let cfg = site.cfg.as_ref().or(base.cfg.as_ref());
    let folder = repair::environment_of(executable);
    let environment = cfg.zip(folder).map(|(cfg, folder)| {
        maker::of_environment(&folder, &cfg.record, site.system_site, &World::default())
    });
    Broken {
        fault: Fault {
            repair: repair::of(&cause, &patient),
            cause,
        },
        executable: executable.clone(),
        version: binary.version.clone(),
        implementation: Some(binary.implementation),
        environment,
    }
}

/// The facts of a Python that would start.
fn running(base: Base, site: Site, binary: Binary, world: &World, notes: &mut Notes) -> Running {
    let isolated = site.prefix != base.prefix;
    let environment = match &site.cfg {
        Some(cfg) if isolated => {
            drift(&site.prefix, cfg, &binary, world, notes);
            maker::of_environment(&site.prefix, &cfg.record, site.system_site, world)
        }
        // From 3.14 on: getpath took a folder for the file, and site, which would have added the global prefixes, took it for none.
        None if isolated => maker::of_environment(
            &site.prefix,
            &Cfg::parse(PyPath::default(), Vec::new()).record,
            Some(false),
            world,
        ),
        _ => maker::of_global(&site.prefix, world),
    };
    let mark = base.stdlib.os_join("EXTERNALLY-MANAGED");
    let externally_managed = !isolated && files::is_file(&mark);
    if externally_managed {
        notes.say(Reader::Pip, &mark, Said::ExternallyManaged);
    }
    say_reach(&environment, world, notes);
    foreign_library(&base, &binary, notes);
    let writable = writable(&site.site_packages);
    if let (true, Some((folder, false))) = (isolated, &writable) {
        notes.warn(Warning::NotWritable {
            folder: folder.clone(),
        });
    }
    Running {
        executable: base.executable,
        version: binary.version,
        implementation: binary.implementation,
        build: binary.build,
        prefix: site.prefix,
        exec_prefix: site.exec_prefix,
        site_packages: site.site_packages,
        global_site_packages: site.global_site_packages,
        user_site: site.user_site,
        externally_managed,
        environment,
        writable: writable.map(|(_, it)| it),
        python_path: getpath::python_path(world),
        customizations: site.customizations,
        not_checked: match binary.outcome {
            binary::Outcome::NotChecked(why) => Some(why),
            _ => None,
        },
        venv: (!isolated).then(|| repair::venv_module(&base.stdlib)),
        base_prefix: base.prefix,
    }
}

/// What else is in reach of an environment.
fn say_reach(environment: &Environment, world: &World, notes: &mut Notes) {
    let folders = getpath::python_path(world);
    if !folders.is_empty() {
        notes.warn(Warning::PythonPath { folders });
    }
    let extends = environment
        .uv
        .as_ref()
        .and_then(|it| it.extends_environment.as_deref());
    if let Some(environment) = extends.map(PyPath::from) {
        notes.warn(Warning::Extends { environment });
    }
}

/// May this user write into the first folder of packages, or make it? The folder that decides, and the answer.
fn writable(site_packages: &[PyPath]) -> Option<(PyPath, bool)> {
    let first = site_packages.first()?;
    if files::may_write(first) {
        return Some((first.clone(), true));
    }
    let there = first.climb().chain(["/".into()]).find(files::is_dir)?;
    let may = there != *first && files::may_write(&there);
    Some((there, may))
}

/// Is the library that of the installation that the program belongs to?
fn foreign_library(base: &Base, binary: &Binary, notes: &mut Notes) {
    let holder = binary.library.as_ref().unwrap_or(&binary.file);
    if holder.climb().any(|it| it == base.prefix) {
        return;
    }
    let landmark = format!("lib/{}/os.py", getpath::lib_name(binary));
    let own = holder
        .climb()
        .skip(1)
        .take(3)
        .find(|it| files::is_file(&it.os_join(&landmark)));
    let real = |it: &PyPath| files::canonical(it).unwrap_or_else(|| it.clone());
    if let Some(own) = own.filter(|it| real(it) != real(&base.prefix)) {
        let (file, base) = (holder.clone(), base.prefix.clone());
        notes.warn(Warning::ForeignLibrary { file, own, base });
    }
}

/// The version that pyvenv.cfg remembers is that of the day it was made. Another minor version today does not see the packages of then.
fn drift(folder: &PyPath, cfg: &Cfg, binary: &Binary, world: &World, notes: &mut Notes) {
    let (Some(text), Some(now)) = (&cfg.record.version, &binary.version) else {
        return;
    };
    let Some(then) = Version::at_start(text) else {
        return;
    };
    let version = text.as_str().into();
    let is_same_minor = then.minor == now.minor;
    let drifted = Some(now.clone()).filter(|now| is_same_minor && now.micro != then.micro);
    notes.say(
        Reader::Nobody,
        &cfg.path,
        Said::MadeWith {
            version,
            now: drifted,
        },
    );
    if is_same_minor {
        return;
    }
    let unseen = folder.os_join(format!("lib/python{}/site-packages", then.minor));
    if files::is_dir(&unseen) {
        let count = repair::count_packages(&unseen);
        let (then, now) = (then.minor, now.minor);
        let remedy = repair::for_this_python(folder, cfg, &binary.file, world);
        notes.warn(Warning::PackagesUnseen {
            folder: unseen,
            then,
            now,
            count,
            remedy,
        });
    }
}
