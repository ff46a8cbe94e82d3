//! The whole dashboard in one response.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    EnvironmentHealth, Kpis, Observed, SortBy, SystemStatus, TimeRangeView, WorkflowTable,
};
use crate::{
    AppError, Reading,
    privacy::Viewer,
    query::Freshness,
    views::{
        Versioned,
        errors::{ErrorIntelligence, WantedGroups},
    },
};

/// How many workflows the dashboard lists.
const WORKFLOWS: u32 = 10;
/// How many error groups the dashboard lists.
const ERRORS: i64 = 10;

/// The response of `GET /api/v1/observability/overview`.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObservabilityOverview {
    /// The time range of all parts.
    #[serde(flatten)]
    pub time: TimeRangeView,
    /// Key figures with a sparkline.
    pub kpis: Kpis,
    /// The workflows with the most executions.
    pub workflows: WorkflowTable,
    /// The health of environments.
    pub environments: EnvironmentHealth,
    /// The most frequent error groups.
    pub errors: ErrorIntelligence,
    /// The system status.
    pub status: SystemStatus,
}

impl Reading {
    /// The whole dashboard. Fails if the frame is not valid or the store fails.
    pub async fn observability_overview(
        &self,
        viewer: Viewer,
        wanted: &Observed,
        freshness: Freshness,
    ) -> Result<Versioned<ObservabilityOverview>, AppError> {
        let observation = self.observation(viewer, wanted).await?;
        let kpis = self.kpis(viewer, &observation, freshness).await?;
        let workflows = self
            .workflow_table(
                viewer,
                &observation,
                SortBy::default(),
                Some(WORKFLOWS),
                freshness,
            )
            .await?;
        let environments = self
            .environment_health(viewer, &observation, freshness)
            .await?;
        let groups = WantedGroups {
            limit: Some(ERRORS),
            ..WantedGroups::default()
        };
        let errors = self
            .error_intelligence(viewer, &observation.frame, &groups, freshness)
            .await?;
        let status = self.system_status(viewer, &observation, freshness).await?;
        let body = ObservabilityOverview {
            time: kpis.body.time.clone(),
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
