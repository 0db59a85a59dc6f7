//! Which shapes may a JSON text have?

use serde::de::{
    DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor,
};

use super::bounded::Bounded;
use super::column::{Column, Key, Name, Seed, Value, Wanted};
use super::lined::Lined;
use super::table::Table;
use crate::analysis::data::pieces::{Dealer, Piece, Pieces};
use crate::analysis::data::rows::{ACTIVITY, SIGNAL};
use crate::analysis::data::stream::Bytes;
use crate::faults::{Content, Json, MOST_NAMES, Refusal, TableKind};

/// All rows, piece by piece, by one thread.
pub fn pieces(input: Bytes) -> Result<Pieces, Refusal> {
    let read = move |dealer: &mut Dealer<Piece>| {
        let table = Table::new(Some(&mut *dealer));
        let refusal = values(input, &table).err();
        let refusal = refusal.map(|error| table.refusal(error, 0));
        let rest = table.into_piece();
        dealer.deal(Piece { refusal, ..rest });
        Ok(())
    };
    Pieces::start(1, read, |piece| piece)
}

/// Reads a stream of values: one array, one object of columns, or any number of rows.
fn values(input: Bytes, table: &Table<'_>) -> serde_json::Result<()> {
    let input = Lined::new(Bounded::new(input), &table.line);
    let mut parser = serde_json::Deserializer::from_reader(input);
    let mut values = 0;
    while let Err(error) = parser.end() {
        if error.is_io() {
            return Err(error);
        }
        Shape { table, top: true }.deserialize(&mut parser)?;
        values += 1;
    }
    if values == 0 {
        return Err(table.refuse(Content::Empty));
    }
    Ok(())
}

/// Reads a row at the start of a text. Returns how many bytes it has. Only [`refused_row`] knows the line of an error.
pub fn row(text: &[u8], table: &Table<'_>) -> serde_json::Result<usize> {
    let mut parser = serde_json::Deserializer::from_slice(text);
    Shape { table, top: false }.deserialize(&mut parser)?;
    Ok(parser.into_iter::<IgnoredAny>().byte_offset())
}

/// Reads a row again that was refused, and counts its lines.
pub fn refused_row(text: &[u8], table: &Table<'_>) -> serde_json::Result<()> {
    table.begin_again();
    let mut parser = serde_json::Deserializer::from_reader(Lined::new(text, &table.line));
    Shape { table, top: false }.deserialize(&mut parser)
}

impl Table<'_> {
    /// Reads an object: a row, or all columns, or all rows under a name.
    pub fn object<'de, A: MapAccess<'de>>(&self, mut object: A, top: bool) -> Result<(), A::Error> {
        let (mut signal, mut activity, mut data) = (None, None, None);
        let mut others: Vec<Vec<u8>> = Vec::new();
        // An error names what is there, at the top or in the first row. The names in all rows are too many to keep.
        let named = top || self.row() == 1;
        let mut key = |name: &[u8]| {
            if named && others.len() <= MOST_NAMES {
                others.push(name.to_owned());
            }
            Key::of(name)
        };
        let stop = |error| self.stop(error);
        while let Some(key) = object.next_key_seed(Name(&mut key)).map_err(stop)? {
            let number = if top { Wanted::Column } else { Wanted::Cell };
            let (name, place, wanted) = match key {
                Key::Signal => (SIGNAL, &mut signal, number),
                Key::Activity => (ACTIVITY, &mut activity, number),
                Key::Data if top => ("data", &mut data, Wanted::Rows),
                Key::Data | Key::Other => {
                    object.next_value::<IgnoredAny>().map_err(stop)?;
                    continue;
                }
            };
            if place.is_some() {
                return Err(self.refuse(Json::Twice(name)));
            }
            // Each of the rows names its own place.
            let cell = (wanted != Wanted::Rows).then(|| (self.row(), name));
            self.place.set(cell);
            let table = self;
            *place = Some(object.next_value_seed(Seed { table, wanted })?);
            self.place.set(None);
        }
        let none = |name| {
            if named {
                self.refuse(Content::no_column(
                    name,
                    others.into_iter(),
                    TableKind::Json,
                ))
            } else {
                self.refuse(Json::Lacks(name))
            }
        };
        match (signal, activity, data) {
            (None, None, Some(Value::Rows)) => Ok(()),
            (None, ..) => Err(none(SIGNAL)),
            (_, None, _) => Err(none(ACTIVITY)),
            (.., Some(Value::Rows)) => Err(self.refuse(Json::RowsAndColumns)),
            (Some(signal), Some(activity), _) => self.values(signal, activity),
        }
    }

    /// Reads an array of rows.
    pub fn rows<'de, A: SeqAccess<'de>>(&self, mut array: A) -> Result<(), A::Error> {
        let row = || Shape {
            table: self,
            top: false,
        };
        while array.next_element_seed(row())?.is_some() {}
        Ok(())
    }

    /// Takes a row, or all columns.
    fn values<E: Error>(&self, signal: Value, activity: Value) -> Result<(), E> {
        match (signal, activity) {
            (Value::One(signal), Value::One(activity)) => self.push(signal, activity),
            (Value::All(signal, _), Value::All(activity, _)) if signal.len() != activity.len() => {
                Err(self.refuse(Json::Lengths {
                    signal: signal.len(),
                    activity: activity.len(),
                }))
            }
            (Value::All(_, one), Value::All(_, other)) if one != other => {
                Err(self.refuse(Json::OtherRows))
            }
            (Value::All(Column::Signal(signal), _), Value::All(Column::Activity(activity), _)) => {
                signal
                    .into_iter()
                    .zip(activity)
                    .try_for_each(|(signal, activity)| self.push(signal, f64::from(activity)))
            }
            _ => Err(self.refuse(Json::NumberAndColumn)),
        }
    }
}

/// What may be at the top: a row, an array of rows, or an object of columns. In an array or a line: only a row.
struct Shape<'a, 'd> {
    table: &'a Table<'d>,
    top: bool,
}

impl<'de> DeserializeSeed<'de> for Shape<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<(), D::Error> {
        let table = self.table;
        input.deserialize_any(self).map_err(|it| table.stop(it))
    }
}

impl<'de> Visitor<'de> for Shape<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object with `signal` and `agent_activity`")?;
        f.write_str(if self.top {
            ", or an array of them"
        } else {
            ""
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, array: A) -> Result<(), A::Error> {
        if self.top {
            self.table.rows(array)
        } else {
            Err(self.table.stop(Error::invalid_type(Unexpected::Seq, &self)))
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<(), A::Error> {
        self.table.object(object, self.top)
    }
}
