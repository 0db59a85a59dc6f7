//! What does a Parquet file say about itself, at its end?
//!
//! Only what it says of the two columns is kept: it may have any number of other columns, nested to any depth.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::panic::{self, AssertUnwindSafe};

use polars_arrow::datatypes::ArrowDataType;
use polars_parquet::parquet::error::{ParquetError, ParquetResult};
use polars_parquet::parquet::metadata::Descriptor;
use polars_parquet::parquet::schema::Repetition;
use polars_parquet::read::schema::parquet_to_arrow_schema;
use polars_parquet::read::{ParquetType, PrimitiveLogicalType};
use polars_parquet_format::SchemaElement;
use polars_parquet_format::thrift;
use polars_parquet_format::thrift::protocol::{TCompactInputProtocol, TInputProtocol, TType};

use super::row_group::{self, Group};
use super::rows::{ACTIVITY, SIGNAL};
use crate::faults::{ColumnKind, Content, Foreign, MOST_NAMES, Parquet, Refusal, TableKind};

/// The most bytes that describe a file. Usual files have some kilobytes.
const MOST_BYTES: usize = 32 << 20;

/// What a file says about the two columns.
pub struct Footer {
    /// `signal` first.
    pub columns: [ParquetColumn; 2],
    pub groups: Vec<Group>,
}

/// One of the two columns, as a Parquet file describes it.
#[derive(Clone)]
pub struct ParquetColumn {
    pub name: &'static str,
    pub dtype: ArrowDataType,
    /// How its pages are to be read.
    pub descriptor: Descriptor,
}

/// The columns of a file.
#[derive(Default)]
struct Schema {
    /// The first names, at most one more than an error shows.
    names: Vec<String>,
    /// Those with one of the two names, at most two of each.
    ours: Vec<SchemaElement>,
}

/// Reads what the end of a file says.
pub fn read(file: &File) -> Result<Footer, Refusal> {
    let bytes = bytes(file)?;
    // polars trusts some claims of a file, and panics if they are wrong.
    catch_panic(|| {
        let (schema, groups) = parse(&bytes).ok().flatten().ok_or(Parquet::NoMetadata)?;
        let columns = [schema.column(SIGNAL)?, schema.column(ACTIVITY)?];
        Ok(Footer { columns, groups })
    })
}

/// Runs a step on a file that may be damaged. A panic becomes a refusal.
pub fn catch_panic<T>(work: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(Parquet::Panicked.into()))
}

/// What polars says about a file that it cannot read. Of several lines, the first one counts.
pub fn damaged(error: &str) -> Content {
    let line = error.lines().next().unwrap_or_default();
    let line = line.strip_prefix("parquet: ").unwrap_or(line);
    let (kind, what) = line.split_once(": ").unwrap_or(("", line));
    match kind {
        "File out of specification" => Parquet::Damaged(what.to_owned()).into(),
        "Not yet supported" => Parquet::Unsupported(what.to_owned()).into(),
        _ => Parquet::Unsupported(line.to_owned()).into(),
    }
}

