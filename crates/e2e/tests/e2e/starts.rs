//! A start with wrong files is refused, names the problem, and changes no data.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use serde_json::{Value, json};
use sha1::{Digest, Sha1};
use ureq::http::Method;
use weir_e2e::{TestApp, events::execution, until};

use crate::{hardening::refused_start, identity::second_factor::code, orders};

const FACTOR: &str = "/api/v1/profile/second-factor";

/// The checksum of every file in the data directory.
fn sums(app: &TestApp) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = app.place().files_of_data().into_iter();
    files
        .map(|(path, bytes)| (path, Sha1::digest(bytes).to_vec()))
        .collect()
}

/// Asserts that a start and a command are refused with these texts, and change no file.
fn refused(app: &TestApp, what: &str, says: &[&str]) {
    let before = sums(app);
    for ended in [refused_start(app), app.place().weir(&["rollup", "verify"])] {
        assert_eq!(ended.code, Some(1), "{what}: {ended:?}");
        for text in says {
            assert!(ended.err.contains(text), "{what}: {ended:?}");
        }
    }
    let after = sums(app);
    let changed = |path: &&PathBuf| before.get(*path) != after.get(*path);
    let all = before.keys().chain(after.keys());
    let changed: Vec<_> = all.filter(changed).collect();
    assert!(changed.is_empty(), "{what} changed {changed:?}");
}

fn put_key(data: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt;
    let path = data.join("master.key");
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
}

/// Changes a file, asserts that a start is refused, and restores the file.
fn with_changed(app: &TestApp, name: &str, says: &[&str], change: impl FnOnce(&mut Vec<u8>)) {
    let path = app.place().data().join(name);
    let kept = fs::read(&path).unwrap();
    let mut bytes = kept.clone();
    change(&mut bytes);
    fs::write(&path, &bytes).unwrap();
    refused(app, name, says);
    fs::write(&path, &kept).unwrap();
}

#[test]
fn a_refused_start_changes_no_byte_even_after_a_crash() {
    let mut app = TestApp::start();
    let figures = |app: &TestApp| app.figures(&["executions"], None)["executions"].clone();
    app.take(&orders::events());
    let before = figures(&app);
    for crash in [false, true] {
        match crash {
            true => {
                app.take(&execution(
                    "flow",
                    "another",
                    "completed",
                    "2024-03-04T10:00:00Z",
                ));
                commit_is_noted(&app);
                app.kill();
            }
            false => assert!(app.stop().success()),
        }
        let foreign = "07".repeat(32);
        let says = &[
            "is not the one that belongs to",
            "Restore the right key",
            "weir store accept",
        ];
        with_changed(&app, "master.key", says, |key| *key = foreign.into_bytes());
        for (text, says) in [
            ("", "is empty"),
            ("0707", "not a key"),
            ("\u{fffd}?!", "not a key"),
        ] {
            let says = &["master.key", says];
            with_changed(&app, "master.key", says, |key| {
                *key = text.as_bytes().to_vec()
            });
        }
        // After a crash, the log contains newer pages than the file.
        if crash {
            let says = &["was acknowledged", "weir store accept"];
            with_changed(&app, "events.duckdb.wal", says, |log| {
                log.truncate(log.len() / 2)
            });
        } else {
            let says = &["meta.sqlite is damaged", "restore it"];
            with_changed(&app, "meta.sqlite", says, |file| file[..4096].fill(0x55));
            with_changed(&app, "meta.sqlite", says, |file| {
                file[4096..8192].iter_mut().for_each(|byte| *byte ^= 0x55);
            });
        }
        for name in ["events.duckdb", "meta.sqlite", "master.key"] {
            let path = app.place().data().join(name);
            let aside = app.place().data().with_extension("aside");
            fs::rename(&path, &aside).unwrap();
            refused(
                &app,
                name,
                &[&format!("{name} is missing"), "weir store accept"],
            );
            fs::rename(&aside, &path).unwrap();
        }
        app.start_again();
        let now = figures(&app).as_u64();
        assert_eq!(now, before.as_u64().map(|before| before + u64::from(crash)));
    }
}

/// Waits until control data has recorded a commit that was made after the start.
fn commit_is_noted(app: &TestApp) {
    until(
        "control data to record the commit",
        Duration::from_secs(60),
        || {
            let metrics = app.client().with_key(None).get("/metrics").send().text();
            let mut lines = metrics.lines();
            let noted = lines.find_map(|line| line.strip_prefix("weir_store_noted_commit "));
            (noted != Some("0")).then_some(())
        },
    );
}

