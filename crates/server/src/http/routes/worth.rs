use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use weir_insights::worth::{GoalWorthInput, Of, WorkflowWorthInput, WorthPage, WorthView};
use weir_meta::WorthKind;

use super::super::{
    Shared,
    auth::{InProject, ManageSettings},
    body::JsonBody,
    parameters::{Parameters, WorthParameters},
    problem::{Problem, ReadProblems, Refused, WriteProblems},
    read::Read,
};

/// Which workflows and goals of a project have a worth, and which.
#[utoipa::path(
    get, path = "/api/v1/worth", tag = "costs", operation_id = "listWorths",
    params(WorthParameters),
    responses(
        (status = 200, description = "A page of worths.", body = WorthPage),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn list_worths(
    read: Read,
    Parameters(wanted): Parameters<WorthParameters>,
) -> Result<Json<WorthPage>, Refused> {
    let cursor = wanted.cursor();
    Ok(Json(
        read.reading
            .worth_page(read.viewer, cursor, wanted.limit)
            .await?,
    ))
}

/// What a successful run of a workflow saves.
///
/// Where nothing was set, it has no periods. `ETag` names what holds, for `If-Match`.
#[utoipa::path(
    get, path = "/api/v1/workflows/{id}/worth", tag = "costs", operation_id = "workflowWorth",
    params(("id" = String, Path, description = "The workflow's id."), ("projectId" = Option<String>, Query, description = "UUID of the project; needed only where the caller sees several.")),
    responses(
        (status = 200, description = "The worth.", body = WorthView),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn workflow_worth(
    read: Read,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    Ok(tagged(
        read.reading.worth(read.viewer, workflow(&id)).await?,
    ))
}

/// Sets what a successful run of a workflow saves.
///
/// The metrics `time_saved`, `value_saved` and `return_on_investment` follow at once, for the past as well, by the
/// days that the periods name. A workflow may get its worth before it has run.
#[utoipa::path(
    put, path = "/api/v1/workflows/{id}/worth", tag = "costs", operation_id = "putWorkflowWorth",
    params(("id" = String, Path, description = "The workflow's id."), ("projectId" = Option<String>, Query, description = "UUID of the project; needed only where the caller sees several."), ("If-Match" = Option<String>, Header, description = "`ETag` of the worth that is changed; without it, whichever it is.")),
    request_body = WorkflowWorthInput,
    responses(
        (status = 200, description = "The worth as stored.", body = WorthView),
        WriteProblems,
        (status = 409, description = "`changed_meanwhile`: it is not what `If-Match` names.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn put_workflow_worth(
    caller: InProject<ManageSettings>,
    State(app): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
    JsonBody(input): JsonBody<WorkflowWorthInput>,
) -> Result<Response, Refused> {
    let (periods, actor) = (input.periods()?, caller.actor());
    let put = app.put_worth(
        caller.scope,
        workflow(&id),
        periods,
        expected(&headers),
        &actor,
    );
    Ok(tagged(put.await?))
}

/// What reaching a goal is worth.
///
/// Where nothing was set, it has no periods. `ETag` names what holds, for `If-Match`.
#[utoipa::path(
    get, path = "/api/v1/goals/{id}/worth", tag = "costs", operation_id = "goalWorth",
    params(("id" = String, Path, description = "The goal's id."), ("projectId" = Option<String>, Query, description = "UUID of the project; needed only where the caller sees several.")),
    responses(
        (status = 200, description = "The worth.", body = WorthView),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn goal_worth(
    read: Read,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    Ok(tagged(read.reading.worth(read.viewer, goal(&id)).await?))
}

/// Sets what reaching a goal is worth.
///
/// It then counts in `goal_worth` and `return_on_investment` in place of the values that events tell.
#[utoipa::path(
    put, path = "/api/v1/goals/{id}/worth", tag = "costs", operation_id = "putGoalWorth",
    params(("id" = String, Path, description = "The goal's id."), ("projectId" = Option<String>, Query, description = "UUID of the project; needed only where the caller sees several."), ("If-Match" = Option<String>, Header, description = "`ETag` of the worth that is changed; without it, whichever it is.")),
    request_body = GoalWorthInput,
    responses(
        (status = 200, description = "The worth as stored.", body = WorthView),
        WriteProblems,
        (status = 409, description = "`changed_meanwhile`: it is not what `If-Match` names.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn put_goal_worth(
    caller: InProject<ManageSettings>,
    State(app): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
    JsonBody(input): JsonBody<GoalWorthInput>,
) -> Result<Response, Refused> {
    let (periods, actor) = (input.periods()?, caller.actor());
    let put = app.put_worth(caller.scope, goal(&id), periods, expected(&headers), &actor);
    Ok(tagged(put.await?))
}

fn workflow(id: &str) -> Of<'_> {
    Of {
        kind: WorthKind::Workflow,
        id,
    }
}

fn goal(id: &str) -> Of<'_> {
    Of {
        kind: WorthKind::Goal,
        id,
    }
}

/// What `If-Match` names; anything goes without it.
fn expected(headers: &HeaderMap) -> Option<&str> {
    let named = headers.get(header::IF_MATCH)?;
    let named = named.to_str().unwrap_or_default().trim();
    (named != "*").then_some(named)
}

fn tagged(worth: WorthView) -> Response {
    let tag = worth.tag.clone();
    ([(header::ETAG, tag)], Json(worth)).into_response()
}
