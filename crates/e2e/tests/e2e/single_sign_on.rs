//! Login with an identity provider, against a real one: the certified `oidc-provider` in a process of
//! its own.

use std::{
    collections::BTreeMap,
    env,
    io::{BufRead, BufReader},
    process::{Child, ChildStdout, Command, Stdio},
};

use serde_json::{Value, json};
use ureq::http::Method;
use weir_e2e::{Answer, Client, TestApp, repository, say, shape};

struct Provider {
    child: Child,
    /// The process ends when this is closed.
    _out: BufReader<ChildStdout>,
    client: Client,
    issuer: String,
}

impl Provider {
    /// Starts one; prints a message and returns `None` if it is not installed.
    fn start(redirect: &str) -> Option<Self> {
        let folder = repository().join("crates/e2e/oidc");
        if !folder.join("node_modules/oidc-provider").exists() {
            let required = env::var("WEIR_REQUIRE_BROWSER").is_ok_and(|value| value == "1");
            assert!(!required, "run `npm ci` in crates/e2e/oidc");
            say("SKIPPED: oidc-provider is not installed (run `npm ci` in crates/e2e/oidc)");
            return None;
        }
        let mut child = Command::new("node")
            .args(["provider.mjs", redirect])
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        let issuer = line.trim().strip_prefix("issuer ").unwrap().to_owned();
        Some(Self {
            child,
            _out: out,
            client: Client::new(&issuer, None),
            issuer,
        })
    }

    /// Sets the account that logs in next.
    fn account(&self, account: &Value) {
        self.client.post("/test/account").json(account).send();
    }

