//! The second factor, with an authenticator in the test.

use std::time::{SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha1::Sha1;
use ureq::http::Method;
use weir_e2e::{Answer, TestApp};

use super::{refusal, refused};

const FACTOR: &str = "/api/v1/profile/second-factor";

/// The code (RFC 6238) of the time step that is `later` steps after the current one.
pub fn code(secret: &str, later: u64) -> String {
    let mut bits = 0_u64;
    let mut held = 0;
    let mut key = Vec::new();
    for letter in secret.bytes() {
        let digit = if letter.is_ascii_digit() {
            letter - b'2' + 26
        } else {
            letter - b'A'
        };
        bits = bits << 5 | u64::from(digit);
        held += 5;
        if held >= 8 {
            held -= 8;
            key.push((bits >> held) as u8);
        }
    }
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let mut mac = Hmac::<Sha1>::new_from_slice(&key).unwrap();
    mac.update(&(now / 30 + later).to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest[19] & 15);
    let word = u32::from_be_bytes(digest[offset..offset + 4].try_into().unwrap());
    format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
}

fn log_in(app: &TestApp, code: Option<&str>) -> Answer {
    let mut credentials = json!({"email": app.email(), "password": app.password()});
    if let Some(code) = code {
        credentials["code"] = code.into();
    }
    app.client()
        .with_key(None)
        .post("/api/v1/session")
        .json(&credentials)
        .send()
}

#[test]
fn a_second_factor_is_required_once_it_is_confirmed_and_no_code_works_twice() {
    let app = TestApp::start();
    let (owner, elsewhere) = (app.owner(), app.owner());
    let begin = |password: &str| {
        owner
            .post(FACTOR)
            .json(&json!({ "password": password }))
            .send()
    };
    assert_eq!(
        refusal(&begin("not my password")),
        refused(401, "invalid_credentials")
    );
    let begun = begin(&app.password());
    assert_eq!(begun.status, 200, "{}", begun.text());
    let secret = begun.json()["secret"].as_str().unwrap().to_owned();
    let uri = begun.json()["uri"].as_str().unwrap().to_owned();
    assert!(
        uri.starts_with("otpauth://totp/Weir:owner%40localhost?secret="),
        "{uri}"
    );
    assert!(uri.contains(&secret));
    // The second factor is not required before it was confirmed with a code.
    assert_eq!(log_in(&app, None).status, 200);
    let wrong = owner.put(FACTOR, &json!({"code": "000000"}));
    assert_eq!(refusal(&wrong), refused(401, "invalid_code"));
    let first = code(&secret, 0);
    let confirmed = owner.put(FACTOR, &json!({ "code": first }));
    assert_eq!(confirmed.status, 200, "{}", confirmed.text());
    let codes: Vec<Value> = confirmed.json()["recoveryCodes"]
        .as_array()
        .unwrap()
        .clone();
    assert_eq!(codes.len(), 10);
    assert_eq!(elsewhere.get("/api/v1/session").send().status, 401);
    let session = owner.get("/api/v1/session").send().json();
    assert_eq!(session["user"]["secondFactor"], true);
    assert_eq!(
        refusal(&begin(&app.password())),
        refused(409, "second_factor_active")
    );

    assert_eq!(
        refusal(&log_in(&app, None)),
        refused(401, "second_factor_required")
    );
    assert_eq!(
        refusal(&log_in(&app, Some(&first))),
        refused(401, "invalid_code")
    );
    let next = code(&secret, 1);
    assert_eq!(log_in(&app, Some(&next)).status, 200);
    assert_eq!(
        refusal(&log_in(&app, Some(&next))),
        refused(401, "invalid_code")
    );

    let recovery = codes[0].as_str().unwrap().to_uppercase();
    assert_eq!(log_in(&app, Some(&recovery)).status, 200);
    assert_eq!(
        refusal(&log_in(&app, Some(&recovery))),
        refused(401, "invalid_code")
    );
}

#[test]
fn removing_a_second_factor_and_renewing_recovery_codes_need_password_and_code() {
    let app = TestApp::start();
    let owner = app.owner();
    let begun = owner
        .post(FACTOR)
        .json(&json!({"password": app.password()}))
        .send()
        .json();
    let secret = begun["secret"].as_str().unwrap().to_owned();
    let confirmed = owner.put(FACTOR, &json!({"code": code(&secret, 0)})).json();
    let old: Vec<_> = confirmed["recoveryCodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|code| code.as_str().unwrap().to_owned())
        .collect();
    let renew = |code: &str| {
        let proof = json!({"password": app.password(), "code": code});
        owner
            .post("/api/v1/profile/recovery-codes")
            .json(&proof)
            .send()
    };
    let renewed = renew(&old[0]);
    assert_eq!(renewed.status, 200, "{}", renewed.text());
    let new = renewed.json()["recoveryCodes"][0]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(refusal(&renew(&old[1])), refused(401, "invalid_code"));
    let remove = |password: &str, code: &str| {
        let proof = json!({"password": password, "code": code});
        owner.call(Method::DELETE, FACTOR).json(&proof).send()
    };
    assert_eq!(
        refusal(&remove("not my password", &new)),
        refused(401, "invalid_credentials")
    );
    assert_eq!(
        refusal(&remove(&app.password(), "000000")),
        refused(401, "invalid_code")
    );
    let removed = remove(&app.password(), &new);
    assert_eq!(removed.status, 204, "{}", removed.text());
    assert_eq!(log_in(&app, None).status, 200);
}

#[test]
fn the_operator_can_remove_a_second_factor_whose_codes_are_all_lost() {
    let app = TestApp::start();
    let owner = app.owner();
    let begun = owner
        .post(FACTOR)
        .json(&json!({"password": app.password()}))
        .send()
        .json();
    let secret = begun["secret"].as_str().unwrap();
    let confirmed = owner.put(FACTOR, &json!({"code": code(secret, 0)}));
    assert_eq!(confirmed.status, 200, "{}", confirmed.text());

    let reset = app.place().weir(&[
        "reset-password",
        "--email",
        app.email(),
        "--without-second-factor",
    ]);
    assert_eq!(reset.code, Some(0), "{reset:?}");
    let lines = reset.out.lines().map(str::trim);
    let new = lines
        .filter_map(|line| line.strip_prefix("password"))
        .next();
    let session = app.person(app.email(), new.unwrap().trim());
    let session = session.get("/api/v1/session").send().json();
    assert_eq!(session["user"]["secondFactor"], false);
}
