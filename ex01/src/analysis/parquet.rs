//! What is in a Parquet file?
//!
//! polars reads it, some rows at a time. What a file claims about itself is checked before memory is set aside for it.

use std::fs::File;
use std::panic::{self, AssertUnwindSafe};

use polars::prelude::*;

use super::bad::{Bad, no_column};
use super::rows::{self, ACTIVITY, Collector, SIGNAL};

/// Rows that are decoded at once.
const ROWS: usize = 1 << 18;

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
        let Some(field) = schema.get(name) else {
            let there = schema.iter_names().map(|it| it.as_str().into());
            return Err(Bad::new(format_args!("it has {}", no_column(name, there))));
        };
        if !holds_numbers(field.dtype()) {
            // `Decimal(10, 2)` whole, but of a nested type only its first word.
            let kind = format!("{:?}", field.dtype());
            let kind = kind.split("(Field").next().unwrap_or(&kind);
            return Err(Bad::new(format_args!(
                "column `{name}` holds {kind}, not integers or floats"
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

/// Whether a column can be read as floats: integers of 8 to 64 bits, floats of 32 or 64, as they are or in a dictionary.
///
/// Asked before reading: polars, built without its rarer types, panics when it meets one.
fn holds_numbers(dtype: &ArrowDataType) -> bool {
    use ArrowDataType as Type;
    match dtype {
        Type::Dictionary(_, values, _) => holds_numbers(values),
        other => matches!(
            other,
            Type::Int8
                | Type::Int16
                | Type::Int32
                | Type::Int64
                | Type::UInt8
                | Type::UInt16
                | Type::UInt32
                | Type::UInt64
                | Type::Float32
                | Type::Float64
        ),
    }
}

/// A column as floats.
fn numbers(frame: &DataFrame, name: &str) -> Result<Column, Bad> {
    let column = frame
        .column(name)
        .and_then(|it| it.cast(&DataType::Float64));
    column.map_err(|error| Bad::new(first_line(&error.to_string())))
}

/// polars explains itself over several lines; the first one says it.
fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows read from a table that polars writes with this codec, or what is wrong.
    fn result(mut frame: DataFrame, codec: ParquetCompression) -> Result<u64, String> {
        let mut file = tempfile::tempfile().unwrap();
        let writer = ParquetWriter::new(&mut file).with_compression(codec);
        writer.finish(&mut frame).unwrap();
        rows::counted(|rows| read(&file, 1 << 20, rows))
    }

    /// Two rows; both columns are made for every type of number, and then cast to it.
    fn table(signal: &DataType, activity: &DataType) -> DataFrame {
        let mut frame = df!(SIGNAL => [1, 7], ACTIVITY => [0, 9]).unwrap();
        for (name, dtype) in [(SIGNAL, signal), (ACTIVITY, activity)] {
            let column = frame.column(name).unwrap().strict_cast(dtype).unwrap();
            frame.with_column(column).unwrap();
        }
        frame
    }

    #[test]
    fn every_width_of_integers_and_floats_is_read() {
        use DataType as D;
        for dtype in [
            D::Int8,
            D::Int16,
            D::Int32,
            D::Int64,
            D::UInt8,
            D::UInt16,
            D::UInt32,
            D::UInt64,
            D::Float32,
            D::Float64,
        ] {
            let found = result(table(&dtype, &dtype), ParquetCompression::Snappy);
            assert_eq!(found, Ok(2), "{dtype}");
        }
    }

    #[test]
    fn every_codec_is_read() {
        for codec in [
            ParquetCompression::Uncompressed,
            ParquetCompression::Snappy,
            ParquetCompression::Gzip(None),
            ParquetCompression::Brotli(None),
            ParquetCompression::Zstd(None),
            ParquetCompression::Lz4Raw,
        ] {
            let found = result(table(&DataType::Float64, &DataType::Int64), codec);
            assert_eq!(found, Ok(2), "{codec:?}");
        }
    }

    #[track_caller]
    fn refused(frame: DataFrame, expected: &str) {
        let error = result(frame, ParquetCompression::Snappy).unwrap_err();
        assert_eq!(error, expected);
    }

    #[test]
    fn what_is_no_number_is_named_with_its_row_and_column() {
        let good = || table(&DataType::Float64, &DataType::Int64);
        let with = |column: Column| {
            let mut frame = good();
            frame.with_column(column).unwrap();
            frame
        };
        refused(
            with(Column::new(SIGNAL.into(), ["1", "2"])),
            "column `signal` holds Utf8View, not integers or floats",
        );
        refused(
            with(Column::new(ACTIVITY.into(), [true, false])),
            "column `agent_activity` holds Boolean, not integers or floats",
        );
        refused(
            with(Column::new(SIGNAL.into(), [Some(1.0), None])),
            "row 2, column `signal`: the cell is null",
        );
        refused(
            with(Column::new(SIGNAL.into(), [f64::NAN, 1.0])),
            "row 1, column `signal`: NaN is not a finite number",
        );
        refused(
            with(Column::new(ACTIVITY.into(), [9_u8, 10])),
            "row 2, column `agent_activity`: 10 is not a whole number from 0 to 9",
        );
        refused(
            good().drop(SIGNAL).unwrap(),
            "it has no column `signal`, only `agent_activity`",
        );
    }
}
