//! What is in a Parquet file?
//!
//! polars unpacks its pages, some at a time. What a file claims about itself is checked before memory is set aside for
//! it.

use std::fs::File;
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};

use polars_arrow::array::{Array, BooleanArray, FixedSizeBinaryArray, PrimitiveArray};
use polars_arrow::datatypes::{ArrowDataType, Field};
use polars_arrow::types::NativeType;
use polars_buffer::Buffer;
use polars_parquet::parquet::metadata::FileMetadata;
use polars_parquet::parquet::read::{BasicDecompressor, PageMetaData, PageReader};
use polars_parquet::read::schema::parquet_to_arrow_schema;
use polars_parquet::read::{ParquetType, PrimitiveLogicalType};

use super::pages::{Batch, Pages};
use super::pieces::{Dealer, Piece, Pieces};
use super::refusal::{Refusal, no_column};
use super::rows::{self, ACTIVITY, SIGNAL};
use super::stream::Meter;

/// The most megabytes of pages, packed and unpacked, that are on their way at once.
const MOST_MEGABYTES: usize = 32;

/// What two numbers of a row take, unpacked.
const ROW: u64 = 16;

/// One of the two columns.
#[derive(Clone)]
struct Column {
    name: &'static str,
    dtype: ArrowDataType,
}

/// Some pages of a column.
struct Task {
    column: Column,
    batch: Batch,
    meta: PageMetaData,
    /// Rows before these.
    start: u64,
    /// Is made free when the values are gathered.
    room: Room,
}

/// All rows, piece by piece.
pub fn pieces(file: File, meter: &Arc<Meter>, threads: usize) -> Result<Pieces, Refusal> {
    let mut input = &file;
    // polars trusts a file's own words in places, and panics where they are wrong.
    let metadata = trusting(|| {
        polars_parquet::parquet::read::read_metadata(&mut input)
            .map_err(|error| damaged(&error.to_string()))
    })?;
    let columns = trusting(|| columns(&metadata))?;
    meter.take((metadata.num_rows as u64).saturating_mul(ROW))?;
    let file = Arc::new(file);
    let read = move |dealer: &mut Dealer<Result<Task, Refusal>>| {
        if let Err(refusal) = trusting(|| deal(&file, &metadata, &columns, dealer)) {
            dealer.deal(Err(refusal));
        }
    };
    let parse = |task: Result<Task, Refusal>| match task {
        Ok(task) => trusting(|| Ok(values(task))).unwrap_or_else(Piece::refused),
        Err(refusal) => Piece::refused(refusal),
    };
    Ok(Pieces::start(threads, read, parse))
}

/// Does something to a file that may not be what it says.
fn trusting<T>(work: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    panic::catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Refusal::whole("it is damaged: polars gave up on it")))
}

/// What polars says of a file that it cannot read; of several lines, the first one.
fn damaged(error: &str) -> Refusal {
    Refusal::whole(error.lines().next().unwrap_or_default())
}

/// The two columns, `signal` first.
fn columns(metadata: &FileMetadata) -> Result<[Column; 2], Refusal> {
    let fields = metadata.schema().fields();
    let schema = parquet_to_arrow_schema(fields);
    let column = |name| {
        let Some(field) = schema.get(name) else {
            let there = schema.iter_names().map(|it| it.as_str().into());
            return Err(Refusal::whole(format_args!(
                "it has {}",
                no_column(name, there)
            )));
        };
        let dtype = field.dtype().clone();
        if !holds_numbers(&dtype) && !fields.iter().any(|it| is_half(it, name)) {
            // `Timestamp(…)` whole, but of a nested type only its first word.
            let kind = format!("{:?}", field.dtype());
            let kind = kind.split("(Field").next().unwrap_or(&kind);
            return Err(Refusal::whole(format_args!(
                "column `{name}` holds {kind}, not integers or floats"
            )));
        }
        Ok(Column { name, dtype })
    };
    Ok([column(SIGNAL)?, column(ACTIVITY)?])
}

/// Whether this is the column, and holds floats of 16 bits; they are unpacked as the two bytes that they are.
fn is_half(field: &ParquetType, name: &str) -> bool {
    matches!(field, ParquetType::PrimitiveType(it) if it.field_info.name.as_str() == name
        && it.logical_type == Some(PrimitiveLogicalType::Float16))
}

/// Whether a column can be read as floats.
fn holds_numbers(dtype: &ArrowDataType) -> bool {
    use ArrowDataType as Type;
    matches!(
        dtype,
        Type::Boolean
            | Type::Int8
            | Type::Int16
            | Type::Int32
            | Type::Int64
            | Type::UInt8
            | Type::UInt16
            | Type::UInt32
            | Type::UInt64
            | Type::Float32
            | Type::Float64
            | Type::Decimal(..)
    )
}

