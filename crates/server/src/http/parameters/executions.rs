//! Parameters of lists of executions and of single ones.

use serde::Deserialize;
use utoipa::IntoParams;
use weir_insights::views::{
    Frame,
    execution_detail::DetailWanted,
    execution_list::{ListWanted, statuses},
};
use weir_query::records::executions::ExecutionFilter;

use super::given;
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
        /// At least so many milliseconds.
        #[serde(alias = "min_duration")]
        min_duration: Option<i64>,
        /// At most so many milliseconds.
        #[serde(alias = "max_duration")]
        max_duration: Option<i64>,
        /// Only with this text in the error's type or message, in any case of letters.
        error: Option<String>,
        /// Only with this type of error.
        #[serde(alias = "error_type")]
        error_type: Option<String>,
        /// Rows of a page: 1 to 500, 50 without it.
        limit: Option<u32>,
        /// `nextCursor` of the page before.
        cursor: Option<String>,
    }
}

parameters! {
    /// Where to look for an execution.
    ExecutionParameters {
        /// Of several executions that are called the same: the one of this workflow.
        #[serde(alias = "workflow_id")]
        workflow_id: Option<String>,
        /// Which run, from 1 on; without it the newest.
        run: Option<u32>,
        /// Look from this moment on, RFC 3339: quicker where there is much history.
        from: Option<String>,
        /// Look before this moment, RFC 3339.
        to: Option<String>,
        /// Look in a length that ends now: `24h`, `30d`, `4w`. Without any, everywhere.
        last: Option<String>,
    }
}

impl ExecutionListParameters {
    /// What is asked of the list.
    pub(in crate::http) fn wanted(&self) -> Result<ListWanted, AppError> {
        if let (Some(least), Some(most)) = (self.min_duration, self.max_duration)
            && least > most
        {
            let detail = format!("No duration is from {least} to {most} ms.");
            return Err(AppError::new(ErrorCode::InvalidParameter, detail)
                .field("maxDuration")
                .fix("a maxDuration that is no less than minDuration"));
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
            limit: self.limit,
            cursor: given(&self.cursor),
        })
    }
}

of_range! { ExecutionParameters }

impl ExecutionParameters {
    /// What is asked of the execution.
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
