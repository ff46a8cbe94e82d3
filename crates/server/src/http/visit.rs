//! Who reads what: told by the extractors of callers, written to the audit log when the answer is there.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    extract::{FromRequestParts, MatchedPath, Request, State},
    http::{Uri, request::Parts},
    middleware::Next,
    response::Response,
};
use serde_json::{Map, Value, json};
use weir_insights::views::RangeView;
use weir_meta::{AuditKind, HeldRecord, Permission, Principal};
use weir_model::Scope;

use super::{Shared, origin::CameFrom};

/// Bytes of a path that are kept.
const PATH_BYTES: usize = 500;
/// Bytes of a word of a range that are kept.
const WORD_BYTES: usize = 60;
/// The parameters that say which time was read.
const RANGE: [&str; 7] = [
    "from",
    "to",
    "last",
    "start_date",
    "end_date",
    "startDate",
    "endDate",
];

/// What is known of the caller of a request, and of what they read. The extractors of callers say who
/// it is; a handler whose range stands in a body says which.
#[derive(Clone, Default)]
pub(super) struct Visit(Arc<Mutex<Seen>>);

#[derive(Default)]
struct Seen {
    reader: Option<Reader>,
    range: Option<Value>,
}

/// Somebody who wants to read something that is written down.
struct Reader {
    principal: Principal,
    action: &'static str,
    scope: Option<Scope>,
}

impl Visit {
    /// The visit that a request is.
    pub fn of(parts: &Parts) -> Self {
        parts.extensions.get().cloned().unwrap_or_default()
    }

    /// Somebody proved who they are, and wants to do what takes a permission, perhaps in a project.
    pub fn by(&self, principal: &Principal, wanted: Permission, scope: Option<Scope>) {
        let Some(action) = action(wanted) else { return };
        self.seen(|seen| {
            seen.reader = Some(Reader {
                principal: principal.clone(),
                action,
                scope,
            });
        });
    }

    /// The time that is read, where the request's body says it.
    pub fn reads(&self, range: RangeView) {
        self.seen(|seen| seen.range = Some(json!({"from": range.from, "to": range.to})));
    }

    /// Whoever reads is written down by the handler itself.
    pub fn is_told(&self) {
        self.seen(|seen| seen.reader = None);
    }

    fn seen<T>(&self, change: impl FnOnce(&mut Seen) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

/// What is read by who has a permission; `None` for permissions that do not read figures.
fn action(permission: Permission) -> Option<&'static str> {
    match permission {
        Permission::ReadAnalytics => Some("analytics.read"),
        Permission::ReadAudit => Some("audit.read"),
        _ => None,
    }
}

/// Writes down who read what, whatever became of it.
pub(super) async fn follow(
    State(app): State<Shared>,
    mut request: Request,
    next: Next,
) -> Response {
    let visit = Visit::default();
    request.extensions_mut().insert(visit.clone());
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let from = request.extensions().get::<CameFrom>();
    let origin = from.map(|from| from.0.clone()).unwrap_or_default();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let (reader, range) = visit.seen(|seen| (seen.reader.take(), seen.range.take()));
    if let Some(reader) = reader {
        let detail = json!({
            "method": method.as_str(),
            "route": route.as_ref().map(MatchedPath::as_str),
            "range": range.unwrap_or_else(|| range_of(&uri)),
            "status": response.status().as_u16(),
        });
        app.access.push(HeldRecord {
            tenant: reader.principal.tenant(),
            project: reader.scope.map(|scope| scope.project),
            kind: AuditKind::Access,
            actor: reader.principal.actor(&origin),
            action: reader.action.to_owned(),
            subject: cut(uri.path(), PATH_BYTES).to_owned(),
            detail: detail.to_string(),
            at: app.clock.now(),
        });
    }
    response
}

/// The parameters of a query that say which time it is about. Nothing else of it: a filter may hold
/// what must not be in a log.
fn range_of(uri: &Uri) -> Value {
    let pairs = uri.query().unwrap_or_default().split('&');
    let named = pairs.filter_map(|pair| pair.split_once('='));
    let range: Map<String, Value> = named
        .filter(|(name, value)| RANGE.contains(name) && !value.is_empty())
        .map(|(name, value)| (name.to_owned(), cut(value, WORD_BYTES).into()))
        .collect();
    match range.is_empty() {
        true => Value::Null,
        false => range.into(),
    }
}

fn cut(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_time_that_was_read_is_taken_from_a_query() {
        let of = |uri: &'static str| range_of(&Uri::from_static(uri));
        assert_eq!(of("/a?last=7d&search=secret"), json!({"last": "7d"}));
        assert_eq!(of("/a?from=2026-01-01&to="), json!({"from": "2026-01-01"}));
        assert_eq!(of("/a?search=secret"), Value::Null);
        assert_eq!(of("/a"), Value::Null);
    }
}
