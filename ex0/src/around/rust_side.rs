//! What isolates a Rust project? cargo, the toolchain and the lock file.
//!
//! Rust needs no activated shell: rustup chooses the toolchain each time `cargo` starts. `RUSTUP_TOOLCHAIN` comes first. Then comes a
//! directory override or a toolchain file: the one that is nearer to the current folder. The default comes last.
//!
//! Source: the rustup book, "Overrides"; rustup `settings.toml` version 12.

mod toolchain_file; // which toolchain does a toolchain file name?

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use self::toolchain_file::{Named, named};
use crate::support::files;
use crate::support::in_words;
use crate::support::{PyPath, World};

/// The toolchain that `cargo` would start, and why.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Toolchain {
    /// The name that rustup uses; `None` if rustup refuses to choose one.
    pub name: Option<String>,
    #[serde(serialize_with = "in_words")]
    pub reason: Reason,
}

/// What decided which toolchain it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// `RUSTUP_TOOLCHAIN` is set. cargo sets it for the programs that it runs.
    Variable {
        by_cargo: bool,
    },
    /// An override for a folder, in rustup's settings.
    Override {
        folder: PyPath,
        settings: PyPath,
    },
    ToolchainFile(PyPath),
    /// rustup does not accept the file (its settings, or a toolchain file), and then starts nothing.
    Refused(PyPath),
    Default(PyPath),
}

/// What is known about cargo and rustup.
#[derive(Debug, Serialize)]
pub struct RustSide {
    /// Did cargo start this process?
    pub started_by_cargo: bool,
    /// The toolchain; `None` without rustup.
    pub toolchain: Option<Toolchain>,
    /// The folder for cargo's downloads. It may not exist yet.
    pub cargo_home: Option<PyPath>,
    /// The nearest Cargo.lock, in the current folder or above it.
    pub lockfile: Option<PyPath>,
    #[serde(serialize_with = "in_words")]
    pub isolation: Isolation,
}

/// What Rust has instead of a virtual environment. It is the same in every project.
#[derive(Debug)]
pub struct Isolation;

/// What the variables, the settings of rustup and the folders above say about cargo and rustup.
pub fn read_rust_side(world: &World) -> RustSide {
    RustSide {
        started_by_cargo: world.non_empty("CARGO").is_some()
            && world.non_empty("CARGO_PKG_NAME").is_some(),
        toolchain: toolchain(world),
        cargo_home: world.folder("CARGO_HOME", ".cargo"),
        lockfile: world
            .cwd
            .climb_to_root()
            .map(|folder| folder.os_join("Cargo.lock"))
            .find(files::is_file),
        isolation: Isolation,
    }
}

/// The toolchain by rustup's rules.
fn toolchain(world: &World) -> Option<Toolchain> {
    if let Some(name) = world.non_empty("RUSTUP_TOOLCHAIN") {
        let by_cargo = world.non_empty("CARGO").is_some();
        let reason = Reason::Variable { by_cargo };
        return Some(Toolchain::chosen(name.lossy().into_owned(), reason));
    }
    let fallback = PyPath::from("/etc/rustup/settings.toml");
    let home = world.folder("RUSTUP_HOME", ".rustup")?;
    by_settings(&home, fallback, world).unwrap_or_else(Some)
}

/// The toolchain by the user's settings, and by the system's. The error: rustup refuses one of them, and starts nothing.
fn by_settings(
    home: &PyPath,
    fallback: PyPath,
    world: &World,
) -> Result<Option<Toolchain>, Toolchain> {
    let settings = home.os_join("settings.toml");
    let own = parse_settings(&settings)?;
    let is_rustup_there = own.is_some();
    let Settings {
        default_toolchain,
        overrides,
    } = own.unwrap_or_default();
    let default = match default_toolchain {
        Some(name) => Some((name, settings.clone())),
        // Of the system's settings, only the default counts.
        None => match parse_settings(&fallback)? {
            Some(it) => it.default_toolchain.map(|name| (name, fallback)),
            // Without rustup no program reads a toolchain file.
            None if !is_rustup_there => return Ok(None),
            None => None,
        },
    };
    let default = default.map(|(name, file)| Toolchain::chosen(name, Reason::Default(file)));
    // The nearest folder comes first. In the same folder the override comes before the file.
    for folder in world.cwd.climb_to_root() {
        if let Some(name) = folder.text().and_then(|it| overrides.get(it)) {
            let reason = Reason::Override { folder, settings };
            return Ok(Some(Toolchain::chosen(name.clone(), reason)));
        }
        for (name, toml_only) in [("rust-toolchain", false), ("rust-toolchain.toml", true)] {
            let file = folder.os_join(name);
            let Some(text) = files::text(&file) else {
                continue;
            };
            return match named(&text, toml_only, &home.os_join("toolchains")) {
                Some(Named::Toolchain(name)) => {
                    Ok(Some(Toolchain::chosen(name, Reason::ToolchainFile(file))))
                }
                Some(Named::Default) => Ok(default),
                None => Err(Toolchain::refused(file)),
            };
        }
    }
    Ok(default)
}

