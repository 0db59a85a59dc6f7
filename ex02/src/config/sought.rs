//! Which secrets does the search look for, and which does it leave out?

use std::collections::{BTreeSet, HashSet};

use aho_corasick::AhoCorasick;

use super::secrets::{NotSought, Owner, SEARCHED, owned, owned_by_example};
use crate::secret::Secret;
use crate::sources::{Entry, Sources};
use crate::variables::{
    LOG_LEVEL, MATRIX_MODE, is_common_word, is_placeholder, is_word, may_be_in_force,
};

/// What the search looks for, and what it does not look for, each with its owner.
#[derive(Default)]
pub struct Sought {
    /// No tracked file may have one of these in it.
    pub secrets: Vec<(Owner, Secret)>,
    /// The others, in order.
    pub left: BTreeSet<(Owner, NotSought)>,
}

/// A shorter value may occur by chance. In bytes.
pub const SHORTEST: usize = 8;

/// The secrets that no tracked file may have in it, each with its owner, and the values that may be there.
pub fn sought(sources: &Sources) -> Sought {
    let root = sources.root.as_ref().ok().and_then(Option::as_ref);
    let project = root.unwrap_or(&sources.folder);
    let project = project.file_name().unwrap_or_default();
    let is_project = |it: &Secret| project.eq_ignore_ascii_case(it.expose());
    let parts = owned(sources, &SEARCHED);
    let of_example = owned_by_example(sources, &SEARCHED);
    let disguised = parts.iter().chain(&of_example);
    let disguised = disguised.map(|(_, (it, _))| it.clone());
    let disguised = disguised.filter(|it| may_be_in_force(it.expose()));
    let disguised: Vec<Secret> = disguised.collect();
    let public = within(&disguised, sources.example.entries());
    let why_here = |secret: &Secret| {
        let in_example = public.contains(secret.expose());
        let in_example = in_example.then_some(NotSought::InExample);
        is_project(secret)
            .then_some(NotSought::Project)
            .or(in_example)
    };
    let parts = parts.into_iter().map(|(owner, (secret, why))| {
        let why = why.or_else(|| why_here(&secret));
        (owner, secret, why)
    });
    let of_example = of_example
        .into_iter()
        .map(|(owner, (it, _))| (owner, it, None));
    let of_example = of_example.filter(|(_, it, _)| why_here(it).is_none());
    let mut sought = Sought::default();
    for (owner, secret, why) in parts.chain(of_example) {
        let text = secret.expose().trim();
        match why.or_else(|| why_not(&owner, text)) {
            _ if text.is_empty() => {}
            Some(why) => drop(sought.left.insert((owner, why))),
            None => sought.secrets.push((owner, secret)),
        }
    }
    sought
}

/// Why the search does not look for this value, wherever it is.
pub fn why_not(owner: &Owner, text: &str) -> Option<NotSought> {
    let words = [MATRIX_MODE, LOG_LEVEL].map(|it| Owner::Variable(it.name));
    let expects_word = words.contains(owner);
    if is_placeholder(text) && !may_be_in_force(text) {
        Some(NotSought::Placeholder)
    } else if text.len() < SHORTEST {
        Some(NotSought::TooShort)
    } else if is_common_word(text) {
        Some(NotSought::CommonWord)
    } else if expects_word && is_word(text) {
        Some(NotSought::Word)
    } else {
        None
    }
}

/// Which of these words are in the values of the example? These are public.
fn within<'a>(words: &'a [Secret], example: &[Entry]) -> HashSet<&'a str> {
    let words: BTreeSet<&str> = words.iter().map(Secret::expose).collect();
    let words: Vec<&str> = words.into_iter().collect();
    // All at once: both files may have very many.
    let Ok(search) = AhoCorasick::new(&words) else {
        return HashSet::new();
    };
    let values = example.iter().map(|it| it.value.expose());
    let found = values.flat_map(|it| search.find_overlapping_iter(it));
    found
        .filter_map(|it| words.get(it.pattern().as_usize()).copied())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::{Process, read};

    #[test]
    fn the_report_names_values_that_are_not_searched_for() {
        for (name, text, why) in [
            (
                "DATABASE_URL",
                "change-me-please",
                Some(NotSought::Placeholder),
            ),
            ("ZION_ENDPOINT", "short", Some(NotSought::TooShort)),
            ("LOG_LEVEL", "information", Some(NotSought::Word)),
            ("LOG_LEVEL", "51HxQzT9bWmK", None),
            ("LOG_LEVEL", "HxQzTbWmKpLsVnRd", None),
            ("DATABASE_URL", "information", None),
        ] {
            assert_eq!(why_not(&Owner::Variable(name), text), why, "{name}={text}");
        }
        let folder = tempfile::tempdir().unwrap();
        let text = "API_KEY=51HxQzT9bWmK\nDATABASE_URL=mysql://neo:short@h/m\n";
        std::fs::write(folder.path().join(".env"), text).unwrap();
        let sources = read(Process::new(std::iter::empty()), folder.path());
        let sought = sought(&sources);
        let owners = sought.secrets.iter().map(|(owner, _)| owner);
        assert!(owners.eq([&Owner::Variable("API_KEY")]));
        let left = (Owner::Variable("DATABASE_URL"), NotSought::TooShort);
        assert_eq!(sought.left, BTreeSet::from([left]));
    }
}
