//! What does one record of a CSV file hold, and where does it end?

use super::refusal::{Place, Refusal, excerpt, no_column};
use super::rows::{self, ACTIVITY, SIGNAL};
use crate::text;

/// Characters that separate the fields of other tables, and their names.
const DELIMITERS: [(u8, &str); 5] = [
    (b';', "`;`"),
    (b'\t', "a tab"),
    (b'|', "`|`"),
    (b':', "`:`"),
    (b' ', "a blank"),
];

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

/// What is wrong with a row.
pub enum RowFault {
    /// It has this many fields.
    Fields(usize),
    /// A cell of this column is bad.
    Cell(&'static str, String),
}

impl RowFault {
    /// The refusal for this fault, with its place.
    pub fn refusal(self, line: u64, row: u64, header: &Header) -> Refusal {
        let fields = match self {
            Self::Cell(column, what) => return Refusal::cell(Some(line), row, column, what),
            Self::Fields(fields) => fields,
        };
        let places = [(header.signal, SIGNAL), (header.activity, ACTIVITY)];
        let missing = places.iter().find(|it| it.0 >= fields);
        let missing = missing.map_or(String::new(), |it| {
            format!(", column `{}` is not there", it.1)
        });
        let what = format!(
            " has {}, the header has {}{missing}",
            text::counted(fields, "field"),
            header.columns
        );
        Refusal::row(Some(line), row, what)
    }
}

impl Record<'_> {
    /// A field without the blanks around it.
    fn field(&self, index: usize) -> &[u8] {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.bytes[start..self.ends[index]].trim_ascii()
    }

    /// Finds the two columns in the first record.
    pub fn header(&self, line: u64) -> Result<Header, Refusal> {
        Ok(Header {
            signal: self.find(SIGNAL, line)?,
            activity: self.find(ACTIVITY, line)?,
            columns: self.ends.len(),
        })
    }

    /// The place of a column.
    fn find(&self, name: &str, line: u64) -> Result<usize, Refusal> {
        let refused = |what: String| {
            let place = Place {
                line: Some(line),
                ..Place::default()
            };
            Refusal::Content(place, what)
        };
        let mut found = (0..self.ends.len()).filter(|it| self.field(*it) == name.as_bytes());
        match (found.next(), found.next()) {
            (Some(place), None) => Ok(place),
            (Some(_), Some(_)) => Err(refused(format!("the header names column `{name}` twice"))),
            (None, _) => {
                let there = (0..self.ends.len()).map(|it| String::from_utf8_lossy(self.field(it)));
                let hint = self.delimiter().map_or(String::new(), |delimiter| {
                    format!("; {delimiter} separates its columns, but it must be a comma")
                });
                Err(refused(format!(
                    "the header has {}{hint}",
                    no_column(name, there)
                )))
            }
        }
    }

    /// The character that separates the two columns instead of a comma.
    fn delimiter(&self) -> Option<&'static str> {
        let quoted = |c: &u8| matches!(c, b' ' | b'"');
        let splits = |delimiter: u8| {
            [SIGNAL, ACTIVITY].iter().all(|name| {
                let mut fields = self.bytes.split(|it| *it == delimiter);
                fields.any(|it| it.iter().filter(|c| !quoted(c)).eq(name.as_bytes()))
            })
        };
        let found = DELIMITERS.iter().find(|it| splits(it.0));
        found.map(|it| it.1)
    }

    /// Checks one row.
    pub fn row(&self, header: &Header) -> Result<(f64, u8), RowFault> {
        if self.ends.len() != header.columns {
            return Err(RowFault::Fields(self.ends.len()));
        }
        let cell = |place: usize, name| {
            number(self.field(place)).map_err(|what| RowFault::Cell(name, what))
        };
        let signal = rows::signal(cell(header.signal, SIGNAL)?);
        let activity = rows::activity(cell(header.activity, ACTIVITY)?);
        Ok((
            signal.map_err(|what| RowFault::Cell(SIGNAL, what))?,
            activity.map_err(|what| RowFault::Cell(ACTIVITY, what))?,
        ))
    }
}

/// A cell as a number.
fn number(cell: &[u8]) -> Result<f64, String> {
    if let [digit @ b'0'..=b'9'] = cell {
        return Ok(f64::from(digit - b'0'));
    }
    if cell.is_empty() {
        return Err("the cell is empty".to_owned());
    }
    str::from_utf8(cell)
        .ok()
        .and_then(rows::number)
        .ok_or_else(|| {
            let shown = excerpt(&String::from_utf8_lossy(cell));
            format!("`{shown}` is not a number")
        })
}

/// Where the last whole record ends.
pub fn boundary(bytes: &[u8]) -> Option<usize> {
    if memchr::memchr(b'"', bytes).is_none() {
        let after = |at: usize| at + 1;
        return memchr::memrchr(b'\n', bytes).map(after).or_else(|| {
            // Old Macs end a line with `\r` alone. The last `\r` here may be half of `\r\n`.
            let bytes = &bytes[..bytes.len().saturating_sub(1)];
            memchr::memrchr(b'\r', bytes).map(after)
        });
    }
    let (mut end, mut state) = (None, State::Start);
    for (at, byte) in bytes.iter().enumerate() {
        let ends = match byte {
            b'\n' => true,
            b'\r' => bytes.get(at + 1).is_some_and(|it| *it != b'\n'),
            _ => false,
        };
        state = match (state, byte) {
            (State::Quoted, b'"') => State::Closed,
            // A doubled quote closes and opens again.
            (State::Quoted, _) | (State::Start | State::Closed, b'"') => State::Quoted,
            (_, b',' | b'\n' | b'\r') => State::Start,
            _ => State::Plain,
        };
        if ends && matches!(state, State::Start) {
            end = Some(at + 1);
        }
    }
    end
}

/// Where in a field a byte is.
#[derive(Clone, Copy)]
enum State {
    /// Before its first byte.
    Start,
    /// In a field without quotes. A quote in it means nothing.
    Plain,
    /// Between two quotes.
    Quoted,
    /// Behind a quote that may be the last one.
    Closed,
}

/// How many lines end in these bytes: with `\n`, `\r\n`, or `\r` alone.
pub fn breaks(bytes: &[u8]) -> u64 {
    let alone = memchr::memchr_iter(b'\r', bytes)
        .filter(|at| bytes.get(at + 1) != Some(&b'\n'))
        .count();
    (memchr::memchr_iter(b'\n', bytes).count() + alone) as u64
}
