//! HTTP: parsing, authorising and rendering. Decisions are made in `app`.

mod auth;
mod body;
mod conditional;
mod cookie;
mod declared;
mod document;
mod environment;
mod fault;
mod frame;
pub mod guard;
mod headers;
mod live;
mod meter;
mod origin;
mod outflow;
#[macro_use]
mod parameters;
mod journey_parameters;
mod problem;
mod read;
mod router;
mod routes;
mod visit;
mod web;

pub use document::openapi;
pub(crate) use frame::HEAD_BYTES;
pub use origin::Peer;
pub use outflow::Outflow;
pub use router::router;

/// A refusal as its answer, where no request has an id.
pub(crate) fn refused(refusal: crate::app::AppError) -> axum::response::Response {
    let refused = axum::response::IntoResponse::into_response(problem::Refused::from(refusal));
    problem::render(refused, "starting")
}

/// The state that every handler shares.
type Shared = std::sync::Arc<crate::app::App>;
