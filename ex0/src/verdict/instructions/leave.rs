//! Would `deactivate` work in the shell that started this program?
//!
//! It is a function or an alias of the shell, which no other process sees. But `activate` exports variables too, and the kernel keeps those
//! with which a shell began.

use bstr::ByteSlice;

use crate::support::files::{self, Content};
use crate::support::{PyPath, World};

/// What is known about `deactivate`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// `activate` ran in this shell.
    Deactivate,
    /// It may have run, but not surely: no shell is known, or a program or an older script sets no more than this.
    NotKnown,
    /// The shell began in the environment. It has the function only if `activate` ran again.
    Inherited,
    /// `activate` exports a variable that is not there.
    Never,
}

/// Did `activate` run in this shell, for the environment that `VIRTUAL_ENV` names?
pub fn leave(folder: &PyPath, world: &World) -> Leave {
    let has_prompt = world.variable(PROMPT).is_some();
    if !has_prompt && exports_prompt(folder, world) {
        return Leave::Never;
    }
    // direnv runs `activate` in another shell, and gives only the variables to this one.
    if world.variable("DIRENV_DIR").is_some() {
        return Leave::Inherited;
    }
    let parent = world.parent();
    match parent.and_then(|it| it.began_with("VIRTUAL_ENV", folder)) {
        Some(true) => Leave::Inherited,
        Some(false) if has_prompt => Leave::Deactivate,
        _ => Leave::NotKnown,
    }
}

/// The variable that newer scripts export.
const PROMPT: &str = "VIRTUAL_ENV_PROMPT";

/// Would the environment's script have exported the variable? venv's leaves it out if another variable is set. All scripts of one maker do
/// the same, so the one for bash is read. Without one, nothing was activated.
fn exports_prompt(folder: &PyPath, world: &World) -> bool {
    let script = folder.os_join("bin/activate");
    let always = world.non_empty("VIRTUAL_ENV_DISABLE_PROMPT").is_none();
    match files::read(&script, 1 << 20) {
        Content::Bytes(text) => always && has_export(&text),
        Content::Absent => true,
        _ => false,
    }
}

/// Does a line of the script export the variable? Others unset or read it.
fn has_export(script: &[u8]) -> bool {
    let mut lines = script.lines().map(<[u8]>::trim_ascii_start);
    lines.any(|line| line.starts_with(b"export ") && line.contains_str(PROMPT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_exports_the_prompt_or_only_reads_it() {
        assert!(has_export(b"    export VIRTUAL_ENV_PROMPT\n"));
        assert!(!has_export(b"unset VIRTUAL_ENV_PROMPT\nexport PS1\n"));
    }
}
