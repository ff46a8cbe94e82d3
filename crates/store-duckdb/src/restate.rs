//! Stored costs that came without money, priced anew.

use duckdb::Connection;
use weir_model::{
    Decimal, Granularity, Scope, Timestamp,
    cube::{CUBES, Cube, Family},
    price::{PriceBook, Span},
    time::Retention,
};
use weir_store::{Restated, StoreError};

use crate::{
    arrays::Columns,
    commit::{Writer, fill_temporary},
    error::Context,
    maintenance::in_transaction,
    rollups,
};

impl Writer {
    /// Prices the stored costs of a project by a book: raw rows and cubes in one transaction.
    pub(crate) fn restate_costs(
        &mut self,
        scope: Scope,
        book: &PriceBook,
        retention: Retention,
        dry_run: bool,
    ) -> Result<Restated, StoreError> {
        self.rollups.flush_now()?;
        let (connection, now) = (&self.connection, self.expiry.horizon());
        // The rows take the sequence of this change, so that it is found again after a restart.
        let sequence = self.sequence + 1;
        let (restated, changed) = in_transaction(connection, || {
            fill(connection, book)?;
            find(connection, scope)?;
            let (restated, rows) = totals(connection)?;
            let changed = rows > 0 && !dry_run;
            if changed {
                for cube in CUBES.iter().filter(|cube| cube.family == Family::Costs) {
                    correct(connection, scope, cube, retention, now)?;
                }
                update(connection, sequence)?;
                rollups::record(connection, sequence)?;
            }
            Ok((restated, changed))
        })?;
        if changed {
            self.sequence = sequence;
            self.directory.write().add_change(scope, sequence);
        }
        Ok(restated)
    }
}

/// Puts the prices with their times into a temporary table.
fn fill(connection: &Connection, book: &PriceBook) -> Result<(), StoreError> {
    let declaration = "id VARCHAR, provider VARCHAR, model VARCHAR, \"from\" BIGINT, until BIGINT,
        input BIGINT, output BIGINT, call BIGINT";
    let spans: Vec<Span<'_>> = book.spans().collect();
    let prices = || spans.iter().map(|span| span.price);
    let rate = |rate: Option<Decimal>| rate.map(|rate| rate.0);
    let until = |span: &Span<'_>| Some(span.to.map_or(i64::MAX, |to| to.0));
    let mut columns = Columns::default();
    columns.text("id", prices().map(|price| Some(&*price.id)));
    columns.text("provider", prices().map(|price| Some(&*price.provider)));
    columns.text("model", prices().map(|price| price.model.as_deref()));
    columns.number("from", prices().map(|price| Some(price.from.0)));
    columns.number("until", spans.iter().map(until));
    columns.number("input", prices().map(|price| rate(price.input_per_million)));
    columns.number(
        "output",
        prices().map(|price| rate(price.output_per_million)),
    );
    columns.number("call", prices().map(|price| rate(price.per_call)));
    fill_temporary(connection, "price_spans", declaration, columns)
}

/// The price that gave an amount: none where there is no amount.
const PRICED: &str = "(CASE WHEN after IS NULL THEN NULL ELSE price END)";

