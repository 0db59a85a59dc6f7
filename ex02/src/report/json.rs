//! What does a script get? One JSON object. Its names stay the same when the sentences change.

use serde::Serialize;

use super::explain::Explanation;
use super::print::Printer;
use super::schema::{
    CheckJson, ConnectionJson, ConnectionsJson, ExplanationJson, FactJson, FileJson, OriginJson,
    SummaryJson, VariableJson,
};
use super::summary::Summary;
use super::wording::{Wording, part};
use super::{connections, facts, problems};
use crate::config::{FileReport, Problem, Variable};
use crate::probe::Connection;
use crate::safety::{Check, Fact};
use crate::sources::Origin;
use crate::words::{Place, Words};

/// The report as one JSON object.
pub fn summary(it: &Summary, printer: &Printer) -> String {
    let json = Json(printer);
    let variables = it.config.variables.iter();
    object(&SummaryJson {
        mode: it.config.mode,
        status: it.status,
        variables: variables.map(|it| json.variable(it)).collect(),
        connections: ConnectionsJson {
            database: json.connection(&it.connections.database),
            api: json.connection(&it.connections.api),
            zion: json.connection(&it.connections.zion),
        },
        checks: it.checks.iter().map(|it| json.check(it)).collect(),
        files: it.config.files.iter().map(|it| json.file(it)).collect(),
    })
}

/// The places of one variable as one JSON object.
pub fn explanation(it: &Explanation, printer: &Printer) -> String {
    let json = Json(printer);
    object(&ExplanationJson {
        name: it.name,
        about: it.about,
        status: it.status,
        layers: &it.layers,
        problems: json.problems(&it.problems),
    })
}

/// JSON with indentation and a line end.
#[expect(
    clippy::expect_used,
    reason = "only a map with other keys than texts, or a writer, can fail"
)]
fn object(it: &impl Serialize) -> String {
    serde_json::to_string_pretty(it).expect("plain fields") + "\n"
}

/// Masks and escapes every sentence before it becomes a part of the object.
struct Json<'a>(&'a Printer);

impl Json<'_> {
    fn text(&self, words: &Words) -> String {
        self.0.text(words)
    }

    fn variable(&self, it: &Variable) -> VariableJson {
        VariableJson {
            name: it.name,
            status: it.status,
            origin: it.origin.as_ref().map(|it| self.origin(it)),
            parts: it.parts.iter().map(|it| self.text(&part(it))).collect(),
            overrides: it.overrides.iter().map(|it| self.origin(it)).collect(),
            shown: it.shown.as_ref().map(|it| self.text(it)),
            problems: self.problems(&it.problems),
        }
    }

    /// Where a value comes from.
    fn origin(&self, it: &Origin) -> OriginJson {
        let (file, line) = self.place(it.place.as_ref());
        OriginJson {
            layer: it.layer.name(),
            file,
            line,
        }
    }

    fn place(&self, it: Option<&Place>) -> (Option<String>, Option<usize>) {
        let file = it.map(|it| self.text(&it.file));
        (file, it.and_then(|it| it.line))
    }

    /// Each problem as one sentence, for a log line.
    fn problems(&self, problems: &[Problem]) -> Vec<String> {
        let said = problems.iter().map(problems::said);
        said.map(|it| self.with_hint(it)).collect()
    }

    /// `message (hint: what to do)`.
    fn with_hint(&self, it: Wording) -> String {
        self.text(&match it.hint {
            Some(hint) => it.message + " (hint: " + hint + ")",
            None => it.message,
        })
    }

    fn connection(&self, it: &Connection) -> ConnectionJson {
        ConnectionJson {
            status: it.reached(),
            shown: self.text(&connections::line(it)),
        }
    }

    fn check(&self, it: &Check) -> CheckJson {
        let evidence: Vec<FactJson> = it.evidence.iter().map(|it| self.fact(it)).collect();
        let worst = evidence.iter().find(|fact| fact.status == it.status);
        CheckJson {
            name: facts::claim(it.claim),
            status: it.status,
            hint: worst.and_then(|it| it.hint.clone()),
            evidence,
        }
    }

    fn fact(&self, it: &Fact) -> FactJson {
        let said = facts::said(it);
        let (file, line) = self.place(it.place.as_ref());
        FactJson {
            kind: said.kind,
            status: it.verdict,
            file,
            line,
            message: self.text(&said.message),
            hint: said.hint.map(|it| self.text(&it)),
        }
    }

    fn file(&self, it: &FileReport) -> FileJson {
        FileJson {
            layer: it.layer,
            path: self.text(&it.path),
            status: it.status,
            entries: it.entries,
            problems: self.problems(&it.problems),
            more_problems: it.more,
        }
    }
}
