//! How does dotenvy read one entry, and nothing beyond it?
//!
//! When a quote is open, also in a comment (`A=1  # don't`), dotenvy reads on to the next quote.
//! So it gets the lines of one entry at a time, and then the file ends for it.

use std::cell::{Cell, RefCell};
use std::io::{self, Read};
use std::iter;

use secrecy::zeroize::Zeroizing;

use super::literal::end_of_line;

/// What dotenvy reads.
#[derive(Default)]
pub struct Supply {
    /// The lines of an entry. They may have a secret in them, so they are overwritten before they are freed.
    text: RefCell<Zeroizing<String>>,
    /// How much of it dotenvy has read. In bytes.
    read: Cell<usize>,
    /// True when dotenvy wanted more: a quote is open at the end.
    wanted_more: Cell<bool>,
}

impl Read for &Supply {
    /// At most one line, so that dotenvy's buffer cannot run ahead.
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let text = self.text.borrow();
        let from = self.read.get();
        let count = (end_of_line(&text, from) - from).min(to.len());
        to[..count].copy_from_slice(&text.as_bytes()[from..from + count]);
        self.read.set(from + count);
        self.wanted_more.set(from == text.len());
        Ok(count)
    }
}

/// One run of dotenvy. It knows the values that it has seen: the end of an entry is not the end of the run.
pub struct Run<'a> {
    /// What dotenvy reads.
    supply: &'a Supply,
    /// dotenvy.
    entries: dotenvy::Iter<&'a Supply>,
}

/// Name and value.
type Pair = (String, String);

impl<'a> Run<'a> {
    /// A new run, which has seen no value.
    pub fn new(supply: &'a Supply) -> Self {
        let entries = dotenvy::from_read_iter(supply);
        Self { supply, entries }
    }

    /// How dotenvy reads this text. It drops dotenvy's error, which quotes the line (dotenvy issue 164).
    fn read(&mut self, text: String) -> Option<Pair> {
        self.supply.text.replace(Zeroizing::new(text));
        self.supply.read.set(0);
        self.entries.next()?.ok()
    }

    /// How dotenvy reads these lines: as one entry. An error says whether a quote is open at the end of the
    /// first line.
    ///
    /// With a quote in a comment, dotenvy cannot read even a single line. So when `comment` says that
    /// there may be one, dotenvy gets a closing quote, on one more line and after a NUL. When the NUL is
    /// not in the value, dotenvy itself read that line as a part of the comment.
    pub fn entry(&mut self, lines: &str, comment: bool) -> Result<Pair, bool> {
        let closing = ["\0'\n", "\0\"\n"].into_iter().filter(|_| comment);
        let mut is_open = false;
        for last in iter::once("").chain(closing) {
            let found = self.read([lines, last].concat());
            let read = self.supply.read.get();
            if last.is_empty() {
                is_open = self.supply.wanted_more.get() || read > end_of_line(lines, 0);
            }
            let breaks = |text: &str| text.matches('\n').count();
            match found {
                Some((name, value))
                    if read >= lines.len()
                        && breaks(&value) + 1 >= breaks(lines)
                        && !value.contains('\0') =>
                {
                    return Ok((name, value));
                }
                // dotenvy should not have read it: no `$NAME` may be replaced by it.
                Some((name, _)) => drop(self.read(format!("{name}=\n"))),
                None => {}
            }
        }
        Err(is_open)
    }
}
