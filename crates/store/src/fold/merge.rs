//! Combines the events of a run: the newest value of each property, and the newest
//! value of each metadata key.

use serde_json::{Map, Value};
use weir_model::{Event, EventKind};

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
