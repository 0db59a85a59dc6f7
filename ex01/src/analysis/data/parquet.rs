//! What is in a Parquet file?
//!
//! polars unpacks some pages at a time. Every claim of a file about its size is checked before the program sets memory
//! aside for it.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::sync::Arc;

use polars_parquet::parquet::compression::Compression;

use super::batch::Batch;
use super::footer::{self, Footer, ParquetColumn, catch_panic};
use super::memory::{MemoryLimit, MemoryPermit};
use super::pages::{ENOUGH_BYTES, ENOUGH_VALUES, Pages};
use super::pieces::{Dealer, Piece, Pieces};
use super::rows::{self, SIGNAL};
use super::stream::{Bytes, Meter};
use super::unpack::Numbers;
use crate::faults::{Content, Place, Refusal};

/// How many bytes the two numbers of a row take, unpacked.
const ROW: u64 = 16;

/// The most threads that unpack pages. Each keeps some memory, and more of them would wait for the one that gathers.
const MOST_WORKERS: usize = 6;

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

/// What is dealt out.
enum Work {
    Pages(Task),
    /// The values of pages that were large.
    Values(Piece),
}

/// All rows, piece by piece.
pub fn pieces(file: File, meter: &Arc<Meter>, threads: usize) -> Result<Pieces, Refusal> {
    let footer = footer::read(&file)?;
    let rows = footer.groups.iter().map(|it| it.rows);
    meter.take(rows.fold(0, u64::saturating_add).saturating_mul(ROW))?;
    let file = Arc::new(file);
    let read = move |dealer: &mut Dealer<Work>| catch_panic(|| deal(&file, &footer, dealer));
    let parse = |work| match work {
        Work::Pages(task) => catch_panic(|| Ok(values(task))).unwrap_or_else(Piece::refused),
        Work::Values(piece) => piece,
    };
    Pieces::start(threads.min(MOST_WORKERS), read, parse)
}

/// Deals out the pages of all row groups. The next page is always one of the column that has fewer rows so far. Of two
/// equal ones, the activities come first, because they take less memory while they wait.
fn deal(file: &Arc<File>, footer: &Footer, dealer: &mut Dealer<Work>) -> Result<(), Refusal> {
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
        // If both columns are wrong, the refusal names the first one.
        both.iter_mut().try_for_each(Pages::look)?;
        while both.iter().any(|it| it.left() > 0) {
            let next = usize::from(both[1].left() >= both[0].left());
            let pages = &mut both[next];
            let Some(mut batch) = pages.next(&memory)? else {
                break;
            };
            tasks[next].values += batch.values;
            tasks[next].permit = batch.permit.take();
            tasks[next].parts.push((batch, pages.compression));
            if tasks[next].values >= ENOUGH_VALUES || tasks[next].size() > ENOUGH_BYTES {
                let following = task(next, tasks[next].start + tasks[next].values);
                let full = std::mem::replace(&mut tasks[next], following);
                if !full.deal(dealer, &memory) {
                    return Ok(());
                }
            }
        }
    }
    for last in tasks.into_iter().filter(|it| it.values > 0) {
        if !last.deal(dealer, &memory) {
            break;
        }
    }
    Ok(())
}

impl Task {
    /// Deals it out; false if nobody wants more. Large pages stay with this thread, which hands on their values some at a
    /// time: each thread would keep as much memory as its largest page took.
    fn deal(mut self, dealer: &mut Dealer<Work>, memory: &MemoryLimit) -> bool {
        if self.permit.is_none() {
            self.permit = Some(memory.take(self.size() >> 20));
            return dealer.deal(Work::Pages(self));
        }
        let (column, mut start) = (self.column, self.start);
        for (batch, codec) in self.parts {
            let numbers = match Numbers::new(&column, batch, codec) {
                Ok(numbers) => numbers,
                Err(content) => {
                    let refused = piece(&column, start, Vec::new(), Some(content));
                    return dealer.deal(Work::Values(refused));
                }
            };
            for range in numbers.ranges() {
                let permit = memory.take_beside((2 * size_of::<f64>() * range.len()) >> 20);
                let mut all = Vec::new();
                let fault = numbers.add(range, &mut all).err();
                let count = all.len() as u64;
                let mut piece = piece(&column, start, all, fault);
                piece.permit = Some(permit);
                start += count;
                let is_last = piece.refusal.is_some();
                if !dealer.deal(Work::Values(piece)) || is_last {
                    return false;
                }
            }
        }
        true
    }

    /// How many bytes it takes: packed, unpacked, and as numbers. A page of one row is smaller than what is kept of it.
    fn size(&self) -> usize {
        let sizes = self.parts.iter().map(|it| it.0.size() + size_of_val(it));
        sizes.sum()
    }
}

