use axum::{Json, extract::State};
use weir_insights::privacy::PrivacySettings;

use super::super::{
    Shared,
    auth::{Authorized, ManagePrivacy},
    body::JsonBody,
    problem::{ReadProblems, Refused, WriteProblems},
};

/// Returns how users appear to callers who do not have the permission to identify them.
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

/// Sets how users appear to callers who do not have the permission to identify them.
///
/// The setting applies from the next answer.
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
