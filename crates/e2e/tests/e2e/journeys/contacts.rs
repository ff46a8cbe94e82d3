//! Nine executions of a workflow that writes to contacts, calls them and makes them an offer. Their
//! figures can be worked out by hand. All times are of March 2024.
//!
//! | | subject | enrolled | steps | state |
//! |---|---|---|---|---|
//! | c1 | ann | 4th 9:00 | mail 9:10, call 10:00, offer 11:00 | bought 12:00, completed 13:00 |
//! | c2 | ben | 4th 10:00 | mail 10:10, offer 10:30 | completed 11:00 |
//! | c3 | cyd | 4th 11:00 | mail 11:10, call failed 11:20 | failed 11:20 |
//! | c4 | dan | 5th 9:00 | mail 9:10, mail 9:20, call 9:30 | waits since 9:40; bought (by subject) 20:00 |
//! | c5 | ann | 5th 10:00 | mail 10:10 | canceled 10:20 |
//! | c6 | eve | 5th 10:00 | call 10:30, mail 11:00, offer 11:30 | completed 12:00; only its end was reported |
//! | c7 | | 5th 15:00 | | runs |
//! | c8 | fay | 3rd 23:00 | mail 4th 8:30 | completed 5th 8:00 |
//! | c9 | gus | 3rd 22:00 | | waits since 5th 8:00 |

use serde_json::{Value, json};
use weir_e2e::events::{execution, step, with};

/// The workflow.
pub const WORKFLOW: &str = "nurture";
/// The 4th and the 5th.
pub const RANGE: &str = "from=2024-03-04T00:00:00Z&to=2024-03-06T00:00:00Z";

/// A time in March 2024: day and time of day.
fn at(day: u32, time: &str) -> String {
    format!("2024-03-{day:02}T{time}:00Z")
}

fn state(id: &str, status: &str, day: u32, time: &str, subject: Value) -> Value {
    let version = if day < 5 { "1" } else { "2" };
    with(
        execution(WORKFLOW, id, status, &at(day, time)),
        json!({"workflowName": "Nurture", "workflowVersion": version, "subjectId": subject}),
    )
}

fn ran(id: &str, name: &str, status: &str, day: u32, time: &str) -> Value {
    let label = match name {
        "mail" => "Write a mail",
        "call" => "Call",
        _ => "Make an offer",
    };
    with(
        step(WORKFLOW, id, name, &at(day, time), 60_000),
        json!({"stepName": label, "stepType": "crm", "status": status, "id": format!("{id}/{name}/{time}")}),
    )
}

/// All events.
pub fn events() -> Value {
    [states(), steps(), goals()].concat().into()
}

fn states() -> Vec<Value> {
    vec![
        state("c1", "started", 4, "09:00", "ann".into()),
        state("c1", "completed", 4, "13:00", "ann".into()),
        state("c2", "started", 4, "10:00", "ben".into()),
        state("c2", "completed", 4, "11:00", "ben".into()),
        state("c3", "started", 4, "11:00", "cyd".into()),
        state("c3", "failed", 4, "11:20", "cyd".into()),
        state("c4", "started", 5, "09:00", "dan".into()),
        state("c4", "waiting", 5, "09:40", "dan".into()),
        state("c5", "started", 5, "10:00", "ann".into()),
        state("c5", "canceled", 5, "10:20", "ann".into()),
        with(
            state("c6", "completed", 5, "12:00", "eve".into()),
            json!({"duration": 7_200_000}),
        ),
        state("c7", "started", 5, "15:00", Value::Null),
        state("c8", "started", 3, "23:00", "fay".into()),
        state("c8", "waiting", 4, "08:00", "fay".into()),
        state("c8", "completed", 5, "08:00", "fay".into()),
        state("c9", "started", 3, "22:00", "gus".into()),
        state("c9", "waiting", 5, "08:00", "gus".into()),
    ]
}

fn steps() -> Vec<Value> {
    vec![
        ran("c1", "mail", "completed", 4, "09:10"),
        ran("c1", "call", "completed", 4, "10:00"),
        ran("c1", "offer", "completed", 4, "11:00"),
        ran("c2", "mail", "completed", 4, "10:10"),
        ran("c2", "call", "skipped", 4, "10:20"),
        ran("c2", "offer", "completed", 4, "10:30"),
        ran("c3", "mail", "completed", 4, "11:10"),
        ran("c3", "call", "failed", 4, "11:20"),
        ran("c4", "mail", "completed", 5, "09:10"),
        ran("c4", "mail", "completed", 5, "09:20"),
        ran("c4", "call", "completed", 5, "09:30"),
        ran("c5", "mail", "completed", 5, "10:10"),
        ran("c6", "call", "completed", 5, "10:30"),
        ran("c6", "mail", "completed", 5, "11:00"),
        ran("c6", "offer", "completed", 5, "11:30"),
        ran("c8", "mail", "completed", 4, "08:30"),
    ]
}

fn goals() -> Vec<Value> {
    let goal = |day, time, more| {
        let fields = json!({"type": "goal", "workflowId": WORKFLOW, "goalId": "bought",
            "timestamp": at(day, time), "value": "12.50"});
        with(fields, more)
    };
    vec![
        goal(4, "12:00", json!({"executionId": "c1"})),
        goal(5, "20:00", json!({"subjectId": "dan"})),
    ]
}
