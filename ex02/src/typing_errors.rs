//! Which of the five was a name probably meant to be?

use crate::config::{Config, Problem};
use crate::sources::{FILES, Sources};
use crate::spec::{self, SPECS, Spec};

/// Points at names that were probably meant to be one of the five.
pub fn point_at(config: &mut Config, sources: &Sources) {
    let files = FILES
        .iter()
        .filter_map(|name| sources.files.iter().find(|it| it.name == *name));
    let entries = files.flat_map(|file| {
        let place = |line| format!("{}:{line}", file.shown);
        let entries = file.entries().iter();
        entries.map(move |it| (place(it.line), it.name.as_str(), Some(file)))
    });
    let process = sources
        .process
        .iter()
        .filter_map(|(name, _)| Some(("process environment".to_owned(), name.to_str()?, None)));
    for (place, name, file) in entries.chain(process) {
        let (None, Some(meant)) = (spec::named(name), resembling(name)) else {
            continue;
        };
        // Beside the right name in the same place it is a variable of its own: API_KEY2.
        let set_there = match file {
            Some(file) => file.entries().iter().any(|it| it.name == meant.name),
            None => sources.process.iter().any(|(name, _)| name == meant.name),
        };
        let Some(variable) = config.variables.iter_mut().find(|it| it.name == meant.name) else {
            continue;
        };
        if !set_there {
            let what = format!("a name like it stands in {place}: nothing reads that one");
            variable.problems.push(Problem::new(
                what,
                format!("did you mean `{}`? rename it", meant.name),
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
