//! Windows of time that were measured against a target.

use sqlx::{Row, sqlite::SqliteRow};
use weir_model::{Scope, Timestamp};

use super::{SliTarget, target_of, workflow_of};
use crate::{MetaError, MetaStore};

/// The key of a window, unique within a project.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SliWindowKey {
    /// The workflow; `None` for the whole project.
    pub workflow: Option<String>,
    /// Its length, such as `7d`.
    pub window: String,
    /// Its end, exclusive.
    pub end: Timestamp,
}

/// A measured window.
#[derive(Clone, Debug, PartialEq)]
pub struct SliWindow {
    /// Its key.
    pub key: SliWindowKey,
    /// Its start, inclusive.
    pub start: Timestamp,
    /// Number of runs that succeeded.
    pub successful_runs: i64,
    /// Number of runs that failed.
    pub failed_runs: i64,
    /// Percentage of runs that succeeded; `None` without runs.
    pub success_pct: Option<f64>,
    /// 95th percentile of durations in milliseconds; `None` without durations.
    pub p95_ms: Option<f64>,
    /// The percentage of the error budget that was spent; `None` if it is unknown.
    pub error_budget_burn_pct: Option<f64>,
    /// Whether a target was missed.
    pub violates_target: bool,
    /// The verdict on the success rate, given its confidence bounds.
    pub verdict: String,
    /// The target at the time of the measurement.
    pub target: SliTarget,
    /// The last commit that the measurement includes.
    pub watermark: i64,
    /// When it was first measured.
    pub created_at: Timestamp,
    /// When it was last measured.
    pub updated_at: Timestamp,
}

impl MetaStore {
    /// The measured windows of one length of a workflow or the whole project, newest first, at most `most`.
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

    /// Deletes the windows of a project that ended before this moment; returns how many.
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

    /// Stores a measured window, which replaces an earlier measurement of it. Sets `created_at` and
    /// `updated_at` itself.
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
