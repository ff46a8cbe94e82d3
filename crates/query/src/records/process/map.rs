//! The directly-follows graph: steps as nodes, pairs of steps that directly follow each other as edges.

use arrow::record_batch::RecordBatch;
use weir_model::Decimal;

use super::{Outcome, Part, Taken, limit, parts};
use crate::{
    dialect::Dialect,
    records::{Cell, RecordError, Table, costs::beyond_parts, runs::OWN_PARTS},
    statement::Statement,
    writer::Writer,
};

/// How much of the graph is read: the nodes and edges that most executions pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MapSize {
    /// The maximum number of nodes.
    pub nodes: usize,
    /// The maximum number of edges between these nodes.
    pub edges: usize,
}

/// A directly-follows graph.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProcessMap {
    /// The nodes, the one that most executions pass first.
    pub nodes: Vec<Node>,
    /// The edges, the one that most executions pass first.
    pub edges: Vec<Edge>,
    /// The number of nodes in the whole graph.
    pub all_nodes: u64,
    /// The number of edges in the whole graph.
    pub all_edges: u64,
    /// What the executions cost; `None` if they have no costs.
    pub cost: Option<Decimal>,
}

/// A step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    /// The step.
    pub step: String,
    /// Its type; of several, the last in alphabetical order.
    pub step_type: Option<String>,
    /// The number of executions that ran it.
    pub executions: u64,
    /// The number of its visits.
    pub runs: u64,
    /// The number of its runs, with every attempt.
    pub attempts: u64,
    /// The number of visits whose last attempt failed.
    pub failed: u64,
    /// How long a visit's attempts took together, in milliseconds.
    pub durations: Times,
    /// How much of the sum of `durations` it waited, in milliseconds.
    pub waited: f64,
    /// What was spent on it: costs that name it, and those that name none and arose while only it ran.
    pub cost: Decimal,
    /// Its repetitions.
    pub rework: Rework,
    /// The number of executions whose last step it is, by outcome: completed, failed, canceled, open.
    pub ends: [u64; 4],
}

/// The visits of a step beyond the first in an execution.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rework {
    /// The number of executions that visited it more than once.
    pub executions: u64,
    /// The number of visits beyond the first.
    pub runs: u64,
    /// How long they took, in milliseconds.
    pub duration: f64,
    /// What was spent on them.
    pub cost: Decimal,
}

/// One step directly after another; `None` is the start or the end of completed executions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edge {
    /// The first step.
    pub from: Option<String>,
    /// The step after it.
    pub to: Option<String>,
    /// The number of executions in which this happened.
    pub executions: u64,
    /// How often it happened.
    pub runs: u64,
    /// How often the second step began before the first ended.
    pub overlaps: u64,
    /// The time from the end of the first to the start of the second step, in milliseconds; 0 if they overlap.
    pub waits: Times,
}

/// Times in milliseconds. Percentiles are exact, by nearest rank.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Times {
    /// Median; `None` without times.
    pub p50: Option<i64>,
    /// 95th percentile; `None` without times.
    pub p95: Option<i64>,
    /// Sum; `None` without times.
    pub sum: Option<f64>,
}

/// The statement for the graph of these executions.
pub fn map(taken: &Taken<'_>, size: MapSize, dialect: Dialect) -> Statement {
    let mut writer = Writer::new(dialect);
    writer.text("WITH ");
    parts::sequence(&mut writer, taken, Part::All);
    bills(&mut writer, taken);
    nodes(&mut writer);
    edges(&mut writer);
    writer.text(",\nkept AS (SELECT \"n\", \"step\" FROM nodes ORDER BY \"executions\" DESC, \"runs\" DESC, \"step\"");
    limit(&mut writer, size.nodes);
    writer.text("),\ndrawn AS (SELECT edges.*, a.\"step\" AS \"from\", z.\"step\" AS \"to\" FROM edges \
        LEFT JOIN kept AS a ON a.\"n\" = edges.\"before\" LEFT JOIN kept AS z ON z.\"n\" = edges.\"n\" \
        WHERE (edges.\"before\" IS NULL OR a.\"n\" IS NOT NULL) AND (edges.\"n\" IS NULL OR z.\"n\" IS NOT NULL) \
        ORDER BY edges.\"executions\" DESC, edges.\"runs\" DESC, \"from\", \"to\"");
    limit(&mut writer, size.edges);
    writer.text(")\n");
    found(&mut writer);
    writer.finish()
}

