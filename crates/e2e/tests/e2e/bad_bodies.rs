//! Bodies that are rejected as a whole: nothing of them is stored, and the response gives the reason.

use std::{
    io::{BufRead, BufReader, Write},
    time::Duration,
};

use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use weir_e2e::{Answer, Call, TestApp, events::execution};

use crate::siege;

const TIME: &str = "2024-03-04T10:00:00Z";

fn good(id: &str) -> Value {
    execution("flow", id, "completed", TIME)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// White space before an event that decompresses to `bytes` bytes.
fn bomb(bytes: usize) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let block = vec![b' '; 1 << 20];
    for _ in 0..bytes / block.len() {
        encoder.write_all(&block).unwrap();
    }
    encoder
        .write_all(good("bomb").to_string().as_bytes())
        .unwrap();
    encoder.finish().unwrap()
}

fn post<'a>(app: &'a TestApp, kind: &str) -> Call<'a> {
    let call = app.client().post("/api/v1/events");
    match kind {
        "" => call,
        kind => call.header("content-type", kind),
    }
}

fn json(app: &TestApp) -> Call<'_> {
    post(app, "application/json")
}

/// Asserts that the whole body was rejected.
fn check(what: &str, answer: &Answer, status: u16, code: &str, field: Option<&str>) {
    assert_eq!(answer.status, status, "{what}: {}", answer.text());
    assert_eq!(
        answer.header("content-type"),
        "application/problem+json",
        "{what}"
    );
    let problem = answer.json();
    assert_eq!(problem["code"], code, "{what}: {problem}");
    assert_eq!(problem["field"].as_str(), field, "{what}: {problem}");
}

/// Asserts that nothing is stored, and that the server still accepts events.
fn check_untouched(app: &TestApp) {
    assert_eq!(app.figures(&["events"], None)["events"], 0);
    app.take(&good("afterwards"));
}

#[test]
fn a_body_that_is_not_json_is_rejected_as_a_whole() {
    let app = TestApp::start();
    let event = good("one").to_string();
    for (what, body) in [
        ("an empty body", String::new()),
        ("white space", " \n ".to_owned()),
        ("an incomplete event", event[..event.len() - 5].to_owned()),
        ("an incomplete array", format!("[{event},{event}")),
        ("events without an array", format!("{event}{event}")),
        ("a number", "42".to_owned()),
        ("text", "\"hello\"".to_owned()),
        ("a form", "type=execution&executionId=1".to_owned()),
    ] {
        let answer = json(&app).body(body).send();
        check(what, &answer, 400, "malformed_json", Some("body"));
    }
    check_untouched(&app);
}

#[test]
fn a_body_that_does_not_match_its_encoding_is_rejected() {
    let app = TestApp::start();
    let event = good("one").to_string();
    let packed = gzip(event.as_bytes());
    let cut = packed[..packed.len() - 6].to_vec();
    let mut damaged = packed.clone();
    damaged[packed.len() / 2] ^= 0xff;
    for (what, encoding, body) in [
        ("no gzip", "gzip", event.clone().into_bytes()),
        ("incomplete gzip", "gzip", cut),
        ("damaged gzip", "gzip", damaged),
        ("no zstd", "zstd", event.clone().into_bytes()),
        ("gzip as zstd", "zstd", packed),
        ("an empty body as gzip", "gzip", Vec::new()),
    ] {
        let answer = json(&app)
            .header("content-encoding", encoding)
            .body(body)
            .send();
        check(
            what,
            &answer,
            400,
            "invalid_encoding",
            Some("Content-Encoding"),
        );
    }
    let answer = json(&app)
        .header("content-encoding", "br")
        .body(event)
        .send();
    check(
        "brotli",
        &answer,
        415,
        "unsupported_encoding",
        Some("Content-Encoding"),
    );
    check_untouched(&app);
}

#[test]
fn a_media_type_without_events_is_rejected() {
    let app = TestApp::start();
    for kind in [
        "",
        "text/plain",
        "text/csv",
        "application/xml",
        "application/x-www-form-urlencoded",
    ] {
        let answer = post(&app, kind).body(good("one").to_string()).send();
        check(
            kind,
            &answer,
            415,
            "unsupported_media_type",
            Some("Content-Type"),
        );
        let fix = answer.json()["fix"].clone();
        assert!(
            fix.as_str().unwrap().contains("application/x-ndjson"),
            "{fix}"
        );
    }
    check_untouched(&app);
}

#[test]
fn a_body_of_100_megabytes_is_rejected_and_the_connection_stays_open() {
    let app = TestApp::start();
    let body = vec![b' '; 100 << 20];
    let answer = json(&app).body(body).send();
    check("100 MB", &answer, 413, "payload_too_large", None);
    check_untouched(&app);
}

