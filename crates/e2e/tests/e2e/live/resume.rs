//! Coming back: after a lost connection, a restart, a crash, or from far behind.

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
fn heard(stream: &mut Follow, many: usize) -> Vec<String> {
    let one = |_| {
        let news = stream.next_of("execution.completed").data;
        news["execution_id"].as_str().unwrap().to_owned()
    };
    let mut heard: Vec<String> = (0..many).map(one).collect();
    heard.sort();
    heard
}

/// Nothing more is to be heard: the next execution is one sent only now.
fn assert_nothing_left(app: &TestApp, stream: &mut Follow, name: &str) {
    app.take(&run_of("w", name, "completed"));
    assert_eq!(heard(stream, 1), [name]);
}

#[test]
fn a_client_that_comes_back_after_a_restart_misses_nothing_and_hears_nothing_twice() {
    let mut app = TestApp::start();
    let mut stream = follow(&app, None);
    app.take(&batch("first", 5));
    assert_eq!(heard(&mut stream, 5), names("first", 5));

    let stopping = Instant::now();
    assert!(app.stop().success());
    assert!(
        stopping.elapsed() < Duration::from_secs(15),
        "an open stream must not hold a stop up"
    );
    while stream.next_news().is_some() {}
    app.start_again();
    // Committed by the new process before the client is back.
    app.take(&batch("second", 7));
    let mut stream = follow(&app, Some(&stream.last_id));
    assert_eq!(heard(&mut stream, 7), names("second", 7));
    app.take(&batch("third", 3));
    assert_eq!(heard(&mut stream, 3), names("third", 3));

    app.kill();
    while stream.next_news().is_some() {}
    app.start_again();
    app.take(&batch("fourth", 4));
    let mut stream = follow(&app, Some(&stream.last_id));
    assert_eq!(heard(&mut stream, 4), names("fourth", 4));
    assert_nothing_left(&app, &mut stream, "last");
}

#[test]
fn what_was_acknowledged_before_a_crash_is_told_after_it() {
    let mut app = TestApp::start();
    let mut stream = follow(&app, None);
    app.take(&run_of("w", "heard", "completed"));
    assert_eq!(heard(&mut stream, 1), ["heard"]);
    let last_id = stream.last_id.clone();
    drop(stream);
    app.take(&batch("unheard", 6));
    app.kill();
    app.start_again();
    let mut stream = follow(&app, Some(&last_id));
    assert_eq!(heard(&mut stream, 6), names("unheard", 6));
    assert_nothing_left(&app, &mut stream, "last");
}

#[test]
fn a_client_that_leaves_in_the_middle_of_a_commit_goes_on_there() {
    let app = TestApp::start();
    let mut stream = follow(&app, None);
    app.take(&batch("one", 1_000));
    let mut all = Vec::new();
    for part in [1, 99, 300, 27, 573] {
        all.extend(heard(&mut stream, part));
        stream = follow(&app, Some(&stream.last_id));
    }
    all.sort();
    assert_eq!(all, names("one", 1_000));
    assert_nothing_left(&app, &mut stream, "last");
}

#[test]
fn a_client_that_does_not_read_holds_nobody_up_and_misses_nothing() {
    const BATCHES: usize = 30;
    const RUNS: usize = 1_000;
    // However slow the machine is, no connection is given up.
    let app = TestApp::configured(&[("WEIR_LIMITS_UNREAD_SECONDS", "600")]);
    let mut slow: Vec<Follow> = (0..50).map(|_| follow(&app, None)).collect();
    let mut quick = follow_only(&app, "events=execution.completed", None);
    let mut slowest = Duration::ZERO;
    for number in 0..BATCHES {
        let name = format!("b{number:02}");
        let began = Instant::now();
        app.take(&batch(&name, RUNS));
        slowest = slowest.max(began.elapsed());
        assert_eq!(heard(&mut quick, RUNS), names(&name, RUNS));
    }
    say(&format!(
        "beside 50 clients that do not read, a body of {RUNS} took at most {slowest:.1?}"
    ));
    // More than is kept in memory, so what is left comes from the store.
    for stream in &mut slow[..2] {
        let heard = heard(stream, BATCHES * RUNS);
        let expected: Vec<String> = (0..BATCHES)
            .flat_map(|number| names(&format!("b{number:02}"), RUNS))
            .collect();
        assert_eq!(heard, expected);
    }
}
