use axum::{Json, extract::State};
use weir_analysis::engagement::EngagementRule;
use weir_insights::views::activity::engagement::RuleView;

use super::super::{
    Shared,
    auth::{InProject, ManageSettings},
    body::JsonBody,
    parameters::ProjectParameters,
    problem::{ReadProblems, Refused, WriteProblems},
    read::Read,
};

/// Returns the weights and targets that engagement scores are computed with.
#[utoipa::path(
    get, path = "/api/v1/analytics/activity/engagement/rule", tag = "activity", operation_id = "engagementRule",
    params(ProjectParameters),
    responses(
        (status = 200, description = "The rule.", body = RuleView),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn engagement_rule(read: Read) -> Result<Json<RuleView>, Refused> {
    Ok(Json(read.reading.engagement_rule(read.scope()).await?))
}

/// Replaces the weights and targets of engagement scores. Omitted fields get their default values.
#[utoipa::path(
    put, path = "/api/v1/analytics/activity/engagement/rule", tag = "activity", operation_id = "putEngagementRule",
    params(ProjectParameters),
    request_body = EngagementRule,
    responses(
        (status = 200, description = "The rule as stored.", body = RuleView),
        WriteProblems,
    ),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn put_engagement_rule(
    caller: InProject<ManageSettings>,
    State(app): State<Shared>,
    JsonBody(rule): JsonBody<EngagementRule>,
) -> Result<Json<RuleView>, Refused> {
    let actor = caller.actor();
    let stored = app.put_engagement_rule(caller.scope, rule, &actor).await?;
    Ok(Json(stored))
}
