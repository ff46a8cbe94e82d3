use axum::{Json, extract::State};
use weir_query::Catalogue;

use super::super::{
    Shared,
    auth::{ReadAnalytics, Somewhere},
    parameters::{Parameters, ProjectParameters},
    problem::{ReadProblems, Refused},
};

/// Lists metrics, dimensions and granularities, with their units and definitions.
///
/// For a project, the list includes its declared dimensions.
#[utoipa::path(
    get, path = "/api/v1/catalog", tag = "query", operation_id = "readCatalog",
    params(("projectId" = Option<String>, Query, description = "UUID of the project whose declared dimensions are included; by default, the project of the API key, if one is used.")),
    responses(
        (status = 200, description = "The catalogue.", body = Catalogue),
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
