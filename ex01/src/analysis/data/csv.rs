//! What is in a CSV file?
//!
//! The format is that of RFC 4180. The file is read in chunks of whole records. So a file with one endless line takes
//! no more memory than any other, and each chunk can be parsed on another thread.

use std::sync::Arc;

use csv_core::{ReadRecordResult, Reader};

use super::pieces::{Dealer, Piece, Pieces};
use super::record::{Header, Record, breaks};
use super::stream::{Bytes, cut, fill};
use crate::faults::{Content, Place, Refusal};

/// The longest record, with the header.
const LONGEST: usize = 64 << 10;
/// The most columns.
const MOST_COLUMNS: usize = 4096;
/// How many bytes are parsed at once.
const CHUNK: usize = 1 << 20;

/// Some whole records.
struct Task {
    header: Arc<Header>,
    bytes: Vec<u8>,
    /// How many lines come before these bytes, if no other chunk counts them.
    before: u64,
}

/// All rows, piece by piece.
pub fn pieces(mut input: Bytes, threads: usize) -> Result<Pieces, Refusal> {
    let read = move |dealer: &mut Dealer<Task>| deal(&mut input, dealer);
    Pieces::start(threads, read, |task| rows(&task))
}

/// Reads the header, and deals out the rest.
fn deal(input: &mut Bytes, dealer: &mut Dealer<Task>) -> Result<(), Refusal> {
    let mut buffer = Vec::new();
    let mut ended = fill(input, &mut buffer, CHUNK)?;
    let mut before = 0;
    // Any number of blank lines may come first. The last byte may be half of a line end.
    while !ended
        && let blank = &buffer[..end(&buffer, ended)]
        && blank.iter().all(|it| is_blank(*it))
    {
        let (blank, is_half) = (blank.len() - 1, blank.ends_with(b"\r\n"));
        before += breaks(&buffer[..blank]) - u64::from(is_half);
        buffer.drain(..blank);
        ended = fill(input, &mut buffer, CHUNK)?;
    }
    let (header, length) = first(&buffer[..end(&buffer, ended)], before)?;
    let header = Arc::new(header);
    before += breaks(&buffer[..length]);
    buffer.drain(..length);
    loop {
        let end = end(&buffer, ended);
        let task = Task {
            header: Arc::clone(&header),
            bytes: cut(&mut buffer, end),
            before,
        };
        if !dealer.deal(task) || ended {
            return Ok(());
        }
        before = 0;
        ended = fill(input, &mut buffer, CHUNK)?;
    }
}

/// Blanks and line ends, as in JSON.
pub fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// Where a chunk ends. Without the end of a record in it, it is a record that is too long. The parser refuses it.
fn end(buffer: &[u8], ended: bool) -> usize {
    let last = if ended { None } else { boundary(buffer) };
    last.unwrap_or(buffer.len())
}

/// The records of a chunk, one after the other.
struct Records<'b> {
    reader: Reader,
    bytes: &'b [u8],
    /// Where the last record began.
    start: usize,
    /// Where the next record begins.
    at: usize,
    record: Vec<u8>,
    ends: Vec<usize>,
}

impl<'b> Records<'b> {
    fn new(bytes: &'b [u8]) -> Self {
        let mut reader = Reader::new();
        // It would leave out a mark at the start of each chunk. In front of the header, the mark is gone already.
        reader.read_record(b"\n", &mut [0], &mut [0]);
        Self {
            reader,
            bytes,
            start: 0,
            at: 0,
            // The parser stops as soon as this is full.
            record: vec![0; LONGEST + 1],
            ends: vec![0; MOST_COLUMNS],
        }
    }

