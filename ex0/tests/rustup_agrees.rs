//! The differential test of Rust's toolchains: which one does rustup start? What rustup refuses, `construct` does not judge.
//!
//! rustup is the judge. Its toolchains are scripts that print their name, in a home folder of the test.

#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop")]

#[expect(dead_code, reason = "the other differential tests use the rest")]
mod python;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The names of toolchains that are tried everywhere. `@` is the folder of the test; `@/path` is a toolchain.
const NAMES: [&str; 46] = [
    "stable",
    "beta-2024-01-01",
    "1.70",
    "1.70.0",
    "own",
    "+x",
    "+stable",
    "none",
    "rel/path",
    "./own",
    "own/",
    "",
    "   ",
    " stable ",
    "stable ",
    "missing",
    "/nowhere",
    "@/path",
    "@/path/",
    "@/a",
    ".",
    "..",
    "a\\b",
    "/",
    "stable-x86_64-unknown-linux-gnu",
    "stable-x86_64-unknown-linux-musl",
    "1.095",
    "99.0",
    "1",
    "1.80-beta.05",
    "1.80-beta.100",
    "1.80.100",
    "1.80.99",
    "1.1000",
    "stable-9999-99-99",
    "1.80-2024-01-01",
    "1.81-beta.2-2024-01-01",
    "0.1",
    "latest",
    "Stable",
    "stable-",
    "nightly-aarch64-unknown-linux-gnu",
    "1.80-betax",
    "stable-2024-01-01x",
    "own\n",
    "é",
];

/// Settings with a default.
const BETA: &str = "version = \"12\"\ndefault_toolchain = \"beta\"\n";

/// The folder of a test, with a home of rustup.
struct World {
    folder: TempDir,
    rustup: PathBuf,
}

impl World {
    /// `None`, and a message, without a rustup whose rules are known. CI may have a cargo without rustup.
    fn new() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let Some(rustup) = python::which("rustup") else {
            python::note("SKIPPED: no rustup on this machine");
            return None;
        };
        let it = Self { folder, rustup };
        let told = it.command(&it.rustup).arg("--version").output().unwrap();
        let told = String::from_utf8_lossy(&told.stdout).into_owned();
        let minor = told
            .strip_prefix("rustup 1.")
            .and_then(|it| it.split('.').next());
        if minor.and_then(|it| it.parse().ok()).unwrap_or(0) < 29 {
            python::note(&format!("SKIPPED: not rustup 1.29, but {told}"));
            return None;
        }
        fs::create_dir_all(it.at("a/b")).unwrap();
        fs::create_dir_all(it.at("bin")).unwrap();
        symlink(&it.rustup, it.at("bin/cargo")).unwrap();
        let systems = ["x86_64", "aarch64"].map(|it| format!("{it}-unknown-linux-gnu"));
        for name in ["stable", "beta", "nightly", "1.70"] {
            for system in &systems {
                it.toolchain(&format!("rustup/toolchains/{name}-{system}"));
            }
        }
        it.toolchain("rustup/toolchains/own");
        it.toolchain("path");
        Some(it)
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(name)
    }

    /// The text with the folder in place of `@`.
    fn filled(&self, text: &str) -> String {
        text.replace('@', self.at("").to_str().unwrap().trim_end_matches('/'))
    }

    fn toolchain(&self, name: &str) {
        let bin = self.at(name).join("bin");
        fs::create_dir_all(&bin).unwrap();
        let script = "#!/bin/sh\necho \"$RUSTUP_TOOLCHAIN\"\n";
        python::write_program(bin.join("cargo"), script);
    }

    /// A program in `a/b`. rustup may not install anything.
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", self.at(""))
            .env("RUSTUP_HOME", self.at("rustup"))
            .env("RUSTUP_AUTO_INSTALL", "0")
            .env("RUSTUP_DIST_SERVER", "http://127.0.0.1:1")
            .env(
                "RUSTUP_OVERRIDE_UNIX_FALLBACK_SETTINGS",
                self.at("fallback.toml"),
            )
            .stdin(Stdio::null());
        command
    }

    /// Compares rustup's answer with construct's, with these files and variables. The files are deleted again.
    #[track_caller]
    fn compare(&self, files: &[(&str, &[u8])], variables: &[(&str, &str)]) {
        for (name, bytes) in files {
            let text = String::from_utf8(bytes.to_vec()).map(|it| self.filled(&it).into_bytes());
            fs::write(
                self.at(name),
                text.unwrap_or_else(std::string::FromUtf8Error::into_bytes),
            )
            .unwrap();
        }
        let texts = files
            .iter()
            .map(|(name, it)| (name, String::from_utf8_lossy(it)));
        let row = format!("{:?} {variables:?}", texts.collect::<Vec<_>>());
        self.compare_here(&row, variables);
        for (name, _) in files {
            fs::remove_file(self.at(name)).unwrap();
        }
    }

    #[track_caller]
    fn compare_here(&self, row: &str, variables: &[(&str, &str)]) {
        let answer = |program: &Path, option: &str| {
            let mut command = self.command(program);
            command.arg(option).current_dir(self.at("a/b"));
            command.envs(
                variables
                    .iter()
                    .map(|(name, value)| (*name, self.filled(value))),
            );
            command.output().unwrap()
        };
        let output = answer(&self.at("bin/cargo"), "-V");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let started = String::from_utf8_lossy(&output.stdout)
            .trim_end_matches('\n')
            .to_owned();
        // Only of a channel does rustup say how to install it: it has chosen it.
        let quoted = said
            .split('\'')
            .nth(1)
            .filter(|_| said.contains("rustup toolchain install"));
        let chosen = Some(started)
            .filter(|_| output.status.success())
            .or(quoted.map(str::to_owned));
        let none = said.contains("no default is configured");

        let output = answer(Path::new(env!("CARGO_BIN_EXE_construct")), "--json");
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        let ours = &json["surroundings"]["rust"]["toolchain"];
        let name = ours["name"].as_str().map(|it| it.trim_end_matches('/'));
        let agrees = match (&chosen, name) {
            // rustup adds the system to the name of a channel, and the patch to an old version.
            (Some(theirs), Some(name)) => theirs.trim_end_matches('/').starts_with(name),
            (Some(_), None) => false,
            (None, _) => !none || ours.is_null(),
        };
        assert!(
            agrees,
            "{row}: rustup: {chosen:?} {said}, construct: {ours}"
        );
    }
}

