//! The edge of the server: headers, other sites, limits of requests.

mod tls;

use ureq::http::Method;
use weir_e2e::{Answer, TestApp, events};

const READ: &str = "/api/v1/analytics/executions/summary?last=1d";

#[test]
fn every_response_has_security_headers() {
    let app = TestApp::start();
    for path in [
        "/",
        "/reference",
        "/api/v1/projects",
        "/api/v1/nothing",
        "/healthz",
        "/metrics",
    ] {
        let answer = app.get(path);
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
        assert!(
            answer.header("permissions-policy").contains("camera=()"),
            "{path}"
        );
        assert_eq!(
            answer.header("strict-transport-security"),
            "",
            "{path}: it is not https"
        );
    }
}

/// The page and the reference contain no inline scripts or styles, and refer to no other site.
#[test]
fn no_page_violates_its_content_security_policy() {
    let app = TestApp::start();
    for path in ["/", "/reference"] {
        let page = app.get(path).text();
        for tag in page.split('<').filter(|tag| tag.starts_with("script")) {
            assert!(tag.contains("src=\"/"), "{path}: <{tag}");
        }
        assert!(!page.contains("<style"), "{path}");
        assert!(!page.contains("style="), "{path}");
        assert!(
            !page.contains(" onload=") && !page.contains(" onclick="),
            "{path}"
        );
    }
}

fn asked_by(app: &TestApp, method: Method, origin: &str) -> Answer {
    app.client()
        .call(method, READ)
        .header("origin", origin)
        .header("access-control-request-method", "GET")
        .header("access-control-request-headers", "authorization")
        .send()
}

#[test]
fn other_sites_cannot_read_responses_unless_they_are_configured() {
    let closed = TestApp::start();
    for method in [Method::GET, Method::OPTIONS] {
        let answer = asked_by(&closed, method, "https://app.example.com");
        assert_eq!(answer.header("access-control-allow-origin"), "");
    }
    let open = TestApp::configured(&[("WEIR_CORS_ORIGINS", "[\"https://app.example.com\"]")]);
    let answer = asked_by(&open, Method::GET, "https://app.example.com");
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(
        answer.header("access-control-allow-origin"),
        "https://app.example.com"
    );
    assert_eq!(answer.header("access-control-allow-credentials"), "");
    let asked = asked_by(&open, Method::OPTIONS, "https://app.example.com");
    assert!(
        asked
            .header("access-control-allow-headers")
            .contains("authorization")
    );
    let other = asked_by(&open, Method::GET, "https://other.example.com");
    assert_eq!(other.header("access-control-allow-origin"), "");
}

#[test]
fn a_key_sees_how_many_requests_are_left_and_is_refused_when_none_are() {
    let app = TestApp::configured(&[("WEIR_LIMITS_KEY_REQUESTS", "5")]);
    for left in (0..5).rev() {
        let answer = app.get(READ);
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.header("ratelimit-policy"), "\"key\";q=5;w=60");
        let limit = answer.header("ratelimit");
        assert!(
            limit.starts_with(&format!("\"key\";r={left};t=")),
            "{limit}"
        );
    }
    let refused = app.get(READ);
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (429, "rate_limited")
    );
    let wait: u32 = refused.header("retry-after").parse().unwrap();
    assert!((1..=12).contains(&wait), "{wait}");
    assert!(refused.header("ratelimit").starts_with("\"key\";r=0;"));
    // Events and live streams have their own limits.
    app.take(&events::execution(
        "w",
        "1",
        "completed",
        "2024-03-01T00:00:00Z",
    ));
    let stream = app.client().get("/api/v1/sse/counts/none").send();
    assert_eq!(stream.code(), "unknown_tenant");
}

#[test]
fn a_person_has_a_limit_of_reads_of_analytics_and_a_separate_limit_for_the_rest() {
    let app = TestApp::configured(&[("WEIR_LIMITS_PERSON_READS", "60")]);
    let cookie = log_in(&app);
    let get = |path: &str| {
        app.client()
            .with_key(None)
            .get(path)
            .header("cookie", &cookie)
            .send()
    };
    let first = get(READ);
    assert_eq!(
        first.header("ratelimit-policy"),
        "\"analytics-reads\";q=60;w=60"
    );
    let mut refused = first;
    for _ in 0..70 {
        refused = get(READ);
        if refused.status != 200 {
            break;
        }
    }
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (429, "rate_limited")
    );
    for path in ["/api/v1/session", "/api/v1/catalog", "/api/v1/projects"] {
        assert_eq!(get(path).status, 200, "{path}");
    }
}

#[test]
fn an_address_that_only_guesses_is_limited_and_callers_with_a_key_are_not() {
    let app = TestApp::configured(&[("WEIR_LIMITS_ADDRESS_ATTEMPTS", "3")]);
    let stranger = app.client().with_key(Some("weir_read_guessed"));
    for _ in 0..3 {
        assert_eq!(stranger.get(READ).send().code(), "unauthenticated");
    }
    let refused = stranger.get(READ).send();
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (429, "rate_limited")
    );
    assert!(refused.header("ratelimit").starts_with("\"address\";r=0;"));
    assert_eq!(app.get(READ).status, 200);
    // Only trusted proxies can state another client address.
    let other = stranger
        .get(READ)
        .header("x-forwarded-for", "198.51.100.7")
        .send();
    assert_eq!(other.code(), "rate_limited");
}

/// The owner's cookie.
fn log_in(app: &TestApp) -> String {
    let password = app.password();
    let answer = app
        .client()
        .with_key(None)
        .post("/api/v1/session")
        .json(&serde_json::json!({"email": "owner@localhost", "password": password}))
        .send();
    assert_eq!(answer.status, 200, "{}", answer.text());
    let cookie = answer.header("set-cookie");
    cookie.split(';').next().unwrap().to_owned()
}
