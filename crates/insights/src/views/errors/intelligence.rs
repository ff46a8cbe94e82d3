//! Paper 4's error intelligence: the same groups in the paper's words.

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
    /// The groups, the most frequent first.
    pub errors: Vec<IntelligentGroup>,
    /// How this answer was computed.
    pub meta: Meta,
}

/// A group of errors.
#[derive(Debug, Serialize, ToSchema)]
pub struct IntelligentGroup {
    /// What the group is called. The paper has the exact message here.
    pub error_type: String,
    /// The group's id.
    pub error_group: Option<String>,
    /// Its class.
    pub error_class: Option<String>,
    /// How many.
    pub count: u64,
    /// Percentage of all.
    pub share: f64,
    /// Change against the previous period in percent; null if that had none.
    pub delta_vs_previous: Option<f64>,
    /// When the first of the range happened.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub first_seen: Option<Timestamp>,
    /// When the last of the range happened.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub last_seen: Option<Timestamp>,
    /// How many workflows have it.
    pub affected_workflows: usize,
    /// Its newest errors, at most five.
    pub sample_messages: Vec<SampleMessage>,
    /// How many in each bucket of the range that has some.
    pub trend: Vec<TrendPoint>,
}

/// One error of a group.
#[derive(Debug, Serialize, ToSchema)]
pub struct SampleMessage {
    /// When its execution ended.
    #[schema(value_type = String, format = "date-time")]
    pub timestamp: Timestamp,
    /// The execution.
    pub execution_id: String,
    /// Its workflow.
    pub workflow_id: Option<String>,
    /// The error's message, redacted.
    pub error_message: Option<String>,
    /// The step that failed.
    pub error_node: Option<String>,
}

impl Reading {
    /// Error intelligence of a range.
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
