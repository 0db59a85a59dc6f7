//! What do rustup's settings say, the user's and the system's?
//!
//! Source: rustup 1.29, `src/settings.rs` and `src/fallback_settings.rs`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::toolchain_name::is_known_system;
use super::{Doubt, Fault, Reason, Source};
use crate::support::files::{self, Content, Odd};
use crate::support::{PyPath, World};

/// How many bytes of a file are read at most.
const CAP: u64 = 1 << 20;

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
    let own: Option<Own> = parsed(&file, files::read(&file, CAP))?;
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
    let system: Option<OfSystem> = parsed(&shared, for_all(&shared))?;
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

/// What rustup reads from the system's settings. It passes over those that this user may not read.
fn for_all(file: &PyPath) -> Content {
    match files::read(file, CAP) {
        Content::Odd(Odd::Denied) => Content::Absent,
        // It is `/dev/null`.
        Content::Nothing if !files::is_dir(file) => Content::Bytes(Vec::new()),
        other => other,
    }
}

/// The settings in a file, if it is there. rustup makes new ones in place of the user's if those are no file, and fails.
fn parsed<T: for<'a> Deserialize<'a>>(
    file: &PyPath,
    content: Content,
) -> Result<Option<T>, Reason> {
    let refused = |fault| Reason::Refused(Source::Settings(file.clone()), fault);
    let bytes = match content {
        Content::Bytes(bytes) => bytes,
        Content::Absent => return Ok(None),
        Content::Nothing | Content::Odd(Odd::Denied | Odd::Failed(_)) => {
            return Err(refused(Fault::NotText));
        }
        Content::Odd(_) => return Err(Reason::NotKnown(Doubt::NotRead(file.clone()))),
    };
    let text = str::from_utf8(&bytes).map_err(|_| refused(Fault::NotText))?;
    let settings = toml::from_str(text).map(Some);
    settings.map_err(|error| refused(Fault::Toml(error.message().to_owned())))
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
