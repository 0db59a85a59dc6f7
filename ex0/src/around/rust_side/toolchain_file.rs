//! What does a toolchain file ask for?
//!
//! Source: rustup 1.29, `src/config.rs` (`find_override_from_dir_walk`, `parse_override_file`).

use serde::Deserialize;

use super::toolchain_name::{Toolchains, after_channel, check_path, is_known_system};
use super::{Doubt, Fault, Reason, Source};
use crate::support::PyPath;
use crate::support::files::{self, Content, Odd};

/// What rustup takes from a toolchain file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    Toolchain(String),
    /// It only asks for components or targets of the default toolchain.
    Default,
}

/// A toolchain file that rustup could read.
pub struct ToolchainFile {
    pub path: PyPath,
    text: String,
    /// A file with `.toml` in its name is TOML. Another one may have one line that is only a name.
    is_toml: bool,
}

#[derive(Deserialize)]
struct Toml {
    toolchain: Section,
}

/// The table `[toolchain]`.
#[derive(Default, Deserialize)]
struct Section {
    channel: Option<String>,
    path: Option<String>,
    components: Option<Vec<String>>,
    targets: Option<Vec<String>>,
    profile: Option<String>,
}

/// The toolchain file in this folder, if there is one.
pub fn find_toolchain_file(folder: &PyPath) -> Result<Option<ToolchainFile>, Reason> {
    for (name, is_toml) in [("rust-toolchain", false), ("rust-toolchain.toml", true)] {
        let path = folder.os_join(name);
        if let Some(text) = read(&path)? {
            return Ok(Some(ToolchainFile {
                path,
                text,
                is_toml,
            }));
        }
    }
    Ok(None)
}

/// The text of a toolchain file. rustup passes over what it cannot read, and over what is not UTF-8.
fn read(path: &PyPath) -> Result<Option<String>, Reason> {
    match files::read(path, 1 << 20) {
        Content::Bytes(bytes) => Ok(String::from_utf8(bytes).ok()),
        // It is `/dev/null`.
        Content::Nothing if !files::is_dir(path) => Ok(Some(String::new())),
        Content::Odd(Odd::Fifo | Odd::Special | Odd::TooLarge(_)) => {
            Err(Reason::NotKnown(Doubt::NotRead(path.clone())))
        }
        Content::Absent | Content::Nothing | Content::Odd(_) => Ok(None),
    }
}

impl ToolchainFile {
    /// What it asks for. The error: rustup refuses it, and so every command in the file's folder.
    pub fn asked(&self, default: Option<&str>, toolchains: &Toolchains) -> Result<Asked, Reason> {
        let source = Source::ToolchainFile(self.path.clone());
        let refused = |fault| Reason::Refused(source.clone(), fault);
        let section = self.section().map_err(refused)?;
        let has_more = section.components.is_some() || section.targets.is_some();
        let asked = match (section.channel, section.path) {
            (Some(channel), None) => {
                toolchains.check_name(&channel, &source)?;
                Asked::Toolchain(channel)
            }
            (None, Some(path)) if section.profile.is_none() && !has_more => {
                check_path(&path, &source)?;
                return Ok(Asked::Toolchain(path));
            }
            (None, None) if has_more => Asked::Default,
            _ => return Err(refused(Fault::Section)),
        };
        let name = match &asked {
            Asked::Toolchain(name) => name,
            Asked::Default => default.ok_or_else(|| refused(Fault::NoDefault))?,
        };
        match section.profile {
            Some(it) if is_of_rust(name) && !is_profile(&it) => Err(refused(Fault::Profile(it))),
            _ => Ok(asked),
        }
    }

    fn section(&self) -> Result<Section, Fault> {
        let is_line = self.text.lines().count() == 1 && !self.is_toml;
        let line = self.text.trim();
        if self.text.is_empty() || (is_line && line.is_empty()) {
            return Err(Fault::Empty);
        }
        if is_line {
            let name = Some(line.to_owned());
            let mut section = Section::default();
            if line.starts_with('/') {
                section.path = name;
            } else {
                section.channel = name;
            }
            return Ok(section);
        }
        let toml: Result<Toml, _> = toml::from_str(&self.text);
        toml.map(|it| it.toolchain)
            .map_err(|error| Fault::Toml(error.message().to_owned()))
    }
}

/// Only a toolchain of the Rust project has a profile.
fn is_of_rust(name: &str) -> bool {
    after_channel(name.trim_end_matches('/')).is_some_and(|it| it.is_empty() || is_known_system(it))
}

fn is_profile(name: &str) -> bool {
    let known = ["minimal", "m", "default", "d", "", "complete", "c"];
    known.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares what a file names. `@` is a toolchain that is installed.
    #[track_caller]
    fn check(text: &str, is_toml: bool, expected: Option<&str>) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("own/bin")).unwrap();
        let toolchains = Toolchains(folder.path().into());
        let own = toolchains.0.os_join("own").to_string();
        let file = ToolchainFile {
            path: "rust-toolchain".into(),
            text: text.replace('@', &own),
            is_toml,
        };
        let found = file.asked(Some("stable"), &toolchains).ok();
        let expected = expected.map(|it| match it {
            "" => Asked::Default,
            name => Asked::Toolchain(name.replace('@', &own)),
        });
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_toolchain_file_is_toml_or_one_line_with_a_name() {
        for is_toml in [true, false] {
            let good = |text, expected| check(text, is_toml, Some(expected));
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
            good("[toolchain]\nchannel = \"own\"\nprofile = \"x\"\n", "own");
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
        for is_toml in [true, false] {
            let bad = |text: &str| check(text, is_toml, None);
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
            bad("[toolchain]\nchannel = \"stable\"\nprofile = \"x\"\n");
        }
        check("1.80.0\n", true, None);
        check("\n", true, None);
        check("\n", false, None);
        check("toolchain.channel = \"1.82\"", false, None);
    }
}
