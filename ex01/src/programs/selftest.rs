//! Does each program work?
//!
//! In Python, `import` shows whether a library is there. In Rust, the linker has already put it into the binary. So
//! each library gets one small task with a known answer.

use std::panic::{self, UnwindSafe};
#[cfg(feature = "polars")]
use std::{
    sync::{Mutex, mpsc},
    thread,
    time::Duration,
};

use super::WrongAnswer;
use crate::faults::message;

/// Gives a program its task. A program that was not compiled in has none.
pub fn run(name: &str) -> Option<Result<(), WrongAnswer>> {
    let task: Option<fn() -> Result<(), WrongAnswer>> = match name {
        #[cfg(feature = "ndarray")]
        "ndarray" => Some(ndarray),
        #[cfg(feature = "plotters")]
        "plotters" => Some(plotters),
        #[cfg(feature = "polars")]
        "polars" => Some(polars),
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

/// The variable that tells polars how many threads to start. It starts them with its first task.
const POLARS_THREADS: &str = "POLARS_MAX_THREADS";

/// polars takes minutes to start thousands of threads, and nothing can stop it then.
const MOST_THREADS: u64 = 512;

/// How long polars may take for its task. It takes some milliseconds.
#[cfg(feature = "polars")]
const PATIENCE: Duration = Duration::from_secs(30);

/// The variables for numbers of threads. polars panics if one of them is 0; if it is no number, polars ignores the first one
/// and panics too for the others. So each has its maximum, and the number that it takes for what is no number.
const VARIABLES: [(&str, u64, u64); 3] = [
    (POLARS_THREADS, MOST_THREADS, 1),
    ("POLARS_ASYNC_THREAD_COUNT", MOST_THREADS, 0),
    ("POLARS_MAX_BLOCKING_THREAD_COUNT", u64::MAX, 0),
];

/// A variable with a value that polars cannot take.
pub fn bad_variable() -> Option<&'static str> {
    let is_bad = |(name, most, if_no_number): &&(&str, u64, u64)| {
        let Some(value) = std::env::var_os(name) else {
            return false;
        };
        let number = value.to_str().and_then(|it| it.parse().ok());
        !(1..=*most).contains(&number.unwrap_or(*if_no_number))
    };
    VARIABLES.iter().find(is_bad).map(|it| it.0)
}

/// Three rows, grouped and summed.
///
/// polars cannot report a thread that the system refuses: it panics, or waits for ever. So it gets its task in another thread, and
/// if it fails, threads are counted.
#[cfg(feature = "polars")]
fn polars() -> Result<(), WrongAnswer> {
    if bad_variable().is_some() {
        let why = format!("it is not started with less than 1 or more than {MOST_THREADS} threads");
        return Err(WrongAnswer::Failed(why));
    }
    let (sender, receiver) = mpsc::channel();
    let task = move || sender.send(catch_panic(sums));
    let answer = match thread::Builder::new().spawn(task) {
        Ok(_) => receiver.recv_timeout(PATIENCE).unwrap_or_else(|_| {
            let why = format!("it gave no answer within {} seconds", PATIENCE.as_secs());
            Err(WrongAnswer::Failed(why))
        }),
        Err(error) => Err(failed(error)),
    };
    if answer.is_err() {
        can_start(1 + threads_of_polars())?;
    }
    answer
}

#[cfg(feature = "polars")]
fn sums() -> Result<(), WrongAnswer> {
    use polars::prelude::*;
    let sums = || -> PolarsResult<Vec<Option<i64>>> {
        let rows = df!("key" => [1_i64, 2, 1], "value" => [10_i64, 20, 30])?;
        let sums = rows.lazy().group_by([col("key")]).agg([col("value").sum()]);
        let sums = sums
            .sort(["key"], SortMultipleOptions::default())
            .collect()?;
        Ok(sums.column("value")?.i64()?.iter().collect())
    };
    let sums = sums().map_err(failed)?;
    expect(&sums, &vec![Some(40), Some(20)])
}

/// How many threads polars starts with its first task: a pool, by default one thread for each core, and as many for
/// streams. Source: polars-core `runtime`, polars-async `executor`.
#[cfg(feature = "polars")]
fn threads_of_polars() -> usize {
    let pool = std::env::var(POLARS_THREADS).ok();
    let pool = pool.and_then(|it| it.parse().ok());
    let cores = || thread::available_parallelism().map_or(1, usize::from);
    2 * pool.unwrap_or_else(cores)
}

/// Starts this many threads at once and ends them.
#[cfg(feature = "polars")]
fn can_start(needed: usize) -> Result<(), WrongAnswer> {
    let gate = Mutex::new(());
    let all = thread::scope(|scope| {
        let _closed = gate.lock();
        for _ in 0..needed {
            thread::Builder::new().spawn_scoped(scope, || drop(gate.lock()))?;
        }
        std::io::Result::Ok(())
    });
    all.map_err(|error| WrongAnswer::NoThreads {
        needed,
        why: crate::text::reason(&error),
    })
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
