//! Which names of toolchains does rustup take?
//!
//! Source: rustup 1.29, `src/toolchain/names.rs` and `src/dist/mod.rs`.

use super::{Doubt, Fault, Reason, Source};
use crate::support::PyPath;
use crate::support::files;

/// Systems that rustup knows. Its own list is far longer, and grows.
const SYSTEMS: [&str; 6] = [
    "x86_64-unknown-linux-gnu",
    "x86_64-unknown-linux-musl",
    "x86_64-apple-darwin",
    "aarch64-unknown-linux-gnu",
    "aarch64-unknown-linux-musl",
    "aarch64-apple-darwin",
];

pub fn is_known_system(name: &str) -> bool {
    SYSTEMS.contains(&name)
}

/// The folder of the toolchains that are installed.
pub struct Toolchains(pub PyPath);

impl Toolchains {
    /// The value of `RUSTUP_TOOLCHAIN`, if rustup takes it. It may be a path.
    pub fn check_variable(&self, value: &PyPath) -> Result<String, Reason> {
        let source = Source::Variable;
        let Some(name) = value.text() else {
            let fault = Fault::NoName(value.lossy().into_owned());
            return Err(Reason::Refused(source, fault));
        };
        if name.trim_end_matches('/').contains(['/', '\\']) {
            check_path(name, &source)?;
        } else {
            self.check_name(name, &source)?;
        }
        Ok(name.to_owned())
    }

    /// rustup installs a channel when it is needed. Any other name must be installed.
    pub fn check_name(&self, name: &str, source: &Source) -> Result<(), Reason> {
        let refused = |fault| Err(Reason::Refused(source.clone(), fault));
        let plain = name.trim_end_matches('/');
        let is_no_name = ["", "none", ".."].contains(&plain) || plain.starts_with('+');
        if is_no_name || plain.contains(['/', '\\']) {
            return refused(Fault::NoName(name.to_owned()));
        }
        let folder = self.0.os_join(plain);
        let is_installed = || files::is_dir(&folder) && files::open(folder.as_path()).is_ok();
        match after_channel(plain) {
            Some("") => Ok(()),
            _ if is_installed() => Ok(()),
            // A toolchain file is for all systems, so rustup installs nothing that is only for one.
            Some(system) if !matches!(source, Source::ToolchainFile(_)) => {
                if is_known_system(system) {
                    return Ok(());
                }
                let doubt = Doubt::System(source.clone(), system.to_owned());
                Err(Reason::NotKnown(doubt))
            }
            _ => refused(Fault::NotInstalled(name.to_owned())),
        }
    }
}

/// The path is absolute, and a toolchain is there.
pub fn check_path(path: &str, source: &Source) -> Result<(), Reason> {
    let folder = PyPath::from(path);
    let is_there = folder.is_absolute() && files::is_dir(&folder.os_join("bin"));
    if is_there && !path.trim_end_matches('/').is_empty() {
        return Ok(());
    }
    Err(Reason::Refused(
        source.clone(),
        Fault::NoToolchainAt(folder),
    ))
}

/// What follows after a channel or a version of Rust and perhaps a date: nothing, or the name of a system. `None`: the name begins with no
/// channel.
pub fn after_channel(name: &str) -> Option<&str> {
    let channels = ["stable", "beta", "nightly"];
    let mut rest = channels.iter().find_map(|it| name.strip_prefix(it));
    rest = rest.or_else(|| after_version(name));
    let rest = rest.map(|it| after_date(it).unwrap_or(it))?;
    if rest.is_empty() {
        return Some(rest);
    }
    rest.strip_prefix('-').filter(|it| !it.is_empty())
}

/// What follows after a version such as `1.80`, `1.80.1` or `1.80-beta.2`.
fn after_version(name: &str) -> Option<&str> {
    let rest = after_number(name, 1)?.strip_prefix('.')?;
    let minor = after_number(rest, 3)?;
    let patch = minor.strip_prefix('.');
    let rest = patch.map_or(Some(minor), |it| after_number(it, 2))?;
    let Some(beta) = rest.strip_prefix("-beta") else {
        return Some(rest);
    };
    let number = beta.strip_prefix('.');
    number.map_or(Some(beta), |it| after_number(it, 2))
}

/// What follows after a number of at most `most` digits. It begins with 0 only if it is 0.
fn after_number(text: &str, most: usize) -> Option<&str> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let is_number = (1..=most).contains(&digits) && (digits == 1 || !text.starts_with('0'));
    is_number.then(|| &text[digits..])
}

/// What follows after a date such as `-2024-01-31`.
fn after_date(text: &str) -> Option<&str> {
    let (date, rest) = text.split_at_checked("-2024-01-31".len())?;
    let shape = date.replace(|it: char| it.is_ascii_digit(), "0");
    (shape == "-0000-00-00").then_some(rest)
}
