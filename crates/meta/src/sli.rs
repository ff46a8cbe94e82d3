//! Service level targets of projects and workflows, and the windows measured against them.
//!
//! Every row is reached by a [`Scope`], which only a principal is given.

use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;
use weir_model::{Scope, Timestamp};

use crate::{
    Actor, MetaError, MetaStore, audit::ProjectChange, entropy::uuid_v7, keys::uuid_column,
};

/// What was promised.
#[derive(Clone, Debug, PartialEq)]
pub struct SliTarget {
    /// The least percentage of runs that succeed.
    pub success_pct: f64,
    /// The longest 95th percentile of durations in milliseconds.
    pub p95_ms: i64,
    /// How many percent more may fail.
    pub error_budget_pct: f64,
}

/// How a project or a workflow is held to its target.
#[derive(Clone, Debug, PartialEq)]
pub struct SliSettings {
    /// What was promised.
    pub target: SliTarget,
    /// Over which length of time: `7d`.
    pub window: String,
    /// Fewer runs are not judged.
    pub minimum_runs: i64,
    /// The zone in which days begin.
    pub timezone: String,
}

/// Stored settings.
#[derive(Clone, Debug, PartialEq)]
pub struct SliConfig {
    /// Public id.
    pub id: Uuid,
    /// The workflow; `None` for the whole project.
    pub workflow: Option<String>,
    /// How it is judged.
    pub settings: SliSettings,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// Which window it is: unique within a project.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SliWindowKey {
    /// The workflow; `None` for the whole project.
    pub workflow: Option<String>,
    /// Its length: `7d`.
    pub window: String,
    /// The first moment after it.
    pub end: Timestamp,
}

/// A measured window.
#[derive(Clone, Debug, PartialEq)]
pub struct SliWindow {
    /// Which one.
    pub key: SliWindowKey,
    /// Its first moment.
    pub start: Timestamp,
    /// Runs that succeeded.
    pub successful_runs: i64,
    /// Runs that failed.
    pub failed_runs: i64,
    /// Percentage of runs that succeeded; `None` without runs.
    pub success_pct: Option<f64>,
    /// 95th percentile of durations in milliseconds; `None` without durations.
    pub p95_ms: Option<f64>,
    /// How much of the error budget was spent, in percent.
    pub error_budget_burn_pct: Option<f64>,
    /// Whether a target was missed.
    pub violates_target: bool,
    /// How the success rate stands with its bounds.
    pub verdict: String,
    /// What was promised when it was measured.
    pub target: SliTarget,
    /// The last commit that it knows of.
    pub watermark: i64,
    /// When it was first measured.
    pub created_at: Timestamp,
    /// When it was last measured.
    pub updated_at: Timestamp,
}

impl MetaStore {
    /// Every project, for jobs: a request has the scope of its caller.
    pub async fn every_scope(&self) -> Result<Vec<Scope>, MetaError> {
        let rows = sqlx::query("SELECT tenant_key, key FROM projects ORDER BY key")
            .fetch_all(&self.pool)
            .await?;
        rows.iter()
            .map(|row| Ok(Scope::new(row.try_get("tenant_key")?, row.try_get("key")?)))
            .collect()
    }

    /// The targets of a project: its own first, then those of workflows by id.
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

    /// Sets the target of a workflow, or of the whole project.
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

    /// The windows of one length measured for a workflow or the whole project, newest first.
    pub async fn sli_windows(
        &self,
        scope: Scope,
        workflow: Option<&str>,
        window: &str,
        most: u32,
    ) -> Result<Vec<SliWindow>, MetaError> {
        let rows = sqlx::query(
            "SELECT * FROM sli_windows
             WHERE tenant_key = $1 AND project_key = $2 AND workflow_id = $3 AND period = $4
             ORDER BY window_end DESC LIMIT $5",
        )
        .bind(scope.tenant.0)
        .bind(scope.project.0)
        .bind(workflow.unwrap_or_default())
        .bind(window)
        .bind(most)
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(window_of).collect()
    }

    /// Deletes the windows of a project that ended before a moment; how many there were.
    pub async fn prune_sli_windows(
        &self,
        scope: Scope,
        before: Timestamp,
    ) -> Result<u64, MetaError> {
        let done = sqlx::query(
            "DELETE FROM sli_windows
             WHERE tenant_key = $1 AND project_key = $2 AND window_end < $3",
        )
        .bind(scope.tenant.0)
        .bind(scope.project.0)
        .bind(before.0)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected())
    }

    /// Stores a measured window in place of an earlier measurement; its times of making are set here.
    pub async fn put_sli_window(&self, scope: Scope, window: &SliWindow) -> Result<(), MetaError> {
        sqlx::query(
            "INSERT INTO sli_windows (tenant_key, project_key, workflow_id, period,
                window_start, window_end, successful_runs, failed_runs, success_pct, p95_ms,
                error_budget_burn_pct, violates_target, verdict, target_success_pct, target_p95_ms,
                error_budget_pct, watermark, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
                $18, $18)
             ON CONFLICT (project_key, workflow_id, period, window_end) DO UPDATE SET
                window_start = excluded.window_start,
                successful_runs = excluded.successful_runs,
                failed_runs = excluded.failed_runs,
                success_pct = excluded.success_pct,
                p95_ms = excluded.p95_ms,
                error_budget_burn_pct = excluded.error_budget_burn_pct,
                violates_target = excluded.violates_target,
                verdict = excluded.verdict,
                target_success_pct = excluded.target_success_pct,
                target_p95_ms = excluded.target_p95_ms,
                error_budget_pct = excluded.error_budget_pct,
                watermark = excluded.watermark,
                updated_at = excluded.updated_at",
        )
        .bind(scope.tenant.0)
        .bind(scope.project.0)
        .bind(window.key.workflow.as_deref().unwrap_or_default())
        .bind(&window.key.window)
        .bind(window.start.0)
        .bind(window.key.end.0)
        .bind(window.successful_runs)
        .bind(window.failed_runs)
        .bind(window.success_pct)
        .bind(window.p95_ms)
        .bind(window.error_budget_burn_pct)
        .bind(window.violates_target)
        .bind(&window.verdict)
        .bind(window.target.success_pct)
        .bind(window.target.p95_ms)
        .bind(window.target.error_budget_pct)
        .bind(window.watermark)
        .bind(self.now().0)
        .execute(&self.pool)
        .await?;
        Ok(())
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

/// An empty id stands for the whole project.
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

fn window_of(row: &SqliteRow) -> Result<SliWindow, MetaError> {
    Ok(SliWindow {
        key: SliWindowKey {
            workflow: workflow_of(row)?,
            window: row.try_get("period")?,
            end: Timestamp(row.try_get("window_end")?),
        },
        start: Timestamp(row.try_get("window_start")?),
        successful_runs: row.try_get("successful_runs")?,
        failed_runs: row.try_get("failed_runs")?,
        success_pct: row.try_get("success_pct")?,
        p95_ms: row.try_get("p95_ms")?,
        error_budget_burn_pct: row.try_get("error_budget_burn_pct")?,
        violates_target: row.try_get("violates_target")?,
        verdict: row.try_get("verdict")?,
        target: target_of(row)?,
        watermark: row.try_get("watermark")?,
        created_at: Timestamp(row.try_get("created_at")?),
        updated_at: Timestamp(row.try_get("updated_at")?),
    })
}
