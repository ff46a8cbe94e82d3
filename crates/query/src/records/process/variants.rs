//! Variants: executions with the same sequence of steps.
//!
//! As in other tools for process mining, a variant is the exact sequence: `A A B` and `A B` are two variants.
//! Only executions that have ended belong to one, because the path of the others is not complete. Of a longer
//! path, the first [`LONGEST`] steps count, and that there are more.

mod compare;
mod read;

use weir_model::Scope;

use super::{Part, Taken, limit, parts};
use crate::{
    dialect::Dialect,
    records::{costs::beyond_parts, runs::OWN_PARTS},
    statement::Statement,
    writer::Writer,
};

pub use compare::{Compared, Comparison, Group, Pair, comparison, read_comparison};
pub use read::{Variant, VariantPage, read_variants};

/// The most steps of a path that count.
pub const LONGEST: usize = 500;

/// A page of the variants: those of most executions first, then by number.
#[derive(Clone, Copy, Debug)]
pub struct Variants<'a> {
    /// The executions.
    pub taken: Taken<'a>,
    /// A secret that the numbers of paths depend on; empty if the ids of steps are no secret.
    pub salt: &'a str,
    /// The executions and the number of the last variant of the previous page.
    pub after: Option<(u64, u64)>,
    /// The maximum number of variants.
    pub limit: usize,
}

/// Writes `paths (run, path, length)`: the number of each run's path, and how many steps it has. Needs the
/// common table expressions of [`parts::sequence`].
///
/// The number is the sum of a digest of each step with its position, modulo 2^64. It needs no list of the steps,
/// and two of a million paths are the same by chance once in 30 million times.
pub(super) fn paths(writer: &mut Writer, salt: &str) {
    let dialect = writer.dialect();
    writer.text(",\nplaces AS (SELECT \"n\", \"position\", ");
    let mut text = Writer::new(dialect);
    // What follows the longest path counts as one more step of no name.
    text.text("concat(").string(salt).text(&format!(
        ", '/', \"position\", '/', CASE WHEN \"position\" <= {LONGEST} THEN \"step\" ELSE '' END)"
    ));
    let text = text.finish();
    let number = Statement {
        sql: dialect.text_number(&text.sql),
        parameters: text.parameters,
    };
    writer.part(&number).text(&format!(
        " AS \"code\" FROM (SELECT DISTINCT \"n\", \"position\" FROM ordered WHERE \"position\" <= {LONGEST} + 1) AS met \
         JOIN known USING (\"n\")),\n\
         numbers AS (SELECT ordered.\"run\", {} AS \"path\", count(*) AS \"length\" FROM ordered LEFT JOIN places \
         ON places.\"n\" = ordered.\"n\" AND places.\"position\" = ordered.\"position\" GROUP BY ordered.\"run\"),\n\
         paths AS (SELECT taken.\"run\", coalesce(\"path\", CAST(0 AS UBIGINT)) AS \"path\", coalesce(\"length\", 0) AS \"length\" \
         FROM taken LEFT JOIN numbers ON numbers.\"run\" = taken.\"run\")",
        dialect.wrapping_sum("\"code\""),
    ));
}

