//! Why does a table not have its two columns, in words?

use super::excerpt::{excerpt, looks_like};
use crate::faults::{MOST_NAMES, TableKind};
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
    match table {
        TableKind::Parquet => format!("it has {missing}"),
        TableKind::Json => format!("it has {missing}; an array of rows may be called `data`"),
        TableKind::Csv { delimiter: None } => format!("the header has {missing}"),
        TableKind::Csv {
            delimiter: Some(delimiter),
        } => {
            let delimiter = match delimiter {
                '\t' => "a tab".to_owned(),
                ' ' => "a blank".to_owned(),
                other => format!("`{}`", shown(&other.to_string())),
            };
            format!(
                "the header has {missing}; {delimiter} separates its columns, but it must be a comma"
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_delimiter_is_named() {
        for (delimiter, named) in [
            (';', "`;`"),
            ('\t', "a tab"),
            (' ', "a blank"),
            ('\u{1}', r"`\u{1}`"),
        ] {
            let delimiter = Some(delimiter);
            let said = no_column("signal", &[b"x".to_vec()], TableKind::Csv { delimiter });
            let hint = format!("; {named} separates its columns, but it must be a comma");
            assert!(said.ends_with(&hint), "{said}");
        }
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
