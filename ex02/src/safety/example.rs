//! Do the layer files and `.env.example` have the same variables?

use std::collections::HashSet;

use super::check::{Fact, Verdict, fact, fact_of, list};
use super::env_file::wrong;
use super::seen::{OfExample, Seen};
use crate::config::Wrong;
use crate::search::Beyond;
use crate::sources::{EnvFile, Named, Sources, State, unread};
use crate::variables::{SPECS, named};
use crate::words::Place;

/// Compares them in both directions. (A container needs neither file.)
pub fn in_step(sources: &Sources, files_needed: bool) -> Vec<Fact> {
    let example = &sources.example;
    match &example.state {
        State::Absent if !files_needed => return Vec::new(),
        State::Absent => return vec![fact(Verdict::Warn, Seen::OfExample(OfExample::Missing))],
        State::Unreadable(why) => {
            let unreadable = Wrong::Unreadable(*why, None);
            return vec![wrong(example, None, Verdict::Fail, unreadable)];
        }
        State::Read { parsed, .. } => {
            if let Some((line, flaw)) = parsed.worst() {
                let flaw = Wrong::Line(*flaw);
                return vec![wrong(example, Some(*line), Verdict::Warn, flaw)];
            }
        }
    }
    let say = |verdict, seen| fact_of(example.whole(), verdict, Seen::OfExample(seen));
    let warn = |seen| say(Verdict::Warn, seen);
    let mut in_example = names([example]);
    let mentioned = example.parsed().into_iter().flat_map(|it| &it.mentioned);
    in_example.extend(mentioned.map(String::as_str));
    let in_files = names(&sources.files);
    let mut set: HashSet<&str> = sources.process.names().collect();
    set.extend(&in_files);
    let lacking = SPECS.iter().filter(|it| !in_example.contains(it.name));
    let mut facts: Vec<Fact> = lacking.map(|it| warn(OfExample::Lacks(it.name))).collect();
    let unmentioned = sources.files.iter().flat_map(entries);
    let unmentioned = unmentioned
        .filter(|(name, _)| named(name).is_none() && !in_example.contains(name))
        .map(|(_, entry)| warn(OfExample::Unmentioned(entry)));
    let none = Beyond::default();
    list(unmentioned.collect(), none, &mut facts);
    let unread = unread(&sources.files);
    let known = !in_files.is_empty() && unread.is_empty();
    let unset = entries(example).filter(|(name, _)| known && !set.contains(name));
    let unset = unset.map(|(name, entry)| {
        warn(match lost(sources, name) {
            Some(line) => OfExample::Lost(entry, line),
            None => OfExample::SetNowhere(entry),
        })
    });
    list(unset.collect(), none, &mut facts);
    if !unread.is_empty() {
        facts.push(say(Verdict::Skip, OfExample::NotCompared(unread)));
    } else if facts.is_empty() {
        facts.push(say(Verdict::Ok, OfExample::InStep));
    }
    facts
}

/// The names that these files have.
fn names<'a>(files: impl IntoIterator<Item = &'a EnvFile>) -> HashSet<&'a str> {
    let entries = files.into_iter().flat_map(EnvFile::entries);
    entries.map(|it| it.name.as_str()).collect()
}

/// The line of a layer file that names this variable and cannot be read.
fn lost(sources: &Sources, name: &str) -> Option<Place> {
    let mut files = sources.files.iter();
    files.find_map(|file| Some(file.at(*file.parsed()?.lost.get(name)?)))
}

/// The names of a file, each with what may be shown of its entry.
fn entries(file: &EnvFile) -> impl Iterator<Item = (&str, Named)> {
    let entries = file.entries().iter();
    entries.map(|it| (it.name.as_str(), Named::new(file, &it.name, it.line)))
}