/// What was spent, by visit. A cost that names a step belongs to its visit that was the last to begin before it, or to
/// the first; one that names none, to the visit that was running, if exactly one was. A cost at the instant between
/// two visits belongs to the one that ended.
fn bills(writer: &mut Writer, taken: &Taken<'_>) {
    let (amount, place) = (beyond_parts("amount"), writer.dialect().row_place());
    writer.text(&format!(
        ",\nspent AS (SELECT taken.\"run\", \"timestamp\" AS \"at\", {amount} AS \"amount\", c.\"step\" AS \"of\", c.{place} AS \"place\" \
         FROM \"costs\" AS c JOIN taken ON taken.\"execution\" = c.\"execution\" WHERE "
    ));
    writer.scope(taken.scope);
    writer.text(" AND \"timestamp\" >= ").integer(taken.since.0);
    let sum = writer.dialect().sum("\"amount\"", None, false);
    let begun = "(\"at\" > \"b\" OR (\"at\" = \"b\" AND \"b\" = \"e\"))";
    writer.text(OWN_PARTS).text(&format!(
        "),\n\
         placed AS (SELECT spent.\"run\", max(\"n\") AS \"n\", max(\"position\") AS \"position\", max(\"amount\") AS \"amount\" \
         FROM spent JOIN ordered ON ordered.\"run\" = spent.\"run\" AND \"at\" >= \"b\" AND \"at\" <= \"e\" AND {begun} \
         WHERE \"of\" IS NULL GROUP BY spent.\"run\", spent.\"place\" HAVING count(*) = 1\n\
         UNION ALL SELECT spent.\"run\", max(ordered.\"n\"), coalesce(max(CASE WHEN {begun} THEN \"position\" END), min(\"position\")), max(\"amount\") \
         FROM spent JOIN known ON known.\"step\" = \"of\" JOIN ordered ON ordered.\"run\" = spent.\"run\" AND ordered.\"n\" = known.\"n\" \
         GROUP BY spent.\"run\", spent.\"place\"),\n\
         bills AS (SELECT \"run\", \"n\", \"position\", {sum} AS \"cost\" FROM placed GROUP BY \"run\", \"n\", \"position\")"
    ));
}

