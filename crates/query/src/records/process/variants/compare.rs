//! Two groups of executions, side by side: their variants, steps and pairs of steps.

use std::collections::HashMap;

use arrow::record_batch::RecordBatch;
use weir_model::{Status, TimeRange};

use super::{LONGEST, paths};
use crate::{
    dialect::Dialect,
    records::{
        Cell, RecordError, Table,
        process::{MapSize, Part, Taken, limit, parts},
    },
    statement::Statement,
    writer::Writer,
};

/// A group of executions among those that have ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// All of them.
    All,
    /// Of a version of the workflow.
    Version(String),
    /// In one of these states.
    Statuses(Vec<Status>),
    /// That took this path.
    Variant(u64),
}

/// Two groups to compare; an execution can belong to both.
#[derive(Clone, Copy, Debug)]
pub struct Comparison<'a> {
    /// The executions.
    pub taken: Taken<'a>,
    /// A secret that the numbers of paths depend on.
    pub salt: &'a str,
    /// The groups, and when their executions ended.
    pub groups: [(&'a Group, TimeRange); 2],
    /// The maximum number of variants.
    pub variants: usize,
    /// The maximum numbers of steps and pairs.
    pub size: MapSize,
}

/// Something that both groups have, counted in each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pair<T> {
    /// What it is.
    pub of: T,
    /// The number of executions in each group.
    pub executions: [u64; 2],
    /// The median time in each group, in milliseconds.
    pub p50: [Option<i64>; 2],
}

/// What [`comparison`] found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Compared {
    /// The number of executions in each group.
    pub executions: [u64; 2],
    /// Variants by number and steps, the one whose share differs most first.
    pub variants: Vec<Pair<(u64, Vec<String>)>>,
    /// Steps and their types, with the time of a visit; the most frequent first.
    pub nodes: Vec<Pair<(String, Option<String>)>>,
    /// Steps that directly follow each other, with the time between them; the most frequent first.
    pub edges: Vec<Pair<(String, String)>>,
}

/// The statement that [`read_comparison`] reads the rows of.
pub fn comparison(wanted: &Comparison<'_>, dialect: Dialect) -> Statement {
    let mut writer = Writer::new(dialect);
    writer.text("WITH ");
    parts::sequence(&mut writer, &wanted.taken, Part::Ended);
    paths(&mut writer, wanted.salt);
    writer.text(",\nsides AS (SELECT paths.\"run\", \"path\"");
    for ((group, range), name) in wanted.groups.into_iter().zip(["one", "two"]) {
        writer
            .text(", CASE WHEN \"ended\" >= ")
            .integer(range.from.0);
        writer.text(" AND \"ended\" < ").integer(range.to.0);
        group.write(&mut writer);
        writer.text(&format!(" THEN 1 ELSE 0 END AS \"is_{name}\""));
    }
    writer.text(
        " FROM paths JOIN taken ON taken.\"run\" = paths.\"run\"),\n\
         totals AS (SELECT count(CASE WHEN \"is_one\" = 1 THEN 1 END) AS \"one\", count(CASE WHEN \"is_two\" = 1 THEN 1 END) AS \"two\" FROM sides),\n\
         variants AS (SELECT \"path\", count(CASE WHEN \"is_one\" = 1 THEN 1 END) AS \"one\", count(CASE WHEN \"is_two\" = 1 THEN 1 END) AS \"two\", min(\"run\") AS \"example\" \
         FROM sides WHERE \"is_one\" = 1 OR \"is_two\" = 1 GROUP BY \"path\"),\n\
         page AS (SELECT variants.*, row_number() OVER (ORDER BY abs(variants.\"one\" / greatest(totals.\"one\", 1.0) - variants.\"two\" / greatest(totals.\"two\", 1.0)) DESC, \
         variants.\"one\" + variants.\"two\" DESC, \"path\") AS \"rank\" FROM variants CROSS JOIN totals ORDER BY \"rank\"",
    );
    limit(&mut writer, wanted.variants);
    writer.text(")");
    graph(&mut writer, wanted.size);
    found(&mut writer);
    writer.finish()
}

impl Group {
    fn write(&self, writer: &mut Writer) {
        match self {
            Self::All => writer,
            Self::Version(version) => writer.equals("release", Some(version)),
            Self::Statuses(statuses) => {
                writer.one_of("said", statuses.iter().map(|status| status.name()))
            }
            Self::Variant(path) => writer.text(&format!(" AND \"path\" = CAST({path} AS UBIGINT)")),
        };
    }
}

