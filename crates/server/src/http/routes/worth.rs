use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, header},
    response::Response,
};
use weir_insights::worth::{GoalWorthInput, Of, WorkflowWorthInput, WorthPage, WorthView};
use weir_meta::WorthKind;

use super::super::{
    Shared,
    auth::{InProject, ManageSettings},
    body::JsonBody,
    conditional,
    parameters::{Parameters, ProjectParameters, WorthParameters},
    problem::{Problem, ReadProblems, Refused, WriteProblems},
    read::Read,
};

/// Lists the workflows and goals of a project that have a worth, with their worth.
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

/// Returns what a successful run of a workflow saves.
///
/// If nothing was set, there are no periods. `ETag` identifies the current worth, for `If-Match`.
#[utoipa::path(
    get, path = "/api/v1/workflows/{id}/worth", tag = "costs", operation_id = "workflowWorth",
    params(("id" = String, Path, description = "The workflow's id."), ProjectParameters),
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
/// The metrics `time_saved`, `value_saved` and `return_on_investment` change at once, also for the past, from
/// the day on which each period begins. A workflow can have a worth before it has run.
#[utoipa::path(
    put, path = "/api/v1/workflows/{id}/worth", tag = "costs", operation_id = "putWorkflowWorth",
    params(("id" = String, Path, description = "The workflow's id."), ProjectParameters, ("If-Match" = Option<String>, Header, description = "The `ETag` of the worth to replace; without it, any worth is replaced.")),
    request_body = WorkflowWorthInput,
    responses(
        (status = 200, description = "The worth as stored.", body = WorthView),
        WriteProblems,
        (status = 409, description = "`changed_meanwhile`: the worth no longer matches `If-Match`.", body = Problem, content_type = "application/problem+json"),
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

/// Returns what reaching a goal is worth.
///
/// If nothing was set, there are no periods. `ETag` identifies the current worth, for `If-Match`.
#[utoipa::path(
    get, path = "/api/v1/goals/{id}/worth", tag = "costs", operation_id = "goalWorth",
    params(("id" = String, Path, description = "The goal's id."), ProjectParameters),
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
/// It replaces the values in events in the metrics `goal_worth` and `return_on_investment`.
#[utoipa::path(
    put, path = "/api/v1/goals/{id}/worth", tag = "costs", operation_id = "putGoalWorth",
    params(("id" = String, Path, description = "The goal's id."), ProjectParameters, ("If-Match" = Option<String>, Header, description = "The `ETag` of the worth to replace; without it, any worth is replaced.")),
    request_body = GoalWorthInput,
    responses(
        (status = 200, description = "The worth as stored.", body = WorthView),
        WriteProblems,
        (status = 409, description = "`changed_meanwhile`: the worth no longer matches `If-Match`.", body = Problem, content_type = "application/problem+json"),
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

/// The entity tag in `If-Match`; `None` if any version can be replaced.
fn expected(headers: &HeaderMap) -> Option<&str> {
    let named = headers.get(header::IF_MATCH)?;
    let named = named.to_str().unwrap_or_default().trim();
    (named != "*").then_some(named)
}

fn tagged(worth: WorthView) -> Response {
    conditional::tagged(&worth.tag.clone(), worth)
}
