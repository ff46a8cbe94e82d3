//! Reprices stored costs that were reported without an amount.

use duckdb::Connection;
use weir_model::{
    Decimal, Granularity, Scope, Timestamp,
    cube::{CUBES, Cube, Family},
    decimal::SCALE,
    price::{Bracket, ExchangeRate, Price, PriceBook, PriceTerms, Span, TokenRates, USD},
    time::Retention,
};
use weir_store::{Restated, StoreError};

use crate::{
    arrays::Columns,
    commit::Writer,
    error::Context,
    maintenance::{resettle, scopes, sum_anew},
    rollups,
    tables::{fill_temporary, in_transaction},
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
        // The rows take the sequence of this change, so that it is restored after a restart.
        let sequence = self.sequence + 1;
        let (restated, changed) = in_transaction(connection, || {
            fill(connection, book)?;
            find(connection, scope)?;
            let (restated, rows) = totals(connection)?;
            let changed = rows > 0 && !dry_run;
            if changed {
                update(connection, sequence)?;
                if resettle(connection, scope, sequence)? {
                    sum_anew(connection, scope, sequence, retention, now)?;
                } else {
                    for cube in CUBES.iter().filter(|cube| cube.family == Family::Costs) {
                        correct(connection, scope, cube, retention, now)?;
                    }
                }
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

    /// Recomputes the position of every stored cost in its tree.
    pub(crate) fn resettle_costs(&mut self) -> Result<(), StoreError> {
        let (connection, sequence) = (&self.connection, self.sequence);
        in_transaction(connection, || {
            for scope in scopes(connection)? {
                resettle(connection, scope, sequence)?;
            }
            Ok(())
        })
    }
}

/// Writes the prices and the exchange rates, with their times, to temporary tables.
fn fill(connection: &Connection, book: &PriceBook) -> Result<(), StoreError> {
    fill_prices(connection, book)?;
    let declaration = "currency VARCHAR, \"from\" BIGINT, until BIGINT, dollars BIGINT";
    let one = ExchangeRate {
        currency: USD.to_owned(),
        from: Timestamp(i64::MIN),
        dollars: Decimal(SCALE),
    };
    let dollars = Span { of: &one, to: None };
    let spans: Vec<Span<'_, ExchangeRate>> = book.exchange_spans().chain([dollars]).collect();
    let rates = || spans.iter().map(|span| span.of);
    let mut columns = Columns::default();
    columns.text("currency", rates().map(|rate| Some(&*rate.currency)));
    columns.number("from", rates().map(|rate| Some(rate.from.0)));
    columns.number("until", spans.iter().map(|span| Some(until(span.to))));
    columns.number("dollars", rates().map(|rate| Some(rate.dollars.0)));
    fill_temporary(connection, "exchange_spans", declaration, columns)
}

fn until(to: Option<Timestamp>) -> i64 {
    to.map_or(i64::MAX, |to| to.0)
}

/// One row for each length of prompt that a price has rates for.
fn fill_prices(connection: &Connection, book: &PriceBook) -> Result<(), StoreError> {
    let declaration = "id VARCHAR, provider VARCHAR, model VARCHAR, currency VARCHAR, unit VARCHAR,
        \"from\" BIGINT, until BIGINT, above BIGINT, up_to BIGINT,
        input BIGINT, output BIGINT, cache_read BIGINT, cache_write BIGINT, reasoning BIGINT,
        per_call BIGINT, per_unit BIGINT";
    let spans: Vec<(Span<'_, Price>, Bracket)> = book
        .spans()
        .flat_map(|Span { of, to }| {
            let brackets = of.terms.brackets().into_iter();
            brackets.map(move |bracket| (Span { of, to }, bracket))
        })
        .collect();
    let mut columns = Columns::default();
    let terms = || spans.iter().map(|(span, _)| &span.of.terms);
    columns.text("id", spans.iter().map(|(span, _)| Some(&*span.of.id)));
    let names: Vec<(String, Option<String>)> = terms().map(PriceTerms::is_for).collect();
    columns.text(
        "provider",
        names.iter().map(|(provider, _)| Some(&**provider)),
    );
    columns.text("model", names.iter().map(|(_, model)| model.as_deref()));
    columns.text("currency", terms().map(|terms| Some(&*terms.currency)));
    columns.text("unit", terms().map(|terms| terms.unit.as_deref()));
    columns.number("from", terms().map(|terms| Some(terms.from.0)));
    columns.number("until", spans.iter().map(|(s, _)| Some(until(s.to))));
    columns.number("above", spans.iter().map(|(_, b)| Some(b.above)));
    columns.number("up_to", spans.iter().map(|(_, b)| Some(b.up_to)));
    let mut rate = |name: &str, get: fn(&TokenRates) -> Option<Decimal>| {
        let rates = spans.iter().map(|(_, bracket)| get(&bracket.rates));
        columns.number(name, rates.map(|rate| rate.map(|rate| rate.0)));
    };
    rate("input", |rates| rates.input);
    rate("output", |rates| rates.output);
    rate("cache_read", |rates| rates.cache_read);
    rate("cache_write", |rates| rates.cache_write);
    rate("reasoning", |rates| rates.reasoning);
    columns.number("per_call", terms().map(|t| t.per_call.map(|rate| rate.0)));
    columns.number("per_unit", terms().map(|t| t.per_unit.map(|rate| rate.0)));
    fill_temporary(connection, "price_spans", declaration, columns)
}

/// The price behind an amount: null without an amount.
const PRICED: &str = "(CASE WHEN after IS NULL THEN NULL ELSE price END)";

/// Rates times quantities for each kind; null if either is unknown.
const PRODUCTS: &str = "
    (c.input_tokens - coalesce(c.cache_read_tokens, 0) - coalesce(c.cache_write_tokens, 0))::HUGEINT * s.input AS fresh,
    c.cache_read_tokens::HUGEINT * s.cache_read AS cache_read, c.cache_write_tokens::HUGEINT * s.cache_write AS cache_write,
    (c.output_tokens - coalesce(c.reasoning_tokens, 0))::HUGEINT * s.output AS spoken,
    c.reasoning_tokens::HUGEINT * s.reasoning AS reasoning, c.api_calls::HUGEINT * s.per_call AS calls,
    CASE WHEN s.unit IS NULL OR s.unit = c.unit THEN c.units::HUGEINT * s.per_unit END AS units";

/// The amount of a cost in its currency.
const OWN: &str = "CASE WHEN foreign_amount IS NOT NULL THEN foreign_amount
    WHEN coalesce(fresh, cache_read, cache_write, spoken, reasoning, calls, units) IS NULL THEN NULL
    ELSE TRY_CAST((coalesce(fresh, 0) + coalesce(cache_read, 0) + coalesce(cache_write, 0) + coalesce(spoken, 0)
        + coalesce(reasoning, 0) + 500000) // 1000000 + coalesce(calls, 0)
        + (coalesce(units, 0) + 500000000) // 1000000000 AS BIGINT) END";

/// The amount in US dollars.
const DOLLARS: &str =
    "TRY_CAST((abs(own::HUGEINT) * dollars + 500000000) // 1000000000 * sign(own) AS BIGINT)";

/// The name of a provider or model as normalised by `price::compared`, which only handles these letters.
fn compared(column: &str) -> String {
    format!("translate({column}, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')")
}

/// Finds the rows whose price changes, among those without a dollar amount from the producer. The
/// arithmetic matches `PriceTerms::amount` and `PriceBook::dollars`.
fn find(connection: &Connection, scope: Scope) -> Result<(), StoreError> {
    let dimensions: String = Family::Costs
        .dimensions()
        .iter()
        .map(|dimension| format!("c.\"{}\", ", dimension.name()))
        .collect();
    let sql = format!(
        "CREATE OR REPLACE TEMP TABLE restated AS
        WITH products AS (
            SELECT c.rowid AS row, c.timestamp, {dimensions} c.foreign_amount, coalesce(c.currency, s.currency) AS currency,
                c.foreign_amount IS NOT NULL OR c.input_tokens IS NOT NULL OR c.output_tokens IS NOT NULL
                    OR c.units IS NOT NULL AS is_reported,
                c.amount AS before, c.price AS price_before, s.id AS price, {PRODUCTS}
            FROM costs AS c LEFT JOIN price_spans AS s ON c.foreign_amount IS NULL AND s.provider = {}
                AND (s.model IS NULL OR s.model = {}) AND c.timestamp >= s.\"from\" AND c.timestamp < s.until
                AND coalesce(c.input_tokens, 0) > s.above AND coalesce(c.input_tokens, 0) <= s.up_to
            WHERE c.tenant = {} AND c.project = {}
                AND (c.amount IS NULL OR c.price IS NOT NULL OR c.foreign_amount IS NOT NULL)
            QUALIFY row_number() OVER (PARTITION BY c.rowid ORDER BY s.model IS NULL) = 1),
        owned AS (SELECT *, {OWN} AS own FROM products)
        SELECT * REPLACE ({PRICED} AS price) FROM (
            SELECT o.*, {DOLLARS} AS after FROM owned AS o LEFT JOIN exchange_spans AS x
                ON x.currency = o.currency AND o.timestamp >= x.\"from\" AND o.timestamp < x.until)
        WHERE after IS DISTINCT FROM before OR {PRICED} IS DISTINCT FROM price_before",
        compared("c.provider"),
        compared("c.model"),
        scope.tenant.0,
        scope.project.0
    );
    connection.execute_batch(&sql).context("price stored costs")
}

/// The changes found, with the number of rows.
fn totals(connection: &Connection) -> Result<(Restated, i64), StoreError> {
    let held = |column: &str| {
        format!("held(coalesce(sum({column}) FILTER (after IS DISTINCT FROM before), 0))")
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
            "amount" => "held(sum(coalesce(after, 0) - coalesce(before, 0))), ",
            "unpriced" => "held(sum((is_reported AND after IS NULL)::INTEGER - (is_reported AND before IS NULL)::INTEGER)), ",
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
