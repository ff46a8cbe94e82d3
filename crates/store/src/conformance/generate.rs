//! Random histories for property tests: every type of event, executions in all states, ids given
//! and derived, times in and out of order.

use proptest::{prelude::*, sample::Index};
use serde_json::{Value, json};
use weir_model::{
    Event,
    time::{DAY, HOUR},
};

use super::{NOW, events};

/// Random events with distinct ids, so that all of them are stored.
pub fn history() -> impl Strategy<Value = Vec<Event>> {
    let executions = prop::collection::vec(execution(), 1..12).prop_map(|lists| lists.concat());
    let others = prop::collection::vec(other(), 0..40);
    (executions, others).prop_map(|(executions, others)| {
        let mut all: Vec<Value> = executions.into_iter().chain(others).collect();
        let count = all.len();
        for (position, event) in all.iter_mut().enumerate() {
            event["id"] = json!(format!("e{position}"));
            if let Some(part_of) = event["partOf"].as_u64() {
                // A part of any event: of a cost that is itself a part, of itself, or of an event that is
                // not a cost.
                event["partOf"] = json!(format!("e{}", part_of as usize % count));
            }
        }
        events(&all)
    })
}

/// The events in random order, some of them repeated, divided into batches.
pub fn arrange(events: Vec<Event>) -> impl Strategy<Value = Vec<Vec<Event>>> {
    let most = events.len();
    let repeated = prop::collection::vec(any::<Index>(), 0..=most / 3);
    let cuts = prop::collection::vec(any::<Index>(), 0..8);
    (Just(events), repeated, cuts)
        .prop_flat_map(|(events, repeated, cuts)| {
            let again: Vec<Event> = repeated.iter().map(|at| at.get(&events).clone()).collect();
            let all = [events, again].concat();
            (Just(all).prop_shuffle(), Just(cuts))
        })
        .prop_map(|(all, cuts)| cut(all, &cuts))
}

fn cut(mut all: Vec<Event>, cuts: &[Index]) -> Vec<Vec<Event>> {
    let mut places: Vec<usize> = cuts.iter().map(|at| at.index(all.len())).collect();
    places.sort_unstable();
    let mut batches = Vec::new();
    for place in places.into_iter().rev() {
        batches.push(all.split_off(place.min(all.len())));
    }
    batches.push(all);
    batches.reverse();
    batches.retain(|batch| !batch.is_empty());
    batches
}

/// Times within the retention of every granularity, with many ties.
fn time() -> impl Strategy<Value = i64> {
    prop_oneof![
        (0..40i64).prop_map(|minutes| NOW.0 - minutes * 60_000),
        (44..52i64).prop_map(|hours| NOW.0 - hours * HOUR),
        prop::sample::select(vec![13, 14, 15, 40, 70, 399, 400, 401, 900])
            .prop_map(|days: i64| NOW.0 - days * DAY + 1),
    ]
}

fn common() -> impl Strategy<Value = Value> {
    let environment = prop::option::of(prop::sample::select(vec!["production", "staging"]));
    let user = prop::option::of(prop::sample::select(vec!["ada", "grace", "linus"]));
    let name = prop::option::of(prop::sample::select(vec!["One", "Two", "w1"]));
    let client = prop::option::of(prop::sample::select(vec!["acme", "globex"]));
    (environment, 0..3u8, prop::option::of(1..3u8), user, name, client).prop_map(
        |(environment, workflow, version, user, name, client)| {
            json!({"environment": environment, "workflowId": format!("w{workflow}"), "workflowName": name,
               "workflowVersion": version, "userId": user, "metadata": client.map(|client| json!({"client": client}))})
        },
    )
}

/// The events of one execution: states at a few times around its start, some with durations.
fn execution() -> impl Strategy<Value = Vec<Value>> {
    let statuses = vec![
        "started",
        "started",
        "waiting",
        "completed",
        "failed",
        "canceled",
        "crashed",
    ];
    let state = (
        prop::sample::select(statuses),
        0..5i64,
        prop::option::of(0..10_000i64),
        prop::option::of(0..20i64),
        any::<bool>(),
    );
    let name = 0..8u8;
    (name, common(), time(), prop::collection::vec(state, 1..5)).prop_map(
        |(name, common, base, states)| {
            let event = |(status, offset, duration, steps, tells): (&str, i64, _, _, bool)| {
                let (duration, steps): (Option<i64>, Option<i64>) = (duration, steps);
                let mut event = common.clone();
                if !tells {
                    // Some events of an execution omit what others report.
                    for field in [
                        "environment",
                        "workflowVersion",
                        "userId",
                        "metadata",
                        "workflowName",
                    ] {
                        event[field] = json!(null);
                    }
                }
                event["type"] = json!("execution");
                event["executionId"] = json!(format!("x{name}"));
                event["status"] = json!(status);
                event["timestamp"] = json!(base + offset * 1_000 - 5_000);
                event["duration"] = json!(duration);
                event["stepCount"] = json!(steps);
                event["triggerType"] = json!(if name % 2 == 0 { "webhook" } else { "schedule" });
                if tells && name % 4 == 1 {
                    event["retryOf"] = json!(format!("x{}", name + 1));
                }
                if matches!(status, "failed" | "crashed") {
                    event["errorType"] = json!(format!("Error{}", offset % 2));
                }
                event
            };
            states.into_iter().map(event).collect()
        },
    )
}

fn other() -> impl Strategy<Value = Value> {
    let number = 0..1_000_000i64;
    (common(), time(), 0..9u8, number, any::<bool>()).prop_map(|(mut event, time, kind, number, flag)| {
        if number % 3 == 0 {
            event["workflowId"] = json!(null);
            event["workflowName"] = json!(null);
        }
        let fields = match kind {
            0 => json!({"type": "step", "executionId": format!("x{}", number % 8), "stepId": format!("s{}", number % 3),
                "stepType": if number % 5 == 0 { "wait" } else { "http" }, "status": if flag { "completed" } else { "failed" },
                "waitDuration": if number % 4 == 0 { json!(number / 3) } else { Value::Null },
                "parentStepId": if number % 3 == 0 && number % 2 == 0 { json!("s1") } else { Value::Null },
                "duration": number, "attempt": 1 + number % 3, "itemsOut": number % 7, "cacheHit": flag,
                "creditsUsed": "0.25"}),
            1 | 6.. => json!({"type": "cost", "executionId": format!("x{}", number % 8),
                "provider": "openai", "model": format!("m{}", number % 2),
                "inputTokens": number, "outputTokens": number / 3, "cacheReadTokens": number / 4,
                "cacheWriteTokens": number / 5, "reasoningTokens": number / 7, "units": number % 5,
                "dollarAmount": if flag { json!(number) } else { Value::Null },
                "partOf": if number % 4 == 0 { Value::Null } else { json!(number) }}),
            2 => json!({"type": "activity", "action": if flag { "login" } else { "edit" },
                "resource": "workflow", "duration": number}),
            3 => json!({"type": "document", "kind": if flag { "pdf" } else { "docx" },
                "status": if number % 4 == 0 { "failed" } else { "completed" }, "duration": number, "fileSize": number}),
            4 => json!({"type": "queue", "queue": "q", "action": if flag { "enqueued" } else { "dequeued" }, "waitMs": number}),
            _ => json!({"type": "goal", "executionId": format!("x{}", number % 8), "goalId": "won", "value": 12.5}),
        };
        for (name, value) in fields.as_object().into_iter().flatten() {
            event[name] = value.clone();
        }
        event["timestamp"] = json!(time);
        event
    })
}
