//! Authentication and permissions of people and keys.

mod accounts;
mod attempts;
mod keys;
mod mail;
mod operator;
mod people;
pub mod second_factor;
mod separation;
pub mod strangers;

use serde_json::{Value, json};
use weir_e2e::{Answer, Client, TestApp};

/// A password that is long enough.
const PASSWORD: &str = "twelve letters at least";

/// The status and code of a response.
fn refusal(answer: &Answer) -> (u16, String) {
    (answer.status, answer.code())
}

/// An expected refusal.
fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

/// The token in a link.
fn token_of(link: &str) -> &str {
    link.split_once('#').expect("a link has a token").1
}

/// Invites a new person with a role in the whole organisation, and accepts the invitation.
pub fn join(app: &TestApp, owner: &Client, email: &str, roles: &Value) -> Client {
    let mut body = json!({ "email": email });
    for (name, value) in roles.as_object().expect("roles are an object") {
        body[name] = value.clone();
    }
    let invited = owner.post("/api/v1/invitations").json(&body).send();
    assert_eq!(invited.status, 201, "{}", invited.text());
    let link = invited.json()["link"].as_str().unwrap().to_owned();
    let stranger = app.client().with_key(None);
    let accepted = stranger
        .post("/api/v1/invitations/accept")
        .json(&json!({"token": token_of(&link), "name": "Newcomer", "password": PASSWORD}))
        .send();
    assert_eq!(accepted.status, 200, "{}", accepted.text());
    stranger.with_session(&accepted)
}

/// The id of a person of the organisation.
fn person(owner: &Client, email: &str) -> String {
    let people = owner.get("/api/v1/people").send().json();
    let people = people["people"].as_array().unwrap().clone();
    let found = people.iter().find(|person| person["email"] == email);
    found.unwrap()["id"].as_str().unwrap().to_owned()
}

/// The id of the first project.
fn project(client: &Client) -> String {
    let projects = client.get("/api/v1/projects").send().json();
    projects["projects"][0]["id"].as_str().unwrap().to_owned()
}
