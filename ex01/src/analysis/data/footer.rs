//! What does a Parquet file say about itself, at its end?

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::panic::{self, AssertUnwindSafe};

use polars_arrow::datatypes::ArrowDataType;
use polars_parquet::parquet::metadata::FileMetadata;
use polars_parquet::read::schema::parquet_to_arrow_schema;
use polars_parquet::read::{ParquetType, PrimitiveLogicalType};
use polars_parquet_format::thrift::protocol::TCompactInputProtocol;

use super::format;
use super::numbers::holds_numbers;
use super::rows::{ACTIVITY, SIGNAL};
use crate::faults::{ColumnKind, Content, Damage, Parquet, Refusal, TableKind};

/// One of the two columns, as a Parquet file describes it.
#[derive(Clone)]
pub struct ParquetColumn {
    pub name: &'static str,
    pub dtype: ArrowDataType,
}

/// Reads the metadata at the end of a Parquet file.
pub fn metadata(mut file: &File) -> Result<FileMetadata, Refusal> {
    check_end(file)?;
    // polars trusts some claims of a file, and panics if they are wrong.
    catch_panic(|| {
        polars_parquet::parquet::read::read_metadata(&mut file)
            .map_err(|error| damaged(&error.to_string()).into())
    })
}

/// Runs a step on a file that may be damaged. A panic becomes a refusal.
pub fn catch_panic<T>(work: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    panic::catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Content::from(Damage::Panicked).into()))
}

/// What polars says about a file that it cannot read. Of several lines, the first one counts.
pub fn damaged(error: &str) -> Content {
    let line = error.lines().next().unwrap_or_default();
    let line = line.strip_prefix("parquet: ").unwrap_or(line);
    let (kind, what) = line.split_once(": ").unwrap_or(("", line));
    match kind {
        "File out of specification" => Damage::Said(what.to_owned()).into(),
        "Not yet supported" => Parquet::Unsupported(what.to_owned()).into(),
        _ => Parquet::Failed(line.to_owned()).into(),
    }
}

/// A Parquet file begins and ends with the same letters. If its end is encrypted, it ends with other letters.
fn check_end(mut file: &File) -> Result<(), Refusal> {
    let mut end = [0; 4];
    if file.metadata()?.len() >= 12 {
        file.seek(SeekFrom::End(-4))?;
        file.read_exact(&mut end)?;
    }
    match &end {
        b"PAR1" => Ok(()),
        b"PARE" => Err(Content::Foreign(format::ENCRYPTED).into()),
        _ => Err(Content::from(Parquet::NoEnd).into()),
    }
}

/// Whether a column is encrypted while the end of the file is not. polars does not check this and calls the file
/// damaged. This check takes as long as reading the end of the file.
pub fn encrypted(mut file: &File) -> Option<Content> {
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
    Some(Parquet::Encrypted(column).into())
}

/// The two columns, `signal` first.
pub fn columns(metadata: &FileMetadata) -> Result<[ParquetColumn; 2], Content> {
    let fields = metadata.schema().fields();
    let schema = parquet_to_arrow_schema(fields);
    let column = |name| {
        if fields.iter().filter(|it| it.name() == name).count() > 1 {
            let table = TableKind::Parquet;
            return Err(Content::TwoColumns { name, table });
        }
        let Some(field) = schema.get(name) else {
            let there = schema.iter_names().map(ToString::to_string);
            return Err(Content::no_column(name, there, TableKind::Parquet));
        };
        let dtype = match field.dtype() {
            // An `i128` does not have more digits.
            ArrowDataType::Decimal(digits @ 39.., scale) => {
                ArrowDataType::Decimal256(*digits, *scale)
            }
            other => other.clone(),
        };
        if !holds_numbers(&dtype) && !fields.iter().any(|it| is_half(it, name)) {
            let kind = column_kind(field.dtype());
            return Err(Parquet::NoNumbers { column: name, kind }.into());
        }
        Ok(ParquetColumn { name, dtype })
    };
    Ok([column(SIGNAL)?, column(ACTIVITY)?])
}

/// What a column without numbers holds. Of a nested type, the first word is enough.
fn column_kind(dtype: &ArrowDataType) -> ColumnKind {
    match dtype {
        ArrowDataType::Utf8View => ColumnKind::Text,
        ArrowDataType::Timestamp(..) => ColumnKind::Time,
        other => {
            let name = format!("{other:?}");
            ColumnKind::Other(name.split("(Field").next().unwrap_or(&name).to_owned())
        }
    }
}

/// Whether this column holds floats of 16 bits. They are unpacked as two bytes each.
fn is_half(field: &ParquetType, name: &str) -> bool {
    matches!(field, ParquetType::PrimitiveType(it) if it.field_info.name.as_str() == name
        && it.logical_type == Some(PrimitiveLogicalType::Float16))
}
