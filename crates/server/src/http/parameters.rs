//! Query parameters of the views. A parameter that a view does not have is refused: a filter with a
//! typing error must not become "no filter".

use axum::{extract::FromRequestParts, http::request::Parts};
use serde::{Deserialize, de::DeserializeOwned};
use utoipa::IntoParams;
use weir_insights::views::{Frame, rankings::RankBy, sli::Wanted};
use weir_query::Filter;

use super::{declared, environment, fault::Misfit, problem::Refused};
use crate::app::{AppError, live::Watched};

/// The parameters of a view.
pub(super) struct Parameters<T>(pub T);

impl<T: DeserializeOwned + Narrowed, S: Sync> FromRequestParts<S> for Parameters<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        let (uri, declared) = declared::taken_out(parts)?;
        let mut parameters: T = read(uri.query().unwrap_or_default())?;
        environment::keep(parts, parameters.environment())?;
        parameters.narrow(declared);
        Ok(Self(parameters))
    }
}

/// Reads a query.
fn read<T: DeserializeOwned>(query: &str) -> Result<T, AppError> {
    let pairs = form_urlencoded::parse(query.as_bytes());
    let pairs = serde_urlencoded::Deserializer::new(pairs);
    serde_path_to_error::deserialize(pairs).map_err(|error| {
        let said = error.inner().to_string();
        Misfit::in_parameters(error.path(), &said).refusal()
    })
}

/// Parameters that may come with conditions on declared dimensions.
pub(super) trait Narrowed {
    /// Takes the conditions; there are none for a view that cannot be narrowed by them.
    fn narrow(&mut self, declared: Vec<Filter>);

    /// The parameter that names an environment; `None` where there is none.
    fn environment(&mut self) -> Option<&mut Option<String>>;
}

/// Parameters without conditions on declared dimensions.
macro_rules! never_narrowed {
    ($($name:ident)*) => {$(
        impl crate::http::parameters::Narrowed for $name {
            fn narrow(&mut self, _: Vec<weir_query::Filter>) {}

            fn environment(&mut self) -> Option<&mut Option<String>> {
                None
            }
        }
    )*};
}

/// Of parameters that have a range the frame that it makes.
macro_rules! of_range {
    ($($name:ident)*) => {$(
        impl $name {
            /// The range, with whatever narrows it but the workflow.
            fn of_range(&self) -> weir_insights::views::Frame {
                use crate::http::parameters::given;
                weir_insights::views::Frame {
                    from: given(&self.from),
                    to: given(&self.to),
                    last: given(&self.last),
                    timezone: given(&self.timezone),
                    environment: given(&self.environment),
                    workflow: None,
                    declared: self.declared.clone(),
                }
            }
        }
    )*};
}