impl Variants<'_> {
    /// The statement that [`read_variants`] reads the rows of.
    pub fn statement(&self, dialect: Dialect) -> Statement {
        let mut writer = Writer::new(dialect);
        writer.text("WITH ");
        parts::sequence(&mut writer, &self.taken, Part::Ended);
        paths(&mut writer, self.salt);
        self.spent(&mut writer, self.taken.scope);
        self.grouped(&mut writer);
        writer.text(",\npage AS (SELECT * FROM remaining ORDER BY \"executions\" DESC, \"path\"");
        limit(&mut writer, self.limit);
        writer.text(")\n");
        found(&mut writer);
        writer.finish()
    }

    /// What each execution cost.
    fn spent(&self, writer: &mut Writer, scope: Scope) {
        let dialect = writer.dialect();
        let cost = dialect.sum(&beyond_parts("amount"), None, false);
        writer.text(&format!(
            ",\nspent AS (SELECT taken.\"run\", {cost} AS \"cost\" FROM \"costs\" AS c JOIN taken ON taken.\"execution\" = c.\"execution\" WHERE "
        ));
        writer.scope(scope);
        writer
            .text(" AND \"timestamp\" >= ")
            .integer(self.taken.since.0);
        writer.text(OWN_PARTS).text(" GROUP BY taken.\"run\")");
    }

    /// All variants, and those after the previous page.
    fn grouped(&self, writer: &mut Writer) {
        let dialect = writer.dialect();
        let times = dialect.quantiles("\"took\"", &[0.5, 0.95], None);
        let cost = dialect.sum("\"cost\"", None, false);
        writer.text(&format!(
            ",\ngrouped AS (SELECT \"path\", count(*) AS \"executions\", count(CASE WHEN \"outcome\" = 0 THEN 1 END) AS \"completed\", \
             count(CASE WHEN \"outcome\" = 1 THEN 1 END) AS \"failed\", {times} AS \"times\", {cost} AS \"cost\", min(\"ended\") AS \"first_seen\", \
             max(\"ended\") AS \"last_seen\", max(\"length\") AS \"length\", min(taken.\"run\") AS \"example\" \
             FROM taken JOIN paths ON paths.\"run\" = taken.\"run\" LEFT JOIN spent ON spent.\"run\" = taken.\"run\" GROUP BY \"path\"),\n\
             remaining AS (SELECT * FROM grouped"
        ));
        if let Some((executions, path)) = self.after {
            let executions = i64::try_from(executions).unwrap_or(i64::MAX);
            writer.text(" WHERE \"executions\" < ").integer(executions);
            writer.text(" OR (\"executions\" = ").integer(executions);
            writer.text(&format!(" AND \"path\" > CAST({path} AS UBIGINT))"));
        }
        writer.text(")");
    }
}

/// Rows with the sums of all and of the remaining variants.
const ALL: i64 = 0;
const REMAINING: i64 = 1;
/// A row of a variant, and a row of each of its steps.
const VARIANT: i64 = 2;
const STEP: i64 = 3;

fn found(writer: &mut Writer) {
    let dialect = writer.dialect();
    let (p50, p95) = (
        dialect.element("\"times\"", 1),
        dialect.element("\"times\"", 2),
    );
    let executions = dialect.sum("\"executions\"", None, false);
    let nothing = ", NULL".repeat(8);
    writer.text(&format!(
        "SELECT CAST({ALL} AS BIGINT) AS \"kind\", CAST(NULL AS UBIGINT) AS \"path\", CAST(NULL AS VARCHAR) AS \"step\", {executions} AS \"executions\", \
         count(*) AS \"position\", CAST(NULL AS BIGINT) AS \"completed\", CAST(NULL AS BIGINT) AS \"failed\", CAST(NULL AS BIGINT) AS \"p50\", CAST(NULL AS BIGINT) AS \"p95\", \
         CAST(NULL AS BIGINT) AS \"cost\", CAST(NULL AS BIGINT) AS \"first_seen\", CAST(NULL AS BIGINT) AS \"last_seen\", CAST(NULL AS BIGINT) AS \"length\" FROM grouped\n\
         UNION ALL SELECT {REMAINING}, NULL, NULL, {executions}, count(*){nothing} FROM remaining\n\
         UNION ALL SELECT {VARIANT}, \"path\", NULL, \"executions\", 0, \"completed\", \"failed\", {p50}, {p95}, \"cost\", \"first_seen\", \"last_seen\", \"length\" FROM page\n\
         UNION ALL SELECT {STEP}, page.\"path\", known.\"step\", \"executions\", \"position\"{nothing} FROM page JOIN ordered ON ordered.\"run\" = page.\"example\" \
         JOIN known USING (\"n\") WHERE \"position\" <= {LONGEST}\n\
         ORDER BY \"kind\", \"executions\" DESC, \"path\", \"position\"",
    ));
}
