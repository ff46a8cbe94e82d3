//! The price book of a project.

mod changes;

use std::sync::Arc;

use sqlx::{Row, sqlite::SqliteRow};
use weir_model::{
    Decimal, Scope, Timestamp,
    price::{ExchangeRate, Price, PriceBook, PriceTerms, Tier, TokenRates},
};

use crate::{AuditRecord, MetaError, MetaStore, entropy::uuid_v7};

pub use changes::{PriceChange, Restatement};

/// A project's stored price book.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeldPrices {
    /// 0 if no book was ever stored; each change adds 1.
    pub version: i64,
    /// The prices in order of provider, model and date.
    pub prices: Vec<Price>,
    /// The exchange rates in order of currency and date.
    pub exchange_rates: Vec<ExchangeRate>,
}

impl HeldPrices {
    /// The book in the form that prices events.
    pub fn book(self) -> PriceBook {
        PriceBook::new(self.prices, self.exchange_rates)
    }
}

/// A price book to store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedPrices {
    /// The version that it replaces; `None` replaces any version.
    pub expected: Option<i64>,
    /// Every price.
    pub prices: Vec<PriceTerms>,
    /// Every exchange rate.
    pub exchange_rates: Vec<ExchangeRate>,
}

impl MetaStore {
    /// The price book of a project.
    pub async fn prices(&self, scope: Scope) -> Result<HeldPrices, MetaError> {
        let mut transaction = self.begin().await?;
        let version: Option<i64> = sqlx::query_scalar(
            "SELECT max(c.version) FROM price_changes c JOIN projects p ON p.key = c.project_key
             WHERE p.tenant_key = $1 AND p.key = $2",
        )
        .bind(scope.tenant.0)
        .bind(scope.project.0)
        .fetch_one(&mut *transaction)
        .await?;
        let rows = sqlx::query(
            "SELECT c.* FROM prices c JOIN projects p ON p.key = c.project_key
             WHERE p.tenant_key = $1 AND p.key = $2
             ORDER BY c.provider, c.model, c.effective_from",
        )
        .bind(scope.tenant.0)
        .bind(scope.project.0)
        .fetch_all(&mut *transaction)
        .await?;
        let prices = rows.iter().map(price_of).collect::<Result<_, _>>()?;
        let mut held = HeldPrices {
            version: version.unwrap_or(0),
            prices,
            exchange_rates: exchange_rates(&mut transaction, scope).await?,
        };
        add_tiers(&mut transaction, scope, &mut held.prices).await?;
        Ok(held)
    }

    /// Replaces a project's book, and marks stored costs for restatement. A price that stays the same keeps
    /// its id. Returns the new version; `None` if the book is not at the expected version.
    pub async fn replace_prices(
        &self,
        scope: Scope,
        wanted: WantedPrices,
        audit: AuditRecord<'_>,
    ) -> Result<Option<i64>, MetaError> {
        let held = self.prices(scope).await?;
        let version = held.version;
        if wanted.expected.is_some_and(|expected| expected != version) {
            return Ok(None);
        }
        let mut transaction = self.begin().await?;
        let begun = sqlx::query(
            "INSERT INTO price_changes (id, project_key, version, actor, changed_at)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        )
        .bind(uuid_v7(self.now(), &*self.entropy).to_string())
        .bind(scope.project.0)
        .bind(version + 1)
        .bind(&audit.actor.name)
        .bind(self.now().0)
        .execute(&mut *transaction)
        .await?;
        if begun.rows_affected() == 0 {
            return Ok(None);
        }
        for delete in [
            "DELETE FROM price_tiers WHERE price_id IN (SELECT id FROM prices WHERE project_key = $1)",
            "DELETE FROM prices WHERE project_key = $1",
            "DELETE FROM exchange_rates WHERE project_key = $1",
        ] {
            sqlx::query(delete)
                .bind(scope.project.0)
                .execute(&mut *transaction)
                .await?;
        }
        for terms in wanted.prices {
            let same = held.prices.iter().find(|price| price.terms == terms);
            let id = same.map_or_else(
                || Arc::from(uuid_v7(self.now(), &*self.entropy).to_string()),
                |price| Arc::clone(&price.id),
            );
            self.insert_price(&mut transaction, scope, &terms.with_id(id))
                .await?;
        }
        for rate in &wanted.exchange_rates {
            insert_exchange_rate(&mut transaction, scope, rate).await?;
        }
        self.record_audit(&mut transaction, scope.tenant, Some(scope.project), audit)
            .await?;
        transaction.commit().await?;
        Ok(Some(version + 1))
    }

    async fn insert_price(
        &self,
        connection: &mut sqlx::SqliteConnection,
        scope: Scope,
        price: &Price,
    ) -> Result<(), MetaError> {
        let terms = &price.terms;
        let rates = &terms.tokens;
        sqlx::query(
            "INSERT INTO prices (id, project_key, provider, model, effective_from, input_per_million,
                output_per_million, per_call, created_at, currency, cache_read_per_million,
                cache_write_per_million, reasoning_per_million, per_unit, unit)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        )
        .bind(&*price.id)
        .bind(scope.project.0)
        .bind(&terms.provider)
        .bind(&terms.model)
        .bind(terms.from.0)
        .bind(number(rates.input))
        .bind(number(rates.output))
        .bind(number(terms.per_call))
        .bind(self.now().0)
        .bind(&terms.currency)
        .bind(number(rates.cache_read))
        .bind(number(rates.cache_write))
        .bind(number(rates.reasoning))
        .bind(number(terms.per_unit))
        .bind(&terms.unit)
        .execute(&mut *connection)
        .await?;
        for tier in &terms.tiers {
            insert_tier(connection, &price.id, tier).await?;
        }
        Ok(())
    }
}

