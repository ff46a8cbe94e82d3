//! Reading the rows of answers.

use std::collections::BTreeMap;

use serde_json::Value;

/// The rows of an answer by their value of a dimension; null becomes the empty string.
pub fn rows<'a>(answer: &'a Value, dimension: &str) -> BTreeMap<String, &'a Value> {
    let rows = answer["rows"].as_array().expect("an answer has rows");
    rows.iter()
        .map(|row| (row[dimension].as_str().unwrap_or_default().to_owned(), row))
        .collect()
}

/// A count for every value of a dimension.
pub fn counts(answer: &Value, dimension: &str, metric: &str) -> BTreeMap<String, u64> {
    let count = |row: &Value| row[metric].as_u64().expect("a count is a whole number");
    rows(answer, dimension)
        .into_iter()
        .map(|(value, row)| (value, count(row)))
        .collect()
}
