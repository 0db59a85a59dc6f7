//! What isolates a Rust project? cargo, the toolchain and the lock file.
//!
//! Rust needs no activated shell: rustup chooses the toolchain each time `cargo` starts. `RUSTUP_TOOLCHAIN` comes first. Then comes a
//! directory override or a toolchain file: the one that is nearer to the current folder. The default comes last. Whether rustup has such a
//! toolchain, or takes the name for one, is not checked.
//!
//! Source: the rustup book, "Overrides"; rustup 1.29, `src/config.rs`.

use serde::{Deserialize, Serialize};
use toml::Table;

use crate::support::files::{self, Content, Odd};
use crate::support::in_words;
use crate::support::{PyPath, World};

/// How many bytes of a file are read at most.
const CAP: u64 = 1 << 20;

/// The toolchain that is named for `cargo`, and who names it. rustup installs a channel that is not there yet.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Toolchain {
    /// The name or path as it is written there; `None` if it is not known.
    pub name: Option<String>,
    #[serde(serialize_with = "in_words")]
    pub reason: Reason,
}

/// Who names the toolchain, or why that is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// `RUSTUP_TOOLCHAIN`. rustup sets it for the programs that it starts.
    Variable,
    /// An override for a folder, in rustup's settings.
    Override {
        folder: PyPath,
        settings: PyPath,
    },
    ToolchainFile(PyPath),
    Default(PyPath),
    /// Without `HOME` rustup asks the system for the home folder.
    NoHome,
    /// This file names no toolchain that we can read: it is no TOML, too large or no regular file.
    NotRead(PyPath),
}

