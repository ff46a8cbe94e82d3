//! Resuming a stream: after a lost connection, a restart, a crash, or from far behind.

use std::time::{Duration, Instant};

use serde_json::Value;
use weir_e2e::{Follow, TestApp, say};

use super::{follow, follow_only, run_of};

fn batch(name: &str, many: usize) -> Value {
    let runs = (0..many).map(|n| run_of("w", &format!("{name}-{n:06}"), "completed"));
    runs.collect()
}

fn names(name: &str, many: usize) -> Vec<String> {
    (0..many).map(|n| format!("{name}-{n:06}")).collect()
}

/// The ids of the next executions, in the order of their names.
fn received(stream: &mut Follow, many: usize) -> Vec<String> {
    let one = |_| {
        let news = stream.next_of("execution.completed").data;
        news["execution_id"].as_str().unwrap().to_owned()
    };
    let mut received: Vec<String> = (0..many).map(one).collect();
    received.sort();
    received
}

/// Asserts that nothing is left: the next execution is one that is sent only now.
fn assert_nothing_left(app: &TestApp, stream: &mut Follow, name: &str) {
    app.take(&run_of("w", name, "completed"));
    assert_eq!(received(stream, 1), [name]);
}

#[test]
fn a_client_that_resumes_after_a_restart_misses_nothing_and_receives_nothing_twice() {
    let mut app = TestApp::start();
    let mut stream = follow(&app, None);
    app.take(&batch("first", 5));
    assert_eq!(received(&mut stream, 5), names("first", 5));

    let stopping = Instant::now();
    assert!(app.stop().success());
    assert!(
        stopping.elapsed() < Duration::from_secs(15),
        "an open stream must not delay a stop"
    );
    while stream.next_news().is_some() {}
    app.start_again();
    // Committed by the new process before the client resumes.
    app.take(&batch("second", 7));
    let mut stream = follow(&app, Some(&stream.last_id));
    assert_eq!(received(&mut stream, 7), names("second", 7));
    app.take(&batch("third", 3));
    assert_eq!(received(&mut stream, 3), names("third", 3));

    app.kill();
    while stream.next_news().is_some() {}
    app.start_again();
    app.take(&batch("fourth", 4));
    let mut stream = follow(&app, Some(&stream.last_id));
    assert_eq!(received(&mut stream, 4), names("fourth", 4));
    assert_nothing_left(&app, &mut stream, "last");
}

#[test]
fn executions_acknowledged_before_a_crash_are_sent_after_it() {
    let mut app = TestApp::start();
    let mut stream = follow(&app, None);
    app.take(&run_of("w", "heard", "completed"));
    assert_eq!(received(&mut stream, 1), ["heard"]);
    let last_id = stream.last_id.clone();
    drop(stream);
    app.take(&batch("unheard", 6));
    app.kill();
    app.start_again();
    let mut stream = follow(&app, Some(&last_id));
    assert_eq!(received(&mut stream, 6), names("unheard", 6));
    assert_nothing_left(&app, &mut stream, "last");
}

#[test]
fn a_client_that_disconnects_in_the_middle_of_a_commit_resumes_there() {
    let app = TestApp::start();
    let mut stream = follow(&app, None);
    app.take(&batch("one", 1_000));
    let mut all = Vec::new();
    for part in [1, 99, 300, 27, 573] {
        all.extend(received(&mut stream, part));
        stream = follow(&app, Some(&stream.last_id));
    }
    all.sort();
    assert_eq!(all, names("one", 1_000));
    assert_nothing_left(&app, &mut stream, "last");
}

#[test]
fn a_client_that_does_not_read_delays_no_one_and_misses_nothing() {
    const BATCHES: usize = 30;
    const RUNS: usize = 1_000;
    // However slow the machine is, no connection is closed.
    let app = TestApp::configured(&[("WEIR_LIMITS_UNREAD_SECONDS", "600")]);
    let mut slow: Vec<Follow> = (0..50).map(|_| follow(&app, None)).collect();
    let mut quick = follow_only(&app, "events=execution.completed", None);
    let mut slowest = Duration::ZERO;
    for number in 0..BATCHES {
        let name = format!("b{number:02}");
        let began = Instant::now();
        app.take(&batch(&name, RUNS));
        slowest = slowest.max(began.elapsed());
        assert_eq!(received(&mut quick, RUNS), names(&name, RUNS));
    }
    say(&format!(
        "with 50 clients that do not read, a body of {RUNS} took at most {slowest:.1?}"
    ));
    // More than is kept in memory, so the rest comes from the store.
    for stream in &mut slow[..2] {
        let received = received(stream, BATCHES * RUNS);
        let expected: Vec<String> = (0..BATCHES)
            .flat_map(|number| names(&format!("b{number:02}"), RUNS))
            .collect();
        assert_eq!(received, expected);
    }
}
