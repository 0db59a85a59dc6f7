//! What does a Parquet file say about itself, at its end?

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::panic::{self, AssertUnwindSafe};

use polars_arrow::datatypes::ArrowDataType;
use polars_parquet::parquet::metadata::FileMetadata;
use polars_parquet::read::schema::parquet_to_arrow_schema;
use polars_parquet::read::{ParquetType, PrimitiveLogicalType};
use polars_parquet_format::thrift::protocol::TCompactInputProtocol;

use super::numbers::holds_numbers;
use super::refusal::{Refusal, no_column};
use super::rows::{ACTIVITY, SIGNAL};

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
            .map_err(|error| damaged(&error.to_string()))
    })
}

/// Runs a step on a file that may be damaged. A panic becomes a refusal.
pub fn catch_panic<T>(work: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    panic::catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Refusal::whole("it is damaged: polars gave up on it")))
}

/// What polars says about a file that it cannot read. Of several lines, the first one counts.
pub fn damaged(error: &str) -> Refusal {
    let line = error.lines().next().unwrap_or_default();
    let (kind, what) = line.split_once(": ").unwrap_or(("", line));
    match kind {
        "File out of specification" => Refusal::whole(format_args!("it is damaged: {what}")),
        "Not yet supported" => Refusal::whole(format_args!("polars cannot read it: {what}")),
        _ => Refusal::whole(format_args!("polars gave up on it: {line}")),
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
        b"PARE" => Err(Refusal::whole(
            "it is an encrypted Parquet file: decrypt it first",
        )),
        _ => Err(Refusal::whole(
            "it is cut off: `PAR1` is missing at its end",
        )),
    }
}

/// Whether a column is encrypted while the end of the file is not. polars does not check this and calls the file
/// damaged. This check takes as long as reading the end of the file.
pub fn encrypted(mut file: &File) -> Option<Refusal> {
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
pub fn columns(metadata: &FileMetadata) -> Result<[ParquetColumn; 2], Refusal> {
    let fields = metadata.schema().fields();
    let schema = parquet_to_arrow_schema(fields);
    let column = |name| {
        if fields.iter().filter(|it| it.name() == name).count() > 1 {
            let what = format_args!("it has two columns `{name}`");
            return Err(Refusal::whole(what));
        }
        let Some(field) = schema.get(name) else {
            let there = schema.iter_names().map(|it| it.as_str().into());
            return Err(Refusal::whole(format_args!(
                "it has {}",
                no_column(name, there)
            )));
        };
        let dtype = match field.dtype() {
            // An `i128` does not have more digits.
            ArrowDataType::Decimal(digits @ 39.., scale) => {
                ArrowDataType::Decimal256(*digits, *scale)
            }
            other => other.clone(),
        };
        if !holds_numbers(&dtype) && !fields.iter().any(|it| is_half(it, name)) {
            // `Timestamp(…)` is shown whole, other nested types with their first word only.
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
        Ok(ParquetColumn { name, dtype })
    };
    Ok([column(SIGNAL)?, column(ACTIVITY)?])
}

/// Whether this column holds floats of 16 bits. They are unpacked as two bytes each.
fn is_half(field: &ParquetType, name: &str) -> bool {
    matches!(field, ParquetType::PrimitiveType(it) if it.field_info.name.as_str() == name
        && it.logical_type == Some(PrimitiveLogicalType::Float16))
}
