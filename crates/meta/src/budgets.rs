//! Budgets of tenants and projects.

use std::collections::HashMap;

use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;
use weir_model::{Decimal, ProjectKey, Scope, TenantKey, Timestamp};

use crate::{AuditRecord, MetaError, MetaStore, entropy::uuid_v7, sqlite::uuid_column};

/// Whose spending a budget limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BudgetLevel {
    /// All projects of the tenant together.
    Tenant,
    /// The project.
    Project,
    /// The workflow of the project with this id.
    Workflow(String),
    /// The user of the project with this id.
    User(String),
}

impl BudgetLevel {
    fn parts(&self) -> (&'static str, Option<&str>) {
        match self {
            BudgetLevel::Tenant => ("tenant", None),
            BudgetLevel::Project => ("project", None),
            BudgetLevel::Workflow(id) => ("workflow", Some(id)),
            BudgetLevel::User(id) => ("user", Some(id)),
        }
    }

    fn from_parts(level: &str, subject: Option<String>) -> Option<Self> {
        match (level, subject) {
            ("tenant", None) => Some(BudgetLevel::Tenant),
            ("project", None) => Some(BudgetLevel::Project),
            ("workflow", Some(id)) => Some(BudgetLevel::Workflow(id)),
            ("user", Some(id)) => Some(BudgetLevel::User(id)),
            _ => None,
        }
    }
}

/// A share of a budget at which an alert is raised.
#[derive(Clone, Debug, PartialEq)]
pub struct BudgetThreshold {
    /// What is compared with it: spending so far (`actual`) or the `forecast` for the period.
    pub basis: String,
    /// Percent of the budget.
    pub percent: f64,
}

/// The terms of a budget.
#[derive(Clone, Debug, PartialEq)]
pub struct BudgetTerms {
    /// Display name.
    pub name: String,
    /// Whose spending it limits.
    pub level: BudgetLevel,
    /// The metric that it limits: `cost` or `credits`.
    pub metric: String,
    /// The limit per period: US dollars or credits, as `metric` says.
    pub amount: Decimal,
    /// The length of a period: `day`, `week` or `month`.
    pub period: String,
    /// The IANA time zone in which periods begin.
    pub timezone: String,
    /// The shares at which an alert is raised.
    pub thresholds: Vec<BudgetThreshold>,
}

/// A stored budget.
#[derive(Clone, Debug, PartialEq)]
pub struct Budget {
    pub(crate) key: i64,
    /// Public id.
    pub id: Uuid,
    /// The tenant that it belongs to.
    pub tenant: TenantKey,
    /// The project that it belongs to; `None` for a budget of the tenant.
    pub project: Option<ProjectKey>,
    /// Its terms.
    pub terms: BudgetTerms,
    /// When it was last changed.
    pub changed_at: Timestamp,
}

/// The condition for visible budgets. `$1` is the tenant, `$2` the project, and `$3` says whether the budgets
/// of the tenant are visible too.
pub(crate) const VISIBLE: &str =
    "tenant_key = $1 AND (project_key = $2 OR ($3 AND project_key IS NULL))";

impl MetaStore {
    /// The budgets of a project, in the order of their creation. With `with_tenant`, includes those of its
    /// tenant.
    pub async fn budgets(&self, scope: Scope, with_tenant: bool) -> Result<Vec<Budget>, MetaError> {
        let sql = format!("SELECT * FROM budgets WHERE {VISIBLE} ORDER BY key");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(scope.tenant.0)
            .bind(scope.project.0)
            .bind(with_tenant)
            .fetch_all(&self.pool)
            .await?;
        self.with_thresholds(&rows).await
    }

    /// Every budget of every tenant. For jobs only: a request has the scope of its caller.
    pub async fn every_budget(&self) -> Result<Vec<Budget>, MetaError> {
        let rows = sqlx::query("SELECT * FROM budgets ORDER BY key")
            .fetch_all(&self.pool)
            .await?;
        self.with_thresholds(&rows).await
    }

