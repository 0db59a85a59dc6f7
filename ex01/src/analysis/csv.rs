//! What is in a CSV file?
//!
//! Read as RFC 4180 says, in pieces of fixed size: a file with one endless line takes no more memory than any other.

use std::io::Read;

use csv_core::{ReadRecordResult, Reader};

use super::bad::{Bad, excerpt, no_column};
use super::rows::{self, ACTIVITY, Collector, SIGNAL};
use crate::report;

/// The longest record, header included.
const LONGEST: usize = 64 << 10;
/// The most columns.
const MOST_COLUMNS: usize = 4096;

/// Where the two columns are.
struct Header {
    /// Place of `signal`.
    signal: usize,
    /// Place of `agent_activity`.
    activity: usize,
    /// How many columns there are.
    columns: usize,
}

/// Reads all rows.
pub fn read(input: impl Read, rows: &mut Collector<'_>) -> Result<(), Bad> {
    // With a line end behind the last line, a record that is still open at the end can only be inside quotes.
    let mut input = input.chain(&b"\n"[..]);
    let mut reader = Reader::new();
    let mut buffer = vec![0; 64 << 10];
    let (mut record, mut ends) = (vec![0; LONGEST], vec![0; MOST_COLUMNS]);
    let (mut used, mut fields) = (0, 0);
    let mut header = None;
    let (mut start, mut end) = (0, 0);
    // Line breaks before a record are taken away here, so that its line is the one that it begins in.
    let (mut line, mut breaks, mut between) = (1, 0, true);
    loop {
        if start == end {
            (start, end) = (0, input.read(&mut buffer)?);
            if end == 0 && used > 0 {
                let place = header.map_or("the header".to_owned(), |_: Header| {
                    format!("row {}", rows.count() + 1)
                });
                return Err(Bad::at(
                    line,
                    format_args!("{place} opens a quote and never closes it"),
                ));
            }
        }
        if between {
            let blank = buffer[start..end].iter();
            let blank = blank.take_while(|it| matches!(it, b'\r' | b'\n')).count();
            breaks += lines(&buffer[start..start + blank]);
            start += blank;
            if start == end && end > 0 {
                continue;
            }
            (line, between) = (reader.line() + breaks, false);
        }
        let (result, read, wrote, ended) = reader.read_record(
            &buffer[start..end],
            &mut record[used..],
            &mut ends[fields..],
        );
        start += read;
        used += wrote;
        fields += ended;
        match result {
            ReadRecordResult::InputEmpty => {}
            ReadRecordResult::OutputFull => {
                return Err(Bad::at(
                    line,
                    format_args!("a record is longer than {LONGEST} bytes"),
                ));
            }
            ReadRecordResult::OutputEndsFull => {
                return Err(Bad::at(
                    line,
                    format_args!("there are more than {MOST_COLUMNS} columns"),
                ));
            }
            ReadRecordResult::Record => {
                let record = Record {
                    bytes: &record[..used],
                    ends: &ends[..fields],
                    line,
                };
                match &header {
                    None => header = Some(record.header()?),
                    Some(header) => record.row(header, rows)?,
                }
                (used, fields, between) = (0, 0, true);
            }
            ReadRecordResult::End => break,
        }
    }
    match header {
        Some(_) => Ok(()),
        None => Err(Bad::new("it is empty: not even a header is in it")),
    }
}

/// How many lines end in these bytes.
fn lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// One record, its quotes removed.
struct Record<'a> {
    /// All fields in one piece.
    bytes: &'a [u8],
    /// Where each field ends.
    ends: &'a [usize],
    /// The line of the file that it begins in.
    line: u64,
}

