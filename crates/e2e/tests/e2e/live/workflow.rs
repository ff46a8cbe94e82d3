//! The stream of one workflow: deltas that add up, even across restarts.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use weir_e2e::{Follow, News, TestApp, events};

use super::{run_of, steady};

const PATH: &str = "/api/v1/workflows/onboarding/analytics/stream";

fn follow(app: &TestApp, last_id: Option<&str>) -> Follow {
    let opened = app.client().get(PATH).follow(last_id);
    opened.unwrap_or_else(|answer| panic!("{}", answer.text()))
}

/// The totals of a client that adds up deltas.
#[derive(Debug, Default, PartialEq)]
struct Ledger(BTreeMap<String, i64>);

impl Ledger {
    fn of(expected: [(&str, i64); 5]) -> Self {
        Self(
            expected
                .map(|(name, value)| (name.to_owned(), value))
                .into(),
        )
    }

    fn hear(&mut self, news: &News) {
        match news.event.as_str() {
            "metrics_snapshot" => {
                let metrics = news.data["metrics"].as_object().unwrap();
                let totals = metrics.iter();
                self.0 = totals
                    .map(|(name, value)| (name.clone(), value.as_i64().unwrap()))
                    .collect();
            }
            "metrics_update" => self.add(&news.data["changes"]),
            _ => {}
        }
    }

    fn add(&mut self, changes: &Value) {
        for (name, value) in changes.as_object().unwrap() {
            let value = value.as_i64().unwrap();
            match name.strip_suffix("_delta") {
                Some("new_enrollments") => {
                    *self.0.entry("total_enrolled".into()).or_default() += value
                }
                Some(metric) => *self.0.entry(metric.to_owned()).or_default() += value,
                None => {
                    self.0.insert(name.clone(), value);
                }
            }
        }
    }

    /// Reads until the totals are as expected.
    fn until(&mut self, stream: &mut Follow, expected: &Self) {
        while self != expected {
            let news = stream.next_news();
            self.hear(&news.unwrap_or_else(|| panic!("ended at {self:?}, not {expected:?}")));
        }
    }
}

fn goal(execution: &str) -> Value {
    json!({"type": "goal", "workflowId": "onboarding", "executionId": execution,
           "goalId": "signed", "subjectId": execution, "timestamp": events::now()})
}

#[test]
fn an_update_has_the_documented_shape_and_only_what_changed() {
    let app = TestApp::start();
    let mut stream = follow(&app, None);
    let snapshot = stream.next_news().unwrap();
    assert_eq!(snapshot.event, "metrics_snapshot");
    insta::assert_json_snapshot!("metrics_snapshot", steady(snapshot.data));
    app.take(&run_of("onboarding", "a", "started"));
    let update = stream.next_of("metrics_update").data;
    insta::assert_json_snapshot!("metrics_update", steady(update));
    app.take(&run_of("elsewhere", "b", "started"));
    app.take(&json!([run_of("onboarding", "a", "completed"), goal("a")]));
    let update = stream.next_of("metrics_update").data;
    assert_eq!(
        update["changes"],
        json!({"completed_delta": 1, "currently_active": 0, "goals_reached_delta": 1})
    );
}

#[test]
fn deltas_add_up_to_the_totals_across_restarts() {
    let mut app = TestApp::start();
    let mut ledger = Ledger::default();
    let mut stream = follow(&app, None);
    let started: Vec<Value> = (0..10)
        .map(|n| run_of("onboarding", &format!("e{n}"), "started"))
        .collect();
    app.take(&started.into());
    let expected = |enrolled, active, completed, dropped, goals| {
        Ledger::of([
            ("total_enrolled", enrolled),
            ("currently_active", active),
            ("completed", completed),
            ("dropped", dropped),
            ("goals_reached", goals),
        ])
    };
    ledger.until(&mut stream, &expected(10, 10, 0, 0, 0));

    app.kill();
    while let Some(news) = stream.next_news() {
        ledger.hear(&news);
    }
    app.start_again();
    let ended = |id: &str, status: &str| run_of("onboarding", id, status);
    app.take(&json!([
        ended("e0", "completed"),
        ended("e1", "completed"),
        goal("e1"),
        ended("e2", "failed"),
        ended("e3", "canceled"),
        ended("new", "waiting"),
    ]));
    let mut stream = follow(&app, Some(&stream.last_id));
    ledger.until(&mut stream, &expected(11, 7, 2, 2, 1));

    assert!(app.stop().success());
    app.start_again();
    let mut stream = follow(&app, Some(&stream.last_id));
    app.take(&ended("new", "crashed"));
    ledger.until(&mut stream, &expected(11, 6, 2, 3, 1));

    let polled = app.client().get(PATH).header("accept", "application/json");
    let polled = polled.send();
    assert_eq!(polled.json()["metrics"], json!(ledger.0));
    let again = app.client().get(PATH).header("accept", "application/json");
    let again = again.header("if-none-match", polled.header("etag"));
    assert_eq!(again.send().status, 304);
}

#[test]
fn an_unknown_id_leads_to_a_snapshot_of_the_present() {
    let app = TestApp::start();
    for strange in ["x", "12", "99999999999", "12-1.2.3", "12-1.2.3.4.five"] {
        let opened = app.client().get(PATH).follow(Some(strange));
        let mut stream = opened.unwrap_or_else(|answer| panic!("{}", answer.text()));
        let first = stream.next_news().unwrap();
        assert_eq!(first.event, "metrics_snapshot", "{strange}");
        assert_ne!(first.id, strange);
    }
    // The stream of counts has ids of another kind, and also begins with the present.
    let mut counts = super::follow(&app, Some("12-1.2.3.4.5"));
    assert_eq!(counts.next_news().unwrap().event, "counts.update");
}
