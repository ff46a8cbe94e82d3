//! Conditional requests: `ETag`, `If-None-Match` and `If-Match`.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::app::{AppError, ErrorCode};
use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use weir_insights::{
    privacy::Viewer,
    query::Freshness,
    views::{Version, Versioned},
};
use weir_meta::Opaque;

/// Whether the caller accepts a cached answer.
pub(super) fn freshness(headers: &HeaderMap) -> Freshness {
    let bypasses = |value: &HeaderValue| {
        value
            .to_str()
            .is_ok_and(|text| text.to_ascii_lowercase().contains("no-cache"))
    };
    match headers.get_all(header::CACHE_CONTROL).iter().any(bypasses) {
        true => Freshness::Computed,
        false => Freshness::Cached,
    }
}

/// The answer, or 304 if the caller already has it.
pub(super) fn answer<T: Serialize>(
    tags: &Opaque,
    viewer: Viewer,
    uri: &Uri,
    headers: &HeaderMap,
    found: Versioned<T>,
) -> Response {
    let tag = tag(tags, viewer, uri, &found.version);
    let response = match has(headers, &tag) {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => Json(found.body).into_response(),
    };
    for_revalidation(response, &tag)
}

/// Lets a caller keep a response for as long as the server says that it is still true.
fn for_revalidation(mut response: Response, tag: &str) -> Response {
    let head = response.headers_mut();
    head.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
    if let Ok(tag) = HeaderValue::from_str(tag) {
        head.insert(header::ETAG, tag);
    }
    response
}

/// A resource that can be changed, with its entity tag for `If-Match`.
pub(super) fn tagged<T: Serialize>(tag: &str, resource: T) -> Response {
    ([(header::ETAG, tag)], Json(resource)).into_response()
}

/// The version in `If-Match`; `None` if any version can be changed. Fails if it is not an `ETag` of ours.
pub(super) fn matched_version(headers: &HeaderMap) -> Result<Option<i64>, AppError> {
    let Some(given) = headers.get(header::IF_MATCH) else {
        return Ok(None);
    };
    let given = given.to_str().unwrap_or_default().trim();
    if given == "*" {
        return Ok(None);
    }
    let digits = given
        .strip_prefix('"')
        .and_then(|tag| tag.strip_suffix('"'));
    let version = digits.and_then(|digits| digits.parse().ok());
    version.map(Some).ok_or_else(|| {
        let detail = "If-Match is not an ETag that this server issued.";
        AppError::new(ErrorCode::PreconditionFailed, detail)
            .field("If-Match")
            .fix("Send the ETag of the answer that you read.")
    })
}

/// Names the header that a failed precondition is about.
pub(super) fn unmatched(error: AppError) -> AppError {
    match error.code {
        ErrorCode::PreconditionFailed => error.field("If-Match"),
        _ => error,
    }
}

/// Equal requests at equal watermarks have equal figures. The tag is weak, because elapsed times can
/// differ. It hides the number of commits, which other tenants contribute to.
fn tag(tags: &Opaque, viewer: Viewer, uri: &Uri, version: &Version) -> String {
    let mut hasher = DefaultHasher::new();
    (viewer, uri.path(), uri.query(), version).hash(&mut hasher);
    format!("W/\"{}\"", tags.hide(hasher.finish(), 0))
}

fn has(headers: &HeaderMap, tag: &str) -> bool {
    let strong = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|given| given.trim() == "*" || strong(given) == strong(tag))
}

#[cfg(test)]
mod tests {
    use weir_meta::{MasterKey, Sealer, SystemEntropy};
    use weir_model::{Scope, TimeRange};

    use super::*;

    fn version(watermark: u64, to: i64) -> Version {
        Version {
            watermark,
            range: TimeRange::new(0, to),
            revision: 0,
        }
    }

    fn tags() -> Opaque {
        let key = MasterKey::generate(&SystemEntropy);
        Opaque::new(&Sealer::new(key, Vec::new()), "tags")
    }

    fn tag_of(tags: &Opaque, uri: &'static str, version: &Version) -> String {
        tag(
            tags,
            Viewer::clear(Scope::new(1, 1)),
            &Uri::from_static(uri),
            version,
        )
    }

    #[test]
    fn the_tag_changes_with_everything_the_answer_depends_on() {
        let tags = tags();
        let tag_of = |uri, version: &Version| tag_of(&tags, uri, version);
        let one = tag_of("/a?x=1", &version(1, 10));
        assert_eq!(one, tag_of("/a?x=1", &version(1, 10)));
        for other in [
            tag_of("/a?x=2", &version(1, 10)),
            tag_of("/b?x=1", &version(1, 10)),
            tag_of("/a?x=1", &version(2, 10)),
            tag_of("/a?x=1", &version(1, 11)),
            tag_of(
                "/a?x=1",
                &Version {
                    revision: 1,
                    ..version(1, 10)
                },
            ),
        ] {
            assert_ne!(one, other);
        }
        let other_project = tag(
            &tags,
            Viewer::clear(Scope::new(1, 2)),
            &Uri::from_static("/a?x=1"),
            &version(1, 10),
        );
        assert_ne!(one, other_project);
    }

    #[test]
    fn a_caller_that_has_the_answer_gets_304() {
        let uri = Uri::from_static("/a");
        let versioned = || Versioned {
            body: 1,
            version: version(1, 10),
        };
        let viewer = Viewer::clear(Scope::new(1, 1));
        let tags = tags();
        let first = answer(&tags, viewer, &uri, &HeaderMap::new(), versioned());
        assert_eq!(first.status(), 200);
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_NONE_MATCH, first.headers()[header::ETAG].clone());
        assert_eq!(
            answer(&tags, viewer, &uri, &headers, versioned()).status(),
            304
        );
        headers.insert(header::IF_NONE_MATCH, HeaderValue::from_static("\"other\""));
        assert_eq!(
            answer(&tags, viewer, &uri, &headers, versioned()).status(),
            200
        );
    }

    #[test]
    fn no_cache_bypasses_the_cache() {
        let mut headers = HeaderMap::new();
        assert_eq!(freshness(&headers), Freshness::Cached);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("No-Cache"));
        assert_eq!(freshness(&headers), Freshness::Computed);
    }
}
