//! Does what we are about to print hold a piece of a secret?
//!
//! Two nets. [`Gate::hide`] masks every word that comes from outside (a path, a host) before
//! it enters the report. [`Gate::holds_back`] reads the finished output once more; if a piece
//! got through all the same, nothing is printed at all.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use crate::secret::forms::{self, Form};
use crate::secret::value::Secret;

/// How many bytes of a secret in a row count as a leak.
const PIECE: usize = 8;

/// So many bytes of secrets are known in every form; those beyond (a file of nothing but broken
/// lines) only as they are.
const MOST_ENCODED: usize = 64 * 1024;

/// Secrets shorter than this are too common as text to be hunted: `a`, `42`, `dev`.
const SHORTEST_WORD: usize = 4;

/// Every sentence of this program. A secret that is one of our own words (`development`)
/// is not given away by our printing that word as we always do.
const OWN_WORDS: &[&str] = &[
    include_str!("../safety/env_file.rs"),
    include_str!("../safety/example.rs"),
    include_str!("../safety/hardcoded.rs"),
    include_str!("../safety/history.rs"),
    include_str!("../safety/production.rs"),
    include_str!("../cli.rs"),
    include_str!("../config/judge.rs"),
    include_str!("../variables/database.rs"),
    include_str!("../variables/sqlite_url.rs"),
    include_str!("../sources/dotenv.rs"),
    include_str!("../variables/endpoint.rs"),
    include_str!("../words/escape.rs"),
    include_str!("../exit.rs"),
    include_str!("../report/explain.rs"),
    include_str!("../config/files.rs"),
    include_str!("../secret/forms.rs"),
    include_str!("../git/index.rs"),
    include_str!("../git/process.rs"),
    include_str!("../search/objects.rs"),
    include_str!("../search/places.rs"),
    include_str!("../variables/judge.rs"),
    include_str!("../config/secrets.rs"),
    include_str!("../sources/file.rs"),
    include_str!("../sources/literal.rs"),
    include_str!("../main.rs"),
    include_str!("../search/needles.rs"),
    include_str!("../probe/ask.rs"),
    include_str!("../probe/database.rs"),
    include_str!("../probe/endpoint.rs"),
    include_str!("../probe/http.rs"),
    include_str!("../probe/postgres.rs"),
    include_str!("../probe/sqlite.rs"),
    include_str!("../probe/tls.rs"),
    include_str!("../report/print.rs"),
    include_str!("../git/repository.rs"),
    include_str!("../search/work_tree.rs"),
    include_str!("../secret/value.rs"),
    include_str!("../search/shapes.rs"),
    include_str!("../sources/layers.rs"),
    include_str!("../variables/table.rs"),
    include_str!("../variables/strength.rs"),
    include_str!("../report/summary.rs"),
    include_str!("../sources/supply.rs"),
    include_str!("../report/text.rs"),
    include_str!("../config/misspelt.rs"),
    include_str!("../variables/url.rs"),
    include_str!("../words/wording.rs"),
    include_str!("../report/wrap.rs"),
];

/// Knows the secrets well enough to recognise a piece of one, and no better: keyed hashes.
pub struct Gate {
    /// The key of the hashes, new in every run.
    hasher: RandomState,
    /// Hashes of every [`PIECE`] bytes in a row of every form of every secret.
    pieces: HashSet<u64>,
    /// Secrets shorter than a piece; hidden where they stand as a word of their own.
    words: Vec<Secret>,
}

