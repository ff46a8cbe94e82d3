//! Ids for events sent without one, so that an event that is sent again still counts once.

use std::fmt::{self, Write};

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::{Event, EventKind};

/// The key for deriving ids that depend on metadata. Its debug form reveals nothing.
#[derive(Clone)]
pub struct IdKey([u8; 64]);

impl IdKey {
    /// A key from 32 random bytes, padded with zeros to the length of a block (RFC 2104).
    pub fn new(bytes: &[u8; 32]) -> Self {
        let mut block = [0; 64];
        block[..32].copy_from_slice(bytes);
        Self(block)
    }
}

impl Default for IdKey {
    /// For programs that do not store ids.
    fn default() -> Self {
        Self([0; 64])
    }
}

impl fmt::Debug for IdKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdKey")
    }
}

/// How an event got its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdSource {
    /// The producer sent it.
    Sent,
    /// Derived from the identity of the execution or step.
    Identity,
    /// Derived from the whole content of the event.
    Content {
        /// For an event with `metadata`, its id without it: rows that were stored before `metadata`
        /// became part of ids still have that id.
        former: Option<String>,
    },
}

impl IdSource {
    /// Whether the id was derived.
    #[must_use]
    pub const fn is_derived(&self) -> bool {
        !matches!(self, Self::Sent)
    }
}

impl Event {
    /// The id that the event has if it was stored before `metadata` became part of ids.
    #[must_use]
    pub fn former_id(&self) -> Option<&str> {
        match &self.id_source {
            IdSource::Content { former } => former.as_deref(),
            IdSource::Sent | IdSource::Identity => None,
        }
    }
}

/// The id of an event: for an execution, its id and state; for a step, its execution, id, attempt
/// and start; for types without an identity, a digest of their whole content. `metadata` is the
/// JSON as sent, with its keys sorted.
pub(super) fn derive(event: &Event, metadata: Option<&str>, key: &IdKey) -> (String, IdSource) {
    match &event.kind {
        EventKind::Execution(e) => {
            let id = format!("{}:{}", e.execution_id, e.status.name());
            (id, IdSource::Identity)
        }
        EventKind::Step(s) => {
            let attempt = s.attempt.unwrap_or(1);
            let base = format!("{}:{}:{attempt}", s.execution_id, s.step_id);
            // A step in a loop runs many times in one execution; its start distinguishes the runs.
            let id = match s.start_time {
                Some(start) => format!("{base}:{}", start.0),
                None => base,
            };
            (id, IdSource::Identity)
        }
        _ => content(event, metadata, key),
    }
}

/// A digest of the event's content (half of its SHA-256). The workflow's name is left out: it says
/// nothing about what happened.
///
/// The digested text is part of the stored format: an event that is sent again after an update must
/// get the same id. Therefore the text is written from types that never change, and a field that
/// was introduced later is added only where it is present. `metadata` was introduced later for
/// events that had it before, so these carry their former id as well. It is digested as sent, so
/// that redaction rules do not change ids, and with a key, so that no one can guess redacted values
/// by comparing ids.
fn content(event: &Event, metadata: Option<&str>, key: &IdKey) -> (String, IdSource) {
    let mut text = format!(
        "{}|{:?}|{:?}|{:?}|{:?}|{:?}",
        event.timestamp.0,
        event.environment,
        event.workflow_id,
        event.workflow_version,
        event.user_id,
        shapes::Kind::of(&event.kind),
    );
    if let EventKind::Cost(cost) = &event.kind {
        text += &shapes::later(cost);
    }
    let without = named(&Sha256::digest(&text));
    let Some(metadata) = metadata else {
        return (without, IdSource::Content { former: None });
    };
    let mut digest = Hmac::<Sha256>::new(&key.0.into());
    digest.update(text.as_bytes());
    digest.update(b"|");
    digest.update(metadata.as_bytes());
    let former = Some(without);
    let id = named(&digest.finalize().into_bytes());
    (id, IdSource::Content { former })
}

fn named(digest: &[u8]) -> String {
    digest[..16]
        .iter()
        .fold("content:".to_owned(), |mut id, byte| {
            // Writing to a String cannot fail.
            let _ = write!(id, "{byte:02x}");
            id
        })
}

/// The fields of the first digest, in their order and by their names at that time. Never change
/// them.
mod shapes {
    use std::sync::Arc;

    use super::super::{
        ActivityEvent, CostEvent as Now, DocumentEvent, EventKind, GoalEvent, QueueEvent,
    };
    use crate::Decimal;

