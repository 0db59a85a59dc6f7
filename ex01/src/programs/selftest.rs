//! Does each program work?
//!
//! In Python, `import` shows whether a library is there. In Rust, the linker has already put it into the binary. So
//! each library gets one small task with a known answer.

use std::panic::{self, UnwindSafe};

use super::WrongAnswer;
use crate::faults::message;

#[cfg(feature = "polars")]
mod polars; // polars, and the threads that it starts.

/// Gives a program its task. A program that was not compiled in has none.
pub fn run(name: &str) -> Option<Result<(), WrongAnswer>> {
    let task: Option<fn() -> Result<(), WrongAnswer>> = match name {
        #[cfg(feature = "ndarray")]
        "ndarray" => Some(ndarray),
        #[cfg(feature = "plotters")]
        "plotters" => Some(plotters),
        #[cfg(feature = "polars")]
        "polars" => Some(polars::run),
        #[cfg(feature = "ureq")]
        "ureq" => Some(ureq),
        _ => None,
    };
    task.map(catch_panic)
}

/// Turns a panic of the library into an error.
fn catch_panic(
    task: impl FnOnce() -> Result<(), WrongAnswer> + UnwindSafe,
) -> Result<(), WrongAnswer> {
    panic::catch_unwind(task).unwrap_or_else(|payload| Err(WrongAnswer::Panic(message(&*payload))))
}

/// Compares an answer with the expected one.
#[cfg_attr(
    not(any(test, feature = "ndarray", feature = "plotters", feature = "polars")),
    expect(dead_code, reason = "no program has an answer to compare")
)]
fn expect<T: PartialEq + std::fmt::Debug>(actual: &T, expected: &T) -> Result<(), WrongAnswer> {
    if actual == expected {
        Ok(())
    } else {
        Err(WrongAnswer::Other {
            expected: format!("{expected:?}"),
            found: format!("{actual:?}"),
        })
    }
}

/// The library gave up on its task.
#[cfg(any(feature = "plotters", feature = "polars"))]
fn failed(error: impl std::fmt::Display) -> WrongAnswer {
    WrongAnswer::Failed(error.to_string())
}

/// A dot product: 1·4 + 2·5 + 3·6.
///
/// The compiler must not know the numbers. It would compute the product itself, and leave out the check of the
/// lengths. Without the check, ndarray's source path would not be in the binary, and `linked` finds the version by that
/// path.
#[cfg(feature = "ndarray")]
fn ndarray() -> Result<(), WrongAnswer> {
    let [a, b] = std::hint::black_box([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]].map(Vec::from));
    let product = ndarray::Array1::from(a).dot(&ndarray::Array1::from(b));
    expect(&product, &32.0)
}

/// Draws one letter and one bar as SVG. Both must be in the document, and the letter must have a width.
#[cfg(feature = "plotters")]
fn plotters() -> Result<(), WrongAnswer> {
    use plotters::prelude::*;
    let mut text = String::new();
    crate::font::register().map_err(failed)?;
    {
        let area = SVGBackend::with_string(&mut text, (16, 16)).into_drawing_area();
        let style = TextStyle::from(("sans-serif", 14).into_font()).color(&BLACK);
        let width = area.estimate_text_size("M", &style);
        let width = width.map_err(failed)?.0;
        expect(&(8..16).contains(&width), &true)?;
        area.draw(&Text::new("M", (2, 2), style)).map_err(failed)?;
        area.draw(&Rectangle::new([(1, 1), (3, 9)], RED.filled()))
            .map_err(failed)?;
    }
    let found = ["<text", "\nM\n", "<rect", "#FF0000", "</svg>"].map(|it| text.contains(it));
    expect(&found, &[true; 5])
}

/// Asks for an address with an unknown protocol. ureq must refuse it before it sends any packet.
#[cfg(feature = "ureq")]
fn ureq() -> Result<(), WrongAnswer> {
    let agent = ureq::Agent::new_with_defaults();
    match agent.get("gopher://127.0.0.1/").call() {
        Err(ureq::Error::BadUri(_)) => Ok(()),
        other => Err(WrongAnswer::Other {
            expected: "a refused address".to_owned(),
            found: format!("{other:?}"),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programs::PROGRAMS;

    #[test]
    fn every_program_that_is_there_works() {
        for program in PROGRAMS {
            let works = program.enabled.then_some(Ok(()));
            assert_eq!(run(program.name), works, "{program:?}");
        }
    }

    #[test]
    fn a_panic_inside_a_library_is_an_error() {
        assert_eq!(
            catch_panic(|| panic!("no luck")),
            Err(WrongAnswer::Panic("no luck".to_owned()))
        );
        let (expected, found) = ("2".to_owned(), "1".to_owned());
        assert_eq!(expect(&1, &2), Err(WrongAnswer::Other { expected, found }));
    }
}
