//! What is the result of the whole run, and how does the program end?

use serde::Serialize;

use crate::config::Config;
use crate::exit::Exit;
use crate::probe::Connections;
use crate::safety::{Check, Verdict};
use crate::variables::Mode;

/// Everything that the run found.
pub struct Summary<'a> {
    /// The outcome of the run.
    pub status: Outcome,
    /// The mode, the variables and the files.
    pub config: Config<'a>,
    /// Database, key, endpoint.
    pub connections: Connections,
    /// The three checks.
    pub checks: Vec<Check>,
    /// How many problems keep production from starting.
    pub refusals: usize,
}

/// The outcome of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// There is nothing to mend.
    Ok,
    /// There is something to mend, and the mode allows it.
    Warnings,
    /// There is something to mend, and the mode does not allow it.
    Refused,
}

impl<'a> Summary<'a> {
    /// Puts the parts together and decides the outcome.
    pub fn new(config: Config<'a>, connections: Connections, checks: Vec<Check>) -> Self {
        let (refused, more) = config.refusals();
        let strict = config.mode != Mode::Development;
        let refusals = if strict { refused.len() + more } else { 0 };
        let all = [&connections.database, &connections.api, &connections.zion];
        let clean = config.variables.iter().all(|it| it.problems.is_empty())
            && config.files.iter().all(|it| it.problems.is_empty())
            && checks.iter().all(|it| it.status <= Verdict::Skip)
            && !all.iter().any(|it| it.reached().is_to_mend());
        let status = if refusals > 0 {
            Outcome::Refused
        } else if clean {
            Outcome::Ok
        } else {
            Outcome::Warnings
        };
        Self {
            status,
            config,
            connections,
            checks,
            refusals,
        }
    }

    /// The exit code: 78 when the configuration is refused, 1 for warnings with `--check`.
    pub fn exit(&self, check: bool) -> Exit {
        match self.status {
            Outcome::Refused => Exit::Refused,
            Outcome::Warnings if check => Exit::No,
            Outcome::Ok | Outcome::Warnings => Exit::Yes,
        }
    }
}
