//! Errors by group: number, share, first and last occurrence, affected workflows and steps, examples and
//! trend.

mod gather;
mod intelligence;
mod titles;

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::Timestamp;
use weir_query::records::errors::ErrorRecord;

use super::{Frame, Meta, Questions, RangeView, Versioned};
use crate::{
    AppError, ErrorCode, Reading,
    errors::{Admitted, GroupMember, Triage, TriageFilter},
    figures,
    privacy::Viewer,
    query::Freshness,
};

pub use intelligence::{ErrorIntelligence, IntelligentGroup};

use gather::{Gathered, Which};

/// The default number of groups.
const USUAL: i64 = 100;
/// The most groups in an answer.
const MOST: i64 = 500;

/// Which groups to list.
#[derive(Clone, Debug, Default)]
pub struct WantedGroups {
    /// Only groups of this class.
    pub class: Option<String>,
    /// Only groups about which this was decided.
    pub triage: TriageFilter,
    /// The most groups to list.
    pub limit: Option<i64>,
}

/// Errors by group, most frequent first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExecutionErrors {
    /// The time range covered.
    pub range: RangeView,
    /// Failed and crashed executions.
    pub total: u64,
    /// Failed and crashed executions in the previous period.
    pub previous_total: u64,
    /// The number of groups, listed or not.
    pub group_count: usize,
    /// Errors by class, most frequent first.
    pub classes: Vec<ErrorClassCount>,
    /// The groups, most frequent first.
    pub errors: Vec<ErrorGroupView>,
    /// How this answer was computed.
    pub meta: Meta,
}

/// An error group with its members.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErrorGroupDetail {
    /// The time range covered.
    pub range: RangeView,
    /// The group, with its figures in the range.
    pub group: ErrorGroupView,
    /// Errors that represent the group; several if groups were merged.
    pub members: Vec<GroupMember>,
    /// How this answer was computed.
    pub meta: Meta,
}

/// The number of errors of a class.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErrorClassCount {
    /// One of `timeout`, `network`, `auth`, `rate_limit`, `validation`, `not_found`, `server`, `quota`,
    /// `code` and `unknown`.
    pub error_class: Option<String>,
    /// Number of errors.
    pub count: u64,
    /// Percentage of all errors.
    pub share: f64,
}

/// The failed and crashed executions of an error group.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErrorGroupView {
    /// The group's id; null for errors that were never grouped.
    pub error_group: Option<String>,
    /// Its name, or its newest message with placeholders for values. A merged group without a name has the
    /// title of the group that the others were merged into.
    pub title: String,
    /// Whether it was given a name.
    pub named: bool,
    /// Its error class.
    pub error_class: Option<String>,
    /// The type of its newest error.
    pub error_type: Option<String>,
    /// Number of errors.
    pub count: u64,
    /// Percentage of all errors.
    pub share: f64,
    /// How many there were in the previous period.
    pub previous_count: u64,
    /// Change from the previous period in percent; null if that period had none.
    pub change_pct: Option<f64>,
    /// Time of the first error in the range.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub first_seen: Option<Timestamp>,
    /// Time of the last error in the range.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub last_seen: Option<Timestamp>,
    /// Number of affected workflows.
    pub workflow_count: usize,
    /// The workflows with the most such errors, at most ten.
    pub affected_workflows: Vec<AffectedWorkflow>,
    /// Number of affected steps.
    pub step_count: usize,
    /// The steps with the most such errors, at most ten.
    pub affected_steps: Vec<AffectedStep>,
    /// Its newest errors, at most five.
    pub samples: Vec<ErrorSample>,
    /// The newest message, redacted.
    pub sample_message: Option<String>,
    /// The execution with that message.
    pub sample_execution_id: Option<String>,
    /// Number of errors in each bucket that has any.
    pub trend: Vec<TrendPoint>,
    /// What was decided about it.
    pub triage: Triage,
}

/// An error of a group.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErrorSample {
    /// When its execution ended.
    #[schema(value_type = String, format = "date-time")]
    pub timestamp: Timestamp,
    /// The id of the execution, as its producer sent it.
    pub execution_id: String,
    /// Its workflow.
    pub workflow_id: Option<String>,
    /// The error's type.
    pub error_type: Option<String>,
    /// The error's message, redacted.
    pub message: Option<String>,
    /// The step that failed.
    pub error_step: Option<String>,
}

/// A bucket of a trend.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TrendPoint {
    /// The start of the bucket, in the requested time zone.
    pub time: String,
    /// Number of errors.
    pub count: u64,
}

/// A workflow affected by an error group.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AffectedWorkflow {
    /// The workflow; null for executions that name none.
    pub workflow_id: Option<String>,
    /// Its newest name; null if no event named it.
    pub workflow_name: Option<String>,
    /// Number of its executions with such an error.
    pub count: u64,
}

/// A step affected by an error group.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AffectedStep {
    /// The step; null for executions that name none.
    pub step_id: Option<String>,
    /// Its newest name; null if no event named it.
    pub step_name: Option<String>,
    /// Number of executions that failed at this step.
    pub count: u64,
}

