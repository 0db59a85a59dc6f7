//! How do the pages of a Parquet file's column become numbers?

use std::io::Cursor;
use std::ops::Range;

use polars_arrow::datatypes::Field;
use polars_buffer::Buffer;
use polars_parquet::parquet::compression::Compression;
use polars_parquet::parquet::error::ParquetError;
use polars_parquet::parquet::read::{BasicDecompressor, PageMetaData, PageReader};
use polars_parquet::read::{Filter, column_iter_to_arrays};

use super::batch::Batch;
use super::footer::{ParquetColumn, damaged};
use super::numbers::numbers;
use super::plain::plain;
use crate::faults::{Content, Parquet};

/// How many numbers of large pages are unpacked at once. If their dictionary has more, as many: it is unpacked each time.
pub const STEP: usize = 128 << 10;

/// Some pages whose numbers are to be unpacked.
pub struct Numbers<'c> {
    column: &'c ParquetColumn,
    bytes: Buffer<u8>,
    meta: PageMetaData,
    /// No page is larger.
    most: usize,
    count: usize,
    step: usize,
}

impl<'c> Numbers<'c> {
    /// Of large pages, the packed bytes are freed before any number takes memory.
    pub fn new(
        column: &'c ParquetColumn,
        batch: Batch,
        codec: Compression,
    ) -> Result<Self, Content> {
        let count = i64::try_from(batch.values).unwrap_or(i64::MAX);
        let mut meta = PageMetaData::new(0, count, codec, column.descriptor.clone());
        let most = batch.unpacked.max(batch.bytes.len());
        let count = usize::try_from(batch.values).unwrap_or(usize::MAX);
        let mut step = count.max(1);
        if batch.is_large() {
            step = STEP.max(batch.dictionary / size_of::<f64>());
        }
        let bytes = if batch.is_large() || batch.is_split {
            let refused = |error: ParquetError| damaged(&error.to_string());
            plain(batch.bytes, &mut meta, most).map_err(refused)?
        } else {
            batch.bytes
        };
        Ok(Self {
            column,
            bytes: Buffer::from_vec(bytes),
            meta,
            most,
            count,
            step,
        })
    }

    /// The numbers that are unpacked at once: usually all.
    pub fn ranges(&self) -> impl Iterator<Item = Range<usize>> {
        let (count, step) = (self.count, self.step);
        let starts = (0..count).step_by(step);
        starts.map(move |it| it..count.min(it + step))
    }

    /// Adds the numbers of a range, until a value is missing.
    pub fn add(&self, range: Range<usize>, all: &mut Vec<f64>) -> Result<(), Content> {
        let (column, wanted) = (self.column, range.len());
        let bytes = Cursor::new(self.bytes.clone());
        let meta = self.meta.clone();
        let pages = PageReader::new_with_page_meta(bytes, meta, Vec::new(), self.most);
        let pages = BasicDecompressor::new(pages, Vec::new());
        let field = Field::new(column.name.into(), column.dtype.clone(), true);
        let types = vec![&column.descriptor.primitive_type];
        let range = (wanted < self.count).then_some(Filter::Range(range));
        let (arrays, _) = column_iter_to_arrays(vec![pages], types, field, range)
            .map_err(|error| damaged(&error.to_string()))?;
        let found: usize = arrays.iter().map(|it| it.len()).sum();
        if found != wanted {
            return Err(Parquet::WrongCount(column.name).into());
        }
        all.reserve_exact(found);
        arrays.iter().try_for_each(|it| numbers(&**it, all))
    }
}
