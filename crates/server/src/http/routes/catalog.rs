use axum::{Json, extract::State};
use weir_query::Catalogue;

use super::super::{
    Shared,
    auth::{ReadAnalytics, Somewhere},
    parameters::{Parameters, ProjectParameters},
    problem::{ReadProblems, Refused},
};

/// Lists metrics, dimensions and granularities, with units and meanings; of a project also the dimensions
/// that it declared.
#[utoipa::path(
    get, path = "/api/v1/catalog", tag = "query", operation_id = "readCatalog",
    params(("projectId" = Option<String>, Query, description = "UUID of the project whose declared dimensions are listed, too; without it, those of the project of an API key.")),
    responses(
        (status = 200, description = "Everything that can be asked.", body = Catalogue),
        ReadProblems,
    ),
    security(("key" = ["read"]), ("session" = [])),
)]
pub(in crate::http) async fn read_catalog(
    caller: Somewhere<ReadAnalytics>,
    State(app): State<Shared>,
    Parameters(wanted): Parameters<ProjectParameters>,
) -> Result<Json<Catalogue>, Refused> {
    let named = wanted.project_id.as_deref().filter(|id| !id.is_empty());
    let scope = match (named, caller.principal.only_scope()) {
        (None, None) => None,
        _ => Some(caller.in_project(&app, named).await?),
    };
    let declared = match scope {
        Some(scope) => app.reading.declared_entries(scope).await?,
        None => Vec::new(),
    };
    Ok(Json(weir_query::catalogue(declared)))
}
