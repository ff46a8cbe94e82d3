//! What changed: the demo's three incidents are found, and nothing else.

mod proof;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use weir_demo::DemoGenerator;
use weir_e2e::TestApp;

const NOW: &str = "2026-03-12T15:20:30Z";
const SEED: u64 = 7;

/// Sends the history of a company.
pub fn fill(app: &TestApp, company: &DemoGenerator, days: u32) {
    for batch in company.history(days).filter(|batch| !batch.is_empty()) {
        let answer = app.client().post("/api/v1/events").lines(&batch).send();
        assert_eq!(answer.json()["rejected"], 0, "{}", answer.text());
    }
}

fn get(app: &TestApp, query: &str) -> Value {
    let answer = app.get(&format!("/api/v1/analytics/changes?{query}"));
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    answer.json()
}

/// The parameters of the days up to a moment.
fn days_before(now: Timestamp, days: i64) -> String {
    format!(
        "from={}&to={now}",
        now - SignedDuration::from_hours(24 * days)
    )
}

fn moment(value: &Value) -> Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

/// Whether a moment is within an hour of another.
fn near(found: &Value, expected: Timestamp) -> bool {
    moment(found).duration_since(expected).abs() <= SignedDuration::from_hours(1)
}

fn of_kind<'a>(answer: &'a Value, kind: &str) -> Vec<&'a Value> {
    let changes = answer["changes"].as_array().unwrap().iter();
    changes.filter(|change| change["kind"] == kind).collect()
}

/// The changes as kinds and times, for messages.
fn told(answer: &Value) -> Vec<String> {
    let changes = answer["changes"].as_array().unwrap().iter();
    changes
        .map(|change| {
            let part = |name: &str| change[name].to_string();
            let parts = [
                "kind",
                "since",
                "workflow",
                "step",
                "connector",
                "model",
                "pValue",
                "before",
                "after",
            ];
            parts.map(part).join(" ")
        })
        .collect()
}

/// Asserts that exactly these incidents (0: the slow step, 1: the outage, 2: the spike) are told.
fn assert_incidents(answer: &Value, company: &DemoGenerator, expected: &[usize]) {
    let incidents = company.incidents();
    let kinds = ["step_slower", "connector_down", "cost_spike"];
    assert_eq!(
        answer["changes"].as_array().unwrap().len(),
        expected.len(),
        "{:#?}",
        told(answer)
    );
    assert_eq!(answer["omitted"], 0);
    for &number in expected {
        let [change] = of_kind(answer, kinds[number])[..] else {
            panic!("{number}: {:#?}", told(answer));
        };
        let incident = &incidents[number];
        assert!(
            near(&change["since"], incident.from),
            "{number}: {change:#}"
        );
        match incident.to {
            Some(to) => assert!(near(&change["until"], to), "{number}: {change:#}"),
            None => assert_eq!(change["until"], Value::Null, "{number}: {change:#}"),
        }
        assert_eq!(change["ongoing"], incident.to.is_none());
        match number {
            0 => assert_slow_step(change),
            1 => assert_outage(change),
            _ => assert_spike(change),
        }
    }
}

fn assert_slow_step(change: &Value) {
    assert_eq!(change["workflow"]["id"], "invoice-capture-emea");
    assert_eq!(change["workflow"]["name"], "Invoice capture EMEA");
    assert_eq!(change["step"]["id"], "extract-fields");
    assert_eq!(change["step"]["name"], "Extract fields");
    assert_eq!(change["step"]["type"], "openai");
    assert!(change["version"].is_string(), "{change:#}");
    assert_eq!(
        (&change["metric"], &change["unit"]),
        (&"step_working_avg".into(), &"milliseconds".into())
    );
    let number = |name: &str| change[name].as_f64().unwrap();
    assert!((4.0..9.0).contains(&number("ratio")), "{change:#}");
    let bounds = &change["difference"];
    let (lower, upper) = (
        bounds["lower"].as_f64().unwrap(),
        bounds["upper"].as_f64().unwrap(),
    );
    let value = bounds["value"].as_f64().unwrap();
    assert!(0.0 < lower && lower < value && value < upper, "{change:#}");
    assert!((number("after") - number("before") - value).abs() < 1e-6);
    assert!(change["effect"]["milliseconds"].as_f64().unwrap() > 0.0);
}

fn assert_outage(change: &Value) {
    assert_eq!(change["connector"], "hubspot");
    assert!(change["workflowCount"].as_u64().unwrap() > 3, "{change:#}");
    assert!(change["after"].as_f64().unwrap() > 80.0, "{change:#}");
    assert!(change["before"].as_f64().unwrap() < 10.0, "{change:#}");
    assert!(
        change["effect"]["failedRuns"].as_u64().unwrap() > 10,
        "{change:#}"
    );
    assert_eq!(
        (&change["workflow"], &change["step"]),
        (&Value::Null, &Value::Null)
    );
}

