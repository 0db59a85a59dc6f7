//! Where are the pages of a Parquet file's column, and which of them are unpacked together?
//!
//! A page is the smallest part that can be unpacked. Some neighbouring pages, with the dictionary that they share, are
//! handed on like a column of their own. So each page is unpacked once, for any size of row groups.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::sync::Arc;

use polars_parquet::parquet::compression::Compression;
use polars_parquet_format::thrift::protocol::{TCompactInputProtocol, TCompactOutputProtocol};
use polars_parquet_format::{Encoding, PageHeader, PageType};

use super::batch::{self, Batch};
use super::footer::damaged;
use super::memory::MemoryLimit;
use super::row_group::Group;
use super::rows::{ACTIVITY, SIGNAL};
use super::stream;
use crate::faults::{Parquet, Refusal};

/// The most bytes of an unpacked page. Usual pages have one megabyte. Packing may make one a little larger.
const MOST_BYTES: usize = 16 << 20;
/// The most bytes of an unpacked dictionary. It takes more memory than a page, because it is unpacked beside pages.
const MOST_DICTIONARY: usize = 8 << 20;
/// The most values of a page.
const MOST_VALUES: u64 = 2 << 20;
/// The most bytes of the header of a page.
const MOST_HEADER: usize = 64 << 10;
/// How many bytes are read at once.
const WINDOW: usize = 256 << 10;
/// This many values are enough for one batch of pages.
pub const ENOUGH_VALUES: u64 = 64 << 10;
/// This many unpacked bytes are enough too.
pub const ENOUGH_BYTES: usize = 1 << 20;

/// A page whose header was read.
struct Page {
    header: PageHeader,
    packed: usize,
    unpacked: usize,
    /// With nulls.
    values: u64,
    /// Whether it keeps the bytes of its numbers apart.
    is_split: bool,
}

/// A part of a file. Others read the same file in turn.
struct Section {
    file: Arc<File>,
    at: u64,
    end: u64,
}

impl Read for Section {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let (mut file, left) = (&*self.file, self.end - self.at);
        file.seek(SeekFrom::Start(self.at))?;
        let read = file.take(left).read(buffer)?;
        if read == 0 && left > 0 && !buffer.is_empty() {
            return Err(stream::shrunk());
        }
        self.at += read as u64;
        Ok(read)
    }
}