    /// Moves on to the next line with a field in it.
    fn skip_blank_lines(&mut self) {
        loop {
            let count = |start: usize, blank: fn(&u8) -> bool| {
                let rest = self.bytes[start..].iter();
                rest.take_while(|it| blank(it)).count()
            };
            self.at += count(self.at, |it| matches!(it, b'\r' | b'\n'));
            let blank = count(self.at, |it| matches!(it, b' ' | b'\t'));
            let next = self.bytes.get(self.at + blank);
            if blank == 0 || next.is_some_and(|it| !matches!(it, b'\r' | b'\n')) {
                return;
            }
            self.at += blank;
        }
    }

    /// The next record.
    fn next(&mut self) -> Result<Option<Record<'_>>, Content> {
        self.skip_blank_lines();
        self.start = self.at;
        let (mut used, mut fields) = (0, 0);
        let mut input = &self.bytes[self.start..];
        let mut closed = false;
        loop {
            let (result, read, wrote, ended) =
                self.reader
                    .read_record(input, &mut self.record[used..], &mut self.ends[fields..]);
            self.at += read;
            used += wrote;
            fields += ended;
            match result {
                // The added line end closes the last line. A record that is still open then has an open quote.
                ReadRecordResult::InputEmpty if !closed => {
                    (input, closed) = (b"\n", true);
                }
                ReadRecordResult::InputEmpty | ReadRecordResult::End if used > 0 => {
                    return Err(Content::OpenQuote);
                }
                ReadRecordResult::InputEmpty | ReadRecordResult::End => return Ok(None),
                ReadRecordResult::OutputFull => return Err(Content::LongRecord(LONGEST)),
                ReadRecordResult::OutputEndsFull => {
                    return Err(Content::ManyColumns(MOST_COLUMNS));
                }
                ReadRecordResult::Record => {
                    self.at = self.at.min(self.bytes.len());
                    // The parser ends a record between `\r` and `\n`.
                    let (ended, rest) = self.bytes.split_at(self.at);
                    let half = ended.ends_with(b"\r") && rest.starts_with(b"\n");
                    self.at += usize::from(half);
                    return Ok(Some(Record {
                        bytes: &self.record[..used],
                        ends: &self.ends[..fields],
                    }));
                }
            }
        }
    }
}

/// Where the last whole record ends. Only the parser knows which line ends are in quotes.
fn boundary(bytes: &[u8]) -> Option<usize> {
    if memchr::memchr(b'"', bytes).is_none() {
        let after = |at: usize| at + 1;
        return memchr::memrchr(b'\n', bytes).map(after).or_else(|| {
            // Old Macs end a line with `\r` alone. The last `\r` here may be half of `\r\n`.
            let bytes = &bytes[..bytes.len().saturating_sub(1)];
            memchr::memrchr(b'\r', bytes).map(after)
        });
    }
    let (mut records, mut end) = (Records::new(bytes), None);
    while let Ok(Some(_)) = records.next()
        && records.at < bytes.len()
    {
        end = Some(records.at);
    }
    end
}

/// The header behind some lines, and where it ends.
fn first(bytes: &[u8], before: u64) -> Result<(Header, usize), Refusal> {
    let mut records = Records::new(bytes);
    let header = match records.next() {
        Ok(None) => return Err(Content::Empty.into()),
        Ok(Some(record)) => record.header(),
        Err(fault) => Err(fault),
    };
    let place = Place {
        line: Some(before + breaks(&bytes[..records.start]) + 1),
        ..Place::default()
    };
    let header = header.map_err(|fault| Refusal::Content(place, fault))?;
    Ok((header, records.at))
}