fn assert_spike(change: &Value) {
    assert_eq!(change["model"], "o1");
    let workflows = change["workflows"].as_array().unwrap().iter();
    let mut names: Vec<&str> = workflows.map(|one| one["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    let regions = ["AMER", "APAC", "DACH", "EMEA"].map(|region| format!("Ticket triage {region}"));
    assert_eq!(names, regions);
    assert_eq!(change["before"], 0.0);
    let effect = &change["effect"];
    assert_eq!(effect["costPerDay"], change["after"]);
    // It lasted a day, and up to an hour longer in hours that begin at half past.
    let days = effect["cost"].as_f64().unwrap() / change["after"].as_f64().unwrap();
    assert!((0.9..1.1).contains(&days), "{change:#}");
}

#[test]
fn the_incidents_of_the_demo_are_found_and_nothing_else() {
    let now: Timestamp = NOW.parse().unwrap();
    let company = DemoGenerator::new(SEED, now).executions_per_day(1_000);
    let app = TestApp::start();
    fill(&app, &company, 44);

    let month = get(&app, &days_before(now, 30));
    assert_incidents(&month, &company, &[0, 1, 2]);
    assert_eq!(
        (&month["notEnoughData"], &month["notTested"]),
        (&false.into(), &0.into())
    );
    assert!(
        month["tested"].as_u64().unwrap() > 1_000,
        "{}",
        month["tested"]
    );
    let compared = &month["comparedWith"];
    let fortnight = moment(&compared["to"]).duration_since(moment(&compared["from"]));
    assert_eq!(fortnight.as_hours() / 24, 14, "{compared}");

    // Six days before is a Friday, three days before a Monday; nine days before is outside.
    assert_incidents(&get(&app, &days_before(now, 7)), &company, &[0, 1]);
    // All data, and another calendar.
    assert_incidents(&get(&app, &days_before(now, 44)), &company, &[0, 1, 2]);
    let elsewhere = format!("{}&timezone=Asia/Kolkata", days_before(now, 30));
    assert_incidents(&get(&app, &elsewhere), &company, &[0, 1, 2]);

    one_workflow_shows_what_concerns_it(&app, &company, now);
    the_largest_effects_are_listed_and_the_rest_counted(&app, now);
    a_key_of_an_environment_sees_only_that(&app, now);
    the_course_of_a_change_covers_the_range(&month);
    before_the_incidents_nothing_changed(&app, now);
}

fn one_workflow_shows_what_concerns_it(app: &TestApp, company: &DemoGenerator, now: Timestamp) {
    let of = |workflow: &str| {
        get(
            app,
            &format!("{}&workflowId={workflow}", days_before(now, 30)),
        )
    };
    assert_incidents(&of("invoice-capture-emea"), company, &[0]);
    let all = get(app, &days_before(now, 30));
    let hit = of_kind(&all, "connector_down")[0]["workflows"][0]["id"].clone();
    let outage = of(hit.as_str().unwrap());
    let told = of_kind(&outage, "connector_down");
    assert!(
        told.len() == 1 && told[0]["connector"] == "hubspot",
        "{outage:#}"
    );
    assert_eq!(of("stock-alert-apac")["changes"], Value::Array(Vec::new()));
}

fn the_largest_effects_are_listed_and_the_rest_counted(app: &TestApp, now: Timestamp) {
    let all = get(app, &days_before(now, 30));
    let one = get(app, &format!("{}&limit=1", days_before(now, 30)));
    assert_eq!(one["omitted"], 2);
    assert_eq!(one["changes"][0], all["changes"][0]);
    for limit in ["0", "51"] {
        let answer = app.get(&format!("/api/v1/analytics/changes?limit={limit}"));
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (400, "invalid_parameter")
        );
    }
}

fn a_key_of_an_environment_sees_only_that(app: &TestApp, now: Timestamp) {
    let staging = get(
        app,
        &format!("{}&environment=staging", days_before(now, 30)),
    );
    let key = serde_json::json!({"name": "staging", "scopes": ["read"], "environment": "staging"});
    let made = app.owner().post("/api/v1/api-keys").json(&key).send();
    assert_eq!(made.status, 201, "{}", made.text());
    let made = made.json();
    let bound = app.client().with_key(made["key"].as_str());
    let path = format!("/api/v1/analytics/changes?{}", days_before(now, 30));
    let seen = bound.get(&path).send().json();
    assert_eq!(seen["changes"], staging["changes"]);
    assert_eq!(seen["tested"], staging["tested"]);
    let refused = bound.get(&format!("{path}&environment=production")).send();
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (403, "environment_bound")
    );
}

fn the_course_of_a_change_covers_the_range(month: &Value) {
    let [slow] = of_kind(month, "step_slower")[..] else {
        panic!("{month:#}");
    };
    let series = &slow["series"];
    let values = series["values"].as_array().unwrap();
    assert_eq!((&series["bucket"], values.len()), (&"day".into(), 31));
    let last = values[29].as_f64().unwrap() / values[5].as_f64().unwrap();
    assert!(last > 3.0, "{series}");
    let [outage] = of_kind(month, "connector_down")[..] else {
        panic!("{month:#}");
    };
    let series = &outage["series"];
    let hours = moment(&outage["since"])
        .duration_since(moment(&series["from"]))
        .as_hours();
    let at = |hour: i64| series["values"][usize::try_from(hour).unwrap()].as_f64();
    assert_eq!(series["bucket"], "hour");
    assert!(at(hours).is_some_and(|rate| rate > 60.0), "{series}");
    assert!(at(hours - 2).is_none_or(|rate| rate < 60.0), "{series}");
}

fn before_the_incidents_nothing_changed(app: &TestApp, now: Timestamp) {
    let earlier = now - SignedDuration::from_hours(24 * 12);
    let calm = get(app, &days_before(earlier, 14));
    assert_eq!(
        calm["changes"],
        Value::Array(Vec::new()),
        "{:#?}",
        told(&calm)
    );
    assert!(calm["tested"].as_u64().unwrap() > 1_000);
    let first = now - SignedDuration::from_hours(24 * 40);
    let young = get(app, &days_before(first, 30));
    assert_eq!(
        (&young["notEnoughData"], &young["daysNeeded"]),
        (&true.into(), &8.into())
    );
    assert_eq!(young["changes"], Value::Array(Vec::new()));
}
