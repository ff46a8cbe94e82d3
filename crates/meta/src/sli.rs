//! Service level targets of projects and workflows.
//!
//! Every row is reached through a [`Scope`], which only a principal gets.

mod windows;

use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;
use weir_model::{Scope, Timestamp};

use crate::{
    Actor, MetaError, MetaStore, audit::ProjectChange, entropy::uuid_v7, sqlite::uuid_column,
};

pub use windows::{SliWindow, SliWindowKey};

/// A service level target.
#[derive(Clone, Debug, PartialEq)]
pub struct SliTarget {
    /// The minimum percentage of runs that succeed.
    pub success_pct: f64,
    /// The maximum 95th percentile of durations in milliseconds.
    pub p95_ms: i64,
    /// The percentage points of failed runs that are tolerated beyond `100 - success_pct`.
    pub error_budget_pct: f64,
}

/// A target and how it is measured.
#[derive(Clone, Debug, PartialEq)]
pub struct SliSettings {
    /// The target.
    pub target: SliTarget,
    /// The length of the window, such as `7d`.
    pub window: String,
    /// The minimum number of finished runs for a verdict.
    pub minimum_runs: i64,
    /// The IANA time zone in which days begin.
    pub timezone: String,
}

/// The stored target of a workflow or a project.
#[derive(Clone, Debug, PartialEq)]
pub struct SliConfig {
    /// Public id.
    pub id: Uuid,
    /// The workflow; `None` for the whole project.
    pub workflow: Option<String>,
    /// The target and how it is measured.
    pub settings: SliSettings,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl MetaStore {
    /// The targets of a project: its own first, then those of its workflows by id.
    pub async fn sli_configs(&self, scope: Scope) -> Result<Vec<SliConfig>, MetaError> {
        let rows = sqlx::query(
            "SELECT * FROM sli_configs WHERE tenant_key = $1 AND project_key = $2
             ORDER BY workflow_id",
        )
        .bind(scope.tenant.0)
        .bind(scope.project.0)
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(config_of).collect()
    }

    /// The target of a workflow, or of the whole project.
    pub async fn sli_config(
        &self,
        scope: Scope,
        workflow: Option<&str>,
    ) -> Result<Option<SliConfig>, MetaError> {
        let mut connection = self.pool.acquire().await?;
        stored_config(&mut connection, scope, workflow).await
    }

    /// Sets the target of a workflow, or of the whole project, and records the change in the audit log.
    pub async fn put_sli_config(
        &self,
        scope: Scope,
        workflow: Option<&str>,
        settings: &SliSettings,
        actor: &Actor,
    ) -> Result<SliConfig, MetaError> {
        let now = self.now();
        let mut transaction = self.begin().await?;
        let before = stored_config(&mut transaction, scope, workflow).await?;
        let row = sqlx::query(
            "INSERT INTO sli_configs (id, tenant_key, project_key, workflow_id,
                target_success_pct, target_p95_ms, error_budget_pct, period, minimum_runs, timezone,
                created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
             ON CONFLICT (project_key, workflow_id) DO UPDATE SET
                target_success_pct = excluded.target_success_pct,
                target_p95_ms = excluded.target_p95_ms,
                error_budget_pct = excluded.error_budget_pct,
                period = excluded.period,
                minimum_runs = excluded.minimum_runs,
                timezone = excluded.timezone,
                updated_at = excluded.updated_at
             RETURNING *",
        )
        .bind(uuid_v7(now, &*self.entropy).to_string())
        .bind(scope.tenant.0)
        .bind(scope.project.0)
        .bind(workflow.unwrap_or_default())
        .bind(settings.target.success_pct)
        .bind(settings.target.p95_ms)
        .bind(settings.target.error_budget_pct)
        .bind(&settings.window)
        .bind(settings.minimum_runs)
        .bind(&settings.timezone)
        .bind(now.0)
        .fetch_one(&mut *transaction)
        .await?;
        let config = config_of(&row)?;
        let change = ProjectChange {
            actor,
            action: "sli_target.changed",
            subject: workflow.unwrap_or("project"),
            before: before.map(|before| as_json(&before.settings)),
            after: Some(as_json(settings)),
        };
        self.record_change(&mut transaction, scope, change).await?;
        transaction.commit().await?;
        Ok(config)
    }
}

async fn stored_config(
    connection: &mut SqliteConnection,
    scope: Scope,
    workflow: Option<&str>,
) -> Result<Option<SliConfig>, MetaError> {
    let row = sqlx::query(
        "SELECT * FROM sli_configs
         WHERE tenant_key = $1 AND project_key = $2 AND workflow_id = $3",
    )
    .bind(scope.tenant.0)
    .bind(scope.project.0)
    .bind(workflow.unwrap_or_default())
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(config_of).transpose()
}

fn as_json(settings: &SliSettings) -> serde_json::Value {
    serde_json::json!({
        "targetSuccessPct": settings.target.success_pct,
        "targetP95Ms": settings.target.p95_ms,
        "errorBudgetPct": settings.target.error_budget_pct,
        "window": settings.window,
        "minimumRuns": settings.minimum_runs,
        "timezone": settings.timezone,
    })
}

/// The workflow of a row; an empty id stands for the whole project.
fn workflow_of(row: &SqliteRow) -> Result<Option<String>, MetaError> {
    let id: String = row.try_get("workflow_id")?;
    Ok(Some(id).filter(|id| !id.is_empty()))
}

fn target_of(row: &SqliteRow) -> Result<SliTarget, MetaError> {
    Ok(SliTarget {
        success_pct: row.try_get("target_success_pct")?,
        p95_ms: row.try_get("target_p95_ms")?,
        error_budget_pct: row.try_get("error_budget_pct")?,
    })
}

fn config_of(row: &SqliteRow) -> Result<SliConfig, MetaError> {
    Ok(SliConfig {
        id: uuid_column(row, "id")?,
        workflow: workflow_of(row)?,
        settings: SliSettings {
            target: target_of(row)?,
            window: row.try_get("period")?,
            minimum_runs: row.try_get("minimum_runs")?,
            timezone: row.try_get("timezone")?,
        },
        created_at: Timestamp(row.try_get("created_at")?),
        updated_at: Timestamp(row.try_get("updated_at")?),
    })
}
