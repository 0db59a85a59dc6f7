//! What does one record of a CSV file hold?

use super::rows::{self, ACTIVITY, SIGNAL};
use crate::faults::{Cell, Content, Dialect, TableKind};

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
        let mut found = (0..self.ends.len()).filter(|it| self.field(*it) == name.as_bytes());
        match (found.next(), found.next()) {
            (Some(place), None) => Ok(place),
            (Some(_), Some(_)) => {
                let table = TableKind::Csv { dialect: None };
                Err(Content::TwoColumns { name, table })
            }
            (None, _) => {
                let names = (0..self.ends.len()).map(|it| self.field(it));
                let dialect = self.dialect(name);
                Err(Content::no_column(name, names, TableKind::Csv { dialect }))
            }
        }
    }

    /// How the header is written, if that is why this column is missing.
    fn dialect(&self, name: &str) -> Option<Dialect> {
        let fields: Vec<&[u8]> = (0..self.ends.len())
            .map(|it| self.whole_field(it))
            .collect();
        let delimiter = delimiter(&fields).map(|it| Dialect::Delimiter(it.into()));
        delimiter.or_else(|| fields.iter().find_map(|it| quotes(it, name)))
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

/// The character that separates the two columns instead of a comma, or of which a first line for Excel says so.
fn delimiter(fields: &[&[u8]]) -> Option<u8> {
    let first = fields.first().and_then(|it| it.strip_prefix(b"sep="));
    if let Some(&[delimiter]) = first {
        return Some(delimiter).filter(u8::is_ascii);
    }
    let record = fields.join(&b',');
    let splits = |delimiter: u8| {
        [SIGNAL, ACTIVITY].iter().all(|name| {
            let rest = |c: &&u8| !is_around_name(**c) && **c != delimiter;
            let is_name = |field: &[u8]| field.iter().filter(rest).eq(name.as_bytes());
            // Where commas leave the name alone, they separate it.
            record.split(|it| *it == delimiter).any(is_name) && !fields.iter().any(|it| is_name(it))
        })
    };
    // With a blank beside another character, it is the other one.
    let mut found: Vec<u8> = record
        .iter()
        .copied()
        .filter(|it| is_delimiter(*it))
        .collect();
    found.sort_unstable_by_key(|it| (*it == b' ', *it));
    found.dedup();
    found.into_iter().find(|it| splits(*it))
}

/// Whether a character may separate fields: names have no such ones.
fn is_delimiter(character: u8) -> bool {
    let is_other = character == b' ' || !is_around_name(character);
    character.is_ascii()
        && !character.is_ascii_alphanumeric()
        && is_other
        && !b"_,".contains(&character)
}

/// Blanks and quotes may stand around a name, whatever separates it.
fn is_around_name(character: u8) -> bool {
    b" \"'`".contains(&character)
}

/// The quotes that other programs write, from the first to the last.
const QUOTES: [(char, char); 5] = [('"', '"'), ('\'', '\''), ('`', '`'), ('“', '”'), ('„', '“')];

/// How this column is quoted in the header, if it is this field. Its quotes count only if they are `"` behind a comma.
fn quotes(field: &[u8], name: &str) -> Option<Dialect> {
    let text = str::from_utf8(field).ok()?;
    let within = |(open, close)| text.trim().strip_prefix(open)?.strip_suffix(close);
    let (open, _) = QUOTES
        .into_iter()
        .find(|it| within(*it).map(str::trim) == Some(name))?;
    match open {
        '"' => text.starts_with(' ').then_some(Dialect::BlankBeforeQuote),
        other => Some(Dialect::Quote(other)),
    }
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
