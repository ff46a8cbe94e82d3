//! Executions as records: the list behind the figures, with one row for every execution that the
//! metric `executions` counts, and the events of single executions.

mod conditions;
mod filter;
mod histogram;
mod links;
mod neighbours;
mod page;
mod record;

use weir_model::{ExecutionHash, Scope, TimeRange};

use super::counted::counted;
use crate::{dialect::Dialect, statement::Statement, writer::Writer};
use record::{NEWEST_FIRST, STATE, columns};

pub use conditions::Place;
pub use filter::ExecutionFilter;
pub use histogram::{ExecutionHistogram, StateCount};
pub use links::{Links, LinksWanted, links, shared_names};
pub use neighbours::{Neighbour, Neighbours, begun};
pub use page::{ExecutionPage, Order, Reached};
#[cfg(test)]
pub(super) use record::TEXTS;
pub use record::{ExecutionRecord, STALE, read_executions};

/// Every event of one execution, oldest first.
pub fn events_of(
    scope: Scope,
    dialect: Dialect,
    execution: ExecutionHash,
    range: TimeRange,
) -> Statement {
    let mut writer = Writer::new(dialect);
    columns(writer.text("SELECT "), "status");
    writer.text(" FROM \"executions\" WHERE ");
    writer.scope(scope).during(range);
    writer.text(" AND \"execution\" = ").hash(execution);
    writer.text(" ORDER BY \"timestamp\", \"id\", left_out_environment(\"own\") DESC LIMIT 1000");
    writer.finish()
}

/// The newest event of every execution with this name, at most `limit` of them,
/// newest first. `environment` and `workflow` narrow the search.
pub fn named(scope: Scope, dialect: Dialect, name: &ExecutionName<'_>, limit: usize) -> Statement {
    let mut writer = Writer::new(dialect);
    columns(writer.text("SELECT "), "status");
    writer.text(" FROM \"executions\" WHERE ").scope(scope);
    let hash = ExecutionHash::of_name(scope.project, name.execution_id);
    writer.text(" AND \"execution\" >= ").hash(hash);
    writer
        .text(" AND \"execution\" <= ")
        .hash(ExecutionHash(hash.0 | 0xffff_ffff));
    writer.equals("execution_id", Some(name.execution_id));
    writer.equals("workflow", name.workflow);
    writer.equals("environment", name.environment);
    newest_each(&mut writer, limit);
    writer.finish()
}

/// The events of a range that count these executions.
pub fn counts_of(
    scope: Scope,
    dialect: Dialect,
    range: TimeRange,
    executions: &[ExecutionHash],
) -> Statement {
    let mut writer = Writer::new(dialect);
    columns(writer.text("SELECT "), STATE);
    counted(&mut writer, scope, range);
    writer.text(" AND \"execution\" IN (");
    for (i, &execution) in executions.iter().enumerate() {
        writer.text(if i > 0 { ", " } else { "" }).hash(execution);
    }
    writer.text(if executions.is_empty() { "NULL)" } else { ")" });
    writer.finish()
}

/// A producer's name for an execution.
#[derive(Clone, Copy, Debug)]
pub struct ExecutionName<'a> {
    /// The `executionId`.
    pub execution_id: &'a str,
    /// Of this workflow.
    pub workflow: Option<&'a str>,
    /// In this environment.
    pub environment: Option<&'a str>,
}

/// Events of executions with the same name as one that no longer exists: the newest event of each identity
/// given by the events themselves.
pub fn like(scope: Scope, dialect: Dialect, hash: ExecutionHash, limit: usize) -> Statement {
    let name = hash.name();
    let mut writer = Writer::new(dialect);
    columns(writer.text("SELECT "), "status");
    writer.text(" FROM \"executions\" WHERE ").scope(scope);
    writer.text(" AND \"execution\" >= ").hash(name);
    writer
        .text(" AND \"execution\" <= ")
        .hash(ExecutionHash(name.0 | 0xffff_ffff));
    writer.text(" AND \"own\" IS NOT NULL ORDER BY \"timestamp\" DESC LIMIT ");
    writer.integer(i64::try_from(limit).unwrap_or(i64::MAX));
    writer.finish()
}

fn newest_each(writer: &mut Writer, limit: usize) {
    writer.text(" QUALIFY row_number() OVER (PARTITION BY \"execution\" ORDER BY ");
    writer.text(NEWEST_FIRST).text(") = 1 ORDER BY ");
    writer.text(NEWEST_FIRST).text(" LIMIT ");
    writer.integer(i64::try_from(limit).unwrap_or(i64::MAX));
}

/// Every event of these executions, at most `limit`; those of each oldest first.
pub fn events_among(
    scope: Scope,
    dialect: Dialect,
    executions: &[ExecutionHash],
    limit: usize,
) -> Statement {
    let mut writer = Writer::new(dialect);
    columns(writer.text("SELECT "), "status");
    writer.text(" FROM \"executions\" WHERE ").scope(scope);
    writer.text(" AND \"execution\"").among(executions);
    writer.text(
        " ORDER BY \"execution\", \"timestamp\", \"id\", left_out_environment(\"own\") DESC LIMIT ",
    );
    writer.integer(i64::try_from(limit).unwrap_or(i64::MAX));
    writer.finish()
}

#[cfg(test)]
mod tests;
