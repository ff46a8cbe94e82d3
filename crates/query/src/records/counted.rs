//! The rows by which executions are counted, and which of them a statement takes.

use std::fmt::Debug;

use weir_model::{Scope, TimeRange};

use crate::writer::Writer;

/// Which counted executions a statement takes.
pub trait Conditions: Debug + Sync {
    /// Writes conditions (` AND ...`) for rows of [`counted`] executions.
    fn write(&self, writer: &mut Writer, scope: Scope);
}

/// ` FROM "counted_executions"(?, ?, ?, ?) WHERE true`: the events of a range by which executions are
/// counted, with the columns of the table; the status of executions open for too long is `stale`.
pub(in crate::records) fn counted(writer: &mut Writer, scope: Scope, range: TimeRange) {
    writer.text(" FROM ").name("counted_executions").text("(");
    writer.integer(i64::from(scope.tenant.0)).text(", ");
    writer.integer(i64::from(scope.project.0)).text(", ");
    writer.integer(range.from.0).text(", ");
    writer.integer(range.to.0).text(") WHERE true");
}
