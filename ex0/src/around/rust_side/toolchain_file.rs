//! Which toolchain does a toolchain file name, and does rustup accept it?
//!
//! Source: rustup 1.29, `src/config.rs` (`parse_override_file`) and `src/toolchain/names.rs`.

use serde::Deserialize;

use crate::support::PyPath;
use crate::support::files;

/// What rustup takes from a toolchain file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    Toolchain(String),
    /// It only asks for components or targets of the default toolchain.
    Default,
}

/// Why rustup refuses a toolchain file, and so every command in its folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    Empty,
    /// Not TOML, or a value of another type.
    NotToml,
    NamesNothing,
    BadName(String),
    /// No channel of Rust, and no toolchain of that name is installed.
    NotInstalled(String),
    ChannelAndPath,
    /// The path is relative, or has no folder `bin`.
    BadPath(PyPath),
    /// A path, and components, targets or a profile.
    MoreThanPath,
    UnknownProfile(String),
}

#[derive(Deserialize)]
struct ToolchainFile {
    toolchain: Section,
}

/// The table `[toolchain]`.
#[derive(Deserialize)]
struct Section {
    channel: Option<String>,
    path: Option<String>,
    components: Option<Vec<String>>,
    targets: Option<Vec<String>>,
    profile: Option<String>,
}

/// What the text says. A file without `.toml` may have one line that is only a name. `installed` is the folder of rustup's toolchains.
pub fn named(text: &str, toml_only: bool, installed: &PyPath) -> Result<Named, Refusal> {
    let mut lines = text.lines();
    match (lines.next(), lines.next()) {
        (None, _) => return Err(Refusal::Empty),
        (Some(_), None) if !toml_only => return name_alone(text.trim(), installed),
        _ => {}
    }
    // The mark of UTF-8 is not part of the text.
    let text = text.trim_start_matches('\u{feff}');
    let file: ToolchainFile = toml::from_str(text).map_err(|_| Refusal::NotToml)?;
    let section = file.toolchain;
    let has_more = section.components.is_some() || section.targets.is_some();
    match (section.channel, section.path) {
        (Some(_), Some(_)) => Err(Refusal::ChannelAndPath),
        (Some(channel), None) => {
            channel_named(&channel, installed)?;
            known_profile(section.profile)?;
            Ok(Named::Toolchain(channel))
        }
        (None, Some(_)) if has_more || section.profile.is_some() => Err(Refusal::MoreThanPath),
        (None, Some(path)) => path_named(path),
        (None, None) if has_more => known_profile(section.profile).map(|()| Named::Default),
        (None, None) => Err(Refusal::NamesNothing),
    }
}

/// A file that is only one line: a name, or an absolute path.
fn name_alone(name: &str, installed: &PyPath) -> Result<Named, Refusal> {
    if name.is_empty() {
        Err(Refusal::Empty)
    } else if name.starts_with('/') {
        path_named(name.to_owned())
    } else {
        channel_named(name, installed)?;
        Ok(Named::Toolchain(name.to_owned()))
    }
}

/// rustup installs a channel when it is needed. Any other name must be installed.
fn channel_named(name: &str, installed: &PyPath) -> Result<(), Refusal> {
    let plain = name.trim_end_matches('/');
    if plain.is_empty() || plain == "none" || plain.starts_with('+') || plain.contains(['/', '\\'])
    {
        return Err(Refusal::BadName(name.to_owned()));
    }
    if is_channel(plain) || files::is_dir(&installed.os_join(plain)) {
        return Ok(());
    }
    Err(Refusal::NotInstalled(name.to_owned()))
}

/// Is it a channel or a version of Rust, perhaps with a date?
fn is_channel(name: &str) -> bool {
    let is_number = |it: &str| {
        let is_plain = it == "0" || !it.starts_with('0');
        matches!(it.len(), 1..=3) && is_plain && it.bytes().all(|it| it.is_ascii_digit())
    };
    let is_version = |it: &str| {
        let parts: Vec<&str> = it.split('.').collect();
        matches!(parts.len(), 2 | 3) && parts[0].len() == 1 && parts.iter().all(|it| is_number(it))
    };
    let mut parts = name.splitn(2, '-');
    let channel = parts.next().unwrap_or_default();
    let is_date = |it: &str| {
        let widths: Vec<usize> = it.split('-').map(str::len).collect();
        widths == [4, 2, 2] && it.bytes().all(|it| it.is_ascii_digit() || it == b'-')
    };
    let is_beta = |it: &str| it == "beta" || it.strip_prefix("beta.").is_some_and(is_number);
    let rest = parts.next();
    match channel {
        "stable" | "beta" | "nightly" => rest.is_none_or(is_date),
        version => is_version(version) && rest.is_none_or(is_beta),
    }
}

