//! Live updates: what a subscriber receives, and that it receives everything once.

mod resume;
mod workflow;

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use ureq::http::Method;
use weir_e2e::{Follow, News, TestApp, events, run, say, until, weir};

use crate::real_log;

/// The longest time from a response to the live update about its events.
const SOON: Duration = Duration::from_secs(1);

/// The stream of the tenant of the server's first project.
pub fn path(app: &TestApp) -> String {
    let projects = app.get("/api/v1/projects").json();
    let tenant = projects["projects"][0]["tenant"]["id"].as_str().unwrap();
    format!("/api/v1/sse/counts/{tenant}")
}

/// Follows the tenant, from the present on or after the last event of another stream.
pub fn follow(app: &TestApp, last_id: Option<&str>) -> Follow {
    follow_only(app, "", last_id)
}

fn follow_only(app: &TestApp, parameters: &str, last_id: Option<&str>) -> Follow {
    let path = format!("{}?{parameters}", path(app));
    let opened = app.client().get(&path).follow(last_id);
    opened.unwrap_or_else(|answer| panic!("{}", answer.text()))
}

/// An execution that finishes now.
pub fn run_of(workflow: &str, id: &str, status: &str) -> Value {
    let recently = events::now() - 1_000;
    json!({"type": "execution", "workflowId": workflow, "executionId": id, "status": status,
           "duration": 1500, "timestamp": recently, "environment": "production"})
}

/// Replaces what varies between runs with a word.
pub fn steady(mut value: Value) -> Value {
    const VARYING: [&str; 4] = ["timestamp", "from", "to", "project_id"];
    if let Value::Object(fields) = &mut value {
        for (name, field) in fields.iter_mut() {
            *field = match VARYING.contains(&name.as_str()) {
                true => "[varies]".into(),
                false => steady(field.take()),
            };
        }
    }
    value
}

fn count(counts: &Value, name: &str) -> u64 {
    counts[name].as_u64().unwrap()
}

#[test]
fn a_committed_execution_is_sent_to_subscribers_within_a_second() {
    let app = TestApp::start();
    let mut executions = follow_only(&app, "events=execution.completed", None);
    let mut counts = follow_only(&app, "events=counts.update", None);
    let first = counts.next_of("counts.update").data;
    assert_eq!(count(&first, "total_executions"), 0);
    let mut slowest = Duration::ZERO;
    for number in 1..=20_u64 {
        let id = format!("e{number}");
        app.take(&run_of("orders", &id, "completed"));
        let answered = Instant::now();
        let news = executions.next_of("execution.completed");
        assert_eq!(news.data["execution_id"], id.as_str());
        let counted = until_counted(&mut counts, number).at;
        slowest = [slowest, since(answered, news.at), since(answered, counted)]
            .into_iter()
            .max()
            .unwrap();
    }
    say(&format!(
        "from the response to the live update: at most {slowest:.1?}"
    ));
    assert!(slowest < SOON, "{slowest:?}");
}

/// The delay of an update, which may arrive before the response to its events.
fn since(answered: Instant, heard: Instant) -> Duration {
    heard.saturating_duration_since(answered)
}

/// The counts once they have reached a total.
fn until_counted(stream: &mut Follow, total: u64) -> News {
    loop {
        let news = stream.next_of("counts.update");
        if count(&news.data, "total_executions") == total {
            return news;
        }
    }
}

#[test]
fn counts_include_events_of_every_status() {
    let app = TestApp::start();
    let mut stream = follow_only(&app, "events=counts.update&last=7d", None);
    let statuses = [
        ("completed", 7),
        ("failed", 3),
        ("crashed", 2),
        ("canceled", 1),
        ("started", 4),
        ("waiting", 5),
    ];
    let sent: Vec<Value> = statuses
        .iter()
        .flat_map(|&(status, many)| {
            (0..many).map(move |n| run_of("w", &format!("{status}-{n}"), status))
        })
        .collect();
    app.take(&sent.into());
    let counts = until_counted(&mut stream, 22).data;
    let found = ["success", "failure", "canceled", "running", "waiting"]
        .map(|name| count(&counts, &format!("{name}_count")));
    assert_eq!(found, [7, 5, 1, 4, 5]);
    insta::assert_json_snapshot!("counts_update", steady(counts));
}

