//! What is in a JSON file?
//!
//! It reads four shapes: one object in each line (or several, one after the other), an array of objects, such an array
//! under the name `data`, and an object of columns, `{"signal": […], "agent_activity": […]}` or, as pandas writes it,
//! `{"signal": {"0": …}, "agent_activity": {"0": …}}`. Only the last shape keeps whole columns in memory.

use super::pieces::Pieces;
use super::stream::Bytes;
use crate::faults::Refusal;

mod lines; // One object in each line: any thread can parse any line.
mod shapes; // The other shapes: one thread reads them from start to end.
mod table; // Collects the rows, and says where an error is.
mod column; // The names of columns, and what follows them.
mod bounded; // A limit for strings and brackets.
mod lined; // The line that the parser reads.

/// All rows, piece by piece.
///
/// If the first object is a row, all others are rows too, and the input can be cut at a line end between two objects.
/// In the other shapes, only a parser that has read everything before a place knows what is there.
pub fn pieces(input: Bytes, threads: usize) -> Result<Pieces, Refusal> {
    let (begins_with_a_row, input) = lines::look(input)?;
    if begins_with_a_row {
        lines::pieces(input, threads)
    } else {
        shapes::pieces(input)
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::analysis::data::pieces::Fault;
    use crate::analysis::data::rows::{ACTIVITY, SIGNAL};
    use crate::faults::{Cell, Content, Json, TableKind};

    /// The rows, or what is wrong.
    fn result(text: &str) -> Result<u64, Fault> {
        let input: Bytes = Box::new(io::Cursor::new(text.to_owned()));
        pieces(input, 2).map_err(Fault::of)?.rows()
    }

    #[track_caller]
    fn check(text: &str, expected: u64) {
        assert_eq!(result(text), Ok(expected), "{text}");
    }

    #[track_caller]
    fn refused(text: &str, expected: Fault) {
        assert_eq!(result(text), Err(expected), "{text}");
    }

    /// A text of one line is refused in this row.
    #[track_caller]
    fn refused_row(text: &str, row: u64, column: Option<&'static str>, fault: impl Into<Content>) {
        refused(text, Fault::at(1, Some(row), column, fault));
    }

    /// serde's words, which name what it expected and what it found.
    fn serde(words: &str) -> Json {
        Json::Other(words.to_owned())
    }

    #[test]
    fn every_shape_is_read() {
        check(
            r#"[{"signal": 0.5, "agent_activity": 3}, {"agent_activity": 4, "x": [{}], "signal": -1}]"#,
            2,
        );
        check(
            "{\"signal\":0.5,\"agent_activity\":3}\n{\"signal\":1,\"agent_activity\":9}\n",
            2,
        );
        check(
            r#"{"signal": [0.5, 1e3, 2], "agent_activity": [1, 2, 3]}"#,
            3,
        );
        check(
            r#"{"t":{"7":0,"9":1},"signal":{"7":0.5,"9":1},"agent_activity":{"7":3,"9":4.0}}"#,
            2,
        );
        check("[]", 0);
        // A number in quotes, and a column of booleans.
        check(r#"[{"signal": "0.5", "agent_activity": true}]"#, 1);
        check(
            r#"{"data": [{"signal": 1, "agent_activity": 2}], "next": null}"#,
            1,
        );
        check(r#"{"signal": 1, "agent_activity": 2, "data": "x"}"#, 1);
        // A column may have this name too.
        for column in [
            "[5, 6]",
            "[null, {}]",
            r#"["x", "y"]"#,
            "[[1], [2]]",
            r#"{"0": 5, "1": 6}"#,
        ] {
            check(
                &format!(r#"{{"signal": [1, 2], "data": {column}, "agent_activity": [3, 4]}}"#),
                2,
            );
        }
        // Half of a surrogate pair, as Python's json takes it.
        check(r#"{"\ud800": 0, "signal": 1, "agent_activity": 2}"#, 1);
        check(
            r#"{"signal": {"\ud800": 1}, "agent_activity": {"\ud800": 2}, "data": {"\udc00": 0}}"#,
            1,
        );
    }

    #[test]
    fn rows_may_follow_each_other_with_any_blanks_between_them() {
        let row = r#"{"signal": 1, "agent_activity": 2}"#;
        for between in ["", " ", "\n", "\r\n", "\n\n \r\n", "\r"] {
            let rows = 3_000_000 / (row.len() + between.len());
            let text = (row.to_owned() + between).repeat(rows);
            assert_eq!(result(&text), Ok(rows as u64), "{between:?}");
        }
        // Without line ends, nobody knows where to cut. It is no error of an object.
        let fault = Json::NoLineEnd(8 << 20);
        refused_row(&row.repeat(300_000), 1, None, fault);
    }

    /// In a quadratic time, each of these would take minutes.
    #[test]
    fn blank_lines_and_long_lines_take_no_longer_than_others() {
        let row = r#"{"signal": 1, "agent_activity": 2}"#;
        let apart = format!("{row}{}{row}", "\n".repeat(4_000_000));
        check(&apart, 2);
        let nested =
            r#"{"signal": 1, "agent_activity": 2, "x": {"#.to_owned() + &"\n".repeat(4_000_000);
        check(&format!("{row}\n{nested}}}}}"), 2);
        let line = row.repeat(200_000) + "\n";
        check(&line.repeat(2), 400_000);
    }

    #[test]
    fn the_length_of_the_first_line_does_not_change_what_is_read() {
        for (first, second) in [
            (0, 0),
            (5000, 0),
            (0, 5000),
            (70_000, 0),
            (0, 70_000),
            (3_000_000, 0),
        ] {
            for more in [
                "",
                r#", "data": [{"x": 1}]"#,
                r#", "data": [{"signal": 1}]"#,
            ] {
                let row = |length| {
                    let note = "a".repeat(length);
                    format!(
                        "{{\"note\": \"{note}\", \"signal\": 1, \"agent_activity\": 2{more}}}\n"
                    )
                };
                check(&row(first), 1);
                let rows = row(first) + &row(second);
                check(&rows, 2);
                // A name that is no text for Rust, but for Python.
                check(&rows.replace("note", "\\ud800"), 2);
            }
            let columns = |length| {
                let blanks = " ".repeat(length);
                format!("{{{blanks}\"signal\": [1, 2], \"agent_activity\": [3, 4]}}\n")
            };
            check(&columns(first), 2);
            check(&(columns(first) + &columns(second)), 4);
        }
    }

    #[test]
    fn an_error_names_its_place() {
        let row = r#"{"signal": 1, "agent_activity": 2}"#;
        refused("", Fault::whole(Content::Empty));
        let cells: [(&str, Content); 8] = [
            ("null", Cell::Null.into()),
            ("\"x\"", Cell::Text(b"x".to_vec()).into()),
            ("[1]", Cell::Array.into()),
            ("{}", Cell::Object.into()),
            ("1e999", Json::OutOfRange.into()),
            ("NaN", Json::NotValue.into()),
            ("-Infinity", Json::NotValue.into()),
            (
                "1e200",
                Cell::Beyond {
                    value: 1e200,
                    limit: 1e150,
                }
                .into(),
            ),
        ];
        for (cell, fault) in cells {
            let text = format!("[{row},\n{{\"signal\": {cell}, \"agent_activity\": 1}}]");
            refused(&text, Fault::at(2, Some(2), Some(SIGNAL), fault));
        }
        let twelve = format!("[{row}, {{\"signal\": 1, \"agent_activity\": 12}}]");
        refused_row(&twelve, 2, Some(ACTIVITY), Cell::NotDigit(12.0));
        // The names of the first row are those of all.
        let misspelt = r#"[{"signal\u200b": 1, "agent_activity": 1}]"#;
        let there = ["signal\u{200b}", ACTIVITY].map(str::as_bytes);
        let no_signal = || Content::no_column(SIGNAL, there.into_iter(), TableKind::Json);
        refused_row(misspelt, 1, None, no_signal());
        refused_row(&format!("{{\"data\": {misspelt}}}"), 1, None, no_signal());
        let lacking = format!("[{row}, {{\"signal\": 1}}]");
        refused_row(&lacking, 2, None, Json::Lacks(ACTIVITY));
        let eof = serde("EOF while parsing a list");
        refused(&format!("[{row},\n{row}"), Fault::at(2, Some(3), None, eof));
        let nested =
            "invalid type: sequence, expected an object with `signal` and `agent_activity`";
        refused_row(&format!("[{row}, [{row}]]"), 2, None, serde(nested));
        let twice = r#"[{"signal": 1, "signal": 2, "agent_activity": 1}]"#;
        refused_row(twice, 1, None, Json::Twice(SIGNAL));
        let number =
            "invalid type: integer `1`, expected an object with `signal` and `agent_activity`";
        refused_row("[1, 2]", 1, None, serde(number));
        let text = "invalid type: string \"text\", expected an object with `signal` and `agent_activity`, \
                    or an array of them";
        refused_row("\"text\"", 1, None, serde(text));
        let twice = Json::Twice("data");
        refused_row(r#"{"data": [], "data": []}"#, 1, None, twice);
        for other in [r#""x""#, "[1]", "[[1, 2]]"] {
            let there = ["data".to_owned()].into_iter();
            let missing = Content::no_column(SIGNAL, there, TableKind::Json);
            refused_row(&format!(r#"{{"data": {other}}}"#), 1, None, missing);
        }
        let deep = format!("{{\"x\": {}", "[".repeat(1000));
        refused_row(&deep, 1, None, Json::DeepBrackets(128));
        let rows = format!("{row},\n").repeat(99);
        let long = format!("[{rows}{{\"x\": \"{}\"}}]", "a".repeat(70_000));
        refused(
            &long,
            Fault::at(100, Some(100), None, Json::LongWord(65536)),
        );
        let deep = format!("[{rows}{{\"x\": {}", "[".repeat(1000));
        refused(
            &deep,
            Fault::at(100, Some(100), None, Json::DeepBrackets(128)),
        );
    }

    /// With each kind of line end, the error is that of this line, which an editor shows.
    #[track_caller]
    fn refused_line(
        text: &str,
        (line, row): (u64, u64),
        column: Option<&'static str>,
        fault: impl Into<Content>,
    ) {
        let fault = fault.into();
        for end in ["\n", "\r\n", "\r"] {
            let expected = Fault::at(line, Some(row), column, fault.clone());
            refused(&text.replace('\n', end), expected);
        }
    }

    fn beyond() -> Cell {
        Cell::Beyond {
            value: 1e300,
            limit: 1e150,
        }
    }

    const TWELVE: Cell = Cell::NotDigit(12.0);

    #[test]
    fn an_error_names_the_line_of_its_cell_and_not_that_of_what_follows() {
        let (signal, activity) = (Some(SIGNAL), Some(ACTIVITY));
        let text = "[\n  {\n    \"signal\": 1,\n    \"agent_activity\": 12\n  }\n]";
        refused_line(text, (4, 1), activity, TWELVE);
        let text = "[\n {\n  \"agent_activity\": 1,\n  \"signal\": 1e300\n\n }\n]";
        refused_line(text, (4, 1), signal, beyond());
        let text = "[\n {\n  \"signal\": 1e300,\n  \"agent_activity\": 1\n }\n]";
        refused_line(text, (3, 1), signal, beyond());
        let text = "{\"data\":[\n{\"signal\":1,\n\"agent_activity\":12\n}\n]}";
        refused_line(text, (3, 1), activity, TWELVE);
        let text = "[\n{\"signal\":[\n\n1],\"agent_activity\":1}]";
        refused_line(text, (2, 1), signal, Cell::Array);
        let text = "[\n{\"signal\":{\n\n\"a\":1},\"agent_activity\":1}]";
        refused_line(text, (2, 1), signal, Cell::Object);
        let text = "[\n{\"agent_activity\":1,\"signal\":\"x\"\n\n}\n]";
        refused_line(text, (2, 1), signal, Cell::Text(b"x".to_vec()));
        let text = "[\n{\"agent_activity\":1,\"signal\":1,\"signal\":2\n\n}\n]";
        refused_line(text, (2, 1), None, Json::Twice(SIGNAL));
        let text = "[\n{\"x\": nulx\n\n}\n]";
        refused_line(text, (2, 1), None, Json::NotValue);
    }

    #[test]
    fn what_is_no_value_is_named_with_its_line() {
        let row = r#"{"signal": 1, "agent_activity": 2}"#;
        let fault = || Json::NotValue;
        for between in [",\n", "\n,", "\n\0", "\nNo", "\nNaN"] {
            let line = 1 + u64::from(between.starts_with('\n'));
            let text = format!("{row}{between}{row}\n");
            refused(&text, Fault::at(line, Some(2), None, fault()));
            if line > 1 {
                // The same where the lines are parsed on all threads.
                let text = format!("{row}\n{text}");
                refused(&text, Fault::at(line + 1, Some(3), None, fault()));
            }
        }
        refused_row(
            "[1,,2]",
            1,
            None,
            serde(
                "invalid type: integer `1`, expected an object with `signal` and `agent_activity`",
            ),
        );
        refused_row(r#"{"signal": [1,,2]}"#, 2, Some(SIGNAL), Json::NotValue);
    }

    #[test]
    fn an_error_of_a_column_names_the_line_of_its_cell() {
        let (signal, activity) = (Some(SIGNAL), Some(ACTIVITY));
        let text = "{\"signal\":[\n1,\n1e300,\n3\n],\"agent_activity\":[\n1,\n2,\n1\n]\n}";
        refused_line(text, (3, 2), signal, beyond());
        let text = "{\"signal\":[\n1,\n2\n],\"agent_activity\":[\n1,\n12\n]\n}";
        refused_line(text, (6, 2), activity, TWELVE);
        let text =
            "{\"signal\":{\"a\":\n1,\n\"b\":1e300\n},\"agent_activity\":{\"a\":1,\"b\":2}\n}";
        refused_line(text, (3, 2), signal, beyond());
    }

    /// One object after the other, each in several lines.
    #[test]
    fn an_error_of_an_object_behind_others_names_the_line_of_its_cell() {
        let (signal, activity) = (Some(SIGNAL), Some(ACTIVITY));
        let text =
            "{\"signal\":1,\"agent_activity\":1\n}\n{\"signal\":1,\n\"agent_activity\":12\n\n}\n";
        refused_line(text, (4, 2), activity, TWELVE);
        let text = "{\"signal\":1,\"agent_activity\":1\n}\n{\"agent_activity\":1,\n\"signal\":[\n\n1]\n}\n";
        refused_line(text, (4, 2), signal, Cell::Array);
    }

    #[test]
    fn what_is_no_row_is_named_with_its_line() {
        let row = "{\"signal\":1,\"agent_activity\":1}";
        let expected = "expected an object with `signal` and `agent_activity`";
        let number = serde(&format!("invalid type: integer `5`, {expected}"));
        refused_line(&format!("[\n{row},\n5\n]"), (3, 2), None, number);
        let array = serde(&format!("invalid type: sequence, {expected}"));
        refused_line(&format!("[\n{row},\n[\n5\n]\n]"), (3, 2), None, array);
        let eof = serde("EOF while parsing a value");
        refused_line(&format!("[\n{row},\n"), (2, 2), None, eof);
        let deep = "[\n{\"x\":".to_owned() + &"[\n".repeat(200);
        refused_line(&deep, (128, 1), None, Json::DeepBrackets(128));
    }

    #[test]
    fn columns_of_different_rows_are_refused() {
        let lengths = Json::Lengths {
            signal: 2,
            activity: 1,
        };
        let text = r#"{"signal": [1, 2], "agent_activity": [1]}"#;
        refused_row(text, 1, None, lengths);
        let text = r#"{"signal": [1, null], "agent_activity": [1, 2]}"#;
        refused_row(text, 2, Some(SIGNAL), Cell::Null);
        let text = r#"{"signal": {"a": 1, "b": "x"}, "agent_activity": {"a": 1, "b": 2}}"#;
        refused_row(text, 2, Some(SIGNAL), Cell::Text(b"x".to_vec()));
        let text = r#"{"signal": [1, 2], "agent_activity": [1, 10]}"#;
        refused_row(text, 2, Some(ACTIVITY), Cell::NotDigit(10.0));
        let text = r#"{"signal": [[1]], "agent_activity": [1]}"#;
        refused_row(text, 1, Some(SIGNAL), Cell::Array);
        let text = r#"{"signal": 1, "agent_activity": [1]}"#;
        refused_row(text, 1, None, Json::NumberAndColumn);
        for other in [r#"{"b": 1, "a": 2}"#, "[1, 2]"] {
            let text =
                format!("{{\"signal\": {{\"a\": 1, \"b\": 2}}, \"agent_activity\": {other}}}");
            refused_row(&text, 1, None, Json::OtherRows);
        }
    }
}
