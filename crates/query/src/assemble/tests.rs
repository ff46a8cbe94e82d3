mod figures;
mod rows;

use crate::Query;

/// Counts of executions by workflow.
fn by_workflow() -> Query {
    Query::metrics(["executions"]).by(["workflow"]).last("90d")
}