impl From<(Option<String>, Option<String>, u64)> for AffectedWorkflow {
    fn from((workflow_id, workflow_name, count): (Option<String>, Option<String>, u64)) -> Self {
        Self {
            workflow_id,
            workflow_name,
            count,
        }
    }
}

impl From<(Option<String>, Option<String>, u64)> for AffectedStep {
    fn from((step_id, step_name, count): (Option<String>, Option<String>, u64)) -> Self {
        Self {
            step_id,
            step_name,
            count,
        }
    }
}

impl Reading {
    /// Errors by group. Fails if the request is not valid or the store fails.
    pub async fn execution_errors(
        &self,
        viewer: Viewer,
        frame: &Frame,
        wanted: &WantedGroups,
        freshness: Freshness,
    ) -> Result<Versioned<ExecutionErrors>, AppError> {
        let limit = wanted.limit.unwrap_or(USUAL);
        if !(1..=MOST).contains(&limit) {
            let detail = format!("limit is {limit}; it must be 1 to {MOST}.");
            return Err(AppError::new(ErrorCode::InvalidParameter, detail).field("limit"));
        }
        let revision = self.revision_of_errors(viewer).await?;
        let triaged = self.triaged(viewer).await?;
        let which = Which {
            class: wanted.class.clone(),
            groups: triaged.admitted(&wanted.triage),
        };
        let mut questions = Questions::new(self, viewer, freshness);
        let gathered = Gathered::gather(&mut questions, frame, &which, limit).await?;
        let body = ExecutionErrors {
            range: gathered.range.into(),
            total: gathered.total,
            previous_total: gathered.previous_total,
            group_count: gathered.group_count,
            classes: gathered.classes(),
            errors: self.group_views(viewer, &gathered, &triaged).await?,
            meta: questions.meta().await?,
        };
        Ok(questions.finish(gathered.range, body).revised(revision))
    }

    /// One error group. Fails if there is no such group, if the frame is not valid, or if the store fails.
    pub async fn error_group(
        &self,
        viewer: Viewer,
        frame: &Frame,
        id: &str,
        freshness: Freshness,
    ) -> Result<Versioned<ErrorGroupDetail>, AppError> {
        let mut members = self.keyings.members(viewer.scope(), id).await?;
        let texts = members.iter_mut().flat_map(|member| {
            [
                Some(&mut member.title),
                member.error_type.as_mut(),
                member.message.as_mut(),
            ]
        });
        self.veil(viewer, texts.flatten().collect()).await?;
        let revision = self.revision_of_errors(viewer).await?;
        let triaged = self.triaged(viewer).await?;
        let which = Which {
            class: None,
            groups: Some(Admitted::Only(vec![id.to_owned()])),
        };
        let mut questions = Questions::new(self, viewer, freshness);
        let gathered = Gathered::gather(&mut questions, frame, &which, 1).await?;
        let group = self.group_views(viewer, &gathered, &triaged).await?.pop();
        let body = ErrorGroupDetail {
            range: gathered.range.into(),
            group: match group {
                Some(group) => group,
                None => ErrorGroupView {
                    triage: triaged.of(id),
                    ..self.quiet_group(viewer, id, &members).await?
                },
            },
            members,
            meta: questions.meta().await?,
        };
        Ok(questions.finish(gathered.range, body).revised(revision))
    }

    /// The view of a group without errors in the range.
    async fn quiet_group(
        &self,
        viewer: Viewer,
        id: &str,
        members: &[GroupMember],
    ) -> Result<ErrorGroupView, AppError> {
        let keying = self.keyings.keying(viewer.scope()).await?;
        let first = members.first();
        let title = first.map(|member| member.title.clone()).unwrap_or_default();
        let mut title = keying.name(id).map_or(title, str::to_owned);
        self.veil(viewer, vec![&mut title]).await?;
        Ok(ErrorGroupView {
            error_group: Some(id.to_owned()),
            title,
            named: keying.name(id).is_some(),
            error_type: first.and_then(|member| member.error_type.clone()),
            ..ErrorGroupView::default()
        })
    }

    /// The version of names, rules and decisions, which change without a commit of events.
    pub(in crate::views) async fn revision_of_errors(
        &self,
        viewer: Viewer,
    ) -> Result<u64, AppError> {
        let keying = self.keyings.keying(viewer.scope()).await?;
        Ok(keying.generation.unsigned_abs() + self.triage_revision(viewer).await?)
    }
}

impl From<&ErrorRecord> for ErrorSample {
    fn from(record: &ErrorRecord) -> Self {
        Self {
            timestamp: record.timestamp,
            execution_id: record.execution_id.clone(),
            workflow_id: record.workflow_id.clone(),
            error_type: record.error_type.clone(),
            message: record.message.clone(),
            error_step: record.error_step.clone(),
        }
    }
}

/// A count as a percentage of the total; 0 if that is 0.
fn share(count: u64, total: u64) -> f64 {
    if total == 0 {
        return 0.0;
    }
    count as f64 / total as f64 * 100.0
}

figures! {
    /// Failed and crashed executions.
    #[derive(Debug)]
    struct Errors {
        count: u64 = count("errors"),
    }
}
