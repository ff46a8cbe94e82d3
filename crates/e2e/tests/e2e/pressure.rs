//! Back-pressure: an overloaded server says so before it accepts anything.

use std::{
    io::{Read, Write},
    net::TcpStream,
    thread,
    time::Duration,
};

use serde_json::{Value, json};
use weir_e2e::{TestApp, events::execution, until};

const TIME: &str = "2024-03-04T10:00:00Z";

/// A request whose first half was sent.
fn half_a_request(app: &TestApp, body: &str) -> TcpStream {
    let address = app.server().url().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!(
        "POST /api/v1/events HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        app.key(),
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream
        .write_all(&body.as_bytes()[..body.len() / 2])
        .unwrap();
    stream
}

#[test]
fn a_client_is_asked_to_retry_later_if_memory_is_full_and_nothing_is_stored() {
    // Memory for one large body at a time, of which half already leaves no room for another.
    let app = TestApp::configured(&[("WEIR_INTAKE_MEMORY_BYTES", "1000000")]);
    let padded = |id: &str, bytes: usize| {
        let event = execution("flow", id, "completed", TIME).to_string();
        format!("{}{event}", " ".repeat(bytes - event.len()))
    };
    let slow = padded("slow", 400_000);
    let mut held = half_a_request(&app, &slow);
    let other = padded("other", 300_000);
    let post = || {
        let call = app.client().post("/api/v1/events").body(other.as_str());
        call.header("content-type", "application/json").send()
    };
    until("the half to arrive", Duration::from_secs(30), || {
        let text = app.get("/metrics").text();
        let mut lines = text.lines();
        let held = lines.find_map(|line| line.strip_prefix("weir_intake_held_bytes "));
        (held?.parse::<f64>().unwrap() >= 200_000.0).then_some(())
    });
    let refused = post();
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (503, "busy"),
        "{}",
        refused.text()
    );
    let seconds: u32 = refused.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    // Small bodies have a reserve.
    app.take(&execution("flow", "small", "completed", TIME));
    held.write_all(&slow.as_bytes()[slow.len() / 2..]).unwrap();
    let mut answer = String::new();
    held.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    // It is new: nothing of the refused request was stored.
    let taken = post();
    assert_eq!(taken.json()["accepted"], 1, "{}", taken.text());
}

/// Sends a batch until it is accepted as new: no earlier attempt may have stored a part of it.
fn send_until_accepted(app: &TestApp, batch: &[Value]) {
    until("room for a batch", Duration::from_secs(60), || {
        let answer = app.client().post("/api/v1/events").lines(batch).send();
        if answer.status == 200 {
            assert_eq!(answer.json()["accepted"], batch.len(), "{}", answer.text());
            return Some(());
        }
        assert_eq!(answer.status, 503, "{}", answer.text());
        assert_ne!(answer.header("retry-after"), "", "{}", answer.text());
        None
    });
}

#[test]
fn many_concurrent_large_posts_count_once_however_often_they_are_refused() {
    const PRODUCERS: usize = 8;
    const BATCHES: usize = 4;
    const EVENTS: usize = 1500;
    let app = TestApp::configured(&[("WEIR_STORE_QUEUED_EVENTS", "2000")]);
    let batch = |producer: usize, batch: usize| -> Vec<Value> {
        let id = |event| format!("{producer}-{batch}-{event}");
        let event = |event| execution("flow", &id(event), "completed", TIME);
        (0..EVENTS).map(event).collect()
    };
    thread::scope(|scope| {
        for producer in 0..PRODUCERS {
            let (app, batch) = (&app, &batch);
            scope.spawn(move || {
                for number in 0..BATCHES {
                    send_until_accepted(app, &batch(producer, number));
                }
            });
        }
    });
    let figures = app.figures(&["executions", "events"], None);
    let all = PRODUCERS * BATCHES * EVENTS;
    assert_eq!(figures, json!({"executions": all, "events": all}));
}