fn nodes(writer: &mut Writer) {
    let dialect = writer.dialect();
    let times = dialect.quantiles("\"duration\"", &[0.5, 0.95], None);
    let total = dialect.sum("\"duration\"", None, true);
    let waited = dialect.sum("\"waited\"", None, true);
    let rework = dialect.sum("\"time\" - \"first_time\"", Some("\"visits\" > 1"), true);
    let sum = |column: &str| dialect.sum(column, None, false);
    let first = dialect.first_by("time", "position");
    let ends = (0..4).map(|outcome| {
        format!("count(CASE WHEN \"outcome\" = {outcome} THEN 1 END) AS \"ends_{outcome}\"")
    });
    let ends: Vec<_> = ends.collect();
    writer.text(&format!(
        ",\nvisited AS (SELECT \"run\", \"n\", count(*) AS \"visits\", min(\"position\") AS \"first\", sum(\"time\") AS \"time\", \
         {first} AS \"first_time\" FROM (SELECT \"run\", \"n\", \"position\", coalesce(\"duration\", 0) AS \"time\" FROM ordered) AS timed GROUP BY \"run\", \"n\"),\n\
         reworked AS (SELECT \"n\", count(*) AS \"executions\", count(CASE WHEN \"visits\" > 1 THEN 1 END) AS \"again\", \
         {again} AS \"more\", {rework} AS \"rework\" FROM visited GROUP BY \"n\"),\n\
         billed AS (SELECT bills.\"n\", {cost} AS \"cost\", {repeated} AS \"rework_cost\" FROM bills JOIN visited \
         ON visited.\"run\" = bills.\"run\" AND visited.\"n\" = bills.\"n\" GROUP BY bills.\"n\"),\n\
         worked AS (SELECT \"n\", count(*) AS \"runs\", {attempts} AS \"attempts\", count(CASE WHEN \"failed\" THEN 1 END) AS \"failed\", \
         {times} AS \"times\", {total} AS \"total\", {waited} AS \"waited\" FROM ordered GROUP BY \"n\"),\n\
         endings AS (SELECT \"n\", \"e\", \"outcome\", \"ended\", taken.\"run\" FROM ordered JOIN taken ON taken.\"run\" = ordered.\"run\" WHERE \"after\" IS NULL),\n\
         ends AS (SELECT \"n\", {ends} FROM endings GROUP BY \"n\"),\n\
         nodes AS (SELECT known.*, reworked.\"executions\", \"runs\", \"attempts\", \"failed\", \"times\", \"total\", \"waited\", \"again\", \"more\", \"rework\", \
         \"cost\", \"rework_cost\", \"ends_0\", \"ends_1\", \"ends_2\", \"ends_3\" FROM known JOIN worked ON worked.\"n\" = known.\"n\" \
         JOIN reworked ON reworked.\"n\" = known.\"n\" LEFT JOIN billed ON billed.\"n\" = known.\"n\" LEFT JOIN ends ON ends.\"n\" = known.\"n\")",
        again = sum("\"visits\" - 1"),
        cost = sum("\"cost\""),
        repeated = sum("CASE WHEN \"position\" > \"first\" THEN \"cost\" END"),
        attempts = sum("\"attempts\""),
        ends = ends.join(", "),
    ));
}

fn edges(writer: &mut Writer) {
    let dialect = writer.dialect();
    // Not every database's `greatest` is null where one of its values is.
    let waited = |from: &str, to: &str| {
        format!("CASE WHEN {from} < {to} THEN {to} - {from} WHEN {from} >= {to} THEN 0 END")
    };
    let figures = |wait: &str, overlaps: &str| {
        format!(
            "count(DISTINCT \"run\") AS \"executions\", count(*) AS \"runs\", {overlaps} AS \"overlaps\", {} AS \"times\", {} AS \"total\"",
            dialect.quantiles(wait, &[0.5, 0.95], None),
            dialect.sum(wait, None, true),
        )
    };
    let between = figures(
        &waited("\"before_e\"", "\"b\""),
        "count(CASE WHEN \"b\" < \"before_e\" THEN 1 END)",
    );
    let none = "CAST(0 AS BIGINT)";
    let from_start = figures(&waited("\"began\"", "\"b\""), none);
    let to_end = figures(&waited("\"e\"", "\"ended\""), none);
    writer.text(&format!(
        ",\nopenings AS (SELECT \"n\", \"b\", \"began\", taken.\"run\" FROM ordered JOIN taken ON taken.\"run\" = ordered.\"run\" WHERE \"before\" IS NULL),\n\
         edges AS (SELECT \"before\", \"n\", {between} FROM ordered WHERE \"before\" IS NOT NULL GROUP BY \"before\", \"n\"\n\
         UNION ALL SELECT CAST(NULL AS BIGINT), \"n\", {from_start} FROM openings GROUP BY \"n\"\n\
         UNION ALL SELECT \"n\", CAST(NULL AS BIGINT), {to_end} FROM endings WHERE \"outcome\" = {completed} GROUP BY \"n\")",
        completed = Outcome::Completed as u8,
    ));
}

const TOTAL: i64 = 0;
const NODE: i64 = 1;
const EDGE: i64 = 2;

