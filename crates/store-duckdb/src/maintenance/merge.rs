//! Merging: rows sorted by key become one row per key.

use std::sync::Arc;

use arrow::{
    array::{
        Array, ArrayBuilder, ArrayRef, AsArray, BinaryArray, BinaryBuilder, BooleanArray,
        Int32Array, Int64Array, Int64Builder, RecordBatch, StringArray, StringBuilder,
    },
    datatypes::Int64Type,
    error::ArrowError,
};
use duckdb::Connection;
use weir_model::{Scope, cube::Cube, sketch::SketchBuilder};
use weir_store::StoreError;

use crate::{cube_rows::Sums, error::Context};

/// The number of merged rows, and of the rows merged into them, from which a batch is handed on. One commit
/// writes the batch and meanwhile holds the log's lock, so others wait; 16,384 rows took up to 100 ms.
const BATCH_ROWS: usize = 4_096;
const BATCH_SOURCES: usize = 16_384;

/// Merged rows, and the rows that they replace.
pub(super) struct Merged {
    /// One row per key.
    pub rows: Vec<RecordBatch>,
    /// The ids of the rows that they replace.
    pub from: Vec<i64>,
}

impl Merged {
    /// Combines two batches.
    pub(super) fn and(mut self, other: Self) -> Self {
        self.rows.extend(other.rows);
        self.from.extend(other.from);
        self
    }

    /// The number of merged rows.
    pub(super) fn count(&self) -> usize {
        self.rows.iter().map(RecordBatch::num_rows).sum()
    }
}

/// Runs a statement that returns row ids, buckets, the cube's dimensions, its measures and encoded sketches,
/// sorted by dimensions and bucket. Returns one row per key, in batches.
pub(super) fn merged_batches(
    connection: &Connection,
    sql: &str,
    scope: Scope,
    cube: &'static Cube,
) -> Result<Vec<Merged>, StoreError> {
    let mut merging = Merging::new(cube);
    let mut merged = Vec::new();
    let mut statement = connection.prepare(sql).context("prepare a merge")?;
    for batch in statement.query_arrow([]).context("read rows to merge")? {
        merging.add(&batch)?;
        if merging.is_enough() {
            merged.push(merging.hand_on(scope)?);
        }
    }
    merging.finish_key();
    if !merging.from.is_empty() {
        merged.push(merging.hand_on(scope)?);
    }
    Ok(merged)
}

/// Rows that each hold the sum of all partials of a key.
pub(super) fn batch_of(
    cube: &'static Cube,
    scope: Scope,
    sums: &Sums,
) -> Result<RecordBatch, ArrowError> {
    let mut rows = Finished::new(cube);
    for (at, sum) in sums {
        let sketch = sum.sketch.encode();
        rows.push(at.bucket, &at.key.dimensions, &sum.measures, sketch);
    }
    rows.batch(scope)
}

/// The columns of a batch to merge.
struct Rows<'a> {
    numbers: &'a Int64Array,
    buckets: &'a Int64Array,
    dimensions: Vec<&'a StringArray>,
    measures: Vec<&'a Int64Array>,
    sketches: Option<&'a BinaryArray>,
}

impl<'a> Rows<'a> {
    fn new(cube: &Cube, batch: &'a RecordBatch) -> Self {
        let first_dimension = 2;
        let first_measure = first_dimension + cube.dimensions.len();
        let first_after = first_measure + cube.family.measures().len();
        let number = |column: usize| batch.column(column).as_primitive::<Int64Type>();
        Self {
            numbers: number(0),
            buckets: number(1),
            dimensions: (first_dimension..first_measure)
                .map(|column| batch.column(column).as_string())
                .collect(),
            measures: (first_measure..first_after).map(number).collect(),
            sketches: cube
                .family
                .has_sketch()
                .then(|| batch.column(first_after).as_binary()),
        }
    }

    fn dimension(&self, position: usize, row: usize) -> Option<&'a str> {
        let column = self.dimensions[position];
        column.is_valid(row).then(|| column.value(row))
    }
}

/// The key whose rows are being summed, and the keys before it.
struct Merging {
    cube: &'static Cube,
    /// Whether there is a key yet.
    begun: bool,
    bucket: i64,
    dimensions: Vec<Option<String>>,
    measures: Vec<i64>,
    sketch: SketchBuilder,
    /// The ids of the key's rows.
    numbers: Vec<i64>,
    finished: Finished,
    /// The ids of the rows of finished keys.
    from: Vec<i64>,
}

impl Merging {
    fn new(cube: &'static Cube) -> Self {
        Self {
            cube,
            begun: false,
            bucket: 0,
            dimensions: vec![None; cube.dimensions.len()],
            measures: vec![0; cube.family.measures().len()],
            sketch: SketchBuilder::default(),
            numbers: Vec::new(),
            finished: Finished::new(cube),
            from: Vec::new(),
        }
    }

    fn add(&mut self, batch: &RecordBatch) -> Result<(), StoreError> {
        let rows = Rows::new(self.cube, batch);
        for row in 0..batch.num_rows() {
            if !self.is_at(&rows, row) {
                self.finish_key();
                self.begin_key(&rows, row);
            }
            self.numbers.push(rows.numbers.value(row));
            for (sum, column) in self.measures.iter_mut().zip(&rows.measures) {
                *sum = sum.saturating_add(column.value(row));
            }
            if let Some(sketches) = rows.sketches.filter(|column| column.is_valid(row)) {
                let bytes = sketches.value(row);
                self.sketch.merge_encoded(bytes).context("read a sketch")?;
            }
        }
        Ok(())
    }

    fn is_at(&self, rows: &Rows<'_>, row: usize) -> bool {
        let mut dimensions = self.dimensions.iter().enumerate();
        self.begun
            && self.bucket == rows.buckets.value(row)
            && dimensions.all(|(position, value)| value.as_deref() == rows.dimension(position, row))
    }

