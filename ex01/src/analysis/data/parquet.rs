//! What is in a Parquet file?
//!
//! polars unpacks its pages, some at a time. What a file claims about itself is checked before memory is set aside for
//! it.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};

use polars_arrow::array::{Array, BooleanArray, FixedSizeBinaryArray, PrimitiveArray};
use polars_arrow::datatypes::{ArrowDataType, Field};
use polars_arrow::types::{NativeType, i256};
use polars_buffer::Buffer;
use polars_parquet::parquet::metadata::{FileMetadata, RowGroupMetadata};
use polars_parquet::parquet::read::{BasicDecompressor, PageMetaData, PageReader};
use polars_parquet::read::schema::parquet_to_arrow_schema;
use polars_parquet::read::{ParquetType, PrimitiveLogicalType};
use polars_parquet_format::thrift::protocol::TCompactInputProtocol;

use super::pages::{Batch, ENOUGH_BYTES, ENOUGH_VALUES, Pages};
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

/// Some neighbouring pages of a column, of one group of rows or of several small ones.
struct Task {
    column: Column,
    parts: Vec<(Batch, PageMetaData)>,
    values: u64,
    /// Rows before these.
    start: u64,
    /// Is made free when the values are gathered.
    room: Option<Room>,
}

/// All rows, piece by piece.
pub fn pieces(file: File, meter: &Arc<Meter>, threads: usize) -> Result<Pieces, Refusal> {
    check_end(&file)?;
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
            let encrypted = trusting(|| Ok(encrypted(&file)));
            dealer.deal(Err(encrypted.ok().flatten().unwrap_or(refusal)));
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
    let line = error.lines().next().unwrap_or_default();
    let (kind, what) = line.split_once(": ").unwrap_or(("", line));
    match kind {
        "File out of specification" => Refusal::whole(format_args!("it is damaged: {what}")),
        "Not yet supported" => Refusal::whole(format_args!("polars cannot read it: {what}")),
        _ => Refusal::whole(format_args!("polars gave up on it: {line}")),
    }
}

/// A Parquet file ends as it begins; one whose end is encrypted ends with other letters.
fn check_end(mut file: &File) -> Result<(), Refusal> {
    let mut end = [0; 4];
    if file.metadata()?.len() >= 12 {
        file.seek(SeekFrom::End(-4))?;
        file.read_exact(&mut end)?;
    }
    match &end {
        b"PAR1" => Ok(()),
        b"PARE" => Err(Refusal::whole(
            "it is an encrypted Parquet file: decrypt it first",
        )),
        _ => Err(Refusal::whole(
            "it is cut off: `PAR1` is missing at its end",
        )),
    }
}

