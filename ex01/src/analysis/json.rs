//! What is in a JSON file?
//!
//! Three shapes are read: an array of objects, one object per line (or one after the other), and an object of columns,
//! `{"signal": […], "agent_activity": […]}` or, as pandas writes it, `{"signal": {"0": …}, "agent_activity": {"0": …}}`.
//! The first two need no memory; the third keeps its columns.

// A cell of a row, or a whole column.
mod value;

// Nothing in the file may be endless.
mod bounded;

use std::cell::{Cell, RefCell};
use std::io::{self, Read};

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use self::bounded::Bounded;
use self::value::{Seed, Value};
use super::bad::Bad;
use super::rows::{self, ACTIVITY, Collector, SIGNAL};
use crate::exit::Trouble;

/// Reads all rows.
pub fn read(input: impl Read, rows: &mut Collector<'_>) -> Result<(), Bad> {
    let input = io::BufReader::new(Bounded::new(input));
    let table = Table {
        rows: RefCell::new(rows),
        place: Cell::new(None),
        trouble: RefCell::new(None),
    };
    let mut parser = serde_json::Deserializer::from_reader(input);
    let result = (|| {
        let mut values = 0;
        // A stream of values: one array, one object of columns, or as many rows as there are.
        while let Err(error) = parser.end() {
            if error.is_io() {
                return Err(error);
            }
            Top(&table).deserialize(&mut parser)?;
            values += 1;
        }
        match values {
            0 => Err(serde_json::Error::custom("it is empty")),
            _ => Ok(()),
        }
    })();
    match (table.trouble.take(), result) {
        (Some(trouble), _) => Err(trouble.into()),
        (None, Err(error)) if error.is_io() => Err(io::Error::from(error).into()),
        (None, Err(error)) => Err(table.placed(&error)),
        (None, Ok(())) => Ok(()),
    }
}

/// A place in the table: row, counted from 1, and column.
type Place = (u64, &'static str);

/// Where the rows go.
struct Table<'t, 'e> {
    /// The collector.
    rows: RefCell<&'t mut Collector<'e>>,
    /// The cell that is being read; none between cells.
    place: Cell<Option<Place>>,
    /// An error of ours on its way through serde.
    trouble: RefCell<Option<Trouble>>,
}

impl Table<'_, '_> {
    /// Checks a row and hands it on.
    fn push<E: Error>(&self, signal: f64, activity: f64) -> Result<(), E> {
        let row = self.row();
        self.place.set(Some((row, SIGNAL)));
        let signal = rows::signal(signal).map_err(E::custom)?;
        self.place.set(Some((row, ACTIVITY)));
        let activity = rows::activity(activity).map_err(E::custom)?;
        self.place.set(None);
        let pushed = self.rows.borrow_mut().push(signal, activity);
        pushed.map_err(|trouble| {
            *self.trouble.borrow_mut() = Some(trouble);
            E::custom("stopped")
        })
    }

    /// The row that is being read.
    fn row(&self) -> u64 {
        self.rows.borrow().count() + 1
    }

    /// What is wrong, and in which cell or row.
    fn placed(&self, error: &serde_json::Error) -> Bad {
        match (self.place.get(), self.row()) {
            (Some((row, column)), _) => {
                Bad::new(format_args!("row {row}, column `{column}`: {error}"))
            }
            (None, 1) => Bad::new(error),
            (None, row) => Bad::new(format_args!("row {row}: {error}")),
        }
    }

    /// Reads an object: a row, or, where that is allowed, all columns.
    fn object<'de, A: MapAccess<'de>>(&self, mut object: A, columns: bool) -> Result<(), A::Error> {
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
            self.place.set(Some((self.row(), name)));
            let value = object.next_value_seed(Seed {
                place: &self.place,
                columns,
            })?;
            if place.replace(value).is_some() {
                return Err(Error::custom("it is there twice"));
            }
            self.place.set(None);
        }
        let none = |name| Error::custom(format_args!("there is no `{name}` in it"));
        let signal = signal.ok_or_else(|| none(SIGNAL))?;
        match (signal, activity.ok_or_else(|| none(ACTIVITY))?) {
            (Value::One(signal), Value::One(activity)) => self.push(signal, activity),
            (Value::All(signal, _), Value::All(activity, _)) if signal.len() != activity.len() => {
                Err(Error::custom(format_args!(
                    "column `{SIGNAL}` has {} values, column `{ACTIVITY}` has {}",
                    signal.len(),
                    activity.len()
                )))
            }
            (Value::All(_, one), Value::All(_, other)) if one != other => Err(Error::custom(
                format_args!("`{SIGNAL}` and `{ACTIVITY}` do not name the same rows in one order"),
            )),
            (Value::All(signal, _), Value::All(activity, _)) => signal
                .into_iter()
                .zip(activity)
                .try_for_each(|(signal, activity)| self.push(signal, activity)),
            _ => Err(Error::custom(format_args!(
                "`{SIGNAL}` and `{ACTIVITY}` must both be numbers, or both columns"
            ))),
        }
    }
}

/// What may stand at the top: a row, an array of rows, or an object of columns.
struct Top<'a, 't, 'e>(&'a Table<'t, 'e>);

impl<'de> DeserializeSeed<'de> for Top<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<(), D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Top<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object with `signal` and `agent_activity`, or an array of them")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<(), A::Error> {
        while array.next_element_seed(Row(self.0))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<(), A::Error> {
        self.0.object(object, true)
    }
}

/// What may stand in an array of rows.
struct Row<'a, 't, 'e>(&'a Table<'t, 'e>);

impl<'de> DeserializeSeed<'de> for Row<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<(), D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Row<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object with `signal` and `agent_activity`")
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<(), A::Error> {
        self.0.object(object, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows read, or what is wrong.
    fn result(text: &str) -> Result<u64, String> {
        rows::counted(|rows| read(text.as_bytes(), rows))
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
        check(
            r#"{"t":{"7":0,"9":1},"signal":{"7":0.5,"9":1},"agent_activity":{"7":3,"9":4.0}}"#,
            2,
        );
        check("[]", 0);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let row = r#"{"signal": 1, "agent_activity": 2}"#;
        refused("", "it is empty");
        for (cell, what) in [
            ("null", "the cell is null"),
            ("\"x\"", "`x` is not a number"),
            ("true", "`true` is not a number"),
            ("[1]", "an array is not a number"),
            ("{}", "an object is not a number"),
            ("1e999", "number out of range"),
            ("1e200", "1e200 is beyond"),
            ("NaN", "expected value at line 2 column 12"),
            ("-Infinity", "invalid number at line 2"),
        ] {
            let text = format!("[{row},\n{{\"signal\": {cell}, \"agent_activity\": 1}}]");
            refused(&text, &format!("row 2, column `signal`: {what}"));
        }
        refused(
            &format!("[{row}, {{\"signal\": 1, \"agent_activity\": 12}}]"),
            "row 2, column `agent_activity`: 12 is not",
        );
        refused(
            &format!("[{row}, {{\"signal\": 1}}]"),
            "row 2: there is no `agent_activity` in it",
        );
        refused(
            &format!("[{row},\n{row}"),
            "row 3: EOF while parsing a list at line 2",
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
        refused("\"text\"", "an object with `signal`");
        refused(r#"{"data": []}"#, "no `signal`");
        refused(
            &format!("{{\"x\": {}", "[".repeat(1000)),
            "brackets are open",
        );
    }

    #[test]
    fn columns_that_do_not_belong_together_are_refused() {
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
