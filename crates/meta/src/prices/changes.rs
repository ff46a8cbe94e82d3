//! Changes of the price book, and the restatements of stored costs that they require.

use sqlx::{Row, sqlite::SqliteRow};
use uuid::Uuid;
use weir_model::{Decimal, Scope, Timestamp};

use crate::{AuditRecord, MetaError, MetaStore, sqlite::uuid_column};

/// A change of the price book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceChange {
    /// Public id.
    pub id: Uuid,
    /// The version of the book after this change.
    pub version: i64,
    /// Who changed it, as in the audit log.
    pub actor: String,
    /// When it was changed.
    pub changed_at: Timestamp,
    /// How stored costs were restated; `None` until that is done.
    pub restated: Option<Restatement>,
}

/// How a change of prices changed stored costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restatement {
    /// When they were restated.
    pub at: Timestamp,
    /// Number of cost records whose amount changed.
    pub records: i64,
    /// The total of these records before, in US dollars.
    pub before: Decimal,
    /// The total of these records afterwards, in US dollars.
    pub after: Decimal,
}

impl MetaStore {
    /// Records that stored costs follow the book up to this version.
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

    /// The projects whose stored costs do not follow their book yet, with the version of the book. A start
    /// uses it to complete what a crash interrupted.
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

    /// The changes of a project's book, newest first, at most `limit`.
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
