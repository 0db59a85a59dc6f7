//! What is the report, as people and scripts get it, and how does the program end?

use serde::Serialize;

use crate::config::files::FileReport;
use crate::config::judge::{Config, Variable};
use crate::exit::Exit;
use crate::probe::ask::Connections;
use crate::safety::production::{Check, Verdict};
use crate::variables::table::Mode;

/// Everything that was found out. `--json` prints this struct, the text is made from it.
#[derive(Debug, Serialize)]
pub struct Summary {
    /// How strict it was looked at.
    pub mode: Mode,
    /// The outcome.
    pub status: Outcome,
    /// The five, in the order of the table.
    pub variables: Vec<Variable>,
    /// Database, key, endpoint.
    pub connections: Connections,
    /// The three findings.
    pub checks: Vec<Check>,
    /// The layer files, strongest first.
    pub files: Vec<FileReport>,
    /// How many problems keep production from starting.
    #[serde(skip)]
    pub refusals: usize,
}

/// The outcome of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Nothing to mend.
    Ok,
    /// Something to mend, and the mode lets it pass.
    Warnings,
    /// Something to mend, and the mode does not let it pass.
    Refused,
}

impl Summary {
    /// Puts the parts together and decides the outcome.
    pub fn new(config: Config, connections: Connections, checks: Vec<Check>) -> Self {
        let strict = config.mode != Mode::Development;
        let refusals = if strict { config.refusals().len() } else { 0 };
        let clean = config.variables.iter().all(|it| it.problems.is_empty())
            && config.files.iter().all(|it| it.problems.is_empty())
            && checks
                .iter()
                .all(|it| matches!(it.status, Verdict::Ok | Verdict::Skip))
            && ![&connections.database, &connections.api, &connections.zion]
                .iter()
                .any(|it| it.status.is_failure());
        let status = match (refusals > 0, clean) {
            (true, _) => Outcome::Refused,
            (false, true) => Outcome::Ok,
            (false, false) => Outcome::Warnings,
        };
        Self {
            mode: config.mode,
            status,
            variables: config.variables,
            connections,
            checks,
            files: config.files,
            refusals,
        }
    }

    /// The exit code: refused is always 78; warnings are 1 when somebody checks.
    pub fn exit(&self, check: bool) -> Exit {
        match self.status {
            Outcome::Refused => Exit::Refused,
            Outcome::Warnings if check => Exit::No,
            Outcome::Ok | Outcome::Warnings => Exit::Yes,
        }
    }
}