impl Gate {
    /// A gate that knows these secrets.
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        let mut gate = Self {
            hasher: RandomState::new(),
            pieces: HashSet::new(),
            words: Vec::new(),
        };
        let mut encoded = 0;
        for secret in secrets {
            let text = secret.expose().trim();
            if text.len() >= PIECE {
                encoded += text.len();
                let forms = match encoded <= MOST_ENCODED {
                    true => forms::printed(text),
                    false => vec![Form::new(text.to_owned())],
                };
                for form in forms {
                    let pieces = form.as_bytes().windows(PIECE);
                    gate.pieces
                        .extend(pieces.map(|it| gate.hasher.hash_one(it)));
                }
            } else if text.len() >= SHORTEST_WORD {
                gate.words.push(Secret::new(text));
            }
        }
        gate
    }

    /// A text from outside with every piece of a secret replaced by `***`.
    pub fn hide(&self, outside: &str) -> String {
        let mut marked = vec![false; outside.len()];
        for at in self.leaks(outside) {
            marked[at..at + PIECE].fill(true);
        }
        for word in &self.words {
            for at in standing_alone(outside, word.expose()) {
                marked[at..at + word.expose().len()].fill(true);
            }
        }
        let mut shown = String::with_capacity(outside.len());
        let mut hidden = false;
        for (at, c) in outside.char_indices() {
            let hide = marked[at..at + c.len_utf8()].contains(&true);
            match (hide, hidden) {
                (true, false) => shown.push_str("***"),
                (true, true) => {}
                (false, _) => shown.push(c),
            }
            hidden = hide;
        }
        shown
    }

    /// True when the finished output holds a piece of a secret that is not a word of ours.
    pub fn holds_back(&self, output: &str) -> bool {
        let pieces = self.leaks(output);
        let pieces: HashSet<&[u8]> = pieces
            .map(|at| &output.as_bytes()[at..at + PIECE])
            .collect();
        pieces.into_iter().any(|piece| {
            let finder = memchr::memmem::Finder::new(piece);
            let ours = |text: &&str| finder.find(text.as_bytes()).is_some();
            !OWN_WORDS.iter().any(ours)
        })
    }

    /// Where the pieces of secrets begin.
    fn leaks(&self, text: &str) -> impl Iterator<Item = usize> {
        let pieces = match self.pieces.is_empty() {
            true => [].windows(PIECE),
            false => text.as_bytes().windows(PIECE),
        };
        pieces
            .enumerate()
            .filter(|(_, piece)| self.pieces.contains(&self.hasher.hash_one(piece)))
            .map(|(at, _)| at)
    }
}

/// Where a word occurs without a letter or digit on either side.
fn standing_alone(text: &str, word: &str) -> Vec<usize> {
    text.match_indices(word)
        .filter(|(at, _)| {
            let before = text[..*at].chars().next_back();
            let after = text[at + word.len()..].chars().next();
            ![before, after]
                .iter()
                .flatten()
                .any(|c| c.is_alphanumeric())
        })
        .map(|(at, _)| at)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(secret: &str, outside: &str, expected: &str) {
        assert_eq!(Gate::new([&Secret::new(secret)]).hide(outside), expected);
    }

    #[test]
    fn a_piece_of_a_secret_in_a_path_is_masked() {
        let secret = "Tr1nity-kisses-Neo";
        check(secret, "/keys/Tr1nity-kisses-Neo.txt", "/keys/***.txt");
        check(secret, "/keys/nity-kisses", "/keys/***");
        check(secret, "/keys/Tr1nity", "/keys/Tr1nity");
        check(secret, "oeN-sessik-ytin1rT", "***");
        check("naïve-café", "x/naïve-café/y", "x/***/y");
    }

    #[test]
    fn a_short_secret_is_masked_where_it_stands_alone() {
        check("matrix", "host/matrix", "host/***");
        check("matrix", "host/matrix_env", "host/***_env");
        check("matrix", "host/matrixes", "host/matrixes");
        check("ab", "a/ab/b", "a/ab/b");
    }

    #[test]
    fn every_file_of_this_program_is_known_but_this_one_and_tests() {
        let here = include_str!("shown.rs");
        let source = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"));
        let names = |folder: &std::path::Path| {
            let entries = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap());
            let names = entries.map(|it| it.file_name().into_string().unwrap());
            names.collect::<Vec<_>>()
        };
        let (files, rooms): (Vec<_>, Vec<_>) = names(source)
            .into_iter()
            .partition(|it| source.join(it).is_file());
        let inside = rooms.iter().flat_map(|room| {
            let files = names(&source.join(room)).into_iter();
            files.map(move |file| format!("{room}/{file}"))
        });
        // A door names its children and says nothing.
        let doors: Vec<String> = rooms.iter().map(|room| format!("{room}.rs")).collect();
        let files = files.into_iter().filter(|it| !doors.contains(it));
        for name in files.chain(inside) {
            let known = here.contains(&format!("    include_str!(\"../{name}\"),\n"));
            let printing = !["secret/shown.rs", "hostile.rs"].contains(&name.as_str());
            assert_eq!(known, printing, "{name}");
        }
    }

    #[test]
    fn a_leak_is_held_back_and_our_own_words_are_not() {
        let gate = Gate::new([
            &Secret::new("Tr1nity-kisses-Neo"),
            &Secret::new("development"),
        ]);
        assert!(gate.holds_back("the key is Tr1nity-k, of course"));
        assert!(gate.holds_back("VHIxbml0eS1raXNzZXMtTmVv"));
        assert!(!gate.holds_back("Mode: development"));
        assert!(!gate.holds_back("ORACLE STATUS: Reading the Matrix..."));
    }
}
