//! What isolates a Rust project? cargo, the toolchain and the lock file.
//!
//! Rust needs no activated shell: rustup chooses the toolchain each time `cargo` starts. `RUSTUP_TOOLCHAIN` comes first. Then comes a
//! directory override or a toolchain file: the one that is nearer to the current folder. The default comes last.
//!
//! Source: the rustup book, "Overrides"; rustup `settings.toml` version 12.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::support::escape::in_words;
use crate::support::files;
use crate::support::{PyPath, World};

/// The toolchain that `cargo` would start, and why.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Toolchain {
    /// The name that rustup uses.
    pub name: String,
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
        let (name, reason) = (name.lossy().into_owned(), Reason::Variable { by_cargo });
        return Some(Toolchain { name, reason });
    }
    let in_home = || Some(world.home()?.os_join(".rustup"));
    let path = world
        .non_empty("RUSTUP_HOME")
        .cloned()
        .or_else(in_home)?
        .os_join("settings.toml");
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
            let (name, reason) = (name.clone(), Reason::Override { folder, settings });
            return Some(Toolchain { name, reason });
        }
        for (name, toml_only) in [("rust-toolchain", false), ("rust-toolchain.toml", true)] {
            let file = folder.os_join(name);
            if let Some(name) = files::text(&file).and_then(|text| channel(&text, toml_only)) {
                let reason = Reason::ToolchainFile(file);
                return Some(Toolchain { name, reason });
            }
        }
    }
    let (name, reason) = (default_toolchain?, Reason::Default(settings));
    Some(Toolchain { name, reason })
}

/// rustup's settings.
#[derive(Debug, Default, Deserialize)]
struct Settings {
    default_toolchain: Option<String>,
    /// Folders, each with its toolchain.
    #[serde(default)]
    overrides: BTreeMap<String, String>,
}

/// A toolchain file.
#[derive(Deserialize)]
struct ToolchainFile {
    toolchain: ToolchainTable,
}

/// The table `[toolchain]` in it.
#[derive(Deserialize)]
struct ToolchainTable {
    channel: Option<String>,
    path: Option<String>,
}

/// The toolchain in a toolchain file. The file without `.toml` may contain only a name.
fn channel(text: &str, toml_only: bool) -> Option<String> {
    let name = text.trim();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    if !toml_only && !name.is_empty() && name.bytes().all(is_plain) {
        return Some(name.to_owned());
    }
    let file: ToolchainFile = toml::from_str(text).ok()?;
    file.toolchain.channel.or(file.toolchain.path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_channel(text: &str, toml_only: bool, expected: Option<&str>) {
        assert_eq!(channel(text, toml_only).as_deref(), expected);
    }

    #[test]
    fn a_toolchain_file_is_toml_or_only_a_name() {
        check_channel("1.80.0\n", false, Some("1.80.0"));
        check_channel("1.80.0\n", true, None);
        check_channel(
            "[toolchain]\nchannel = \"nightly\" # why not\n",
            true,
            Some("nightly"),
        );
        check_channel(
            "# x\n[toolchain]\ncomponents = [\"clippy\"]\nchannel='1.95'\n",
            false,
            Some("1.95"),
        );
        check_channel("[other]\nchannel = \"nightly\"\n", true, None);
        check_channel(
            "[toolchain] # pinned\nchannel = \"1.80\"\n",
            true,
            Some("1.80"),
        );
        check_channel("toolchain = { channel = \"1.81\" }\n", true, Some("1.81"));
        check_channel("toolchain.channel = \"1.82\"\n", false, Some("1.82"));
        check_channel("[toolchain]\nchannel = 5\n", true, None);
        check_channel("", false, None);
    }

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
        assert_eq!(toolchain(&world).map(|it| it.name).as_deref(), expected);
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
