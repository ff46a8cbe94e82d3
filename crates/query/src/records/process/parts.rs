//! The parts of statements about sequences of steps, as common table expressions.

use super::{Outcome, Part, Taken};
use crate::{
    records::{
        NO_COPIES,
        counted::counted,
        runs::{self, OWN_PARTS},
    },
    writer::Writer,
};

/// Writes `taken` and `ran`: the runs of executions, numbered, and the runs of their steps, also of steps that
/// contain others.
pub(super) fn ran(writer: &mut Writer, taken: &Taken<'_>, part: Part) {
    chosen(writer, taken, part);
    runs::taken(writer, taken.scope, taken.skew);
    steps(writer, taken);
}

/// Writes everything up to `ordered (run, n, position, b, e, failed, duration, waited, attempts)`: the visits of
/// each run in order, `n` being the number of the step in `known (n, step, step_type)`.
pub(super) fn sequence(writer: &mut Writer, taken: &Taken<'_>, part: Part) {
    ran(writer, taken, part);
    visits(writer);
    writer.text(
        ",\nordered AS MATERIALIZED (SELECT \"run\", \"n\", \"b\", \"e\", \"failed\", \"duration\", \"waited\", \"attempts\", \
         row_number() OVER w AS \"position\", lag(\"n\") OVER w AS \"before\", lag(\"e\") OVER w AS \"before_e\", \
         lead(\"n\") OVER w AS \"after\" FROM visits WINDOW w AS (PARTITION BY \"run\" ORDER BY \"b\", \"e\", \"place\"))",
    );
}

/// The counted executions, with a number each: columns that steps also have get other names. Computed once, so
/// that every part knows an execution by the same number, which is small because windows sort by it.
fn chosen(writer: &mut Writer, taken: &Taken<'_>, part: Part) {
    let outcome = Outcome::of_status();
    writer.text(&format!(
        "chosen AS MATERIALIZED (SELECT CAST(row_number() OVER () AS INTEGER) AS \"run\", \"execution\", \"timestamp\" AS \"ended\", \"id\" AS \"event\", \
         {outcome} AS \"outcome\", \"timestamp\" - \"duration\" AS \"began\", \"duration\" AS \"took\", \"version\" AS \"release\", \"status\" AS \"said\""
    ));
    counted(writer, taken.scope, taken.range);
    taken.filter.write(writer, taken.scope);
    if part == Part::Ended {
        writer.text(" AND \"state\" NOT IN ('started', 'waiting')");
    }
    writer.text(")");
}

/// When a step began: as reported, or its duration before its end.
const BEGAN: &str =
    "coalesce(\"start_time\", coalesce(\"end_time\", \"timestamp\") - coalesce(\"duration\", 0))";
/// When it ended, as far as that is reported.
const ENDED: &str = "coalesce(\"end_time\", \"start_time\" + \"duration\", \"timestamp\")";

fn steps(writer: &mut Writer, taken: &Taken<'_>) {
    let place = writer.dialect().row_place();
    writer.text(&format!(
        ",\nran AS (SELECT taken.\"run\", \"step\", \"step_type\", {BEGAN} AS \"b\", greatest({ENDED}, {BEGAN}) AS \"e\", \
         coalesce(\"attempt\", 1) AS \"attempt\", \"status\" = 'failed' AS \"failed\", \"duration\", \
         coalesce(\"wait_duration\", 0) AS \"waited\", \"parent_step\" AS \"parent\", s.{place} AS \"place\" \
         FROM \"steps\" AS s JOIN taken ON taken.\"execution\" = s.\"execution\" WHERE "
    ));
    writer.scope(taken.scope);
    writer.text(" AND \"timestamp\" >= ").integer(taken.since.0);
    writer.text(NO_COPIES).text(" AND \"status\" <> 'skipped'");
    writer.text(OWN_PARTS).text(")");
}

/// One row per visit of a step that contains no other in its run: a step with others inside begins before them
/// and ends after them, so it would follow and be followed by what it consists of. Only steps with a second
/// attempt in a run need the windows, which are few. Outer joins pass every row at once where nothing matches, as in
/// most workflows; `NOT EXISTS` would hash them all first.
fn visits(writer: &mut Writer) {
    let place = "\"b\", \"e\", \"place\"";
    let window = format!("(PARTITION BY \"run\", \"n\" ORDER BY {place})");
    writer.text(&format!(
        ",\ncontainers AS (SELECT DISTINCT \"run\", \"parent\" AS \"step\" FROM ran WHERE \"parent\" IS NOT NULL),\n\
         leaves AS NOT MATERIALIZED (SELECT ran.* FROM ran LEFT JOIN containers ON containers.\"run\" = ran.\"run\" AND containers.\"step\" = ran.\"step\" \
         WHERE containers.\"run\" IS NULL),\n\
         known AS (SELECT \"step\", max(\"step_type\") AS \"step_type\", CAST(row_number() OVER (ORDER BY \"step\") AS INTEGER) AS \"n\" FROM leaves GROUP BY \"step\"),\n\
         numbered AS (SELECT \"run\", \"n\", \"b\", \"e\", \"attempt\", \"failed\", \"duration\", \"waited\", \"place\" FROM leaves JOIN known ON known.\"step\" = leaves.\"step\"),\n\
         again AS (SELECT DISTINCT \"run\", \"n\" FROM numbered WHERE \"attempt\" > 1),\n\
         tries AS (SELECT *, CASE WHEN \"attempt\" > lag(\"attempt\") OVER {window} THEN 0 ELSE 1 END AS \"opens\", \
         row_number() OVER {window} AS \"nth\" FROM numbered WHERE (\"run\", \"n\") IN (SELECT \"run\", \"n\" FROM again)),\n\
         tried AS (SELECT *, sum(\"opens\") OVER {window} AS \"visit\" FROM tries),\n\
         visits AS (SELECT numbered.\"run\", numbered.\"n\", \"b\", \"e\", \"failed\", \"duration\", \"waited\", 1 AS \"attempts\", \"place\" FROM numbered \
         LEFT JOIN again ON again.\"run\" = numbered.\"run\" AND again.\"n\" = numbered.\"n\" WHERE again.\"run\" IS NULL\n\
         UNION ALL SELECT \"run\", \"n\", min(\"b\"), max(\"e\"), {failed}, {duration}, {waited}, count(*), min(\"place\") \
         FROM tried GROUP BY \"run\", \"n\", \"visit\")",
        failed = writer.dialect().latest("\"failed\"", "\"nth\""),
        duration = writer.dialect().sum("\"duration\"", None, false),
        waited = writer.dialect().sum("\"waited\"", None, false),
    ));
}
