//! Which names matter, and what follows them: a number, or the whole column?

use std::hash::{DefaultHasher, Hash, Hasher};

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::table::Table;
use crate::analysis::data::rows::{self, ACTIVITY};
use crate::faults::{Cell, Content, Json};

/// The most values in a column.
const MOST_VALUES: usize = 3 << 20;

/// The names that matter here.
pub enum Key {
    Signal,
    Activity,
    Data,
    Other,
}

impl Key {
    pub fn of(name: &[u8]) -> Self {
        match name {
            b"signal" => Self::Signal,
            b"agent_activity" => Self::Activity,
            b"data" => Self::Data,
            _ => Self::Other,
        }
    }
}

/// Reads a name as bytes, and hands it to a function. It need not be valid UTF-8, and `"\ud800"` is none, but Python
/// writes and reads it.
pub struct Name<F>(pub F);

impl<'de, T, F: FnOnce(&[u8]) -> T> DeserializeSeed<'de> for Name<F> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<T, D::Error> {
        input.deserialize_bytes(self)
    }
}

impl<T, F: FnOnce(&[u8]) -> T> Visitor<'_> for Name<F> {
    type Value = T;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a name")
    }

    fn visit_bytes<E: Error>(self, name: &[u8]) -> Result<T, E> {
        Ok(self.0(name))
    }
}

/// What follows the name of a column.
pub enum Value {
    /// A number: one row.
    One(f64),
    /// The whole column, and one number for the names of its rows: two columns with the same names in the same order
    /// have the same number. The rows of an array have no names.
    All(Column, Option<u64>),
    /// Rows, which the table has now.
    Rows,
    /// Something else, where rows were wanted.
    Other,
}

/// The values of a column. A float would take eight times the memory of a digit.
pub enum Column {
    Signal(Vec<f64>),
    Activity(Vec<u8>),
}

impl Column {
    pub fn len(&self) -> usize {
        match self {
            Self::Signal(values) => values.len(),
            Self::Activity(digits) => digits.len(),
        }
    }
}

/// What may follow a name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// A number.
    Cell,
    /// A number, or a whole column.
    Column,
    /// An array of rows. Anything else is a column that nobody asked for.
    Rows,
    /// The first element of such an array: a row, unless the array is a column.
    Row,
}

/// Reads what is wanted.
#[derive(Clone, Copy)]
pub struct Seed<'a, 'd> {
    /// It knows the cell that is read now, and takes what is wrong with it.
    pub table: &'a Table<'d>,
    pub wanted: Wanted,
}

impl Seed<'_, '_> {
    /// Adds a cell to a column, and moves on to the next one.
    fn add<E: Error>(self, column: &mut Column, value: &Value) -> Result<(), E> {
        match (&mut *column, value) {
            (Column::Signal(values), Value::One(value)) => values.push(*value),
            (Column::Activity(digits), Value::One(value)) => {
                digits.push(rows::activity(*value).map_err(|it| self.table.refuse(it))?);
            }
            _ => {}
        }
        if column.len() > MOST_VALUES {
            return Err(self.table.refuse(Json::LongColumn(MOST_VALUES)));
        }
        let place = &self.table.place;
        place.set(place.get().map(|(row, column)| (row + 1, column)));
        Ok(())
    }

    /// The column that is read now, still empty.
    fn column(self) -> Column {
        match self.table.place.get() {
            Some((_, ACTIVITY)) => Column::Activity(Vec::new()),
            _ => Column::Signal(Vec::new()),
        }
    }

    /// The same for what is within.
    fn with(self, wanted: Wanted) -> Self {
        Self { wanted, ..self }
    }

    /// The error for something that is not a number, unless rows are wanted.
    fn other<E: Error>(self, cell: Cell) -> Result<Value, E> {
        if matches!(self.wanted, Wanted::Rows | Wanted::Row) {
            Ok(Value::Other)
        } else {
            Err(self.table.refuse(Content::Cell(cell)))
        }
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_, '_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<Value, D::Error> {
        let table = self.table;
        input.deserialize_any(self).map_err(|it| table.stop(it))
    }
}

impl<'de> Visitor<'de> for Seed<'_, '_> {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a number")
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        self.table.check(value).map(Value::One)
    }

    #[expect(clippy::cast_precision_loss, reason = "a signal is a float")]
    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    #[expect(clippy::cast_precision_loss, reason = "a signal is a float")]
    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        self.other(Cell::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        self.visit_f64(f64::from(value))
    }

    /// A number in quotes is a number too, as in CSV: some services write numbers so, to keep all digits.
    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        let number = rows::number(value.trim_ascii());
        number.map_or_else(|cell| self.other(cell), |it| self.visit_f64(it))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Value, A::Error> {
        if self.wanted == Wanted::Cell {
            return self.other(Cell::Array);
        }
        if self.wanted == Wanted::Column {
            let mut values = self.column();
            while let Some(value) = array.next_element_seed(self.with(Wanted::Cell))? {
                self.add(&mut values, &value)?;
            }
            return Ok(Value::All(values, None));
        }
        if self.wanted == Wanted::Rows {
            let first = array.next_element_seed(self.with(Wanted::Row))?;
            if matches!(first, None | Some(Value::Rows)) {
                return self.table.rows(array).map(|()| Value::Rows);
            }
        }
        while array.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        match self.wanted {
            Wanted::Cell => return self.other(Cell::Object),
            Wanted::Row => return self.table.object(object, false).map(|()| Value::Rows),
            Wanted::Rows => {
                while object.next_key_seed(Name(|_: &[u8]| ()))?.is_some() {
                    object.next_value::<IgnoredAny>()?;
                }
                return Ok(Value::Other);
            }
            Wanted::Column => {}
        }
        let (mut values, mut names) = (self.column(), DefaultHasher::new());
        let mut add = |name: &[u8]| name.hash(&mut names);
        while object.next_key_seed(Name(&mut add))?.is_some() {
            let value = object.next_value_seed(self.with(Wanted::Cell))?;
            self.add(&mut values, &value)?;
        }
        Ok(Value::All(values, Some(names.finish())))
    }
}