/// The answer: a row of totals, one per node, one per edge.
fn found(writer: &mut Writer) {
    let dialect = writer.dialect();
    let (p50, p95) = (
        dialect.element("\"times\"", 1),
        dialect.element("\"times\"", 2),
    );
    let cost = dialect.sum("\"amount\"", None, false);
    let missing = |count: usize| ", CAST(NULL AS BIGINT)".repeat(count);
    writer.text(&format!(
        "SELECT CAST({TOTAL} AS BIGINT) AS \"kind\", CAST(NULL AS VARCHAR) AS \"from\", CAST(NULL AS VARCHAR) AS \"to\", CAST(NULL AS VARCHAR) AS \"step_type\", \
         CAST(NULL AS DOUBLE) AS \"total\", CAST(NULL AS DOUBLE) AS \"rework\", CAST(NULL AS DOUBLE) AS \"waited\", (SELECT count(*) FROM nodes) AS \"executions\", (SELECT count(*) FROM edges) AS \"runs\", \
         (SELECT {cost} FROM spent) AS \"cost\"{}\n\
         UNION ALL SELECT {NODE}, \"step\", NULL, \"step_type\", \"total\", \"rework\", \"waited\", \"executions\", \"runs\", \"cost\", {p50}, {p95}, \"failed\", \"attempts\", \
         \"again\", \"more\", \"rework_cost\", \"ends_0\", \"ends_1\", \"ends_2\", \"ends_3\" FROM nodes WHERE \"n\" IN (SELECT \"n\" FROM kept)\n\
         UNION ALL SELECT {EDGE}, \"from\", \"to\", NULL, \"total\", NULL, NULL, \"executions\", \"runs\", NULL, {p50}, {p95}, \"overlaps\"{} FROM drawn\n\
         ORDER BY \"kind\", \"executions\" DESC, \"runs\" DESC, \"from\", \"to\"",
        missing(11),
        missing(8),
    ));
}

/// Reads the rows of [`map`]. Fails if they have another shape.
pub fn read_map(batches: &[RecordBatch]) -> Result<ProcessMap, RecordError> {
    let mut map = ProcessMap::default();
    for batch in batches {
        let table = Table(batch);
        let kinds = table.integers(0)?;
        let (from, to, types) = (table.texts(1)?, table.texts(2)?, table.texts(3)?);
        let (totals, reworks, waits) = (table.floats(4)?, table.floats(5)?, table.floats(6)?);
        let numbers: Vec<_> = (7..21)
            .map(|column| table.integers(column))
            .collect::<Result<_, _>>()?;
        for row in 0..table.rows() {
            let number = |column: usize| numbers[column - 7].at(row);
            let count = |column: usize| number(column).unwrap_or(0).max(0) as u64;
            let times = Times {
                p50: number(10),
                p95: number(11),
                sum: totals.at(row),
            };
            match kinds.value(row) {
                NODE => map.nodes.push(Node {
                    step: from.at(row).unwrap_or_default(),
                    step_type: types.at(row),
                    executions: count(7),
                    runs: count(8),
                    attempts: count(13),
                    failed: count(12),
                    durations: times,
                    waited: waits.at(row).unwrap_or(0.0),
                    cost: Decimal(number(9).unwrap_or(0)),
                    rework: Rework {
                        executions: count(14),
                        runs: count(15),
                        duration: reworks.at(row).unwrap_or(0.0),
                        cost: Decimal(number(16).unwrap_or(0)),
                    },
                    ends: [17, 18, 19, 20].map(count),
                }),
                EDGE => map.edges.push(Edge {
                    from: from.at(row),
                    to: to.at(row),
                    executions: count(7),
                    runs: count(8),
                    overlaps: count(12),
                    waits: times,
                }),
                _ => {
                    map.all_nodes += count(7);
                    map.all_edges += count(8);
                    map.cost = number(9).map(Decimal);
                }
            }
        }
    }
    Ok(map)
}