/// What is known about cargo and rustup.
#[derive(Debug, Serialize)]
pub struct RustSide {
    /// Did cargo start this process?
    pub started_by_cargo: bool,
    /// The toolchain; `None` without settings of rustup, or if they name none.
    pub toolchain: Option<Toolchain>,
    /// The folder for cargo's downloads. It may not exist yet. `None` if it is not known.
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

fn toolchain(world: &World) -> Option<Toolchain> {
    let (name, reason) = match choose(world) {
        Ok(None) => return None,
        Ok(Some((name, reason))) => (Some(name), reason),
        Err(reason) => (None, reason),
    };
    Some(Toolchain { name, reason })
}

/// The toolchain by rustup's rules, and who names it. `None`: there is no rustup, or nothing names one.
fn choose(world: &World) -> Result<Option<(String, Reason)>, Reason> {
    let home = world.folder("RUSTUP_HOME", ".rustup");
    let file = home.ok_or(Reason::NoHome)?.os_join("settings.toml");
    let shared = world.non_empty("RUSTUP_OVERRIDE_UNIX_FALLBACK_SETTINGS");
    let own = parsed(&file)?;
    // rustup makes the user's settings when it runs for the first time. Where it never ran, the usual place of the system's is not looked at.
    if own.is_none() && shared.is_none() {
        return Ok(None);
    }
    let shared = shared.map_or_else(|| "/etc/rustup/settings.toml".into(), PyPath::clone);
    // Of the system's settings, only the default counts.
    let system = parsed(&shared)?;
    // Without rustup no program reads the variable or a toolchain file.
    if own.is_none() && system.is_none() {
        return Ok(None);
    }
    if let Some(value) = world.non_empty("RUSTUP_TOOLCHAIN") {
        return Ok(Some((value.lossy().into_owned(), Reason::Variable)));
    }
    let own = own.unwrap_or_default();
    // The nearest folder comes first. In the same folder the override comes before the file.
    for folder in world.cwd.climb_to_root() {
        let overrides = own.get("overrides");
        let name = overrides.and_then(|it| it.get(&*folder.lossy())?.as_str());
        if let Some(name) = name {
            let settings = file;
            return Ok(Some((
                name.to_owned(),
                Reason::Override { folder, settings },
            )));
        }
        match toolchain_file(&folder)? {
            Some(ToolchainFile {
                path,
                name: Some(name),
            }) => {
                return Ok(Some((name, Reason::ToolchainFile(path))));
            }
            Some(_) => break,
            None => {}
        }
    }
    let default = |it: &Table| Some(it.get("default_toolchain")?.as_str()?.to_owned());
    let named = default(&own).map(|it| (it, Reason::Default(file)));
    Ok(named.or_else(|| Some((default(&system?)?, Reason::Default(shared)))))
}

/// The settings in a file, if it is there.
fn parsed(file: &PyPath) -> Result<Option<Table>, Reason> {
    let not_read = || Reason::NotRead(file.clone());
    match files::read(file, CAP) {
        Content::Absent => Ok(None),
        Content::Bytes(bytes) => toml::from_slice(&bytes).map(Some).map_err(|_| not_read()),
        // `/dev/null` is an empty file.
        Content::Nothing => Ok(Some(Table::new())),
        Content::Odd(_) => Err(not_read()),
    }
}

/// A toolchain file.
struct ToolchainFile {
    path: PyPath,
    /// The toolchain that it names; `None` if it only asks for components or targets of the default one.
    name: Option<String>,
}

/// What is in it, as TOML.
#[derive(Deserialize)]
struct Toml {
    toolchain: Section,
}

/// The table `[toolchain]`.
#[derive(Deserialize)]
struct Section {
    channel: Option<String>,
    path: Option<String>,
}

/// The toolchain file in this folder. One with `.toml` in its name is TOML. The other may have one line that is only a name.
fn toolchain_file(folder: &PyPath) -> Result<Option<ToolchainFile>, Reason> {
    for (name, is_toml) in [("rust-toolchain", false), ("rust-toolchain.toml", true)] {
        let path = folder.os_join(name);
        let text = match files::read(&path, CAP) {
            // rustup passes over what is not UTF-8, and over what it cannot read.
            Content::Bytes(bytes) => String::from_utf8(bytes).ok(),
            Content::Odd(Odd::Fifo | Odd::Special | Odd::TooLarge(_)) => {
                return Err(Reason::NotRead(path));
            }
            Content::Absent | Content::Nothing | Content::Odd(_) => None,
        };
        let Some(text) = text else {
            continue;
        };
        let line = text.trim();
        if !is_toml && !line.is_empty() && text.lines().count() == 1 {
            let name = Some(line.to_owned());
            return Ok(Some(ToolchainFile { path, name }));
        }
        let Ok(Toml { toolchain }) = toml::from_str(&text) else {
            return Err(Reason::NotRead(path));
        };
        let name = toolchain.channel.or(toolchain.path);
        return Ok(Some(ToolchainFile { path, name }));
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares the name of the toolchain in `a/b` of a folder with these files. `@` is the folder.
    #[track_caller]
    fn check(files: &[(&str, &str)], variables: &[(&str, &str)], expected: Option<&str>) {
        let found = look(files, variables);
        assert_eq!(found.and_then(|it| it.name).as_deref(), expected);
    }

    fn look(files: &[(&str, &str)], variables: &[(&str, &str)]) -> Option<Toolchain> {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        std::fs::create_dir_all(root.join("a/b")).unwrap();
        let root = PyPath::from(root.as_path());
        let at = root.to_string();
        for (name, text) in files {
            let file = root.os_join(name);
            std::fs::write(file.as_path(), text.replace('@', &at)).unwrap();
        }
        let fixed = [
            ("RUSTUP_HOME", "@"),
            ("RUSTUP_OVERRIDE_UNIX_FALLBACK_SETTINGS", "@/fallback.toml"),
        ];
        let all = fixed.iter().chain(variables);
        let all = all.map(|(name, value)| ((*name).into(), value.replace('@', &at).into()));
        toolchain(&World::new(all, root.os_join("a/b")))
    }

    const STABLE: (&str, &str) = (
        "settings.toml",
        "version = \"12\"\ndefault_toolchain = \"stable\"\n",
    );

    #[test]
    fn of_the_system_s_settings_only_the_default_counts() {
        let fallback = (
            "fallback.toml",
            "version = \"12\"\ndefault_toolchain = \"beta\"\n\n[overrides]\n\"@/a\" = \"own\"\n",
        );
        let none = ("settings.toml", "version = \"12\"\n");
        let file = ("rust-toolchain", "1.70\n");
        check(&[fallback], &[], Some("beta"));
        check(&[fallback, none], &[], Some("beta"));
        check(&[fallback, STABLE], &[], Some("stable"));
        check(&[fallback, file], &[], Some("1.70"));
        check(&[none], &[], None);
        check(&[file], &[], None);
        check(&[file], &[("RUSTUP_TOOLCHAIN", "own")], None);
    }

    #[test]
    fn the_nearer_one_of_override_and_file_wins() {
        let settings = (
            "settings.toml",
            "version = \"12\"\ndefault_toolchain = \"stable\"\n\n[overrides]\n\"@/a\" = \"beta\"\n",
        );
        let here = (
            "a/b/rust-toolchain.toml",
            "[toolchain]\nchannel = \"nightly\"\n",
        );
        let beside = ("a/rust-toolchain", "1.70\n");
        check(&[settings, here], &[], Some("nightly"));
        check(&[settings, beside], &[], Some("beta"));
        check(&[STABLE, beside], &[], Some("1.70"));
        // It is no TOML. rustup refuses it, and does not go on to the folder above.
        let line = ("a/b/rust-toolchain.toml", "1.80\n");
        check(&[settings, line], &[], None);
        let components = "[toolchain]\ncomponents = []\n";
        let more = ("a/b/rust-toolchain.toml", components);
        check(&[settings, more], &[], Some("stable"));
        let both = [settings, more, ("a/b/rust-toolchain", "1.7\n")];
        check(&both, &[], Some("1.7"));
        let variable = [("RUSTUP_TOOLCHAIN", "1.60")];
        check(&[settings, here], &variable, Some("1.60"));
        check(&[STABLE], &[("RUSTUP_TOOLCHAIN", "")], Some("stable"));
        check(&[STABLE], &[("RUSTUP_HOME", "../..")], Some("stable"));
    }

    #[test]
    fn a_toolchain_file_is_toml_or_one_line_with_a_name() {
        for name in ["a/rust-toolchain", "a/rust-toolchain.toml"] {
            let good = |text, expected| check(&[STABLE, (name, text)], &[], Some(expected));
            good("[toolchain]\nchannel = \"nightly\" # why not\n", "nightly");
            good("# x\n[toolchain]\nchannel='1.95'\n", "1.95");
            good("[toolchain] # pinned\nchannel = \"1.80.1\"\n", "1.80.1");
            good(
                "\n toolchain = { channel = \"1.81-beta.2\" }\n",
                "1.81-beta.2",
            );
            good(
                "[toolchain]\nchannel = \"beta-2024-01-31\"\n[x]\ny = 1\n",
                "beta-2024-01-31",
            );
            good(
                "[toolchain]\nchannel = \"own\"\nprofile = \"minimal\"\n",
                "own",
            );
            good("[toolchain]\npath = \"/own\"\n", "/own");
            good("[toolchain]\ncomponents = [\"clippy\"]\n", "stable");
            good(
                "[toolchain]\ntargets = []\nprofile = \"default\"\n",
                "stable",
            );
        }
        let line = |text, expected| check(&[STABLE, ("a/rust-toolchain", text)], &[], expected);
        line("1.80.0\n", Some("1.80.0"));
        line(" own \n", Some("own"));
        line("/own", Some("/own"));
        let mark = "\u{feff}[toolchain]\nchannel = \"beta\"\n";
        check(
            &[STABLE, ("a/rust-toolchain.toml", mark)],
            &[],
            Some("beta"),
        );
    }

    #[test]
    fn a_file_that_cannot_be_read_names_nothing() {
        let large = "#".repeat((1 << 20) + 1);
        for name in [
            "settings.toml",
            "fallback.toml",
            "a/b/rust-toolchain",
            "a/rust-toolchain.toml",
        ] {
            for text in ["[toolchain\nx", "toolchain = 1\ntoolchain = 1", &large] {
                let found = look(&[STABLE, (name, text)], &[]).map(|it| it.reason);
                let is_unknown = matches!(found, Some(Reason::NotRead(_)));
                assert!(is_unknown, "{name}: {text}: {found:?}");
            }
        }
        let found = toolchain(&World::default()).map(|it| it.reason);
        assert_eq!(found, Some(Reason::NoHome));
    }
}