    /// Signs with another key from now on.
    fn rotate(&self) {
        self.client.post("/test/rotate").send();
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        // It may have ended with its standard input.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A browser that keeps cookies, and follows redirections only in `follow`.
#[derive(Default)]
struct Browser {
    cookies: BTreeMap<String, String>,
}

impl Browser {
    fn get(&mut self, url: &str) -> Answer {
        let after_scheme = url.find("://").unwrap() + 3;
        let path = url[after_scheme..]
            .find('/')
            .map_or(url.len(), |at| after_scheme + at);
        let client = Client::new(&url[..path], None);
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let call = client
            .get(&url[path..])
            .header("cookie", cookies.join("; "));
        let answer = call.send();
        for set in answer.headers.get_all("set-cookie") {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        answer
    }

    /// Follows redirections until an address begins with `stop`, and returns that.
    fn follow(&mut self, url: &str, stop: &str) -> String {
        let mut url = url.to_owned();
        for _ in 0..10 {
            if url.starts_with(stop) {
                return url;
            }
            let answer = self.get(&url);
            let next = answer.header("location");
            assert!(
                !next.is_empty(),
                "{url}: {} {}",
                answer.status,
                answer.text()
            );
            let base = url.find('/').unwrap() + 2;
            let host = url[base..].find('/').map_or(url.len(), |at| base + at);
            url = match next.starts_with('/') {
                true => format!("{}{next}", &url[..host]),
                false => next.to_owned(),
            };
        }
        panic!("too many redirections, the last to {url}");
    }
}

struct Stage {
    app: TestApp,
    provider: Provider,
    owner: String,
    id: String,
}

const OWNER: &str = "owner@localhost";

impl Stage {
    fn set_up() -> Option<Self> {
        let app = TestApp::configured(&[
            ("WEIR_OUTGOING_ALLOWED", "[\"127.0.0.1\"]"),
            ("WEIR_OUTGOING_PLAIN_HTTP", "true"),
        ]);
        let url = app.server().url().to_owned();
        let provider = Provider::start(&format!("{url}/api/v1/oidc/callback"))?;
        let password = app.password();
        let session = app
            .client()
            .with_key(None)
            .post("/api/v1/session")
            .json(&json!({"email": OWNER, "password": password}))
            .send();
        let cookie = session.header("set-cookie").split(';').next().unwrap();
        let mut stage = Self {
            owner: cookie.to_owned(),
            app,
            provider,
            id: String::new(),
        };
        let saved = stage.put(&stage.terms());
        assert_eq!(saved.status, 200, "{}", saved.text());
        stage.id = saved.json()["id"].as_str().unwrap().to_owned();
        Some(stage)
    }

    fn terms(&self) -> Value {
        json!({"name": "Test ID", "issuer": self.provider.issuer, "clientId": "weir",
            "clientSecret": "a-client-secret", "domains": ["localhost"], "joinAs": "analyst"})
    }

    fn call(&self, method: Method, body: Option<&Value>) -> Answer {
        let client = self.app.client().with_key(None);
        let call = client
            .call(method, "/api/v1/identity-provider")
            .header("cookie", &self.owner);
        match body {
            Some(body) => call.json(body).send(),
            None => call.send(),
        }
    }

    fn put(&self, terms: &Value) -> Answer {
        self.call(Method::PUT, Some(terms))
    }

    /// The provider's address for a new login.
    fn begin(&self, browser: &mut Browser) -> String {
        let url = self.app.server().url();
        let answer = browser.get(&format!("{url}/api/v1/oidc/start?provider={}", self.id));
        assert_eq!(answer.status, 303, "{}", answer.text());
        let cookie = answer.header("set-cookie");
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
            "{cookie}"
        );
        answer.header("location").to_owned()
    }

    /// Logs in at the provider, and returns the address that it sends the browser back to.
    fn visit(&self, browser: &mut Browser, account: &Value) -> String {
        self.provider.account(account);
        let at = self.begin(browser);
        browser.follow(
            &at,
            &format!("{}/api/v1/oidc/callback", self.app.server().url()),
        )
    }

    /// The whole login; returns where it ends.
    fn log_in(&self, browser: &mut Browser, account: &Value) -> String {
        let back = self.visit(browser, account);
        browser.get(&back).header("location").to_owned()
    }

    fn session(&self, browser: &mut Browser) -> Answer {
        browser.get(&format!("{}/api/v1/session", self.app.server().url()))
    }
}

fn ada() -> Value {
    json!({"sub": "ada-1", "email": "ada@localhost", "email_verified": true, "name": "Ada"})
}

#[test]
fn a_person_of_the_domain_joins_and_is_recognised_from_then_on() {
    let Some(stage) = Stage::set_up() else { return };
    let mut browser = Browser::default();
    assert_eq!(stage.log_in(&mut browser, &ada()), "/");
    let session = stage.session(&mut browser).json();
    assert_eq!(session["user"]["email"], "ada@localhost");
    assert_eq!(session["user"]["name"], "Ada");
    assert_eq!(session["role"], "analyst");
    // The subject identifies the person even if the address changes; keys can change at any time.
    stage.provider.rotate();
    let mut moved = ada();
    moved["email"] = json!("lovelace@elsewhere.example");
    let mut again = Browser::default();
    assert_eq!(stage.log_in(&mut again, &moved), "/");
    assert_eq!(stage.session(&mut again).json()["user"], session["user"]);
    // All of it is recorded.
    let client = stage.app.client().with_key(None);
    let log = client
        .get("/api/v1/audit")
        .header("cookie", &stage.owner)
        .send()
        .text();
    for part in [
        "identity_provider.changed",
        "session.opened",
        "Test ID",
        "ada-1",
    ] {
        assert!(log.contains(part), "{part}: {log}");
    }
    // Without the provider, its sessions end.
    assert_eq!(stage.call(Method::DELETE, None).status, 204);
    assert_eq!(stage.session(&mut again).status, 401);
    assert_eq!(stage.call(Method::DELETE, None).status, 404);
}

#[test]
fn a_member_logs_in_and_strangers_do_not() {
    let Some(stage) = Stage::set_up() else { return };
    let mut browser = Browser::default();
    let owner = json!({"sub": "o", "email": "Owner@LOCALHOST", "email_verified": true});
    assert_eq!(stage.log_in(&mut browser, &owner), "/");
    let session = stage.session(&mut browser).json();
    assert_eq!(session["role"], "owner");
    assert_eq!(session["tenants"].as_array().unwrap().len(), 1);
    // The provider's operator is not the person: the session gives no access to other organisations.
    let sessions = format!("{}/api/v1/sessions", stage.app.server().url());
    let known = browser.get(&sessions).json();
    assert_eq!(known["sessions"].as_array().unwrap().len(), 1, "{known}");
    for (sub, email, verified) in [
        ("s1", json!("eve@elsewhere.example"), json!(true)),
        ("s2", json!("eve@localhost"), json!(false)),
        ("s3", json!("owner@localhost"), json!("true")),
        ("s4", json!(null), json!(true)),
        ("s5", json!("eve@evil.localhost"), json!(true)),
    ] {
        let account = json!({"sub": sub, "email": email, "email_verified": verified});
        let mut browser = Browser::default();
        assert_eq!(
            stage.log_in(&mut browser, &account),
            "/login?failed=unknown_person",
            "{account}"
        );
        assert_eq!(stage.session(&mut browser).status, 401);
    }
    let mut closed = stage.terms();
    closed["joinAs"] = json!(null);
    assert_eq!(stage.put(&closed).status, 200);
    let found = stage.log_in(&mut Browser::default(), &ada());
    assert_eq!(found, "/login?failed=unknown_person");
}

#[test]
fn a_return_works_once_in_the_same_browser_and_with_the_same_state_and_nonce() {
    let Some(stage) = Stage::set_up() else { return };
    let expired = "/login?failed=sign_in_expired";
    // Twice.
    let mut browser = Browser::default();
    let back = stage.visit(&mut browser, &ada());
    let token = browser.cookies["weir_sign_in"].clone();
    assert_eq!(browser.get(&back).header("location"), "/");
    browser.cookies.insert("weir_sign_in".to_owned(), token);
    assert_eq!(browser.get(&back).header("location"), expired);
    // In another browser.
    let mut browser = Browser::default();
    let back = stage.visit(&mut browser, &ada());
    assert_eq!(Browser::default().get(&back).header("location"), expired);
    let mut other = Browser::default();
    stage.begin(&mut other);
    assert_eq!(other.get(&back).header("location"), expired);
    // With another state.
    let changed = back.replacen("state=", "state=x", 1);
    assert_eq!(browser.get(&changed).header("location"), expired);
    // With another nonce.
    let mut browser = Browser::default();
    stage.provider.account(&ada());
    let at = stage.begin(&mut browser).replacen("nonce=", "nonce=x", 1);
    let back = browser.follow(&at, stage.app.server().url());
    let found = browser.get(&back);
    assert_eq!(found.header("location"), "/login?failed=not_believed");
    // With the code of another login: PKCE binds a code to the request that started it.
    let mut one = Browser::default();
    let first = stage.visit(&mut one, &ada());
    let mut two = Browser::default();
    let second = stage.visit(&mut two, &ada());
    let code = |url: &str| {
        let (_, query) = url.split_once('?').unwrap();
        let mut fields = query.split('&');
        fields
            .find_map(|field| field.strip_prefix("code="))
            .unwrap()
            .to_owned()
    };
    let mixed = second.replacen(&code(&second), &code(&first), 1);
    assert_eq!(
        two.get(&mixed).header("location"),
        "/login?failed=provider_refused"
    );
    // The person refuses.
    let mut browser = Browser::default();
    let back = stage.visit(&mut browser, &ada());
    let refused = back.replacen("code=", "error=access_denied&x=", 1);
    assert_eq!(
        browser.get(&refused).header("location"),
        "/login?failed=provider_refused"
    );
}

#[test]
fn only_owners_can_change_settings_and_only_name_their_own_domain() {
    let Some(stage) = Stage::set_up() else { return };
    let shown = stage.call(Method::GET, None).json();
    insta::assert_json_snapshot!("identity_provider", shape(&shown));
    assert!(!shown.to_string().contains("a-client-secret"));
    for (field, value) in [
        ("name", json!("")),
        ("issuer", json!("id.example.com")),
        ("issuer", json!("https://id.example.com/?x")),
        ("clientId", json!("")),
        ("domains", json!(["example.com"])),
        ("joinAs", json!("owner")),
        ("joinAs", json!("king")),
    ] {
        let mut terms = stage.terms();
        terms[field] = value.clone();
        let answer = stage.put(&terms);
        assert_eq!(answer.status, 400, "{field}: {value}");
        assert_eq!(answer.json()["field"], field, "{value}");
    }
    // Keys cannot manage what is reserved for people.
    assert_eq!(
        stage.app.get("/api/v1/identity-provider").code(),
        "missing_scope"
    );
    let mut browser = Browser::default();
    stage.log_in(&mut browser, &ada());
    let url = stage.app.server().url();
    let denied = browser.get(&format!("{url}/api/v1/identity-provider"));
    assert_eq!(denied.code(), "missing_permission");
    let options = |email: &str| {
        let stranger = stage.app.client().with_key(None);
        let call = stranger.post("/api/v1/login-options");
        call.json(&json!({"email": email})).send().json()
    };
    let led = options("anybody@localhost");
    insta::assert_json_snapshot!("login_options", shape(&led));
    assert_eq!(led["provider"]["name"], "Test ID");
    assert_eq!(options("anybody@example.com")["provider"], Value::Null);
    let unknown = Browser::default().get(&format!("{url}/api/v1/oidc/start?provider=x"));
    assert_eq!(unknown.header("location"), "/login?failed=unknown_provider");
}

/// No one can make Weir send requests into its own network.
#[test]
fn a_provider_in_a_private_network_is_never_contacted() {
    let app = TestApp::configured(&[("WEIR_OUTGOING_PLAIN_HTTP", "true")]);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let password = app.password();
    let stranger = app.client().with_key(None);
    let session = stranger
        .post("/api/v1/session")
        .json(&json!({"email": OWNER, "password": password}))
        .send();
    let cookie = session.header("set-cookie").split(';').next().unwrap();
    let saved = stranger
        .call(Method::PUT, "/api/v1/identity-provider")
        .header("cookie", cookie)
        .json(&json!({"name": "Inside", "issuer": issuer, "clientId": "weir"}))
        .send();
    assert_eq!(saved.status, 400, "{}", saved.text());
    assert_eq!(saved.json()["field"], "issuer");
    let detail = saved.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("outgoing.allowed"), "{detail}");
    assert!(listener.accept().is_err(), "somebody connected");
}
