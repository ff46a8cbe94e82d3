//! Turning attributes into an event of a trace.

use serde_json::Value;

use crate::cases::{Attributes, LogEvent, Unread};
use crate::record::Setting;
use crate::time;

/// The attributes that can name the user if no flag does, in order of preference.
const RESOURCES: [&str; 2] = ["org:resource", "resource"];

/// An attribute's value, typed by the element that contains it.
pub(super) fn typed(tag: &str, value: String) -> Value {
    match tag {
        "int" => value
            .trim()
            .parse::<i64>()
            .map_or(Value::String(value), Value::from),
        "float" => value
            .trim()
            .parse::<f64>()
            .map_or(Value::String(value), Value::from),
        "boolean" => value
            .trim()
            .parse::<bool>()
            .map_or(Value::String(value), Value::from),
        _ => Value::String(value),
    }
}

/// The event with this index in its trace, from its attributes. Fails if it has no readable time or no name.
pub(super) fn log_event(
    line: u64,
    index: usize,
    mut attributes: Attributes,
    setting: &Setting<'_>,
) -> Result<LogEvent, Unread> {
    let unread = |of_time, detail| Unread {
        line,
        detail,
        of_time,
    };
    let at = attributes
        .take_text("time:timestamp")
        .ok_or_else(|| unread(true, "the event has no time:timestamp".to_owned()))?;
    let at = time::iso(at.trim(), setting.zone)
        .map_err(|detail| unread(true, format!("time:timestamp {detail}")))?;
    let activity = attributes
        .take_text("concept:name")
        .ok_or_else(|| unread(false, "the event has no concept:name".to_owned()))?;
    let transition = attributes
        .take_text("lifecycle:transition")
        .map(|text| text.trim().to_lowercase());
    let began = attributes.take_text(&setting.args.log.start_attribute);
    let began = began.map(|text| time::iso(text.trim(), setting.zone));
    let unreadable = matches!(began, Some(Err(_)));
    let user = match &setting.args.log.resource {
        Some(key) => attributes.take_text(key),
        None => RESOURCES.iter().find_map(|key| attributes.take_text(key)),
    };
    let mut event = LogEvent {
        line,
        // The index counts rejected events too, so that others keep their keys if those become readable.
        key: index.to_string(),
        at,
        began: None,
        odd_start: false,
        activity,
        transition: transition.unwrap_or_else(|| "complete".to_owned()),
        instance: attributes.take_text("concept:instance"),
        user,
        attributes,
    };
    event.began_at(began.and_then(Result::ok));
    event.odd_start |= unreadable;
    Ok(event)
}
