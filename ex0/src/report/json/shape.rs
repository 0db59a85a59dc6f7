//! Which fields does the object have?

use serde::Serialize;

use crate::around::{Claim, Commands, Managed, Surroundings};
use crate::binary::Build;
use crate::finding::Event;
use crate::support::PyPath;
use crate::support::version::{Implementation, Version};
use crate::verdict::{Environment, Status, VenvModule};
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
    pub libraries: Option<String>,
    pub venv: Option<VenvModule>,
    pub environment: Option<&'a Environment>,
    pub problem: Option<Problem<'a>>,
    pub warnings: Vec<String>,
    pub trace: &'a [Event],
    pub commands: Option<&'a Commands>,
    /// The conda or pixi environment.
    pub managed: Option<&'a Managed>,
    pub claims: &'a [Claim],
    pub surroundings: &'a Surroundings,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verification: Option<Verified<'a>>,
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
pub struct Verified<'a> {
    /// `null` if Python was not asked, or if no answer came.
    pub agrees: Option<bool>,
    pub outcome: String,
    pub fields: &'a [Field],
}
