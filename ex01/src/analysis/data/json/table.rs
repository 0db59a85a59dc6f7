//! Where are the rows collected, and what does an error say?

use std::cell::{Cell, RefCell};
use std::io;

use serde::de::Error;

use super::bounded::Bound;
use crate::analysis::data::pieces::{Dealer, Piece};
use crate::analysis::data::rows::{self, ACTIVITY, SIGNAL};
use crate::faults::{Content, Json, Place, Refusal};

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
    /// What is wrong, if it is not an error of the syntax. `serde` would keep only a text of it.
    fault: RefCell<Option<Content>>,
}

impl<'d> Table<'d> {
    pub fn new(dealer: Option<&'d mut Dealer<Piece>>) -> Self {
        Self {
            piece: RefCell::new(Piece::default()),
            dealer: RefCell::new(dealer),
            place: Cell::new(None),
            fault: RefCell::new(None),
        }
    }

    /// Keeps what is wrong, and returns an error that stops the parser.
    pub fn refuse<E: Error>(&self, fault: impl Into<Content>) -> E {
        self.fault.replace(Some(fault.into()));
        E::custom("refused")
    }

    /// Checks a row and adds it. An error names the cell.
    pub fn push<E: Error>(&self, signal: f64, activity: f64) -> Result<(), E> {
        let row = self.row();
        let refused = |cell| self.refuse(Content::Cell(cell));
        self.place.set(Some((row, SIGNAL)));
        let signal = rows::signal(signal).map_err(refused)?;
        self.place.set(Some((row, ACTIVITY)));
        let activity = rows::activity(activity).map_err(refused)?;
        self.place.set(None);
        let mut piece = self.piece.borrow_mut();
        piece.signal.push(signal);
        piece.activity.push(activity);
        if let Some(dealer) = &mut *self.dealer.borrow_mut()
            && piece.signal.len() == ROWS
            && !dealer.deal(std::mem::take(&mut *piece))
        {
            return Err(E::custom("nobody wants more rows"));
        }
        Ok(())
    }

    /// The number of the current row in the piece.
    pub fn row(&self) -> u64 {
        self.piece.borrow().signal.len() as u64 + 1
    }

    /// What is wrong, and in which cell or row. `before` is the number of lines that the parser did not see.
    pub fn refusal(&self, error: serde_json::Error, before: usize) -> Refusal {
        let (line, fault) = if error.is_io() {
            // The text reached a limit, or its bytes ended with an error.
            match io::Error::from(error).downcast() {
                Ok(Bound { line, fault }) => (line, fault.into()),
                Err(error) => return error.into(),
            }
        } else {
            let fault = self.fault.take();
            let fault = fault.unwrap_or_else(|| syntax(&error).into());
            if error.line() == 0 {
                return fault.into(); // It is empty.
            }
            ((before + error.line()) as u64, fault)
        };
        let (row, column) = self.place.get().unzip();
        let place = Place {
            line: Some(line),
            row: row.or_else(|| Some(self.row())),
            column,
        };
        Refusal::Content(place, fault)
    }

    /// The rows that nobody was given yet.
    pub fn into_piece(self) -> Piece {
        self.piece.into_inner()
    }
}

/// What is wrong with the syntax.
fn syntax(error: &serde_json::Error) -> Json {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    match text.strip_suffix(&place).unwrap_or(&text) {
        "expected value" | "expected ident" | "invalid number" => Json::NotValue,
        "number out of range" => Json::OutOfRange,
        other => Json::Other(other.to_owned()),
    }
}
