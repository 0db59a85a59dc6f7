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

/// What is wrong with a row.
pub struct BadRow {
    /// In which column, if it is one cell.
    pub column: Option<&'static str>,
    /// How many lines of the row come before that cell.
    pub lines: u64,
    pub fault: Content,
}

impl From<Content> for BadRow {
    fn from(fault: Content) -> Self {
        Self {
            column: None,
            lines: 0,
            fault,
        }
    }
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
        self.whole_field(index).trim_ascii()
    }

    fn whole_field(&self, index: usize) -> &[u8] {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start..self.ends[index]]
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
        let fields: Vec<&[u8]> = (0..self.ends.len()).map(|it| self.field(it)).collect();
        let mut found = (0..fields.len()).filter(|it| fields[*it] == name.as_bytes());
        match (found.next(), found.next()) {
            (Some(place), None) => Ok(place),
            (Some(_), Some(_)) => {
                let table = TableKind::Csv { delimiter: None };
                Err(Content::TwoColumns { name, table })
            }
            (None, _) => {
                let delimiter = delimiter(&fields);
                let table = TableKind::Csv { delimiter };
                Err(Content::no_column(name, fields.into_iter(), table))
            }
        }
    }

    /// How many lines end in quotes before a field.
    fn lines_before(&self, index: usize) -> u64 {
        (0..index).map(|it| breaks(self.whole_field(it))).sum()
    }

    /// Checks one row.
    pub fn row(&self, header: &Header) -> Result<(f64, u8), BadRow> {
        let fields = self.ends.len();
        if fields != header.columns {
            let places = [(header.signal, SIGNAL), (header.activity, ACTIVITY)];
            let missing = places.iter().find(|it| it.0 >= fields).map(|it| it.1);
            let fault = Content::Fields {
                found: fields,
                expected: header.columns,
                missing,
            };
            return Err(fault.into());
        }
        let fault = |column, index| {
            move |cell| BadRow {
                column: Some(column),
                lines: self.lines_before(index),
                fault: Content::Cell(cell),
            }
        };
        let in_signal = fault(SIGNAL, header.signal);
        let in_activity = fault(ACTIVITY, header.activity);
        let signal = number(self.field(header.signal)).map_err(&in_signal)?;
        let activity = number(self.field(header.activity)).map_err(&in_activity)?;
        Ok((
            rows::signal(signal).map_err(in_signal)?,
            rows::activity(activity).map_err(in_activity)?,
        ))
    }
}

/// What other programs write instead of a comma. With a blank beside another one, it is the other one.
const DELIMITERS: [u8; 9] = *b";\t|:^~\x01\x1f ";

/// The character that separates the two columns in a header instead of a comma.
fn delimiter(fields: &[&[u8]]) -> Option<char> {
    let record = fields.join(&b',');
    let splits = |delimiter: &u8| {
        [SIGNAL, ACTIVITY].iter().all(|name| {
            // Blanks and quotes may stand around a name, whatever separates it.
            let rest = |c: &&u8| !b" \"'`".contains(c) && *c != delimiter;
            let is_name = |field: &[u8]| field.iter().filter(rest).eq(name.as_bytes());
            // Where commas leave the name alone, they separate it.
            record.split(|it| it == delimiter).any(is_name) && !fields.iter().any(|it| is_name(it))
        })
    };
    DELIMITERS.into_iter().find(splits).map(char::from)
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
