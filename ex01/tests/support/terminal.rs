//! How does a test see what the program writes on a terminal?

use std::process::{Command, Stdio};

use crate::skip::skip;

/// All that a run writes on a terminal of its own; none if there is no program for that. A message says so then.
pub fn said_on_terminal(words: &str) -> Option<String> {
    // util-linux's `script` runs a command on its own terminal.
    let output = Command::new("script")
        .arg("-qec")
        .arg(format!("\"$LOADING\" {words}"))
        .arg("/dev/null")
        .env("LOADING", env!("CARGO_BIN_EXE_loading"))
        .env("TERM", "xterm")
        .stdin(Stdio::null())
        .output();
    let Ok(output) = output else {
        skip("there is no `script`");
        return None;
    };
    Some(String::from_utf8(output.stdout).unwrap())
}
