//! What may a cell hold?

use crate::faults::Cell;

/// The column of numbers.
pub const SIGNAL: &str = "signal";
/// The column of digits.
pub const ACTIVITY: &str = "agent_activity";

/// The square of a larger number does not fit into a float.
const LARGEST: f64 = 1e150;

/// A `signal` is a finite number. Its square must be finite too.
pub fn signal(value: f64) -> Result<f64, Cell> {
    if !value.is_finite() {
        Err(Cell::NotFinite(value.to_string()))
    } else if value.abs() > LARGEST {
        let limit = LARGEST;
        Err(Cell::Beyond { value, limit })
    } else {
        Ok(value)
    }
}

/// An `agent_activity` is a whole number from 0 to 9; `5.0` is one too.
pub fn activity(value: f64) -> Result<u8, Cell> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast saturates, and the line below refuses all but digits"
    )]
    let digit = value as u8;
    let is_digit = digit <= 9 && (f64::from(digit) - value).abs() <= 0.0;
    is_digit.then_some(digit).ok_or(Cell::NotDigit(value))
}

/// A finite number in a text. `true` and `false` are 1 and 0, as in a column of booleans.
pub fn number(text: &str) -> Result<f64, Cell> {
    match text {
        "true" | "True" | "TRUE" => Ok(1.0),
        "false" | "False" | "FALSE" => Ok(0.0),
        text => match text.parse() {
            Ok(number) if f64::is_finite(number) => Ok(number),
            // The fault quotes the text: a person looks for `1e400` in the file, and not for `inf`.
            Ok(_) => Err(Cell::NotFinite(text.to_owned())),
            Err(_) => Err(Cell::Text(text.into())),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_is_finite_and_an_activity_is_a_digit() {
        assert_eq!(signal(-1.5), Ok(-1.5));
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e200] {
            assert!(signal(value).is_err(), "{value}");
        }
        assert_eq!(activity(9.0), Ok(9));
        assert_eq!(activity(-0.0), Ok(0));
        for value in [-1.0, 10.0, 0.5, f64::NAN, f64::INFINITY] {
            assert!(activity(value).is_err(), "{value}");
        }
    }
}
