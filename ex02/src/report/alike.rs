//! Which of many similar facts are printed in full, so that a report fits on a screen?
//!
//! Only text is shortened. A script gets them all.

use super::wording::{Wording, wrong};
use super::{facts, flaws, problems};
use crate::config::{FileReport, Problem, Wrong};
use crate::safety::{Fact, Seen, Verdict};
use crate::search::Beyond;
use crate::words::{MOST_LISTED, listed};

/// How many facts of a kind are printed in full when there are too many.
const SPELT_OUT: usize = 3;

/// Up to this many facts of a kind are all printed in full.
const FEW: usize = 5;

/// The facts of a check. From a row of similar facts: the first ones and the number of the others.
pub fn facts(evidence: &[Fact]) -> Vec<(Verdict, Wording)> {
    let mut said = Vec::new();
    // A fact that only counts others ends its row.
    let row = |a: &Fact, b: &Fact| goes_on(a) && (is_more(b) || family(a) == family(b));
    for row in evidence.chunk_by(row) {
        let listed = row.iter().filter(|it| !is_more(it)).count();
        let spelt_out = if row.len() > FEW { SPELT_OUT } else { listed };
        let first = row[..spelt_out].iter();
        said.extend(first.map(|it| (it.verdict, facts::said(it))));
        let mut beyond = match row[row.len() - 1].seen {
            Seen::More(beyond) => beyond,
            _ => Beyond::default(),
        };
        beyond.number += listed - spelt_out;
        if beyond.number > 0 {
            said.push((row[0].verdict, facts::more(beyond)));
        }
    }
    said
}

/// True for facts that can come in rows.
fn goes_on(fact: &Fact) -> bool {
    fact.verdict >= Verdict::Warn && !is_more(fact)
}

/// True for a fact that only counts others.
fn is_more(fact: &Fact) -> bool {
    matches!(fact.seen, Seen::More(..))
}

/// Facts with the same key are similar.
fn family(fact: &Fact) -> (Verdict, &'static str) {
    let kind = match &fact.seen {
        Seen::Holds(..) => "secret",
        _ => facts::said(fact).kind,
    };
    (fact.verdict, kind)
}

/// The problems of a file. Of each kind: the first ones, and the line numbers of the others. Lines that
/// may be lost are all named.
pub fn problems_of(file: &FileReport) -> Vec<Wording> {
    let said = |it| (problems::said_in_full(it), it);
    let mut rest: Vec<(Wording, &Problem)> = file.problems.iter().map(said).collect();
    let (mut all, mut unlisted) = (Vec::new(), file.more);
    while let Some((said, problem)) = rest.first() {
        let kind = said.kind;
        let lost = matches!(problem.wrong, Wrong::Line(flaw) if flaw.loses_a_line());
        let (mut alike, others): (Vec<_>, Vec<_>) =
            rest.into_iter().partition(|(said, _)| said.kind == kind);
        rest = others;
        let spelt_out = match alike.len() {
            _ if lost => MOST_LISTED,
            0..=FEW => FEW,
            _ => SPELT_OUT,
        };
        let more = alike.split_off(alike.len().min(spelt_out));
        all.extend(alike.into_iter().map(|(said, _)| said));
        if lost {
            unlisted += more.len();
        } else if !more.is_empty() {
            let lines = more.iter().filter_map(|(_, it)| it.place.as_ref()?.line);
            let what = file.file.shown.clone() + ": and " + more.len();
            let what = what + " more lines like these: " + listed(lines);
            all.push(wrong(kind, what, "mend them like those above"));
        }
    }
    let more = (unlisted > 0).then(|| flaws::more_lines(&file.file.shown, unlisted));
    all.extend(more);
    all
}
