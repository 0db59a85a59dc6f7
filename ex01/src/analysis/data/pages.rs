//! Where are the pages of a Parquet file's column, and which of them are unpacked together?
//!
//! A page is the smallest part that can be unpacked. Some neighbouring pages, with the dictionary that they share, are
//! handed on like a column of their own. So each page is unpacked once, for any size of row groups.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::sync::Arc;

use polars_parquet::parquet::compression::Compression;
use polars_parquet_format::thrift::protocol::TCompactInputProtocol;
use polars_parquet_format::{PageHeader, PageType};

use super::footer::damaged;
use super::page_header::{is_split, values};
use super::row_group::Group;
use super::rows::{ACTIVITY, SIGNAL};
use super::stream;
use crate::faults::{Content, Damage, Parquet, Refusal};

/// The most bytes of an unpacked page. Usual pages have one megabyte.
const MOST_BYTES: usize = 16 << 20;
/// The most bytes of an unpacked dictionary. It takes more memory than a page, because it is unpacked beside pages.
const MOST_DICTIONARY: usize = 8 << 20;
/// The most values of a page.
const MOST_VALUES: u64 = 2 << 20;
/// The most bytes of the header of a page.
const MOST_HEADER: usize = 64 << 10;
/// How many bytes are read at once.
const WINDOW: u64 = 256 << 10;
/// This many values are enough for one batch of pages.
pub const ENOUGH_VALUES: u64 = 64 << 10;
/// This many unpacked bytes are enough too.
pub const ENOUGH_BYTES: usize = 1 << 20;

/// Some pages, with their dictionary first.
pub struct Batch {
    /// The bytes in the file.
    pub bytes: Vec<u8>,
    /// The bytes after unpacking.
    pub unpacked: usize,
    /// The number of values, with nulls.
    pub values: u64,
    /// Whether a page keeps the bytes of its numbers apart.
    pub is_split: bool,
}

/// The pages of one column in one row group.
pub struct Pages {
    file: Arc<File>,
    /// The part of the file that was read last, and where it begins.
    window: Vec<u8>,
    start: u64,
    /// Where the next page begins, and where the last one ends.
    at: u64,
    end: u64,
    /// How many values are left.
    left: u64,
    dictionary: Vec<u8>,
    unpacked_dictionary: usize,
    name: &'static str,
    /// The codec of the pages.
    pub compression: Compression,
}

impl Pages {
    /// The pages of `signal` (0) or `agent_activity` (1).
    pub fn new(file: &Arc<File>, group: &Group, column: usize) -> Result<Self, Refusal> {
        let name = [SIGNAL, ACTIVITY][column];
        let chunk = group.chunk(column)?;
        let size = file.metadata()?.len();
        let place = chunk.place.clone().filter(|it| it.end <= size);
        let place = place.ok_or_else(|| Content::from(Damage::NoColumn(name)))?;
        let codec = Compression::try_from(chunk.codec);
        Ok(Self {
            file: Arc::clone(file),
            window: Vec::new(),
            start: 0,
            at: place.start,
            end: place.end,
            left: group.rows,
            dictionary: Vec::new(),
            unpacked_dictionary: 0,
            name,
            compression: codec.map_err(|error| damaged(&error.to_string()))?,
        })
    }

    /// How many values are left.
    pub fn left(&self) -> u64 {
        self.left
    }

    /// Adds bytes of the file to others. A long part is not read ahead, but goes straight to its place.
    fn copy(&mut self, at: u64, length: usize, to: &mut Vec<u8>) -> Result<(), Refusal> {
        if length as u64 <= WINDOW {
            to.extend_from_slice(self.bytes(at, length)?);
            return Ok(());
        }
        if at
            .checked_add(length as u64)
            .is_none_or(|end| end > self.end)
        {
            return Err(beyond());
        }
        let start = to.len();
        to.reserve_exact(length);
        to.resize(start + length, 0);
        self.read(at, &mut to[start..])
    }

    /// Reads a part of the file.
    fn read(&self, at: u64, to: &mut [u8]) -> Result<(), Refusal> {
        let mut file = &*self.file;
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(to).map_err(|error| {
            if error.kind() == io::ErrorKind::UnexpectedEof {
                stream::shrunk()
            } else {
                error
            }
        })?;
        Ok(())
    }