fn known_profile(profile: Option<String>) -> Result<(), Refusal> {
    match profile {
        Some(it) if !["minimal", "default", "complete"].contains(&it.as_str()) => {
            Err(Refusal::UnknownProfile(it))
        }
        _ => Ok(()),
    }
}

fn path_named(path: String) -> Result<Named, Refusal> {
    let folder = PyPath::from(path.as_str());
    if folder.is_absolute() && files::is_dir(&folder.os_join("bin")) {
        Ok(Named::Toolchain(path))
    } else {
        Err(Refusal::BadPath(folder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares what a file names. `@` is a toolchain that is installed.
    #[track_caller]
    fn check(text: &str, toml_only: bool, expected: Result<&str, Refusal>) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("own/bin")).unwrap();
        let installed = PyPath::from(folder.path());
        let own = installed.os_join("own").to_string();
        let found = named(&text.replace('@', &own), toml_only, &installed);
        let expected = expected.map(|it| match it {
            "" => Named::Default,
            name => Named::Toolchain(name.replace('@', &own)),
        });
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_toolchain_file_is_toml_or_one_line_with_a_name() {
        for toml_only in [true, false] {
            let good = |text, expected| check(text, toml_only, Ok(expected));
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
            good("[toolchain]\npath = \"@\"\n", "@");
            good("[toolchain]\ncomponents = [\"clippy\"]\n", "");
            good("[toolchain]\ntargets = []\nprofile = \"default\"\n", "");
        }
        check("1.80.0\n", false, Ok("1.80.0"));
        check(" own \n", false, Ok("own"));
        check("@", false, Ok("@"));
        check(
            "\u{feff}[toolchain]\nchannel = \"stable\"\n",
            true,
            Ok("stable"),
        );
    }

    #[test]
    fn what_rustup_refuses_is_refused() {
        use Refusal::{BadName, BadPath, NotInstalled, UnknownProfile};
        for toml_only in [true, false] {
            let bad = |text: &str, refusal| check(text, toml_only, Err(refusal));
            let channel = |name: &str| format!("[toolchain]\nchannel = \"{name}\"\n");
            bad("", Refusal::Empty);
            bad("[toolchain]\nchannel = 1.80\n", Refusal::NotToml);
            bad("[toolchain\nchannel = \"1.88.0\"\n", Refusal::NotToml);
            bad("[other]\nchannel = \"nightly\"\n", Refusal::NotToml);
            bad("[toolchain]\ncomponents = \"clippy\"\n", Refusal::NotToml);
            bad("stable\nnightly\n", Refusal::NotToml);
            bad(
                "[toolchain]\nprofile = \"minimal\"\n",
                Refusal::NamesNothing,
            );
            bad(&channel(""), BadName(String::new()));
            bad(&channel("none"), BadName("none".into()));
            bad(&channel("a/b"), BadName("a/b".into()));
            bad(&channel("latest"), NotInstalled("latest".into()));
            bad(&channel("99.0"), NotInstalled("99.0".into()));
            bad(&channel("1"), NotInstalled("1".into()));
            bad(&channel("1.095"), NotInstalled("1.095".into()));
            bad(&channel("stable-x86"), NotInstalled("stable-x86".into()));
            bad(
                "[toolchain]\nchannel = \"own\"\npath = \"@\"\n",
                Refusal::ChannelAndPath,
            );
            bad("[toolchain]\npath = \"own\"\n", BadPath("own".into()));
            bad("[toolchain]\npath = \"/none\"\n", BadPath("/none".into()));
            bad(
                "[toolchain]\npath = \"@\"\ntargets = []\n",
                Refusal::MoreThanPath,
            );
            bad(
                "[toolchain]\nchannel = \"own\"\nprofile = \"x\"\n",
                UnknownProfile("x".into()),
            );
        }
        check("1.80.0\n", true, Err(Refusal::NotToml));
        check("\n", true, Err(Refusal::NotToml));
        check("\n", false, Err(Refusal::Empty));
        let line = "toolchain.channel = \"1.82\"";
        check(line, false, Err(NotInstalled(line.into())));
    }
}