/// The pages of one column in one row group.
pub struct Pages {
    /// It reads ahead, because pages are neighbours. A long page goes straight to its place.
    input: BufReader<Section>,
    /// The next page, if its header was read already.
    next: Option<Page>,
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
        let place = place.ok_or(Parquet::NoColumn(name))?;
        let codec = Compression::try_from(chunk.codec);
        let section = Section {
            file: Arc::clone(file),
            at: place.start,
            end: place.end,
        };
        let length = usize::try_from(place.end - place.start).unwrap_or(WINDOW);
        Ok(Self {
            input: BufReader::with_capacity(length.min(WINDOW), section),
            next: None,
            left: group.rows,
            dictionary: Vec::new(),
            unpacked_dictionary: 0,
            name,
            compression: codec.map_err(|error| damaged(&error.to_string()))?,
        })
    }

    /// Reads the header of the first page, which may be too large.
    pub fn look(&mut self) -> Result<(), Refusal> {
        if self.left > 0 {
            self.next = Some(self.read_header()?);
        }
        Ok(())
    }

    /// How many values are left.
    pub fn left(&self) -> u64 {
        self.left
    }

    /// Reads the header of the next page.
    fn read_header(&mut self) -> Result<Page, Refusal> {
        let wrong = || Parquet::PageHeader;
        self.input.fill_buf()?;
        let bytes = (&mut self.input).take(MOST_HEADER as u64);
        let mut protocol = TCompactInputProtocol::new(bytes, MOST_HEADER);
        let header = PageHeader::read_from_in_protocol(&mut protocol).map_err(|_| wrong())?;
        let packed = usize::try_from(header.compressed_page_size).map_err(|_| wrong())?;
        let unpacked = usize::try_from(header.uncompressed_page_size).map_err(|_| wrong())?;
        let first = header.data_page_header.as_ref();
        let first = first.map(|it| (it.num_values, it.encoding));
        let second = header.data_page_header_v2.as_ref();
        let second = second.map(|it| (it.num_values, it.encoding));
        let (values, encoding) = first.or(second).unwrap_or((0, Encoding::PLAIN));
        let values = u64::try_from(values).unwrap_or(u64::MAX);
        let (column, most) = (self.name, unpacked.max(packed - packed / 8));
        if header.type_ == PageType::DICTIONARY_PAGE && most > MOST_DICTIONARY {
            return Err(Refusal::from(Parquet::LargeDictionary {
                column,
                megabytes: most >> 20,
                most_megabytes: MOST_DICTIONARY >> 20,
            }));
        }
        if most > MOST_BYTES || values > MOST_VALUES {
            return Err(Refusal::from(Parquet::LargePage {
                column,
                values,
                megabytes: most >> 20,
                most_values: MOST_VALUES,
                most_megabytes: MOST_BYTES >> 20,
            }));
        }
        let section = self.input.get_ref();
        if packed as u64 > self.input.buffer().len() as u64 + section.end - section.at {
            return Err(wrong().into());
        }
        Ok(Page {
            header,
            packed,
            unpacked,
            values,
            is_split: encoding == Encoding::BYTE_STREAM_SPLIT,
        })
    }

    /// Reads a page, and adds it with its header to others.
    fn read_page(&mut self, page: &Page, to: &mut Vec<u8>) -> Result<(), Refusal> {
        let mut protocol = TCompactOutputProtocol::new(&mut *to);
        let written = page.header.write_to_out_protocol(&mut protocol);
        written.map_err(|error| damaged(&error.to_string()))?;
        let start = to.len();
        to.resize(start + page.packed, 0);
        Ok(self.input.read_exact(&mut to[start..])?)
    }

    /// How many values and unpacked bytes are enough for one batch: not less than the dictionary has, because that is
    /// unpacked for each batch.
    fn enough(&self) -> (u64, usize) {
        let bytes = self.unpacked_dictionary;
        let values = (bytes / size_of::<f64>()) as u64;
        (ENOUGH_VALUES.max(values), ENOUGH_BYTES.max(bytes))
    }

    /// The next pages that can be unpacked together; none after the last page. It waits for memory before it reads a
    /// large one.
    pub fn next(&mut self, memory: &MemoryLimit) -> Result<Option<Batch>, Refusal> {
        let mut batch = Batch::default();
        while self.left > 0 {
            let page = match self.next.take() {
                Some(page) => page,
                None => self.read_header()?,
            };
            if page.header.type_ == PageType::DICTIONARY_PAGE {
                let mut dictionary = Vec::new();
                self.read_page(&page, &mut dictionary)?;
                self.dictionary = dictionary;
                self.unpacked_dictionary = page.unpacked;
                continue;
            }
            let is_first = batch.values == 0;
            let (enough_values, enough_bytes) = self.enough();
            let too_much = batch.values + page.values > 2 * enough_values
                || batch.unpacked + page.unpacked > 2 * enough_bytes;
            if !is_first && too_much {
                self.next = Some(page);
                break;
            }
            if page.header.type_ == PageType::INDEX_PAGE {
                self.read_page(&page, &mut Vec::new())?;
                continue;
            }
            let mut size = batch.size()
                + batch::size(page.packed, page.unpacked, page.values)
                + self.unpacked_dictionary;
            if is_first {
                size += self.dictionary.len();
            }
            if size > batch::LARGE && batch.permit.is_none() {
                batch.permit = Some(memory.take_most());
            }
            if is_first {
                batch.bytes.extend_from_slice(&self.dictionary);
            }
            self.read_page(&page, &mut batch.bytes)?;
            batch.unpacked += page.unpacked;
            batch.values += page.values;
            batch.is_split |= page.is_split;
            let left = self.left.checked_sub(page.values);
            self.left = left.ok_or(Parquet::WrongCount(self.name))?;
            if batch.values >= enough_values || batch.unpacked >= enough_bytes {
                break;
            }
        }
        batch.dictionary = self.unpacked_dictionary;
        batch.unpacked += batch.dictionary;
        if self.left == 0 {
            // Nobody needs it, and it may be as large as the batch.
            self.dictionary = Vec::new();
        }
        Ok((batch.values > 0).then_some(batch))
    }
}