/// Finds the rows that are priced otherwise now: those without an amount of the producer's own. The
/// arithmetic is that of `Price::amount`.
fn find(connection: &Connection, scope: Scope) -> Result<(), StoreError> {
    let dimensions: String = Family::Costs
        .dimensions()
        .iter()
        .map(|dimension| format!("c.\"{}\", ", dimension.name()))
        .collect();
    let sql = format!(
        "CREATE OR REPLACE TEMP TABLE restated AS
        SELECT * REPLACE ({PRICED} AS price) FROM (
            SELECT c.rowid AS row, c.timestamp, {dimensions}
                c.input_tokens IS NOT NULL OR c.output_tokens IS NOT NULL AS has_tokens,
                c.amount AS before, c.price AS price_before, s.id AS price,
                CASE WHEN (c.input_tokens IS NULL OR s.input IS NULL) AND (c.output_tokens IS NULL OR s.output IS NULL)
                        AND (c.api_calls IS NULL OR s.call IS NULL) THEN NULL
                    ELSE TRY_CAST(
                        (coalesce(c.input_tokens::HUGEINT * s.input, 0) + coalesce(c.output_tokens::HUGEINT * s.output, 0)
                            + 500000) // 1000000 + coalesce(c.api_calls::HUGEINT * s.call, 0) AS BIGINT)
                END AS after
            FROM costs AS c LEFT JOIN price_spans AS s ON s.provider = c.provider
                AND (s.model IS NULL OR s.model = c.model) AND c.timestamp >= s.\"from\" AND c.timestamp < s.until
            WHERE c.tenant = {} AND c.project = {} AND (c.amount IS NULL OR c.price IS NOT NULL)
            QUALIFY row_number() OVER (PARTITION BY c.rowid ORDER BY s.model IS NULL) = 1)
        WHERE after IS DISTINCT FROM before OR {PRICED} IS DISTINCT FROM price_before",
        scope.tenant.0, scope.project.0
    );
    connection.execute_batch(&sql).context("price stored costs")
}

/// What is found, and in how many rows.
fn totals(connection: &Connection) -> Result<(Restated, i64), StoreError> {
    let held = |column: &str| {
        format!(
            "CAST(greatest(least(coalesce(sum({column}) FILTER (after IS DISTINCT FROM before), 0), {}), {}) AS BIGINT)",
            i64::MAX,
            i64::MIN + 1
        )
    };
    let sql = format!(
        "SELECT count(*) FILTER (after IS DISTINCT FROM before), {}, {}, count(*) FROM restated",
        held("before"),
        held("after")
    );
    connection
        .query_row(&sql, [], |row| {
            let restated = Restated {
                records: row.get::<_, i64>(0)? as u64,
                before: Decimal(row.get(1)?),
                after: Decimal(row.get(2)?),
            };
            Ok((restated, row.get(3)?))
        })
        .context("sum restated costs")
}

/// Appends the differences to a cube: its rows are additive.
fn correct(
    connection: &Connection,
    scope: Scope,
    cube: &Cube,
    retention: Retention,
    now: Timestamp,
) -> Result<(), StoreError> {
    let dimensions: String = cube
        .dimensions
        .iter()
        .map(|dimension| format!("\"{}\", ", dimension.name()))
        .collect();
    let measures: String = cube
        .family
        .measures()
        .iter()
        .map(|measure| match *measure {
            "amount" => "CAST(sum(coalesce(after, 0) - coalesce(before, 0)) AS BIGINT), ",
            "unpriced" => "CAST(sum((has_tokens AND after IS NULL)::INTEGER - (has_tokens AND before IS NULL)::INTEGER) AS BIGINT), ",
            _ => "0, ",
        })
        .collect();
    for granularity in Granularity::ALL {
        let (table, width) = (cube.table(granularity), granularity.width());
        let oldest = retention.oldest_bucket(granularity, now).0;
        let sql = format!(
            "INSERT INTO {table} SELECT {}, {}, timestamp // {width} * {width} AS bucket, {dimensions}{measures}false
             FROM restated WHERE timestamp // {width} * {width} >= {oldest} GROUP BY {dimensions}bucket",
            scope.tenant.0, scope.project.0
        );
        connection
            .execute_batch(&sql)
            .context("correct the cubes of costs")?;
    }
    Ok(())
}

fn update(connection: &Connection, sequence: u64) -> Result<(), StoreError> {
    let sql = format!(
        "UPDATE costs SET amount = r.after, price = r.price, sequence = {sequence}
         FROM restated AS r WHERE costs.rowid = r.row"
    );
    connection
        .execute_batch(&sql)
        .context("restate stored costs")
}