    /// The projects whose spending counts towards a budget.
    pub async fn scopes_of(&self, budget: &Budget) -> Result<Vec<Scope>, MetaError> {
        let rows = sqlx::query(
            "SELECT key FROM projects WHERE tenant_key = $1 AND ($2 IS NULL OR key = $2) ORDER BY key",
        )
        .bind(budget.tenant.0)
        .bind(budget.project.map(|project| project.0))
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| Ok(Scope::new(budget.tenant.0, row.try_get("key")?)))
            .collect()
    }

    async fn with_thresholds(&self, rows: &[SqliteRow]) -> Result<Vec<Budget>, MetaError> {
        let found = sqlx::query("SELECT * FROM budget_thresholds ORDER BY percent, basis")
            .fetch_all(&self.pool)
            .await?;
        let mut thresholds: HashMap<i64, Vec<BudgetThreshold>> = HashMap::new();
        for row in &found {
            let of = thresholds.entry(row.try_get("budget_key")?).or_default();
            of.push(threshold_of(row)?);
        }
        rows.iter()
            .map(|row| {
                let of = thresholds.remove(&row.try_get("key")?);
                budget_of(row, of.unwrap_or_default())
            })
            .collect()
    }

    /// Replaces all budgets that [`MetaStore::budgets`] lists. Those with an id are changed, those without
    /// are created, and the rest are deleted with their alerts. Returns the first id that is not in that
    /// list, if any; then nothing is changed.
    pub async fn replace_budgets(
        &self,
        scope: Scope,
        with_tenant: bool,
        wanted: &[(Option<Uuid>, BudgetTerms)],
        audit: AuditRecord<'_>,
    ) -> Result<Option<Uuid>, MetaError> {
        let mut transaction = self.begin().await?;
        let sql = format!("SELECT key, id FROM budgets WHERE {VISIBLE}");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(scope.tenant.0)
            .bind(scope.project.0)
            .bind(with_tenant)
            .fetch_all(&mut *transaction)
            .await?;
        let mut known: HashMap<Uuid, i64> = HashMap::new();
        for row in &rows {
            known.insert(uuid_column(row, "id")?, row.try_get("key")?);
        }
        for (id, terms) in wanted {
            let key = match id {
                None => None,
                Some(id) => match known.remove(id) {
                    Some(key) => Some(key),
                    None => return Ok(Some(*id)),
                },
            };
            self.write_budget(&mut transaction, scope, key, terms)
                .await?;
        }
        for key in known.into_values() {
            sqlx::query("DELETE FROM budgets WHERE key = $1")
                .bind(key)
                .execute(&mut *transaction)
                .await?;
        }
        self.record_audit(&mut transaction, scope.tenant, Some(scope.project), audit)
            .await?;
        transaction.commit().await?;
        Ok(None)
    }

    async fn write_budget(
        &self,
        connection: &mut SqliteConnection,
        scope: Scope,
        key: Option<i64>,
        terms: &BudgetTerms,
    ) -> Result<(), MetaError> {
        let (level, subject) = terms.level.parts();
        let project = (terms.level != BudgetLevel::Tenant).then_some(scope.project.0);
        let key: i64 = sqlx::query_scalar(
            "INSERT INTO budgets (key, id, tenant_key, project_key, name, level, subject, metric, amount, period,
                timezone, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
             ON CONFLICT (key) DO UPDATE SET project_key = excluded.project_key, name = excluded.name,
                level = excluded.level, subject = excluded.subject, metric = excluded.metric,
                amount = excluded.amount, period = excluded.period, timezone = excluded.timezone,
                changed_at = excluded.changed_at
             RETURNING key",
        )
        .bind(key)
        .bind(uuid_v7(self.now(), &*self.entropy).to_string())
        .bind(scope.tenant.0)
        .bind(project)
        .bind(&terms.name)
        .bind(level)
        .bind(subject)
        .bind(&terms.metric)
        .bind(terms.amount.0)
        .bind(&terms.period)
        .bind(&terms.timezone)
        .bind(self.now().0)
        .fetch_one(&mut *connection)
        .await?;
        write_thresholds(connection, key, &terms.thresholds).await
    }
}

async fn write_thresholds(
    connection: &mut SqliteConnection,
    budget: i64,
    thresholds: &[BudgetThreshold],
) -> Result<(), MetaError> {
    sqlx::query("DELETE FROM budget_thresholds WHERE budget_key = $1")
        .bind(budget)
        .execute(&mut *connection)
        .await?;
    for threshold in thresholds {
        let insert =
            "INSERT INTO budget_thresholds (budget_key, basis, percent) VALUES ($1, $2, $3)";
        sqlx::query(insert)
            .bind(budget)
            .bind(&threshold.basis)
            .bind(threshold.percent)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

pub(crate) fn threshold_of(row: &SqliteRow) -> Result<BudgetThreshold, MetaError> {
    Ok(BudgetThreshold {
        basis: row.try_get("basis")?,
        percent: row.try_get("percent")?,
    })
}

fn budget_of(row: &SqliteRow, thresholds: Vec<BudgetThreshold>) -> Result<Budget, MetaError> {
    let level = BudgetLevel::from_parts(row.try_get("level")?, row.try_get("subject")?);
    let project: Option<i32> = row.try_get("project_key")?;
    Ok(Budget {
        key: row.try_get("key")?,
        id: uuid_column(row, "id")?,
        tenant: TenantKey(row.try_get("tenant_key")?),
        project: project.map(ProjectKey),
        terms: BudgetTerms {
            name: row.try_get("name")?,
            level: level.ok_or(MetaError::Damaged("level of a budget"))?,
            metric: row.try_get("metric")?,
            amount: Decimal(row.try_get("amount")?),
            period: row.try_get("period")?,
            timezone: row.try_get("timezone")?,
            thresholds,
        },
        changed_at: Timestamp(row.try_get("changed_at")?),
    })
}
