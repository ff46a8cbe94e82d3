//! The embedded web application: its files, and its page for all other paths.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{Html, IntoResponse, Response},
};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::{auth::Anyone, problem};

#[derive(RustEmbed)]
#[folder = "$WEIR_WEB_DIST"]
struct Files;

const PAGE: &str = "index.html";
/// Files whose names contain a hash of their content, so they never change.
const HASHED: &str = "assets/";
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
const REVALIDATE: &str = "no-cache";

/// The fallback for paths outside the API: a file of the application, or its page. 404 for unknown paths of
/// the API and missing hashed files.
pub(super) async fn page(_: Anyone, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") {
        return problem::not_found().await.into_response();
    }
    if let Some(file) = Files::get(path) {
        return serve(path, &file, &headers);
    }
    // A missing file must not return the page: a browser would run it as a script.
    if path.starts_with(HASHED) {
        return problem::not_found().await.into_response();
    }
    match Files::get(PAGE) {
        Some(file) => serve(PAGE, &file, &headers),
        None => not_built(),
    }
}

fn serve(path: &str, file: &EmbeddedFile, headers: &HeaderMap) -> Response {
    let tag = tag(&file.metadata.sha256_hash());
    let caching = if path.starts_with(HASHED) {
        IMMUTABLE
    } else {
        REVALIDATE
    };
    let known = headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|value| value == tag.as_str());
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let kind = file.metadata.mimetype().to_owned();
        ([(header::CONTENT_TYPE, kind)], file.data.to_vec()).into_response()
    };
    let head = response.headers_mut();
    head.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        head.insert(header::ETAG, tag);
    }
    response
}

/// An entity tag from the first half of a SHA-256. It is weak, because answers can be compressed.
fn tag(hash: &[u8; 32]) -> String {
    let hex: String = hash[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("W/\"{hex}\"")
}

fn not_built() -> Response {
    let page = include_str!("../../assets/not-built.html");
    (StatusCode::SERVICE_UNAVAILABLE, Html(page)).into_response()
}
