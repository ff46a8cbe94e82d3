use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;

use super::super::{
    Shared,
    auth::LoggedIn,
    body::JsonBody,
    problem::{Problem, ProofProblems, Refused},
};
use crate::app::profile::{RecoveryCodes, SecondFactorOffer};

/// The caller's password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct PasswordProof {
    /// The caller's password.
    #[schema(format = "password")]
    password: String,
}

/// A code from an authenticator app.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct CodeProof {
    /// The code: six digits.
    #[schema(example = "123456")]
    code: String,
}

/// The caller's password and a code of their second factor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct FullProof {
    /// The caller's password.
    #[schema(format = "password")]
    password: String,
    /// The code: six digits, or a recovery code.
    #[schema(example = "123456")]
    code: String,
}

/// Begins to set up a second factor: returns the secret for an authenticator app.
///
/// The second factor is active once a code from the app has confirmed it.
#[utoipa::path(
    post, path = "/api/v1/profile/second-factor", tag = "session", operation_id = "beginSecondFactor",
    request_body = PasswordProof,
    responses(
        (status = 200, description = "The secret.", body = SecondFactorOffer),
        ProofProblems,
        (status = 409, description = "`second_factor_active`: the account already has a second factor.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = [])),
)]
pub(in crate::http) async fn begin_second_factor(
    caller: LoggedIn,
    State(app): State<Shared>,
    JsonBody(proof): JsonBody<PasswordProof>,
) -> Result<Json<SecondFactorOffer>, Refused> {
    let me = caller.oneself();
    let offer = app.begin_second_factor(me, &proof.password).await?;
    Ok(Json(offer))
}

/// Activates the second factor with a code from the authenticator app. The caller's other sessions end.
#[utoipa::path(
    put, path = "/api/v1/profile/second-factor", tag = "session", operation_id = "confirmSecondFactor",
    request_body = CodeProof,
    responses(
        (status = 200, description = "The recovery codes, which only this answer contains.", body = RecoveryCodes),
        ProofProblems,
    ),
    security(("session" = [])),
)]
pub(in crate::http) async fn confirm_second_factor(
    caller: LoggedIn,
    State(app): State<Shared>,
    JsonBody(proof): JsonBody<CodeProof>,
) -> Result<Json<RecoveryCodes>, Refused> {
    let me = caller.oneself();
    let codes = app.confirm_second_factor(me, &proof.code).await?;
    Ok(Json(codes))
}

/// Removes the caller's second factor.
#[utoipa::path(
    delete, path = "/api/v1/profile/second-factor", tag = "session", operation_id = "endSecondFactor",
    request_body = FullProof,
    responses((status = 204, description = "Removed."), ProofProblems),
    security(("session" = [])),
)]
pub(in crate::http) async fn end_second_factor(
    caller: LoggedIn,
    State(app): State<Shared>,
    JsonBody(proof): JsonBody<FullProof>,
) -> Result<StatusCode, Refused> {
    let me = caller.oneself();
    app.end_second_factor(me, &proof.password, &proof.code)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Replaces the caller's recovery codes with new ones.
#[utoipa::path(
    post, path = "/api/v1/profile/recovery-codes", tag = "session", operation_id = "renewRecoveryCodes",
    request_body = FullProof,
    responses(
        (status = 200, description = "The recovery codes, which only this answer contains.", body = RecoveryCodes),
        ProofProblems,
    ),
    security(("session" = [])),
)]
pub(in crate::http) async fn renew_recovery_codes(
    caller: LoggedIn,
    State(app): State<Shared>,
    JsonBody(proof): JsonBody<FullProof>,
) -> Result<Json<RecoveryCodes>, Refused> {
    let me = caller.oneself();
    let codes = app
        .renew_recovery_codes(me, &proof.password, &proof.code)
        .await?;
    Ok(Json(codes))
}