/// Serves an identity provider's description; returns the issuer.
fn provider() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let body = json!({"issuer": issuer, "authorization_endpoint": format!("{issuer}/a"),
        "token_endpoint": format!("{issuer}/t"), "jwks_uri": format!("{issuer}/k")})
    .to_string();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let _head: Vec<_> = lines
                .map(Result::unwrap)
                .take_while(|line| !line.is_empty())
                .collect();
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n";
            let length = body.len();
            let _ = write!(stream, "{head}content-length: {length}\r\n\r\n{body}");
        }
    });
    issuer
}

fn log_in(app: &TestApp) -> (u16, Value) {
    let credentials = json!({"email": app.email(), "password": "correct horse battery staple"});
    let stranger = app.client().with_key(None);
    let answer = stranger.post("/api/v1/session").json(&credentials).send();
    (answer.status, answer.json())
}

#[test]
fn a_foreign_master_key_is_refused_the_right_one_works_and_accepting_discards_sealed_secrets() {
    let mut app = TestApp::configured(&[
        ("WEIR_OUTGOING_ALLOWED", "[\"127.0.0.1\"]"),
        ("WEIR_OUTGOING_PLAIN_HTTP", "true"),
    ]);
    app.take(&crate::privacy::events());
    let owner = app.owner();
    let hidden = owner.put("/api/v1/privacy", &json!({"anonymizeUsers": true}));
    assert_eq!(hidden.status, 200, "{}", hidden.text());
    let issuer = provider();
    let terms =
        json!({"name": "Example ID", "issuer": issuer, "clientId": "weir", "clientSecret": "s"});
    let saved = owner.put("/api/v1/identity-provider", &terms);
    assert_eq!(saved.status, 200, "{}", saved.text());
    assert_eq!(saved.json()["secretLost"], false);
    let begun = owner
        .post(FACTOR)
        .json(&json!({"password": app.password()}))
        .send();
    let secret = begun.json()["secret"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let confirmed = owner.put(FACTOR, &json!({"code": code(&secret, 0)}));
    assert!(
        confirmed.status < 300,
        "{} {}",
        begun.text(),
        confirmed.text()
    );
    assert_eq!(log_in(&app).0, 401);
    assert!(app.stop().success());

    let data = app.place().data();
    let right = fs::read_to_string(data.join("master.key")).unwrap();
    put_key(&data, &"07".repeat(32));
    let says = [
        "the second factor of owner@localhost",
        "Example ID",
        "weir store accept",
    ];
    refused(&app, "a foreign key", &says);
    let doctor = app.place().weir(&["doctor"]);
    assert!(doctor.out.contains("FAIL  master key"), "{doctor:?}");
    put_key(&data, &right);
    app.start_again();
    assert_eq!(log_in(&app).1["code"], "second_factor_required");
    assert!(app.stop().success());

    put_key(&data, &"07".repeat(32));
    let accepted = app.place().weir(&["store", "accept"]);
    assert_eq!(accepted.code, Some(0), "{accepted:?}");
    for text in [
        "second factor of owner@localhost",
        "Example ID",
        "pseudonyms",
        "Everything else is kept",
    ] {
        assert!(accepted.out.contains(text), "{accepted:?}");
    }
    app.start_again();
    let (status, session) = log_in(&app);
    assert_eq!(
        (status, &session["user"]["secondFactor"]),
        (200, &json!(false)),
        "{session}"
    );
    let owner = app.owner();
    let shown = owner.get("/api/v1/privacy").send();
    assert_eq!(
        (shown.status, &shown.json()["anonymizeUsers"]),
        (200, &json!(true))
    );
    // A key that may not identify users still sees pseudonyms.
    let made = json!({"name": "reader", "scopes": ["read"]});
    let made = owner.post("/api/v1/api-keys").json(&made).send().json();
    let reader = app.client().with_key(made["key"].as_str());
    for path in crate::privacy::pages() {
        let answer = reader.get(&path).send();
        assert!(answer.status < 500, "{path}: {}", answer.text());
        assert!(!answer.text().contains(crate::privacy::ADA), "{path}");
    }
    let provider = owner.get("/api/v1/identity-provider").send().json();
    assert_eq!(provider["secretLost"], true);
    let start = format!(
        "/api/v1/oidc/start?provider={}",
        provider["id"].as_str().unwrap()
    );
    let start = app.client().with_key(None).get(&start).send();
    assert!(
        start
            .header("location")
            .ends_with("failed=provider_secret_lost"),
        "{start:?}"
    );
    let saved = owner.put("/api/v1/identity-provider", &terms);
    assert_eq!(
        (saved.status, &saved.json()["secretLost"]),
        (200, &json!(false))
    );
    assert!(app.stop().success());
    app.start_again();
}

#[test]
fn the_key_of_encrypted_events_is_never_discarded() {
    let encrypted = [
        ("WEIR_ENCRYPT_STORE", "true"),
        ("WEIR_CRYPTO_MODULE", "builtin"),
    ];
    let mut app = TestApp::configured(&encrypted);
    app.take(&orders::events());
    assert!(app.stop().success());
    let data = app.place().data();
    let right = fs::read_to_string(data.join("master.key")).unwrap();
    put_key(&data, &"07".repeat(32));
    let before = sums(&app);
    let accepted = app.place().weir_with(&["store", "accept"], &encrypted);
    assert_eq!(accepted.code, Some(1), "{accepted:?}");
    assert!(
        accepted
            .err
            .contains("no one can read the events without it"),
        "{accepted:?}"
    );
    assert_eq!(sums(&app), before);
    put_key(&data, &right);
    app.start_again();
    assert_eq!(app.figures(&["executions"], None)["executions"], 10);
}

#[test]
fn the_log_warns_of_a_bootstrap_key_that_is_not_a_key_of_the_server() {
    let mut app = TestApp::start();
    let warned = |app: &TestApp| {
        app.server()
            .log()
            .contains("WEIR_BOOTSTRAP_API_KEY is not a valid key of this server")
    };
    assert!(app.stop().success());
    app.start_again();
    assert!(!warned(&app));
    assert!(app.stop().success());
    app.set_variable("WEIR_BOOTSTRAP_API_KEY", "weir_another_key_0123456789");
    app.start_again();
    assert!(warned(&app), "{}", app.server().log());
}

/// The paths and methods of the API.
fn routes(app: &TestApp) -> Vec<(Method, String)> {
    let document = app.get("/openapi.json").json();
    let paths = document["paths"].as_object().unwrap().iter();
    let routes = paths.flat_map(|(path, item)| {
        // Any value will do in a path: permissions are checked first.
        let parts = path.split('/').map(|part| match part.starts_with('{') {
            true => "0192f3a4-5b6c-7d8e-9f01-23456789abcd",
            false => part,
        });
        let path = parts.collect::<Vec<_>>().join("/");
        let methods = item.as_object().unwrap().keys().cloned();
        methods.filter_map(move |method| Some((method.to_uppercase().parse().ok()?, path.clone())))
    });
    routes.collect()
}

#[test]
fn a_refusal_names_a_scope_that_the_key_does_not_have() {
    let app = TestApp::start();
    let owner = app.owner();
    let routes = routes(&app);
    assert!(routes.len() > 80, "{}", routes.len());
    let mut refusals = 0;
    for scopes in [
        &["ingest"][..],
        &["read"],
        &["manage"],
        &["ingest", "read", "manage"],
    ] {
        let made = json!({"name": scopes.join(" "), "scopes": scopes});
        let made = owner.post("/api/v1/api-keys").json(&made).send();
        assert_eq!(made.status, 201, "{}", made.text());
        let made = made.json();
        for (method, path) in &routes {
            let client = app.client().with_key(made["key"].as_str());
            // Streams then respond only once.
            let call = client.call(method.clone(), path);
            let call = call.header("accept", "application/json");
            let answer = match method.as_str() {
                "GET" => call.send(),
                _ => call.json(&json!({})).send(),
            };
            assert!(answer.status < 500, "{method} {path}: {}", answer.text());
            if answer.status != 403 || answer.code() != "missing_scope" {
                continue;
            }
            refusals += 1;
            let detail = answer.json()["detail"].as_str().unwrap().to_owned();
            let have = |scope: &&str| detail.contains(&format!("requires the scope {scope:?}"));
            assert!(!scopes.iter().any(have), "{method} {path}: {detail}");
            let whole = detail.contains("concerns the whole organisation");
            assert!(
                whole || detail.contains("requires the scope"),
                "{method} {path}: {detail}"
            );
        }
        // The key is no longer needed.
        let id = made["id"].as_str().unwrap();
        owner.delete(&format!("/api/v1/api-keys/{id}"));
    }
    assert!(refusals > 100, "{refusals}");
}
