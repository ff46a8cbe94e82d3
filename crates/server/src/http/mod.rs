//! HTTP: parses, authorises and renders. `app` makes the decisions.

mod auth;
mod bare;
mod body;
mod conditional;
mod cookie;
mod declared;
mod document;
mod environment;
mod event_headers;
mod fault;
mod frame;
pub mod guard;
mod headers;
mod live;
mod meter;
mod origin;
mod outflow;
mod parameters;
mod problem;
mod read;
mod router;
mod routes;
mod visit;
mod web;

pub use router::{openapi, router};

/// The answer to a refused request while the server starts, when requests do not have ids yet.
pub(crate) fn refused(refusal: crate::app::AppError) -> axum::response::Response {
    let refused = axum::response::IntoResponse::into_response(problem::Refused::from(refusal));
    problem::render(refused, "starting")
}

/// The state that every handler shares.
type Shared = std::sync::Arc<crate::app::App>;
