//! Randomly generated runs, and their figures by plain counting.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use weir_e2e::TestApp;

/// 1 March 2024, 00:00 UTC.
pub const START: i64 = 1_709_251_200_000;
/// The range that contains everything.
pub const RANGE: &str = "from=2024-03-01T00:00:00Z&to=2024-03-11T00:00:00Z";
/// The length of the range.
const DAYS: i64 = 10;

/// A generated run.
#[derive(Clone, Debug)]
pub struct Run {
    pub id: String,
    pub workflow: String,
    pub version: String,
    pub user: String,
    pub environment: &'static str,
    pub trigger: &'static str,
    pub status: &'static str,
    /// Milliseconds since 1970.
    pub at: i64,
    pub duration: Option<i64>,
    pub error_type: Option<&'static str>,
    pub error_message: Option<String>,
    /// Steps: type, status, duration, cache hit.
    pub steps: Vec<(&'static str, &'static str, i64, Option<bool>)>,
    /// Provider, billionths of a dollar, calls, input tokens, output tokens.
    pub cost: Option<(&'static str, i64, i64, i64, i64)>,
}

/// A generator of numbers that depend only on the seed (Knuth's MMIX constants).
pub struct Draw(pub u64);

impl Draw {
    pub fn below(&mut self, bound: u64) -> u64 {
        let next = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = next.wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }
}

const STATUSES: [&str; 12] = [
    "completed",
    "completed",
    "completed",
    "completed",
    "completed",
    "completed",
    "completed",
    "failed",
    "failed",
    "crashed",
    "canceled",
    "started",
];
const ERRORS: [&str; 3] = ["Timeout", "RateLimit", "Validation"];
const STEP_TYPES: [&str; 5] = ["http", "openai_chat", "web_scraper", "email_sender", "code"];

/// Generates `count` runs.
pub fn runs(seed: u64, count: u64) -> Vec<Run> {
    let mut draw = Draw(seed);
    (0..count).map(|number| run(&mut draw, number)).collect()
}

fn run(draw: &mut Draw, number: u64) -> Run {
    let status = draw.of(&STATUSES);
    let finished = status != "started";
    let error = matches!(status, "failed" | "crashed").then(|| draw.of(&ERRORS));
    let at = START + draw.below((DAYS * 86_400_000) as u64) as i64;
    let steps = (0..draw.below(4)).map(|_| step(draw)).collect();
    let provider = draw.of(&["openai", "anthropic"]);
    let cost = (draw.below(3) == 0).then(|| {
        let amount = draw.below(2_000_000_000) as i64;
        let counts = [draw.below(5), draw.below(3_000), draw.below(900)].map(|n| n as i64);
        (provider, amount, counts[0], counts[1], counts[2])
    });
    Run {
        id: format!("run-{number}"),
        workflow: format!("workflow-{}", draw.below(6)),
        version: format!("{}", 1 + draw.below(3)),
        user: format!("user-{}", draw.below(9)),
        environment: draw.of(&["production", "staging"]),
        trigger: draw.of(&["webhook", "schedule", "manual"]),
        status,
        at,
        duration: (finished && draw.below(20) > 0).then(|| 50 + draw.below(20_000) as i64),
        error_type: error,
        error_message: error.map(|error| format!("{error} in call {}", draw.below(1_000))),
        steps,
        cost,
    }
}

fn step(draw: &mut Draw) -> (&'static str, &'static str, i64, Option<bool>) {
    let kind = draw.of(&STEP_TYPES);
    let status = draw.of(&["completed", "completed", "completed", "failed"]);
    let duration = 10 + draw.below(3_000) as i64;
    let cached = (kind != "code").then(|| draw.below(3) == 0);
    (kind, status, duration, cached)
}

impl Run {
    pub fn is(&self, statuses: &[&str]) -> bool {
        statuses.contains(&self.status)
    }

    fn events(&self) -> Vec<Value> {
        let common = json!({
            "workflowId": self.workflow, "workflowVersion": self.version, "userId": self.user,
            "environment": self.environment, "executionId": self.id, "timestamp": self.at,
        });
        let with = |more: Value| weir_e2e::events::with(common.clone(), more);
        let mut events = vec![with(json!({
            "type": "execution", "status": self.status, "duration": self.duration,
            "triggerType": self.trigger, "errorType": self.error_type,
            "errorMessage": self.error_message,
        }))];
        for (position, (kind, status, duration, cached)) in self.steps.iter().enumerate() {
            events.push(with(json!({
                "type": "step", "stepId": format!("step-{position}"), "stepType": kind,
                "status": status, "duration": duration, "cacheHit": cached,
            })));
        }
        if let Some((provider, amount, calls, input, output)) = self.cost {
            let dollars = format!("{}.{:09}", amount / 1_000_000_000, amount % 1_000_000_000);
            events.push(with(json!({
                "type": "cost", "provider": provider, "model": "small", "actionType": "llm",
                "dollarAmount": dollars, "apiCalls": calls, "inputTokens": input,
                "outputTokens": output,
            })));
        }
        events
    }
}

/// Sends the events of runs; a finished run has a start before its end, so that open states are superseded.
pub fn send(app: &TestApp, runs: &[Run]) {
    let started = |run: &Run| {
        let before = run.at - run.duration.unwrap_or(1_000);
        json!({"type": "execution", "workflowId": run.workflow, "executionId": run.id,
            "status": "started", "timestamp": before, "environment": run.environment})
    };
    let finished = runs.iter().filter(|run| run.status != "started");
    let mut events: Vec<Value> = finished
        .filter(|run| run.duration.is_some())
        .map(started)
        .collect();
    events.extend(runs.iter().flat_map(Run::events));
    let answer = app.client().post("/api/v1/events").lines(&events).send();
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json()["accepted"], events.len(), "{}", answer.text());
}

/// Runs by a key.
pub fn by<'a, K: Ord>(
    runs: impl IntoIterator<Item = &'a Run>,
    key: impl Fn(&Run) -> K,
) -> BTreeMap<K, Vec<&'a Run>> {
    let mut groups: BTreeMap<K, Vec<&Run>> = BTreeMap::new();
    for run in runs {
        groups.entry(key(run)).or_default().push(run);
    }
    groups
}

/// The number of runs with one of the statuses.
pub fn count(runs: &[&Run], statuses: &[&str]) -> u64 {
    runs.iter().filter(|run| run.is(statuses)).count() as u64
}

/// completed / (completed + failed + crashed), in percent.
pub fn success_rate(runs: &[&Run]) -> Option<f64> {
    let (good, bad) = (
        count(runs, &["completed"]),
        count(runs, &["failed", "crashed"]),
    );
    (good + bad > 0).then(|| 100.0 * good as f64 / (good + bad) as f64)
}

/// Durations in ascending order.
pub fn durations(runs: &[&Run]) -> Vec<i64> {
    let mut durations: Vec<i64> = runs.iter().filter_map(|run| run.duration).collect();
    durations.sort_unstable();
    durations
}

/// Mean of integers.
pub fn mean(values: &[i64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<i64>() as f64 / values.len() as f64)
}

/// Asserts that a figure is the expected one, within the share `within` of it; both can be null.
pub fn assert_figure(what: &str, found: &Value, expected: Option<f64>, within: f64) {
    let Some(expected) = expected else {
        assert!(found.is_null(), "{what}: {found} is not null");
        return;
    };
    let number = found.as_f64().unwrap_or(f64::NAN);
    let near = (number - expected).abs() <= within * expected.abs() + 1e-9;
    assert!(near, "{what}: {found} is not {expected}");
}
