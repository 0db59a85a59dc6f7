//! How are pages unpacked before polars reads them? The packed bytes are freed then, and bytes come together that a file
//! keeps apart: polars reads those of narrow numbers only.
//!
//! The first bytes of all numbers of a page come first, then all second bytes, and so on. Source: Apache Parquet,
//! "Encodings", `BYTE_STREAM_SPLIT`.

use std::io::Cursor;

use polars_buffer::Buffer;
use polars_parquet::parquet::compression::{Compression, DecompressionContext};
use polars_parquet::parquet::error::ParquetResult;
use polars_parquet::parquet::page::{DataPageHeader, Page, split_buffer};
use polars_parquet::parquet::read::{PageMetaData, PageReader, decompress};
use polars_parquet::parquet::schema::types::PhysicalType;
use polars_parquet_format::thrift::protocol::TCompactOutputProtocol;
use polars_parquet_format::{DictionaryPageHeader, Encoding, PageHeader, PageType};

/// More than the header of a page has here.
const HEADER: usize = 1 << 10;

/// Unpacks pages and puts the bytes of each number together, where polars would not. No page is larger than `most`.
pub fn plain(bytes: Vec<u8>, meta: &mut PageMetaData, most: usize) -> ParquetResult<Vec<u8>> {
    let width = match meta.descriptor.primitive_type.physical_type {
        PhysicalType::FixedLenByteArray(width) => Some(width),
        _ if meta.compression == Compression::Uncompressed => return Ok(bytes),
        _ => None,
    };
    let bytes = Cursor::new(Buffer::from_vec(bytes));
    let pages = PageReader::new_with_page_meta(bytes, meta.clone(), Vec::new(), most);
    let (mut context, mut plain) = (DecompressionContext::Unset, Vec::new());
    for page in pages {
        let mut buffer = Vec::with_capacity(most + HEADER);
        let page = decompress(page?, &mut buffer, &mut context)?;
        write(page, width, &mut plain)?;
    }
    meta.compression = Compression::Uncompressed;
    Ok(plain)
}

/// Adds a page, with its numbers as plain values if they have this width and their bytes are apart.
fn write(page: Page, width: Option<usize>, to: &mut Vec<u8>) -> ParquetResult<()> {
    let mut header = PageHeader::new(PageType::DATA_PAGE, 0, 0, None, None, None, None, None);
    let mut bytes = match page {
        Page::Dict(page) => {
            header.type_ = PageType::DICTIONARY_PAGE;
            let count = i32::try_from(page.num_values)?;
            let dictionary = DictionaryPageHeader::new(count, Encoding::PLAIN, None);
            header.dictionary_page_header = Some(dictionary);
            page.buffer.into_vec()
        }
        Page::Data(mut page) => {
            let mut encoding = page.header().encoding();
            if let Some(width) = width.filter(|_| encoding == Encoding::BYTE_STREAM_SPLIT) {
                encoding = Encoding::PLAIN;
                let levels = page.buffer().len() - split_buffer(&page)?.values.len();
                join(&mut page.buffer_mut()[levels..], width);
            }
            match page.header().clone() {
                DataPageHeader::V1(mut first) => {
                    first.encoding = encoding;
                    header.data_page_header = Some(first);
                }
                DataPageHeader::V2(mut second) => {
                    second.encoding = encoding;
                    header.type_ = PageType::DATA_PAGE_V2;
                    header.data_page_header_v2 = Some(second);
                }
            }
            std::mem::take(page.buffer_mut())
        }
    };
    header.compressed_page_size = i32::try_from(bytes.len())?;
    header.uncompressed_page_size = header.compressed_page_size;
    header.write_to_out_protocol(&mut TCompactOutputProtocol::new(&mut *to))?;
    if to.len() <= HEADER {
        // The first page moves behind its header, and is not copied.
        bytes.splice(..0, to.drain(..));
        *to = bytes;
    } else {
        to.append(&mut bytes);
    }
    Ok(())
}

/// Puts the bytes of each number together.
fn join(values: &mut [u8], width: usize) {
    let split = values.to_vec();
    let count = split.len() / width;
    for (number, bytes) in values.chunks_exact_mut(width).enumerate() {
        for (place, byte) in bytes.iter_mut().enumerate() {
            *byte = split[place * count + number];
        }
    }
}
