//! Parameters of the list of executions and of single executions.

use serde::Deserialize;
use utoipa::IntoParams;
use weir_insights::views::{
    Frame,
    execution_detail::DetailWanted,
    execution_list::{ListWanted, statuses},
    ways::{VariantId, WantedWay},
};
use weir_query::records::executions::ExecutionFilter;

use super::extract::given;
use crate::app::{AppError, ErrorCode};

parameters! {
    /// Parameters of the list of executions.
    ExecutionListParameters of a range {
        /// Only this workflow.
        #[serde(alias = "workflow_id")]
        workflow_id: Option<String>,
        /// Only these states, separated by commas: started, waiting, completed, failed, canceled,
        /// crashed, stale; or success, error, running.
        status: Option<String>,
        /// Only this type of trigger: webhook, schedule, manual, api, ...
        #[serde(alias = "trigger", alias = "trigger_type")]
        trigger_type: Option<String>,
        /// Only this trigger.
        #[serde(alias = "trigger_id")]
        trigger_id: Option<String>,
        /// Only this user.
        #[serde(alias = "user", alias = "user_id")]
        user_id: Option<String>,
        /// Only this version of the workflow.
        version: Option<String>,
        /// Minimum duration in milliseconds.
        #[serde(alias = "min_duration")]
        min_duration: Option<i64>,
        /// Maximum duration in milliseconds.
        #[serde(alias = "max_duration")]
        max_duration: Option<i64>,
        /// Only with this text in the error's type or message; not case-sensitive.
        error: Option<String>,
        /// Only this type of error.
        #[serde(alias = "error_type")]
        error_type: Option<String>,
        /// Only those that ran this step; skipped steps do not count.
        step: Option<String>,
        /// Only those in which `toStep` directly followed this step.
        #[serde(alias = "from_step")]
        from_step: Option<String>,
        /// The step that directly followed `fromStep`.
        #[serde(alias = "to_step")]
        to_step: Option<String>,
        /// Only those that have ended and took exactly the path of this variant, by its id.
        variant: Option<String>,
        /// Maximum number of executions per page: 1 to 500; 50 by default.
        limit: Option<u32>,
        /// `nextCursor` of the previous page.
        cursor: Option<String>,
    }
}

parameters! {
    /// Where to look for an execution.
    ExecutionParameters {
        /// Only this workflow, if several executions have the same `executionId`.
        #[serde(alias = "workflow_id")]
        workflow_id: Option<String>,
        /// The number of the run, starting at 1; by default, the newest.
        run: Option<u32>,
        /// Start of the range to search (inclusive), RFC 3339. A short range is faster.
        from: Option<String>,
        /// End of the range to search (exclusive), RFC 3339.
        to: Option<String>,
        /// A range to search that ends now, instead of `from` and `to`: `24h`, `30d`, `4w`. By default, all history is searched.
        last: Option<String>,
    }
}

impl ExecutionListParameters {
    /// Which executions to list. Fails if a state is unknown or the durations exclude each other.
    pub(in crate::http) fn wanted(&self) -> Result<ListWanted, AppError> {
        if let (Some(least), Some(most)) = (self.min_duration, self.max_duration)
            && least > most
        {
            let detail = format!("minDuration is {least} ms, but maxDuration only {most} ms.");
            return Err(AppError::new(ErrorCode::InvalidParameter, detail)
                .field("maxDuration")
                .fix("Send a maxDuration that is not less than minDuration."));
        }
        let statuses = given(&self.status)
            .map(|words| statuses(&words))
            .transpose()?
            .unwrap_or_default();
        Ok(ListWanted {
            frame: Frame {
                workflow: given(&self.workflow_id),
                ..self.of_range()
            },
            filter: ExecutionFilter {
                stale: statuses.stale,
                statuses: statuses.of,
                version: given(&self.version),
                user: given(&self.user_id),
                trigger_id: given(&self.trigger_id),
                trigger_type: given(&self.trigger_type),
                error_type: given(&self.error_type),
                error_text: given(&self.error),
                min_duration: self.min_duration,
                max_duration: self.max_duration,
                ..ExecutionFilter::default()
            },
            ways: self.ways()?,
            limit: self.limit,
            cursor: given(&self.cursor),
        })
    }

    /// The ways that the executions went. Fails if one of two steps is missing, or if a variant has no such id.
    fn ways(&self) -> Result<Vec<WantedWay>, AppError> {
        let mut ways: Vec<_> = given(&self.step).map(WantedWay::Step).into_iter().collect();
        match (given(&self.from_step), given(&self.to_step)) {
            (Some(from), Some(to)) => ways.push(WantedWay::Followed(from, to)),
            (None, None) => {}
            (from, _) => {
                let field = if from.is_some() { "toStep" } else { "fromStep" };
                let detail = "fromStep and toStep belong together.";
                return Err(AppError::new(ErrorCode::InvalidParameter, detail)
                    .field(field)
                    .fix("Send both, or `step` for one step."));
            }
        }
        if let Some(id) = given(&self.variant) {
            ways.push(WantedWay::Variant(VariantId::parse(&id, "variant")?));
        }
        Ok(ways)
    }
}

of_range! { ExecutionParameters }

impl ExecutionParameters {
    /// Which execution to show, and which of its runs.
    pub(in crate::http) fn wanted(&self) -> DetailWanted {
        DetailWanted {
            frame: self.frame(),
            run: self.run,
        }
    }

    fn frame(&self) -> Frame {
        Frame {
            workflow: given(&self.workflow_id),
            ..self.of_range()
        }
    }
}
