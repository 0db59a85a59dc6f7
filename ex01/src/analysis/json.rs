//! What is in a JSON file?
//!
//! Three shapes are read: an array of objects, one object per line (or one after the other), and an object of columns,
//! `{"signal": […], "agent_activity": […]}`. The first two need no memory; the third keeps its columns.

use std::cell::RefCell;
use std::io::{self, Read};

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::rows::{self, Collector};
use super::source::{ACTIVITY, Bad, SIGNAL};

/// The most values in a column of the third shape.
const MOST_VALUES: usize = 4 << 20;
/// The longest string, names included.
const LONGEST_STRING: usize = 64 << 10;

/// Reads all rows.
pub fn read(input: impl Read, rows: &mut Collector<'_>) -> Result<(), Bad> {
    let input = io::BufReader::new(ShortStrings::new(input));
    let table = Table {
        rows: RefCell::new(rows),
        trouble: RefCell::new(None),
    };
    let mut parser = serde_json::Deserializer::from_reader(input);
    let result = (|| {
        let mut values = 0;
        // A stream of values: one array, one object of columns, or as many rows as there are.
        while parser.end().is_err() {
            (&table).deserialize(&mut parser)?;
            values += 1;
        }
        match values {
            0 => Err(serde_json::Error::custom("it is empty")),
            _ => Ok(()),
        }
    })();
    match (table.trouble.into_inner(), result) {
        (Some(trouble), _) => Err(trouble.into()),
        (None, Err(error)) if error.is_io() => Err(io::Error::from(error).into()),
        (None, Err(error)) => Err(Bad::new(error)),
        (None, Ok(())) => Ok(()),
    }
}

/// Where the rows go.
struct Table<'t, 'e> {
    /// The collector.
    rows: RefCell<&'t mut Collector<'e>>,
    /// An error of ours on its way through serde.
    trouble: RefCell<Option<crate::exit::Trouble>>,
}

impl Table<'_, '_> {
    /// Checks a row and hands it on.
    fn push<E: Error>(&self, signal: f64, activity: f64) -> Result<(), E> {
        let mut rows = self.rows.borrow_mut();
        let row = rows.count() + 1;
        let bad = |name, what| E::custom(format_args!("row {row}, column `{name}`: {what}"));
        let signal = rows::signal(signal).map_err(|what| bad(SIGNAL, what))?;
        let activity = rows::activity(activity).map_err(|what| bad(ACTIVITY, what))?;
        rows.push(signal, activity).map_err(|trouble| {
            *self.trouble.borrow_mut() = Some(trouble);
            E::custom("stopped")
        })
    }

    /// The row that is being read.
    fn row(&self) -> u64 {
        self.rows.borrow().count() + 1
    }
}

impl<'de> DeserializeSeed<'de> for &Table<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<(), D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &Table<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object with `signal` and `agent_activity`, or an array of them")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<(), A::Error> {
        while array.next_element_seed(self)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let (mut signal, mut activity) = (None, None);
        while let Some(key) = object.next_key::<String>()? {
            let (name, place) = match key.as_str() {
                SIGNAL => (SIGNAL, &mut signal),
                ACTIVITY => (ACTIVITY, &mut activity),
                _ => {
                    object.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            let row = self.row();
            let value = object.next_value_seed(Value { name, row })?;
            if place.replace(value).is_some() {
                return Err(Error::custom(format_args!(
                    "row {row} names `{name}` twice"
                )));
            }
        }
        let none = |name| Error::custom(format_args!("row {} has no `{name}`", self.row()));
        let signal = signal.ok_or_else(|| none(SIGNAL))?;
        match (signal, activity.ok_or_else(|| none(ACTIVITY))?) {
            (Cell::One(signal), Cell::One(activity)) => self.push(signal, activity),
            (Cell::All(signal), Cell::All(activity)) if signal.len() == activity.len() => signal
                .into_iter()
                .zip(activity)
                .try_for_each(|(signal, activity)| self.push(signal, activity)),
            (Cell::All(signal), Cell::All(activity)) => Err(Error::custom(format_args!(
                "column `{SIGNAL}` has {} values, column `{ACTIVITY}` has {}",
                signal.len(),
                activity.len()
            ))),
            _ => Err(Error::custom(format_args!(
                "row {}: `{SIGNAL}` and `{ACTIVITY}` must both be numbers, or both arrays",
                self.row()
            ))),
        }
    }
}

/// What stands behind a column's name.
enum Cell {
    /// A number: one row.
    One(f64),
    /// An array: the whole column.
    All(Vec<f64>),
}

/// Reads a number or an array of numbers, and says where another thing stands.
struct Value {
    /// The column.
    name: &'static str,
    /// The row, counted from 1.
    row: u64,
}