/// The bytes at the end of a Parquet file that describe it. The file begins and ends with the same letters. If its end
/// is encrypted, it ends with other letters.
fn bytes(mut file: &File) -> Result<Vec<u8>, Refusal> {
    let mut end = [0; 8];
    let size = file.metadata()?.len();
    if size >= 12 {
        file.seek(SeekFrom::End(-8))?;
        file.read_exact(&mut end)?;
    }
    let [a, b, c, d, letters @ ..] = end;
    match &letters {
        b"PAR1" => {}
        b"PARE" => return Err(Content::Foreign(Foreign::Encrypted).into()),
        _ => return Err(Parquet::NoEnd.into()),
    }
    let length = u32::from_le_bytes([a, b, c, d]);
    if u64::from(length) + 12 > size {
        return Err(Parquet::NoMetadata.into());
    }
    if length as usize > MOST_BYTES {
        return Err(Parquet::LargeMetadata(MOST_BYTES).into());
    }
    let mut bytes = Vec::new();
    file.seek(SeekFrom::End(-8 - i64::from(length)))?;
    file.take(length.into()).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Columns and groups of rows; none if one of them is missing. What follows is not read.
fn parse(bytes: &[u8]) -> thrift::Result<Option<(Schema, Vec<Group>)>> {
    // The limit counts eight bytes for each entry of a list, which may have one byte in the file.
    let mut input = TCompactInputProtocol::new(bytes, 16 * bytes.len());
    let (mut schema, mut groups) = (None, None);
    input.read_struct_begin()?;
    while schema.is_none() || groups.is_none() {
        let field = input.read_field_begin()?;
        match (field.id, field.field_type) {
            (_, TType::Stop) => return Ok(None),
            (Some(2), _) => schema = Some(Schema::read(&mut input)?),
            (Some(4), _) => groups = Some(row_group::read(&mut input)?),
            (_, other) => input.skip(other)?,
        }
    }
    Ok(schema.zip(groups))
}

impl Schema {
    /// Reads a list of columns, without the first one, which holds all others. Each column says how many of those behind
    /// it are its parts.
    fn read(input: &mut impl TInputProtocol) -> thrift::Result<Self> {
        let (mut schema, mut parts) = (Self::default(), 0);
        for at in 0..input.read_list_begin()?.size {
            let element = SchemaElement::read_from_in_protocol(input)?;
            if at == 0 {
                continue;
            }
            let is_part = parts > 0;
            parts = parts - u64::from(is_part) + children(&element);
            if is_part {
                continue;
            }
            if schema.names.len() <= MOST_NAMES {
                schema.names.push(element.name.clone());
            }
            if [SIGNAL, ACTIVITY].contains(&&*element.name)
                && schema.called(&element.name).count() < 2
            {
                schema.ours.push(element);
            }
        }
        Ok(schema)
    }

    /// The columns with one of the two names.
    fn called(&self, name: &str) -> impl Iterator<Item = &SchemaElement> {
        self.ours.iter().filter(move |it| it.name == name)
    }

    /// One of the two columns, which must hold numbers.
    fn column(&self, name: &'static str) -> Result<ParquetColumn, Content> {
        let table = TableKind::Parquet;
        let mut called = self.called(name);
        let element = called
            .next()
            .ok_or_else(|| Content::no_column(name, self.names.iter().cloned(), table))?;
        if called.next().is_some() {
            return Err(Content::TwoColumns { name, table });
        }
        let no_numbers = |kind| Content::from(Parquet::NoNumbers { column: name, kind });
        if children(element) > 0 {
            return Err(no_numbers(ColumnKind::Nested));
        }
        let refused = |error: ParquetError| damaged(&error.to_string());
        let field = field(element.clone()).map_err(refused)?;
        let schema = parquet_to_arrow_schema(std::slice::from_ref(&field));
        let (Some(given), ParquetType::PrimitiveType(primitive)) = (schema.get(name), &field)
        else {
            return Err(no_numbers(ColumnKind::Nested));
        };
        let dtype = match (given.dtype(), primitive.logical_type) {
            // polars would unpack two bytes each.
            (_, Some(PrimitiveLogicalType::Float16)) => ArrowDataType::Float16,
            // An `i128` does not have more digits.
            (ArrowDataType::Decimal(digits @ 39.., scale), _) => {
                ArrowDataType::Decimal256(*digits, *scale)
            }
            (other, _) => other.clone(),
        };
        if !dtype.is_numeric() && dtype != ArrowDataType::Boolean {
            return Err(no_numbers(column_kind(&dtype)));
        }
        let is_optional = primitive.field_info.repetition == Repetition::Optional;
        let descriptor = Descriptor {
            primitive_type: primitive.clone(),
            max_def_level: i16::from(is_optional),
            max_rep_level: 0,
        };
        Ok(ParquetColumn {
            name,
            dtype,
            descriptor,
        })
    }
}

/// How many columns are directly within this one.
fn children(element: &SchemaElement) -> u64 {
    u64::try_from(element.num_children.unwrap_or(0)).unwrap_or(0)
}

/// A column without parts, as polars describes it.
fn field(element: SchemaElement) -> ParquetResult<ParquetType> {
    let name = String::new();
    let root = SchemaElement::new(None, None, None, name, 1, None, None, None, None, None);
    let root = ParquetType::try_from_thrift(&[root, element])?;
    match root {
        ParquetType::GroupType { mut fields, .. } if fields.len() == 1 => Ok(fields.remove(0)),
        other => Ok(other),
    }
}

/// What a column without numbers holds.
fn column_kind(dtype: &ArrowDataType) -> ColumnKind {
    match dtype {
        ArrowDataType::Utf8View => ColumnKind::Text,
        ArrowDataType::Timestamp(..) => ColumnKind::Time,
        ArrowDataType::Date32 => ColumnKind::Dates,
        ArrowDataType::Time32(_) | ArrowDataType::Time64(_) => ColumnKind::TimesOfDay,
        ArrowDataType::Interval(_) => ColumnKind::Spans,
        ArrowDataType::BinaryView | ArrowDataType::FixedSizeBinary(_) => ColumnKind::Bytes,
        _ => ColumnKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use polars_parquet_format::thrift::protocol::TCompactOutputProtocol;
    use polars_parquet_format::{ConvertedType, FieldRepetitionType, FileMetaData, Type};

    use super::*;
    use crate::analysis::data::pieces::Fault;

    /// A column of floats, or one with this many parts.
    fn element(name: &str, parts: Option<i32>) -> SchemaElement {
        let kind = parts.is_none().then_some(Type::DOUBLE);
        let always = FieldRepetitionType::REQUIRED;
        SchemaElement::new(
            kind,
            None,
            always,
            name.to_owned(),
            parts,
            None,
            None,
            None,
            None,
            None,
        )
    }

    /// What the program understands of a file without rows, which has these columns.
    fn read_columns(columns: Vec<SchemaElement>) -> Result<Footer, Fault> {
        let mut schema = vec![element("root", Some(3))];
        schema.extend(columns);
        let metadata = FileMetaData::new(1, schema, 0, Vec::new(), None, None, None, None, None);
        let mut bytes = Vec::new();
        let mut output = TCompactOutputProtocol::new(&mut bytes);
        metadata.write_to_out_protocol(&mut output).unwrap();
        let length = u32::try_from(bytes.len()).unwrap().to_le_bytes();
        let mut file = tempfile::tempfile().unwrap();
        let whole = [b"PAR1", &bytes[..], &length, b"PAR1"].concat();
        file.write_all(&whole).unwrap();
        read(&file).map_err(Fault::of)
    }

    #[test]
    fn other_columns_may_be_nested_to_any_depth() {
        let mut columns = vec![element(SIGNAL, None)];
        columns.extend(vec![element("deep", Some(1)); 20_000]);
        columns.extend([element(SIGNAL, None), element(ACTIVITY, None)]);
        let found = read_columns(columns).unwrap();
        assert_eq!(found.columns.map(|it| it.name), [SIGNAL, ACTIVITY]);
    }

    #[test]
    fn columns_that_are_nested_or_missing_or_there_twice_are_refused() {
        let nested = Parquet::NoNumbers {
            column: SIGNAL,
            kind: ColumnKind::Nested,
        };
        let columns = vec![element(SIGNAL, Some(1)), element(ACTIVITY, None)];
        let found = read_columns(columns).err();
        assert_eq!(found, Some(Fault::whole(nested)));
        // A part of another column is no column of the table.
        let columns = vec![
            element("x", Some(1)),
            element(SIGNAL, None),
            element(ACTIVITY, None),
        ];
        let there = ["x", ACTIVITY].map(str::to_owned).into_iter();
        let missing = Content::no_column(SIGNAL, there, TableKind::Parquet);
        assert_eq!(read_columns(columns).err(), Some(Fault::whole(missing)));
        let twice = Content::TwoColumns {
            name: SIGNAL,
            table: TableKind::Parquet,
        };
        let columns = vec![element(SIGNAL, None); 3];
        assert_eq!(read_columns(columns).err(), Some(Fault::whole(twice)));
    }

    #[test]
    fn a_column_without_numbers_is_refused_for_what_it_holds() {
        use ConvertedType as C;
        let (four, eight) = (Type::INT32, Type::INT64);
        let (bytes, fixed) = (Type::BYTE_ARRAY, Type::FIXED_LEN_BYTE_ARRAY);
        for (physical, converted, length, kind) in [
            (four, Some(C::DATE), None, ColumnKind::Dates),
            (four, Some(C::TIME_MILLIS), None, ColumnKind::TimesOfDay),
            (eight, Some(C::TIME_MICROS), None, ColumnKind::TimesOfDay),
            (eight, Some(C::TIMESTAMP_MICROS), None, ColumnKind::Time),
            (fixed, Some(C::INTERVAL), Some(12), ColumnKind::Spans),
            (fixed, None, Some(16), ColumnKind::Bytes),
            (bytes, None, None, ColumnKind::Bytes),
            (bytes, Some(C::UTF8), None, ColumnKind::Text),
        ] {
            let mut signal = element(SIGNAL, None);
            signal.type_ = Some(physical);
            signal.converted_type = converted;
            signal.type_length = length;
            let found = read_columns(vec![signal, element(ACTIVITY, None)]).err();
            let expected = Parquet::NoNumbers {
                column: SIGNAL,
                kind,
            };
            assert_eq!(found, Some(Fault::whole(expected)), "{converted:?}");
        }
    }

    #[test]
    fn a_large_description_is_refused_before_it_is_read() {
        let mut file = tempfile::tempfile().unwrap();
        file.set_len(100 << 20).unwrap();
        file.seek(SeekFrom::End(0)).unwrap();
        file.write_all(&(64_u32 << 20).to_le_bytes()).unwrap();
        file.write_all(b"PAR1").unwrap();
        let large = Parquet::LargeMetadata(32 << 20);
        let found = read(&file).map_err(Fault::of).err();
        assert_eq!(found, Some(Fault::whole(large)));
    }
}
