//! Where are the rows collected, and what does an error say?

use std::cell::{Cell, RefCell};
use std::io;

use serde::de::Error;

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
    /// Where the parser is now, if a reader counts the lines.
    pub line: Cell<u64>,
    /// The line of the first error. The parser reads on to the end of an object before it returns one.
    stopped: Cell<Option<u64>>,
    /// What is wrong, if it is not an error of the syntax. `serde` would keep only a text of it.
    fault: RefCell<Option<Content>>,
}

impl<'d> Table<'d> {
    pub fn new(dealer: Option<&'d mut Dealer<Piece>>) -> Self {
        Self {
            piece: RefCell::new(Piece::default()),
            dealer: RefCell::new(dealer),
            place: Cell::new(None),
            line: Cell::new(1),
            stopped: Cell::new(None),
            fault: RefCell::new(None),
        }
    }

    /// Keeps what is wrong, and returns an error that stops the parser.
    pub fn refuse<E: Error>(&self, fault: impl Into<Content>) -> E {
        self.fault.replace(Some(fault.into()));
        self.stop(E::custom("refused"))
    }

    /// Keeps the line of an error, if it is the first one.
    pub fn stop<E>(&self, error: E) -> E {
        let first = self.stopped.get().unwrap_or(self.line.get());
        self.stopped.set(Some(first));
        error
    }

    /// Forgets all errors, to read the same again.
    pub fn begin_again(&self) {
        self.stopped.set(None);
        self.fault.replace(None);
        self.place.set(None);
    }

    /// Checks the cell that is read now.
    pub fn check<E: Error>(&self, value: f64) -> Result<f64, E> {
        let fault = match self.place.get() {
            Some((_, SIGNAL)) => rows::signal(value).err(),
            Some((_, ACTIVITY)) => rows::activity(value).err(),
            _ => None,
        };
        fault.map_or(Ok(value), |it| Err(self.refuse(it)))
    }

    /// Adds a row of two cells that were checked.
    pub fn push<E: Error>(&self, signal: f64, activity: f64) -> Result<(), E> {
        let activity = rows::activity(activity).map_err(|it| self.refuse(it))?;
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
    pub fn refusal(&self, error: serde_json::Error, before: u64) -> Refusal {
        let line = self.stopped.get().unwrap_or(self.line.get());
        let fault = if error.is_io() {
            // The text reached a limit, or its bytes ended with an error.
            match io::Error::from(error).downcast::<Json>() {
                Ok(fault) => fault.into(),
                Err(error) => return error.into(),
            }
        } else {
            let fault = self.fault.take();
            let fault = fault.unwrap_or_else(|| syntax(&error).into());
            if error.line() == 0 {
                return fault.into(); // It is empty.
            }
            fault
        };
        let (row, column) = self.place.get().unzip();
        let place = Place {
            line: Some(before + line),
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
