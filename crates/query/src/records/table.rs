//! The rows that a statement of records returned.

use arrow::{
    array::{
        Array, AsArray, BooleanArray, Float64Array, Int64Array, LargeStringArray, ListArray,
        StringArray, StringViewArray, UInt64Array,
    },
    datatypes::{Float64Type, Int64Type, UInt64Type},
    record_batch::RecordBatch,
};

/// A store returned something other than the statement asks for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("column {column} of the records is not {expected}")]
pub struct RecordError {
    /// The position of the column.
    pub column: usize,
    /// What it should be.
    pub expected: &'static str,
}

/// A batch of records, read by position.
#[derive(Clone, Copy, Debug)]
pub struct Table<'a>(pub &'a RecordBatch);

/// A column of a type; [`Cell::at`] reads a row of it.
pub trait Cell<'a>: Sized {
    /// What a row holds.
    type Value;
    /// The type's word for errors.
    const NAME: &'static str;
    /// The column, if it has this type.
    fn column(array: &'a dyn Array) -> Option<Self>;
    /// A row's value; `None` for null.
    fn at(&self, row: usize) -> Option<Self::Value>;
}

impl<'a> Table<'a> {
    /// The number of rows.
    pub fn rows(self) -> usize {
        self.0.num_rows()
    }

    /// A column of 64-bit integers. Fails if there is no such column or it has another type.
    pub fn integers(self, position: usize) -> Result<&'a Int64Array, RecordError> {
        self.column(position)
    }

    /// A column of floating-point numbers. Fails if there is no such column or it has another type.
    pub fn floats(self, position: usize) -> Result<&'a Float64Array, RecordError> {
        self.column(position)
    }

    /// A column of hashes. Fails if there is no such column or it has another type.
    pub fn hashes(self, position: usize) -> Result<&'a UInt64Array, RecordError> {
        self.column(position)
    }

    /// A column of booleans. Fails if there is no such column or it has another type.
    pub fn booleans(self, position: usize) -> Result<&'a BooleanArray, RecordError> {
        self.column(position)
    }

    /// A column of text. Fails if there is no such column or it has another type.
    pub fn texts(self, position: usize) -> Result<Texts<'a>, RecordError> {
        self.column(position)
    }

    /// A column of lists of 64-bit integers. Fails if there is no such column or it has another type.
    pub fn integer_lists(self, position: usize) -> Result<IntegerLists<'a>, RecordError> {
        self.column(position)
    }

    fn column<C: Cell<'a>>(self, position: usize) -> Result<C, RecordError> {
        let wrong = RecordError {
            column: position,
            expected: C::NAME,
        };
        let array = self.0.columns().get(position).ok_or(wrong.clone())?;
        C::column(array.as_ref()).ok_or(wrong)
    }
}

/// A column of text, however the store lays it out.
#[derive(Clone, Copy, Debug)]
pub enum Texts<'a> {
    /// With 32-bit offsets.
    Utf8(&'a StringArray),
    /// With 64-bit offsets.
    Large(&'a LargeStringArray),
    /// With views.
    View(&'a StringViewArray),
}

impl<'a> Cell<'a> for Texts<'a> {
    type Value = String;
    const NAME: &'static str = "VARCHAR";

    fn column(array: &'a dyn Array) -> Option<Self> {
        let utf8 = array.as_string_opt::<i32>().map(Self::Utf8);
        let large = || array.as_string_opt::<i64>().map(Self::Large);
        let view = || array.as_string_view_opt().map(Self::View);
        utf8.or_else(large).or_else(view)
    }

    fn at(&self, row: usize) -> Option<String> {
        let text = match self {
            Self::Utf8(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Large(array) => array.is_valid(row).then(|| array.value(row)),
            Self::View(array) => array.is_valid(row).then(|| array.value(row)),
        };
        text.map(str::to_owned)
    }
}

/// A column of lists of integers; nulls in a list are left out.
#[derive(Clone, Copy, Debug)]
pub struct IntegerLists<'a>(&'a ListArray);

impl<'a> Cell<'a> for IntegerLists<'a> {
    type Value = Vec<i64>;
    const NAME: &'static str = "BIGINT[]";

    fn column(array: &'a dyn Array) -> Option<Self> {
        let lists = array.as_list_opt::<i32>()?;
        let integers = lists.values().as_primitive_opt::<Int64Type>();
        integers.map(|_| Self(lists))
    }

    fn at(&self, row: usize) -> Option<Vec<i64>> {
        let list = self.0.is_valid(row).then(|| self.0.value(row))?;
        let integers = list.as_primitive_opt::<Int64Type>()?;
        Some(integers.iter().flatten().collect())
    }
}

macro_rules! cells {
    ($($array:ty, $value:ty, $name:literal, $column:expr;)*) => {$(
        impl<'a> Cell<'a> for &'a $array {
            type Value = $value;
            const NAME: &'static str = $name;

            fn column(array: &'a dyn Array) -> Option<Self> {
                let column: fn(&'a dyn Array) -> Option<Self> = $column;
                column(array)
            }

            fn at(&self, row: usize) -> Option<$value> {
                self.is_valid(row).then(|| self.value(row))
            }
        }
    )*};
}

cells! {
    Int64Array, i64, "BIGINT", |array| array.as_primitive_opt::<Int64Type>();
    UInt64Array, u64, "UBIGINT", |array| array.as_primitive_opt::<UInt64Type>();
    Float64Array, f64, "DOUBLE", |array| array.as_primitive_opt::<Float64Type>();
    BooleanArray, bool, "BOOLEAN", |array| array.as_boolean_opt();
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::ArrayRef;

    use super::*;

    #[test]
    fn columns_are_read_by_position_and_a_wrong_type_is_an_error() {
        let numbers: ArrayRef = Arc::new(Int64Array::from(vec![Some(7), None]));
        let words: ArrayRef = Arc::new(StringArray::from(vec![None, Some("x")]));
        let batch = RecordBatch::try_from_iter([("n", numbers), ("w", words)]).unwrap();
        let table = Table(&batch);
        let (numbers, words) = (table.integers(0).unwrap(), table.texts(1).unwrap());
        assert_eq!((numbers.at(0), numbers.at(1)), (Some(7), None));
        assert_eq!((words.at(0), words.at(1)), (None, Some("x".to_owned())));
        let wrong = table.booleans(1).unwrap_err();
        assert_eq!((wrong.column, wrong.expected), (1, "BOOLEAN"));
        assert!(table.integers(2).is_err());
    }
}
