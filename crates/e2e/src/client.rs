//! A small HTTP client that returns every response, whatever its status.

use std::time::Duration;

use serde_json::Value;
use ureq::{
    Agent, Body,
    http::{HeaderMap, Method, Request, Response},
    tls::{Certificate, RootCerts, TlsConfig},
};

/// Longer than any response can take.
const TIMEOUT: Duration = Duration::from_secs(120);

/// A client of one server with one key.
#[derive(Clone, Debug)]
pub struct Client {
    agent: Agent,
    url: String,
    key: Option<String>,
    cookie: Option<String>,
}

/// A request that is being built.
#[derive(Clone, Debug)]
pub struct Call<'a> {
    client: &'a Client,
    method: Method,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Option<Vec<u8>>,
}

/// The server's response.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Client {
    /// A client for the server at `url`, with an API key or without.
    pub fn new(url: &str, key: Option<&str>) -> Self {
        Self::trusting(url, key, RootCerts::WebPki)
    }

    /// A client that trusts one certificate (DER) and no other.
    pub fn with_certificate(url: &str, key: Option<&str>, certificate: &[u8]) -> Self {
        let root = Certificate::from_der(certificate).to_owned();
        Self::trusting(url, key, RootCerts::new_with_certs(&[root]))
    }

    fn trusting(url: &str, key: Option<&str>, roots: RootCerts) -> Self {
        let config = Agent::config_builder()
            .tls_config(TlsConfig::builder().root_certs(roots).build())
            .http_status_as_error(false)
            .max_redirects(0)
            // A server can close a connection after it refused a request without reading its body; a request that
            // uses the same connection at that moment would be lost.
            .max_idle_connections(0)
            .proxy(None)
            .timeout_global(Some(TIMEOUT))
            .build();
        Self {
            agent: config.into(),
            url: url.to_owned(),
            key: key.map(str::to_owned),
            cookie: None,
        }
    }

    /// The same client with the session that a response opened, and without a key.
    ///
    /// # Panics
    /// If the response opened none.
    pub fn with_session(&self, answer: &Answer) -> Self {
        let cookie = answer.header("set-cookie").split(';').next();
        let cookie = cookie.filter(|cookie| cookie.starts_with("weir_session="));
        Self {
            key: None,
            cookie: Some(cookie.expect("a session was opened").to_owned()),
            ..self.clone()
        }
    }

    /// The same client with another key, or without one.
    pub fn with_key(&self, key: Option<&str>) -> Self {
        Self {
            key: key.map(str::to_owned),
            ..self.clone()
        }
    }

    /// A GET request.
    pub fn get(&self, path: &str) -> Call<'_> {
        self.call(Method::GET, path)
    }

    /// A POST request; its body is empty until one is set.
    pub fn post(&self, path: &str) -> Call<'_> {
        self.call(Method::POST, path).body(Vec::new())
    }

    /// A PUT request with a JSON body.
    pub fn put(&self, path: &str, body: &Value) -> Answer {
        self.call(Method::PUT, path).json(body).send()
    }

    /// A DELETE request.
    pub fn delete(&self, path: &str) -> Answer {
        self.call(Method::DELETE, path).send()
    }

    /// A request with any method.
    pub fn call(&self, method: Method, path: &str) -> Call<'_> {
        Call {
            client: self,
            method,
            path: path.to_owned(),
            headers: Vec::new(),
            body: None,
        }
    }

    /// Sends events: one object, or an array of them.
    pub fn post_events(&self, events: &Value) -> Answer {
        self.post("/api/v1/events").json(events).send()
    }

    /// Sends a query, and returns the body of the response.
    ///
    /// # Panics
    /// If the status is not 200.
    pub fn query(&self, query: &Value) -> Value {
        let answer = self.post("/api/v1/query").json(query).send();
        assert_eq!(answer.status, 200, "{query}: {}", answer.text());
        answer.json()
    }
}

impl Call<'_> {
    /// Adds a header.
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Sets the body.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Sets a JSON body.
    pub fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json")
            .body(body.to_string())
    }

    /// Sets a body of JSON values, one per line.
    pub fn lines<'v>(self, lines: impl IntoIterator<Item = &'v Value>) -> Self {
        let body: String = lines.into_iter().map(|line| format!("{line}\n")).collect();
        self.header("content-type", "application/x-ndjson")
            .body(body)
    }

    /// Sends it.
    ///
    /// # Panics
    /// If there is no response.
    pub fn send(self) -> Answer {
        let what = format!("{} {}", self.method, self.path);
        self.try_send()
            .unwrap_or_else(|error| panic!("{what}: {error}"))
    }

    /// Sends it. Fails if there is no response.
    pub fn try_send(self) -> Result<Answer, ureq::Error> {
        Answer::of(self.response()?)
    }

    /// Sends it and returns the response with its body unread. Fails if there is no response.
    pub(crate) fn response(self) -> Result<Response<Body>, ureq::Error> {
        let mut request = Request::builder()
            .method(self.method)
            .uri(format!("{}{}", self.client.url, self.path));
        if let Some(key) = &self.client.key {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        if let Some(cookie) = &self.client.cookie {
            request = request.header("cookie", cookie);
        }
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        let agent = &self.client.agent;
        match self.body {
            Some(body) => agent.run(request.body(body)?),
            None => agent.run(request.body(())?),
        }
    }
}

impl Answer {
    /// Reads a response to its end. Fails if it is cut off.
    pub(crate) fn of(mut response: Response<Body>) -> Result<Self, ureq::Error> {
        let body = response.body_mut().with_config().limit(1 << 30);
        Ok(Self {
            body: body.read_to_vec()?,
            status: response.status().as_u16(),
            headers: response.headers().clone(),
        })
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// If it is not JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{} {error}: {}", self.status, self.text()))
    }

    /// A header; empty if it is absent.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The code of the problem that the body describes.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}