#[test]
fn a_small_body_that_decompresses_to_a_huge_one_is_rejected() {
    let app = TestApp::start();
    let answer = json(&app)
        .header("content-encoding", "gzip")
        .body(bomb(300 << 20))
        .send();
    check("a gzip bomb", &answer, 413, "payload_too_large", None);
    let detail = answer.json()["detail"].clone();
    assert!(
        detail.as_str().unwrap().contains("after decompression"),
        "{detail}"
    );
    check_untouched(&app);
}

#[test]
fn the_limits_come_from_the_configuration() {
    let app = TestApp::configured(&[
        ("WEIR_INTAKE_BODY_BYTES", "2000"),
        ("WEIR_INTAKE_DECODED_BYTES", "4000"),
    ]);
    let spaces = |count| format!("{}{}", " ".repeat(count), good("one")).into_bytes();
    let as_sent = json(&app).body(spaces(2000)).send();
    check("2 kB as sent", &as_sent, 413, "payload_too_large", None);
    let unpacked = json(&app).header("content-encoding", "gzip");
    let unpacked = unpacked.body(gzip(&spaces(4000))).send();
    check(
        "4 kB after decompression",
        &unpacked,
        413,
        "payload_too_large",
        None,
    );
    let packed = json(&app).header("content-encoding", "gzip");
    assert_eq!(packed.body(gzip(&spaces(3000))).send().status, 200);
}

#[test]
fn an_incomplete_body_of_lines_loses_only_the_last_one() {
    let app = TestApp::start();
    let whole = format!("{}\n{}\n{}", good("one"), good("two"), good("three"));
    let cut = &whole[..whole.len() - 10];
    let answer = post(&app, "application/x-ndjson").body(cut).send();
    assert_eq!(answer.status, 200, "{}", answer.text());
    let outcome = answer.json();
    assert_eq!(
        (&outcome["accepted"], &outcome["rejected"]),
        (&2.into(), &1.into())
    );
    assert_eq!(outcome["errors"][0]["index"], 2);
    assert_eq!(outcome["errors"][0]["code"], "malformed_json");
    // The rejected event is sent again, complete.
    let again = post(&app, "application/x-ndjson").body(whole).send().json();
    assert_eq!(
        (&again["accepted"], &again["duplicates"]),
        (&1.into(), &2.into())
    );
    assert_eq!(app.figures(&["executions"], None)["executions"], 3);
}

#[test]
fn a_body_without_a_single_valid_event_is_unprocessable() {
    let app = TestApp::start();
    let lines = post(&app, "application/x-ndjson").body("{\n\n[]\n").send();
    assert_eq!(lines.status, 422, "{}", lines.text());
    assert_eq!(lines.json()["rejected"], 2);
    // An empty list is not an error.
    let nothing = json(&app).body("[]").send();
    assert_eq!(nothing.status, 200, "{}", nothing.text());
    assert_eq!(nothing.json()["accepted"], 0);
    check_untouched(&app);
}

#[test]
fn all_errors_are_counted_and_the_first_of_them_listed() {
    let app = TestApp::start();
    let mut events = vec![json!({}); 30_000];
    events[7] = json!({"type": "nothing of the kind"});
    events[20_000] = good("one");
    events[20_001] = json!({"type": "nothing of the kind"});
    let answer = json(&app).body(json!(events).to_string()).send();
    let outcome = answer.json();
    assert_eq!(
        (&outcome["accepted"], &outcome["rejected"]),
        (&1.into(), &29_999.into())
    );
    let errors = outcome["errors"].as_array().expect("errors are listed");
    let places = errors.iter().filter_map(|error| error["index"].as_u64());
    assert!(places.eq(0..10_000), "the first are listed");
}

#[test]
fn a_body_that_announces_a_length_over_the_limit_is_rejected_before_it_arrives() {
    let app = TestApp::start();
    let mut stream = siege::head(&app, 100 << 20);
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("a socket accepts a timeout");
    let mut line = String::new();
    BufReader::new(&mut stream)
        .read_line(&mut line)
        .expect("the response arrives without the body");
    assert!(line.starts_with("HTTP/1.1 413"), "{line}");
}

#[test]
fn a_cloud_event_in_the_wrong_shape_is_rejected() {
    let app = TestApp::start();
    for (kind, body) in [
        ("application/cloudevents+json", "[]"),
        ("application/cloudevents-batch+json", "{}"),
        ("application/cloudevents+json", ""),
    ] {
        let answer = post(&app, kind).body(body).send();
        check(kind, &answer, 400, "malformed_json", Some("body"));
    }
    check_untouched(&app);
}
