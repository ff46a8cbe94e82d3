//! Parameters of the list of executions and of single executions.

use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use weir_insights::views::{
    Frame,
    execution_detail::DetailWanted,
    execution_list::{ListWanted, Which, statuses},
    ways::{VariantId, WantedWay},
};
use weir_model::Decimal;
use weir_query::records::executions::ExecutionFilter;

use super::extract::given;
use crate::app::{AppError, ErrorCode};

/// Declares parameters that say which executions are meant, and others.
macro_rules! of_executions {
    ($(#[$doc:meta])* $name:ident { $($fields:tt)* }) => {
        parameters! {
            $(#[$doc])*
            $name of a range {
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
                /// Only this subject.
                #[serde(alias = "subject_id")]
                subject_id: Option<String>,
                /// Only this source.
                source: Option<String>,
                /// Only this version of the workflow.
                version: Option<String>,
                /// Only executions that another one called (`child`), or that none called (`root`).
                #[param(inline)]
                kind: Option<Kind>,
                /// Only executions that the one with this `id` or `executionId` called.
                #[serde(alias = "parent_id")]
                parent_id: Option<String>,
                /// Only executions that another one retries (true), or that none retries (false).
                retried: Option<bool>,
                /// Only executions that retry another one (true), or that do not (false).
                #[serde(alias = "is_retry")]
                is_retry: Option<bool>,
                /// Minimum duration in milliseconds.
                #[serde(alias = "min_duration")]
                min_duration: Option<i64>,
                /// Maximum duration in milliseconds.
                #[serde(alias = "max_duration")]
                max_duration: Option<i64>,
                /// Only executions whose runs cost at least this many US dollars in total; above 0.
                #[serde(alias = "min_cost")]
                min_cost: Option<f64>,
                /// Only with this text in the error's type or message; not case-sensitive.
                error: Option<String>,
                /// Only this type of error.
                #[serde(alias = "error_type")]
                error_type: Option<String>,
                /// Only this error group.
                #[serde(alias = "error_group")]
                error_group: Option<String>,
                /// Only this error class: timeout, network, auth, ...
                #[serde(alias = "error_class")]
                error_class: Option<String>,
                /// Only executions that failed at this step.
                #[serde(alias = "error_step")]
                error_step: Option<String>,
                /// Only those that ran this step; skipped steps do not count.
                step: Option<String>,
                /// Only those that ran a step of this type (a connector); skipped steps do not count.
                #[serde(alias = "step_type")]
                step_type: Option<String>,
                /// Only those in which a step of this type failed, even if it was tried again with success.
                #[serde(alias = "failed_step_type")]
                failed_step_type: Option<String>,
                /// Only those in which `toStep` directly followed this step.
                #[serde(alias = "from_step")]
                from_step: Option<String>,
                /// The step that directly followed `fromStep`.
                #[serde(alias = "to_step")]
                to_step: Option<String>,
                /// Only those whose first step was this one.
                #[serde(alias = "first_step")]
                first_step: Option<String>,
                /// Only those whose last step so far was this one; with a state, those that ended or stopped there.
                #[serde(alias = "last_step")]
                last_step: Option<String>,
                /// Only those that have ended and took exactly the path of this variant, by its id.
                variant: Option<String>,
                /// Only executions above this position of the list: `newestCursor` of an earlier answer.
                since: Option<String>,
                $($fields)*
            }
        }

        impl $name {
            /// Which executions are meant. Fails if a state is unknown, if the durations exclude each other,
            /// if the cost is not above 0, or if a way is not complete.
            fn which(&self) -> Result<Which, AppError> {
                let statuses = given(&self.status)
                    .map(|words| statuses(&words))
                    .transpose()?
                    .unwrap_or_default();
                possible(self.min_duration, self.max_duration)?;
                Ok(Which {
                    frame: Frame {
                        workflow: given(&self.workflow_id),
                        ..self.of_range()
                    },
                    filter: ExecutionFilter {
                        stale: statuses.stale,
                        statuses: statuses.of,
                        version: given(&self.version),
                        source: given(&self.source),
                        user: given(&self.user_id),
                        subject: given(&self.subject_id),
                        trigger_id: given(&self.trigger_id),
                        trigger_type: given(&self.trigger_type),
                        error_type: given(&self.error_type),
                        error_group: given(&self.error_group),
                        error_class: given(&self.error_class),
                        error_step: given(&self.error_step),
                        error_text: given(&self.error),
                        called: self.kind.map(|kind| matches!(kind, Kind::Child)),
                        retried: self.retried,
                        is_retry: self.is_retry,
                        min_duration: self.min_duration,
                        max_duration: self.max_duration,
                        min_cost: self.min_cost.map(dollars).transpose()?,
                        ..ExecutionFilter::default()
                    },
                    ways: self.ways()?,
                    parent: given(&self.parent_id),
                    since: given(&self.since),
                })
            }

            /// The ways that the executions went. Fails if one of two steps is missing, or if a variant has no
            /// such id.
            fn ways(&self) -> Result<Vec<WantedWay>, AppError> {
                let variant = given(&self.variant).map(|id| VariantId::parse(&id, "variant"));
                let ways = [
                    given(&self.step).map(WantedWay::Step),
                    given(&self.step_type).map(WantedWay::Type),
                    given(&self.failed_step_type).map(WantedWay::FailedType),
                    followed(given(&self.from_step), given(&self.to_step))?,
                    given(&self.first_step).map(WantedWay::First),
                    given(&self.last_step).map(WantedWay::Last),
                    variant.transpose()?.map(WantedWay::Variant),
                ];
                Ok(ways.into_iter().flatten().collect())
            }
        }
    };
}

/// The way through two steps, one directly after the other. Fails if only one of them is given.
fn followed(from: Option<String>, to: Option<String>) -> Result<Option<WantedWay>, AppError> {
    match (from, to) {
        (Some(from), Some(to)) => Ok(Some(WantedWay::Followed(from, to))),
        (None, None) => Ok(None),
        (from, _) => {
            let field = if from.is_some() { "toStep" } else { "fromStep" };
            let detail = "fromStep and toStep belong together.";
            Err(AppError::new(ErrorCode::InvalidParameter, detail)
                .field(field)
                .fix("Send both, or `step` for one step."))
        }
    }
}

/// Whether an execution was called by another.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(in crate::http) enum Kind {
    /// No other execution called it.
    Root,
    /// Another execution called it.
    Child,
}

of_executions! {
    /// Parameters of the list of executions.
    ExecutionListParameters {
        /// Maximum number of executions per page: 1 to 500; 50 by default.
        limit: Option<u32>,
        /// `nextCursor` of the previous page.
        cursor: Option<String>,
    }
}

of_executions! {
    /// Parameters of the neighbours of an execution: those of the list.
    NeighboursParameters {
    }
}

of_executions! {
    /// Parameters of the histogram of executions.
    ExecutionTimesParameters {
        /// The length of buckets: minute, five_minutes, half_hour, hour, half_day, day, week, month or auto (the default).
        granularity: Option<String>,
    }
}

fn possible(least: Option<i64>, most: Option<i64>) -> Result<(), AppError> {
    match (least, most) {
        (Some(least), Some(most)) if least > most => {
            let detail = format!("minDuration is {least} ms, but maxDuration only {most} ms.");
            Err(AppError::new(ErrorCode::InvalidParameter, detail)
                .field("maxDuration")
                .fix("Send a maxDuration that is not less than minDuration."))
        }
        _ => Ok(()),
    }
}

/// US dollars in billionths.
fn dollars(amount: f64) -> Result<Decimal, AppError> {
    // Larger amounts than this cannot be stored.
    const MOST: f64 = 9e9;
    if amount > 0.0 && amount <= MOST {
        return Ok(Decimal((amount * 1e9).round().max(1.0) as i64));
    }
    let detail = "minCost is not a possible amount of US dollars.";
    Err(AppError::new(ErrorCode::InvalidParameter, detail)
        .field("minCost")
        .fix("Send an amount above 0."))
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
    /// Which executions to list. Fails if a condition is not possible.
    pub(in crate::http) fn wanted(&self) -> Result<ListWanted, AppError> {
        Ok(ListWanted {
            which: self.which()?,
            limit: self.limit,
            cursor: given(&self.cursor),
        })
    }
}

impl NeighboursParameters {
    /// Among which executions to look. Fails if a condition is not possible.
    pub(in crate::http) fn wanted(&self) -> Result<Which, AppError> {
        self.which()
    }
}

impl ExecutionTimesParameters {
    /// Which executions to count. Fails if a condition is not possible.
    pub(in crate::http) fn wanted(&self) -> Result<Which, AppError> {
        self.which()
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

parameters! {
    /// Which executions to compare.
    ComparedParameters {
        /// The `id` of the first execution, or its `executionId` if no other execution of the project has the
        /// same.
        a: String,
        /// The same for the second execution.
        b: String,
        /// Start of the range to search (inclusive), RFC 3339. A short range is faster.
        from: Option<String>,
        /// End of the range to search (exclusive), RFC 3339.
        to: Option<String>,
        /// A range to search that ends now, instead of `from` and `to`: `24h`, `30d`, `4w`. By default, all history is searched.
        last: Option<String>,
    }
}

of_range! { ComparedParameters }

impl ComparedParameters {
    /// Where to look for the executions.
    pub(in crate::http) fn frame(&self) -> Frame {
        self.of_range()
    }
}
