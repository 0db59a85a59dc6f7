//! How are lines of JSON parsed on all threads?

use std::io;

use super::shapes;
use super::table::Table;
use crate::analysis::data::csv::is_blank;
use crate::analysis::data::pieces::{Dealer, Piece, Pieces};
use crate::analysis::data::record::breaks;
use crate::analysis::data::stream::{Bytes, cut, fill, peek};
use crate::faults::{Json, Place, Refusal};

/// How many bytes are parsed at once.
const CHUNK: usize = 1 << 20;
/// Within this many bytes, a line must end between two objects.
const LONGEST: usize = 8 * CHUNK;

/// All rows, piece by piece.
pub fn pieces(mut input: Bytes, threads: usize) -> Result<Pieces, Refusal> {
    let read = move |dealer: &mut Dealer<Vec<u8>>| deal(&mut input, dealer);
    Pieces::start(threads, read, |bytes| rows(&bytes))
}

/// Whether the first value is a row, behind which only other objects may come, and the input from its start again. A longer
/// value is read as another shape.
pub fn look(input: Bytes) -> io::Result<(bool, Bytes)> {
    let mut is_row = None;
    let (_, input) = peek(input, 4096, LONGEST, |head, is_all| {
        is_row = begins_with_a_row(head, is_all);
        is_row.is_some()
    })?;
    Ok((is_row == Some(true), input))
}

/// The same of the first bytes, which may be all; none if more of them must tell. The columns of a table are no row.
fn begins_with_a_row(head: &[u8], is_all: bool) -> Option<bool> {
    match shapes::row(head, &Table::new(None)) {
        Ok(length) => match head[length..].trim_ascii_start() {
            [] => is_all.then_some(true),
            rest => Some(begins_object(rest)),
        },
        Err(error) if error.is_eof() && !is_all => None,
        Err(_) => Some(false),
    }
}

/// Whether an object begins here.
fn begins_object(rest: &[u8]) -> bool {
    rest.trim_ascii_start().starts_with(b"{")
}

/// Deals out chunks of whole objects.
fn deal(input: &mut Bytes, dealer: &mut Dealer<Vec<u8>>) -> Result<(), Refusal> {
    let (mut buffer, mut ended) = (Vec::new(), false);
    while !ended {
        ended = fill(input, &mut buffer, CHUNK)?;
        let last = if ended {
            Some(buffer.len())
        } else {
            last_cut(&buffer)
        };
        if let Some(end) = last {
            if !dealer.deal(cut(&mut buffer, end)) {
                break;
            }
        } else if buffer.len() >= LONGEST {
            let first = Place {
                line: Some(1),
                row: Some(1),
                column: None,
            };
            let fault = Json::NoLineEnd(LONGEST);
            return Err(Refusal::Content(first, fault.into()));
        }
    }
    Ok(())
}

/// Behind the last line end between `}` and `{`. No string and no object has such a line end.
fn last_cut(bytes: &[u8]) -> Option<usize> {
    let mut end = bytes.len();
    loop {
        let at = memchr::memrchr2(b'\n', b'\r', &bytes[..end])?;
        let before = bytes[..at].trim_ascii_end();
        if before.ends_with(b"}") && begins_object(&bytes[at + 1..]) {
            return Some(at + 1);
        }
        // All line ends between two other characters part the same, so the next one before them is asked.
        end = before.len();
    }
}

/// The rows of a chunk. Each object gets its own parser: one parser for all would count the lines again each time that
/// it is asked for the end.
fn rows(bytes: &[u8]) -> Piece {
    let table = Table::new(None);
    let (mut start, mut refusal) = (0, None);
    while refusal.is_none() {
        let rest = &bytes[start..];
        let Some(blanks) = rest.iter().position(|it| !is_blank(*it)) else {
            break;
        };
        start += blanks;
        match shapes::row(&bytes[start..], &table) {
            Ok(length) => start += length,
            Err(error) => {
                let error = shapes::refused_row(&bytes[start..], &table)
                    .err()
                    .unwrap_or(error);
                refusal = Some(table.refusal(error, breaks(&bytes[..start])));
            }
        }
    }
    Piece {
        lines: breaks(bytes),
        refusal,
        ..table.into_piece()
    }
}
