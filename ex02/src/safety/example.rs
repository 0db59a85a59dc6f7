//! Do the layer files and `.env.example` speak of the same variables?

use std::collections::HashSet;

use crate::config::secrets::is_usual_name;
use crate::safety::production::{Fact, Verdict, bad, good, list};
use crate::secret::shown::Gate;
use crate::sources::file::{LayerFile, State};
use crate::sources::layers::{EXAMPLE, Sources};
use crate::variables::table::{self, SPECS};

/// Compares them both ways. (A container needs neither.)
pub fn in_step(sources: &Sources, files_needed: bool, gate: &Gate) -> Vec<Fact> {
    let example = &sources.example;
    let shown = &example.shown;
    match &example.state {
        State::Absent if !files_needed => return Vec::new(),
        State::Absent => {
            return vec![bad(
                Verdict::Warn,
                format!("no {EXAMPLE}: nobody knows which variables to set"),
                format!("write {EXAMPLE} with all names and placeholders, and commit it"),
            )];
        }
        State::Unreadable(why, fix) => {
            return vec![bad(Verdict::Fail, format!("{shown}: {why}"), fix)];
        }
        State::Read { parsed, .. } => {
            if let Some((line, flaw)) = parsed.flaws.first() {
                let (what, fix) = flaw.words();
                return vec![bad(Verdict::Warn, format!("{shown}:{line}: {what}"), fix)];
            }
        }
    }
    let in_example = names([example]);
    let in_files = names(&sources.files);
    let process = sources.process.iter().filter_map(|(name, _)| name.to_str());
    let mut set: HashSet<&str> = process.collect();
    set.extend(&in_files);
    let mut facts = Vec::new();
    for spec in SPECS.iter().filter(|it| !in_example.contains(it.name)) {
        facts.push(bad(
            Verdict::Warn,
            format!("{shown} does not mention {}", spec.name),
            format!("add {}= with a placeholder to it", spec.name),
        ));
    }
    let unmentioned = sources.files.iter().flat_map(entries);
    let unmentioned = unmentioned
        .filter(|(name, _)| table::named(name).is_none() && !in_example.contains(name))
        .map(|(name, place)| {
            let name = gate.hide(&printable(name, &place));
            bad(
                Verdict::Warn,
                format!("{shown} does not mention {name}"),
                "add its name with a placeholder there, or delete the entry",
            )
        });
    list(unmentioned.collect(), "entries like these", &mut facts);
    let unset = entries(example).filter(|(name, _)| !in_files.is_empty() && !set.contains(name));
    let unset = unset.map(|(name, place)| {
        let name = gate.hide(&printable(name, &place));
        bad(
            Verdict::Warn,
            format!("{name} stands in {shown} and is set nowhere"),
            "set it in .env, or delete it from the example",
        )
    });
    list(unset.collect(), "names like these", &mut facts);
    if facts.is_empty() {
        facts.push(good(format!("{shown}: in step, both ways")));
    }
    facts
}

/// The names that these files have.
fn names<'a>(files: impl IntoIterator<Item = &'a LayerFile>) -> HashSet<&'a str> {
    let entries = files.into_iter().flat_map(LayerFile::entries);
    entries.map(|it| it.name.as_str()).collect()
}

/// The names of a file, each with its place.
fn entries(file: &LayerFile) -> impl Iterator<Item = (&str, String)> {
    let entries = file.entries().iter();
    entries.map(|it| (it.name.as_str(), format!("{}:{}", file.shown, it.line)))
}

/// A name as people write them; of anything else only the place, for it may be part of a secret.
fn printable(name: &str, place: &str) -> String {
    match is_usual_name(name) {
        true => format!("{name} ({place})"),
        false => format!("the entry in {place}"),
    }
}
