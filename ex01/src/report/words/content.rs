//! What is wrong with the content of a source, and where, in words?

use std::fmt;

use super::columns::{NOT_UTF8, no_column};
use super::excerpt::{excerpt, is_a_number_with_commas, looks_like_a_number};
use crate::faults::{Cell, ColumnKind, Content, Foreign, Json, Parquet, Place, TableKind};
use crate::text::counted;

/// What is said of `1,5` and of `1,234.5`.
const COMMA: &str = "; write numbers as `1234.5`, without a comma";

/// The place, and what is wrong there.
pub fn what(place: Place, content: &Content) -> String {
    let line = place.line.map(|line| format!("line {line}: "));
    let row = match (place.row, place.column, content) {
        (None, ..) | (_, None, Content::LongRecord(_) | Content::ManyColumns(_)) => String::new(),
        (Some(row), Some(column), _) => format!("row {row}, column `{column}`: "),
        // The row is the subject of these sentences.
        (Some(row), None, Content::OpenQuote | Content::Fields { .. }) => format!("row {row} "),
        (Some(row), None, _) => format!("row {row}: "),
    };
    let subject = match (place.row, content) {
        (None, Content::OpenQuote) => "the header ",
        _ => "",
    };
    line.unwrap_or_default() + &row + subject + &fault(content)
}

/// What is wrong.
fn fault(content: &Content) -> String {
    match content {
        Content::Empty => "it is empty".to_owned(),
        Content::NoRows => "it has no rows".to_owned(),
        Content::Foreign(foreign) => self::foreign(*foreign),
        Content::OpenQuote => "opens a quote and never closes it".to_owned(),
        Content::LongRecord(most) => format!("a record is longer than {most} bytes"),
        Content::ManyColumns(most) => format!("there are more than {most} columns"),
        Content::Fields {
            found,
            expected,
            missing,
        } => {
            let missing = missing.map(|it| format!(", column `{it}` is not there"));
            let (found, missing) = (counted(*found as u64, "field"), missing.unwrap_or_default());
            format!("has {found}, the header has {expected}{missing}")
        }
        Content::TwoColumns { name, table } => match table {
            TableKind::Csv { .. } => format!("the header names column `{name}` twice"),
            TableKind::Json | TableKind::Parquet => format!("it has two columns `{name}`"),
        },
        Content::NoColumn { name, there, table } => no_column(name, there, *table),
        Content::Cell(cell) => self::cell(cell),
        Content::Json(json) => json.to_string(),
        Content::Parquet(parquet) => self::parquet(parquet),
    }
}

/// A format that is not read here.
fn foreign(foreign: Foreign) -> String {
    match foreign {
        Foreign::Compressed(codec, program) => {
            format!("it is compressed with {codec}: unpack it first, with `{program} -k FILE`")
        }
        Foreign::Packed(what) => format!("it is {what}: unpack it first"),
        Foreign::Encoding(encoding) => format!("it is {encoding}: save it as UTF-8 first"),
        Foreign::Encrypted => "it is an encrypted Parquet file: decrypt it first".to_owned(),
        Foreign::Data(what, format) => format!("it is {what}: export it as {format} first"),
        Foreign::NoTable(what) => format!("it is {what} and has no column `signal`"),
    }
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Empty => "the cell is empty".to_owned(),
        Cell::Null => "the cell is null".to_owned(),
        Cell::Text(text) => {
            let hint = match str::from_utf8(text) {
                Err(_) => NOT_UTF8,
                Ok(text) if is_a_number_with_commas(text) => COMMA,
                Ok(_) => "",
            };
            let text = excerpt(text, looks_like_a_number);
            format!("`{text}` is not a number{hint}")
        }
        Cell::NotFinite(text) => {
            let large = text.contains(|c: char| c.is_ascii_digit());
            let why = if large {
                ": it is too large for a float"
            } else {
                ""
            };
            let text = excerpt(text.as_bytes(), |_| false);
            format!("`{text}` is not a finite number{why}")
        }
        Cell::Array => "an array is not a number".to_owned(),
        Cell::Object => "an object is not a number".to_owned(),
        Cell::Beyond { value, limit } => format!("{value:e} is beyond ±{limit:e}"),
        Cell::NotDigit(value) => format!("{value} is not a whole number from 0 to 9"),
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            // Python writes NaN and Infinity anyway.
            Self::NotValue => {
                "this is not a JSON value; JSON has no NaN, no Infinity, no number like `1.`, `.5` or `01`, and no comma but between \
                 two values"
                    .to_owned()
            }
            Self::OutOfRange => "number out of range: it is too large for a float".to_owned(),
            Self::Other(why) => shortened(why),
            Self::Twice(name) => format!("`{name}` is there twice"),
            Self::Lacks(name) => format!("it has no `{name}`"),
            Self::RowsAndColumns => "it has rows in `data`, and columns as well".to_owned(),
            Self::NumberAndColumn => {
                "`signal` and `agent_activity` must both be numbers, or both columns".to_owned()
            }
            Self::Lengths { signal, activity } => {
                format!(
                    "column `signal` has {signal} values, column `agent_activity` has {activity}"
                )
            }
            Self::OtherRows => {
                "`signal` and `agent_activity` do not name the same rows in one order".to_owned()
            }
            Self::LongWord(most) => format!("a string or number is longer than {most} bytes"),
            Self::DeepBrackets(most) => format!("more than {most} brackets are open"),
            Self::NoLineEnd(within) => format!(
                "no line ends between two objects within {within} bytes: write each object on a line of its own"
            ),
            Self::LongColumn(most) => {
                format!("a column has more than {most} values: write one object per line instead")
            }
        };
        f.write_str(&text)
    }
}

