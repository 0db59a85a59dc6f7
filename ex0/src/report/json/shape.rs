//! Which fields does the object have?

use serde::Serialize;

use crate::around::{Commands, Managed};
use crate::binary::Build;
use crate::support::PyPath;
use crate::support::version::{Implementation, Version};
use crate::verdict::{Kind, Status, UvKeys, VenvModule};
use crate::verify::Field;

/// `null` means: not known, or there is no such thing.
#[derive(Serialize)]
pub struct Json<'a> {
    pub status: Status,
    pub isolated: Option<bool>,
    pub executable: Option<&'a PyPath>,
    pub version: Option<&'a Version>,
    pub implementation: Option<Implementation>,
    pub build: Option<Build>,
    pub prefix: Option<&'a PyPath>,
    pub base_prefix: Option<&'a PyPath>,
    pub exec_prefix: Option<&'a PyPath>,
    pub site_packages: Option<&'a [PyPath]>,
    pub global_site_packages: Option<&'a [PyPath]>,
    pub user_site: Option<bool>,
    pub externally_managed: Option<bool>,
    /// May this user install into the first folder of packages?
    pub writable: Option<bool>,
    pub pythonpath: Option<&'a [PyPath]>,
    /// `sitecustomize` and similar modules. They were not read.
    pub customizations: Option<&'a [PyPath]>,
    /// Why the libraries were not checked; `null` if they were, or if no Python would start.
    pub libraries: Option<&'static str>,
    pub venv: Option<VenvModule>,
    pub environment: Option<Env<'a>>,
    pub problem: Option<Problem<'a>>,
    pub warnings: Vec<String>,
    pub trace: Vec<Note>,
    pub commands: Option<&'a Commands>,
    /// The conda or pixi environment.
    pub managed: Option<&'a Managed>,
    pub claims: Vec<Claim<'a>>,
    pub surroundings: Surroundings<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verification: Option<Verified<'a>>,
}

#[derive(Serialize)]
pub struct Env<'a> {
    pub name: Option<&'a PyPath>,
    pub path: &'a PyPath,
    pub kind: Kind,
    pub prompt: Option<&'a str>,
    pub system_site_packages: Option<bool>,
    pub asked_by: Option<&'static str>,
    pub uv: Option<&'a UvKeys>,
    pub evidence: Vec<String>,
}

#[derive(Serialize)]
pub struct Problem<'a> {
    /// In one sentence.
    pub what: String,
    /// The path that causes the problem.
    pub path: Option<&'a PyPath>,
    /// The command that repairs it, or what the user can do.
    pub repair: String,
    /// The command, if there is one.
    pub command: Option<&'a str>,
    /// What the command does, and what would be lost.
    pub effect: Option<String>,
}

#[derive(Serialize)]
pub struct Note {
    pub reader: &'static str,
    pub path: PyPath,
    pub said: String,
}

#[derive(Serialize)]
pub struct Claim<'a> {
    pub name: &'static str,
    pub value: Option<&'a PyPath>,
    pub verdict: &'static str,
    pub meaning: String,
    pub hint: Option<&'a str>,
}

#[derive(Serialize)]
pub struct Surroundings<'a> {
    pub system: &'static str,
    pub container: Option<Detected<'a>>,
    pub ci: Option<Detected<'a>>,
    pub wsl: Option<Detected<'a>>,
    pub nix: Option<Detected<'a>>,
    pub ssh: Option<Detected<'a>>,
    pub rust: Rust<'a>,
}

#[derive(Serialize)]
pub struct Detected<'a> {
    pub name: &'a str,
    pub evidence: String,
}

#[derive(Serialize)]
pub struct Rust<'a> {
    pub started_by_cargo: bool,
    pub toolchain: Option<Toolchain<'a>>,
    pub cargo_home: Option<&'a PyPath>,
    pub lockfile: Option<&'a PyPath>,
    pub isolation: &'static str,
}

#[derive(Serialize)]
pub struct Toolchain<'a> {
    pub name: &'a str,
    pub reason: String,
}

#[derive(Serialize)]
pub struct Verified<'a> {
    /// `null` if Python was not asked.
    pub agrees: Option<bool>,
    pub outcome: String,
    pub fields: &'a [Field],
}
