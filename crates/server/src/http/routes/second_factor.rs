use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;

use super::super::{
    Shared,
    auth::LoggedIn,
    body::JsonBody,
    origin::CameFrom,
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

/// A code of an authenticator application.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct CodeProof {
    /// Six digits.
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
    /// Six digits, or a recovery code.
    #[schema(example = "123456")]
    code: String,
}

/// Begins a second factor: tells what an authenticator application needs. It counts once a code of it
/// has confirmed it.
#[utoipa::path(
    post, path = "/api/v1/profile/second-factor", tag = "session", operation_id = "beginSecondFactor",
    request_body = PasswordProof,
    responses(
        (status = 200, description = "The secret.", body = SecondFactorOffer),
        ProofProblems,
        (status = 409, description = "`second_factor_active`: the account has one.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("session" = [])),
)]
pub(in crate::http) async fn begin_second_factor(
    caller: LoggedIn,
    State(app): State<Shared>,
    CameFrom(origin): CameFrom,
    JsonBody(proof): JsonBody<PasswordProof>,
) -> Result<Json<SecondFactorOffer>, Refused> {
    let me = caller.oneself(&origin);
    let offer = app.begin_second_factor(me, &proof.password).await?;
    Ok(Json(offer))
}

/// Puts the second factor that was begun into force. The caller's other sessions end.
#[utoipa::path(
    put, path = "/api/v1/profile/second-factor", tag = "session", operation_id = "confirmSecondFactor",
    request_body = CodeProof,
    responses(
        (status = 200, description = "Recovery codes, shown once.", body = RecoveryCodes),
        ProofProblems,
    ),
    security(("session" = [])),
)]
pub(in crate::http) async fn confirm_second_factor(
    caller: LoggedIn,
    State(app): State<Shared>,
    CameFrom(origin): CameFrom,
    JsonBody(proof): JsonBody<CodeProof>,
) -> Result<Json<RecoveryCodes>, Refused> {
    let me = caller.oneself(&origin);
    let codes = app.confirm_second_factor(me, &proof.code).await?;
    Ok(Json(codes))
}

/// Takes the caller's second factor away.
#[utoipa::path(
    delete, path = "/api/v1/profile/second-factor", tag = "session", operation_id = "endSecondFactor",
    request_body = FullProof,
    responses((status = 204, description = "There is none any more."), ProofProblems),
    security(("session" = [])),
)]
pub(in crate::http) async fn end_second_factor(
    caller: LoggedIn,
    State(app): State<Shared>,
    CameFrom(origin): CameFrom,
    JsonBody(proof): JsonBody<FullProof>,
) -> Result<StatusCode, Refused> {
    let me = caller.oneself(&origin);
    app.end_second_factor(me, &proof.password, &proof.code)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes new recovery codes in place of the old ones.
#[utoipa::path(
    post, path = "/api/v1/profile/recovery-codes", tag = "session", operation_id = "renewRecoveryCodes",
    request_body = FullProof,
    responses(
        (status = 200, description = "The codes, shown once.", body = RecoveryCodes),
        ProofProblems,
    ),
    security(("session" = [])),
)]
pub(in crate::http) async fn renew_recovery_codes(
    caller: LoggedIn,
    State(app): State<Shared>,
    CameFrom(origin): CameFrom,
    JsonBody(proof): JsonBody<FullProof>,
) -> Result<Json<RecoveryCodes>, Refused> {
    let me = caller.oneself(&origin);
    let codes = app
        .renew_recovery_codes(me, &proof.password, &proof.code)
        .await?;
    Ok(Json(codes))
}