/// Deals out the pages of all row groups, always those of the column that is behind.
fn deal(
    file: &Arc<File>,
    metadata: &FileMetadata,
    columns: &[Column; 2],
    dealer: &mut Dealer<Result<Task, Refusal>>,
) -> Result<(), Refusal> {
    let rooms = Rooms::new();
    let mut before = 0;
    for group in &metadata.row_groups {
        let rows = group.num_rows() as u64;
        let pages = |column: &Column| {
            let chunk = group.columns_under_root_iter(column.name);
            let chunk = chunk.and_then(|mut it| it.next());
            let chunk = chunk.ok_or_else(|| {
                Refusal::whole(format_args!(
                    "it is damaged: a group of rows has no column `{}`",
                    column.name
                ))
            })?;
            Pages::new(file, chunk, column.name, rows)
        };
        let mut both = [pages(&columns[0])?, pages(&columns[1])?];
        while both.iter().any(|it| it.left() > 0) {
            let next = usize::from(both[1].left() > both[0].left());
            let (column, pages) = (&columns[next], &mut both[next]);
            let start = before + rows - pages.left();
            let Some(batch) = pages.next()? else {
                break;
            };
            let size =
                batch.bytes.len() + batch.unpacked + 8 * usize::try_from(batch.values).unwrap_or(0);
            let count = i64::try_from(batch.values).unwrap_or(i64::MAX);
            let (compression, descriptor) = (pages.compression, pages.descriptor.clone());
            let task = Task {
                column: column.clone(),
                batch,
                meta: PageMetaData::new(0, count, compression, descriptor),
                start,
                room: rooms.take(size >> 20),
            };
            if !dealer.deal(Ok(task)) {
                return Ok(());
            }
        }
        before += rows;
    }
    Ok(())
}

/// How much may be on its way: each megabyte takes a place in this channel, and waits where there is none.
struct Rooms {
    places: SyncSender<()>,
    free: Arc<Mutex<Receiver<()>>>,
}

/// Places that are free again when this is dropped.
#[derive(Debug)]
pub struct Room {
    places: usize,
    free: Arc<Mutex<Receiver<()>>>,
}

impl Rooms {
    fn new() -> Self {
        let (places, free) = mpsc::sync_channel(MOST_MEGABYTES);
        let free = Arc::new(Mutex::new(free));
        Self { places, free }
    }

    /// Waits for so many megabytes; for all of them where it is more than there are.
    fn take(&self, megabytes: usize) -> Room {
        let wanted = megabytes.min(MOST_MEGABYTES);
        // The other end is ours: it is there.
        let places = (0..wanted).filter(|_| self.places.send(()).is_ok()).count();
        Room {
            places,
            free: Arc::clone(&self.free),
        }
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        for _ in 0..self.places {
            let _ = free.try_recv();
        }
    }
}

/// The values of some pages.
fn values(task: Task) -> Piece {
    let (column, start) = (task.column.clone(), task.start);
    let mut piece = Piece {
        start: Some(start),
        _room: Some(task.room),
        ..Piece::default()
    };
    let outcome = unpack(&column, task.batch, task.meta).and_then(|values| {
        for (row, value) in (start + 1..).zip(values) {
            let refused = |what: String| Refusal::cell(None, row, column.name, what);
            let value = value.ok_or_else(|| refused("the cell is null".to_owned()))?;
            if column.name == SIGNAL {
                piece.signal.push(rows::signal(value).map_err(refused)?);
            } else {
                piece.activity.push(rows::activity(value).map_err(refused)?);
            }
        }
        Ok(())
    });
    // The places are counted from the start of the file already.
    piece.start = outcome.is_err().then_some(0);
    piece.refusal = outcome.err();
    piece
}

/// Unpacks some pages.
fn unpack(column: &Column, batch: Batch, meta: PageMetaData) -> Result<Vec<Option<f64>>, Refusal> {
    let kind = meta.descriptor.primitive_type.clone();
    let (values, most) = (batch.values, batch.unpacked.max(batch.bytes.len()));
    let bytes = std::io::Cursor::new(Buffer::from_vec(batch.bytes));
    let pages = PageReader::new_with_page_meta(bytes, meta, Vec::new(), most);
    let pages = BasicDecompressor::new(pages, Vec::new());
    let field = Field::new(column.name.into(), column.dtype.clone(), true);
    let (arrays, _) =
        polars_parquet::read::column_iter_to_arrays(vec![pages], vec![&kind], field, None)
            .map_err(|error| damaged(&error.to_string()))?;
    let mut all = Vec::new();
    for array in &arrays {
        numbers(&**array, &mut all)?;
    }
    if all.len() as u64 != values {
        return Err(Refusal::whole(format_args!(
            "it is damaged: {values} rows promised, {} found",
            all.len()
        )));
    }
    Ok(all)
}

