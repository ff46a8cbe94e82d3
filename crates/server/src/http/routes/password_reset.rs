use axum::{extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;

use super::super::{
    Shared,
    auth::SameSite,
    body::JsonBody,
    origin::CameFrom,
    problem::{EntryProblems, Problem, Refused},
};

/// Whose password is forgotten.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ResetInput {
    /// The address of the account.
    #[schema(example = "ada@example.com")]
    email: String,
}

/// A new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct RedeemInput {
    /// What stands behind the `#` of the link in the mail.
    #[schema(format = "password")]
    token: String,
    /// At least 10 characters.
    #[schema(format = "password")]
    password: String,
}

/// Sends a link to choose a new password with, if somebody has the address. The answer is the same
/// whether anybody has.
#[utoipa::path(
    post, path = "/api/v1/password-resets", tag = "session", operation_id = "askForPasswordReset",
    request_body = ResetInput,
    responses((status = 202, description = "If somebody has the address, they get a mail."), EntryProblems),
    security(()),
)]
pub(in crate::http) async fn ask_for_reset(
    _: SameSite,
    State(app): State<Shared>,
    CameFrom(origin): CameFrom,
    JsonBody(input): JsonBody<ResetInput>,
) -> Result<StatusCode, Refused> {
    app.ask_for_reset(&input.email, &origin)?;
    Ok(StatusCode::ACCEPTED)
}

/// Gives the holder of a link a new password. All of their sessions end.
#[utoipa::path(
    post, path = "/api/v1/password-resets/redeem", tag = "session", operation_id = "redeemPasswordReset",
    request_body = RedeemInput,
    responses(
        (status = 204, description = "The new password holds."),
        EntryProblems,
        (status = 404, description = "`unknown_link`: the token is not good (any more).", body = Problem, content_type = "application/problem+json"),
    ),
    security(()),
)]
pub(in crate::http) async fn redeem_reset(
    _: SameSite,
    State(app): State<Shared>,
    CameFrom(origin): CameFrom,
    JsonBody(input): JsonBody<RedeemInput>,
) -> Result<StatusCode, Refused> {
    app.redeem_reset(&input.token, &input.password, &origin)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
