//! Error intelligence for the observability dashboard: the same groups with other field names.

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::Timestamp;

use super::{
    super::{Frame, Meta, RangeView, Versioned},
    ErrorGroupView, ErrorSample, TrendPoint, WantedGroups,
};
use crate::{AppError, Reading, privacy::Viewer, query::Freshness};

/// Errors by group, with examples.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorIntelligence {
    /// The time range covered.
    pub range: RangeView,
    /// Failed and crashed executions.
    pub total_errors: u64,
    /// The number of groups, listed or not.
    pub group_count: usize,
    /// The groups, most frequent first.
    pub errors: Vec<IntelligentGroup>,
    /// How this answer was computed.
    pub meta: Meta,
}

/// An error group.
#[derive(Debug, Serialize, ToSchema)]
pub struct IntelligentGroup {
    /// The title of the group.
    pub error_type: String,
    /// The group's id.
    pub error_group: Option<String>,
    /// Its error class.
    pub error_class: Option<String>,
    /// Number of errors.
    pub count: u64,
    /// Percentage of all errors.
    pub share: f64,
    /// Change from the previous period in percent; null if that period had none.
    pub delta_vs_previous: Option<f64>,
    /// Time of the first error in the range.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub first_seen: Option<Timestamp>,
    /// Time of the last error in the range.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub last_seen: Option<Timestamp>,
    /// Number of affected workflows.
    pub affected_workflows: usize,
    /// Its newest errors, at most five.
    pub sample_messages: Vec<SampleMessage>,
    /// Number of errors in each bucket that has any.
    pub trend: Vec<TrendPoint>,
}

/// An error of a group.
#[derive(Debug, Serialize, ToSchema)]
pub struct SampleMessage {
    /// When its execution ended.
    #[schema(value_type = String, format = "date-time")]
    pub timestamp: Timestamp,
    /// The id of the execution, as its producer sent it.
    pub execution_id: String,
    /// Its workflow.
    pub workflow_id: Option<String>,
    /// The error's message, redacted.
    pub error_message: Option<String>,
    /// The step that failed.
    pub error_node: Option<String>,
}

impl Reading {
    /// Error intelligence of a range. Fails if the request is not valid or the store fails.
    pub async fn error_intelligence(
        &self,
        viewer: Viewer,
        frame: &Frame,
        wanted: &WantedGroups,
        freshness: Freshness,
    ) -> Result<Versioned<ErrorIntelligence>, AppError> {
        let Versioned { body, version } = self
            .execution_errors(viewer, frame, wanted, freshness)
            .await?;
        let body = ErrorIntelligence {
            range: body.range,
            total_errors: body.total,
            group_count: body.group_count,
            errors: body.errors.into_iter().map(Into::into).collect(),
            meta: body.meta,
        };
        Ok(Versioned { body, version })
    }
}

impl From<ErrorSample> for SampleMessage {
    fn from(sample: ErrorSample) -> Self {
        Self {
            timestamp: sample.timestamp,
            execution_id: sample.execution_id,
            workflow_id: sample.workflow_id,
            error_message: sample.message,
            error_node: sample.error_step,
        }
    }
}

impl From<ErrorGroupView> for IntelligentGroup {
    fn from(group: ErrorGroupView) -> Self {
        Self {
            error_type: group.title,
            error_group: group.error_group,
            error_class: group.error_class,
            count: group.count,
            share: group.share,
            delta_vs_previous: group.change_pct,
            first_seen: group.first_seen,
            last_seen: group.last_seen,
            affected_workflows: group.workflow_count,
            sample_messages: group.samples.into_iter().map(Into::into).collect(),
            trend: group.trend,
        }
    }
}
