//! What does the header of a Parquet page say?

use polars_parquet_format::{Encoding, PageHeader};

/// How many values a page has, with nulls.
pub fn values(header: &PageHeader) -> u64 {
    let first = header.data_page_header.as_ref().map(|it| it.num_values);
    let second = header.data_page_header_v2.as_ref().map(|it| it.num_values);
    u64::try_from(first.or(second).unwrap_or_default()).unwrap_or(u64::MAX)
}

/// Whether a page keeps the bytes of its numbers apart.
pub fn is_split(header: &PageHeader) -> bool {
    let first = header.data_page_header.as_ref().map(|it| it.encoding);
    let second = header.data_page_header_v2.as_ref().map(|it| it.encoding);
    first.or(second) == Some(Encoding::BYTE_STREAM_SPLIT)
}
