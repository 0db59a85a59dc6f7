//! What do rustup's settings say, the user's and the system's?
//!
//! Source: rustup 1.29, `src/settings.rs` and `src/fallback_settings.rs`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::toolchain_name::is_known_system;
use super::{Doubt, Fault, Reason, Source};
use crate::support::files::{self, Content, Odd};
use crate::support::{PyPath, World};

/// What rustup takes from them.
#[derive(Debug)]
pub struct Settings {
    /// The user's settings.
    pub file: PyPath,
    /// The default toolchain, and the file that names it.
    pub default: Option<(String, PyPath)>,
    /// Folders, each with its toolchain.
    pub overrides: BTreeMap<String, String>,
}

/// The settings; `None` if there are none. The error: rustup refuses one of the files, and starts nothing.
pub fn read_settings(home: &PyPath, world: &World) -> Result<Option<Settings>, Reason> {
    let file = home.os_join("settings.toml");
    let own: Option<Own> = match text(&file)? {
        Some(text) => Some(parsed(&text, &file)?),
        None => None,
    };
    let shared = world.non_empty("RUSTUP_OVERRIDE_UNIX_FALLBACK_SETTINGS");
    // rustup makes the user's settings when it runs for the first time. Where it never ran, the usual place of the system's is not looked at.
    if own.is_none() && shared.is_none() {
        return Ok(None);
    }
    let is_rustup_there = own.is_some();
    let own = own.unwrap_or_default();
    let unknown = own.default_host_triple.filter(|it| !is_known_system(it));
    if let Some(system) = unknown {
        let source = Source::Settings(file);
        return Err(Reason::NotKnown(Doubt::System(source, system)));
    }
    // Of the system's settings, only the default counts.
    let shared = shared.map_or_else(|| "/etc/rustup/settings.toml".into(), PyPath::clone);
    let system: Option<OfSystem> = match text_for_all(&shared)? {
        Some(text) => Some(parsed(&text, &shared)?),
        None => None,
    };
    if !is_rustup_there && system.is_none() {
        return Ok(None);
    }
    let of_system = system.and_then(|it| it.default_toolchain);
    let default = own.default_toolchain.map(|it| (it, file.clone()));
    Ok(Some(Settings {
        file,
        default: default.or_else(|| Some((of_system?, shared))),
        overrides: own.overrides,
    }))
}

/// The bytes of the user's settings, if they are there. rustup makes new ones in place of anything that is no file, and fails.
fn text(file: &PyPath) -> Result<Option<Vec<u8>>, Reason> {
    bytes(file, files::read(file, 1 << 20))
}

/// The bytes of the system's settings. rustup passes over those that this user may not read.
fn text_for_all(file: &PyPath) -> Result<Option<Vec<u8>>, Reason> {
    match files::read(file, 1 << 20) {
        Content::Odd(Odd::Denied) => Ok(None),
        // It is `/dev/null`.
        Content::Nothing if !files::is_dir(file) => Ok(Some(Vec::new())),
        other => bytes(file, other),
    }
}

fn bytes(file: &PyPath, content: Content) -> Result<Option<Vec<u8>>, Reason> {
    match content {
        Content::Bytes(bytes) => Ok(Some(bytes)),
        Content::Absent => Ok(None),
        Content::Nothing | Content::Odd(Odd::Denied | Odd::Failed(_)) => Err(refused(file)),
        Content::Odd(_) => Err(Reason::NotKnown(Doubt::NotRead(file.clone()))),
    }
}

fn refused(file: &PyPath) -> Reason {
    Reason::Refused(Source::Settings(file.clone()), Fault::NotText)
}

fn parsed<T: for<'a> Deserialize<'a>>(bytes: &[u8], file: &PyPath) -> Result<T, Reason> {
    let text = str::from_utf8(bytes).map_err(|_| refused(file))?;
    toml::from_str(text).map_err(|error| {
        let fault = Fault::Toml(error.message().to_owned());
        Reason::Refused(Source::Settings(file.clone()), fault)
    })
}

/// The user's settings. rustup refuses them if one value is not of its type, even a value that the choice does not need.
#[derive(Default, Deserialize)]
#[expect(dead_code, reason = "to read a value is to check its type")]
struct Own {
    version: Version,
    default_host_triple: Option<String>,
    default_toolchain: Option<String>,
    profile: Option<Profile>,
    #[serde(default)]
    overrides: BTreeMap<String, String>,
    pgp_keys: Option<String>,
    auto_self_update: Option<SelfUpdate>,
    auto_install: Option<Switch>,
}

/// The system's settings.
#[derive(Deserialize)]
struct OfSystem {
    default_toolchain: Option<String>,
}

/// rustup knows version 2 too, and asks the user to replace it.
#[derive(Default, Deserialize)]
enum Version {
    #[default]
    #[serde(rename = "12")]
    Current,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Profile {
    Minimal,
    Default,
    Complete,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum SelfUpdate {
    Enable,
    Disable,
    CheckOnly,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Switch {
    Enable,
    Disable,
}
