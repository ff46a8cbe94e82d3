//! The manual refresh. Rollups are updated with every commit, so there is nothing to aggregate: a refresh
//! computes the views of a workflow again and replaces their cached answers.

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::Timestamp;

use super::{EnrolmentRequest, FunnelRequest, enrolment::EnrolmentSummary};
use crate::{
    AppError, Reading,
    privacy::Viewer,
    query::Freshness,
    views::{Meta, RangeView},
};

/// The result of a refresh.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkflowRefresh {
    /// The workflow's id.
    pub workflow_id: String,
    /// When the refresh ran.
    #[schema(value_type = String, format = "date-time")]
    pub refreshed_at: Timestamp,
    /// The time range covered.
    pub range: RangeView,
    /// The views that were computed again.
    pub refreshed: [&'static str; 3],
    /// The new totals.
    pub summary: EnrolmentSummary,
    /// How this answer was computed.
    pub meta: Meta,
}

impl Reading {
    /// Computes the views of a workflow again. Fails if one of them fails.
    pub async fn refresh_workflow(
        &self,
        viewer: Viewer,
        workflow: &str,
        request: &EnrolmentRequest,
    ) -> Result<WorkflowRefresh, AppError> {
        let computed = Freshness::Computed;
        let found = self
            .workflow_analytics(viewer, workflow, request, computed)
            .await?;
        let frame = &request.frame;
        let funnel = FunnelRequest {
            granularity: request.granularity.clone(),
            unit: request.unit.clone(),
            from: frame.from.clone(),
            to: frame.to.clone(),
            last: frame.last.clone(),
            timezone: frame.timezone.clone(),
            environment: frame.environment.clone(),
            ..FunnelRequest::default()
        };
        self.workflow_funnel(viewer, workflow, &funnel, computed)
            .await?;
        self.workflow_actions(viewer, workflow, frame, computed)
            .await?;
        Ok(WorkflowRefresh {
            workflow_id: workflow.to_owned(),
            refreshed_at: self.clock.now(),
            range: found.body.range,
            refreshed: ["analytics", "funnel", "actions"],
            summary: found.body.summary,
            meta: found.body.meta,
        })
    }
}