/// The words of `serde_json`. It quotes a whole string, which may have megabytes.
fn shortened(why: &str) -> String {
    match (why.find('"'), why.rfind('"')) {
        (Some(first), Some(last)) if first < last => {
            let text = excerpt(&why.as_bytes()[first + 1..last], |_| false);
            format!("{}\"{text}{}", &why[..first], &why[last..])
        }
        _ => why.to_owned(),
    }
}

fn parquet(parquet: &Parquet) -> String {
    match parquet {
        Parquet::NoStart => "it is not a Parquet file: `PAR1` is missing at its start".to_owned(),
        Parquet::NoEnd => "it is cut off: `PAR1` is missing at its end".to_owned(),
        Parquet::Encrypted(column) => {
            format!("its column `{column}` is encrypted: decrypt it first")
        }
        Parquet::NoNumbers { column, kind } => {
            format!("column `{column}` holds {}, not numbers", content_of(*kind))
        }
        Parquet::Unsupported(why) => format!("polars cannot read it: {why}"),
        Parquet::Damaged(why) => format!("it is damaged: {why}"),
        Parquet::Panicked => "it is damaged: polars gave up on it".to_owned(),
        Parquet::NoMetadata => {
            "it is damaged: what stands at its end does not describe it".to_owned()
        }
        Parquet::NoColumn(column) => {
            format!("it is damaged: a group of rows has no bytes of column `{column}`")
        }
        Parquet::WrongCount(column) => format!(
            "it is damaged: column `{column}` has another number of values than the file says"
        ),
        Parquet::PageHeader => "it is damaged: a page has no header, or a wrong one".to_owned(),
        Parquet::WrongType => "it is damaged: a column changes its type".to_owned(),
        Parquet::LargeMetadata(most) => format!(
            "more than {most} bytes at its end describe it: write it again with larger row groups, or fewer columns"
        ),
        Parquet::LargeDictionary {
            column,
            megabytes,
            most_megabytes,
        } => format!(
            "a dictionary of column `{column}` holds {} MB, and dictionaries of up to \
             {most_megabytes} MB are read: write it again without one, as with `use_dictionary=False` \
             in pyarrow",
            beyond(*megabytes, *most_megabytes)
        ),
        Parquet::LargePage {
            column,
            values,
            megabytes,
            most_values,
            most_megabytes,
        } => {
            let size = if values > most_values {
                megabytes.to_string()
            } else {
                beyond(*megabytes, *most_megabytes)
            };
            format!(
                "one page of column `{column}` holds {values} values in {size} MB, and pages of up to \
                 {most_values} values and {most_megabytes} MB are read: write it again with smaller pages, \
                 as DuckDB, polars and pyarrow do"
            )
        }
    }
}