/// The values of some pages.
fn values(task: Task) -> Piece {
    let (column, mut all) = (task.column, Vec::new());
    let fault = task.parts.into_iter().try_for_each(|(batch, codec)| {
        let numbers = Numbers::new(&column, batch, codec)?;
        let mut ranges = numbers.ranges();
        ranges.try_for_each(|range| numbers.add(range, &mut all))
    });
    Piece {
        permit: task.permit,
        ..piece(&column, task.start, all, fault.err())
    }
}

/// The values of a column behind this many rows, and what is wrong with the next one.
fn piece(column: &ParquetColumn, start: u64, all: Vec<f64>, fault: Option<Content>) -> Piece {
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
    let mut piece = Piece::default();
    let mut cells = all.iter().enumerate();
    let wrong = if column.name == SIGNAL {
        let wrong = cells.find_map(|(at, it)| Some(refused(at, rows::signal(*it).err()?)));
        piece.signal = all;
        wrong
    } else {
        piece.activity.reserve_exact(all.len());
        cells.find_map(|(at, it)| match rows::activity(*it) {
            Ok(digit) => {
                piece.activity.push(digit);
                None
            }
            Err(cell) => Some(refused(at, cell)),
        })
    };
    piece.refusal = wrong.or(stop);
    // This place is already counted from the start of the file.
    piece.start = piece.refusal.is_some().then_some(0);
    piece
}

/// Everything in a temporary file: a Parquet file is read from its end.
pub fn spool(mut bytes: Bytes) -> Result<File, Refusal> {
    let failed = |error: io::Error| Refusal::Temporary {
        folder: std::env::temp_dir(),
        error,
    };
    let mut file = tempfile::tempfile().map_err(failed)?;
    let mut buffer = vec![0; 64 << 10];
    loop {
        let read = bytes.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        file.write_all(&buffer[..read]).map_err(failed)?;
    }
    file.rewind()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::data::pieces::Fault;
    use crate::analysis::data::rows::ACTIVITY;
    use crate::analysis::data::unpack::STEP;
    use crate::faults::{Cell, ColumnKind, Parquet, TableKind};
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

    #[test]
    fn large_pages_come_some_values_at_a_time() {
        const ROWS: u32 = 1_000_000;
        let signal: Vec<f64> = (0..ROWS).map(f64::from).collect();
        let activity: Vec<u32> = (0..ROWS).map(|it| it % 10).collect();
        for wrong in [None, Some(900_000)] {
            let mut signal = signal.clone();
            if let Some(row) = wrong {
                signal[row] = f64::NAN;
            }
            let mut frame = df!(SIGNAL => &signal, ACTIVITY => &activity).unwrap();
            let mut file = tempfile::tempfile().unwrap();
            let writer = ParquetWriter::new(&mut file)
                .with_data_page_size(Some(16 << 20))
                .with_row_group_size(Some(1 << 20));
            writer.finish(&mut frame).unwrap();
            let mut pieces = pieces(file, &Arc::new(Meter::new(1 << 30)), 3).unwrap();
            let (mut found, mut digits, mut refusal) = (Vec::new(), Vec::new(), None);
            while let Some(piece) = pieces.next(&|| ()).unwrap() {
                assert!(piece.signal.len().max(piece.activity.len()) <= STEP);
                found.extend(piece.signal);
                digits.extend(piece.activity.into_iter().map(u32::from));
                refusal = refusal.or(piece.refusal.map(Fault::of));
            }
            if let Some(row) = wrong {
                let place = Place {
                    line: None,
                    row: Some(row as u64 + 1),
                    column: Some(SIGNAL),
                };
                let cell = Cell::NotFinite("NaN".to_owned());
                assert_eq!(refusal, Some(Fault::Content(place, cell.into())));
            } else {
                assert!(refusal.is_none() && found == signal && digits == activity);
            }
        }
    }

    /// Numbers without a pattern take more bytes packed than unpacked.
    #[test]
    fn a_page_may_be_as_large_as_the_limit_before_it_is_packed() {
        let mut state = 1_u64;
        let mut noise = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            f64::from_bits(1.0_f64.to_bits() | state >> 12)
        };
        let signal: Vec<f64> = (64..2 << 20).map(|_| noise()).collect();
        let mut frame = df!(SIGNAL => &signal, ACTIVITY => &vec![1; signal.len()]).unwrap();
        let mut file = tempfile::tempfile().unwrap();
        let writer = ParquetWriter::new(&mut file)
            .with_compression(ParquetCompression::Snappy)
            .with_data_page_size(Some(1 << 30))
            .with_row_group_size(Some(4 << 20));
        writer.finish(&mut frame).unwrap();
        assert!(file.metadata().unwrap().len() > 16 << 20);
        let pieces = pieces(file, &Arc::new(Meter::new(1 << 30)), 2).unwrap();
        assert_eq!(pieces.rows(), Ok(signal.len() as u64));
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
