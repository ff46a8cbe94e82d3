//! Combines the events of a run: the newest value of each property, and the newest
//! value of each metadata key.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use weir_model::{Event, EventKind, ExecutionHash, event::ExecutionEvent};

/// An event's own values where its row differs: column -> value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Own(BTreeMap<String, Option<String>>);

impl Own {
    /// The stored form: a JSON object.
    pub fn to_json(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_default()
    }

    /// Parses the stored form; an unreadable one counts as empty.
    pub fn parse(json: &str) -> Self {
        Self(serde_json::from_str(json).unwrap_or_default())
    }

    /// The user that the event itself named, if the row names another.
    pub fn user(&self) -> Option<Option<&str>> {
        self.said("user")
    }

    /// The event's own value of a column, if the row has another.
    pub fn said(&self, column: &str) -> Option<Option<&str>> {
        self.0.get(column).map(Option::as_deref)
    }

    /// Removes a user: values that are their id, and mentions in texts. Returns whether it changed anything.
    pub fn forget(&mut self, user: &str) -> bool {
        let escaped = serde_json::to_string(user).unwrap_or_default();
        let escaped = escaped.trim_matches('"');
        let mut forgotten = false;
        for (column, value) in &mut self.0 {
            let theirs = value.as_deref().is_some_and(|text| match column.as_str() {
                "metadata" => text.contains(user) || text.contains(escaped),
                _ => text == user,
            });
            if theirs {
                *value = None;
                forgotten = true;
            }
        }
        forgotten
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn note(&mut self, column: &str, own: Option<String>, told: &Option<String>) {
        if own != *told {
            self.0.insert(column.to_owned(), own);
        }
    }

    /// The values of `own` where `told` differs; `None` if they agree.
    pub fn between(own: &Event, told: &Event) -> Option<Self> {
        let mut noted = Self::default();
        noted.note("environment", own.environment.clone(), &told.environment);
        noted.note("workflow", own.workflow_id.clone(), &told.workflow_id);
        noted.note(
            "version",
            own.workflow_version.clone(),
            &told.workflow_version,
        );
        noted.note("user", own.user_id.clone(), &told.user_id);
        noted.note("metadata", own.metadata.clone(), &told.metadata);
        if let (EventKind::Execution(a), EventKind::Execution(b)) = (&own.kind, &told.kind) {
            for ((column, own), (_, told)) in columns(a).into_iter().zip(columns(b)) {
                noted.note(column, own, &told);
            }
        }
        (!noted.is_empty()).then_some(noted)
    }

    /// Restores the event's own values.
    pub fn restore(&self, event: &mut Event) {
        for (column, value) in &self.0 {
            let value = value.clone();
            match column.as_str() {
                "environment" => event.environment = value,
                "workflow" => event.workflow_id = value,
                "version" => event.workflow_version = value,
                "user" => event.user_id = value,
                "metadata" => event.metadata = value,
                other => {
                    if let EventKind::Execution(e) = &mut event.kind {
                        set(e, other, value);
                    }
                }
            }
        }
    }
}

/// The properties of an execution that are combined over its events, as text.
fn columns(e: &ExecutionEvent) -> [(&'static str, Option<String>); 9] {
    let number = |number: Option<i64>| number.map(|number| number.to_string());
    let hash = |hash: Option<ExecutionHash>| hash.map(|hash| hash.0.to_string());
    [
        ("trigger_id", e.trigger_id.clone()),
        ("trigger_type", e.trigger_type.clone()),
        ("step_count", number(e.step_count)),
        ("subject_id", e.subject_id.clone()),
        ("retry_of", e.retry_of.clone()),
        ("retry_of_id", hash(e.retry_of_id)),
        ("parent_execution_id", e.parent_execution_id.clone()),
        ("parent_id", hash(e.parent_id)),
        ("parent_workflow", e.parent_workflow_id.clone()),
    ]
}

fn set(e: &mut ExecutionEvent, column: &str, value: Option<String>) {
    let hash = |value: Option<String>| value.and_then(|v| v.parse().ok()).map(ExecutionHash);
    match column {
        "trigger_id" => e.trigger_id = value,
        "trigger_type" => e.trigger_type = value,
        "step_count" => e.step_count = value.and_then(|v| v.parse().ok()),
        "subject_id" => e.subject_id = value,
        "retry_of" => e.retry_of = value,
        "retry_of_id" => e.retry_of_id = hash(value),
        "parent_execution_id" => e.parent_execution_id = value,
        "parent_id" => e.parent_id = hash(value),
        "parent_workflow" => e.parent_workflow_id = value,
        _ => {}
    }
}

/// The event that counts a run, with the combined values of the run's events. `events` are in their order.
/// The error and the duration of an end are its own.
pub fn merged(counts: &Event, events: &[&Event], environment: Option<&str>) -> Event {
    let mut event = counts.clone();
    event.environment = environment.map(str::to_owned);
    if events.len() < 2 {
        return event;
    }
    let newest = |value: fn(&Event) -> &Option<String>| {
        events.iter().rev().find_map(|event| value(event).clone())
    };
    event.workflow_version = newest(|e| &e.workflow_version);
    event.workflow_name = newest(|e| &e.workflow_name);
    event.user_id = newest(|e| &e.user_id);
    event.metadata = metadata(events);
    if let EventKind::Execution(into) = &mut event.kind {
        let parts = || events.iter().rev().filter_map(|event| event.execution());
        into.trigger_id = parts().find_map(|e| e.trigger_id.clone());
        into.trigger_type = parts().find_map(|e| e.trigger_type.clone());
        into.step_count = parts().find_map(|e| e.step_count);
        into.subject_id = parts().find_map(|e| e.subject_id.clone());
        into.retry_of = parts().find_map(|e| e.retry_of.clone());
        into.retry_of_id = parts().find_map(|e| e.retry_of_id);
        into.parent_execution_id = parts().find_map(|e| e.parent_execution_id.clone());
        into.parent_id = parts().find_map(|e| e.parent_id);
        into.parent_workflow_id = parts().find_map(|e| e.parent_workflow_id.clone());
    }
    event
}

/// The maximum combined metadata, in bytes; beyond that, the values of newer events are kept.
const MOST_METADATA: usize = 64 << 10;

/// The newest value of each key. A single object stays as it was written.
fn metadata(events: &[&Event]) -> Option<String> {
    let mut texts = events.iter().rev().filter_map(|e| e.metadata.as_deref());
    let newest = texts.next()?;
    let older: Vec<&str> = texts.filter(|text| *text != newest).collect();
    let read = |text: &str| serde_json::from_str::<Map<String, Value>>(text).unwrap_or_default();
    let mut all = read(newest);
    let mut bytes = newest.len();
    let before = all.len();
    for (key, value) in older.into_iter().flat_map(read) {
        let known = all.get(&key).is_some_and(|known| !known.is_null());
        let more = key.len() + value.as_str().map_or(8, str::len);
        if !known && !value.is_null() && bytes + more <= MOST_METADATA {
            bytes += more;
            all.insert(key, value);
        }
    }
    if all.len() == before && !all.values().any(Value::is_null) {
        return Some(newest.to_owned());
    }
    serde_json::to_string(&all).ok()
}
