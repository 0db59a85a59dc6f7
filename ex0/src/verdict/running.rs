//! What is known about an interpreter, and about a Python that would start?

use super::answer::Running;
use super::{maker, repair};
use crate::binary::{Binary, LoadOutcome};
use crate::finding::{Cause, Notes, Reader, Remedy, Said, Warning};
use crate::getpath::{self, Base};
use crate::lookup::{Found, usable};
use crate::pyvenv_cfg::{Cfg, Record};
use crate::site::Site;
use crate::support::access;
use crate::support::files;
use crate::support::shell::Shell;
use crate::support::version::{Minor, Version};
use crate::support::{PyPath, World};

/// The newest version whose rules are known.
const NEWEST: Minor = Minor(3, 15);

/// The variable that tells pip to install into a Python with the mark of PEP 668.
const BREAKS: &str = "PIP_BREAK_SYSTEM_PACKAGES";

/// Notes what the kernel and the loader do with the file.
pub fn say_program(found: &Found, binary: &Binary, notes: &mut Notes) {
    let file = &binary.file;
    if *file != found.file {
        notes.say(Reader::Kernel, &found.file, Said::LeadsTo(file.clone()));
    }
    match binary.outcome {
        LoadOutcome::Loads => {
            let libraries = binary.libraries;
            notes.say(Reader::Loader, file, Said::Loads { libraries });
        }
        LoadOutcome::NotChecked(why) => {
            notes.say(Reader::Loader, file, Said::LoadNotChecked(why));
        }
        LoadOutcome::Fails(_) => {}
    }
    if let Some(library) = &binary.library {
        notes.say(Reader::Loader, library, Said::HoldsInterpreter);
    }
}

/// Notes the version, and where it was read.
pub fn say_version(found: &Found, binary: &Binary, notes: &mut Notes) {
    let (minor, from) = (binary.minor, binary.source);
    if let Some(version) = binary.version.clone() {
        let file = binary.library.as_ref().unwrap_or(&found.file);
        notes.say(Reader::Binary, file, Said::VersionIs { version, from });
    }
    if minor > NEWEST {
        notes.warn(Warning::NewerThanRules { minor });
    }
}

/// The facts about a Python that would start.
pub fn running(
    base: Base,
    site: Site,
    binary: Binary,
    world: &World,
    notes: &mut Notes,
) -> Running {
    let isolated = site.prefix != base.prefix;
    let writable = writable(&site);
    let has_lib = may_have_lib(&site, writable.as_ref());
    let environment = match &site.cfg {
        Some(cfg) if isolated => {
            let remedy = || remedy(&site.prefix, cfg, &base, &binary, world);
            drift(cfg, &binary, notes);
            if has_lib {
                unseen(&site.prefix, &binary, remedy, notes);
            }
            maker::of_environment(&site.prefix, &cfg.record, site.system_site, world)
        }
        // From 3.14 on, if pyvenv.cfg is a folder, getpath counts it as the file, but site does not. So site adds no global prefixes.
        None if isolated => {
            maker::of_environment(&site.prefix, &Record::default(), Some(false), world)
        }
        _ => maker::of_global(&site.prefix, world),
    };
    let externally_managed = !isolated && is_externally_managed(&base, world, notes);
    let python_path = getpath::python_path(world);
    if !python_path.is_empty() {
        let folders = python_path.clone();
        notes.warn(Warning::PythonPath { folders });
    }
    let uv = environment.uv.as_ref();
    if let Some(other) = uv.and_then(|it| it.extends_environment.as_deref()) {
        let environment = PyPath::from(other);
        notes.warn(Warning::Extends { environment });
    }
    foreign_library(&base, &binary, notes);
    if isolated && let Some((folder, false)) = &writable {
        let folder = folder.clone();
        notes.warn(Warning::NotWritable { folder });
    }
    Running {
        externally_managed,
        environment,
        writable: writable.map(|(_, it)| it),
        python_path,
        venv: (!isolated).then(|| repair::venv_module(&base.stdlib)),
        binary,
        base,
        site,
    }
}

/// May this user write into the first folder of packages, or create it? Returns the folder that decides, and the answer.
fn writable(site: &Site) -> Option<(PyPath, bool)> {
    let ask = |folder: PyPath| access::may_write_if_there(&folder).map(|may| (folder, may));
    let first = site.site_packages.first()?;
    ask(first.clone()).or_else(|| {
        // Most often nothing below the prefix is there.
        let below = first.climb_to_root().take_while(|it| *it != site.prefix);
        match below.last().map(ask) {
            Some(None) => site.prefix.climb_to_root().find_map(ask),
            _ => first.climb_to_root().skip(1).find_map(ask),
        }
    })
}

