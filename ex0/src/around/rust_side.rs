//! What isolates a project on the Rust side? cargo, the toolchain in force, the lock file.
//!
//! rustup decides which toolchain a `cargo` starts without being asked to by an activated shell: `RUSTUP_TOOLCHAIN`, then whichever is
//! nearer to the current folder of a directory override and a toolchain file, then the default.
//!
//! Source: the rustup book, "Overrides"; rustup `settings.toml` version 12.

use serde::Serialize;

use crate::support::PyPath;
use crate::support::World;
use crate::support::files;

/// The one sentence.
pub const SENTENCE: &str = "Cargo needs no virtual environment: a project's Cargo.lock pins its crates, \
                            and they are built into its own target folder.";

/// The toolchain that `cargo` would start, and why.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Toolchain {
    /// As rustup names it.
    pub name: String,
    /// What decided.
    pub reason: String,
}

/// What is known of cargo and rustup.
#[derive(Debug, Serialize)]
pub struct RustSide {
    /// Did cargo start this process?
    pub started_by_cargo: bool,
    /// The toolchain; `None` when rustup has no say.
    pub toolchain: Option<Toolchain>,
    /// Where cargo keeps what it downloads, or would.
    pub cargo_home: Option<PyPath>,
    /// The nearest Cargo.lock, from the current folder upward.
    pub lockfile: Option<PyPath>,
    /// What plays the part of a virtual environment.
    pub isolation: &'static str,
}

/// Looks for all of it.
pub fn look(world: &World) -> RustSide {
    let in_home = |name: &str| world.home().map(|home| home.os_join(name));
    RustSide {
        started_by_cargo: world.set("CARGO").is_some() && world.set("CARGO_PKG_NAME").is_some(),
        toolchain: toolchain(world),
        cargo_home: world
            .set("CARGO_HOME")
            .cloned()
            .or_else(|| in_home(".cargo")),
        lockfile: world
            .cwd
            .climb()
            .map(|folder| folder.os_join("Cargo.lock"))
            .find(files::is_file),
        isolation: SENTENCE,
    }
}

/// The toolchain by rustup's rules.
fn toolchain(world: &World) -> Option<Toolchain> {
    if let Some(name) = world.set("RUSTUP_TOOLCHAIN") {
        let by_cargo = if world.set("CARGO").is_some() {
            " (cargo hands it on to what it runs)"
        } else {
            ""
        };
        return Some(Toolchain {
            name: name.shown(),
            reason: format!("RUSTUP_TOOLCHAIN is set{by_cargo}"),
        });
    }
    let home = world
        .set("RUSTUP_HOME")
        .cloned()
        .or_else(|| Some(world.home()?.os_join(".rustup")))?;
    let path = home.os_join("settings.toml");
    let fallback = PyPath::from("/etc/rustup/settings.toml");
    // Without rustup nobody reads a toolchain file.
    let (path, text) = [path, fallback]
        .into_iter()
        .find_map(|path| files::text(&path).map(|text| (path, text)))?;
    let settings = Settings::read(&text);
    // Nearest first; in one folder the override counts before the file.
    for folder in world.cwd.climb().chain([PyPath::from("/")]) {
        if let Some((_, name)) = settings
            .overrides
            .iter()
            .find(|(place, _)| place.as_bytes() == folder.bytes())
        {
            return Some(Toolchain {
                name: name.clone(),
                reason: format!("an override for {} in {}", folder.shown(), path.shown()),
            });
        }
        for (name, toml_only) in [("rust-toolchain", false), ("rust-toolchain.toml", true)] {
            let file = folder.os_join(name);
            if let Some(channel) = files::text(&file)
                .as_deref()
                .and_then(|text| channel(text, toml_only))
            {
                return Some(Toolchain {
                    name: channel,
                    reason: format!("{} asks for it", file.shown()),
                });
            }
        }
    }
    let name = settings.default?;
    Some(Toolchain {
        name,
        reason: format!("the default in {}", path.shown()),
    })
}

/// What rustup remembers.
#[derive(Debug, Default, PartialEq, Eq)]
struct Settings {
    /// `default_toolchain`.
    default: Option<String>,
    /// Folders and their toolchains.
    overrides: Vec<(String, String)>,
}

impl Settings {
    /// Reads the file that rustup writes: one key a line.
    fn read(text: &str) -> Self {
        let mut settings = Self::default();
        let mut table = "";
        for line in text.lines().map(str::trim) {
            if let Some(name) = line.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
                table = name;
                continue;
            }
            let Some((key, value)) = key_and_value(line) else {
                continue;
            };
            match table {
                "" if key == "default_toolchain" => settings.default = Some(value),
                "overrides" => settings.overrides.push((key, value)),
                _ => {}
            }
        }
        settings
    }
}

/// `key = "value"`, the key in quotes or not.
fn key_and_value(line: &str) -> Option<(String, String)> {
    let (key, rest) = match line.strip_prefix('"') {
        Some(rest) => rest.split_once('"')?,
        None => match line.strip_prefix('\'') {
            Some(rest) => rest.split_once('\'')?,
            None => line
                .split_once('=')
                .map(|(key, _)| (key.trim(), &line[key.len()..]))?,
        },
    };
    let value = rest.trim_start().strip_prefix('=')?.trim();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let value = value[1..].split_once(quote)?.0;
    Some((key.to_owned(), value.to_owned()))
}

/// What a toolchain file asks for: `channel` or `path` of its table, or, in the file without `.toml`, its only line.
fn channel(text: &str, toml_only: bool) -> Option<String> {
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|it| !it.is_empty() && !it.starts_with('#'))
        .collect();
    if let (false, [only]) = (toml_only, lines.as_slice()) {
        let plain = only
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
        if plain {
            return Some((*only).to_owned());
        }
    }
    let table = lines
        .iter()
        .skip_while(|line| **line != "[toolchain]")
        .skip(1)
        .take_while(|line| !line.starts_with('['));
    let wanted = |key: &str| matches!(key, "channel" | "path");
    table
        .filter_map(|line| key_and_value(line))
        .find(|(key, _)| wanted(key))
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::hostile::Hostile;

    #[track_caller]
    fn check_channel(text: &str, toml_only: bool, expected: Option<&str>) {
        assert_eq!(channel(text, toml_only).as_deref(), expected);
    }

    #[test]
    fn a_toolchain_file_is_toml_or_one_bare_line() {
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
        check_channel("", false, None);
    }

    /// The toolchain in `folder/a/b`, with these files in the folder.
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
    fn the_nearest_of_override_and_file_wins() {
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

    #[test]
    fn what_is_found_in_a_spoiled_file_stands_in_it_without_quotes() {
        let settings = "version = \"12\"\ndefault_toolchain = \"stable\"\n\n[overrides]\n\"/a\" = \"beta\"\n'/b' = 'nightly'\n";
        let file = "# why\n[toolchain]\nchannel = \"1.80.0\" # so\ncomponents = [\"clippy\"]\n";
        let mut hostile = Hostile::new(12);
        let mut found = 0;
        for round in 0..20_000 {
            let good = [settings, file][round % 2];
            let text = hostile.spoil(good.as_bytes());
            let text = String::from_utf8_lossy(&text);
            let read = Settings::read(&text);
            let named = read.overrides.into_iter().flat_map(<[String; 2]>::from);
            let all = named.chain(read.default);
            let all = all.chain(channel(&text, false)).chain(channel(&text, true));
            for name in all {
                assert!(
                    text.contains(&name) && !name.contains('\n'),
                    "{text:?}: {name}"
                );
                found += 1;
            }
        }
        assert!(found > 20_000, "{found}");
    }
}
