//! What is in a JSON file?
//!
//! It reads four shapes: one object in each line (or several, one after the other), an array of objects, such an array
//! under the name `data`, and an object of columns, `{"signal": […], "agent_activity": […]}` or, as pandas writes it,
//! `{"signal": {"0": …}, "agent_activity": {"0": …}}`. Only the last shape keeps whole columns in memory.

use std::cell::{Cell, RefCell};
use std::io::{self, BufReader, Read};

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::bounded::Bounded;
use super::json_columns::{Seed, Value};
use super::pieces::{Dealer, Piece, Pieces};
use super::refusal::{MOST_NAMES, Refusal, no_column};
use super::rows::{self, ACTIVITY, SIGNAL};
use super::stream::Bytes;

/// So many bytes are parsed at once.
const CHUNK: usize = 1 << 20;
/// So many rows are handed on at once.
const ROWS: usize = 1 << 14;

/// All rows, piece by piece. `head` is the beginning of the input.
///
/// If the first object is a row, all others are rows too, and the input can be cut at a line end between two objects.
/// In the other shapes, only a parser that has read everything before a place knows what is there.
pub fn pieces(input: Bytes, head: &[u8], threads: usize) -> Pieces {
    if begins_with_a_row(head) {
        let read = move |dealer: &mut Dealer<io::Result<Vec<u8>>>| {
            let mut input = input;
            if let Err(error) = deal_lines(&mut input, dealer) {
                dealer.deal(Err(error));
            }
        };
        return Pieces::start(threads, read, |task: io::Result<Vec<u8>>| match task {
            Ok(bytes) => lines(&bytes),
            Err(error) => Piece::refused(error.into()),
        });
    }
    let read = move |dealer: &mut Dealer<Piece>| stream(input, dealer);
    Pieces::start(1, read, |piece| piece)
}

/// Whether the first value is a whole object with both columns.
fn begins_with_a_row(head: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Row {
        #[serde(rename = "signal")]
        _signal: IgnoredAny,
        #[serde(rename = "agent_activity")]
        _activity: IgnoredAny,
    }
    let head = head.strip_prefix(super::format::MARK).unwrap_or(head);
    let is_object = head.trim_ascii_start().starts_with(b"{");
    let mut values = serde_json::Deserializer::from_slice(head).into_iter::<Row>();
    let row = matches!(values.next(), Some(Ok(_)));
    // The columns of a small table are such an object too, but no other object follows them.
    let end = values.byte_offset();
    is_object && row && (begins_another(&head[end..]) || !holds_columns(&head[..end]))
}

/// Whether another object begins here.
fn begins_another(rest: &[u8]) -> bool {
    rest.trim_ascii_start().starts_with(b"{")
}

/// Whether an object has brackets in it.
fn holds_columns(object: &[u8]) -> bool {
    let inner = object.trim_ascii();
    let inner = inner
        .get(1..inner.len().saturating_sub(1))
        .unwrap_or_default();
    memchr::memchr2(b'[', b'{', inner).is_some()
}

/// Deals out chunks of whole objects.
fn deal_lines(input: &mut Bytes, dealer: &mut Dealer<io::Result<Vec<u8>>>) -> io::Result<()> {
    let mut buffer = Vec::new();
    loop {
        let wanted = CHUNK as u64;
        let read = input.take(wanted).read_to_end(&mut buffer)?;
        let ended = (read as u64) < wanted;
        let end = if ended {
            buffer.len()
        } else {
            match boundary(&buffer) {
                Some(end) => end,
                None if buffer.len() < 8 * CHUNK => continue,
                None => {
                    let what = format!("an object is longer than {} bytes", 8 * CHUNK);
                    return Err(io::Error::other(what));
                }
            }
        };
        let rest = buffer.split_off(end);
        let bytes = std::mem::replace(&mut buffer, rest);
        if !dealer.deal(Ok(bytes)) || ended {
            return Ok(());
        }
    }
}

/// The last line end between `}` and `{`. No string and no object has one.
fn boundary(bytes: &[u8]) -> Option<usize> {
    memchr::memrchr_iter(b'\n', bytes)
        .find(|at| parts_rows(bytes, *at))
        .map(|at| at + 1)
}