fn number(rate: Option<Decimal>) -> Option<i64> {
    rate.map(|rate| rate.0)
}

async fn insert_tier(
    connection: &mut sqlx::SqliteConnection,
    price: &str,
    tier: &Tier,
) -> Result<(), MetaError> {
    sqlx::query(
        "INSERT INTO price_tiers (price_id, above, input_per_million, output_per_million,
            cache_read_per_million, cache_write_per_million, reasoning_per_million)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(price)
    .bind(tier.above_prompt_tokens)
    .bind(number(tier.rates.input))
    .bind(number(tier.rates.output))
    .bind(number(tier.rates.cache_read))
    .bind(number(tier.rates.cache_write))
    .bind(number(tier.rates.reasoning))
    .execute(connection)
    .await?;
    Ok(())
}

async fn insert_exchange_rate(
    connection: &mut sqlx::SqliteConnection,
    scope: Scope,
    rate: &ExchangeRate,
) -> Result<(), MetaError> {
    sqlx::query(
        "INSERT INTO exchange_rates (project_key, currency, effective_from, dollars)
         VALUES ($1, $2, $3, $4)",
    )
    .bind(scope.project.0)
    .bind(&rate.currency)
    .bind(rate.from.0)
    .bind(rate.dollars.0)
    .execute(connection)
    .await?;
    Ok(())
}

async fn exchange_rates(
    connection: &mut sqlx::SqliteConnection,
    scope: Scope,
) -> Result<Vec<ExchangeRate>, MetaError> {
    let rows = sqlx::query(
        "SELECT x.* FROM exchange_rates x JOIN projects p ON p.key = x.project_key
         WHERE p.tenant_key = $1 AND p.key = $2 ORDER BY x.currency, x.effective_from",
    )
    .bind(scope.tenant.0)
    .bind(scope.project.0)
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(ExchangeRate {
                currency: row.try_get("currency")?,
                from: Timestamp(row.try_get("effective_from")?),
                dollars: Decimal(row.try_get("dollars")?),
            })
        })
        .collect()
}

/// Adds to each price its tiers, lowest bound first.
async fn add_tiers(
    connection: &mut sqlx::SqliteConnection,
    scope: Scope,
    prices: &mut [Price],
) -> Result<(), MetaError> {
    let rows = sqlx::query(
        "SELECT t.* FROM price_tiers t JOIN prices c ON c.id = t.price_id
         JOIN projects p ON p.key = c.project_key
         WHERE p.tenant_key = $1 AND p.key = $2 ORDER BY t.price_id, t.above",
    )
    .bind(scope.tenant.0)
    .bind(scope.project.0)
    .fetch_all(connection)
    .await?;
    for row in &rows {
        let id: String = row.try_get("price_id")?;
        if let Some(price) = prices.iter_mut().find(|price| *price.id == *id) {
            price.terms.tiers.push(Tier {
                above_prompt_tokens: row.try_get("above")?,
                rates: rates_of(row)?,
            });
        }
    }
    Ok(())
}

fn rate(row: &SqliteRow, column: &str) -> Result<Option<Decimal>, MetaError> {
    Ok(row.try_get::<Option<i64>, _>(column)?.map(Decimal))
}

fn rates_of(row: &SqliteRow) -> Result<TokenRates, MetaError> {
    Ok(TokenRates {
        input: rate(row, "input_per_million")?,
        output: rate(row, "output_per_million")?,
        cache_read: rate(row, "cache_read_per_million")?,
        cache_write: rate(row, "cache_write_per_million")?,
        reasoning: rate(row, "reasoning_per_million")?,
    })
}

fn price_of(row: &SqliteRow) -> Result<Price, MetaError> {
    let terms = PriceTerms {
        provider: row.try_get("provider")?,
        model: row.try_get("model")?,
        from: Timestamp(row.try_get("effective_from")?),
        currency: row.try_get("currency")?,
        tokens: rates_of(row)?,
        per_call: rate(row, "per_call")?,
        per_unit: rate(row, "per_unit")?,
        unit: row.try_get("unit")?,
        tiers: Vec::new(),
    };
    Ok(terms.with_id(Arc::from(row.try_get::<String, _>("id")?)))
}
