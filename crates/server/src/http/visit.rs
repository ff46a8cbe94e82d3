//! Audits reads: guards report who reads what, and it is recorded once the request is answered.

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

/// The maximum length of a recorded path, in bytes.
const PATH_BYTES: usize = 500;
/// The maximum length of a recorded parameter, in bytes.
const WORD_BYTES: usize = 60;
/// The parameters of a range.
const RANGE: [&str; 7] = [
    "from",
    "to",
    "last",
    "start_date",
    "end_date",
    "startDate",
    "endDate",
];

/// What is known about the caller of a request, and about what they read. Guards report the caller; handlers
/// report a range that is in the body.
#[derive(Clone, Default)]
pub(super) struct Visit(Arc<Mutex<Seen>>);

#[derive(Default)]
struct Seen {
    reader: Option<Reader>,
    range: Option<Value>,
}

/// A caller whose read is recorded.
struct Reader {
    principal: Principal,
    action: &'static str,
    scope: Option<Scope>,
}

impl Visit {
    /// The visit of a request.
    pub fn of(parts: &Parts) -> Self {
        parts.extensions.get().cloned().unwrap_or_default()
    }

    /// Reports the caller and the permission that the request requires, in a project if it concerns one.
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

    /// Reports the range of a request that has it in the body.
    pub fn reads(&self, range: RangeView) {
        self.seen(|seen| seen.range = Some(json!({"from": range.from, "to": range.to})));
    }

    /// Records nothing, because the handler records the read itself.
    pub fn is_recorded(&self) {
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

/// The audited action of requests that require a permission; `None` if they are not audited.
fn action(permission: Permission) -> Option<&'static str> {
    match permission {
        Permission::ReadAnalytics => Some("analytics.read"),
        Permission::ReadAudit => Some("audit.read"),
        _ => None,
    }
}

/// Records who read what, even if the request failed.
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

/// The parameters of the range. Nothing else is recorded: a filter can contain data that must not be logged.
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
    fn only_the_range_of_a_query_is_recorded() {
        let of = |uri: &'static str| range_of(&Uri::from_static(uri));
        assert_eq!(of("/a?last=7d&search=secret"), json!({"last": "7d"}));
        assert_eq!(of("/a?from=2026-01-01&to="), json!({"from": "2026-01-01"}));
        assert_eq!(of("/a?search=secret"), Value::Null);
        assert_eq!(of("/a"), Value::Null);
    }
}
