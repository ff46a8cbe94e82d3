//! The price book of a project, and the restatements that its changes call for.

use std::sync::Arc;

use sqlx::{Row, sqlite::SqliteRow};
use uuid::Uuid;
use weir_model::{
    Decimal, Scope, Timestamp,
    price::{ExchangeRate, Price, PriceBook, PriceTerms, Tier, TokenRates},
};

use crate::{AuditRecord, MetaError, MetaStore, entropy::uuid_v7, keys::uuid_column};

/// A project's book: its version, 0 before the first, and what it says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeldPrices {
    /// Grows by one with every change.
    pub version: i64,
    /// By provider, model and date.
    pub prices: Vec<Price>,
    /// By currency and date.
    pub exchange_rates: Vec<ExchangeRate>,
}

impl HeldPrices {
    /// The book.
    pub fn book(self) -> PriceBook {
        PriceBook::new(self.prices, self.exchange_rates)
    }
}

/// What a book is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedPrices {
    /// The version that it is made from; `None` for whichever it is.
    pub expected: Option<i64>,
    /// Every price.
    pub prices: Vec<PriceTerms>,
    /// Every exchange rate.
    pub exchange_rates: Vec<ExchangeRate>,
}

/// A change of the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceChange {
    /// Public id.
    pub id: Uuid,
    /// The book's version from this change on.
    pub version: i64,
    /// Who changed it.
    pub actor: String,
    /// When.
    pub changed_at: Timestamp,
    /// What it did to stored costs; `None` while that is not done.
    pub restated: Option<Restatement>,
}

/// What a change of prices did to stored costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restatement {
    /// When it was done.
    pub at: Timestamp,
    /// Cost records that have another amount now.
    pub records: i64,
    /// What these came to before.
    pub before: Decimal,
    /// What they come to now.
    pub after: Decimal,
}

impl MetaStore {
    /// A project's book.
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

    /// Puts prices and exchange rates in place of a project's book, and asks for a restatement. A price
    /// that stays the same keeps its id. Returns the new version; `None` if the book is not at the version
    /// expected.
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

    /// Writes down that stored costs follow the book up to a version.
    pub async fn finish_price_change(
        &self,
        scope: Scope,
        version: i64,
        restatement: Restatement,
        audit: AuditRecord<'_>,
    ) -> Result<(), MetaError> {
        let mut transaction = self.begin().await?;
        sqlx::query(
            "UPDATE price_changes SET restated_at = $1, records = $2, amount_before = $3, amount_after = $4
             WHERE project_key = $5 AND version <= $6 AND restated_at IS NULL",
        )
        .bind(restatement.at.0)
        .bind(restatement.records)
        .bind(restatement.before.0)
        .bind(restatement.after.0)
        .bind(scope.project.0)
        .bind(version)
        .execute(&mut *transaction)
        .await?;
        self.record_audit(&mut transaction, scope.tenant, Some(scope.project), audit)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The projects whose stored costs do not follow their book yet, with the book's version: what a
    /// crash left undone.
    pub async fn unfinished_price_changes(&self) -> Result<Vec<(Scope, i64)>, MetaError> {
        let rows = sqlx::query(
            "SELECT p.tenant_key, p.key, max(c.version) AS version
             FROM price_changes c JOIN projects p ON p.key = c.project_key
             GROUP BY p.key HAVING sum(c.restated_at IS NULL) > 0 ORDER BY p.key",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                let scope = Scope::new(row.try_get("tenant_key")?, row.try_get("key")?);
                Ok((scope, row.try_get("version")?))
            })
            .collect()
    }

    /// The changes of a project's book, the newest first.
    pub async fn price_changes(
        &self,
        scope: Scope,
        limit: u32,
    ) -> Result<Vec<PriceChange>, MetaError> {
        let rows = sqlx::query(
            "SELECT c.* FROM price_changes c JOIN projects p ON p.key = c.project_key
             WHERE p.tenant_key = $1 AND p.key = $2 ORDER BY c.key DESC LIMIT $3",
        )
        .bind(scope.tenant.0)
        .bind(scope.project.0)
        .bind(limit)
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(change_of).collect()
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

/// Gives prices their tiers, lower bounds first.
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

fn change_of(row: &SqliteRow) -> Result<PriceChange, MetaError> {
    let restated_at: Option<i64> = row.try_get("restated_at")?;
    let number = |column: &str| -> Result<i64, MetaError> {
        Ok(row.try_get::<Option<i64>, _>(column)?.unwrap_or(0))
    };
    let restated = match restated_at {
        None => None,
        Some(at) => Some(Restatement {
            at: Timestamp(at),
            records: number("records")?,
            before: Decimal(number("amount_before")?),
            after: Decimal(number("amount_after")?),
        }),
    };
    Ok(PriceChange {
        id: uuid_column(row, "id")?,
        version: row.try_get("version")?,
        actor: row.try_get("actor")?,
        changed_at: Timestamp(row.try_get("changed_at")?),
        restated,
    })
}