    /// Used only for its debug text.
    #[derive(Debug)]
    #[expect(dead_code, reason = "fields are read by Debug alone")]
    pub(super) enum Kind<'a> {
        Cost(CostEvent<'a>),
        Activity(&'a ActivityEvent),
        Document(&'a DocumentEvent),
        Queue(&'a QueueEvent),
        Goal(&'a GoalEvent),
        /// Executions and steps derive their ids from their identity.
        Other,
    }

    impl<'a> Kind<'a> {
        pub(super) fn of(kind: &'a EventKind) -> Self {
            match kind {
                EventKind::Cost(cost) => Self::Cost(CostEvent::of(cost)),
                EventKind::Activity(activity) => Self::Activity(activity),
                EventKind::Document(document) => Self::Document(document),
                EventKind::Queue(queue) => Self::Queue(queue),
                EventKind::Goal(goal) => Self::Goal(goal),
                EventKind::Execution(_) | EventKind::Step(_) => Self::Other,
            }
        }
    }

    #[derive(Debug)]
    #[expect(dead_code, reason = "fields are read by Debug alone")]
    pub(super) struct CostEvent<'a> {
        execution_id: &'a Option<String>,
        action_type: &'a Option<String>,
        provider: &'a Option<String>,
        model: &'a Option<String>,
        api_calls: Option<i64>,
        input_tokens: Option<i64>,
        output_tokens: Option<i64>,
        credits: Option<Decimal>,
        dollar_amount: Option<Decimal>,
        price: &'a Option<Arc<str>>,
    }

    impl<'a> CostEvent<'a> {
        fn of(cost: &'a Now) -> Self {
            Self {
                execution_id: &cost.execution_id,
                action_type: &cost.action_type,
                provider: &cost.provider,
                model: &cost.model,
                api_calls: cost.api_calls,
                input_tokens: cost.input_tokens,
                output_tokens: cost.output_tokens,
                credits: cost.credits,
                dollar_amount: cost.dollar_amount,
                price: &cost.price,
            }
        }
    }

    /// Fields that were introduced later, if any is present.
    pub(super) fn later(cost: &Now) -> String {
        let tokens = [
            cost.cache_read_tokens,
            cost.cache_write_tokens,
            cost.reasoning_tokens,
        ];
        let rest = (cost.units, &cost.unit, &cost.foreign, &cost.part_of);
        let mut text = match (tokens, rest) {
            ([None, None, None], (None, None, None, None)) => String::new(),
            present => format!("|{present:?}"),
        };
        if let Some(step) = &cost.step_id {
            text += &format!("|{step:?}");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::{
        Timestamp,
        event::{Decoder, Event, IdKey, Limits},
        redact::Redactor,
    };

    fn read(json: &str) -> Event {
        let decoder = Decoder::new(Limits::default(), Arc::new(Redactor::default()));
        let now = Timestamp(1_800_000_000_000);
        let event = decoder.decode(json.as_bytes(), &Arc::from("http"), now);
        event.expect("the event is valid")
    }

    #[test]
    fn content_ids_stay_what_they_were_in_stored_data() {
        for (json, known) in KNOWN {
            assert_eq!(read(json).id, *known, "{json}");
        }
    }

    #[test]
    fn redacted_values_still_distinguish_events() {
        let sent = |metadata: &str| {
            format!(
                r#"{{"type":"cost","timestamp":"2026-11-02T10:00:01Z","credits":1,"metadata":{metadata}}}"#
            )
        };
        let cost = |metadata: &str| read(&sent(metadata));
        let (one, two) = (cost(r#"{"password":"a"}"#), cost(r#"{"password":"b"}"#));
        assert_eq!(one.metadata, two.metadata);
        assert_ne!(one.id, two.id);
        // The order of keys and white space make no difference.
        let ordered = cost(r#"{"a":1,"b":"x"}"#);
        assert_eq!(ordered.id, cost(r#"{ "b": "x", "a": 1 }"#).id);
        let mut keyed = Decoder::new(Limits::default(), Arc::new(Redactor::default()));
        keyed.id_key = IdKey::new(&[7; 32]);
        let now = Timestamp(1_800_000_000_000);
        let json = sent(r#"{"password":"a"}"#);
        let other = keyed.decode(json.as_bytes(), &Arc::from("http"), now);
        assert_ne!(other.expect("it is valid").id, one.id);
    }

    #[test]
    fn events_that_differ_only_in_metadata_have_different_ids_and_keep_their_former_id() {
        for (json, known) in KNOWN {
            let with = |metadata: &str| {
                read(&json.replacen('{', &format!(r#"{{"metadata":{metadata},"#), 1))
            };
            let (one, two) = (with(r#"{"page":1}"#), with(r#"{"page":2}"#));
            assert_eq!(one.id, with(r#"{"page":1}"#).id, "{json}");
            assert_ne!(one.id, two.id, "{json}");
            for event in [one, two] {
                assert_ne!(event.id, *known, "{json}");
                assert_eq!(event.former_id(), Some(*known), "{json}");
            }
            assert_eq!(read(json).former_id(), None, "{json}");
        }
    }

    #[test]
    fn costs_of_different_steps_have_different_ids() {
        let cost = |step: &str| {
            let json = r#"{"type":"cost","timestamp":"2026-11-02T10:00:01Z","executionId":"p1","stepId":STEP}"#;
            read(&json.replace("STEP", step)).id
        };
        let ids = ["null", r#""one""#, r#""two""#].map(cost);
        assert_ne!(ids[0], ids[1]);
        assert_ne!(ids[1], ids[2]);
        assert_eq!(ids[1], cost(r#""one""#));
    }

    /// Ids from a store of version 0.1.0.
    const KNOWN: &[(&str, &str)] = &[
        (
            r#"{"type":"cost","timestamp":"2026-11-02T10:00:01Z","executionId":"p1","provider":"openai","model":"m","inputTokens":1000,"outputTokens":100,"dollarAmount":1}"#,
            "content:9824e4b87f5dcf8bfeeaa83d773d9090",
        ),
        (
            r#"{"type":"document","timestamp":"2026-11-02T10:00:02Z","executionId":"p1","kind":"pdf","status":"completed","fileSize":10}"#,
            "content:0e822dd54da0b63f1e728b2f1588703e",
        ),
        (
            r#"{"type":"queue","timestamp":"2026-11-02T10:00:00Z","executionId":"p1","queue":"q","action":"dequeued","waitMs":20}"#,
            "content:2b5c5a2bb3fad4aad2e2be73e41d51db",
        ),
        (
            r#"{"type":"goal","timestamp":"2026-11-02T10:00:03Z","executionId":"p1","goalId":"won","value":3}"#,
            "content:f0aae0b96d85922f572c4e5e6bed64dd",
        ),
        (
            r#"{"type":"activity","timestamp":"2026-11-02T10:00:04Z","userId":"grace","action":"login","sessionId":"x"}"#,
            "content:46f01fadb35a72efc1ce0ac59ded776f",
        ),
    ];
}
