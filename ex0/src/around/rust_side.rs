//! What isolates a Rust project? cargo, the toolchain and the lock file.
//!
//! Rust needs no activated shell: rustup chooses the toolchain each time `cargo` starts. `RUSTUP_TOOLCHAIN` comes first. Then comes a
//! directory override or a toolchain file: the one that is nearer to the current folder. The default comes last.
//!
//! Source: the rustup book, "Overrides"; rustup `settings.toml` version 12.

mod toolchain_file; // which toolchain does a toolchain file name?

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::toolchain_file::Refusal;
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
    /// The file only asks for more components or targets, so the default is used.
    FileWithoutName {
        file: PyPath,
        settings: PyPath,
    },
    /// rustup does not accept the file, and then starts nothing.
    Refused {
        file: PyPath,
        refusal: Refusal,
    },
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
}

/// What the variables, the settings of rustup and the folders above say about cargo and rustup.
pub fn read_rust_side(world: &World) -> RustSide {
    let in_home = |name: &str| world.home().map(|home| home.os_join(name));
    RustSide {
        started_by_cargo: world.non_empty("CARGO").is_some()
            && world.non_empty("CARGO_PKG_NAME").is_some(),
        toolchain: toolchain(world),
        cargo_home: world
            .non_empty("CARGO_HOME")
            .cloned()
            .or_else(|| in_home(".cargo")),
        lockfile: world
            .cwd
            .climb_to_root()
            .map(|folder| folder.os_join("Cargo.lock"))
            .find(files::is_file),
    }
}

/// The toolchain by rustup's rules.
fn toolchain(world: &World) -> Option<Toolchain> {
    if let Some(name) = world.non_empty("RUSTUP_TOOLCHAIN") {
        let by_cargo = world.non_empty("CARGO").is_some();
        let reason = Reason::Variable { by_cargo };
        let name = Some(name.lossy().into_owned());
        return Some(Toolchain { name, reason });
    }
    let home = rustup_home(world)?;
    let path = home.os_join("settings.toml");
    let fallback = PyPath::from("/etc/rustup/settings.toml");
    // Without rustup no program reads a toolchain file.
    let read = |path: PyPath| files::text(&path).map(|text| (path, text));
    let (settings, text) = [path, fallback].into_iter().find_map(read)?;
    let Settings {
        default_toolchain,
        overrides,
    } = toml::from_str(&text).unwrap_or_default();
    // The nearest folder comes first. In the same folder the override comes before the file.
    for folder in world.cwd.climb_to_root() {
        if let Some(name) = folder.text().and_then(|it| overrides.get(it)) {
            let reason = Reason::Override { folder, settings };
            let name = Some(name.clone());
            return Some(Toolchain { name, reason });
        }
        for (name, toml_only) in [("rust-toolchain", false), ("rust-toolchain.toml", true)] {
            let file = folder.os_join(name);
            let Some(text) = files::text(&file) else {
                continue;
            };
            let (name, reason) = match named(&text, toml_only, &home.os_join("toolchains")) {
                Ok(Named::Toolchain(name)) => (Some(name), Reason::ToolchainFile(file)),
                Ok(Named::Default) => (
                    Some(default_toolchain?),
                    Reason::FileWithoutName { file, settings },
                ),
                Err(refusal) => (None, Reason::Refused { file, refusal }),
            };
            return Some(Toolchain { name, reason });
        }
    }
    let reason = Reason::Default(settings);
    let name = Some(default_toolchain?);
    Some(Toolchain { name, reason })
}

/// rustup's own folder.
fn rustup_home(world: &World) -> Option<PyPath> {
    let in_home = || Some(world.home()?.os_join(".rustup"));
    world.non_empty("RUSTUP_HOME").cloned().or_else(in_home)
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
        let found = toolchain(&world).and_then(|it| it.name);
        assert_eq!(found.as_deref(), expected);
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