#[test]
fn updates_have_the_documented_fields_and_a_filtered_stream_only_its_part() {
    let app = TestApp::start();
    let mut all = follow(&app, None);
    let mut orders = follow_only(&app, "workflowId=orders&events=execution.completed", None);
    app.take(&run_of("other", "o1", "crashed"));
    app.take(&run_of("orders", "r1", "completed"));
    assert_eq!(
        all.next_of("execution.completed").data["execution_id"],
        "o1"
    );
    let news = orders.next_news().unwrap();
    assert_eq!(news.data["execution_id"], "r1");
    insta::assert_json_snapshot!("execution_completed", steady(news.data));
}

#[test]
fn an_idle_stream_sends_heartbeats_with_its_position() {
    let app = TestApp::configured(&[("WEIR_LIVE_HEARTBEAT_SECONDS", "1")]);
    let mut stream = follow(&app, None);
    let quiet = stream.next_of("heartbeat");
    app.take(&run_of("w", "a", "started"));
    let later = until(
        "the heartbeat after a commit",
        Duration::from_secs(30),
        || {
            let beat = stream.next_of("heartbeat");
            (beat.id != quiet.id).then_some(beat)
        },
    );
    assert_eq!(stream.next_of("heartbeat").id, later.id);
}

#[test]
fn the_progress_of_an_import_is_sent() {
    let app = TestApp::start();
    let mut stream = follow_only(&app, "events=sync.progress", None);
    let call = app.client().post("/api/v1/events");
    let call = call.header("weir-sync", "id=nightly; current=1200; total=5000");
    assert_eq!(call.json(&run_of("w", "a", "completed")).send().status, 200);
    let news = stream.next_of("sync.progress").data;
    insta::assert_json_snapshot!("sync_progress", steady(news));
    let bad = app
        .client()
        .post("/api/v1/events")
        .header("weir-sync", "half");
    let refused = bad.json(&run_of("w", "b", "completed")).send();
    assert_eq!(
        (refused.status, refused.code()),
        (400, "invalid_parameter".to_owned())
    );

    // A body of more than one slice reports its own progress.
    let many: Vec<Value> = (0..45_000)
        .map(|n| run_of("bulk", &format!("b{n}"), "completed"))
        .collect();
    let sent = app.client().post("/api/v1/events").lines(&many).send();
    assert_eq!(sent.json()["accepted"], 45_000);
    let mut seen = Vec::new();
    while seen.last() != Some(&100.0) {
        let news = stream.next_of("sync.progress").data;
        assert_eq!(
            (&news["total"], &news["unit"]),
            (&json!(45_000), &json!("events"))
        );
        seen.push(news["percentage"].as_f64().unwrap());
    }
    assert!(seen.is_sorted(), "{seen:?}");
}

#[test]
fn the_importer_reports_how_much_of_the_log_is_stored() {
    let Some(file) = real_log::file() else { return };
    let app = TestApp::start();
    let mut stream = follow_only(&app, "events=sync.progress", None);
    let size = std::fs::metadata(&file).unwrap().len();
    let mut command = weir(&["import", "--server", app.server().url(), "--quiet"]);
    let ended = run(command.env("WEIR_API_KEY", app.key()).arg(&file));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let last = loop {
        let news = stream.next_of("sync.progress").data;
        assert_eq!(
            (&news["total"], &news["unit"]),
            (&json!(size), &json!("bytes"))
        );
        if news["percentage"] == 100.0 {
            break news;
        }
    };
    assert_eq!(last["source"], "import:bpic2012.xes.gz");
}

