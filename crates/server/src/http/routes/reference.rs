use axum::{
    http::header,
    response::{Html, IntoResponse},
};

use super::super::auth::Anyone;

/// Serves the page that shows the OpenAPI document as a reference.
pub(in crate::http) async fn read_reference(_: Anyone) -> Html<&'static str> {
    Html(include_str!("../../../assets/reference.html"))
}

/// Serves the script of the reference.
pub(in crate::http) async fn reference_script(_: Anyone) -> impl IntoResponse {
    let kind = "text/javascript; charset=utf-8";
    (
        [(header::CONTENT_TYPE, kind)],
        include_str!("../../../assets/reference.js"),
    )
}

/// Serves the style sheet of the reference.
pub(in crate::http) async fn reference_style(_: Anyone) -> impl IntoResponse {
    let kind = "text/css; charset=utf-8";
    (
        [(header::CONTENT_TYPE, kind)],
        include_str!("../../../assets/reference.css"),
    )
}
