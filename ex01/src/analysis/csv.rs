//! What is in a CSV file?
//!
//! Read as RFC 4180 says, in pieces of fixed size: a file with one endless line takes no more memory than any other.

// One record: the header, or a row.
mod record;

use std::io::Read;

use csv_core::{ReadRecordResult, Reader};

use self::record::{Header, Record};
use super::bad::Bad;
use super::rows::Collector;

/// The longest record, header included.
const LONGEST: usize = 64 << 10;
/// The most columns.
const MOST_COLUMNS: usize = 4096;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::rows::counted;

    /// Rows read, or what is wrong.
    fn result(text: &str) -> Result<u64, String> {
        counted(|rows| read(text.as_bytes(), rows))
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
        let found = counted(|rows| read(Drip(crlf.as_bytes()), rows));
        assert_eq!(found, Err(named(3)));
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
