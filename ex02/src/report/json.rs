//! What does a script get? One JSON object. Its names stay the same when the sentences change. The reference
//! page names each.

use serde_json::{Value, json};

use super::explain::Explanation;
use super::print::Printer;
use super::summary::Summary;
use super::wording::{Wording, part};
use super::{connections, facts, problems};
use crate::config::{FileReport, Problem, Variable};
use crate::probe::Connection;
use crate::safety::{Check, Fact};
use crate::sources::{Origin, State};
use crate::words::{Place, Words};

/// The report as one JSON object.
pub fn summary(it: &Summary, printer: &Printer) -> String {
    let json = Json(printer);
    let variables = it.config.variables.iter().map(|it| json.variable(it));
    let checks = it.checks.iter().map(|it| json.check(it));
    let files = it.config.files.iter().map(|it| json.file(it));
    printed(&json!({
        "mode": it.config.mode,
        "status": it.status,
        "variables": variables.collect::<Value>(),
        "connections": {
            "database": json.connection(&it.connections.database),
            "api": json.connection(&it.connections.api),
            "zion": json.connection(&it.connections.zion),
        },
        "checks": checks.collect::<Value>(),
        "files": files.collect::<Value>(),
    }))
}

/// The places of one variable as one JSON object.
pub fn explanation(it: &Explanation, printer: &Printer) -> String {
    printed(&json!({
        "name": it.spec.name,
        "about": it.spec.about,
        "status": it.variable.status,
        "layers": it.layers,
        "problems": Json(printer).problems(&it.variable.problems),
    }))
}

/// JSON with indentation and a line end.
fn printed(it: &Value) -> String {
    format!("{it:#}\n")
}

/// Masks and escapes every sentence before it becomes a part of the object.
struct Json<'a>(&'a Printer);

impl Json<'_> {
    fn text(&self, words: &Words) -> String {
        self.0.text(words)
    }

    fn variable(&self, it: &Variable) -> Value {
        json!({
            "name": it.name,
            "status": it.status,
            "origin": it.origin.as_ref().map(|it| self.origin(it)),
            // The entries that gave it parts of its value: `HOST of .env:1`.
            "parts": it.parts.iter().map(|it| self.text(&part(it))).collect::<Value>(),
            "overrides": it.overrides.iter().map(|it| self.origin(it)).collect::<Value>(),
            "shown": it.shown.as_ref().map(|it| self.text(it)),
            "problems": self.problems(&it.problems),
        })
    }

    /// Where a value comes from.
    fn origin(&self, it: &Origin) -> Value {
        let (file, line) = self.place(it.place.as_ref());
        json!({ "layer": it.layer.name(), "file": file, "line": line })
    }

    fn place(&self, it: Option<&Place>) -> (Option<String>, Option<usize>) {
        let file = it.map(|it| self.text(&it.file));
        (file, it.and_then(|it| it.line))
    }

    /// Each problem as one sentence, for a log line.
    fn problems(&self, problems: &[Problem]) -> Value {
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

    fn connection(&self, it: &Connection) -> Value {
        json!({ "status": it.reached(), "shown": self.text(&connections::line(it)) })
    }

    fn check(&self, it: &Check) -> Value {
        let evidence: Vec<Value> = it.evidence.iter().map(|it| self.fact(it)).collect();
        let mut facts = it.evidence.iter().zip(&evidence);
        let worst = facts.find(|(fact, _)| fact.verdict == it.status);
        json!({
            "name": facts::claim(it.claim),
            "status": it.status,
            // How to mend the worst of the facts.
            "hint": worst.map(|(_, it)| &it["hint"]),
            "evidence": evidence,
        })
    }

    fn fact(&self, it: &Fact) -> Value {
        let said = facts::said(it);
        let (file, line) = self.place(it.place.as_ref());
        json!({
            "kind": said.kind,
            "status": it.verdict,
            "file": file,
            "line": line,
            "message": self.text(&said.message),
            "hint": said.hint.map(|it| self.text(&it)),
        })
    }

    fn file(&self, it: &FileReport) -> Value {
        json!({
            "layer": it.file.name,
            "path": self.text(&it.file.shown),
            "status": match it.file.state {
                State::Read { .. } => "read",
                State::Absent => "absent",
                State::Unreadable(_) => "unreadable",
            },
            "entries": it.file.entries().len(),
            "problems": self.problems(&it.problems),
            // How many more lines are wrong than are listed.
            "more_problems": it.more,
        })
    }
}
