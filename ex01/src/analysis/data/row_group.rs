//! Where are the two columns in each group of a Parquet file's rows?

use std::ops::Range;

use polars_parquet_format::thrift;
use polars_parquet_format::thrift::protocol::{TInputProtocol, TType};
use polars_parquet_format::{ColumnChunk, ColumnMetaData, CompressionCodec};

use super::rows::{ACTIVITY, SIGNAL};
use crate::faults::{Content, Parquet};

/// Some neighbouring rows.
#[derive(Default)]
pub struct Group {
    pub rows: u64,
    /// The values of `signal` and `agent_activity`, if they are there.
    chunks: [Option<Chunk>; 2],
}

/// The pages of one column in a group.
pub struct Chunk {
    /// Their place in the file; none if no file has it.
    pub place: Option<Range<u64>>,
    values: i64,
    pub codec: CompressionCodec,
    is_encrypted: bool,
}

/// Reads a list of groups, one chunk at a time: a file may have very many columns.
pub fn read(input: &mut impl TInputProtocol) -> thrift::Result<Vec<Group>> {
    let mut groups = Vec::new();
    for _ in 0..input.read_list_begin()?.size {
        groups.push(Group::read(input)?);
    }
    Ok(groups)
}

impl Group {
    /// The pages of `signal` (0) or `agent_activity` (1), if they can be read.
    pub fn chunk(&self, column: usize) -> Result<&Chunk, Content> {
        let (name, rows) = ([SIGNAL, ACTIVITY][column], self.rows);
        match &self.chunks[column] {
            None => Err(Parquet::NoColumn(name).into()),
            Some(chunk) if chunk.is_encrypted => Err(Parquet::Encrypted(name).into()),
            Some(chunk) if u64::try_from(chunk.values) != Ok(rows) => {
                Err(Parquet::WrongCount(name).into())
            }
            Some(chunk) => Ok(chunk),
        }
    }

    fn read(input: &mut impl TInputProtocol) -> thrift::Result<Self> {
        let mut group = Self::default();
        input.read_struct_begin()?;
        loop {
            let field = input.read_field_begin()?;
            match (field.id, field.field_type) {
                (_, TType::Stop) => break,
                (Some(1), _) => group.read_chunks(input)?,
                (Some(3), _) => group.rows = u64::try_from(input.read_i64()?).unwrap_or(0),
                (_, other) => input.skip(other)?,
            }
        }
        input.read_struct_end()?;
        Ok(group)
    }

    fn read_chunks(&mut self, input: &mut impl TInputProtocol) -> thrift::Result<()> {
        for _ in 0..input.read_list_begin()?.size {
            let chunk = ColumnChunk::read_from_in_protocol(input)?;
            let Some(column) = chunk.meta_data else {
                continue;
            };
            let ours = [SIGNAL, ACTIVITY]
                .into_iter()
                .position(|it| column.path_in_schema == [it]);
            if let Some(ours) = ours {
                self.chunks[ours] = Some(Chunk {
                    place: place(&column),
                    values: column.num_values,
                    codec: column.codec,
                    is_encrypted: chunk.crypto_metadata.is_some(),
                });
            }
        }
        Ok(())
    }
}

/// Where the pages are. A dictionary comes before them. As in Arrow, any other place, such as 0, means that there is
/// none.
fn place(column: &ColumnMetaData) -> Option<Range<u64>> {
    let data = column.data_page_offset;
    let dictionary = column.dictionary_page_offset;
    let first = dictionary
        .filter(|it| (1..data).contains(it))
        .unwrap_or(data);
    let start = u64::try_from(first).ok()?;
    let end = start.checked_add(u64::try_from(column.total_compressed_size).ok()?)?;
    Some(start..end)
}

#[cfg(test)]
mod tests {
    use polars_parquet_format::Type;

    use super::*;

    #[test]
    fn a_dictionary_comes_before_the_pages_or_is_not_there() {
        for (dictionary, start) in [
            (None, 40),
            (Some(4), 4),
            (Some(0), 40),
            (Some(-1), 40),
            (Some(40), 40),
            (Some(90), 40),
        ] {
            let column = ColumnMetaData {
                type_: Type::DOUBLE,
                encodings: Vec::new(),
                path_in_schema: Vec::new(),
                codec: CompressionCodec::UNCOMPRESSED,
                num_values: 1,
                total_uncompressed_size: 60,
                total_compressed_size: 60,
                key_value_metadata: None,
                data_page_offset: 40,
                index_page_offset: None,
                dictionary_page_offset: dictionary,
                statistics: None,
                encoding_stats: None,
                bloom_filter_offset: None,
                bloom_filter_length: None,
                size_statistics: None,
            };
            assert_eq!(place(&column), Some(start..start + 60), "{dictionary:?}");
        }
    }
}
