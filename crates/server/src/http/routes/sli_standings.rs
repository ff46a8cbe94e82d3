use axum::response::Response;
use weir_insights::views::sli::SliStandings;

use super::super::{
    parameters::{Parameters, StandingsParameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Returns every service level of a project with what is left of its error budget, the one that runs out first
/// on top.
///
/// Service levels are those of the project, of workflows with a target of their own, and of the other workflows that
/// ran in the window, which are measured against the project's target.
#[utoipa::path(
    get, path = "/api/workflow-analytics/sli-targets", tag = "analytics", operation_id = "workflowAnalyticsSliTargets",
    params(StandingsParameters),
    responses(
        (status = 200, description = "The service levels.", body = SliStandings),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn sli_standings(
    read: Read,
    Parameters(wanted): Parameters<StandingsParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .sli_standings(read.viewer, &wanted.wanted(), read.freshness)
        .await?;
    Ok(read.answer(found))
}
