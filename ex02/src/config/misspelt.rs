//! Which names in the files and in the shell are probably a misspelt name of the five?

use std::collections::{HashMap, HashSet};

use super::judge::Config;
use super::problem::{Alike, Problem, Wrong};
use crate::sources::{Layer, Origin, Sources};
use crate::variables::{is_plural, named, resembling};
use crate::words::{Outside, Place};

/// Adds a problem for each name that is probably a misspelt name of the five.
pub fn point_at(config: &mut Config, sources: &Sources) {
    let files = sources.files.iter().map(|file| {
        let entries = file.entries().iter();
        let names = entries.map(|it| (file.at(it.line), it.name.as_str()));
        names.collect::<Vec<_>>()
    });
    let process = Origin::of(Layer::Process).at();
    let process = sources.process.names().map(|name| (process.clone(), name));
    let groups: Vec<Vec<(Place, &str)>> = files.chain([process.collect()]).collect();
    let last = groups.len() - 1;
    // Which of the five does each of them set?
    let five = |group: &Vec<(Place, &str)>| {
        let five = group.iter().filter_map(|(_, it)| named(it));
        five.map(|it| it.name).collect::<HashSet<_>>()
    };
    let set: Vec<HashSet<&str>> = groups.iter().map(five).collect();
    for (index, names) in groups.iter().enumerate() {
        let mut alike: HashMap<&str, Vec<Alike>> = HashMap::new();
        for (place, name) in names {
            let Some(meant) = resembling(name).filter(|_| named(name).is_none()) else {
                continue;
            };
            // When the right name is set elsewhere, this name probably means something else. But a misspelt
            // name in the shell should have won over a file, so it counts.
            let elsewhere = set.iter().any(|it| it.contains(meant.name));
            let overrides =
                index == last && !is_plural(name, meant) && !set[last].contains(meant.name);
            if overrides || !elsewhere {
                alike.entry(meant.name).or_default().push(Alike {
                    name: Outside::from(*name),
                    place: place.clone(),
                });
            }
        }
        for variable in &mut config.variables {
            let Some(mut alike) = alike.remove(variable.name) else {
                continue;
            };
            alike.dedup();
            let wrong = Wrong::Misspelt(alike);
            let problem = Problem::of_variable(variable.name, None, wrong);
            variable.problems.push(problem);
        }
    }
}
