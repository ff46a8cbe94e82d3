//! The whole dashboard in one answer.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    EnvironmentHealth, Kpis, Observed, SortBy, SystemStatus, TimeRangeView, WorkflowTable,
    sparkline_interval,
};
use crate::app::{
    App, AppError,
    privacy::Viewer,
    query::Freshness,
    views::{
        Versioned,
        errors::{ErrorIntelligence, WantedGroups},
    },
};

/// Workflows in the dashboard.
const WORKFLOWS: u32 = 10;
/// Groups of errors in the dashboard.
const ERRORS: i64 = 10;

/// `GET /api/v1/observability/overview`.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObservabilityOverview {
    /// What every part covers.
    #[serde(flatten)]
    pub time: TimeRangeView,
    /// Key figures with a sparkline.
    pub kpis: Kpis,
    /// The workflows that ran most.
    pub workflows: WorkflowTable,
    /// The environments and how well they are.
    pub environments: EnvironmentHealth,
    /// The most frequent groups of errors.
    pub errors: ErrorIntelligence,
    /// What is noteworthy.
    pub status: SystemStatus,
}

impl App {
    /// The whole dashboard.
    pub async fn observability_overview(
        &self,
        viewer: Viewer,
        wanted: &Observed,
        freshness: Freshness,
    ) -> Result<Versioned<ObservabilityOverview>, AppError> {
        let (range, frame, _) = self.observed(viewer, wanted, Some(sparkline_interval))?;
        let part = Observed {
            time_range: None,
            frame,
        };
        let kpis = self.observability_kpis(viewer, &part, freshness).await?;
        let workflows = self
            .observability_workflows(viewer, &part, SortBy::default(), Some(WORKFLOWS), freshness)
            .await?;
        let environments = self
            .observability_environments(viewer, &part, freshness)
            .await?;
        let groups = WantedGroups {
            limit: Some(ERRORS),
            ..WantedGroups::default()
        };
        let errors = self
            .error_intelligence(viewer, &part.frame, &groups, freshness)
            .await?;
        let status = self.observability_status(viewer, &part, freshness).await?;
        let body = ObservabilityOverview {
            time: wanted.view(range, &kpis.body.time.timezone),
            kpis: kpis.body,
            workflows: workflows.body,
            environments: environments.body,
            errors: errors.body,
            status: status.body,
        };
        Ok(Versioned {
            body,
            version: kpis.version,
        })
    }
}
