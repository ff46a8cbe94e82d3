use axum::{
    extract::{OriginalUri, Path, State},
    http::request::Parts,
    response::Response,
};
use futures_util::stream;

use super::super::{
    Shared,
    auth::{Follow, Somewhere},
    conditional::{answer, freshness},
    live,
    parameters::{FollowParameters, Parameters},
    problem::{Problem, ReadProblems, Refused},
};
use crate::app::{
    AppError, ErrorCode,
    live::{CountsView, ExecutionCompleted, Polled, SyncProgress, Wants},
};

/// Streams what happens in the projects of an organisation.
///
/// The stream consists of server-sent events. `counts.update`: the counts of the range, at the beginning and
/// whenever they change. `execution.completed`: an execution ended, once for each event that reported it.
/// `sync.progress`: the progress of an import or synchronisation. `heartbeat`: nothing happened for a while.
///
/// The `id` of an event is a position in the order of commits. A client that reconnects with it
/// (`Last-Event-ID`, which browsers send automatically, or `lastEventId`) receives everything that it
/// missed, even if the server was restarted. The stream never runs ahead of the client: a slow client falls
/// behind, but misses no execution. With `Accept: application/json`, the request is answered once, with an
/// `ETag`, for clients that poll.
#[utoipa::path(
    get, path = "/api/v1/sse/counts/{tenant_id}", tag = "live", operation_id = "followCounts",
    params(
        ("tenant_id" = String, Path, description = "UUID of the organisation."),
        ("Last-Event-ID" = Option<String>, Header, description = "The id of the last event received."),
        FollowParameters,
    ),
    responses(
        (status = 200, description = "The stream, or its current state as JSON.", content(
            (LiveEvents = "text/event-stream"),
            (Polled = "application/json"),
        )),
        ReadProblems,
        (status = 404, description = "`unknown_tenant`: the caller has no access to this organisation. `unknown_project`: the caller has no access to a project with this id.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn live_counts(
    caller: Somewhere<Follow>,
    State(app): State<Shared>,
    OriginalUri(uri): OriginalUri,
    Path(tenant_id): Path<String>,
    Parameters(wanted): Parameters<FollowParameters>,
    parts: Parts,
) -> Result<Response, Refused> {
    let project = wanted.project_id.as_deref().filter(|id| !id.is_empty());
    let audience = app.audience(&caller.principal, &tenant_id, project).await?;
    let watched = wanted.watched();
    if live::polls(&parts.headers) {
        let (last_id, freshness) = (wanted.last_id(), freshness(&parts.headers));
        let found = app.poll(&audience, &watched, last_id.as_deref(), freshness);
        let viewer = audience.viewer(&app.reading).await?;
        return Ok(answer(
            &app.tags,
            viewer,
            &uri,
            &parts.headers,
            found.await?,
        ));
    }
    let wants = wants(wanted.events.as_deref())?;
    let last_id = live::last_id(&parts.headers, wanted.last_id());
    let subscription = app
        .subscribe(audience, watched, wants, last_id.as_deref())
        .await
        .map_err(live::or_poll)?;
    let news = stream::unfold(subscription, |mut subscription| async {
        let message = subscription.next().await?;
        Some((message, subscription))
    });
    Ok(live::stream(&app, parts, news))
}

/// Reads the parameter `events`, a list of names; everything without it. Fails if there is no such name.
fn wants(names: Option<&str>) -> Result<Wants, AppError> {
    let Some(names) = names else {
        return Ok(Wants::EVERYTHING);
    };
    let mut wants = Wants {
        counts: false,
        executions: false,
        syncs: false,
    };
    for name in names.split(',').map(str::trim) {
        match name {
            "counts.update" => wants.counts = true,
            "execution.completed" => wants.executions = true,
            "sync.progress" => wants.syncs = true,
            _ => {
                let detail = format!("No event of this stream is named {name:?}.");
                return Err(AppError::new(ErrorCode::InvalidParameter, detail)
                    .field("events")
                    .fix("counts.update, execution.completed, sync.progress"));
            }
        }
    }
    Ok(wants)
}

/// The events of the stream by name; `data` is the JSON of one of these.
#[derive(utoipa::ToSchema)]
#[allow(dead_code, reason = "it only documents; app::live creates the events")]
pub(in crate::http) struct LiveEvents {
    #[schema(rename = "counts.update")]
    counts_update: CountsView,
    #[schema(rename = "execution.completed")]
    execution_completed: ExecutionCompleted,
    #[schema(rename = "sync.progress")]
    sync_progress: SyncProgress,
}
