//! Back-pressure: a server that has too much to do says so before it takes anything.

use std::{
    io::{Read, Write},
    net::TcpStream,
    thread,
    time::Duration,
};

use serde_json::{Value, json};
use weir_e2e::{TestApp, events::execution, until};

const TIME: &str = "2024-03-04T10:00:00Z";

/// A request whose head is sent and whose body is not.
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
}

#[test]
fn who_finds_no_room_is_told_when_to_come_back_and_nothing_is_taken() {
    // Room for one body at a time, and a body that takes all of it.
    let app = TestApp::configured(&[("WEIR_INTAKE_MEMORY_BYTES", "16384")]);
    let slow = execution("flow", "slow", "completed", TIME).to_string();
    let mut held = half_a_request(&app, &slow);
    // Until the server has read that head there is room.
    let refused = until("a refusal", Duration::from_secs(30), || {
        let probe = execution("flow", "quick", "completed", TIME);
        let answer = app.post_events(&probe);
        (answer.status != 200).then_some(answer)
    });
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (503, "busy"),
        "{}",
        refused.text()
    );
    let seconds: u32 = refused.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");

    let other = execution("flow", "other", "completed", TIME);
    assert_eq!(app.post_events(&other).status, 503);
    held.write_all(slow.as_bytes()).unwrap();
    let mut answer = String::new();
    held.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    // It is new: the refusal has taken nothing of it.
    app.take(&other);
}

/// Sends a batch until it is taken as new: no refusal before has taken a part of it.
fn send_until_taken(app: &TestApp, batch: &[Value]) {
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
fn many_large_posts_at_once_are_counted_once_however_often_they_are_refused() {
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
                    send_until_taken(app, &batch(producer, number));
                }
            });
        }
    });
    let figures = app.figures(&["executions", "events"], None);
    let all = PRODUCERS * BATCHES * EVENTS;
    assert_eq!(figures, json!({"executions": all, "events": all}));
}