/// A string in TOML.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

#[test]
fn rustup_agrees_about_the_variable() {
    let Some(world) = World::new() else { return };
    for name in NAMES {
        world.compare(
            &[("rustup/settings.toml", BETA.as_bytes())],
            &[("RUSTUP_TOOLCHAIN", name)],
        );
    }
}

#[test]
fn rustup_agrees_about_overrides_and_the_default() {
    let Some(world) = World::new() else { return };
    for name in NAMES.map(quoted) {
        let over = format!("{BETA}[overrides]\n\"@/a\" = {name}\n");
        world.compare(&[("rustup/settings.toml", over.as_bytes())], &[]);
        let default = format!("version = \"12\"\ndefault_toolchain = {name}\n");
        world.compare(&[("rustup/settings.toml", default.as_bytes())], &[]);
    }
    symlink(world.at("a"), world.at("link")).unwrap();
    for folder in [
        "@/a", "@/a/b", "@/a/", "@/link", "@/link/b", "@/a/../a", "@", "/",
    ] {
        let text = format!("{BETA}[overrides]\n\"{folder}\" = \"own\"\n");
        world.compare(&[("rustup/settings.toml", text.as_bytes())], &[]);
    }
}

#[test]
fn rustup_agrees_about_names_in_toolchain_files() {
    let Some(world) = World::new() else { return };
    let settings = ("rustup/settings.toml", BETA.as_bytes());
    for name in NAMES {
        let line = ("a/rust-toolchain", name.as_bytes());
        world.compare(&[settings, line], &[]);
        for key in ["channel", "path"] {
            let text = format!("[toolchain]\n{key} = {}\n", quoted(name));
            world.compare(&[settings, ("a/rust-toolchain.toml", text.as_bytes())], &[]);
        }
    }
}

#[test]
fn rustup_agrees_about_toolchain_files() {
    let Some(world) = World::new() else { return };
    let texts = [
        "",
        "\n",
        "stable\n\n",
        "stable\r\n",
        "\u{a0}stable\n",
        "\u{feff}stable\n",
        "[toolchain]\n",
        "\u{feff}[toolchain]\nchannel = \"stable\"\n",
        "\u{feff}\u{feff}[toolchain]\nchannel = \"stable\"\n",
        "[toolchain]\nchannel = \"own\"\nprofile = \"x\"\n",
        "[toolchain]\nchannel = \"stable\"\nprofile = \"x\"\n",
        "[toolchain]\nchannel = \"stable\"\nprofile = \"m\"\n",
        "[toolchain]\nchannel = \"stable\"\nprofile = \"\"\n",
        "[toolchain]\nprofile = \"minimal\"\n",
        "[toolchain]\ncomponents = []\n",
        "[toolchain]\ntargets = []\n",
        "[toolchain]\ncomponents = []\nprofile = \"x\"\n",
        "[toolchain]\npath = \"@/path\"\nprofile = \"default\"\n",
        "[toolchain]\npath = \"@/path\"\ntargets = []\n",
        "[toolchain]\npath = \"@/path\"\nchannel = \"own\"\n",
        "[toolchain]\nchannel = \"own\"\nchannel = \"own\"\n",
        "[toolchain]\nchannel = 1.80\n",
        "[toolchain\n",
        "[toolchain]\ncomponents = \"clippy\"\nchannel = \"own\"\n",
        "[other]\nchannel = \"own\"\n",
        "toolchain = { channel = \"own\" } # x\n\n",
        "toolchain.channel = \"own\"",
        "[toolchain]\nchannel = \"own\"\nx = 1\n",
    ];
    let beta = ("rustup/settings.toml", BETA.as_bytes());
    for name in ["a/rust-toolchain", "a/b/rust-toolchain.toml"] {
        for text in texts {
            world.compare(&[beta, (name, text.as_bytes())], &[]);
        }
        let latin = b"[toolchain]\nchannel = \"own\"\n#\xff\n";
        world.compare(&[beta, (name, latin)], &[]);
    }
    for default in ["own", "missing", "+x", "stable/"] {
        let text = format!("version = \"12\"\ndefault_toolchain = \"{default}\"\n");
        let settings = ("rustup/settings.toml", text.as_bytes());
        for text in [
            "[toolchain]\ntargets = []\n",
            "[toolchain]\ntargets = []\nprofile = \"x\"\n",
            "[toolchain]\nchannel = \"own\"\n",
        ] {
            world.compare(&[settings, ("a/rust-toolchain", text.as_bytes())], &[]);
        }
    }
    let no_default = ("rustup/settings.toml", b"version = \"12\"\n".as_slice());
    world.compare(
        &[
            no_default,
            ("a/rust-toolchain.toml", b"[toolchain]\ntargets = []\n"),
        ],
        &[],
    );
    world.compare(
        &[("a/rust-toolchain", b"own\n")],
        &[("RUSTUP_HOME", "@/none")],
    );
}

