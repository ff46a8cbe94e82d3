//! Typed views of a batch's columns.

use arrow::{
    array::{
        Array, AsArray, BinaryArray, Float64Array, Int64Array, LargeBinaryArray, LargeStringArray,
        ListArray, StringArray, StringViewArray,
    },
    datatypes::{Float64Type, Int64Type},
    record_batch::RecordBatch,
};

use super::AssembleError;

/// The batch of a statement, for reading its columns by position.
#[derive(Clone, Copy)]
pub struct Columns<'a> {
    /// The position of the statement, for errors.
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

/// A column of lists of blobs.
pub struct BlobLists<'a> {
    lists: &'a ListArray,
    blobs: Blobs<'a>,
}

enum Blobs<'a> {
    Binary(&'a BinaryArray),
    Large(&'a LargeBinaryArray),
}

impl<'a> Columns<'a> {
    /// A column of 64-bit integers.
    pub fn integers(self, position: usize) -> Result<&'a Int64Array, AssembleError> {
        let column = self.column(position, "BIGINT")?;
        column
            .as_primitive_opt::<Int64Type>()
            .ok_or_else(|| self.wrong(position, "BIGINT"))
    }

    /// A column of floating-point numbers.
    pub fn floats(self, position: usize) -> Result<&'a Float64Array, AssembleError> {
        let column = self.column(position, "DOUBLE")?;
        column
            .as_primitive_opt::<Float64Type>()
            .ok_or_else(|| self.wrong(position, "DOUBLE"))
    }

    /// A column of text.
    pub fn text(self, position: usize) -> Result<TextColumn<'a>, AssembleError> {
        let column = self.column(position, "VARCHAR")?;
        let utf8 = column.as_string_opt::<i32>().map(TextColumn::Utf8);
        utf8.or_else(|| column.as_string_opt::<i64>().map(TextColumn::Large))
            .or_else(|| column.as_string_view_opt().map(TextColumn::View))
            .ok_or_else(|| self.wrong(position, "VARCHAR"))
    }

    /// A column of lists of blobs.
    pub fn blob_lists(self, position: usize) -> Result<BlobLists<'a>, AssembleError> {
        let column = self.column(position, "BLOB[]")?;
        let lists = column.as_list_opt::<i32>();
        let lists = lists.ok_or_else(|| self.wrong(position, "BLOB[]"))?;
        let values = lists.values();
        let binary = values.as_binary_opt::<i32>().map(Blobs::Binary);
        let blobs = binary
            .or_else(|| values.as_binary_opt::<i64>().map(Blobs::Large))
            .ok_or_else(|| self.wrong(position, "BLOB[]"))?;
        Ok(BlobLists { lists, blobs })
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

impl<'a> BlobLists<'a> {
    /// The blobs of a row; none if it is null.
    pub fn get(&self, row: usize) -> impl Iterator<Item = &'a [u8]> {
        let offsets = self.lists.value_offsets();
        let all = offsets[row] as usize..offsets[row + 1] as usize;
        let range = if self.lists.is_valid(row) { all } else { 0..0 };
        range.filter_map(move |i| match &self.blobs {
            Blobs::Binary(blobs) => blobs.is_valid(i).then(|| blobs.value(i)),
            Blobs::Large(blobs) => blobs.is_valid(i).then(|| blobs.value(i)),
        })
    }
}