/// Has it the mark of PEP 668? Notes that, and the variable that tells pip to install all the same.
fn is_externally_managed(base: &Base, world: &World, notes: &mut Notes) -> bool {
    let mark = base.stdlib.os_join("EXTERNALLY-MANAGED");
    let is_marked = files::is_file(&mark);
    if is_marked {
        notes.say(Reader::Pip, &mark, Said::ExternallyManaged);
        let value = world.non_empty(BREAKS).map(|it| it.lossy().to_lowercase());
        // What pip takes for a yes (`strtobool`).
        let is_yes = |it: &str| ["y", "yes", "t", "true", "on", "1"].contains(&it);
        if value.is_some_and(|it| is_yes(&it)) {
            notes.say_variable(Reader::Pip, BREAKS, Said::BreaksSystem);
        }
    }
    is_marked
}

/// May the prefix have a folder `lib`? If Python's packages belong into it, and the prefix itself decides who may create them, it has none.
fn may_have_lib(site: &Site, writable: Option<&(PyPath, bool)>) -> bool {
    let lib = site.prefix.os_join("lib");
    let belongs = site.site_packages.first().map(|it| it.is_inside(&lib));
    belongs != Some(true) || writable.is_none_or(|(it, _)| *it != site.prefix)
}

/// Warns if the program uses the library of another installation.
fn foreign_library(base: &Base, binary: &Binary, notes: &mut Notes) {
    let holder = binary.library.as_ref().unwrap_or(&binary.file);
    if holder.climb().any(|it| it == base.prefix) {
        return;
    }
    let library = format!("lib/{}", binary.flavour());
    let own = holder
        .climb()
        .skip(1)
        .take(3)
        .find(|it| files::is_file(&it.os_join(&library).os_join("os.py")));
    // One folder may be a link to the other.
    let differs = |it: &PyPath| files::real(&it.os_join(&library)) != files::real(&base.stdlib);
    if let Some(own) = own.filter(differs) {
        let (file, base) = (holder.clone(), base.prefix.clone());
        notes.warn(Warning::ForeignLibrary { file, own, base });
    }
}

/// Compares the version in pyvenv.cfg with the version of today. Nothing reads it.
fn drift(cfg: &Cfg, binary: &Binary, notes: &mut Notes) {
    let (Some(text), Some(now)) = (&cfg.record.version, &binary.version) else {
        return;
    };
    let Some(then) = Version::at_start(text) else {
        return;
    };
    let is_same_minor = then.minor == now.minor;
    let drifted = Some(now).filter(|now| is_same_minor && now.micro != then.micro);
    let said = Said::MadeWith {
        key: cfg.record.version_key,
        version: text.as_str().into(),
        now: drifted.cloned(),
    };
    notes.say(Reader::Unused, &cfg.path, said);
}

/// Warns of packages for other Pythons. The folders in `lib` count, not the version in pyvenv.cfg: a maker writes that one again, and leaves
/// the packages where they are.
fn unseen(
    folder: &PyPath,
    binary: &Binary,
    remedy: impl Fn() -> Option<Remedy>,
    notes: &mut Notes,
) {
    let folders = repair::unseen(folder, binary.flavour());
    if !folders.is_empty() {
        notes.warn(Warning::PackagesUnseen {
            count: folders.iter().map(repair::count_packages).sum(),
            folders,
            now: binary.minor,
            remedy: remedy(),
        });
    }
}

/// What helps a Python that does not see the packages. An environment into which only a variable leads is good for its own Python.
fn remedy(
    folder: &PyPath,
    cfg: &Cfg,
    base: &Base,
    binary: &Binary,
    world: &World,
) -> Option<Remedy> {
    if let Some(name) = base.sent_by {
        let shell = Shell::at_hand(world);
        let command = shell.spelled(shell.unset(name));
        return command.map(|command| Remedy::Unset { name, command });
    }
    if let Err(why) = usable(&base.executable) {
        let why = Cause::not_startable(&base.executable, why);
        let command = repair::repair_python(&why, world).harmless();
        return Some(Remedy::StartOwn {
            why: Box::new(why),
            command,
        });
    }
    if repair::is_made_for(folder, cfg, binary.flavour()) {
        return Some(Remedy::InstallAgain);
    }
    repair::for_this_python(folder, cfg, &binary.file, world).map(Remedy::MakeAgain)
}