#[test]
fn a_refused_subscription_has_a_reason() {
    let app = TestApp::configured(&[("WEIR_LIVE_SUBSCRIBERS", "2")]);
    let path = path(&app);
    let refused = |path: &str| {
        let answer = app.client().get(path).follow(None).err().unwrap();
        (answer.status, answer.code())
    };
    let of = |status: u16, code: &str| (status, code.to_owned());
    let stranger = "/api/v1/sse/counts/0190a0a0-0000-7000-8000-000000000000";
    assert_eq!(refused(stranger), of(404, "unknown_tenant"));
    let other = format!("{path}?projectId=0190a0a0-0000-7000-8000-000000000000");
    assert_eq!(refused(&other), of(404, "unknown_project"));
    let misspelt = format!("{path}?events=count.update");
    assert_eq!(refused(&misspelt), of(400, "invalid_parameter"));
    let endless = format!("{path}?last=forever");
    assert_eq!(refused(&endless), of(400, "invalid_range"));
    let anonymous = app.client().with_key(None);
    assert_eq!(anonymous.get(&path).follow(None).err().unwrap().status, 401);

    let (first, _second) = (follow(&app, None), follow(&app, None));
    let full = app.client().get(&path).follow(None).err().unwrap();
    assert_eq!((full.status, full.header("retry-after")), (503, "10"));
    drop(first);
    until("a seat to be free", Duration::from_secs(60), || {
        // The server notices that a client is gone when it sends it something.
        app.take(&run_of("w", &events::now().to_string(), "completed"));
        app.client().get(&path).follow(None).ok()
    });
}

#[test]
fn a_stream_ends_when_its_session_does() {
    let app = TestApp::configured(&[("WEIR_LIVE_CHECK_SECONDS", "1")]);
    let path = path(&app);
    let anonymous = app.client().with_key(None);
    let password = app.password();
    let login = json!({"email": "owner@localhost", "password": password});
    let opened = anonymous.post("/api/v1/session").json(&login).send();
    let cookie = opened
        .header("set-cookie")
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let call = anonymous.get(&path).header("cookie", cookie.as_str());
    let mut stream = call
        .follow(None)
        .unwrap_or_else(|no| panic!("{}", no.text()));
    stream.next_of("counts.update");
    let closed = anonymous
        .call(Method::DELETE, "/api/v1/session")
        .header("cookie", cookie);
    assert!(closed.send().status < 300);
    while stream.next_news().is_some() {}
}

#[test]
fn a_client_without_streams_can_poll_and_learns_when_nothing_changed() {
    let app = TestApp::start();
    let path = path(&app);
    let poll = |parameters: &str| {
        let path = format!("{path}?{parameters}");
        app.client().get(&path).header("accept", "application/json")
    };
    app.take(&run_of("w", "before", "completed"));
    let first = poll("").send();
    assert_eq!(first.status, 200, "{}", first.text());
    assert_eq!(
        first.json()["executions"],
        json!([]),
        "only what follows the position"
    );
    let tag = first.header("etag").to_owned();
    let again = poll("").header("if-none-match", tag.as_str()).send();
    assert_eq!((again.status, again.body.len()), (304, 0));

    let place = first.json()["id"].as_str().unwrap().to_owned();
    let sent: Vec<Value> = (0..30)
        .map(|n| run_of("w", &format!("e{n}"), "failed"))
        .collect();
    app.take(&sent.clone().into());
    let moved = poll("").header("if-none-match", tag).send();
    assert_eq!(moved.status, 200);
    let found = poll(&format!("lastEventId={place}")).send().json();
    let ids = found["executions"].as_array().unwrap().iter();
    let ids: BTreeSet<&str> = ids
        .map(|one| one["execution_id"].as_str().unwrap())
        .collect();
    assert_eq!((ids.len(), &found["more"]), (30, &json!(false)));
    assert_eq!(count(&found["counts"], "failure_count"), 30);

    // A sync progresses even if everything that it sends is already stored.
    let sync = |current: u32| {
        let call = app.client().post("/api/v1/events");
        let call = call.header("weir-sync", format!("id=again; current={current}; total=9"));
        assert_eq!(call.json(&json!([sent[0]])).send().status, 200);
        poll("").send().header("etag").to_owned()
    };
    assert_ne!(sync(1), sync(2));
}
