//! Query parameters of the views.

#[macro_use]
mod declare;

mod activity;
mod annotations;
mod audit;
mod costs;
mod errors;
mod executions;
mod extract;
mod journeys;
mod live;
mod observability;
mod process;
mod series;
mod server;
mod sli;
mod usage;
mod workflows;

pub(super) use activity::{
    ActivityParameters, EngagementParameters, MemberParameters, SessionParameters, TrailParameters,
    UserActivityParameters,
};
pub(super) use annotations::AnnotationParameters;
pub(super) use audit::{AuditExportParameters, AuditParameters};
pub(super) use costs::{
    BreakdownParameters, CostParameters, ForecastParameters, ProjectParameters, WorthParameters,
};
pub(super) use errors::{ErrorParameters, IntelligenceParameters, RuleParameters};
pub(super) use executions::{
    ComparedParameters, ExecutionListParameters, ExecutionParameters, ExecutionTimesParameters,
    NeighboursParameters,
};
pub(super) use extract::Parameters;
pub(super) use journeys::{ActionParameters, EnrolmentParameters, FunnelParameters};
pub(super) use live::{FollowParameters, FollowWorkflowParameters};
pub(super) use observability::{ObservabilityParameters, WorkflowTableParameters};
pub(super) use process::{
    ConformanceParameters, GroupParameters, MapParameters, VariantParameters,
};
pub(super) use series::{
    ChangeParameters, RangeParameters, RankingParameters, SeriesParameters, WorkflowParameters,
};
pub(super) use server::ServerParameters;
pub(super) use sli::{
    OverviewParameters, SliParameters, StandingsParameters, TimeseriesParameters,
};
pub(super) use usage::UsageParameters;
pub(super) use workflows::{
    ComparisonParameters, GridParameters, OutputParameters, VersionParameters,
};

use weir_model::Timestamp;

use crate::app::{AppError, ErrorCode};

/// The moment that a parameter names. Fails if it is not an RFC 3339 time.
fn moment(parameter: &Option<String>, field: &str) -> Result<Option<Timestamp>, AppError> {
    let Some(text) = extract::given(parameter) else {
        return Ok(None);
    };
    Timestamp::parse(&text).map(Some).ok_or_else(|| {
        let detail = format!("{text:?} is not a time.");
        let error = AppError::new(ErrorCode::InvalidParameter, detail).field(field);
        error.fix("Send an RFC 3339 time, such as 2026-01-31T00:00:00Z.")
    })
}

#[cfg(test)]
mod tests {
    use axum::{extract::FromRequestParts, http::Request};

    use serde::de::DeserializeOwned;

    use super::{extract::Narrowed, *};
    use crate::{
        app::{AppError, ErrorCode},
        http::problem::Refused,
    };

    async fn parse<T: DeserializeOwned + Narrowed>(query: &str) -> Result<T, AppError> {
        let (mut parts, ()) = Request::get(format!("/x?{query}"))
            .body(())
            .unwrap()
            .into_parts();
        Parameters::from_request_parts(&mut parts, &())
            .await
            .map(|Parameters(found)| found)
            .map_err(|refused: Refused| refused.error().clone())
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
        let explained = |error: AppError| (error.field.unwrap(), error.fix.unwrap());
        for (query, field, fix) in [
            ("limit=ten", "limit", "Send a whole number."),
            ("limit=99999999999", "limit", "Send a smaller whole number."),
            ("refresh=maybe", "refresh", "Send true or false."),
            ("last=7d&last=8d", "last", "Send it once, under one name."),
        ] {
            let error = parse::<RankingParameters>(query).await.err().unwrap();
            assert_eq!(
                explained(error),
                (field.to_owned(), fix.to_owned()),
                "{query}"
            );
        }
        let error = parse::<RankingParameters>("by=speed").await.err().unwrap();
        let (field, fix) = explained(error);
        assert_eq!(field, "by");
        assert_eq!(
            fix,
            "Use one of `slowest`, `failures`, `executions`, `cost`."
        );
    }

    #[tokio::test]
    async fn an_empty_parameter_is_none() {
        let found: OverviewParameters = parse("workflowId=&window=7d").await.unwrap();
        assert_eq!(found.wanted().frame.workflow, None);
    }
}