/// The first such line end.
fn first_boundary(bytes: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'\n', bytes)
        .find(|at| parts_rows(bytes, *at))
        .map(|at| at + 1)
}

/// Whether this line end is between `}` and `{`.
fn parts_rows(bytes: &[u8], at: usize) -> bool {
    bytes[..at].trim_ascii_end().ends_with(b"}") && begins_another(&bytes[at + 1..])
}

/// The rows of a chunk. Each line gets its own parser: one parser for all lines would count the lines again each time
/// that it is asked for the end.
fn lines(bytes: &[u8]) -> Piece {
    let table = Table::new(None);
    let count = |bytes: &[u8]| memchr::memchr_iter(b'\n', bytes).count();
    let (mut start, mut refusal) = (0, None);
    while start < bytes.len() && refusal.is_none() {
        let end = first_boundary(&bytes[start..]).map_or(bytes.len(), |it| start + it);
        let mut parser = serde_json::Deserializer::from_slice(&bytes[start..end]);
        let mut result = Ok(());
        while result.is_ok() && parser.end().is_err() {
            result = Row(&table).deserialize(&mut parser);
        }
        refusal = result
            .err()
            .map(|error| table.refusal(error, count(&bytes[..start])));
        start = end;
    }
    Piece {
        lines: count(bytes) as u64,
        refusal,
        ..table.piece.into_inner()
    }
}

/// Parses a text that must be read from start to end.
fn stream(input: Bytes, dealer: &mut Dealer<Piece>) {
    let table = Table::new(Some(dealer));
    let input = BufReader::new(Bounded::new(input));
    let mut parser = serde_json::Deserializer::from_reader(input);
    let mut read = || {
        let mut values = 0;
        // A stream of values: one array, one object of columns, or any number of rows.
        while let Err(error) = parser.end() {
            if error.is_io() {
                return Err(error);
            }
            Top(&table).deserialize(&mut parser)?;
            values += 1;
        }
        if values == 0 {
            return Err(serde_json::Error::custom("it is empty"));
        }
        Ok(())
    };
    let refusal = read().err().map(|error| table.refusal(error, 0));
    let piece = Piece {
        refusal,
        ..table.piece.take()
    };
    if let Some(dealer) = table.dealer.into_inner() {
        dealer.deal(piece);
    }
}

/// Collects the rows.
struct Table<'d> {
    /// Rows that wait in a piece.
    piece: RefCell<Piece>,
    /// Takes full pieces, if the rows need more than one.
    dealer: RefCell<Option<&'d mut Dealer<Piece>>>,
    /// The row in the piece and the column that are read now; none between cells.
    place: Cell<Option<(u64, &'static str)>>,
}

impl<'d> Table<'d> {
    fn new(dealer: Option<&'d mut Dealer<Piece>>) -> Self {
        Self {
            piece: RefCell::new(Piece::default()),
            dealer: RefCell::new(dealer),
            place: Cell::new(None),
        }
    }

    /// Checks a row and adds it.
    fn push<E: Error>(&self, signal: f64, activity: f64) -> Result<(), E> {
        let row = self.row();
        self.place.set(Some((row, SIGNAL)));
        let signal = rows::signal(signal).map_err(E::custom)?;
        self.place.set(Some((row, ACTIVITY)));
        let activity = rows::activity(activity).map_err(E::custom)?;
        self.place.set(None);
        let mut piece = self.piece.borrow_mut();
        piece.signal.push(signal);
        piece.activity.push(activity);
        if let Some(dealer) = &mut *self.dealer.borrow_mut()
            && piece.signal.len() == ROWS
            && !dealer.deal(piece.take())
        {
            return Err(E::custom("nobody wants more rows"));
        }
        Ok(())
    }

    /// The number of the current row in the piece.
    fn row(&self) -> u64 {
        self.piece.borrow().signal.len() as u64 + 1
    }