/// The steps and the pairs of steps, with the executions and the median time of each side.
fn graph(writer: &mut Writer, size: MapSize) {
    let dialect = writer.dialect();
    let figures = |time: &str| {
        let side = |name: &str| {
            format!(
                "count(DISTINCT CASE WHEN \"is_{name}\" = 1 THEN ordered.\"run\" END) AS \"{name}\", {} AS \"{name}_times\"",
                dialect.quantiles(time, &[0.5], Some(&format!("\"is_{name}\" = 1")))
            )
        };
        format!("{}, {}", side("one"), side("two"))
    };
    let of = "FROM ordered JOIN sides ON sides.\"run\" = ordered.\"run\" WHERE (\"is_one\" = 1 OR \"is_two\" = 1)";
    writer.text(&format!(
        ",\nnodes AS (SELECT \"n\", {} {of} GROUP BY \"n\" ORDER BY \"one\" + \"two\" DESC, \"n\"",
        figures("\"duration\"")
    ));
    limit(writer, size.nodes);
    writer.text(&format!(
        "),\nedges AS (SELECT \"before\", \"n\", {} {of} AND \"before\" IS NOT NULL GROUP BY \"before\", \"n\" ORDER BY \"one\" + \"two\" DESC, \"before\", \"n\"",
        figures("greatest(\"b\" - \"before_e\", 0)")
    ));
    limit(writer, size.edges);
    writer.text(")\n");
}

const TOTAL: i64 = 0;
const VARIANT: i64 = 1;
const STEP: i64 = 2;
const NODE: i64 = 3;
const EDGE: i64 = 4;

fn found(writer: &mut Writer) {
    let median = |side: &str| writer.dialect().element(&format!("\"{side}_times\""), 1);
    let (p50_a, p50_b) = (median("one"), median("two"));
    writer.text(&format!(
        "SELECT CAST({TOTAL} AS BIGINT) AS \"kind\", CAST(NULL AS UBIGINT) AS \"path\", CAST(NULL AS VARCHAR) AS \"step\", CAST(NULL AS VARCHAR) AS \"next\", \
         CAST(0 AS BIGINT) AS \"rank\", CAST(0 AS BIGINT) AS \"position\", \"one\", \"two\", CAST(NULL AS BIGINT) AS \"p50_one\", CAST(NULL AS BIGINT) AS \"p50_two\" FROM totals\n\
         UNION ALL SELECT {VARIANT}, \"path\", NULL, NULL, \"rank\", 0, \"one\", \"two\", NULL, NULL FROM page\n\
         UNION ALL SELECT {STEP}, page.\"path\", known.\"step\", NULL, \"rank\", \"position\", 0, 0, NULL, NULL FROM page \
         JOIN ordered ON ordered.\"run\" = page.\"example\" JOIN known USING (\"n\") WHERE \"position\" <= {LONGEST}\n\
         UNION ALL SELECT {NODE}, NULL, \"step\", \"step_type\", -(\"one\" + \"two\"), 0, \"one\", \"two\", {p50_a}, {p50_b} FROM nodes JOIN known USING (\"n\")\n\
         UNION ALL SELECT {EDGE}, NULL, x.\"step\", y.\"step\", -(\"one\" + \"two\"), 0, \"one\", \"two\", {p50_a}, {p50_b} FROM edges \
         JOIN known AS x ON x.\"n\" = edges.\"before\" JOIN known AS y ON y.\"n\" = edges.\"n\"\n\
         ORDER BY \"kind\", \"rank\", \"position\", \"step\", \"next\""
    ));
}

/// Reads the rows of [`comparison`]. Fails if they have another shape.
pub fn read_comparison(batches: &[RecordBatch]) -> Result<Compared, RecordError> {
    let mut compared = Compared::default();
    let mut places: HashMap<u64, usize> = HashMap::new();
    for batch in batches {
        let table = Table(batch);
        let (kinds, paths) = (table.integers(0)?, table.hashes(1)?);
        let (steps, nexts) = (table.texts(2)?, table.texts(3)?);
        let (a, b) = (table.integers(6)?, table.integers(7)?);
        let (p50_a, p50_b) = (table.integers(8)?, table.integers(9)?);
        for row in 0..table.rows() {
            let executions = [a, b].map(|side| side.at(row).unwrap_or(0).max(0) as u64);
            let p50 = [p50_a.at(row), p50_b.at(row)];
            let path = paths.at(row).unwrap_or_default();
            let step = steps.at(row).unwrap_or_default();
            match kinds.value(row) {
                TOTAL => compared.executions = executions,
                VARIANT => {
                    places.insert(path, compared.variants.len());
                    let of = (path, Vec::new());
                    compared.variants.push(Pair {
                        of,
                        executions,
                        p50,
                    });
                }
                STEP => {
                    if let Some(&at) = places.get(&path) {
                        compared.variants[at].of.1.push(step);
                    }
                }
                NODE => compared.nodes.push(Pair {
                    of: (step, nexts.at(row)),
                    executions,
                    p50,
                }),
                _ => compared.edges.push(Pair {
                    of: (step, nexts.at(row).unwrap_or_default()),
                    executions,
                    p50,
                }),
            }
        }
    }
    Ok(compared)
}
