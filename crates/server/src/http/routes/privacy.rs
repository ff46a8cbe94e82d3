use axum::{Json, extract::State};
use weir_insights::privacy::PrivacySettings;

use super::super::{
    Shared,
    auth::{Authorized, ManagePrivacy},
    body::JsonBody,
    problem::{ReadProblems, Refused, WriteProblems},
};

/// How the organisation shows its users to whoever may not identify them.
#[utoipa::path(
    get, path = "/api/v1/privacy", tag = "privacy", operation_id = "privacy",
    responses((status = 200, description = "The settings.", body = PrivacySettings), ReadProblems),
    security(("session" = [])),
)]
pub(in crate::http) async fn privacy(
    caller: Authorized<ManagePrivacy>,
    State(app): State<Shared>,
) -> Result<Json<PrivacySettings>, Refused> {
    Ok(Json(app.reading.privacy(caller.principal.tenant()).await?))
}

/// Says how the organisation shows its users: the next answer does.
#[utoipa::path(
    put, path = "/api/v1/privacy", tag = "privacy", operation_id = "putPrivacy",
    request_body = PrivacySettings,
    responses((status = 200, description = "The settings.", body = PrivacySettings), WriteProblems),
    security(("session" = [])),
)]
pub(in crate::http) async fn put_privacy(
    caller: Authorized<ManagePrivacy>,
    State(app): State<Shared>,
    JsonBody(settings): JsonBody<PrivacySettings>,
) -> Result<Json<PrivacySettings>, Refused> {
    let actor = caller.actor();
    let tenant = caller.principal.tenant();
    Ok(Json(app.put_privacy(tenant, settings, &actor).await?))
}