impl Toolchain {
    fn chosen(name: String, reason: Reason) -> Self {
        let name = Some(name);
        Self { name, reason }
    }

    fn refused(file: PyPath) -> Self {
        let reason = Reason::Refused(file);
        Self { name: None, reason }
    }
}

/// The settings in this file, if it is there. The error: rustup refuses it.
fn parse_settings(file: &PyPath) -> Result<Option<Settings>, Toolchain> {
    let Some(bytes) = files::bytes(file, 1 << 20) else {
        return Ok(None);
    };
    let settings = toml::from_slice(&bytes);
    settings.map_err(|_| Toolchain::refused(file.clone()))
}

/// rustup's settings.
#[derive(Debug, Default, Deserialize)]
struct Settings {
    default_toolchain: Option<String>,
    /// Folders, each with its toolchain.
    #[serde(default)]
    overrides: BTreeMap<String, String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares the toolchain in `folder/a/b` when the folder has these files.
    #[track_caller]
    fn check(files: &[(&str, &str)], variables: &[(&str, &str)], expected: Option<&str>) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        std::fs::create_dir_all(root.join("a/b")).unwrap();
        std::fs::create_dir_all(root.join("rustup")).unwrap();
        for (name, text) in files {
            std::fs::write(
                root.join(name),
                text.replace('@', &root.display().to_string()),
            )
            .unwrap();
        }
        let mut all = vec![("RUSTUP_HOME".into(), root.join("rustup").into())];
        all.extend(
            variables
                .iter()
                .map(|(name, value)| ((*name).into(), (*value).into())),
        );
        let world = World::new(all.into_iter(), PyPath::from(root.join("a/b").as_path()));
        let home = PyPath::from(root.join("rustup").as_path());
        let fallback = PyPath::from(root.join("fallback.toml").as_path());
        let found = match world.non_empty("RUSTUP_TOOLCHAIN") {
            Some(_) => toolchain(&world),
            None => by_settings(&home, fallback, &world).unwrap_or_else(Some),
        };
        assert_eq!(found.and_then(|it| it.name).as_deref(), expected);
    }

    #[test]
    fn of_the_system_s_settings_only_the_default_counts() {
        let fallback = (
            "fallback.toml",
            "version = \"12\"\ndefault_toolchain = \"system\"\n\n[overrides]\n\"@/a\" = \"beta\"\n",
        );
        let own = ("rustup/settings.toml", "default_toolchain = \"own\"\n");
        let none = ("rustup/settings.toml", "version = \"12\"\n");
        let file = ("rust-toolchain", "1.70\n");
        check(&[fallback], &[], Some("system"));
        check(&[fallback, none], &[], Some("system"));
        check(&[fallback, own], &[], Some("own"));
        check(&[fallback, file], &[], Some("1.70"));
        check(&[none], &[], None);
        check(&[file], &[], None);
    }

    #[test]
    fn damaged_settings_are_refused() {
        let file = ("rust-toolchain", "1.70\n");
        for text in ["default_toolchain = ", "overrides = 1\n"] {
            let damaged = ("rustup/settings.toml", text);
            check(&[damaged, file], &[], None);
        }
        let folder = tempfile::tempdir().unwrap();
        let home = PyPath::from(folder.path());
        let settings = home.os_join("settings.toml");
        std::fs::write(settings.as_path(), "default_toolchain = ").unwrap();
        let refused = Toolchain::refused(settings);
        let found = by_settings(&home, "/nowhere".into(), &World::default());
        assert_eq!(found, Err(refused));
    }

    #[test]
    fn the_nearer_one_of_override_and_file_wins() {
        let settings = (
            "rustup/settings.toml",
            "version = \"12\"\ndefault_toolchain = \"stable\"\n\n[overrides]\n\"@/a\" = \"beta\"\n",
        );
        let here = (
            "a/b/rust-toolchain.toml",
            "[toolchain]\nchannel = \"nightly\"\n",
        );
        let beside = ("a/rust-toolchain", "1.70\n");
        check(&[settings, here], &[], Some("nightly"));
        check(&[settings, beside], &[], Some("beta"));
        check(&[("rustup/settings.toml", ""), beside], &[], Some("1.70"));
        // rustup refuses it, and does not go on to the folder above.
        check(
            &[settings, ("a/b/rust-toolchain.toml", "1.80\n")],
            &[],
            None,
        );
        let components = "[toolchain]\ncomponents = []\n";
        let more = ("a/b/rust-toolchain.toml", components);
        check(&[settings, more], &[], Some("stable"));
        check(
            &[settings, more, ("a/b/rust-toolchain", "1.7\n")],
            &[],
            Some("1.7"),
        );
        check(
            &[settings, here],
            &[("RUSTUP_TOOLCHAIN", "1.60")],
            Some("1.60"),
        );
        check(
            &[("rustup/settings.toml", "default_toolchain = \"stable\"\n")],
            &[],
            Some("stable"),
        );
    }
}
