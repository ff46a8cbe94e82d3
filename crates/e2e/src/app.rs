//! A server with its data directory and a client: what most tests need.

use std::process::ExitStatus;

use serde_json::Value;

use crate::{Answer, Client, Options, Place, Server};

/// The key that tests use unless they say otherwise; it has every scope.
const KEY: &str = "weir_test_5f2d9c1b7a3e4d60";

/// The owner's address and password, once the owner exists.
const OWNER: &str = "owner@localhost";
const PASSWORD: &str = "correct horse battery staple";

/// A running server with a client.
#[derive(Debug)]
pub struct TestApp {
    server: Option<Server>,
    client: Client,
    options: Options,
    place: Place,
}

impl TestApp {
    /// A new server with an empty data directory and one key that has every scope.
    pub fn start() -> Self {
        Self::configured(&[])
    }

    /// Like [`Self::start`], configured with variables.
    pub fn configured(environment: &[(&'static str, &str)]) -> Self {
        let environment = environment
            .iter()
            .map(|&(name, value)| (name, value.into()));
        Self::with(Options {
            key: Some(KEY.to_owned()),
            environment: environment.collect(),
            ..Options::default()
        })
    }

    /// A new server that generates its own keys; the client has none.
    pub fn with_own_keys() -> Self {
        Self::with(Options::default())
    }

    /// A new server, started with these options.
    pub fn with(options: Options) -> Self {
        let place = Place::new();
        let server = Server::start(&place, &options);
        Self {
            client: options.client(server.url(), options.key.as_deref()),
            server: Some(server),
            options,
            place,
        }
    }

    /// A server on data that `prepare` creates; the client has the key that tests use.
    pub fn on(prepare: impl FnOnce(&Place)) -> Self {
        let options = Options {
            key: Some(KEY.to_owned()),
            ..Options::default()
        };
        let place = Place::new();
        prepare(&place);
        let server = Server::start(&place, &options);
        Self {
            client: options.client(server.url(), options.key.as_deref()),
            server: Some(server),
            options,
            place,
        }
    }

    /// Stops the server cleanly; its data stays.
    pub fn stop(&mut self) -> ExitStatus {
        self.server.take().expect("the server runs").stop()
    }

    /// Kills the server, as `kill -9` does; its data stays as it is.
    pub fn kill(&mut self) {
        self.server.take().expect("the server runs").kill();
    }

    /// Starts the server again on its data, on another port.
    pub fn start_again(&mut self) {
        assert!(self.server.is_none(), "the server runs");
        let server = Server::start(&self.place, &self.options);
        self.client = self
            .options
            .client(server.url(), self.options.key.as_deref());
        self.server = Some(server);
    }

    /// Sets a variable for later starts.
    pub fn set_variable(&mut self, name: &'static str, value: &str) {
        self.options.environment.push((name, value.to_owned()));
    }

    /// The running server.
    pub fn server(&self) -> &Server {
        self.server.as_ref().expect("the server runs")
    }

    /// Its data directory.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// The key that has every scope.
    pub fn key(&self) -> &str {
        KEY
    }

    /// The client, with the key that has every scope.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// A client with a key that the first start generated: `ingest key` or `read key`.
    pub fn client_with(&self, name: &str) -> Client {
        let key = self
            .server()
            .printed(name)
            .expect("the first start printed it");
        self.client.with_key(Some(&key))
    }

    /// The address that the owner logs in with.
    pub fn email(&self) -> &str {
        OWNER
    }

    /// The owner's password. The first call creates the owner with the setup link that the start printed.
    pub fn password(&self) -> String {
        let stranger = self.client.with_key(None);
        if stranger.get("/api/v1/setup").send().json()["needed"] == true {
            let link = self
                .server()
                .printed("setup link")
                .expect("the start printed it");
            let (_, token) = link.split_once('#').expect("a token stands behind it");
            let owner = serde_json::json!({
                "token": token, "email": OWNER, "name": "Owner", "password": PASSWORD,
            });
            let answer = stranger.post("/api/v1/setup").json(&owner).send();
            assert_eq!(answer.status, 200, "{}", answer.text());
        }
        PASSWORD.to_owned()
    }

    /// A client with a session of the owner.
    pub fn owner(&self) -> Client {
        let password = self.password();
        self.person(OWNER, &password)
    }

    /// A client with a session of a person.
    pub fn person(&self, email: &str, password: &str) -> Client {
        let stranger = self.client.with_key(None);
        let credentials = serde_json::json!({"email": email, "password": password});
        let answer = stranger.post("/api/v1/session").json(&credentials).send();
        assert_eq!(answer.status, 200, "{}", answer.text());
        stranger.with_session(&answer)
    }

    /// Sends events and asserts that all of them are accepted as new.
    pub fn take(&self, events: &Value) {
        let answer = self.post_events(events);
        let count = events.as_array().map_or(1, Vec::len);
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.json()["accepted"], count, "{}", answer.text());
    }

    /// Sends events.
    pub fn post_events(&self, events: &Value) -> Answer {
        self.client.post_events(events)
    }

    /// Sends a query.
    pub fn query(&self, query: &Value) -> Value {
        self.client.query(query)
    }

    /// Sends a GET request.
    pub fn get(&self, path: &str) -> Answer {
        self.client.get(path).send()
    }

    /// Metrics of all data, or of one workflow of it, in one row.
    pub fn figures(&self, metrics: &[&str], workflow: Option<&str>) -> Value {
        let filters: Vec<Value> = workflow
            .iter()
            .map(|id| serde_json::json!({"dimension": "workflow", "op": "in", "values": [id]}))
            .collect();
        let answer = self.query(&serde_json::json!({
            "metrics": metrics, "filters": filters, "range": {"all": true},
        }));
        answer["rows"][0].clone()
    }
}
