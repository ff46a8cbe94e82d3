use axum::{Json, extract::State};
use weir_analysis::engagement::EngagementRule;
use weir_insights::views::activity::engagement::RuleView;

use super::super::{
    Shared,
    auth::{InProject, ManageSettings},
    body::JsonBody,
    problem::{ReadProblems, Refused, WriteProblems},
    read::Read,
};

/// The weights and targets by which engagement is scored.
#[utoipa::path(
    get, path = "/api/v1/analytics/activity/engagement/rule", tag = "activity", operation_id = "engagementRule",
    params(("projectId" = Option<String>, Query, description = "UUID of the project; needed only where the caller sees several.")),
    responses(
        (status = 200, description = "The rule.", body = RuleView),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn engagement_rule(read: Read) -> Result<Json<RuleView>, Refused> {
    Ok(Json(read.reading.engagement_rule(read.scope()).await?))
}

/// Puts other weights and targets in place. What is left out gets its default.
#[utoipa::path(
    put, path = "/api/v1/analytics/activity/engagement/rule", tag = "activity", operation_id = "putEngagementRule",
    params(("projectId" = Option<String>, Query, description = "UUID of the project; needed only where the caller sees several.")),
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