macro_rules! parameters {
    ($(#[$doc:meta])* $name:ident of a range { $($fields:tt)* }) => {
        parameters! {
            $(#[$doc])*
            $name {
                /// The first moment, RFC 3339.
                from: Option<String>,
                /// The first moment after, RFC 3339.
                to: Option<String>,
                /// A length up to the present, in place of both: `24h`, `4w`, or `30d`, which is today and the 29 days before it. Without any, `30d`.
                last: Option<String>,
                $($fields)*
            }
        }

        of_range! { $name }
    };
    ($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Deserialize, IntoParams)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub(in crate::http) struct $name {
            /// UUID of the project; needed only where the caller sees several.
            #[serde(rename = "projectId")]
            #[allow(dead_code, reason = "the caller's extractor reads it")]
            pub project_id: Option<String>,
            /// Only this environment.
            pub environment: Option<String>,
            /// IANA time zone of buckets and relative ranges; UTC without it.
            #[param(example = "Europe/Amsterdam")]
            pub timezone: Option<String>,
            /// Whether figures are computed anew, whatever was answered before: true or false.
            #[allow(dead_code, reason = "the frame around every handler reads it")]
            pub refresh: Option<bool>,
            $($(#[$fdoc])* pub $field: $type,)*
            /// What declared dimensions must be.
            #[serde(skip)]
            pub declared: Vec<weir_query::Filter>,
        }

        impl crate::http::parameters::Narrowed for $name {
            fn narrow(&mut self, declared: Vec<weir_query::Filter>) {
                self.declared = declared;
            }

            fn environment(&mut self) -> Option<&mut Option<String>> {
                Some(&mut self.environment)
            }
        }
    };
}

mod audit;
pub(super) mod bare;
mod errors;
mod executions;
mod observability;
mod usage;
mod workflows;

pub(super) use audit::{AuditExportParameters, AuditParameters};
pub(super) use errors::{ErrorParameters, IntelligenceParameters, RuleParameters};
pub(super) use executions::{ExecutionListParameters, ExecutionParameters};
pub(super) use observability::{ObservabilityParameters, WorkflowTableParameters};
pub(super) use usage::UsageParameters;
pub(super) use workflows::{ComparisonParameters, OutputParameters};

parameters! {
    /// Parameters of execution statistics.
    SeriesParameters of a range {
        /// minute, five_minutes, half_hour, hour, half_day, day, week, month or auto (the default).
        granularity: Option<String>,
        /// A dimension: workflow, trigger_type, status, version, environment, error_type, ...
        group_by: Option<String>,
        /// Only this workflow.
        workflow_id: Option<String>,
    }
}

parameters! {
    /// Parameters of views of a range.
    RangeParameters of a range {
        /// Only this workflow.
        workflow_id: Option<String>,
    }
}

parameters! {
    /// Parameters of views of one workflow.
    WorkflowParameters of a range {
        /// minute, five_minutes, half_hour, hour, half_day, day, week, month or auto (the default).
        granularity: Option<String>,
    }
}

parameters! {
    /// Parameters of rankings.
    RankingParameters of a range {
        /// What ranks: slowest (the default), failures, executions, cost.
        by: Option<RankBy>,
        /// How many workflows: 1 to 100, 10 without it.
        limit: Option<u32>,
    }
}

parameters! {
    /// Parameters of paper 5's overview.
    OverviewParameters {
        /// 1d, 7d (the default), 28d or 30d.
        window: Option<String>,
        /// Only this workflow.
        workflow_id: Option<String>,
    }
}

parameters! {
    /// Parameters of paper 5's service levels.
    SliParameters {
        /// 1d, 7d, 28d or 30d; without it, the one of the target.
        window: Option<String>,
        /// Only this workflow, against its own target if it has one.
        workflow_id: Option<String>,
    }
}

parameters! {
    /// Parameters of paper 5's time series.
    TimeseriesParameters {
        /// 1d, 7d (the default), 28d or 30d.
        window: Option<String>,
        /// 1m, 5m (the default), 1h or 1d.
        bucket: Option<String>,
        /// Only this workflow.
        workflow_id: Option<String>,
    }
}

parameters! {
    /// Parameters of following projects.
    FollowParameters {
        /// The length of time that counts cover: `24h` (the default), `7d`.
        last: Option<String>,
        /// Only this workflow.
        workflow_id: Option<String>,
        /// The kinds of events wanted, separated by commas; all without it.
        #[param(example = "counts.update,execution.completed")]
        events: Option<String>,
        /// The id of the last event had, for clients that cannot send `Last-Event-ID`.
        last_event_id: Option<String>,
    }
}

parameters! {
    /// Parameters of following a workflow.
    FollowWorkflowParameters {
        /// The id of the last event had, for clients that cannot send `Last-Event-ID`.
        last_event_id: Option<String>,
    }
}

impl FollowParameters {
    /// Which executions are followed.
    pub(super) fn watched(&self) -> Watched {
        Watched {
            last: given(&self.last),
            timezone: given(&self.timezone),
            environment: given(&self.environment),
            workflow: given(&self.workflow_id),
        }
    }

    /// The id of the last event had.
    pub(super) fn last_id(&self) -> Option<String> {
        given(&self.last_event_id)
    }
}

impl FollowWorkflowParameters {
    /// Which executions are followed.
    pub(super) fn watched(&self, workflow: &str) -> Watched {
        Watched {
            last: None,
            timezone: given(&self.timezone),
            environment: given(&self.environment),
            workflow: Some(workflow.to_owned()),
        }
    }

    /// The id of the last event had.
    pub(super) fn last_id(&self) -> Option<String> {
        given(&self.last_event_id)
    }
}

/// An empty parameter is one that was not given: paper 5's client sends `workflowId=`.
fn given(parameter: &Option<String>) -> Option<String> {
    parameter.clone().filter(|text| !text.is_empty())
}

macro_rules! frames {
    ($($name:ident: $workflow:expr;)*) => {$(
        impl $name {
            /// What the view is about.
            pub(in crate::http) fn frame(&self) -> Frame {
                let workflow: fn(&Self) -> Option<String> = $workflow;
                Frame {
                    workflow: workflow(self),
                    ..self.of_range()
                }
            }
        }
    )*};
}

frames! {
    SeriesParameters: |all| given(&all.workflow_id);
    RangeParameters: |all| given(&all.workflow_id);
    WorkflowParameters: |_| None;
    RankingParameters: |_| None;
}

macro_rules! windows {
    ($($name:ident)*) => {$(
        impl $name {
            /// What the view is about.
            pub(super) fn wanted(&self) -> Wanted {
                Wanted {
                    window: given(&self.window),
                    frame: Frame {
                        timezone: given(&self.timezone),
                        environment: given(&self.environment),
                        workflow: given(&self.workflow_id),
                        ..Frame::default()
                    },
                }
            }
        }
    )*};
}

windows! { OverviewParameters SliParameters TimeseriesParameters }

mod activity;
mod costs;
pub(super) use activity::{
    ActivityParameters, EngagementParameters, MemberParameters, TrailParameters,
    UserActivityParameters,
};
pub(super) use costs::{
    BreakdownParameters, CostParameters, ForecastParameters, ProjectParameters, WorthParameters,
};

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;
    use crate::app::ErrorCode;

    async fn parse<T: DeserializeOwned + Narrowed>(query: &str) -> Result<T, AppError> {
        let (mut parts, ()) = Request::get(format!("/x?{query}"))
            .body(())
            .unwrap()
            .into_parts();
        Parameters::from_request_parts(&mut parts, &())
            .await
            .map(|Parameters(found)| found)
            .map_err(Refused::into_error)
    }

    #[tokio::test]
    async fn parameters_are_read_in_camel_case() {
        let found: SeriesParameters = parse("projectId=p&workflowId=loan&groupBy=version&last=7d")
            .await
            .unwrap();
        let frame = found.frame();
        assert_eq!(frame.workflow.as_deref(), Some("loan"));
        assert_eq!(frame.last.as_deref(), Some("7d"));
        assert_eq!(found.group_by.as_deref(), Some("version"));
    }

    #[tokio::test]
    async fn a_parameter_with_a_typing_error_is_refused_by_its_name() {
        let error = parse::<RangeParameters>("workflowID=loan")
            .await
            .err()
            .unwrap();
        assert_eq!(error.code, ErrorCode::InvalidParameter);
        assert_eq!(error.field.as_deref(), Some("workflowID"));
        assert_eq!(error.detail, "There is no parameter `workflowID` here.");
        assert!(error.fix.unwrap().starts_with("Did you mean `workflowId`?"));
    }

    #[tokio::test]
    async fn a_value_that_does_not_fit_is_refused_by_its_parameter() {
        let told = |error: AppError| (error.field.unwrap(), error.fix.unwrap());
        for (query, field, fix) in [
            ("limit=ten", "limit", "Give a whole number."),
            ("limit=99999999999", "limit", "Give a smaller whole number."),
            ("refresh=maybe", "refresh", "Give true or false."),
            ("last=7d&last=8d", "last", "Give it once, under one name."),
        ] {
            let error = parse::<RankingParameters>(query).await.err().unwrap();
            assert_eq!(told(error), (field.to_owned(), fix.to_owned()), "{query}");
        }
        let error = parse::<RankingParameters>("by=speed").await.err().unwrap();
        let (field, fix) = told(error);
        assert_eq!(field, "by");
        assert_eq!(fix, "One of `slowest`, `failures`, `executions`, `cost`.");
    }

    #[tokio::test]
    async fn an_empty_parameter_is_none() {
        let found: OverviewParameters = parse("workflowId=&window=7d").await.unwrap();
        assert_eq!(found.wanted().frame.workflow, None);
    }
}
