//! The runs of executions, and the time of their parts: steps, costs and what else is reported of a run.
//!
//! Runs are those of `weir_store::fold::runs`, as in the details of an execution. Each has what happened from its
//! start to the start of the next run; the first also has what happened earlier, the last also what happened later.

use weir_model::Scope;

use crate::writer::Writer;

/// Whether an event is the end by which a run is counted.
const END: &str = "\"status\" NOT IN ('started', 'waiting') AND \"superseded\" IS NOT TRUE";

/// The order of an execution's events (`weir_store::fold::order`).
const OLDEST_FIRST: &str = "\"timestamp\", \"id\", left_out_environment(\"own\") DESC";

/// The condition that a row of `taken` has the part of its execution that happened at `timestamp`.
pub(super) const OWN_PARTS: &str = " AND (\"since\" IS NULL OR \"timestamp\" >= \"since\") AND (\"until\" IS NULL OR \"timestamp\" < \"until\")";

/// Writes `taken`, after `chosen (execution, ended, event, ...)`, which holds runs by the time and the id of the event
/// that counts each: its rows with the time of their parts, from `since` up to, but not including, `until`. Both are
/// null where an execution has only one run.
///
/// All events of the executions are read, so the runs do not depend on which of them were chosen. `skew` says how far
/// the clocks of one execution's producers may differ, in milliseconds.
pub(super) fn taken(writer: &mut Writer, scope: Scope, skew: i64) {
    repeated(writer, scope);
    marks(writer, scope);
    turns(writer, skew);
    writer.text(
        ",\nfollowing AS (SELECT *, lag(\"latest\") OVER w AS \"previous\" FROM turns WINDOW w AS (PARTITION BY \"execution\" ORDER BY \"turn\")),\n\
         spans AS (SELECT \"execution\", \"ended\", \"event\", \"since\", lead(\"since\") OVER (PARTITION BY \"execution\" ORDER BY \"turn\") AS \"until\" \
         FROM (SELECT *, CASE WHEN \"previous\" IS NOT NULL THEN greatest(\"began\", \"previous\" + 1) END AS \"since\" FROM following) AS begun),\n\
         taken AS (SELECT chosen.*, spans.\"since\", spans.\"until\" FROM chosen LEFT JOIN spans \
         ON spans.\"execution\" = chosen.\"execution\" AND spans.\"ended\" = chosen.\"ended\" AND spans.\"event\" = chosen.\"event\")",
    );
}

/// The executions that may have several runs: several ends, or something after an end.
fn repeated(writer: &mut Writer, scope: Scope) {
    writer.text(",\nrepeated AS (SELECT \"execution\" FROM \"executions\" WHERE ");
    writer.scope(scope);
    writer.text(&format!(
        " AND \"execution\" IN (SELECT \"execution\" FROM chosen) GROUP BY \"execution\" \
         HAVING count(CASE WHEN {END} THEN 1 END) > 1 OR max(\"timestamp\") > min(CASE WHEN {END} THEN \"timestamp\" END))"
    ));
}

/// Their events, with the ends before each: how many, and when the last of them was.
fn marks(writer: &mut Writer, scope: Scope) {
    writer.text(&format!(
        ",\nmarks AS (SELECT \"execution\", \"timestamp\", \"id\", \"duration\", CASE WHEN {END} THEN 1 ELSE 0 END AS \"ends\", \
         count(CASE WHEN {END} THEN 1 END) OVER (PARTITION BY \"execution\") AS \"all_ends\", \
         count(CASE WHEN {END} THEN 1 END) OVER earlier AS \"ends_before\", \
         max(CASE WHEN {END} THEN \"timestamp\" END) OVER earlier AS \"end_before\" FROM \"executions\" WHERE "
    ));
    writer.scope(scope);
    writer.text(&format!(
        " AND \"execution\" IN (SELECT \"execution\" FROM repeated) WINDOW earlier AS (PARTITION BY \"execution\" ORDER BY {OLDEST_FIRST} \
         ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))"
    ));
}

/// The runs: an end is the last event of its run, apart from starts within the skew after it that no other end
/// follows. The event that counts a run is its end, or its newest event while it is open.
fn turns(writer: &mut Writer, skew: i64) {
    let newest = writer.dialect().newest("\"id\"", "\"timestamp\"");
    writer.text(&format!(
        ",\nturns AS (SELECT \"execution\", \"turn\", min(\"timestamp\" - coalesce(\"duration\", 0)) AS \"began\", max(\"timestamp\") AS \"latest\", \
         coalesce(max(CASE WHEN \"ends\" = 1 THEN \"timestamp\" END), max(\"timestamp\")) AS \"ended\", \
         coalesce(max(CASE WHEN \"ends\" = 1 THEN \"id\" END), {newest}) AS \"event\" \
         FROM (SELECT *, CASE WHEN \"ends_before\" = \"all_ends\" AND \"timestamp\" <= \"end_before\" + {skew} THEN \"ends_before\" - 1 \
         ELSE \"ends_before\" END AS \"turn\" FROM marks) AS joined GROUP BY \"execution\", \"turn\")"
    ));
}
