//! What does one record of a CSV file say?

use crate::analysis::bad::{Bad, excerpt, no_column};
use crate::analysis::rows::{self, ACTIVITY, Collector, SIGNAL};
use crate::sections;

/// Where the two columns are.
pub struct Header {
    /// Place of `signal`.
    signal: usize,
    /// Place of `agent_activity`.
    activity: usize,
    /// How many columns there are.
    columns: usize,
}

/// One record, its quotes removed.
pub struct Record<'a> {
    /// All fields in one piece.
    pub bytes: &'a [u8],
    /// Where each field ends.
    pub ends: &'a [usize],
    /// The line of the file that it begins in.
    pub line: u64,
}

impl Record<'_> {
    /// A field without the blanks around it.
    fn field(&self, index: usize) -> &[u8] {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.bytes[start..self.ends[index]].trim_ascii()
    }

    /// Finds the two columns in the first record.
    pub fn header(&self) -> Result<Header, Bad> {
        let find = |name: &str| {
            let mut found = (0..self.ends.len()).filter(|it| self.field(*it) == name.as_bytes());
            match (found.next(), found.next()) {
                (Some(place), None) => Ok(place),
                (Some(_), Some(_)) => Err(Bad::at(
                    self.line,
                    format_args!("the header names column `{name}` twice"),
                )),
                (None, _) => {
                    let there =
                        (0..self.ends.len()).map(|it| String::from_utf8_lossy(self.field(it)));
                    Err(Bad::at(
                        self.line,
                        format_args!("the header has {}", no_column(name, there)),
                    ))
                }
            }
        };
        Ok(Header {
            signal: find(SIGNAL)?,
            activity: find(ACTIVITY)?,
            columns: self.ends.len(),
        })
    }

    /// Checks one row and hands it on.
    pub fn row(&self, header: &Header, rows: &mut Collector<'_>) -> Result<(), Bad> {
        let row = rows.count() + 1;
        if self.ends.len() != header.columns {
            let places = [(header.signal, SIGNAL), (header.activity, ACTIVITY)];
            let missing = places.iter().find(|it| it.0 >= self.ends.len());
            let missing = missing.map_or(String::new(), |it| {
                format!(", column `{}` is not there", it.1)
            });
            return Err(Bad::at(
                self.line,
                format_args!(
                    "row {row} has {}, the header has {}{missing}",
                    sections::counted(self.ends.len(), "field"),
                    header.columns
                ),
            ));
        }
        let cell = |place: usize, name: &str| {
            let bad = |what: String| {
                Bad::at(
                    self.line,
                    format_args!("row {row}, column `{name}`: {what}"),
                )
            };
            number(self.field(place)).map_err(bad)
        };
        let checked = |name: &str, what: String| {
            Bad::at(
                self.line,
                format_args!("row {row}, column `{name}`: {what}"),
            )
        };
        let signal = rows::signal(cell(header.signal, SIGNAL)?);
        let activity = rows::activity(cell(header.activity, ACTIVITY)?);
        rows.push(
            signal.map_err(|what| checked(SIGNAL, what))?,
            activity.map_err(|what| checked(ACTIVITY, what))?,
        )?;
        Ok(())
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
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| {
            let shown = excerpt(&String::from_utf8_lossy(cell));
            format!("`{shown}` is not a number")
        })
}
