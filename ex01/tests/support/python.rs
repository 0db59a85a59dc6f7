//! Which Python has the libraries that check ours?

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::Command;

use crate::skip::skip;

/// The Python with the libraries. If there is none, a message says so.
pub fn python() -> Option<OsString> {
    let python = std::env::var_os("MATRIX_PYTHON");
    if python.is_none() {
        skip("MATRIX_PYTHON names no Python with numpy, pandas, pyarrow and duckdb");
    }
    python
}

/// Runs a script in this folder. It must succeed.
pub fn script(python: &OsStr, name: &str, folders: &[&Path]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support");
    let status = Command::new(python)
        .arg(path.join(name))
        .args(folders)
        .status();
    assert!(status.unwrap().success(), "{name}");
}
