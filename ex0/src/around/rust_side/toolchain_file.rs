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

/// What the text says; `None` if rustup refuses it, and so every command in the file's folder. A file without `.toml` may have one line
/// that is only a name. `installed` is the folder of rustup's toolchains.
pub fn named(text: &str, toml_only: bool, installed: &PyPath) -> Option<Named> {
    if text.lines().count() == 1 && !toml_only {
        let name = text.trim().to_owned();
        return if name.starts_with('/') {
            path_named(name)
        } else {
            channel_named(name, installed)
        };
    }
    // The mark of UTF-8 is not part of the text.
    let text = text.trim_start_matches('\u{feff}');
    let file: ToolchainFile = toml::from_str(text).ok()?;
    let section = file.toolchain;
    let profile = section.profile.as_deref();
    let is_known = profile.is_none_or(|it| ["minimal", "default", "complete"].contains(&it));
    let has_more = section.components.is_some() || section.targets.is_some();
    match (section.channel, section.path) {
        (Some(channel), None) if is_known => channel_named(channel, installed),
        (None, Some(path)) if profile.is_none() && !has_more => path_named(path),
        (None, None) if is_known && has_more => Some(Named::Default),
        _ => None,
    }
}

/// rustup installs a channel when it is needed. Any other name must be installed.
fn channel_named(name: String, installed: &PyPath) -> Option<Named> {
    let plain = name.trim_end_matches('/');
    let is_name = !plain.is_empty() && plain != "none" && !plain.starts_with('+');
    let is_name = is_name && !plain.contains(['/', '\\']);
    let is_there = is_channel(plain) || files::is_dir(&installed.os_join(plain));
    (is_name && is_there).then_some(Named::Toolchain(name))
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

/// The path is absolute, and a toolchain is there.
fn path_named(path: String) -> Option<Named> {
    let folder = PyPath::from(path.as_str());
    let is_there = folder.is_absolute() && files::is_dir(&folder.os_join("bin"));
    is_there.then_some(Named::Toolchain(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares what a file names. `@` is a toolchain that is installed.
    #[track_caller]
    fn check(text: &str, toml_only: bool, expected: Option<&str>) {
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
            let good = |text, expected| check(text, toml_only, Some(expected));
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
        check("1.80.0\n", false, Some("1.80.0"));
        check(" own \n", false, Some("own"));
        check("@", false, Some("@"));
        check(
            "\u{feff}[toolchain]\nchannel = \"stable\"\n",
            true,
            Some("stable"),
        );
    }

    #[test]
    fn what_rustup_refuses_is_refused() {
        for toml_only in [true, false] {
            let bad = |text: &str| check(text, toml_only, None);
            for name in [
                "",
                "none",
                "a/b",
                "latest",
                "99.0",
                "1",
                "1.095",
                "stable-x86",
            ] {
                bad(&format!("[toolchain]\nchannel = \"{name}\"\n"));
            }
            bad("");
            bad("[toolchain]\nchannel = 1.80\n");
            bad("[toolchain\nchannel = \"1.88.0\"\n");
            bad("[other]\nchannel = \"nightly\"\n");
            bad("[toolchain]\ncomponents = \"clippy\"\n");
            bad("stable\nnightly\n");
            bad("[toolchain]\nprofile = \"minimal\"\n");
            bad("[toolchain]\nchannel = \"own\"\npath = \"@\"\n");
            bad("[toolchain]\npath = \"own\"\n");
            bad("[toolchain]\npath = \"/none\"\n");
            bad("[toolchain]\npath = \"@\"\ntargets = []\n");
            bad("[toolchain]\nchannel = \"own\"\nprofile = \"x\"\n");
        }
        check("1.80.0\n", true, None);
        check("\n", true, None);
        check("\n", false, None);
        check("toolchain.channel = \"1.82\"", false, None);
    }
}