fn content_of(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Text => "text",
        ColumnKind::Time => "points in time",
        ColumnKind::Nested => "lists or other nested columns",
        ColumnKind::Dates => "dates",
        ColumnKind::TimesOfDay => "times of day",
        ColumnKind::Spans => "spans of time",
        ColumnKind::Bytes => "bytes",
        ColumnKind::Other => "something else",
    }
}

/// A size beyond a limit. Both are rounded down, and may look the same.
fn beyond(megabytes: usize, most: usize) -> String {
    if megabytes == most {
        format!("more than {most}")
    } else {
        megabytes.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(place: (u64, Option<u64>, Option<&'static str>), content: &Content, expected: &str) {
        let (line, row, column) = place;
        let line = (line > 0).then_some(line);
        assert_eq!(what(Place { line, row, column }, content), expected);
    }

    #[test]
    fn a_size_beyond_a_limit_never_looks_like_the_limit() {
        let page = |values, megabytes| {
            let page = Parquet::LargePage {
                column: "signal",
                values,
                megabytes,
                most_values: 9,
                most_megabytes: 16,
            };
            what(Place::default(), &page.into())
        };
        assert!(page(5, 16).contains("5 values in more than 16 MB"));
        assert!(page(5, 17).contains("5 values in 17 MB"));
        assert!(page(10, 16).contains("10 values in 16 MB"));
    }

    #[test]
    fn a_fault_is_said_with_its_place() {
        let empty = Content::Cell(Cell::Empty);
        let signal = (3, Some(2), Some("signal"));
        let said = "line 3: row 2, column `signal`: the cell is empty";
        check(signal, &empty, said);
        let nan = Content::Cell(Cell::NotFinite("NaN".to_owned()));
        let said = "line 3: row 2, column `signal`: `NaN` is not a finite number";
        check(signal, &nan, said);
        let row = (3, Some(2), None);
        let said = "line 3: row 2 opens a quote and never closes it";
        check(row, &Content::OpenQuote, said);
        let said = "line 1: the header opens a quote and never closes it";
        check((1, None, None), &Content::OpenQuote, said);
        let fields = Content::Fields {
            found: 1,
            expected: 2,
            missing: Some("agent_activity"),
        };
        let said =
            "line 3: row 2 has 1 field, the header has 2, column `agent_activity` is not there";
        check(row, &fields, said);
        let long = Content::LongRecord(65536);
        check(row, &long, "line 3: a record is longer than 65536 bytes");
        let lacks = Content::Json(Json::Lacks("signal"));
        check(row, &lacks, "line 3: row 2: it has no `signal`");
        let wide = Content::ManyColumns(4096);
        check((0, None, None), &wide, "there are more than 4096 columns");
    }

    #[test]
    fn a_long_text_of_a_source_is_cut() {
        let cut = |count| excerpt("é".repeat(count).as_bytes(), |_| false);
        assert_eq!(cut(40), "é".repeat(40));
        assert_eq!(cut(41), "é".repeat(40) + "…");
        let quoted = |text: &str| format!("invalid type: string {text:?}, expected a row");
        let long = Json::Other(quoted(&"a".repeat(1_000_000)));
        assert_eq!(long.to_string(), quoted(&("a".repeat(40) + "…")));
        assert_eq!(Json::Other(quoted("b")).to_string(), quoted("b"));
        let there = |count: u32| {
            let names: Vec<Vec<u8>> = (0..count).map(|it| it.to_string().into()).collect();
            no_column("x", &names, TableKind::Parquet)
        };
        assert_eq!(there(1), "it has no column `x`, only `0`");
        assert!(there(12).ends_with("`10`, `11`"), "{}", there(12));
        assert!(there(13).ends_with("`10`, `11`, …"), "{}", there(13));
    }

    #[test]
    fn a_comma_in_a_number_is_named() {
        let text = |text: &str| cell(&Cell::Text(text.into()));
        for number in ["1,5", " 1,234.5", "-1.234,5"] {
            let hint = "is not a number; write numbers as `1234.5`, without a comma";
            assert!(text(number).ends_with(hint), "{number}");
        }
        for other in ["a,b", ",", "1;5", "nan,"] {
            assert!(text(other).ends_with("is not a number"), "{other}");
        }
    }
}
