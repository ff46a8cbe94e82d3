//! The figures of all cubes, read with plain sums.

use std::collections::BTreeMap;

use arrow::{
    array::{Array, AsArray, RecordBatch},
    datatypes::Int64Type,
};
use weir_model::{
    Granularity, Scope, Sketch,
    cube::{CUBES, Cube},
};
use weir_query::{Parameter, Statement};

use crate::EventStore;

/// Table, bucket and dimensions -> measures and sketch. Rows whose sums are zero are left out.
pub type Figures = BTreeMap<String, (Vec<i64>, Sketch)>;

/// The sums in all cubes of a project.
pub async fn figures(store: &dyn EventStore, scope: Scope) -> Figures {
    let mut figures = Figures::new();
    for cube in CUBES {
        for granularity in Granularity::ALL {
            let table = cube.table(granularity);
            let batches = store.read(statement(cube, &table, scope)).await;
            for batch in batches.expect("a cube can be read") {
                add(&mut figures, cube, &table, &batch);
            }
        }
    }
    figures.retain(|_, (measures, sketch)| measures.iter().any(|&m| m != 0) || !sketch.is_empty());
    figures
}

fn statement(cube: &Cube, table: &str, scope: Scope) -> Statement {
    let dimensions = cube.dimensions.iter().map(|d| format!("\"{}\"", d.name()));
    let measures = cube.family.measures().iter().map(|m| format!("\"{m}\""));
    let sketch = cube.family.has_sketch().then(|| "sketch".to_owned());
    let columns: Vec<String> = dimensions.chain(measures).chain(sketch).collect();
    Statement {
        sql: format!(
            "SELECT bucket, {} FROM {table} WHERE tenant = ? AND project = ?",
            columns.join(", ")
        ),
        parameters: vec![
            Parameter::Integer(scope.tenant.0.into()),
            Parameter::Integer(scope.project.0.into()),
        ],
    }
}

fn add(figures: &mut Figures, cube: &Cube, table: &str, batch: &RecordBatch) {
    let dimensions = cube.dimensions.len();
    let measures = cube.family.measures().len();
    let number =
        |column: usize, row: usize| batch.column(column).as_primitive::<Int64Type>().value(row);
    for row in 0..batch.num_rows() {
        let mut key = format!("{table} {}", number(0, row));
        for (position, dimension) in cube.dimensions.iter().enumerate() {
            let values = batch.column(1 + position).as_string::<i32>();
            let value = if values.is_valid(row) {
                values.value(row)
            } else {
                "null"
            };
            key += &format!(" {}={value}", dimension.name());
        }
        let (sums, sketch) = figures.entry(key).or_default();
        sums.resize(measures, 0);
        for (position, sum) in sums.iter_mut().enumerate() {
            *sum += number(1 + dimensions + position, row);
        }
        if cube.family.has_sketch() {
            let encoded = batch.column(1 + dimensions + measures).as_binary::<i32>();
            if encoded.is_valid(row) {
                let read = sketch.merge_encoded(encoded.value(row));
                read.expect("a stored sketch can be read");
            }
        }
    }
}
