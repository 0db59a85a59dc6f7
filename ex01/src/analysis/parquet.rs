//! What is in a Parquet file?
//!
//! polars reads it, some rows at a time. What a file claims about itself is checked before memory is set aside for it.

use std::fs::File;
use std::panic::{self, AssertUnwindSafe};

use polars::prelude::*;

use super::rows::{self, Collector};
use super::source::{ACTIVITY, Bad, SIGNAL};

/// Rows that are decoded at once.
const ROWS: usize = 1 << 20;

/// Reads all rows; `limit` bounds the decoded bytes of the two columns.
pub fn read(file: &File, limit: u64, rows: &mut Collector<'_>) -> Result<(), Bad> {
    // polars trusts a file's own words in places, and panics where they are wrong.
    panic::catch_unwind(AssertUnwindSafe(|| read_trusting(file, limit, rows)))
        .unwrap_or_else(|_| Err(Bad::new("it is damaged: polars gave up on it")))
}

/// Reads all rows of a file that is what it says.
fn read_trusting(file: &File, limit: u64, rows: &mut Collector<'_>) -> Result<(), Bad> {
    let damaged = |error: PolarsError| Bad::new(first_line(&error.to_string()));
    let mut reader = ParquetReader::new(file.try_clone()?);
    let metadata = reader.get_metadata().map_err(damaged)?.clone();
    let schema = reader.schema().map_err(damaged)?;
    for name in [SIGNAL, ACTIVITY] {
        if !schema.contains(name) {
            let names: Vec<&str> = schema
                .iter_names()
                .take(12)
                .map(PlSmallStr::as_str)
                .collect();
            let names = names.join("`, `");
            return Err(Bad::new(format_args!(
                "it has no column `{name}`, only `{names}`"
            )));
        }
    }
    let decoded = (metadata.num_rows as u64).saturating_mul(16);
    if decoded > limit {
        return Err(std::io::ErrorKind::FileTooLarge.into())
            .map_err(|error: std::io::Error| error.into());
    }
    let columns = vec![SIGNAL.to_owned(), ACTIVITY.to_owned()];
    let mut start = 0;
    for group in &metadata.row_groups {
        let end = start + group.num_rows();
        while start < end {
            let length = ROWS.min(end - start);
            let mut reader = ParquetReader::new(file.try_clone()?);
            reader.set_metadata(metadata.clone());
            let frame = reader
                .with_columns(Some(columns.clone()))
                .with_slice(Some((start, length)))
                .read_parallel(ParallelStrategy::None)
                .finish()
                .map_err(damaged)?;
            if frame.height() != length {
                return Err(Bad::new(format_args!(
                    "it is damaged: {length} rows promised, {} found",
                    frame.height()
                )));
            }
            push(&frame, rows)?;
            start += length;
        }
    }
    Ok(())
}

/// Checks the rows of a frame and hands them on.
fn push(frame: &DataFrame, rows: &mut Collector<'_>) -> Result<(), Bad> {
    let (signal, activity) = (numbers(frame, SIGNAL)?, numbers(frame, ACTIVITY)?);
    for (signal, activity) in signal
        .f64()
        .iter()
        .flat_map(|it| it.iter())
        .zip(activity.f64().iter().flat_map(|it| it.iter()))
    {
        let row = rows.count() + 1;
        let bad = |name, what| Bad::new(format_args!("row {row}, column `{name}`: {what}"));
        let there =
            |name, cell: Option<f64>| cell.ok_or_else(|| bad(name, "the cell is null".to_owned()));
        let signal = rows::signal(there(SIGNAL, signal)?).map_err(|what| bad(SIGNAL, what))?;
        let activity =
            rows::activity(there(ACTIVITY, activity)?).map_err(|what| bad(ACTIVITY, what))?;
        rows.push(signal, activity)?;
    }
    Ok(())
}

/// A column as floats; text that looks like a number is none.
fn numbers(frame: &DataFrame, name: &str) -> Result<Column, Bad> {
    let bad = |error: PolarsError| Bad::new(first_line(&error.to_string()));
    let column = frame.column(name).map_err(bad)?;
    match column.dtype().is_primitive_numeric() {
        true => column.cast(&DataType::Float64).map_err(bad),
        false => Err(Bad::new(format_args!(
            "column `{name}` holds {}, not numbers",
            column.dtype()
        ))),
    }
}

/// polars explains itself over several lines; the first one says it.
fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}
