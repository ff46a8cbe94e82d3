//! The price book of a project, and the restatements that its changes call for.

use std::sync::Arc;

use sqlx::{Row, sqlite::SqliteRow};
use uuid::Uuid;
use weir_model::{Decimal, Scope, Timestamp, price::Price};

use crate::{AuditRecord, MetaError, MetaStore, entropy::uuid_v7, keys::uuid_column};

/// A price without an id yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceTerms {
    /// Who is paid.
    pub provider: String,
    /// For which model; `None` for every model without a price of its own.
    pub model: Option<String>,
    /// From when on.
    pub from: Timestamp,
    /// US dollars for a million tokens sent.
    pub input_per_million: Option<Decimal>,
    /// US dollars for a million tokens received.
    pub output_per_million: Option<Decimal>,
    /// US dollars for a call.
    pub per_call: Option<Decimal>,
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

impl PriceTerms {
    fn is(&self, price: &Price) -> bool {
        self.provider == price.provider
            && self.model == price.model
            && self.from == price.from
            && self.input_per_million == price.input_per_million
            && self.output_per_million == price.output_per_million
            && self.per_call == price.per_call
    }

    /// The price with an id.
    pub fn with_id(self, id: Arc<str>) -> Price {
        Price {
            id,
            provider: self.provider,
            model: self.model,
            from: self.from,
            input_per_million: self.input_per_million,
            output_per_million: self.output_per_million,
            per_call: self.per_call,
        }
    }
}

impl MetaStore {
    /// The version of a project's book, 0 before the first, and its prices.
    pub async fn prices(&self, scope: Scope) -> Result<(i64, Vec<Price>), MetaError> {
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
        Ok((version.unwrap_or(0), prices))
    }

    /// Puts prices in place of a project's book, and asks for a restatement. A price that stays the same
    /// keeps its id. Returns the new version; `None` if the book is not at the version expected.
    pub async fn replace_prices(
        &self,
        scope: Scope,
        expected: Option<i64>,
        wanted: Vec<PriceTerms>,
        audit: AuditRecord<'_>,
    ) -> Result<Option<i64>, MetaError> {
        let (version, held) = self.prices(scope).await?;
        if expected.is_some_and(|expected| expected != version) {
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
        sqlx::query("DELETE FROM prices WHERE project_key = $1")
            .bind(scope.project.0)
            .execute(&mut *transaction)
            .await?;
        for terms in wanted {
            let same = held.iter().find(|price| terms.is(price));
            let id = same.map_or_else(
                || Arc::from(uuid_v7(self.now(), &*self.entropy).to_string()),
                |price| Arc::clone(&price.id),
            );
            self.insert_price(&mut transaction, scope, &terms.with_id(id))
                .await?;
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
        let rate = |rate: Option<Decimal>| rate.map(|rate| rate.0);
        sqlx::query(
            "INSERT INTO prices (id, project_key, provider, model, effective_from, input_per_million,
                output_per_million, per_call, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(&*price.id)
        .bind(scope.project.0)
        .bind(&price.provider)
        .bind(&price.model)
        .bind(price.from.0)
        .bind(rate(price.input_per_million))
        .bind(rate(price.output_per_million))
        .bind(rate(price.per_call))
        .bind(self.now().0)
        .execute(connection)
        .await?;
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

fn price_of(row: &SqliteRow) -> Result<Price, MetaError> {
    let rate = |column: &str| -> Result<Option<Decimal>, MetaError> {
        Ok(row.try_get::<Option<i64>, _>(column)?.map(Decimal))
    };
    Ok(Price {
        id: Arc::from(row.try_get::<String, _>("id")?),
        provider: row.try_get("provider")?,
        model: row.try_get("model")?,
        from: Timestamp(row.try_get("effective_from")?),
        input_per_million: rate("input_per_million")?,
        output_per_million: rate("output_per_million")?,
        per_call: rate("per_call")?,
    })
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
