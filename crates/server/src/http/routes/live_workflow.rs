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

/// Streams the totals of a workflow.
///
/// The stream consists of server-sent events. `metrics_snapshot`: the totals over all time, at the beginning.
/// `metrics_update`: what changed since the previous event: the current value of `currently_active`, and the
/// increase of the other totals. `heartbeat`: nothing happened for a while. The totals of an unknown workflow
/// are 0.
///
/// A client that reconnects with the `id` of its last event (`Last-Event-ID`, which browsers send
/// automatically, or `lastEventId`) receives exactly what has changed since, even if the server was
/// restarted: the increases that a client receives always add up. With `Accept: application/json`, the
/// request is answered once with the totals and an `ETag`, for clients that poll.
#[utoipa::path(
    get, path = "/api/v1/workflows/{id}/analytics/stream", tag = "live", operation_id = "followWorkflow",
    params(
        ("id" = String, Path, description = "The workflow's id."),
        ("Last-Event-ID" = Option<String>, Header, description = "The id of the last event received."),
        FollowWorkflowParameters,
    ),
    responses(
        (status = 200, description = "The stream, or the current totals as JSON.", content(
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
        .await
        .map_err(live::or_poll)?;
    let news = stream::unfold(subscription, |mut subscription| async {
        let message = subscription.next().await?;
        Some((message, subscription))
    });
    Ok(live::stream(&app, parts, news))
}

/// The events of the stream by name; `data` is the JSON of one of these.
#[derive(utoipa::ToSchema)]
#[allow(dead_code, reason = "it only documents; app::live creates the events")]
pub(in crate::http) struct WorkflowEvents {
    metrics_snapshot: MetricsSnapshot,
    metrics_update: MetricsUpdate,
}