/// The rows of a chunk.
fn rows(task: &Task) -> Piece {
    let mut records = Records::new(&task.bytes);
    let mut piece = Piece::default();
    loop {
        let row = match records.next() {
            Ok(None) => break,
            Ok(Some(record)) => record.row(&task.header),
            Err(fault) => Err(fault.into()),
        };
        match row {
            Ok((signal, activity)) => {
                piece.signal.push(signal);
                piece.activity.push(activity);
            }
            Err(bad) => {
                // Lines are counted only if something is wrong.
                let before = task.before + breaks(&task.bytes[..records.start]);
                let place = Place {
                    line: Some(before + bad.lines + 1),
                    row: Some(piece.signal.len() as u64 + 1),
                    column: bad.column,
                };
                piece.refusal = Some(Refusal::Content(place, bad.fault));
                break;
            }
        }
    }
    piece.lines = task.before + breaks(&task.bytes);
    piece
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::*;
    use crate::analysis::data::pieces::Fault;
    use crate::analysis::data::rows::{ACTIVITY, SIGNAL};
    use crate::faults::{Cell, TableKind};

    /// The rows, or what is wrong.
    fn read(input: Bytes) -> Result<u64, Fault> {
        pieces(input, 2).map_err(Fault::of)?.rows()
    }

    fn result(text: &str) -> Result<u64, Fault> {
        read(Box::new(Cursor::new(text.to_owned())))
    }

    /// Hands out one byte at a time, as a slow server does.
    struct Drip(Cursor<String>);

    impl Read for Drip {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            self.0.read(&mut buffer[..1])
        }
    }

    #[track_caller]
    fn check(text: &str, expected: u64) {
        assert_eq!(result(text), Ok(expected), "{text:?}");
    }

    #[track_caller]
    fn refused(text: &str, expected: Fault) {
        assert_eq!(result(text), Err(expected), "{text:?}");
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
    fn a_large_table_is_cut_between_records_with_any_quotes_and_line_ends() {
        for note in [
            "5\"\" and more",
            "6\" pipe",
            " \"b\" c",
            "\"a \"\"b\"\"\"",
            "\"a,\nb\"",
            "\"a\"b",
            "\"\"",
        ] {
            for end in ["\n", "\r\n", "\r"] {
                let mut text = format!("signal,note,agent_activity{end}");
                while text.len() < 3 * CHUNK {
                    text += &format!("-0.123456789,{note},7{end}").repeat(1000);
                }
                let rows = text.matches("-0.1").count() as u64;
                assert_eq!(result(&text), Ok(rows), "{note:?} {end:?}");
            }
        }
    }

    #[test]
    fn a_line_of_blanks_is_no_row() {
        check("signal,agent_activity\n  \n1,2\n \t\r\n 3 , 4\n   ", 2);
    }

    #[test]
    fn any_number_of_blank_lines_may_come_first() {
        for line in ["\n", "\r\n", " \r\n", "\r"] {
            for more in [0, 3, 20, 500] {
                let lines = 2 * CHUNK / line.len() - 10 + more;
                let text = line.repeat(lines) + "signal,agent_activity\nx,1\n";
                let cell = Cell::Text(b"x".to_vec());
                let at = Fault::at(lines as u64 + 2, Some(1), Some(SIGNAL), cell);
                assert_eq!(result(&text), Err(at), "{line:?} {more}");
            }
        }
    }

    #[test]
    fn a_line_is_the_one_that_an_editor_shows() {
        let crlf = "signal,agent_activity\r\n1,2\r\nx,2\r\n";
        let named = |line| Fault::at(line, Some(2), Some(SIGNAL), Cell::Text(b"x".to_vec()));
        refused(crlf, named(3));
        refused("signal,agent_activity\n\n\n1,2\r\n\r\n\nx,2", named(7));
        refused("\nsignal,agent_activity,b\n1,2,\"\n\n\"\nx,2,c", named(6));
        let found = read(Box::new(Drip(Cursor::new(crlf.to_owned()))));
        assert_eq!(found, Err(named(3)));
        refused("signal,agent_activity\r1,2\rx,2\r", named(3));
        refused("\r\rsignal,agent_activity\r\r1,2\r\rx,2", named(7));
    }

    #[test]
    fn a_line_is_that_of_the_cell_and_not_of_its_record() {
        let named = |line| Fault::at(line, Some(1), Some(SIGNAL), Cell::Text(b"x".to_vec()));
        let header = "note,signal,agent_activity\n";
        for (row, line) in [
            ("\"a\nb\",x,1\n", 3),
            ("\"a\r\n\rb\",x,1\n", 4),
            ("\"a\r\",\"\nx\",1\n", 3),
            ("a,x,\"\n1\"\n", 2),
        ] {
            let text = header.to_owned() + row;
            assert_eq!(result(&text), Err(named(line)), "{row:?}");
        }
    }

    #[test]
    fn a_bad_cell_is_named_with_line_row_and_column() {
        let head = "signal,agent_activity\n1,1\n";
        let cell = |row: &str, column, cell: Cell| {
            let expected = Fault::at(3, Some(2), Some(column), cell);
            refused(&format!("{head}{row}"), expected);
        };
        cell("abc,1\n", SIGNAL, Cell::Text(b"abc".to_vec()));
        cell(",1\n", SIGNAL, Cell::Empty);
        cell("1\u{a0},1\n", SIGNAL, Cell::Text("1\u{a0}".into()));
        cell("-inf,1\n", SIGNAL, Cell::NotFinite("-inf".to_owned()));
        cell("1e999,1\n", SIGNAL, Cell::NotFinite("1e999".to_owned()));
        cell("1,10\n", ACTIVITY, Cell::NotDigit(10.0));
        cell("1,-1\n", ACTIVITY, Cell::NotDigit(-1.0));
        cell("1,2.5\n", ACTIVITY, Cell::NotDigit(2.5));
        let row = |row: &str, content: Content| {
            let expected = Fault::at(3, Some(2), None, content);
            refused(&format!("{head}{row}"), expected);
        };
        let fields = |found, missing| Content::Fields {
            found,
            expected: 2,
            missing,
        };
        row("1", fields(1, Some(ACTIVITY)));
        row("1,2,3\n", fields(3, None));
        row("1,\"2", Content::OpenQuote);
        row("\"1,2\n3,4\n", Content::OpenQuote);
    }

    #[test]
    fn a_file_without_such_a_table_is_refused() {
        for blank in ["", "\n\r\n", "\n \t\n "] {
            refused(blank, Fault::whole(Content::Empty));
        }
        let header = |text: &str, content| refused(text, Fault::at(1, None, None, content));
        header("\"", Content::OpenQuote);
        let twice = Content::TwoColumns {
            name: SIGNAL,
            table: TableKind::Csv { delimiter: None },
        };
        header("signal,agent_activity,signal\n", twice);
        let lacks = |there: String, delimiter: Option<char>| {
            let table = TableKind::Csv { delimiter };
            Content::no_column(SIGNAL, [there].into_iter(), table)
        };
        header("a;b\n1;2\n", lacks("a;b".to_owned(), None));
        for delimiter in ";\t|: ^~\u{1}\u{1f}".chars() {
            let there = format!("t{delimiter}signal{delimiter}agent_activity");
            header(&format!("{there}\n"), lacks(there, Some(delimiter)));
        }
        let wide = |columns: usize| format!("signal,agent_activity{}\n", ",x".repeat(columns - 2));
        check(&wide(MOST_COLUMNS), 0);
        let wide = wide(MOST_COLUMNS + 1);
        header(&wide, Content::ManyColumns(MOST_COLUMNS));
        let endless = format!("signal,agent_activity\n\"{}", "x".repeat(LONGEST + 1));
        let long = || Content::LongRecord(LONGEST);
        refused(&endless, Fault::at(2, Some(1), None, long()));
        let record = |bytes| format!("signal,agent_activity,x\n1,2,{}\n", "x".repeat(bytes - 2));
        check(&record(LONGEST), 1);
        check(record(LONGEST).trim_end(), 1);
        refused(&record(LONGEST + 1), Fault::at(2, Some(1), None, long()));
    }
}
