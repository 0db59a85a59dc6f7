//! The same for scripts: one JSON object. Its strings are the values themselves, without our escapes.

use serde::Serialize;

use super::{Report, terminal};
use crate::around::{Claim, Commands, Managed, Surroundings};
use crate::binary::Build;
use crate::finding::Event;
use crate::site::Added;
use crate::support::exit::Trouble;
use crate::support::version::{Implementation, Version};
use crate::support::{PyPath, escape};
use crate::verdict::{Environment, Fault, Repair, Running, Status, VenvModule};
use crate::verify::{Field, Verification};

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
    /// The folders outside the prefix that `.pth` files add to sys.path.
    pub added: Option<&'a [Added]>,
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

/// Writes one JSON object to stdout, and nothing else.
pub fn print_json(report: &Report) -> Result<(), Trouble> {
    let text = serde_json::to_string_pretty(&json(report)).map_err(|error| {
        Trouble::new(
            format_args!("failed to write JSON: {error}"),
            "run it without `--json`",
        )
    })?;
    terminal::print(&(escaped(&text) + "\n"))
}

/// Writes invisible characters as JSON escapes. They occur only inside strings.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if c != '\n' && (c.is_control() || escape::is_unseen(c)) {
            let mut units = [0; 2];
            let units = c.encode_utf16(&mut units).iter();
            escaped.extend(units.map(|it| format!("\\u{it:04x}")));
        } else {
            escaped.push(c);
        }
    }
    escaped
}

fn json(report: &Report) -> Json<'_> {
    let answer = &report.answer;
    let (status, running) = (answer.status(), answer.running());
    let binary = answer.binary();
    Json {
        status,
        isolated: (status != Status::Unknown).then_some(status == Status::Isolated),
        executable: answer.executable(),
        version: binary.and_then(|it| it.version.as_ref()),
        implementation: binary.map(|it| it.implementation),
        build: running.map(|it| it.binary.build),
        prefix: running.map(|it| &it.site.prefix),
        base_prefix: running.map(|it| &it.base.prefix),
        exec_prefix: running.map(|it| &it.site.exec_prefix),
        site_packages: running.map(|it| it.site.site_packages.as_slice()),
        global_site_packages: running.map(|it| it.site.global_site_packages.as_slice()),
        user_site: running.and_then(|it| it.site.user_site.in_python()),
        externally_managed: running.map(|it| it.externally_managed),
        writable: running.and_then(|it| it.writable),
        pythonpath: running.map(|it| it.python_path.as_slice()),
        added: running.map(|it| it.site.added.as_slice()),
        customizations: running.map(|it| it.site.customizations.as_slice()),
        libraries: running
            .and_then(Running::not_checked)
            .map(|it| it.to_string()),
        venv: running.and_then(|it| it.venv),
        environment: answer.environment(),
        problem: answer.fault().map(problem),
        warnings: report.warnings().map(ToString::to_string).collect(),
        trace: &answer.notes.trace,
        commands: report.commands.as_ref(),
        managed: report.managed.as_ref(),
        claims: &report.claims,
        surroundings: &report.surroundings,
        verification: report.verification.as_ref().map(verified),
    }
}

fn problem(fault: &Fault) -> Problem<'_> {
    let (repair, command, effect) = match &fault.repair {
        Repair::Run { command, effect } => (
            command.clone(),
            Some(command.as_str()),
            Some(effect.to_string()),
        ),
        Repair::Advise(advice) => (advice.to_string(), None, None),
    };
    Problem {
        what: fault.cause.to_string(),
        path: fault.cause.path(),
        repair,
        command,
        effect,
    }
}

fn verified(it: &Verification) -> Verified<'_> {
    Verified {
        agrees: it.agrees(),
        outcome: it.to_string(),
        fields: match it {
            Verification::Compared(fields) => fields,
            _ => &[],
        },
    }
}
