//! What no cube holds of errors: their texts and exact times. This is the one read of raw rows beside
//! the query pipeline.

use std::collections::HashMap;

use arrow::{
    array::{Array, AsArray},
    datatypes::Int64Type,
    record_batch::RecordBatch,
};
use weir_model::{Scope, TimeRange, Timestamp};
use weir_query::{Parameter, Statement};

use super::Frame;
use crate::app::{App, AppError};

/// What is known of an error type from its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sample {
    pub first_seen: Timestamp,
    pub last_seen: Timestamp,
    pub message: Option<String>,
    pub execution_id: Option<String>,
}

impl App {
    /// The newest message of every error type in the range, with the times of the first and last.
    pub(super) async fn samples(
        &self,
        scope: Scope,
        frame: &Frame,
        range: TimeRange,
    ) -> Result<HashMap<Option<String>, Sample>, AppError> {
        let batches = self.store.read(statement(scope, frame, range)).await?;
        let mut samples = HashMap::new();
        for batch in &batches {
            collect(batch, &mut samples)
                .ok_or_else(|| AppError::internal("unexpected columns of error samples"))?;
        }
        Ok(samples)
    }
}

fn statement(scope: Scope, frame: &Frame, range: TimeRange) -> Statement {
    let mut sql = String::from(
        "SELECT \"error_type\", min(\"timestamp\"), max(\"timestamp\"), \
         arg_max(\"error_message\", \"timestamp\"), arg_max(\"execution_id\", \"timestamp\") \
         FROM \"executions\" WHERE \"tenant\" = ? AND \"project\" = ? \
         AND \"timestamp\" >= ? AND \"timestamp\" < ? AND \"status\" IN ('failed', 'crashed')",
    );
    let mut parameters = vec![
        Parameter::Integer(i64::from(scope.tenant.0)),
        Parameter::Integer(i64::from(scope.project.0)),
        Parameter::Integer(range.from.0),
        Parameter::Integer(range.to.0),
    ];
    for (column, value) in [
        ("environment", &frame.environment),
        ("workflow", &frame.workflow),
    ] {
        if let Some(value) = value {
            sql += &format!(" AND \"{column}\" = ?");
            parameters.push(Parameter::Text(value.clone()));
        }
    }
    sql += " GROUP BY \"error_type\"";
    Statement { sql, parameters }
}

fn collect(batch: &RecordBatch, samples: &mut HashMap<Option<String>, Sample>) -> Option<()> {
    let texts = |column: usize| batch.column(column).as_string_opt::<i32>();
    let (types, messages, executions) = (texts(0)?, texts(3)?, texts(4)?);
    let first = batch.column(1).as_primitive_opt::<Int64Type>()?;
    let last = batch.column(2).as_primitive_opt::<Int64Type>()?;
    let text = |array: &arrow::array::StringArray, row: usize| {
        array.is_valid(row).then(|| array.value(row).to_owned())
    };
    for row in 0..batch.num_rows() {
        let sample = Sample {
            first_seen: Timestamp(first.value(row)),
            last_seen: Timestamp(last.value(row)),
            message: text(messages, row),
            execution_id: text(executions, row),
        };
        samples.insert(text(types, row), sample);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_bound_and_never_written_into_the_text() {
        let frame = Frame {
            workflow: Some("x' OR 1=1 --".to_owned()),
            ..Frame::default()
        };
        let statement = statement(Scope::new(3, 4), &frame, TimeRange::new(5, 6));
        assert!(!statement.sql.contains("1=1"));
        assert_eq!(
            statement.sql.matches('?').count(),
            statement.parameters.len()
        );
        assert_eq!(
            statement.parameters[..2],
            [Parameter::Integer(3), Parameter::Integer(4)]
        );
    }
}
