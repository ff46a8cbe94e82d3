//! The OpenAPI document, apart from the handlers.

mod event;

use utoipa::{
    Modify, OpenApi,
    openapi::{
        ContentBuilder, OpenApi as Document, Ref, ResponseBuilder,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

pub(in crate::http) use event::EventInput;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Weir",
        description = "Weir collects events from workflow engines and reports how much ran, how fast, \
            how reliably and at what cost. Times are in RFC 3339, durations in milliseconds, rates in \
            percent. Errors are problem details (RFC 9457) with a stable `code`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    tags(
        (name = "events", description = "Send events."),
        (name = "query", description = "Query metrics. Every other view is made of such queries."),
        (name = "analytics", description = "Ready-made views of executions, workflows, costs and service levels."),
        (name = "activity", description = "User activity and engagement."),
        (name = "cohorts", description = "Segments of users and workflows, and retention."),
        (name = "journeys", description = "Enrolment, conversion, funnels and actions of workflows."),
        (name = "process", description = "The process behind a workflow: its map, variants and conformance."),
        (name = "errors", description = "Error groups, and the rules that form them."),
        (name = "annotations", description = "Releases, incidents and notes on the timeline of a project."),
        (name = "costs", description = "What successful runs save, and what goals are worth."),
        (name = "observability", description = "The operations dashboard."),
        (name = "live", description = "Live updates by server-sent events or polling."),
        (name = "projects", description = "Projects, API keys, declared dimensions and the audit log."),
        (name = "privacy", description = "Redaction, pseudonyms and erasure of users."),
        (name = "people", description = "Members, roles, invitations and single sign-on."),
        (name = "session", description = "Login, sessions and the caller's own account."),
        (name = "operations", description = "Health, server metrics, and this document."),
    ),
    components(schemas(crate::http::problem::Problem)),
    modifiers(&Security),
)]
struct Base;

/// Adds the ways to authenticate.
struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_default();
        let key = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "An API key with the scope that the operation requires.",
            ))
            .build();
        components.add_security_scheme("key", SecurityScheme::Http(key));
        let cookie =
            ApiKeyValue::with_description("weir_session", "The session of a logged-in user.");
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}

/// The document before any route is added.
pub(super) fn base() -> Document {
    Base::openapi()
}

/// Documents the answer to too many requests, for every operation that does not describe it itself.
pub(super) fn describe_rate_limit(document: &mut Document) {
    let problem = Ref::from_schema_name("Problem");
    let refused = ResponseBuilder::new()
        .description(
            "`rate_limited`: try again after `Retry-After` seconds. `RateLimit` states how many requests are left.",
        )
        .content(
            "application/problem+json",
            ContentBuilder::new().schema(Some(problem)).build(),
        )
        .build();
    let paths = document.paths.paths.iter_mut();
    let api =
        paths.filter(|(path, _)| path.starts_with("/api/") || path.starts_with("/analytics/"));
    for (_, item) in api {
        let methods = [
            &mut item.get,
            &mut item.put,
            &mut item.post,
            &mut item.patch,
            &mut item.delete,
        ];
        for operation in methods.into_iter().flatten() {
            let responses = &mut operation.responses.responses;
            let entry = responses.entry("429".to_owned());
            entry.or_insert_with(|| refused.clone().into());
        }
    }
}
