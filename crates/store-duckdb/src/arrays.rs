//! Columns for DuckDB's appender.

use std::sync::Arc;

use arrow::{
    array::{
        ArrayRef, BinaryArray, BooleanArray, Int32Array, Int64Array, RecordBatch, StringArray,
        UInt64Array,
    },
    error::ArrowError,
};

/// Builds a record batch column by column.
#[derive(Default)]
pub(crate) struct Columns(Vec<(String, ArrayRef)>);

impl Columns {
    fn push(&mut self, name: &str, array: ArrayRef) {
        self.0.push((name.to_owned(), array));
    }

    pub(crate) fn text<'a>(&mut self, name: &str, values: impl Iterator<Item = Option<&'a str>>) {
        self.push(name, Arc::new(values.collect::<StringArray>()));
    }

    pub(crate) fn number(&mut self, name: &str, values: impl Iterator<Item = Option<i64>>) {
        self.push(name, Arc::new(values.collect::<Int64Array>()));
    }

    pub(crate) fn key(&mut self, name: &str, values: impl Iterator<Item = i32>) {
        self.push(name, Arc::new(Int32Array::from_iter_values(values)));
    }

    pub(crate) fn hash(&mut self, name: &str, values: impl Iterator<Item = u64>) {
        self.push(name, Arc::new(UInt64Array::from_iter_values(values)));
    }

    pub(crate) fn maybe_hash(&mut self, name: &str, values: impl Iterator<Item = Option<u64>>) {
        self.push(name, Arc::new(values.collect::<UInt64Array>()));
    }

    pub(crate) fn boolean(&mut self, name: &str, values: impl Iterator<Item = Option<bool>>) {
        self.push(name, Arc::new(values.collect::<BooleanArray>()));
    }

    pub(crate) fn bytes(&mut self, name: &str, values: impl Iterator<Item = Option<Vec<u8>>>) {
        self.push(name, Arc::new(values.collect::<BinaryArray>()));
    }

    pub(crate) fn finish(self) -> Result<RecordBatch, ArrowError> {
        RecordBatch::try_from_iter_with_nullable(
            self.0.into_iter().map(|(name, array)| (name, array, true)),
        )
    }
}
