//! Builders for this crate's tests.

use std::sync::Arc;

use arrow::{
    array::{ArrayRef, BinaryArray, Float64Array, Int64Array, StringArray},
    record_batch::RecordBatch,
};
use weir_model::{Scope, Sketch, TimeRange, Timestamp};

use crate::{Answer, Context, Prepared, Query, Zone, assemble, prepare};

/// A moment in RFC 3339; the milliseconds may be left out.
pub fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap_or_else(|| panic!("{text} is not a time"))
}

pub fn range(from: &str, to: &str) -> TimeRange {
    TimeRange {
        from: at(from),
        to: at(to),
    }
}

pub fn zone(name: &str) -> Zone {
    Zone::parse(name).unwrap()
}

/// 2024-05-15T10:20:30Z, a Wednesday, in project 7 of tenant 3.
pub fn context() -> Context {
    Context::new(
        Scope::new(3, 7),
        at("2024-05-15T10:20:30Z"),
        crate::Dialect::DuckDb,
    )
}

pub fn prepared(query: &Query) -> Prepared {
    prepare(query, &context()).unwrap()
}

/// The answer of a query whose statements return one batch each.
pub fn answer(query: &Query, batches: Vec<RecordBatch>) -> Answer {
    let results: Vec<_> = batches.into_iter().map(|batch| vec![batch]).collect();
    assemble(&prepared(query), &results).unwrap()
}

pub fn batch(columns: Vec<ArrayRef>) -> RecordBatch {
    let named = columns.into_iter().enumerate();
    RecordBatch::try_from_iter(named.map(|(i, column)| (format!("c{i}"), column))).unwrap()
}

pub fn integers<const N: usize>(values: [i64; N]) -> ArrayRef {
    Arc::new(Int64Array::from(values.to_vec()))
}

pub fn floats<const N: usize>(values: [f64; N]) -> ArrayRef {
    Arc::new(Float64Array::from(values.to_vec()))
}

/// Sums over no rows.
pub fn nulls(count: usize) -> ArrayRef {
    Arc::new(Int64Array::from(vec![None; count]))
}

pub fn times<const N: usize>(values: [&str; N]) -> ArrayRef {
    integers(values.map(|text| at(text).0))
}

pub fn texts<const N: usize>(values: [&str; N]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

pub fn nullable_texts<const N: usize>(values: [Option<&str>; N]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

pub fn sketch(values: impl IntoIterator<Item = i64>) -> Sketch {
    let mut sketch = Sketch::default();
    values.into_iter().for_each(|value| sketch.add(value, 1));
    sketch
}

/// An encoded sketch per row.
pub fn sketches(rows: &[Option<Sketch>]) -> ArrayRef {
    let encoded = rows.iter().map(|row| row.as_ref().map(Sketch::encode));
    Arc::new(encoded.collect::<BinaryArray>())
}

/// The rows as JSON.
pub fn json(rows: &crate::Rows) -> serde_json::Value {
    serde_json::to_value(rows).unwrap()
}
