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

/// The account to reset the password of.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ResetInput {
    /// The e-mail address of the account.
    #[schema(example = "ada@example.com")]
    email: String,
}

/// A new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct RedeemInput {
    /// The part of the link after the `#`.
    #[schema(format = "password")]
    token: String,
    /// The new password: at least 10 characters.
    #[schema(format = "password")]
    password: String,
}

/// Sends a password reset link if there is an account with this e-mail address.
///
/// The answer does not reveal whether there is one.
#[utoipa::path(
    post, path = "/api/v1/password-resets", tag = "session", operation_id = "askForPasswordReset",
    request_body = ResetInput,
    responses((status = 202, description = "If there is an account, an e-mail is sent."), EntryProblems),
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

/// Sets a new password with the token of a password reset link. All sessions of the account end.
#[utoipa::path(
    post, path = "/api/v1/password-resets/redeem", tag = "session", operation_id = "redeemPasswordReset",
    request_body = RedeemInput,
    responses(
        (status = 204, description = "The password is changed."),
        EntryProblems,
        (status = 404, description = "`unknown_link`: the token is unknown, used or expired.", body = Problem, content_type = "application/problem+json"),
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
