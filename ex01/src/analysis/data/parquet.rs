//! What is in a Parquet file?
//!
//! polars unpacks some pages at a time. Every claim of a file about its size is checked before the program sets memory
//! aside for it.

use std::fs::File;
use std::sync::Arc;

use polars_arrow::datatypes::Field;
use polars_buffer::Buffer;
use polars_parquet::parquet::compression::Compression;
use polars_parquet::parquet::read::{BasicDecompressor, PageMetaData, PageReader};

use super::footer::{self, Footer, ParquetColumn, catch_panic, damaged};
use super::memory::{MemoryLimit, MemoryPermit};
use super::numbers::numbers;
use super::pages::{Batch, ENOUGH_BYTES, ENOUGH_VALUES, Pages};
use super::pieces::{Dealer, Piece, Pieces};
use super::rows::{self, SIGNAL};
use super::split::joined;
use super::stream::Meter;
use crate::faults::{Content, Parquet, Place, Refusal};

/// How many bytes the two numbers of a row take, unpacked.
const ROW: u64 = 16;

/// Some neighbouring pages of a column, from one group of rows or from several small ones.
struct Task {
    column: ParquetColumn,
    parts: Vec<(Batch, Compression)>,
    values: u64,
    /// How many rows come before these.
    start: u64,
    /// This memory becomes free after the values are gathered.
    permit: Option<MemoryPermit>,
}

/// All rows, piece by piece.
pub fn pieces(file: File, meter: &Arc<Meter>, threads: usize) -> Result<Pieces, Refusal> {
    let footer = footer::read(&file)?;
    let rows = footer.groups.iter().map(|it| it.rows);
    meter.take(rows.fold(0, u64::saturating_add).saturating_mul(ROW))?;
    let file = Arc::new(file);
    let read = move |dealer: &mut Dealer<Task>| catch_panic(|| deal(&file, &footer, dealer));
    let parse = |task| catch_panic(|| Ok(values(task))).unwrap_or_else(Piece::refused);
    Pieces::start(threads, read, parse)
}

/// Deals out the pages of all row groups. The next page is always one of the column that has fewer rows so far.
fn deal(file: &Arc<File>, footer: &Footer, dealer: &mut Dealer<Task>) -> Result<(), Refusal> {
    let memory = MemoryLimit::new();
    let task = |column: usize, start: u64| Task {
        column: footer.columns[column].clone(),
        parts: Vec::new(),
        values: 0,
        start,
        permit: None,
    };
    let mut tasks = [task(0, 0), task(1, 0)];
    for group in &footer.groups {
        let mut both = [Pages::new(file, group, 0)?, Pages::new(file, group, 1)?];
        while both.iter().any(|it| it.left() > 0) {
            let next = usize::from(both[1].left() > both[0].left());
            let pages = &mut both[next];
            let Some(batch) = pages.next()? else {
                break;
            };
            tasks[next].values += batch.values;
            tasks[next].parts.push((batch, pages.compression));
            if tasks[next].values >= ENOUGH_VALUES || tasks[next].size() > ENOUGH_BYTES {
                let following = task(next, tasks[next].start + tasks[next].values);
                let mut full = std::mem::replace(&mut tasks[next], following);
                full.permit = Some(memory.take(full.size() >> 20));
                if !dealer.deal(full) {
                    return Ok(());
                }
            }
        }
    }
    for last in tasks.into_iter().filter(|it| it.values > 0) {
        dealer.deal(last);
    }
    Ok(())
}

impl Task {
    /// How many bytes it takes: packed, unpacked, and as numbers. A page of one row is smaller than what is kept of it.
    fn size(&self) -> usize {
        let pages = self
            .parts
            .iter()
            .map(|it| it.0.bytes.len() + it.0.unpacked + size_of_val(it));
        pages.sum::<usize>() + 8 * usize::try_from(self.values).unwrap_or_default()
    }
}

/// The values of some pages.
fn values(task: Task) -> Piece {
    let Task {
        column,
        parts,
        start,
        permit,
        ..
    } = task;
    let mut piece = Piece {
        _permit: permit,
        ..Piece::default()
    };
    let mut all = Vec::new();
    let fault = parts
        .into_iter()
        .try_for_each(|(batch, codec)| unpack(&column, batch, codec, &mut all))
        .err();
    let refused = |at: usize, cell| {
        let place = Place {
            line: None,
            row: Some(start + at as u64 + 1),
            column: Some(column.name),
        };
        Refusal::Content(place, Content::Cell(cell))
    };
    let stop = fault.map(|content| match content {
        Content::Cell(cell) => refused(all.len(), cell),
        other => other.into(),
    });
    let outcome = if column.name == SIGNAL {
        let wrong = all.iter().enumerate().find_map(|(at, value)| {
            let what = rows::signal(*value).err()?;
            Some(refused(at, what))
        });
        piece.signal = all;
        wrong
    } else {
        piece.activity.reserve_exact(all.len());
        all.iter().enumerate().find_map(|(at, value)| {
            let digit = rows::activity(*value);
            digit
                .map(|it| piece.activity.push(it))
                .err()
                .map(|what| refused(at, what))
        })
    };
    piece.refusal = outcome.or(stop);
    // This place is already counted from the start of the file.
    piece.start = piece.refusal.is_some().then_some(0);
    piece
}

