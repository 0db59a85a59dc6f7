//! What isolates a Rust project? cargo, the toolchain and the lock file.
//!
//! Rust needs no activated shell: rustup chooses the toolchain each time `cargo` starts. `RUSTUP_TOOLCHAIN` comes first. Then comes a
//! directory override or a toolchain file: the one that is nearer to the current folder. The default comes last.
//!
//! Source: the rustup book, "Overrides"; rustup 1.29, `src/config.rs`.

mod settings; // what do rustup's settings say?
mod toolchain_file; // what does a toolchain file ask for?
mod toolchain_name; // which names does rustup take?

use serde::Serialize;

use self::settings::read_settings;
use self::toolchain_file::{Asked, find_toolchain_file};
use self::toolchain_name::Toolchains;
use crate::support::files;
use crate::support::in_words;
use crate::support::{PyPath, World};

/// The toolchain that rustup chooses for `cargo`, and why. rustup installs a channel that is not there yet.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Toolchain {
    /// The name as it is written there; `None` if rustup refuses it, or if it is not known.
    pub name: Option<String>,
    #[serde(serialize_with = "in_words")]
    pub reason: Reason,
}

/// What decided which toolchain it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    Chosen(Source),
    /// rustup does not accept what this says, and then starts nothing.
    Refused(Source, Fault),
    /// The current folder was deleted, and rustup then starts nothing.
    FolderGone,
    NotKnown(Doubt),
}

/// Who names a toolchain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// `RUSTUP_TOOLCHAIN`. rustup sets it for the programs that it starts.
    Variable,
    /// An override for a folder, in rustup's settings.
    Override {
        folder: PyPath,
        settings: PyPath,
    },
    ToolchainFile(PyPath),
    Default(PyPath),
    /// No toolchain is named yet: the settings themselves.
    Settings(PyPath),
}

/// Why rustup refuses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The file cannot be read, or it is not UTF-8.
    NotText,
    Empty,
    /// What the reader of TOML says.
    Toml(String),
    /// `[toolchain]` has nothing that counts, or things that exclude each other.
    Section,
    Profile(String),
    NoName(String),
    NotInstalled(String),
    /// It is not absolute, or there is no folder `bin` in it.
    NoToolchainAt(PyPath),
    NoDefault,
}

/// Why it is not known what rustup does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// Without `HOME` rustup asks the system for the home folder.
    NoHome,
    /// The file is too large for `construct`, or no regular file.
    NotRead(PyPath),
    /// Only rustup has the list of all systems.
    System(Source, String),
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
        Ok(Some((name, source))) => (Some(name), Reason::Chosen(source)),
        Err(reason) => (None, reason),
    };
    Some(Toolchain { name, reason })
}