    /// Bytes of the file. It reads ahead, because pages are neighbours.
    fn bytes(&mut self, at: u64, length: usize) -> Result<&[u8], Refusal> {
        let end = at.checked_add(length as u64).filter(|end| *end <= self.end);
        let end = end.ok_or_else(beyond)?;
        if at < self.start || end > self.start + self.window.len() as u64 {
            let wanted = (self.end - at).min(WINDOW.max(length as u64));
            let mut window = std::mem::take(&mut self.window);
            window.resize(usize::try_from(wanted).map_err(|_| beyond())?, 0);
            self.read(at, &mut window)?;
            self.window = window;
            self.start = at;
        }
        let first = usize::try_from(at - self.start).map_err(|_| beyond())?;
        Ok(&self.window[first..first + length])
    }

    /// The header of the next page, and its length.
    fn header(&mut self) -> Result<(PageHeader, usize), Refusal> {
        let length = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(MOST_HEADER);
        let bytes = self.bytes(self.at, length.min(MOST_HEADER))?;
        let mut cursor = Cursor::new(bytes);
        let mut protocol = TCompactInputProtocol::new(&mut cursor, MOST_HEADER);
        let header = PageHeader::read_from_in_protocol(&mut protocol)
            .map_err(|_| Content::from(Damage::PageHeader))?;
        let length = usize::try_from(cursor.position()).unwrap_or(MOST_HEADER);
        Ok((header, length))
    }

    /// How many values and unpacked bytes are enough for one batch: not less than the dictionary has, because that is
    /// unpacked for each batch.
    fn enough(&self) -> (u64, usize) {
        let bytes = self.unpacked_dictionary;
        let values = (bytes / size_of::<f64>()) as u64;
        (ENOUGH_VALUES.max(values), ENOUGH_BYTES.max(bytes))
    }

    /// The next pages that can be unpacked together; none after the last page.
    pub fn next(&mut self) -> Result<Option<Batch>, Refusal> {
        let mut batch = Batch {
            bytes: Vec::new(),
            unpacked: 0,
            values: 0,
            is_split: false,
        };
        while self.left > 0 {
            let (header, length) = self.header()?;
            let size = |size: i32| {
                let bytes = usize::try_from(size);
                bytes.map_err(|_| Content::from(Damage::PageHeader))
            };
            let packed = size(header.compressed_page_size)?;
            let unpacked = size(header.uncompressed_page_size)?;
            let values = values(&header);
            let is_dictionary = header.type_ == PageType::DICTIONARY_PAGE;
            if is_dictionary && packed.max(unpacked) > MOST_DICTIONARY {
                let large = Parquet::LargeDictionary {
                    column: self.name,
                    megabytes: unpacked.max(packed) >> 20,
                    most_megabytes: MOST_DICTIONARY >> 20,
                };
                return Err(Content::from(large).into());
            }
            if packed.max(unpacked) > MOST_BYTES || values > MOST_VALUES {
                let large = Parquet::LargePage {
                    column: self.name,
                    values,
                    megabytes: unpacked.max(packed) >> 20,
                    most_values: MOST_VALUES,
                    most_megabytes: MOST_BYTES >> 20,
                };
                return Err(Content::from(large).into());
            }
            let is_first = batch.values == 0;
            let (enough_values, enough_bytes) = self.enough();
            let too_much = batch.values + values > 2 * enough_values
                || batch.unpacked + unpacked > 2 * enough_bytes;
            if !is_first && too_much && !is_dictionary {
                break;
            }
            let at = self.at;
            self.at += (length + packed) as u64;
            if is_dictionary {
                let mut dictionary = Vec::new();
                self.copy(at, length + packed, &mut dictionary)?;
                self.dictionary = dictionary;
                self.unpacked_dictionary = unpacked;
            } else if header.type_ != PageType::INDEX_PAGE {
                if is_first {
                    batch.bytes.extend_from_slice(&self.dictionary);
                }
                self.copy(at, length + packed, &mut batch.bytes)?;
                batch.unpacked += unpacked;
                batch.values += values;
                batch.is_split |= is_split(&header);
                let left = self.left.checked_sub(values);
                self.left = left.ok_or_else(|| Content::from(Damage::Values(self.name)))?;
                if batch.values >= enough_values || batch.unpacked >= enough_bytes {
                    break;
                }
            }
        }
        batch.unpacked += self.unpacked_dictionary;
        if self.left == 0 {
            // Nobody needs it, and it may be as large as the batch.
            self.dictionary = Vec::new();
        }
        Ok((batch.values > 0).then_some(batch))
    }
}

/// The refusal for a page that ends after the end of its column.
fn beyond() -> Refusal {
    Content::from(Damage::PageHeader).into()
}
