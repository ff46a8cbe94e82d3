use axum::response::Response;
use weir_insights::views::changes::Changes;

use super::super::{
    environment::OneEnvironment,
    parameters::{ChangeParameters, Parameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Returns what changed, the largest effect first: slower steps and workflows, rising failures, failing
/// connectors, cost spikes, new and escalating errors, and silent workflows.
///
/// The range is compared with its own past: with up to 28 days before it, without the weekly rhythm. Each
/// change is reported once, at its cause: what a failing connector or a slower step explains is not repeated.
/// Where nothing changed, the list is empty. A lasting change, such as a slower step, is reported if it began
/// in the range; a failure, for as long as it lasts.
#[utoipa::path(
    get, path = "/api/v1/analytics/changes", tag = "analytics", operation_id = "changes",
    params(ChangeParameters),
    responses((status = 200, description = "The changes.", body = Changes), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn changes(
    read: Read<OneEnvironment>,
    Parameters(wanted): Parameters<ChangeParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .changes(read.viewer, &wanted.frame(), wanted.limit, read.freshness)
        .await?;
    Ok(read.answer(found))
}
