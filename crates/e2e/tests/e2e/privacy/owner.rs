//! The owner, who sees users and decides who else does.

use serde_json::{Value, json};
use ureq::http::Method;
use weir_e2e::{Client, TestApp};

/// The endpoint for that decision.
pub const SETTINGS: &str = "/api/v1/privacy";

/// The owner's session.
pub struct Owner {
    client: Client,
    cookie: String,
}

impl Owner {
    pub fn of(app: &TestApp) -> Self {
        let credentials = json!({"email": "owner@localhost", "password": app.password()});
        let opened = app
            .client()
            .post("/api/v1/session")
            .json(&credentials)
            .send();
        assert_eq!(opened.status, 200, "{}", opened.text());
        let cookie = opened
            .header("set-cookie")
            .split(';')
            .next()
            .unwrap()
            .to_owned();
        Self {
            client: app.client().clone(),
            cookie,
        }
    }

    pub fn call(&self, method: Method, path: &str) -> weir_e2e::Call<'_> {
        self.client
            .call(method, path)
            .header("cookie", self.cookie.clone())
            .header("sec-fetch-site", "same-origin")
    }

    pub fn get(&self, path: &str) -> String {
        let answer = self.call(Method::GET, path).send();
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.text()
    }

    pub fn post(&self, path: &str, body: &Value) -> Value {
        let answer = self.call(Method::POST, path).json(body).send();
        assert!(answer.status < 300, "{path}: {}", answer.text());
        answer.json()
    }

    pub fn anonymize(&self, wanted: bool) {
        let settings = json!({"anonymizeUsers": wanted});
        let put = self.call(Method::PUT, SETTINGS).json(&settings).send();
        assert_eq!((put.status, put.json()), (200, settings));
    }

    pub fn put(&self, path: &str, body: &Value) {
        let answer = self.call(Method::PUT, path).json(body).send();
        assert!(answer.status < 300, "{path}: {}", answer.text());
    }
}
