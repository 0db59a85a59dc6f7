//! Where are the rows collected, and what does an error say?

use std::cell::{Cell, RefCell};
use std::io;

use serde::de::Error;

use crate::analysis::data::pieces::{Dealer, Piece};
use crate::analysis::data::refusal::Refusal;
use crate::analysis::data::rows::{self, ACTIVITY, SIGNAL};

/// How many rows are handed on at once.
const ROWS: usize = 1 << 14;

/// Collects the rows.
pub struct Table<'d> {
    /// Rows that wait in a piece.
    piece: RefCell<Piece>,
    /// Takes full pieces, if the rows need more than one.
    dealer: RefCell<Option<&'d mut Dealer<Piece>>>,
    /// The row in the piece and the column that are read now; none between cells.
    pub place: Cell<Option<(u64, &'static str)>>,
}

impl<'d> Table<'d> {
    pub fn new(dealer: Option<&'d mut Dealer<Piece>>) -> Self {
        Self {
            piece: RefCell::new(Piece::default()),
            dealer: RefCell::new(dealer),
            place: Cell::new(None),
        }
    }

    /// Checks a row and adds it. An error names the cell.
    pub fn push<E: Error>(&self, signal: f64, activity: f64) -> Result<(), E> {
        let row = self.row();
        self.place.set(Some((row, SIGNAL)));
        let signal = rows::signal(signal).map_err(E::custom)?;
        self.place.set(Some((row, ACTIVITY)));
        let activity = rows::activity(activity).map_err(E::custom)?;
        self.place.set(None);
        let mut piece = self.piece.borrow_mut();
        piece.signal.push(signal);
        piece.activity.push(activity);
        if let Some(dealer) = &mut *self.dealer.borrow_mut()
            && piece.signal.len() == ROWS
            && !dealer.deal(piece.take())
        {
            return Err(E::custom("nobody wants more rows"));
        }
        Ok(())
    }

    /// The number of the current row in the piece.
    pub fn row(&self) -> u64 {
        self.piece.borrow().signal.len() as u64 + 1
    }

    /// What is wrong, and in which cell or row. `lines` is the number of lines that the parser did not see.
    pub fn refusal(&self, error: serde_json::Error, before: usize) -> Refusal {
        if error.is_io() {
            return io::Error::from(error).into();
        }
        let (line, text) = (error.line(), error.to_string());
        let place = format!(" at line {line} column {}", error.column());
        let what = match text.strip_suffix(&place).unwrap_or(&text) {
            // Python writes NaN and Infinity anyway.
            "expected value" | "expected ident" | "invalid number" => {
                "this is not a JSON value; JSON has no NaN and no Infinity"
            }
            "number out of range" => "number out of range: it is too large for a float",
            other => other,
        };
        let line = (line > 0).then_some((before + line) as u64);
        match self.place.get() {
            Some((row, column)) => Refusal::cell(line, row, column, what),
            None if line.is_none() => Refusal::whole(what),
            None => Refusal::row(line, self.row(), format_args!(": {what}")),
        }
    }

    /// The rows that nobody was given yet.
    pub fn into_piece(self) -> Piece {
        self.piece.into_inner()
    }

    /// Hands on the last rows, and what is wrong after them.
    pub fn finish(self, refusal: Option<Refusal>) {
        let piece = Piece {
            refusal,
            ..self.piece.into_inner()
        };
        if let Some(dealer) = self.dealer.into_inner() {
            dealer.deal(piece);
        }
    }
}
