use axum::{extract::Path, response::Response};
use weir_insights::views::process::{VariantComparison, WorkflowVariants};

use super::super::{
    environment::OneEnvironment,
    parameters::{GroupParameters, Parameters, VariantParameters},
    problem::{ReadProblems, Refused},
    read::Read,
};

/// Lists the variants of a workflow: its ended executions by the exact sequence of their steps.
///
/// The list of executions takes the id of a variant as the parameter `variant`.
#[utoipa::path(
    get, path = "/api/v1/analytics/workflows/{id}/variants", tag = "process", operation_id = "workflowVariants",
    params(("id" = String, Path, description = "The workflow's id."), VariantParameters),
    responses((status = 200, description = "A page of variants.", body = WorkflowVariants), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn workflow_variants(
    read: Read<OneEnvironment>,
    Path(id): Path<String>,
    Parameters(wanted): Parameters<VariantParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .workflow_variants(read.viewer, &wanted.request(&id)?, read.freshness)
        .await?;
    Ok(read.answer(found))
}

/// Compares two groups of executions of a workflow by the paths they took.
///
/// The groups are of executions that have ended. An execution can be in both.
#[utoipa::path(
    get, path = "/api/v1/analytics/workflows/{id}/variants/comparison", tag = "process", operation_id = "variantComparison",
    params(("id" = String, Path, description = "The workflow's id."), GroupParameters),
    responses((status = 200, description = "The comparison.", body = VariantComparison), ReadProblems),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn variant_comparison(
    read: Read<OneEnvironment>,
    Path(id): Path<String>,
    Parameters(wanted): Parameters<GroupParameters>,
) -> Result<Response, Refused> {
    let found = read
        .reading
        .variant_comparison(read.viewer, &wanted.request(&id)?, read.freshness)
        .await?;
    Ok(read.answer(found))
}