/// Adds the numbers of an array.
fn numbers(array: &dyn Array, all: &mut Vec<Option<f64>>) -> Result<(), Refusal> {
    use ArrowDataType as Type;
    match array.dtype() {
        Type::Int8 => add(array, all, |it: i8| f64::from(it)),
        Type::Int16 => add(array, all, |it: i16| f64::from(it)),
        Type::Int32 => add(array, all, |it: i32| f64::from(it)),
        Type::Int64 => add(array, all, rounded_signed),
        Type::UInt8 => add(array, all, |it: u8| f64::from(it)),
        Type::UInt16 => add(array, all, |it: u16| f64::from(it)),
        Type::UInt32 => add(array, all, |it: u32| f64::from(it)),
        Type::UInt64 => add(array, all, rounded),
        Type::Float32 => add(array, all, |it: f32| f64::from(it)),
        Type::Float64 => add(array, all, |it: f64| it),
        Type::Decimal(_, scale) => {
            let scale = *scale;
            add(array, all, |it: i128| decimal(it, scale))
        }
        Type::Boolean => {
            let array = array.as_any().downcast_ref::<BooleanArray>();
            let values = array.into_iter().flat_map(BooleanArray::iter);
            all.extend(values.map(|it| it.map(|it| f64::from(u8::from(it)))));
            Ok(())
        }
        Type::FixedSizeBinary(2) => {
            let array = array.as_any().downcast_ref::<FixedSizeBinaryArray>();
            let values = array.into_iter().flat_map(FixedSizeBinaryArray::iter);
            all.extend(values.map(|it| it.map(half)));
            Ok(())
        }
        other => Err(Refusal::whole(format_args!("{other:?} is no number"))),
    }
}

/// Adds the numbers of an array of one type.
fn add<T: NativeType>(
    array: &dyn Array,
    all: &mut Vec<Option<f64>>,
    float: impl Fn(T) -> f64,
) -> Result<(), Refusal> {
    let array = array.as_any().downcast_ref::<PrimitiveArray<T>>();
    let array = array.ok_or_else(|| Refusal::whole("it is damaged: a column changes its type"))?;
    if array.null_count() == 0 {
        all.extend(array.values().iter().map(|it| Some(float(*it))));
    } else {
        all.extend(array.iter().map(|it| it.map(|it| float(*it))));
    }
    Ok(())
}

/// A whole number as the nearest float.
#[expect(clippy::cast_precision_loss, reason = "a signal is a float")]
fn rounded(value: u64) -> f64 {
    value as f64
}

/// The same with a sign.
#[expect(clippy::cast_precision_loss, reason = "a signal is a float")]
fn rounded_signed(value: i64) -> f64 {
    value as f64
}

/// A decimal number as the float that is nearest to it, as if it had been read from a text.
fn decimal(digits: i128, scale: usize) -> f64 {
    // Both are floats themselves up to here, and a division is rounded once.
    if let (Ok(digits), Ok(places @ ..=22)) = (i32::try_from(digits), i32::try_from(scale)) {
        return f64::from(digits) / 10_f64.powi(places);
    }
    format!("{digits}e-{scale}").parse().unwrap_or(f64::NAN)
}

/// A float of 16 bits: a sign, five digits of exponent, ten of fraction. Source: IEEE 754.
fn half(bytes: &[u8]) -> f64 {
    let bits = bytes.first_chunk().copied().map_or(0, u16::from_le_bytes);
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
    let size = match exponent {
        0 => fraction * 2_f64.powi(-24),
        31 if fraction > 0.0 => f64::NAN,
        31 => f64::INFINITY,
        _ => (1.0 + fraction / 1024.0) * 2_f64.powi(exponent - 15),
    };
    if bits >> 15 == 1 { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::*;
    use polars::prelude::*;
    use polars_io::parquet::write::{ParquetCompression, ParquetWriter};

    /// Rows read from a table that polars writes with this codec, or what is wrong.
    fn result(mut frame: DataFrame, codec: ParquetCompression) -> Result<u64, String> {
        let mut file = tempfile::tempfile().unwrap();
        let writer = ParquetWriter::new(&mut file).with_compression(codec);
        writer.finish(&mut frame).unwrap();
        let meter = Arc::new(Meter::new(1 << 20));
        pieces(file, &meter, 2).map_err(|it| it.to_string())?.rows()
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
        let with = |column: polars::prelude::Column| {
            let mut frame = good();
            frame.with_column(column).unwrap();
            frame
        };
        refused(
            with(polars::prelude::Column::new(SIGNAL.into(), ["1", "2"])),
            "column `signal` holds Utf8View, not integers or floats",
        );
        refused(
            with(polars::prelude::Column::new(
                SIGNAL.into(),
                [Some(1.0), None],
            )),
            "row 2, column `signal`: the cell is null",
        );
        refused(
            with(polars::prelude::Column::new(SIGNAL.into(), [f64::NAN, 1.0])),
            "row 1, column `signal`: NaN is not a finite number",
        );
        refused(
            with(polars::prelude::Column::new(ACTIVITY.into(), [9_u8, 10])),
            "row 2, column `agent_activity`: 10 is not a whole number from 0 to 9",
        );
        refused(
            good().drop(SIGNAL).unwrap(),
            "it has no column `signal`, only `agent_activity`",
        );
    }
}
