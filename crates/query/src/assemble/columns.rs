//! Typed views of a batch's columns.

use arrow::{
    array::{
        Array, AsArray, BinaryArray, Float64Array, Int64Array, LargeBinaryArray, LargeStringArray,
        StringArray, StringViewArray,
    },
    datatypes::{Float64Type, Int64Type},
    record_batch::RecordBatch,
};

use super::AssembleError;

/// The batch of a statement, for reading its columns by position.
#[derive(Clone, Copy)]
pub struct Columns<'a> {
    /// The position of the statement, for error messages.
    pub statement: usize,
    /// The batch.
    pub batch: &'a RecordBatch,
}

/// A column of text.
pub enum TextColumn<'a> {
    Utf8(&'a StringArray),
    Large(&'a LargeStringArray),
    View(&'a StringViewArray),
}

/// A column of blobs.
pub enum BlobColumn<'a> {
    Binary(&'a BinaryArray),
    Large(&'a LargeBinaryArray),
}

impl<'a> Columns<'a> {
    /// A column of 64-bit integers. Fails if there is no such column or it has another type.
    pub fn integers(self, position: usize) -> Result<&'a Int64Array, AssembleError> {
        let column = self.column(position, "BIGINT")?;
        column
            .as_primitive_opt::<Int64Type>()
            .ok_or_else(|| self.wrong(position, "BIGINT"))
    }

    /// A column of floating-point numbers. Fails if there is no such column or it has another type.
    pub fn floats(self, position: usize) -> Result<&'a Float64Array, AssembleError> {
        let column = self.column(position, "DOUBLE")?;
        column
            .as_primitive_opt::<Float64Type>()
            .ok_or_else(|| self.wrong(position, "DOUBLE"))
    }

    /// A column of text. Fails if there is no such column or it has another type.
    pub fn text(self, position: usize) -> Result<TextColumn<'a>, AssembleError> {
        let column = self.column(position, "VARCHAR")?;
        let utf8 = column.as_string_opt::<i32>().map(TextColumn::Utf8);
        utf8.or_else(|| column.as_string_opt::<i64>().map(TextColumn::Large))
            .or_else(|| column.as_string_view_opt().map(TextColumn::View))
            .ok_or_else(|| self.wrong(position, "VARCHAR"))
    }

    /// A column of blobs. Fails if there is no such column or it has another type.
    pub fn blobs(self, position: usize) -> Result<BlobColumn<'a>, AssembleError> {
        let column = self.column(position, "BLOB")?;
        let binary = column.as_binary_opt::<i32>().map(BlobColumn::Binary);
        binary
            .or_else(|| column.as_binary_opt::<i64>().map(BlobColumn::Large))
            .ok_or_else(|| self.wrong(position, "BLOB"))
    }

    fn column(
        self,
        position: usize,
        expected: &'static str,
    ) -> Result<&'a dyn Array, AssembleError> {
        match self.batch.columns().get(position) {
            Some(column) => Ok(column.as_ref()),
            None => Err(self.wrong(position, expected)),
        }
    }

    fn wrong(self, position: usize, expected: &'static str) -> AssembleError {
        let column = self.batch.columns().get(position);
        AssembleError::Column {
            statement: self.statement,
            position,
            expected,
            found: column.map_or("missing".to_owned(), |column| {
                column.data_type().to_string()
            }),
        }
    }
}

impl<'a> TextColumn<'a> {
    /// The text of a row; `None` if it is null.
    pub fn get(&self, row: usize) -> Option<&'a str> {
        match self {
            Self::Utf8(column) => column.is_valid(row).then(|| column.value(row)),
            Self::Large(column) => column.is_valid(row).then(|| column.value(row)),
            Self::View(column) => column.is_valid(row).then(|| column.value(row)),
        }
    }
}

impl<'a> BlobColumn<'a> {
    /// The blob of a row; `None` if it is null.
    pub fn get(&self, row: usize) -> Option<&'a [u8]> {
        match self {
            Self::Binary(column) => column.is_valid(row).then(|| column.value(row)),
            Self::Large(column) => column.is_valid(row).then(|| column.value(row)),
        }
    }
}
