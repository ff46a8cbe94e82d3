//! The fields in which two executions differ.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::Side;

/// The most keys of metadata that are compared.
const MOST_KEYS: usize = 100;
/// Fields of a row that differ between any two executions, or are compared elsewhere.
const LEFT_OUT: [&str; 5] = [
    "id",
    "executionId",
    "timestamp",
    "startedAt",
    "workflowName",
];

/// A field in which two executions differ.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct FieldDifference {
    /// The name of a field of the row, `source`, or `metadata.` with a key.
    pub field: String,
    /// The value of the first execution.
    pub a: Value,
    /// The value of the second execution.
    pub b: Value,
}

/// The differences: fields of the row in its order, then metadata by key.
pub(super) fn differing(a: &Side, b: &Side) -> Vec<FieldDifference> {
    let (one, other) = (fields(a), fields(b));
    let rows = one.into_iter().zip(other);
    let rows = rows.map(|((field, a), (_, b))| FieldDifference { field, a, b });
    let keys: BTreeSet<&String> = a.metadata.keys().chain(b.metadata.keys()).collect();
    let metadata = keys.into_iter().take(MOST_KEYS).map(|key| {
        let of = |side: &Side| side.metadata.get(key).cloned().unwrap_or(Value::Null);
        FieldDifference {
            field: format!("metadata.{key}"),
            a: of(a),
            b: of(b),
        }
    });
    rows.chain(metadata).filter(|of| of.a != of.b).collect()
}

/// The fields of a row by name, and its source. Both executions have the same fields in the same order.
fn fields(side: &Side) -> Vec<(String, Value)> {
    let row = serde_json::to_value(&side.row).unwrap_or_default();
    let Value::Object(row) = row else {
        return Vec::new();
    };
    let source = ("source".to_owned(), Value::from(side.source.clone()));
    row.into_iter()
        .filter(|(name, _)| !LEFT_OUT.contains(&name.as_str()))
        .chain([source])
        .collect()
}