/// Unpacks some pages, until a value is missing.
fn unpack(
    column: &ParquetColumn,
    batch: Batch,
    codec: Compression,
    all: &mut Vec<f64>,
) -> Result<(), Content> {
    let descriptor = column.descriptor.clone();
    let kind = descriptor.primitive_type.clone();
    let count = i64::try_from(batch.values).unwrap_or(i64::MAX);
    let mut meta = PageMetaData::new(0, count, codec, descriptor);
    let (values, most) = (batch.values, batch.unpacked.max(batch.bytes.len()));
    let refused = |error: &dyn std::fmt::Display| damaged(&error.to_string());
    let bytes = if batch.is_split {
        joined(batch.bytes, &mut meta, most).map_err(|error| refused(&error))?
    } else {
        batch.bytes
    };
    let bytes = std::io::Cursor::new(Buffer::from_vec(bytes));
    let pages = PageReader::new_with_page_meta(bytes, meta, Vec::new(), most);
    let pages = BasicDecompressor::new(pages, Vec::new());
    let field = Field::new(column.name.into(), column.dtype.clone(), true);
    let (arrays, _) =
        polars_parquet::read::column_iter_to_arrays(vec![pages], vec![&kind], field, None)
            .map_err(|error| refused(&error))?;
    let found: usize = arrays.iter().map(|it| it.len()).sum();
    if found as u64 != values {
        return Err(Parquet::WrongCount(column.name).into());
    }
    all.reserve_exact(found);
    for array in &arrays {
        numbers(&**array, all)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::data::pieces::Fault;
    use crate::analysis::data::rows::ACTIVITY;
    use crate::faults::{Cell, ColumnKind, TableKind};
    use polars::prelude::*;
    use polars_io::parquet::write::{ParquetCompression, ParquetWriter};

    /// The rows of a table that polars writes with this codec, or what is wrong.
    fn result(mut frame: DataFrame, codec: ParquetCompression) -> Result<u64, Fault> {
        let mut file = tempfile::tempfile().unwrap();
        let writer = ParquetWriter::new(&mut file).with_compression(codec);
        writer.finish(&mut frame).unwrap();
        let meter = Arc::new(Meter::new(1 << 20));
        pieces(file, &meter, 2).map_err(Fault::of)?.rows()
    }

    /// Two rows. Both columns can be cast to every type of number.
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
    fn refused(frame: DataFrame, expected: Fault) {
        let found = result(frame, ParquetCompression::Snappy);
        assert_eq!(found, Err(expected));
    }

    #[test]
    fn a_bad_value_is_named_with_its_row_and_column() {
        let good = || table(&DataType::Float64, &DataType::Int64);
        let with = |name: &str, values: Series| {
            let mut frame = good();
            frame
                .with_column(values.with_name(name.into()).into())
                .unwrap();
            frame
        };
        let cell = |row, column, cell: Cell| {
            let place = Place {
                line: None,
                row: Some(row),
                column: Some(column),
            };
            Fault::Content(place, cell.into())
        };
        let text = Parquet::NoNumbers {
            column: SIGNAL,
            kind: ColumnKind::Text,
        };
        refused(
            with(SIGNAL, Series::new("".into(), ["1", "2"])),
            Fault::whole(text),
        );
        refused(
            with(SIGNAL, Series::new("".into(), [Some(1.0), None])),
            cell(2, SIGNAL, Cell::Null),
        );
        refused(
            with(SIGNAL, Series::new("".into(), [f64::INFINITY, 1.0])),
            cell(1, SIGNAL, Cell::NotFinite("inf".to_owned())),
        );
        refused(
            with(ACTIVITY, Series::new("".into(), [9_u8, 10])),
            cell(2, ACTIVITY, Cell::NotDigit(10.0)),
        );
        let there = [ACTIVITY.to_owned()].into_iter();
        let missing = Content::no_column(SIGNAL, there, TableKind::Parquet);
        refused(good().drop(SIGNAL).unwrap(), Fault::whole(missing));
    }
}
