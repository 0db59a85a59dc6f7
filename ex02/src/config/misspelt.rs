//! Which names in the files and in the shell were probably meant to be one of the five?

use std::collections::HashMap;

use super::judge::Config;
use super::problem::{Problem, Wrong};
use crate::sources::Sources;
use crate::variables::{named, resembling};
use crate::words::Place;

/// Points at names that were probably meant to be one of the five.
pub fn point_at(config: &mut Config, sources: &Sources) {
    let files = sources.files.iter().map(|file| {
        let entries = file.entries().iter();
        let names = entries.map(|it| (file.at(it.line), it.name.as_str()));
        names.collect::<Vec<_>>()
    });
    let process = sources.process.names().map(|name| {
        let place = Place {
            file: "process environment".into(),
            line: None,
        };
        (place, name)
    });
    for names in files.chain([process.collect()]) {
        let mut places: HashMap<&str, Vec<Place>> = HashMap::new();
        for (place, name) in &names {
            if let (None, Some(meant)) = (named(name), resembling(name)) {
                places.entry(meant.name).or_default().push(place.clone());
            }
        }
        for variable in &mut config.variables {
            // Beside the right name in the same place it is a variable of its own: API_KEY2.
            let set_there = || names.iter().any(|(_, name)| *name == variable.name);
            let Some(mut places) = places.remove(variable.name).filter(|_| !set_there()) else {
                continue;
            };
            places.dedup();
            variable.problems.push(Problem {
                variable: Some(variable.name),
                place: None,
                wrong: Wrong::Misspelt(places),
            });
        }
    }
}