/// The toolchain by rustup's rules, and who names it. `None`: there is no rustup, or nothing names one.
fn choose(world: &World) -> Result<Option<(String, Source)>, Reason> {
    let home = world.folder("RUSTUP_HOME", ".rustup");
    let home = home.ok_or(Reason::NotKnown(Doubt::NoHome))?;
    // rustup reads them first, even if it then needs nothing from them. Without rustup no program reads the variable or a toolchain file.
    let Some(settings) = read_settings(&home, world)? else {
        return Ok(None);
    };
    if world.cwd.is_empty() {
        return Err(Reason::FolderGone);
    }
    let toolchains = Toolchains(home.os_join("toolchains"));
    if let Some(value) = world.non_empty("RUSTUP_TOOLCHAIN") {
        let name = toolchains.check_variable(value)?;
        return Ok(Some((name, Source::Variable)));
    }
    let chosen = |name: String, source: Source| {
        toolchains.check_name(&name, &source)?;
        Ok(Some((name, source)))
    };
    // The nearest folder comes first. In the same folder the override comes before the file.
    for folder in world.cwd.climb_to_root() {
        if let Some(name) = settings.overrides.get(&*folder.lossy()) {
            let settings = settings.file;
            return chosen(name.clone(), Source::Override { folder, settings });
        }
        let Some(file) = find_toolchain_file(&folder)? else {
            continue;
        };
        let default = settings.default.as_ref().map(|(name, _)| name.as_str());
        match file.asked(default, &toolchains)? {
            Asked::Toolchain(name) => return Ok(Some((name, Source::ToolchainFile(file.path)))),
            Asked::Default => break,
        }
    }
    match settings.default {
        Some((name, file)) => chosen(name, Source::Default(file)),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The home of rustup, with folders `a/b` below it. `own` is a toolchain.
    fn home() -> (tempfile::TempDir, PyPath) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        std::fs::create_dir_all(root.join("a/b")).unwrap();
        std::fs::create_dir_all(root.join("toolchains/own/bin")).unwrap();
        (folder, root.as_path().into())
    }

    /// Compares the toolchain in `a/b` when the folder has these files. `@` is the folder.
    #[track_caller]
    fn check(files: &[(&str, &str)], variables: &[(&str, &str)], expected: Option<&str>) {
        let (_folder, root) = home();
        let at = root.to_string();
        for (name, text) in files {
            let file = root.os_join(name);
            std::fs::write(file.as_path(), text.replace('@', &at)).unwrap();
        }
        let found = toolchain(&world(&root, variables));
        assert_eq!(found.and_then(|it| it.name).as_deref(), expected);
    }

    fn world(root: &PyPath, variables: &[(&str, &str)]) -> World {
        let at = root.to_string();
        let fixed = [
            ("RUSTUP_HOME", "@"),
            ("RUSTUP_OVERRIDE_UNIX_FALLBACK_SETTINGS", "@/fallback.toml"),
        ];
        let all = fixed.iter().chain(variables);
        let all = all.map(|(name, value)| ((*name).into(), value.replace('@', &at).into()));
        World::new(all, root.os_join("a/b"))
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
        // rustup refuses it, and does not go on to the folder above.
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

    /// Compares the reason why no toolchain is chosen.
    #[track_caller]
    fn refuses(
        files: &[(&str, &str)],
        variables: &[(&str, &str)],
        expected: impl Fn(&PyPath) -> Reason,
    ) {
        let (_folder, root) = home();
        for (name, text) in files {
            std::fs::write(root.os_join(name).as_path(), text).unwrap();
        }
        let found = toolchain(&world(&root, variables)).unwrap();
        let reason = expected(&root);
        assert_eq!(found, Toolchain { name: None, reason });
    }

    #[test]
    fn settings_that_rustup_refuses_are_refused() {
        let refused = |text, fault: Fault| {
            for variables in [&[][..], &[("RUSTUP_TOOLCHAIN", "stable")]] {
                refuses(&[("settings.toml", text)], variables, |root| {
                    let source = Source::Settings(root.os_join("settings.toml"));
                    Reason::Refused(source, fault.clone())
                });
            }
        };
        let says = |text: &str| Fault::Toml(text.into());
        let stable = "default_toolchain = \"stable\"\n";
        refused(stable, says("missing field `version`"));
        let other = "unknown variant `13`, expected `12`";
        refused("version = \"13\"\n", says(other));
        let kind = "invalid type: integer `1`, expected a string";
        refused("version = \"12\"\npgp_keys = 1\n", says(kind));
    }

    #[test]
    fn a_name_that_rustup_refuses_is_refused() {
        for (name, fault) in [
            ("+x", Fault::NoName("+x".into())),
            ("none", Fault::NoName("none".into())),
            ("latest", Fault::NotInstalled("latest".into())),
            ("  ", Fault::NotInstalled("  ".into())),
            ("a/b", Fault::NoToolchainAt("a/b".into())),
            ("/nowhere", Fault::NoToolchainAt("/nowhere".into())),
        ] {
            let variable = [("RUSTUP_TOOLCHAIN", name)];
            refuses(&[STABLE], &variable, |_| {
                Reason::Refused(Source::Variable, fault.clone())
            });
        }
    }

    #[test]
    fn what_was_not_looked_at_is_not_known() {
        let large = "#".repeat((1 << 20) + 1);
        for name in ["settings.toml", "fallback.toml", "a/rust-toolchain"] {
            refuses(&[STABLE, (name, &large)], &[], |root| {
                Reason::NotKnown(Doubt::NotRead(root.os_join(name)))
            });
        }
        let variable = [("RUSTUP_TOOLCHAIN", "stable-mips-unknown-linux-gnu")];
        refuses(&[STABLE], &variable, |_| {
            let system = "mips-unknown-linux-gnu".into();
            Reason::NotKnown(Doubt::System(Source::Variable, system))
        });
        let no_home = Reason::NotKnown(Doubt::NoHome);
        let found = toolchain(&World::default()).map(|it| it.reason);
        assert_eq!(found, Some(no_home));
    }

    #[test]
    fn in_a_folder_that_is_gone_nothing_starts() {
        let (_folder, root) = home();
        std::fs::write(root.os_join(STABLE.0).as_path(), STABLE.1).unwrap();
        let mut world = world(&root, &[]);
        world.cwd = PyPath::default();
        let found = toolchain(&world).map(|it| it.reason);
        assert_eq!(found, Some(Reason::FolderGone));
    }
}
