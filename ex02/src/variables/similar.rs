//! Which of the five was a name probably meant to be?

use strsim::osa_distance;

use super::table::{SPECS, Spec};

/// The variable that a name was probably meant to be: `DATABSE_URL`, `ApiKey`.
pub fn resembling(name: &str) -> Option<&'static Spec> {
    let bare = |name: &str| name.to_ascii_uppercase().replace(['_', '-', '.'], "");
    let name = bare(name);
    SPECS.iter().find(|it| {
        let wanted = bare(it.name);
        wanted.len().abs_diff(name.len()) <= 2 && osa_distance(&wanted, &name) <= wanted.len() / 5
    })
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
