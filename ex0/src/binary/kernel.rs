//! Would exec succeed? The kernel checks the machine and starts the loader that the program names.
//!
//! Source: execve(2), `binfmt_misc`.

use elf::abi;

use super::elf::{ElfFile, Opened};
use crate::finding::{Cause, NotChecked, Unloadable};
use crate::support::{PyPath, World};
use crate::support::{access, files};

/// Would exec and the loader start it?
pub enum LoadOutcome {
    Loads,
    NotChecked(NotChecked),
    Fails(Cause),
}

impl LoadOutcome {
    /// Why it would not start.
    pub fn failure(&self) -> Option<&Cause> {
        match self {
            Self::Fails(cause) => Some(cause),
            _ => None,
        }
    }
}

/// The outcome, if the kernel decides it; `None` if the loader decides it.
pub fn outcome_of_exec(program: &ElfFile, file: &PyPath) -> Option<LoadOutcome> {
    let fails = |why| Some(LoadOutcome::Fails(Cause::not_loadable(file, why)));
    if !runs_here(program.header.e_machine) {
        let emulated = files::names(&"/proc/sys/fs/binfmt_misc".into(), 1000)
            .iter()
            .any(|it| it.lossy().starts_with("qemu-"));
        return if emulated {
            Some(LoadOutcome::NotChecked(NotChecked::Emulated))
        } else {
            fails(Unloadable::OtherMachine)
        };
    }
    if let Some(why) = program.refusal() {
        return fails(why);
    }
    let loader = program.loader()?;
    // The kernel started this program with the same loader.
    let is_ours = OWN_LOADER.is_some_and(|it| loader.bytes() == it.as_bytes());
    if !is_ours && !access::may_execute(&loader) {
        return fails(Unloadable::NoLoader(loader));
    }
    let name = loader.basename();
    let is_glibc = ["ld-linux", "ld64.so", "ld.so."]
        .iter()
        .any(|it| name.bytes().starts_with(it.as_bytes()));
    if is_glibc {
        return None;
    }
    let is_its_own = || match ElfFile::open(&loader) {
        Opened::Elf(elf) => elf.fits(program),
        Opened::Failed(_) => true,
        _ => false,
    };
    if files::is_file(&loader) && is_its_own() {
        Some(LoadOutcome::NotChecked(NotChecked::OtherLoader))
    } else {
        fails(Unloadable::NoLoader(loader))
    }
}

/// The loader of this program, where it is known: a program for glibc that is not linked as a whole.
const OWN_LOADER: Option<&str> = if cfg!(all(
    target_os = "linux",
    target_env = "gnu",
    target_arch = "x86_64",
    not(target_feature = "crt-static")
)) {
    Some("/lib64/ld-linux-x86-64.so.2")
} else {
    None
};

/// May the process have more rights than the user who starts it? Then the loader leaves out the folders that this user could choose.
pub fn gives_rights(program: &ElfFile) -> bool {
    let file = &program.file;
    let is_set_id = |it: rustix::fs::Stat| it.st_mode & 0o6000 != 0;
    rustix::fs::fstat(file).is_ok_and(is_set_id)
        || rustix::fs::fgetxattr(file, c"security.capability", &mut [0_u8; 0]).is_ok()
}

/// The outcome when a program, whose libraries are there, calls the functions of an interpreter. Its libpython must have them.
pub fn outcome_of_start(
    (program, file): (&ElfFile, &PyPath),
    (inner, library): (&ElfFile, &PyPath),
    world: &World,
) -> LoadOutcome {
    // A library that is loaded first may have any function.
    let is_alone = world.non_empty("LD_PRELOAD").is_none();
    let lacks = |it: &PyPath| is_alone && inner.lacks(&it.lossy());
    match program.calls().into_iter().find(lacks) {
        Some(name) => {
            let library = library.clone();
            let why = Unloadable::Lacks { library, name };
            LoadOutcome::Fails(Cause::not_loadable(file, why))
        }
        None => LoadOutcome::Loads,
    }
}

/// Does this kernel start programs for this machine?
fn runs_here(machine: u16) -> bool {
    match std::env::consts::ARCH {
        "x86_64" => matches!(machine, abi::EM_X86_64 | abi::EM_386),
        "x86" => machine == abi::EM_386,
        "aarch64" => matches!(machine, abi::EM_AARCH64 | abi::EM_ARM),
        "arm" => machine == abi::EM_ARM,
        "riscv64" => machine == abi::EM_RISCV,
        _ => true,
    }
}
