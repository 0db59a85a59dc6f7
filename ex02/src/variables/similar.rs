//! Which of the five variables did somebody probably mean?

use std::sync::LazyLock;

use strsim::osa_distance;

use super::table::{SPECS, Spec};

/// The five names without signs, in the order of [`SPECS`].
static WANTED: LazyLock<Vec<String>> =
    LazyLock::new(|| SPECS.iter().map(|it| bare(it.name)).collect());

/// Names that are one edit away from one of the five, but mean something else.
const OTHERS: &[&str] = &["APPKEY", "DATABASEURI"];

/// The variable that somebody probably meant by this name: `DATABSE_URL`, `ApiKey`. The name must be
/// one edit away, and must not mean something else, as `APP_KEY`, `X_API_KEY` and `API_KEY_2` do.
pub fn resembling(name: &str) -> Option<&'static Spec> {
    let name = bare(name);
    let is_meant = |wanted: &String| {
        let numbered = name
            .strip_prefix(wanted)
            .is_some_and(|it| it.parse::<u32>().is_ok());
        let before = name.strip_suffix(wanted).unwrap_or_default();
        let prefixed = !before.is_empty() && !wanted.starts_with(before);
        osa_distance(wanted, &name) <= 1
            && !(numbered || prefixed || OTHERS.contains(&name.as_str()))
    };
    let near = |it: &String| it.len().abs_diff(name.len()) <= 1 && is_meant(it);
    WANTED.iter().position(near).map(|it| &SPECS[it])
}

/// True for `API_KEYS`: somebody may have set both names.
pub fn is_plural(name: &str, spec: &Spec) -> bool {
    bare(name).strip_prefix(&bare(spec.name)) == Some("S")
}

/// The letters of a name, in one case and without signs.
fn bare(name: &str) -> String {
    name.to_ascii_uppercase().replace(['_', '-', '.'], "")
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
            ("API_KEYY", Some("API_KEY")),
            ("APP_KEY", None),
            ("X_API_KEY", None),
            ("API_KEY_2", None),
            ("OKTA_BASE_URL", None),
            ("DATABASE_URI", None),
        ] {
            assert_eq!(resembling(name).map(|it| it.name), expected, "{name}");
        }
    }
}
