//! What is in a JSON file?
//!
//! It reads four shapes: one object in each line (or several, one after the other), an array of objects, such an array
//! under the name `data`, and an object of columns, `{"signal": […], "agent_activity": […]}` or, as pandas writes it,
//! `{"signal": {"0": …}, "agent_activity": {"0": …}}`. Only the last shape keeps whole columns in memory.

use super::pieces::Pieces;
use super::stream::Bytes;

mod lines; // One object in each line: any thread can parse any line.
mod shapes; // The other shapes: one thread reads them from start to end.
mod table; // Collects the rows, and says where an error is.
mod column; // The names of columns, and what follows them.
mod bounded; // A limit for strings and brackets.

/// All rows, piece by piece. `head` is the beginning of the input.
///
/// If the first object is a row, all others are rows too, and the input can be cut at a line end between two objects.
/// In the other shapes, only a parser that has read everything before a place knows what is there.
pub fn pieces(input: Bytes, head: &[u8], threads: usize) -> Pieces {
    if lines::begins_with_a_row(head) {
        lines::pieces(input, threads)
    } else {
        shapes::pieces(input)
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    /// The rows, or what is wrong.
    fn result(text: &str) -> Result<u64, String> {
        let input: Bytes = Box::new(io::Cursor::new(text.to_owned()));
        pieces(input, &text.as_bytes()[..text.len().min(4096)], 2).rows()
    }

    #[track_caller]
    fn check(text: &str, expected: u64) {
        assert_eq!(result(text), Ok(expected), "{text}");
    }

    #[track_caller]
    fn refused(text: &str, expected: &str) {
        let error = result(text).unwrap_err();
        assert!(error.contains(expected), "{text}: {error}");
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
        let found = result(&row.repeat(300_000)).unwrap_err();
        assert!(found.contains("no line ends between two"), "{found}");
    }

    #[test]
    fn an_error_names_its_place() {
        let row = r#"{"signal": 1, "agent_activity": 2}"#;
        refused("", "it is empty");
        for (cell, what) in [
            ("null", "the cell is null"),
            ("\"x\"", "`x` is not a number"),
            ("[1]", "an array is not a number"),
            ("{}", "an object is not a number"),
            ("1e999", "number out of range"),
            ("1e200", "1e200 is beyond"),
            ("NaN", "this is not a JSON value"),
            ("-Infinity", "this is not a JSON value"),
        ] {
            let text = format!("[{row},\n{{\"signal\": {cell}, \"agent_activity\": 1}}]");
            refused(&text, &format!("line 2: row 2, column `signal`: {what}"));
        }
        refused(
            &format!("[{row}, {{\"signal\": 1, \"agent_activity\": 12}}]"),
            "row 2, column `agent_activity`: 12 is not",
        );
        refused(
            &format!("[{row}, {{\"signal\": 1}}]"),
            "row 2: it has no `agent_activity`",
        );
        refused(
            &format!("[{row},\n{row}"),
            "line 2: row 3: EOF while parsing a list",
        );
        refused(
            &format!("[{row}, [{row}]]"),
            "row 2: invalid type: sequence",
        );
        refused(
            r#"[{"signal": 1, "signal": 2, "agent_activity": 1}]"#,
            "row 1, column `signal`: it is there twice",
        );
        refused("[1, 2]", "an object with `signal`");
        refused(r#"{"data": [], "data": []}"#, "`data` is there twice");
        refused("\"text\"", "an object with `signal`");
        refused(r#"{"data": "x"}"#, "no column `signal`, only `data`");
        refused(
            &format!("{{\"x\": {}", "[".repeat(1000)),
            "brackets are open",
        );
    }

    #[test]
    fn columns_of_different_rows_are_refused() {
        refused(
            r#"{"signal": [1, 2], "agent_activity": [1]}"#,
            "has 2 values, column `agent_activity` has 1",
        );
        refused(
            r#"{"signal": [1, null], "agent_activity": [1, 2]}"#,
            "row 2, column `signal`: the cell is null",
        );
        refused(
            r#"{"signal": {"a": 1, "b": "x"}, "agent_activity": {"a": 1, "b": 2}}"#,
            "row 2, column `signal`: `x` is not a number",
        );
        refused(
            r#"{"signal": [1, 2], "agent_activity": [1, 10]}"#,
            "row 2, column `agent_activity`: 10 is not",
        );
        refused(
            r#"{"signal": [[1]], "agent_activity": [1]}"#,
            "an array is not a number",
        );
        refused(r#"{"signal": 1, "agent_activity": [1]}"#, "both be numbers");
        for other in [r#"{"b": 1, "a": 2}"#, "[1, 2]"] {
            refused(
                &format!("{{\"signal\": {{\"a\": 1, \"b\": 2}}, \"agent_activity\": {other}}}"),
                "do not name the same rows",
            );
        }
    }
}