impl Record<'_> {
    /// A field without the blanks around it.
    fn field(&self, index: usize) -> &[u8] {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.bytes[start..self.ends[index]].trim_ascii()
    }

    /// Finds the two columns in the first record.
    fn header(&self) -> Result<Header, Bad> {
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
    fn row(&self, header: &Header, rows: &mut Collector<'_>) -> Result<(), Bad> {
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
                    report::counted(self.ends.len(), "field"),
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

    /// Pieces of one byte, as a slow server sends them.
    struct Drip<'a>(&'a [u8]);

    impl Read for Drip<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            self.0.read(&mut buffer[..1])
        }
    }

    #[track_caller]
    fn check(text: &str, expected: u64) {
        assert_eq!(result(text), Ok(expected), "{text:?}");
    }

    #[track_caller]
    fn refused(text: &str, expected: &str) {
        assert_eq!(result(text), Err(expected.to_owned()), "{text:?}");
    }

    #[test]
    fn tables_as_programs_write_them_are_read() {
        check("signal,agent_activity\n0.5,3\n-1.5e-1,9\n", 2);
        check("signal,agent_activity\r\n0.5,3\r\n-1,9", 2);
        check(
            "t, agent_activity ,\"signal\",x\n1, 3 ,\"0.5\",\"a,\n\"\"b\"\n\n2,4.0,1,\n",
            2,
        );
        check("signal,agent_activity\n", 0);
        check("signal,agent_activity\n\"1\",\"2\"", 1);
    }

    #[test]
    fn a_line_is_the_one_that_an_editor_shows() {
        let crlf = "signal,agent_activity\r\n1,2\r\nx,2\r\n";
        let named = |line| format!("line {line}: row 2, column `signal`: `x` is not a number");
        refused(crlf, &named(3));
        refused("signal,agent_activity\n\n\n1,2\r\n\r\n\nx,2", &named(7));
        refused("\nsignal,agent_activity,b\n1,2,\"\n\n\"\nx,2,c", &named(6));
        let mut each = |_: &_| Ok(());
        let mut rows = Collector::new(false, &mut each);
        let error = read(Drip(crlf.as_bytes()), &mut rows).unwrap_err();
        assert_eq!(error.to_string(), named(3));
    }

    #[test]
    fn a_bad_cell_is_named_with_line_row_and_column() {
        let head = "signal,agent_activity\n1,1\n";
        let cell =
            |row: &str, what: &str| refused(&format!("{head}{row}"), &format!("line 3: {what}"));
        cell("abc,1\n", "row 2, column `signal`: `abc` is not a number");
        cell(",1\n", "row 2, column `signal`: the cell is empty");
        cell(
            "NaN,1\n",
            "row 2, column `signal`: NaN is not a finite number",
        );
        cell(
            "-inf,1\n",
            "row 2, column `signal`: -inf is not a finite number",
        );
        cell(
            "1e999,1\n",
            "row 2, column `signal`: inf is not a finite number",
        );
        cell(
            "1,10\n",
            "row 2, column `agent_activity`: 10 is not a whole number from 0 to 9",
        );
        cell(
            "1,-1\n",
            "row 2, column `agent_activity`: -1 is not a whole number from 0 to 9",
        );
        cell(
            "1,2.5\n",
            "row 2, column `agent_activity`: 2.5 is not a whole number from 0 to 9",
        );
        cell(
            "1",
            "row 2 has 1 field, the header has 2, column `agent_activity` is not there",
        );
        cell("1,\"2", "row 2 opens a quote and never closes it");
        cell("\"1,2\n3,4\n", "row 2 opens a quote and never closes it");
        cell("1,2,3\n", "row 2 has 3 fields, the header has 2");
    }

    #[test]
    fn a_file_that_is_no_such_table_is_refused() {
        for blank in ["", "\n\r\n"] {
            refused(blank, "it is empty: not even a header is in it");
        }
        refused("\"", "line 1: the header opens a quote and never closes it");
        refused(
            "a;b\n1;2\n",
            "line 1: the header has no column `signal`, only `a;b`",
        );
        refused(
            "signal,agent_activity,signal\n",
            "line 1: the header names column `signal` twice",
        );
        let endless = format!("signal,agent_activity\n\"{}", "x".repeat(LONGEST + 1));
        refused(&endless, "line 2: a record is longer than 65536 bytes");
        let wide = format!("signal,{}\n", "x,".repeat(MOST_COLUMNS));
        refused(&wide, "line 1: there are more than 4096 columns");
    }
}
