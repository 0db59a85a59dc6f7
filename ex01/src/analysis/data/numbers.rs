//! Which types of a Parquet file hold numbers, and how does each number become a float?

use std::fmt::Display;

use polars_arrow::array::{Array, BooleanArray, Float16Array, PrimitiveArray};
use polars_arrow::datatypes::ArrowDataType;
use polars_arrow::types::{NativeType, i256};

use crate::faults::{Cell, Content, Parquet};

/// Adds the numbers of an array. The fault of a null is its cell's.
#[expect(clippy::cast_precision_loss, reason = "a signal is a float")]
pub fn numbers(array: &dyn Array, all: &mut Vec<f64>) -> Result<(), Content> {
    use ArrowDataType as Type;
    match array.dtype() {
        Type::Int8 => add(array, all, |it: i8| f64::from(it)),
        Type::Int16 => add(array, all, |it: i16| f64::from(it)),
        Type::Int32 => add(array, all, |it: i32| f64::from(it)),
        Type::Int64 => add(array, all, |it: i64| it as f64),
        Type::UInt8 => add(array, all, |it: u8| f64::from(it)),
        Type::UInt16 => add(array, all, |it: u16| f64::from(it)),
        Type::UInt32 => add(array, all, |it: u32| f64::from(it)),
        Type::UInt64 => add(array, all, |it: u64| it as f64),
        Type::Float16 => {
            let array = of_type::<Float16Array>(array)?;
            add_each(array.iter().map(|it| it.map(|it| it.0.to_f64())), all)
        }
        Type::Float32 => add(array, all, |it: f32| f64::from(it)),
        Type::Float64 => add(array, all, |it: f64| it),
        Type::Decimal(_, scale) => add(array, all, |it: i128| decimal(it, *scale)),
        Type::Decimal256(_, scale) => add(array, all, |it: i256| parsed(it, *scale)),
        Type::Boolean => {
            let array = of_type::<BooleanArray>(array)?;
            add_each(array.iter().map(|it| it.map(f64::from)), all)
        }
        _ => Err(Parquet::WrongType.into()),
    }
}

/// An array as the type that it names.
fn of_type<T: 'static>(array: &dyn Array) -> Result<&T, Content> {
    let array = array.as_any().downcast_ref::<T>();
    array.ok_or_else(|| Parquet::WrongType.into())
}

/// Adds the numbers of an array of one type.
fn add<T: NativeType>(
    array: &dyn Array,
    all: &mut Vec<f64>,
    float: impl Fn(T) -> f64,
) -> Result<(), Content> {
    let array = of_type::<PrimitiveArray<T>>(array)?;
    if array.null_count() == 0 {
        all.extend(array.values().iter().map(|it| float(*it)));
        return Ok(());
    }
    add_each(array.iter().map(|it| it.map(|it| float(*it))), all)
}

/// Adds numbers until one is missing.
fn add_each(values: impl Iterator<Item = Option<f64>>, all: &mut Vec<f64>) -> Result<(), Content> {
    for value in values {
        all.push(value.ok_or(Cell::Null)?);
    }
    Ok(())
}

/// A decimal number as the nearest float, as if it had been read from a text.
fn decimal(digits: i128, scale: usize) -> f64 {
    // Up to here both numbers are exact floats, and a division is rounded only once.
    if let (Ok(digits), Ok(places @ ..=22)) = (i32::try_from(digits), i32::try_from(scale)) {
        return f64::from(digits) / 10_f64.powi(places);
    }
    parsed(digits, scale)
}

/// The same for any number of digits.
fn parsed(digits: impl Display, scale: usize) -> f64 {
    format!("{digits}e-{scale}").parse().unwrap_or(f64::NAN)
}
