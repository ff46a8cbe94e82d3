//! CloudEvents 1.0 in JSON: the envelope's attributes fill in what `data` leaves out.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::{Decoded, Decoder, EventError, EventErrorCode as Code, EventType};
use crate::Timestamp;

/// Decodes one structured CloudEvent. `data` holds the fields of an event. The last part of the
/// CloudEvent's `type` gives the event's type (`com.example.execution`) unless `data` has one;
/// likewise, `time` and `id` are used where `data` has none. A CloudEvent is identified by its
/// source and id, so both make up the event's id. Fails if the envelope or the event is invalid.
pub fn decode_cloud_event(
    decoder: &Decoder,
    json: &[u8],
    now: Timestamp,
) -> Result<Decoded, EventError> {
    let envelope: Map<String, Value> = serde_json::from_slice(json).map_err(|error| {
        let detail = format!("not a CloudEvent in JSON format: {error}");
        EventError::new(Code::MalformedJson, None, detail)
    })?;
    let id = attribute(&envelope, "id")?;
    unwrap(decoder, &envelope, &id, now).map_err(|error| EventError {
        id: Some(id),
        ..error
    })
}

fn unwrap(
    decoder: &Decoder,
    envelope: &Map<String, Value>,
    id: &str,
    now: Timestamp,
) -> Result<Decoded, EventError> {
    if attribute(envelope, "specversion")? != "1.0" {
        let detail = "specversion must be 1.0";
        return Err(EventError::new(Code::UnknownValue, "specversion", detail));
    }
    let source = attribute(envelope, "source")?;
    let ce_type = attribute(envelope, "type")?;
    let Some(Value::Object(data)) = envelope.get("data") else {
        let detail = "data must be a JSON object with the event's fields";
        return Err(EventError::new(Code::MissingField, "data", detail));
    };
    let mut fields = data.clone();
    let last = ce_type.rsplit('.').next().unwrap_or(&ce_type);
    if EventType::from_name(last).is_some() {
        fields.entry("type").or_insert_with(|| last.into());
    }
    if let Some(time) = envelope.get("time") {
        fields.entry("timestamp").or_insert_with(|| time.clone());
    }
    fields
        .entry("id")
        .or_insert_with(|| format!("{source}/{id}").into());
    let bytes = serde_json::to_vec(&fields)
        .map_err(|error| EventError::new(Code::MalformedJson, "data", error.to_string()))?;
    decoder.read(&bytes, &Arc::from(source), now)
}

fn attribute(envelope: &Map<String, Value>, name: &'static str) -> Result<String, EventError> {
    let text = envelope.get(name).and_then(Value::as_str).unwrap_or("");
    if text.is_empty() || text.len() > 128 {
        let detail = format!("a CloudEvent needs {name}, a text of at most 128 bytes");
        return Err(EventError::new(Code::MissingField, name, detail));
    }
    Ok(text.to_owned())
}