    fn begin_key(&mut self, rows: &Rows<'_>, row: usize) {
        self.begun = true;
        self.bucket = rows.buckets.value(row);
        for (position, value) in self.dimensions.iter_mut().enumerate() {
            match (rows.dimension(position, row), &mut *value) {
                // Keeps the allocation: consecutive keys mostly differ only in their last value.
                (Some(text), Some(known)) => {
                    known.clear();
                    known.push_str(text);
                }
                (text, value) => *value = text.map(str::to_owned),
            }
        }
    }

    /// Adds the key's sums to the finished rows, unless they are all zero.
    fn finish_key(&mut self) {
        let says_something =
            self.measures.iter().any(|&measure| measure != 0) || !self.sketch.is_empty();
        if self.begun && says_something {
            let sketch = self.sketch.encode();
            self.finished
                .push(self.bucket, &self.dimensions, &self.measures, sketch);
        }
        self.from.append(&mut self.numbers);
        self.measures.fill(0);
        self.sketch.clear();
    }

    /// Whether there are enough finished keys for one transaction.
    fn is_enough(&self) -> bool {
        self.finished.buckets.len() >= BATCH_ROWS || self.from.len() >= BATCH_SOURCES
    }

    /// The rows of finished keys.
    fn hand_on(&mut self, scope: Scope) -> Result<Merged, StoreError> {
        Ok(Merged {
            rows: vec![self.finished.batch(scope).context("build merged rows")?],
            from: std::mem::take(&mut self.from),
        })
    }
}

/// The columns of merged rows under construction.
struct Finished {
    cube: &'static Cube,
    buckets: Int64Builder,
    dimensions: Vec<StringBuilder>,
    measures: Vec<Int64Builder>,
    sketches: BinaryBuilder,
}

impl Finished {
    fn new(cube: &'static Cube) -> Self {
        let of = |count: usize| 0..count;
        Self {
            cube,
            buckets: Int64Builder::new(),
            dimensions: of(cube.dimensions.len())
                .map(|_| StringBuilder::new())
                .collect(),
            measures: of(cube.family.measures().len())
                .map(|_| Int64Builder::new())
                .collect(),
            sketches: BinaryBuilder::new(),
        }
    }

    fn push(
        &mut self,
        bucket: i64,
        dimensions: &[Option<String>],
        measures: &[i64],
        sketch: Vec<u8>,
    ) {
        self.buckets.append_value(bucket);
        for (column, value) in self.dimensions.iter_mut().zip(dimensions) {
            column.append_option(value.as_deref());
        }
        for (column, &value) in self.measures.iter_mut().zip(measures) {
            column.append_value(value);
        }
        self.sketches
            .append_option(Some(sketch).filter(|bytes| !bytes.is_empty()));
    }

    /// The rows added so far, in the layout of the cube's table.
    fn batch(&mut self, scope: Scope) -> Result<RecordBatch, ArrowError> {
        let rows = self.buckets.len();
        let same = |key: i32| Arc::new(Int32Array::from_value(key, rows)) as ArrayRef;
        let mut columns = vec![
            ("tenant", same(scope.tenant.0)),
            ("project", same(scope.project.0)),
            ("bucket", Arc::new(self.buckets.finish())),
        ];
        for (dimension, column) in self.cube.dimensions.iter().zip(&mut self.dimensions) {
            columns.push((dimension.name(), Arc::new(column.finish())));
        }
        for (measure, column) in self.cube.family.measures().iter().zip(&mut self.measures) {
            columns.push((measure, Arc::new(column.finish())));
        }
        let sketches = self.sketches.finish();
        if self.cube.family.has_sketch() {
            columns.push(("sketch", Arc::new(sketches)));
        }
        columns.push(("merged", Arc::new(BooleanArray::from(vec![true; rows]))));
        RecordBatch::try_from_iter_with_nullable(
            columns
                .into_iter()
                .map(|(name, column)| (name, column, true)),
        )
    }
}

#[cfg(test)]
mod tests {
    use weir_model::cube::CUBES;

    use super::*;

    /// The maximum number of rows in a DuckDB vector.
    const VECTOR: usize = 2_048;

    #[test]
    fn rows_are_handed_on_by_the_thousand_and_each_replaces_its_own_sources_once() {
        let connection = Connection::open_in_memory().unwrap();
        let cube = &CUBES[0];
        let dimensions = cube.dimensions.iter().map(|_| ", 'a'".to_owned());
        let measures = cube.family.measures().iter();
        let measures = measures.map(|_| ", 1::BIGINT".to_owned());
        let sketch = cube.family.has_sketch().then(|| ", NULL::BLOB".to_owned());
        let columns: String = dimensions.chain(measures).chain(sketch).collect();
        // 100,000 keys, every second one with two rows, and one key with as many rows as two batches.
        let sql = format!(
            "SELECT r, k{columns} FROM (
                SELECT range AS r, range * 2 // 3 AS k FROM range(150000)
                UNION ALL SELECT 150000 + range, 1000000 FROM range(130000)) ORDER BY k"
        );
        let merged = merged_batches(&connection, &sql, Scope::new(1, 1), cube).unwrap();
        assert!(merged.len() >= 7, "{}", merged.len());
        let mut replaced: Vec<i64> = Vec::new();
        for one in &merged {
            assert!(one.count() <= BATCH_ROWS + VECTOR);
            replaced.extend(&one.from);
        }
        let rows: usize = merged.iter().map(Merged::count).sum();
        assert_eq!(rows, 100_001);
        replaced.sort_unstable();
        assert!(replaced.iter().copied().eq(0..280_000));
    }
}
