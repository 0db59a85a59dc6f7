//! 3. Where does Python think it is installed? (`sys.base_prefix`)
//!
//! Before a single module can be imported, Python must find its own library. Three sets of rules do that: of Python 3.11 and later, of
//! its forerunners in C, and of PyPy.

mod base; // what the search starts from, and what it finds
mod since_3_11; // the rules of today
mod until_3_10; // the rules before
mod pypy; // PyPy's own
mod executable; // which executable am I?
mod landmarks; // which folder holds the standard library?
mod overrides; // files beside the executable that take over
mod library; // are the modules there that Python cannot start without?

pub use base::{Base, Start, lib_name};
pub use library::python_path;

use crate::finding::Notes;
use crate::support::version::{Implementation, Minor};

/// The last version that finds itself by the rules in C.
const LAST_IN_C: Minor = Minor(3, 10);

/// The first pass, by the rules of this interpreter.
pub fn run(start: &Start, notes: &mut Notes) -> Base {
    match start.binary.implementation {
        Implementation::Pypy => pypy::run(start, notes),
        Implementation::Cpython if start.binary.minor <= LAST_IN_C => until_3_10::run(start, notes),
        Implementation::Cpython => since_3_11::run(start, notes),
    }
}
