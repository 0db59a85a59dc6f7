//! Which of the five was a name probably meant to be?

use std::collections::HashMap;

use crate::config::judge::{Config, Problem};
use crate::sources::layers::{FILES, Sources};
use crate::variables::table::{self, SPECS, Spec};
use crate::words::wording::some;

/// Points at names that were probably meant to be one of the five.
pub fn point_at(config: &mut Config, sources: &Sources) {
    let files = FILES.iter().filter_map(|name| {
        let file = sources.files.iter().find(|it| it.name == *name)?;
        let entries = file.entries().iter();
        let names = entries.map(|it| (format!("{}:{}", file.shown, it.line), it.name.as_str()));
        Some(names.collect::<Vec<_>>())
    });
    let process = sources.process.iter().filter_map(|(name, _)| name.to_str());
    let process = process.map(|name| ("process environment".to_owned(), name));
    for names in files.chain([process.collect()]) {
        let mut places: HashMap<&str, Vec<String>> = HashMap::new();
        for (place, name) in &names {
            if let (None, Some(meant)) = (table::named(name), resembling(name)) {
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
            variable.problems.push(Problem::new(
                format!(
                    "a name like it stands in {}: nothing reads that one",
                    some(&places)
                ),
                format!("did you mean `{}`? rename it", variable.name),
            ));
        }
    }
}

/// The variable that a name was probably meant to be: `DATABSE_URL`, `ApiKey`.
pub fn resembling(name: &str) -> Option<&'static Spec> {
    let bare = |name: &str| name.to_ascii_uppercase().replace(['_', '-', '.'], "");
    let name = bare(name);
    SPECS.iter().find(|it| {
        let wanted = bare(it.name);
        wanted.len().abs_diff(name.len()) <= 2 && distance(&wanted, &name) <= wanted.len() / 5
    })
}

/// How many letters must be changed, added, removed or swapped (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = match (i, j) {
                (0, _) | (_, 0) => i + j,
                _ => {
                    let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                    let mut best = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                    if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                        best = best.min(rows[i - 2][j - 2] + 1);
                    }
                    best
                }
            };
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_a_typing_error_is_recognised() {
        for (name, expected) in [
            ("DATABSE_URL", Some("DATABASE_URL")),
            ("ApiKey", Some("API_KEY")),
            ("API_KEYS", Some("API_KEY")),
            ("LOGLEVEL", Some("LOG_LEVEL")),
            ("MATRX_MODE", Some("MATRIX_MODE")),
            ("ZION_ENDPIONT", Some("ZION_ENDPOINT")),
            ("KEY", None),
            ("PATH", None),
            ("DB_URL", None),
            ("APP_KEY", Some("API_KEY")),
        ] {
            assert_eq!(resembling(name).map(|it| it.name), expected, "{name}");
        }
    }
}
