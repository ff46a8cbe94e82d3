//! Conditions of [`ExecutionFilter`] on what belongs to an execution: callers, retries, costs; and on its
//! place in the list.

use weir_model::{Scope, Timestamp};

use super::{
    super::costs::{beyond_parts, loose_retries},
    ExecutionFilter,
};
use crate::writer::Writer;

/// The place of a row in the list. Above it are the executions that got a state later, below it those that got
/// theirs earlier. Rows with the very same time and event id count as the same place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The time of the row.
    pub timestamp: Timestamp,
    /// Its event id.
    pub id: String,
}

impl Place {
    /// Keeps the rows whose keys compare like this to its own: `>` are those above it, `<` those below.
    fn write(&self, writer: &mut Writer, operator: &str) {
        writer
            .text(&format!(" AND (\"timestamp\" {operator} "))
            .integer(self.timestamp.0);
        writer
            .text(" OR (\"timestamp\" = ")
            .integer(self.timestamp.0);
        writer
            .text(&format!(" AND \"id\" {operator} "))
            .string(&self.id)
            .text("))");
    }
}

impl ExecutionFilter {
    /// Writes the conditions, each as ` AND ...`.
    pub(super) fn write_relations(&self, writer: &mut Writer, scope: Scope) {
        for (column, wanted) in [("parent", self.called), ("retried", self.is_retry)] {
            if let Some(wanted) = wanted {
                let is = if wanted { "IS NOT NULL" } else { "IS NULL" };
                writer.text(" AND ").name(column).text(" ").text(is);
            }
        }
        if let Some(parents) = &self.parents {
            writer.text(" AND \"parent\"").among(parents);
        }
        if let Some(wanted) = self.retried {
            let is_among = if wanted { "IN" } else { "NOT IN" };
            writer.text(" AND \"execution\" ").text(is_among);
            retried(writer, scope);
        }
        if let Some(least) = self.min_cost {
            writer.text(" AND \"execution\" IN (SELECT \"execution\" FROM \"costs\" WHERE ");
            writer.scope(scope);
            let amount = beyond_parts("amount");
            writer.text(&format!(" GROUP BY 1 HAVING sum({amount}) >= "));
            writer.integer(least.0).text(")");
        }
        if let Some(place) = &self.since {
            place.write(writer, ">");
        }
        if let Some(place) = &self.before {
            place.write(writer, "<");
        }
    }
}

/// ` (SELECT ...)`: the executions that others retry, by the rule of work items (`work_facts`); no nulls.
fn retried(writer: &mut Writer, scope: Scope) {
    writer.text(" (SELECT \"retried\" FROM \"executions\" WHERE ");
    writer.scope(scope);
    writer.text(
        " AND \"retried\" IS NOT NULL AND \"retried\" <> \"execution\" UNION ALL SELECT \"retried\"",
    );
    loose_retries(writer, scope);
    writer.text(")");
}