#[test]
fn rustup_agrees_about_files_of_other_types() {
    let Some(world) = World::new() else { return };
    let names = [
        "rustup/settings.toml",
        "fallback.toml",
        "a/rust-toolchain",
        "a/rust-toolchain.toml",
    ];
    let make: [fn(&Path); 4] = [
        |it| fs::create_dir(it).unwrap(),
        |it| symlink("/dev/null", it).unwrap(),
        |it| symlink(it, it).unwrap(),
        |it| fs::write(it, b"#\xff").unwrap(),
    ];
    for name in names {
        for (kind, make) in make.iter().enumerate() {
            fs::write(world.at("rustup/settings.toml"), BETA).unwrap();
            let path = world.at(name);
            let _ = fs::remove_file(&path);
            make(&path);
            world.compare_here(&format!("{name} {kind}"), &[]);
            let _ = fs::remove_dir(&path).or_else(|_| fs::remove_file(&path));
        }
    }
}

#[test]
fn rustup_agrees_about_its_settings() {
    let Some(world) = World::new() else { return };
    let own = |text: &str| ("rustup/settings.toml", text.as_bytes().to_vec());
    let name = "default_toolchain = \"own\"\n";
    let lines = [
        "",
        "version = \"1\"\n",
        "version = \"2\"\n",
        "version = \"11\"\n",
        "version = \"12\"\n",
        "version = \"13\"\n",
        "version = 12\n",
        "\u{feff}version = \"12\"\n",
        "version = \"12\"\nprofile = \"x\"\n",
        "version = \"12\"\nprofile = \"minimal\"\n",
        "version = \"12\"\npgp_keys = 1\n",
        "version = \"12\"\nauto_self_update = \"x\"\n",
        "version = \"12\"\nauto_self_update = \"check-only\"\n",
        "version = \"12\"\nauto_install = \"x\"\n",
        "version = \"12\"\nauto_install = \"disable\"\n",
        "version = \"12\"\nx = 1\n",
        "version = \"12\"\ndefault_host_triple = 1\n",
        "version = \"12\"\nversion = \"12\"\n",
        "version = \"12\"\ndefault_host_triple = \"x86_64-unknown-linux-musl\"\n",
        "version = \"12\"\noverrides = 1\n",
    ];
    for line in lines {
        let (file, text) = own(&format!("{line}{name}"));
        world.compare(&[(file, &text)], &[]);
        world.compare(&[(file, &text)], &[("RUSTUP_TOOLCHAIN", "own")]);
        world.compare(&[(file, &text), ("a/rust-toolchain", b"own")], &[]);
    }
    let shared: [&[u8]; 6] = [
        b"default_toolchain = \"own\"\n",
        b"",
        b"x = ",
        b"#\xff",
        b"version = 1\noverrides = 1\n",
        b"default_toolchain = \"@/path\"\n",
    ];
    for shared in shared {
        let shared = ("fallback.toml", shared);
        for text in [
            "version = \"12\"\n",
            BETA,
            "version = \"12\"\ndefault_toolchain = \"\"\n",
            "x = ",
        ] {
            world.compare(&[("rustup/settings.toml", text.as_bytes()), shared], &[]);
            world.compare(
                &[("rustup/settings.toml", text.as_bytes()), shared],
                &[("RUSTUP_TOOLCHAIN", "own")],
            );
        }
    }
    for home in ["../../rustup", "../b/../../rustup", "@/rustup/"] {
        world.compare(
            &[("rustup/settings.toml", BETA.as_bytes())],
            &[("RUSTUP_HOME", home)],
        );
    }
}
