//! Cube rows in DuckDB: written from partials, read back as sums.

use std::collections::BTreeMap;

use arrow::{
    array::{Array, AsArray, RecordBatch},
    datatypes::{Int64Type, UInt64Type},
    error::ArrowError,
};
use duckdb::Connection;
use weir_model::{Scope, Sketch, cube::Cube};
use weir_store::{
    StoreError,
    partials::{Key, Partial},
};

use crate::{arrays::Columns, error::Context};

/// Rows for a cube's table.
pub(crate) fn record_batch(
    cube: &Cube,
    rows: &[(&Key, i64, &Partial)],
) -> Result<RecordBatch, ArrowError> {
    let mut columns = start(cube, rows.iter().map(|(key, bucket, _)| (*key, *bucket)));
    for (position, measure) in cube.family.measures().iter().enumerate() {
        columns.number(
            measure,
            rows.iter().map(|(_, _, row)| Some(row.measures[position])),
        );
    }
    if cube.family.has_sketch() {
        let encoded = |row: &Partial| Some(row.sketch.encode()).filter(|bytes| !bytes.is_empty());
        columns.bytes("sketch", rows.iter().map(|(_, _, row)| encoded(row)));
    }
    columns.boolean("merged", rows.iter().map(|_| Some(false)));
    columns.finish()
}

fn start<'a>(cube: &Cube, keys: impl Iterator<Item = (&'a Key, i64)> + Clone) -> Columns {
    let mut columns = Columns::default();
    columns.key("tenant", keys.clone().map(|(key, _)| key.scope.tenant.0));
    columns.key("project", keys.clone().map(|(key, _)| key.scope.project.0));
    columns.number("bucket", keys.clone().map(|(_, bucket)| Some(bucket)));
    for (position, dimension) in cube.dimensions.iter().enumerate() {
        let values = keys
            .clone()
            .map(|(key, _)| key.dimensions[position].as_deref());
        columns.text(dimension.name(), values);
    }
    columns
}

/// The key and bucket of a sum; ordered so that the rows of one key are adjacent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct At {
    pub key: Key,
    pub bucket: i64,
}

/// The sums of a key in a bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sum {
    pub measures: Vec<i64>,
    pub sketch: Sketch,
}

impl Sum {
    pub(crate) fn is_zero(&self) -> bool {
        self.measures.iter().all(|&measure| measure == 0) && self.sketch.is_empty()
    }
}

/// Sums by key and bucket; none is zero.
pub(crate) type Sums = BTreeMap<At, Sum>;

/// How a statement returns sketches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SketchColumn {
    None,
    /// One encoded sketch per row.
    Encoded,
    /// A map from sketch bucket to count.
    Histogram,
}

/// Runs a statement whose columns are bucket, the cube's dimensions, its measures and a sketch, and
/// sums its rows by key and bucket.
pub(crate) fn sums(
    connection: &Connection,
    sql: &str,
    scope: Scope,
    cube: &Cube,
    sketch: SketchColumn,
) -> Result<Sums, StoreError> {
    let mut sums = Sums::new();
    let mut statement = connection.prepare(sql).context("prepare a cube read")?;
    for batch in statement.query_arrow([]).context("read cube rows")? {
        add_batch(&mut sums, &batch, scope, cube, sketch)?;
    }
    sums.retain(|_, sum| !sum.is_zero());
    Ok(sums)
}

/// How a cube's table holds sketches.
pub(crate) fn encoded_sketch(cube: &Cube) -> SketchColumn {
    if cube.family.has_sketch() {
        SketchColumn::Encoded
    } else {
        SketchColumn::None
    }
}

fn add_batch(
    sums: &mut Sums,
    batch: &RecordBatch,
    scope: Scope,
    cube: &Cube,
    sketch: SketchColumn,
) -> Result<(), StoreError> {
    let dimensions = cube.dimensions.len();
    let measures = cube.family.measures().len();
    let buckets = batch.column(0).as_primitive::<Int64Type>();
    for row in 0..batch.num_rows() {
        let text = |column: usize| {
            let values = batch.column(column).as_string::<i32>();
            (!values.is_null(row)).then(|| values.value(row).to_owned())
        };
        let number = |column: usize| batch.column(column).as_primitive::<Int64Type>().value(row);
        let key = Key {
            scope,
            dimensions: (1..=dimensions).map(text).collect(),
        };
        let bucket = buckets.value(row);
        let sum = sums.entry(At { key, bucket }).or_default();
        sum.measures.resize(measures, 0);
        for (position, total) in sum.measures.iter_mut().enumerate() {
            *total += number(1 + dimensions + position);
        }
        add_sketch(sum, batch, 1 + dimensions + measures, row, sketch)?;
    }
    Ok(())
}

fn add_sketch(
    sum: &mut Sum,
    batch: &RecordBatch,
    column: usize,
    row: usize,
    kind: SketchColumn,
) -> Result<(), StoreError> {
    if kind == SketchColumn::None || batch.column(column).is_null(row) {
        return Ok(());
    }
    match kind {
        SketchColumn::None => {}
        SketchColumn::Encoded => {
            let bytes = batch.column(column).as_binary::<i32>().value(row);
            sum.sketch.merge_encoded(bytes).context("read a sketch")?;
        }
        SketchColumn::Histogram => {
            let entries = batch.column(column).as_map().value(row);
            let buckets = entries.column(0).as_primitive::<Int64Type>();
            let counts = entries.column(1).as_primitive::<UInt64Type>();
            for (bucket, count) in buckets.values().iter().zip(counts.values()) {
                sum.sketch.add_bucket(*bucket as u32, *count as i64);
            }
        }
    }
    Ok(())
}
