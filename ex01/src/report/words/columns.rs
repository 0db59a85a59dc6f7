//! Why does a table not have its two columns, in words?

use super::excerpt::{excerpt, looks_like};
use crate::faults::{Dialect, MOST_NAMES, TableKind};
use crate::text::shown;

/// What is said of a CSV file in another encoding.
pub const NOT_UTF8: &str = "; it is not UTF-8: save the file as UTF-8";

/// The columns that are there, for the error about a missing one.
pub fn no_column(name: &str, there: &[Vec<u8>], table: TableKind) -> String {
    let first = there.iter().take(MOST_NAMES);
    let quoted = |it: &Vec<u8>| format!("`{}`", excerpt(it, |it| looks_like(it, name)));
    let mut names: Vec<String> = first.map(quoted).collect();
    if there.len() > MOST_NAMES {
        names.push("…".to_owned());
    }
    let mut missing = if names.is_empty() {
        format!("no column `{name}`, and no other one")
    } else {
        format!("no column `{name}`, only {}", names.join(", "))
    };
    let is_csv = matches!(table, TableKind::Csv { .. });
    if is_csv && there.iter().any(|it| str::from_utf8(it).is_err()) {
        missing += NOT_UTF8;
    }
    if is_csv && there.first().is_some_and(|it| it.starts_with(b"sep=")) {
        missing += "; this line is for Excel alone: delete it";
    }
    if is_csv && there.first().is_some_and(|it| it.starts_with(b"#")) {
        missing += "; lines that begin with `#` are read as all others: delete them";
    }
    match table {
        TableKind::Parquet => format!("it has {missing}"),
        TableKind::Json => format!("it has {missing}; an array of rows may be called `data`"),
        TableKind::Csv { dialect } => {
            let dialect = dialect.map(|it| self::dialect(it, name));
            format!("the header has {missing}{}", dialect.unwrap_or_default())
        }
    }
}

/// What a header has instead of a comma, or of a `"`.
fn dialect(dialect: Dialect, name: &str) -> String {
    let named = |character| match character {
        '\t' => "a tab".to_owned(),
        ' ' => "a blank".to_owned(),
        '`' => "a backtick".to_owned(),
        other => format!("`{}`", shown(&other.to_string())),
    };
    match dialect {
        Dialect::Delimiter(delimiter) => {
            let delimiter = named(delimiter);
            format!("; {delimiter} separates its columns, but it must be a comma")
        }
        Dialect::BlankBeforeQuote => format!(
            "; a blank stands before the `\"` of column `{name}`, but a quote must follow the comma"
        ),
        Dialect::Quote(quote) => {
            let quote = named(quote);
            format!("; {quote} quotes column `{name}`, but it must be `\"`")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_delimiter_and_wrong_quotes_are_named() {
        for (dialect, hint) in [
            (
                Dialect::Delimiter(';'),
                "`;` separates its columns, but it must be a comma",
            ),
            (
                Dialect::Delimiter('\t'),
                "a tab separates its columns, but it must be a comma",
            ),
            (
                Dialect::Delimiter(' '),
                "a blank separates its columns, but it must be a comma",
            ),
            (
                Dialect::Delimiter('\u{1}'),
                r"`\u{1}` separates its columns, but it must be a comma",
            ),
            (
                Dialect::BlankBeforeQuote,
                "a blank stands before the `\"` of column `signal`, but a quote must follow the comma",
            ),
            (
                Dialect::Quote('\''),
                "`'` quotes column `signal`, but it must be `\"`",
            ),
            (
                Dialect::Quote('`'),
                "a backtick quotes column `signal`, but it must be `\"`",
            ),
        ] {
            let dialect = Some(dialect);
            let said = no_column("signal", &[b"x".to_vec()], TableKind::Csv { dialect });
            assert!(said.ends_with(&format!("; {hint}")), "{said}");
        }
    }

    #[test]
    fn a_line_for_excel_is_named() {
        let table = TableKind::Csv { dialect: None };
        let said = no_column("signal", &[b"sep=".to_vec(), Vec::new()], table);
        assert!(said.ends_with("``; this line is for Excel alone: delete it"));
    }

    #[test]
    fn an_invisible_character_in_a_name_is_spelled_out() {
        for (name, shown) in [
            ("signal\u{200b}", r"`signal\u{200b}`"),
            ("\u{a0}signal", r"`\u{a0}signal`"),
            ("signal\u{ad}", r"`signal\u{ad}`"),
            ("my signal", "`my signal`"),
            // Cyrillic, and letters that nobody takes for the right ones.
            ("\u{455}ignal", r"`\u{455}ignal`"),
            ("größe", "`größe`"),
        ] {
            let found = no_column("signal", &[name.as_bytes().to_vec()], TableKind::Parquet);
            assert_eq!(found, format!("it has no column `signal`, only {shown}"));
        }
    }
}
