//! Would exec start what a script names?
//!
//! The kernel reads the first line, `#!interpreter argument`, and starts the interpreter, which may be a script too. What the interpreter
//! does with the script is not known.
//!
//! Source: Linux `fs/binfmt_script.c`, `fs/exec.c` (`exec_binprm`); bash's `check_binary_file`.

mod python; // which Python does a script of pip's start?

pub use self::python::python_of;

use super::elf::{ElfFile, Opened};
use crate::finding::Unloadable;
use crate::lookup;
use crate::support::{PyPath, World};

/// How many bytes of a script the kernel reads.
const LINE: usize = 256;

/// How many scripts the kernel starts, each for the one before.
const SCRIPTS: usize = 5;

/// How many bytes a shell looks at before it reads a file as a text.
const SAMPLE: usize = 80;

/// Why exec refuses a file that is not ELF, and a shell too. A text without a first line for the kernel is left to the shell. The interpreter
/// that is `known` to start is not looked at again.
pub fn refusal(head: &[u8], known: Option<&PyPath>, world: &World) -> Option<Unloadable> {
    if head.is_empty() {
        return Some(Unloadable::Empty);
    }
    let sample = head.iter().take(SAMPLE).take_while(|&&it| it != b'\n');
    if !head.starts_with(b"#!") && sample.into_iter().any(|it| *it == 0) {
        return Some(Unloadable::NoFormat);
    }
    let mut script = head.to_vec();
    for _ in 0..SCRIPTS {
        let (interpreter, argument) = first_line(&script)?;
        if Some(&interpreter) == known {
            return None;
        }
        if !lookup::starts(&interpreter) {
            return Some(Unloadable::NoInterpreter(interpreter));
        }
        if interpreter.basename().bytes() == b"env"
            && is_command(&argument)
            && !lookup::has_command(&argument.lossy(), world)
        {
            return Some(Unloadable::NoCommand(argument));
        }
        match ElfFile::open(&interpreter) {
            Opened::Other(text) => script = text,
            _ => return None,
        }
    }
    Some(Unloadable::TooManyScripts)
}

/// The interpreter and its argument, as the kernel reads them.
fn first_line(script: &[u8]) -> Option<(PyPath, PyPath)> {
    let line = script.get(..LINE).unwrap_or(script).strip_prefix(b"#!")?;
    let is_blank = |it: &u8| b" \t".contains(it);
    let ends = |it: &u8| is_blank(it) || *it == 0;
    let whole = line.split(|it| *it == b'\n').next()?;
    let start = whole.iter().position(|it| !is_blank(it))?;
    let text = &whole[start..];
    let end = text.iter().position(ends);
    // The name may go on where the kernel does not read.
    if end.is_none() && whole.len() == LINE - 2 {
        return None;
    }
    let (name, rest) = text.split_at(end.unwrap_or(text.len()));
    let words = rest.split(is_blank).filter(|it| !it.is_empty());
    let argument = words.collect::<Vec<_>>().join(&b' ');
    (!name.is_empty()).then(|| (PyPath::new(name), PyPath::new(argument)))
}

/// Is it the name of a command, without options of `env` and without a variable?
fn is_command(argument: &PyPath) -> bool {
    let bytes = argument.bytes();
    !bytes.is_empty() && !bytes.starts_with(b"-") && !bytes.contains(&b'=')
}
