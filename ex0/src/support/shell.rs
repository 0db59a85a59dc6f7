//! How is a path spelled so that a shell takes it for one word?

use super::PyPath;

/// The command that takes a file, or a folder in its place, out of the way.
pub fn remove(path: &PyPath) -> String {
    format!("rm -r {}", quoted(path))
}

/// A path as a shell takes it for one word.
pub fn quoted(path: &PyPath) -> String {
    let shown = path.shown();
    let plain = shown
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"/._-+@%".contains(&byte));
    if plain && !shown.is_empty() {
        shown
    } else {
        format!("'{}'", shown.replace('\'', r"'\''"))
    }
}