impl<'de> DeserializeSeed<'de> for Value {
    type Value = Cell;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<Cell, D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value {
    type Value = Cell;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { name, row } = self;
        write!(f, "a number in row {row}, column `{name}`")
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Cell, E> {
        Ok(Cell::One(value))
    }

    #[expect(clippy::cast_precision_loss, reason = "a signal is a float")]
    fn visit_u64<E: Error>(self, value: u64) -> Result<Cell, E> {
        Ok(Cell::One(value as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "a signal is a float")]
    fn visit_i64<E: Error>(self, value: i64) -> Result<Cell, E> {
        Ok(Cell::One(value as f64))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Cell, A::Error> {
        let mut values = Vec::new();
        let next = |row: usize| Self {
            name: self.name,
            row: row as u64 + 1,
        };
        while let Some(value) = array.next_element_seed(next(values.len()))? {
            match value {
                Cell::One(value) if values.len() < MOST_VALUES => values.push(value),
                Cell::One(_) => {
                    return Err(Error::custom(format_args!(
                        "column `{}` has more than {MOST_VALUES} values: write one object per line instead",
                        self.name
                    )));
                }
                Cell::All(_) => {
                    return Err(Error::custom(format_args!(
                        "column `{}` holds an array in an array",
                        self.name
                    )));
                }
            }
        }
        Ok(Cell::All(values))
    }
}

/// A reader that refuses an endless string, which the parser would have to keep.
struct ShortStrings<R> {
    /// Where the bytes come from.
    inner: R,
    /// How long the string is that we are in; none outside.
    string: Option<usize>,
    /// Whether the byte before was a backslash.
    escaped: bool,
}

impl<R> ShortStrings<R> {
    /// Before the first byte.
    fn new(inner: R) -> Self {
        Self {
            inner,
            string: None,
            escaped: false,
        }
    }
}

impl<R: Read> Read for ShortStrings<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        for byte in &buffer[..read] {
            self.string = match (self.string, byte) {
                (None, b'"') => Some(0),
                (None, _) => None,
                (Some(_), b'"') if !self.escaped => None,
                (Some(LONGEST_STRING), _) => {
                    return Err(io::Error::other(format!(
                        "a string is longer than {LONGEST_STRING} bytes"
                    )));
                }
                (Some(length), _) => Some(length + 1),
            };
            self.escaped = self.string.is_some() && *byte == b'\\' && !self.escaped;
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows read, or what is wrong.
    fn result(text: &str) -> Result<u64, String> {
        let mut each = |_: &_| Ok(());
        let mut rows = Collector::new(false, &mut each);
        match read(text.as_bytes(), &mut rows) {
            Ok(()) => Ok(rows.count()),
            Err(bad) => Err(bad.to_string()),
        }
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
    fn three_shapes_are_read() {
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
        check("[]", 0);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let row = r#"{"signal": 1, "agent_activity": 2}"#;
        refused("", "it is empty");
        refused(
            &format!("[{row}, {{\"signal\": null, \"agent_activity\": 1}}]"),
            "row 2, column `signal`",
        );
        refused(
            &format!("[{row}, {{\"signal\": \"x\", \"agent_activity\": 1}}]"),
            "row 2, column `signal`",
        );
        refused(
            &format!("[{row}, {{\"signal\": 1, \"agent_activity\": 12}}]"),
            "row 2, column `agent_activity`: 12 is not",
        );
        refused(
            &format!("[{row}, {{\"signal\": 1}}]"),
            "row 2 has no `agent_activity`",
        );
        refused(&format!("[{row},\n{row}"), "line 2");
        refused(
            r#"[{"signal": NaN, "agent_activity": 1}]"#,
            "line 1 column 13",
        );
        refused(
            r#"[{"signal": 1, "signal": 2, "agent_activity": 1}]"#,
            "names `signal` twice",
        );
        refused(
            r#"{"signal": [1, 2], "agent_activity": [1]}"#,
            "has 2 values, column `agent_activity` has 1",
        );
        refused(
            r#"{"signal": [1, null], "agent_activity": [1, 2]}"#,
            "row 2, column `signal`",
        );
        refused(r#"{"signal": 1, "agent_activity": [1]}"#, "both be numbers");
        refused("[1, 2]", "an object with `signal`");
        refused("\"text\"", "an object with `signal`");
        refused(&"[".repeat(1000), "recursion limit");
    }

    #[test]
    fn an_endless_string_is_refused() {
        let text = format!("[{{\"signal\": \"{}", "\\\"x".repeat(LONGEST_STRING));
        refused(&text, "a string is longer than 65536 bytes");
    }
}
