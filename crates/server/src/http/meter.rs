//! Rate limits. Guards count requests, because they know whose they are. Headers of the answer state what is
//! left (draft-ietf-httpapi-ratelimit-headers).

use std::sync::{Arc, OnceLock};

use axum::http::{HeaderMap, HeaderName, HeaderValue, request::Parts};
use weir_meta::{Permission, Principal};

use super::{Shared, origin::CameFrom};
use crate::app::{AppError, limits::Standing};

const LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// How a request counts against limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counted {
    /// Not here: events and live streams have separate limits.
    Apart,
    /// As a read of analytics.
    Read,
    /// As any other request.
    Other,
}

impl Counted {
    /// For a handler that demands a permission.
    pub const fn by(permission: Permission) -> Self {
        match permission {
            Permission::SendEvents => Self::Apart,
            Permission::ReadAnalytics => Self::Read,
            _ => Self::Other,
        }
    }
}

/// Counts one request, once. The frame adds it to the extensions of the request.
#[derive(Clone)]
pub(super) struct Meter {
    app: Shared,
    counted: Arc<OnceLock<Option<Standing>>>,
}

impl Meter {
    /// For a new request.
    pub fn new(app: Shared) -> Self {
        Self {
            app,
            counted: Arc::default(),
        }
    }

    /// Adds headers that state how many requests the caller has left.
    pub fn report(&self, headers: &mut HeaderMap) {
        let Some(Some(standing)) = self.counted.get() else {
            return;
        };
        let (name, quota) = (standing.policy.name(), standing.quota);
        let window = Standing::WINDOW_SECONDS;
        let policy = format!("\"{name}\";q={quota};w={window}");
        let limit = format!(
            "\"{name}\";r={};t={}",
            standing.remaining,
            standing.full_in()
        );
        for (name, value) in [(POLICY, policy), (LIMIT, limit)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
    }

    fn note(&self, taken: Result<Option<Standing>, Standing>) -> Result<(), AppError> {
        let (standing, outcome) = match taken {
            Ok(standing) => (standing, Ok(())),
            Err(empty) => (Some(empty), Err(empty.refusal())),
        };
        // Two guards of one request cannot count it twice.
        let _ = self.counted.set(standing);
        outcome
    }

    /// The meter of a request that has not been counted yet.
    fn of(parts: &Parts) -> Option<&Self> {
        let meter = parts.extensions.get::<Meter>()?;
        meter.counted.get().is_none().then_some(meter)
    }
}

/// Counts a request of an authenticated caller. Fails if their limit is reached.
pub(super) fn caller(
    parts: &Parts,
    principal: &Principal,
    counted: Counted,
) -> Result<(), AppError> {
    match (Meter::of(parts), counted) {
        (None, _) | (_, Counted::Apart) => Ok(()),
        (Some(meter), _) => {
            let limits = &meter.app.limits;
            meter.note(limits.admit(principal, counted == Counted::Read))
        }
    }
}

/// Counts an unauthenticated request, by its address. Fails if the address's limit is reached.
pub(super) fn stranger(parts: &Parts) -> Result<(), AppError> {
    let address = parts.extensions.get::<CameFrom>();
    let address = address.and_then(|CameFrom(origin)| origin.address);
    match (Meter::of(parts), address) {
        (Some(meter), Some(address)) => meter.note(meter.app.limits.stranger(address)),
        _ => Ok(()),
    }
}
