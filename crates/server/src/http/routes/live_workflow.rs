use axum::{
    extract::{OriginalUri, Path, State},
    http::request::Parts,
    response::Response,
};
use futures_util::stream;

use super::super::{
    Shared,
    auth::{Follow, InProject},
    conditional::{answer, freshness},
    live,
    parameters::{FollowWorkflowParameters, Parameters},
    problem::{ReadProblems, Refused},
};
use crate::app::live::{MetricsSnapshot, MetricsUpdate};

/// Follows what a workflow comes to.
///
/// Server-sent events. `metrics_snapshot`: the totals over all time, at the beginning.
/// `metrics_update`: what changed since the event before: `currently_active` as it is now, and by how
/// much the others grew. `heartbeat`: nothing happened for a while. A workflow that nothing is known of
/// has zeros.
///
/// A client that comes back with the `id` of its last event (`Last-Event-ID`, which browsers send by
/// themselves, or `lastEventId`) is told what has changed since, exactly, also by a server that was
/// started anew: the deltas of a client always add up. With `Accept: application/json` the totals are
/// answered once, with an `ETag`, for clients that ask from time to time.
#[utoipa::path(
    get, path = "/api/v1/workflows/{id}/analytics/stream", tag = "live", operation_id = "followWorkflow",
    params(
        ("id" = String, Path, description = "The workflow."),
        ("Last-Event-ID" = Option<String>, Header, description = "The id of the last event had."),
        FollowWorkflowParameters,
    ),
    responses(
        (status = 200, description = "The stream, or its state.", content(
            (WorkflowEvents = "text/event-stream"),
            (MetricsSnapshot = "application/json"),
        )),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn live_workflow(
    caller: InProject<Follow>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    Path(id): Path<String>,
    Parameters(wanted): Parameters<FollowWorkflowParameters>,
    parts: Parts,
) -> Result<Response, Refused> {
    let watched = wanted.watched(&id);
    if live::polls(&parts.headers) {
        let freshness = freshness(&parts.headers);
        let found = app.poll_workflow(caller.scope, &id, &watched, freshness);
        return Ok(answer(
            &app.tags,
            caller.viewer,
            &uri,
            &parts.headers,
            found.await?,
        ));
    }
    let last_id = live::last_id(&parts.headers, wanted.last_id());
    let subscription = app
        .subscribe_to_workflow(caller.scope, &id, &watched, last_id.as_deref())
        .await?;
    let news = stream::unfold(subscription, |mut subscription| async {
        let message = subscription.next().await?;
        Some((message, subscription))
    });
    Ok(live::stream(&app, parts, news))
}

/// The events of the stream by their names; `data` is the JSON of one of these.
#[derive(utoipa::ToSchema)]
#[allow(dead_code, reason = "it documents; the events are made in app::live")]
pub(in crate::http) struct WorkflowEvents {
    metrics_snapshot: MetricsSnapshot,
    metrics_update: MetricsUpdate,
}
