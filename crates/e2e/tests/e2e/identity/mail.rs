//! Mails, with links that work once.

use std::{fs, path::PathBuf, time::Duration};

use serde_json::json;
use weir_e2e::{TestApp, until};

use super::{PASSWORD, refusal, refused, token_of};

const SOON: Duration = Duration::from_secs(20);

fn with_mail() -> (TestApp, PathBuf, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let mails = folder.path().join("mail");
    let app = TestApp::configured(&[("WEIR_MAIL_DIRECTORY", mails.to_str().unwrap())]);
    (app, mails, folder)
}

/// The mails that were written, in order.
fn mails(folder: &PathBuf) -> Vec<String> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "eml"))
        .collect();
    files.sort();
    let read = |path: PathBuf| fs::read_to_string(path).unwrap();
    files.into_iter().map(read).collect()
}

/// Waits for `count` mails and returns the link in the newest.
fn link(folder: &PathBuf, count: usize) -> String {
    let mail = until("a mail", SOON, || {
        let mails = mails(folder);
        (mails.len() >= count).then(|| mails.last().unwrap().clone())
    });
    let line = mail
        .lines()
        .find(|line| line.contains("/reset#") || line.contains("/invitation#"));
    line.unwrap_or_else(|| panic!("no link in {mail}"))
        .to_owned()
}

#[test]
fn a_forgotten_password_can_be_reset_by_mail() {
    let (app, folder, _kept) = with_mail();
    let session = app.owner();
    let stranger = app.client().with_key(None);
    let ask = |email: &str| {
        let body = json!({ "email": email });
        stranger
            .post("/api/v1/password-resets")
            .json(&body)
            .send()
            .status
    };
    assert_eq!(ask("nobody@example.com"), 202);
    assert_eq!(ask(app.email()), 202);
    let link = link(&folder, 1);
    assert!(link.starts_with(app.server().url()), "{link}");
    let redeem = |token: &str, password: &str| {
        let body = json!({"token": token, "password": password});
        stranger
            .post("/api/v1/password-resets/redeem")
            .json(&body)
            .send()
    };
    let short = redeem(token_of(&link), "short");
    assert_eq!(refusal(&short), refused(400, "invalid_parameter"));
    let made_up = redeem("abcdef", PASSWORD);
    assert_eq!(refusal(&made_up), refused(404, "unknown_link"));
    let done = redeem(token_of(&link), PASSWORD);
    assert_eq!(done.status, 204, "{}", done.text());
    let again = redeem(token_of(&link), PASSWORD);
    assert_eq!(refusal(&again), refused(404, "unknown_link"));
    assert_eq!(session.get("/api/v1/session").send().status, 401);
    app.person(app.email(), PASSWORD);
    // One mail: unknown addresses get none.
    assert_eq!(mails(&folder).len(), 1);
    assert!(mails(&folder)[0].starts_with(&format!("To: {}\n", app.email())));
}

#[test]
fn a_person_gets_at_most_three_reset_links_per_hour() {
    let (app, folder, _kept) = with_mail();
    app.password();
    let stranger = app.client().with_key(None);
    for _ in 0..5 {
        let body = json!({ "email": app.email() });
        let asked = stranger.post("/api/v1/password-resets").json(&body).send();
        assert_eq!(asked.status, 202, "{}", asked.text());
    }
    // An invitation is delivered in the same way, after the mails that were requested before it.
    let owner = app.owner();
    let body = json!({"email": "last@example.com", "role": "viewer"});
    assert_eq!(
        owner.post("/api/v1/invitations").json(&body).send().status,
        201
    );
    until("the invitation", SOON, || {
        let mails = mails(&folder);
        mails
            .iter()
            .any(|mail| mail.contains("last@example.com"))
            .then_some(())
    });
    let resets = mails(&folder);
    let resets = resets.iter().filter(|mail| mail.contains("/reset#"));
    assert_eq!(resets.count(), 3);
}

#[test]
fn an_invitation_is_mailed_with_the_link_in_the_response() {
    let (app, folder, _kept) = with_mail();
    let owner = app.owner();
    let body = json!({"email": "Ada@Example.com", "name": "Ada", "role": "analyst"});
    let invited = owner.post("/api/v1/invitations").json(&body).send();
    assert_eq!(invited.status, 201, "{}", invited.text());
    assert_eq!(invited.json()["link"], link(&folder, 1));
    assert!(mails(&folder)[0].starts_with("To: ada@example.com\n"));
}

#[test]
fn without_a_mail_server_mails_are_written_to_standard_output() {
    let app = TestApp::start();
    let owner = app.owner();
    let body = json!({"email": "ada@example.com", "role": "viewer"});
    let invited = owner.post("/api/v1/invitations").json(&body).send().json();
    let link = invited["link"].as_str().unwrap();
    until("the mail on standard output", SOON, || {
        app.place().printed().contains(link).then_some(())
    });
}
