//! Does polars work? It starts its threads with its first task, and that may fail in many ways.

use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::Duration;

use super::{catch_panic, expect, failed};
use crate::programs::WrongAnswer;

/// The variable that tells polars how many threads to start. It starts them with its first task.
const POLARS_THREADS: &str = "POLARS_MAX_THREADS";

/// polars takes minutes to start thousands of threads, and nothing can stop it then.
const MOST_THREADS: u64 = 512;

/// How long polars may take for its task. It takes some milliseconds.
const PATIENCE: Duration = Duration::from_secs(30);

/// The variables for numbers of threads. polars panics if one of them is 0; if it is no number, polars ignores the first one
/// and panics too for the others. So each has its maximum, and the number that it takes for what is no number.
const VARIABLES: [(&str, u64, u64); 3] = [
    (POLARS_THREADS, MOST_THREADS, 1),
    ("POLARS_ASYNC_THREAD_COUNT", MOST_THREADS, 0),
    ("POLARS_MAX_BLOCKING_THREAD_COUNT", u64::MAX, 0),
];

/// Three rows, grouped and summed.
///
/// polars cannot report a thread that the system refuses: it panics, or waits for ever. So it gets its task in another thread, and
/// if it fails, threads are counted.
pub fn run() -> Result<(), WrongAnswer> {
    if let Some(variable) = unshowable_variable() {
        return Err(WrongAnswer::Unshowable { variable });
    }
    if let Some(variable) = bad_variable() {
        let most = MOST_THREADS;
        return Err(WrongAnswer::Variable { variable, most });
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

/// A variable of polars' with a character that must not reach a terminal: polars warns of a wrong value with the value itself.
fn unshowable_variable() -> Option<String> {
    std::env::vars_os().find_map(|(name, value)| {
        let (name, value) = (name.into_string().ok()?, value.into_string().ok()?);
        let is_read = |it: u8| it.is_ascii_uppercase() || it == b'_';
        let is_polars = name.starts_with("POLARS_") && name.bytes().all(is_read);
        (is_polars && crate::text::shown(&value) != value).then_some(name)
    })
}

/// A variable with a number that polars cannot take.
fn bad_variable() -> Option<&'static str> {
    let is_bad = |(name, most, if_no_number): &&(&str, u64, u64)| {
        let Some(value) = std::env::var_os(name) else {
            return false;
        };
        let number = value.to_str().and_then(|it| it.parse().ok());
        !(1..=*most).contains(&number.unwrap_or(*if_no_number))
    };
    VARIABLES.iter().find(is_bad).map(|it| it.0)
}

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
fn threads_of_polars() -> usize {
    let pool = std::env::var(POLARS_THREADS).ok();
    let pool = pool.and_then(|it| it.parse().ok());
    let cores = || thread::available_parallelism().map_or(1, usize::from);
    2 * pool.unwrap_or_else(cores)
}

/// Starts this many threads at once and ends them.
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
