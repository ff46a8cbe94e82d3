//! The OpenAPI document, made from the handlers.

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
        description = "Weir takes in what workflow engines do and answers how much, how fast, how \
            reliably and at what cost. Times are RFC 3339, durations are milliseconds, rates are \
            percentages. Errors are problem details (RFC 9457) with a stable `code`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    tags(
        (name = "events", description = "Events in."),
        (name = "query", description = "Figures out: one query language behind every view."),
        (name = "analytics", description = "Ready-made views on the same queries."),
        (name = "activity", description = "What users did, and how engaged they are."),
        (name = "cohorts", description = "Segments of users and workflows, and who came back."),
        (name = "journeys", description = "Enrolment, conversion, funnels and actions of a workflow."),
        (name = "errors", description = "Groups of errors, and the rules that make them."),
        (name = "observability", description = "The figures of an operations dashboard."),
        (name = "live", description = "News as it is committed: server-sent events, or polling."),
        (name = "projects", description = "What a key or session may see."),
        (name = "privacy", description = "What is kept of users, and who sees who they are."),
        (name = "people", description = "People, their roles, and invitations."),
        (name = "session", description = "Logging in and out."),
        (name = "operations", description = "Health, figures about the server, this document."),
    ),
    components(schemas(crate::http::problem::Problem)),
    modifiers(&Security),
)]
struct Base;

/// How a caller proves who they are.
struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_default();
        let key = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("An API key with the scope that the operation names."))
            .build();
        components.add_security_scheme("key", SecurityScheme::Http(key));
        let cookie = ApiKeyValue::with_description("weir_session", "A logged-in person's session.");
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}

/// The document before any route is added.
pub(super) fn base() -> Document {
    Base::openapi()
}

/// The whole document.
pub fn openapi() -> Document {
    let mut document = super::router::api().into_openapi();
    limited(&mut document);
    document
}

/// Says of every operation that requests are limited, unless it says so itself.
fn limited(document: &mut Document) {
    let problem = Ref::from_schema_name("Problem");
    let refused = ResponseBuilder::new()
        .description(
            "`rate_limited`: try again after `Retry-After` seconds; `RateLimit` tells what is left.",
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