    /// What is wrong, and in which cell or row. `lines` is the number of lines that the parser did not see.
    fn refusal(&self, error: serde_json::Error, before: usize) -> Refusal {
        if error.is_io() {
            return io::Error::from(error).into();
        }
        let (line, text) = (error.line(), error.to_string());
        let place = format!(" at line {line} column {}", error.column());
        let what = match text.strip_suffix(&place).unwrap_or(&text) {
            // Python writes NaN and Infinity anyway.
            "expected value" | "invalid number" => {
                "this is not a JSON value; JSON has no NaN and no Infinity"
            }
            other => other,
        };
        let line = (line > 0).then_some((before + line) as u64);
        match self.place.get() {
            Some((row, column)) => Refusal::cell(line, row, column, what),
            None if line.is_none() => Refusal::whole(what),
            None => Refusal::row(line, self.row(), format_args!(": {what}")),
        }
    }

    /// Reads an object: a row, or all columns, or all rows under a name.
    fn object<'de, A: MapAccess<'de>>(&self, mut object: A, top: bool) -> Result<(), A::Error> {
        let (mut signal, mut activity, mut data) = (None, None, false);
        let mut others: Vec<String> = Vec::new();
        loop {
            // At the top, an error names what is there. The names in rows are too many to keep.
            let key = if top {
                let name = object.next_key::<String>()?;
                let key = name.as_deref().map(Key::of);
                others.extend(name.filter(|_| others.len() <= MOST_NAMES));
                key
            } else {
                object.next_key::<Key>()?
            };
            let Some(key) = key else { break };
            let (name, place) = match key {
                Key::Signal => (SIGNAL, &mut signal),
                Key::Activity => (ACTIVITY, &mut activity),
                Key::Data if top => {
                    data |= object.next_value_seed(Data(self))?;
                    continue;
                }
                Key::Data | Key::Other => {
                    object.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            self.place.set(Some((self.row(), name)));
            let value = object.next_value_seed(Seed {
                place: &self.place,
                columns: top,
            })?;
            if place.replace(value).is_some() {
                return Err(Error::custom("it is there twice"));
            }
            self.place.set(None);
        }
        let none = |name| {
            if !top {
                return Error::custom(format_args!("it has no `{name}`"));
            }
            let there = no_column(name, others.iter().map(Into::into));
            Error::custom(format_args!(
                "it has {there}; an array of rows may be called `data`"
            ))
        };
        match (signal, activity) {
            (None, None) if data => Ok(()),
            (None, _) => Err(none(SIGNAL)),
            (_, None) => Err(none(ACTIVITY)),
            (Some(_), Some(_)) if data => {
                Err(Error::custom("it has rows in `data`, and columns as well"))
            }
            (Some(signal), Some(activity)) => self.values(signal, activity),
        }
    }

    /// Takes a row, or all columns.
    fn values<E: Error>(&self, signal: Value, activity: Value) -> Result<(), E> {
        match (signal, activity) {
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

/// The names that matter here.
#[derive(Deserialize)]
#[serde(field_identifier)]
enum Key {
    #[serde(rename = "signal")]
    Signal,
    #[serde(rename = "agent_activity")]
    Activity,
    #[serde(rename = "data")]
    Data,
    #[serde(other)]
    Other,
}

impl Key {
    fn of(name: &str) -> Self {
        match name {
            SIGNAL => Self::Signal,
            ACTIVITY => Self::Activity,
            "data" => Self::Data,
            _ => Self::Other,
        }
    }
}

/// What may be at the top: a row, an array of rows, or an object of columns.
struct Top<'a, 'd>(&'a Table<'d>);

impl<'de> DeserializeSeed<'de> for Top<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<(), D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Top<'_, '_> {
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

/// What may be in an array of rows, or in a line.
struct Row<'a, 'd>(&'a Table<'d>);

impl<'de> DeserializeSeed<'de> for Row<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<(), D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Row<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object with `signal` and `agent_activity`")
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<(), A::Error> {
        self.0.object(object, false)
    }
}

/// What may follow `data`: an array of rows. Anything else is a column that nobody asked for.
struct Data<'a, 'd>(&'a Table<'d>);

impl<'de> DeserializeSeed<'de> for Data<'_, '_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<bool, D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Data<'_, '_> {
    type Value = bool;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an array of objects with `signal` and `agent_activity`")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<bool, A::Error> {
        while array.next_element_seed(Row(self.0))?.is_some() {}
        Ok(true)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<bool, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(false)
    }

    fn visit_unit<E: Error>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<bool, E> {
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
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
