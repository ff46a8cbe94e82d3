//! Events as producers send them.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

/// An event of an execution.
pub fn execution(workflow: &str, id: &str, status: &str, timestamp: &str) -> Value {
    json!({
        "type": "execution", "workflowId": workflow, "executionId": id,
        "status": status, "timestamp": timestamp,
    })
}

/// An event of a step.
pub fn step(workflow: &str, execution: &str, id: &str, timestamp: &str, duration: i64) -> Value {
    json!({
        "type": "step", "workflowId": workflow, "executionId": execution, "stepId": id,
        "status": "completed", "timestamp": timestamp, "duration": duration,
    })
}

/// An event of a cost.
pub fn cost(workflow: &str, execution: &str, timestamp: &str, dollars: &str) -> Value {
    json!({
        "type": "cost", "workflowId": workflow, "executionId": execution,
        "timestamp": timestamp, "dollarAmount": dollars,
    })
}

/// An event with fields added or replaced.
pub fn with(mut event: Value, fields: Value) -> Value {
    let (Value::Object(event_fields), Value::Object(fields)) = (&mut event, fields) else {
        panic!("events and their fields are objects");
    };
    event_fields.extend(fields);
    event
}

/// The current time in milliseconds since 1970.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let milliseconds = since.expect("the clock is after 1970").as_millis();
    i64::try_from(milliseconds).expect("the clock is before the year 292 million")
}
