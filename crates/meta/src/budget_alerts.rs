//! Budget alerts: each threshold alerts once per period.

use sqlx::{Row, sqlite::SqliteRow};
use uuid::Uuid;
use weir_model::{Decimal, Scope, TimeRange, Timestamp};

use crate::{
    Budget, BudgetThreshold, MetaError, MetaStore,
    budgets::{VISIBLE, threshold_of},
    entropy::uuid_v7,
    sqlite::uuid_column,
};

/// An alert: a threshold was reached in a period.
#[derive(Clone, Debug, PartialEq)]
pub struct BudgetAlert {
    /// Public id.
    pub id: Uuid,
    /// The budget's public id.
    pub budget: Uuid,
    /// The threshold that was reached.
    pub threshold: BudgetThreshold,
    /// The period of the budget in which it was reached.
    pub period: TimeRange,
    /// The amount spent or forecast, in the unit of the budget.
    pub value: Decimal,
    /// The amount of the budget at that time.
    pub amount: Decimal,
    /// When the alert was recorded.
    pub fired_at: Timestamp,
}

/// A threshold that has been reached in the current period.
#[derive(Clone, Debug)]
pub struct Reached<'a> {
    /// The threshold that was reached.
    pub threshold: &'a BudgetThreshold,
    /// The current period of the budget.
    pub period: TimeRange,
    /// The amount spent or forecast, in the unit of the budget.
    pub value: Decimal,
}

impl MetaStore {
    /// Records that a threshold has been reached, once per period. Returns whether the alert is new; `false`
    /// also if the budget no longer exists.
    pub async fn fire(&self, budget: &Budget, reached: &Reached<'_>) -> Result<bool, MetaError> {
        let done = sqlx::query(
            "INSERT INTO budget_alerts (id, budget_key, basis, percent, period_from, period_to, value, amount, fired_at)
             SELECT $1, key, $2, $3, $4, $5, $6, $7, $8 FROM budgets WHERE key = $9
             ON CONFLICT DO NOTHING",
        )
        .bind(uuid_v7(self.now(), &*self.entropy).to_string())
        .bind(&reached.threshold.basis)
        .bind(reached.threshold.percent)
        .bind(reached.period.from.0)
        .bind(reached.period.to.0)
        .bind(reached.value.0)
        .bind(budget.terms.amount.0)
        .bind(self.now().0)
        .bind(budget.key)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// The alerts of the budgets that [`MetaStore::budgets`] lists, newest first, at most `limit`.
    pub async fn budget_alerts(
        &self,
        scope: Scope,
        with_tenant: bool,
        limit: u32,
    ) -> Result<Vec<BudgetAlert>, MetaError> {
        let sql = format!(
            "SELECT a.*, b.id AS budget FROM budget_alerts a JOIN budgets b ON b.key = a.budget_key
             WHERE {VISIBLE} ORDER BY a.key DESC LIMIT $4"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(scope.tenant.0)
            .bind(scope.project.0)
            .bind(with_tenant)
            .bind(limit)
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(alert_of).collect()
    }
}

fn alert_of(row: &SqliteRow) -> Result<BudgetAlert, MetaError> {
    Ok(BudgetAlert {
        id: uuid_column(row, "id")?,
        budget: uuid_column(row, "budget")?,
        threshold: threshold_of(row)?,
        period: TimeRange::new(row.try_get("period_from")?, row.try_get("period_to")?),
        value: Decimal(row.try_get("value")?),
        amount: Decimal(row.try_get("amount")?),
        fired_at: Timestamp(row.try_get("fired_at")?),
    })
}