/// Whether a column is encrypted in a file whose end is not. polars does not look, and takes it for damaged; to look
/// takes as long as it took to read the end the first time.
fn encrypted(mut file: &File) -> Option<Refusal> {
    let mut length = [0; 4];
    file.seek(SeekFrom::End(-8)).ok()?;
    file.read_exact(&mut length).ok()?;
    let length = u32::from_le_bytes(length);
    file.seek(SeekFrom::End(-8 - i64::from(length))).ok()?;
    let mut footer = Vec::new();
    file.take(length.into()).read_to_end(&mut footer).ok()?;
    let mut protocol = TCompactInputProtocol::new(&footer[..], 16 * footer.len());
    let metadata = polars_parquet_format::FileMetaData::read_from_in_protocol(&mut protocol);
    let group = metadata.ok()?.row_groups.into_iter().next()?;
    let column = group.columns.into_iter().find_map(|column| {
        column.crypto_metadata?;
        let path = column.meta_data?.path_in_schema;
        [SIGNAL, ACTIVITY].into_iter().find(|it| path == [*it])
    })?;
    Some(Refusal::whole(format_args!(
        "its column `{column}` is encrypted: decrypt it first"
    )))
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
        let dtype = match field.dtype() {
            // More digits than an `i128` has.
            ArrowDataType::Decimal(digits @ 39.., scale) => {
                ArrowDataType::Decimal256(*digits, *scale)
            }
            other => other.clone(),
        };
        if !holds_numbers(&dtype) && !fields.iter().any(|it| is_half(it, name)) {
            // `Timestamp(…)` whole, but of a nested type only its first word.
            let kind = match field.dtype() {
                ArrowDataType::Utf8View => "text".to_owned(),
                ArrowDataType::Timestamp(..) => "points in time".to_owned(),
                other => format!("{other:?}"),
            };
            let kind = kind.split("(Field").next().unwrap_or(&kind);
            return Err(Refusal::whole(format_args!(
                "column `{name}` holds {kind}, not numbers"
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
            | Type::Decimal256(..)
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
    let task = |column: usize, start: u64| Task {
        column: columns[column].clone(),
        parts: Vec::new(),
        values: 0,
        start,
        room: None,
    };
    let mut tasks = [task(0, 0), task(1, 0)];
    for group in &metadata.row_groups {
        let mut both = [
            pages(file, group, &columns[0])?,
            pages(file, group, &columns[1])?,
        ];
        while both.iter().any(|it| it.left() > 0) {
            let next = usize::from(both[1].left() > both[0].left());
            let pages = &mut both[next];
            let Some(batch) = pages.next()? else {
                break;
            };
            let count = i64::try_from(batch.values).unwrap_or(i64::MAX);
            let (compression, descriptor) = (pages.compression, pages.descriptor.clone());
            tasks[next].values += batch.values;
            let meta = PageMetaData::new(0, count, compression, descriptor);
            tasks[next].parts.push((batch, meta));
            if tasks[next].values >= ENOUGH_VALUES || tasks[next].size() > ENOUGH_BYTES {
                let following = task(next, tasks[next].start + tasks[next].values);
                let mut full = std::mem::replace(&mut tasks[next], following);
                full.room = Some(rooms.take(full.size() >> 20));
                if !dealer.deal(Ok(full)) {
                    return Ok(());
                }
            }
        }
    }
    for last in tasks.into_iter().filter(|it| it.values > 0) {
        dealer.deal(Ok(last));
    }
    Ok(())
}

/// The pages of a column in a group of rows.
fn pages(file: &Arc<File>, group: &RowGroupMetadata, column: &Column) -> Result<Pages, Refusal> {
    let chunk = group.columns_under_root_iter(column.name);
    let chunk = chunk.and_then(|mut it| it.next()).ok_or_else(|| {
        Refusal::whole(format_args!(
            "it is damaged: a group of rows has no column `{}`",
            column.name
        ))
    })?;
    Pages::new(file, chunk, column.name, group.num_rows() as u64)
}

impl Task {
    /// Bytes that it takes, packed, unpacked, and as numbers.
    fn size(&self) -> usize {
        let pages = self
            .parts
            .iter()
            .map(|(it, _)| it.bytes.len() + it.unpacked);
        pages.sum::<usize>() + 8 * usize::try_from(self.values).unwrap_or_default()
    }
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
    let Task {
        column,
        parts,
        start,
        room,
        ..
    } = task;
    let mut piece = Piece {
        _room: room,
        ..Piece::default()
    };
    let mut all = Vec::new();
    let fault = parts
        .into_iter()
        .try_for_each(|(batch, meta)| unpack(&column, batch, meta, &mut all))
        .err();
    let refused = |at: usize, what| Refusal::cell(None, start + at as u64 + 1, column.name, what);
    let stop = match fault {
        None => None,
        Some(Fault::Null) => Some(refused(all.len(), "the cell is null".to_owned())),
        Some(Fault::Other(refusal)) => Some(refusal),
    };
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
    // Its place is counted from the start of the file already.
    piece.start = piece.refusal.is_some().then_some(0);
    piece
}

/// Why values end.
enum Fault {
    /// The next one is missing.
    Null,
    /// They cannot be unpacked.
    Other(Refusal),
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::Other(refusal)
    }
}

/// Unpacks some pages, up to the first value that is missing.
fn unpack(
    column: &Column,
    batch: Batch,
    meta: PageMetaData,
    all: &mut Vec<f64>,
) -> Result<(), Fault> {
    let kind = meta.descriptor.primitive_type.clone();
    let (values, most) = (batch.values, batch.unpacked.max(batch.bytes.len()));
    let bytes = std::io::Cursor::new(Buffer::from_vec(batch.bytes));
    let pages = PageReader::new_with_page_meta(bytes, meta, Vec::new(), most);
    let pages = BasicDecompressor::new(pages, Vec::new());
    let field = Field::new(column.name.into(), column.dtype.clone(), true);
    let (arrays, _) =
        polars_parquet::read::column_iter_to_arrays(vec![pages], vec![&kind], field, None)
            .map_err(|error| damaged(&error.to_string()))?;
    let found: usize = arrays.iter().map(|it| it.len()).sum();
    if found as u64 != values {
        let what = format!("it is damaged: {values} rows promised, {found} found");
        return Err(Refusal::whole(what).into());
    }
    all.reserve_exact(found);
    for array in &arrays {
        numbers(&**array, all)?;
    }
    Ok(())
}

/// Adds the numbers of an array.
fn numbers(array: &dyn Array, all: &mut Vec<f64>) -> Result<(), Fault> {
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
        Type::Decimal256(_, scale) => {
            let scale = *scale;
            add(array, all, |it: i256| {
                format!("{it}e-{scale}").parse().unwrap_or(f64::NAN)
            })
        }
        Type::Boolean => {
            let array = of_type::<BooleanArray>(array)?;
            add_each(
                array.iter().map(|it| it.map(|it| f64::from(u8::from(it)))),
                all,
            )
        }
        Type::FixedSizeBinary(2) => {
            let array = of_type::<FixedSizeBinaryArray>(array)?;
            add_each(array.iter().map(|it| it.map(half)), all)
        }
        other => Err(Refusal::whole(format_args!("{other:?} is no number")).into()),
    }
}

/// An array as what its type says it is.
fn of_type<T: 'static>(array: &dyn Array) -> Result<&T, Fault> {
    let array = array.as_any().downcast_ref::<T>();
    array.ok_or_else(|| Refusal::whole("it is damaged: a column changes its type").into())
}

/// Adds the numbers of an array of one type.
fn add<T: NativeType>(
    array: &dyn Array,
    all: &mut Vec<f64>,
    float: impl Fn(T) -> f64,
) -> Result<(), Fault> {
    let array = of_type::<PrimitiveArray<T>>(array)?;
    if array.null_count() == 0 {
        all.extend(array.values().iter().map(|it| float(*it)));
        return Ok(());
    }
    add_each(array.iter().map(|it| it.map(|it| float(*it))), all)
}

/// Adds numbers up to the first one that is missing.
fn add_each(values: impl Iterator<Item = Option<f64>>, all: &mut Vec<f64>) -> Result<(), Fault> {
    for value in values {
        all.push(value.ok_or(Fault::Null)?);
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
            "column `signal` holds text, not numbers",
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
