//! What does one record of a CSV file hold?

use super::rows::{self, ACTIVITY, SIGNAL};
use crate::faults::{Cell, Content, TableKind};

/// Where the two columns are.
pub struct Header {
    /// The place of `signal`.
    signal: usize,
    /// The place of `agent_activity`.
    activity: usize,
    columns: usize,
}

/// One record without its quotes.
pub struct Record<'a> {
    /// The bytes of all fields, one after the other.
    pub bytes: &'a [u8],
    /// Where each field ends.
    pub ends: &'a [usize],
}

impl Record<'_> {
    /// A field without the blanks around it.
    fn field(&self, index: usize) -> &[u8] {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.bytes[start..self.ends[index]].trim_ascii()
    }

    /// Finds the two columns in the first record.
    pub fn header(&self) -> Result<Header, Content> {
        Ok(Header {
            signal: self.find(SIGNAL)?,
            activity: self.find(ACTIVITY)?,
            columns: self.ends.len(),
        })
    }

    /// The place of a column.
    fn find(&self, name: &'static str) -> Result<usize, Content> {
        let mut found = (0..self.ends.len()).filter(|it| self.field(*it) == name.as_bytes());
        match (found.next(), found.next()) {
            (Some(place), None) => Ok(place),
            (Some(_), Some(_)) => {
                let table = TableKind::Csv { delimiter: None };
                Err(Content::TwoColumns { name, table })
            }
            (None, _) => {
                let names = (0..self.ends.len()).map(|it| self.field(it));
                let delimiter = self.delimiter().map(char::from);
                let table = TableKind::Csv { delimiter };
                Err(Content::no_column(name, names, table))
            }
        }
    }

    /// The character that separates the two columns instead of a comma, or of which a first line for Excel says so.
    fn delimiter(&self) -> Option<u8> {
        if let Some(&[delimiter]) = self.bytes.strip_prefix(b"sep=") {
            return Some(delimiter).filter(u8::is_ascii);
        }
        let quoted = |c: &u8| matches!(c, b' ' | b'"');
        let splits = |delimiter: u8| {
            [SIGNAL, ACTIVITY].iter().all(|name| {
                let mut fields = self.bytes.split(|it| *it == delimiter);
                fields.any(|it| it.iter().filter(|c| !quoted(c)).eq(name.as_bytes()))
            })
        };
        // With a blank beside another character, it is the other one.
        let bytes = self.bytes.iter().copied();
        let mut found: Vec<u8> = bytes.filter(|it| is_delimiter(*it)).collect();
        found.sort_unstable_by_key(|it| (*it == b' ', *it));
        found.dedup();
        found.into_iter().find(|it| splits(*it))
    }

    /// Checks one row. A fault may name its column.
    pub fn row(&self, header: &Header) -> Result<(f64, u8), (Option<&'static str>, Content)> {
        let fields = self.ends.len();
        if fields != header.columns {
            let places = [(header.signal, SIGNAL), (header.activity, ACTIVITY)];
            let missing = places.iter().find(|it| it.0 >= fields).map(|it| it.1);
            let fault = Content::Fields {
                found: fields,
                expected: header.columns,
                missing,
            };
            return Err((None, fault));
        }
        let fault = |column| move |cell| (Some(column), Content::Cell(cell));
        let signal = number(self.field(header.signal)).map_err(fault(SIGNAL))?;
        let activity = number(self.field(header.activity)).map_err(fault(ACTIVITY))?;
        Ok((
            rows::signal(signal).map_err(fault(SIGNAL))?,
            rows::activity(activity).map_err(fault(ACTIVITY))?,
        ))
    }
}

/// Whether a character may separate fields: names have no such ones.
fn is_delimiter(character: u8) -> bool {
    character.is_ascii() && !character.is_ascii_alphanumeric() && !matches!(character, b'_' | b'"')
}

/// A cell as a number.
fn number(cell: &[u8]) -> Result<f64, Cell> {
    if let [digit @ b'0'..=b'9'] = cell {
        return Ok(f64::from(digit - b'0'));
    }
    if cell.is_empty() {
        return Err(Cell::Empty);
    }
    str::from_utf8(cell)
        .map_err(|_| Cell::Text(cell.to_owned()))
        .and_then(rows::number)
}

/// How many lines end in these bytes: with `\n`, `\r\n`, or `\r` alone.
pub fn breaks(bytes: &[u8]) -> u64 {
    let alone = memchr::memchr_iter(b'\r', bytes)
        .filter(|at| bytes.get(at + 1) != Some(&b'\n'))
        .count();
    (memchr::memchr_iter(b'\n', bytes).count() + alone) as u64
}
