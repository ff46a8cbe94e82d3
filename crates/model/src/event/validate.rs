//! From the fields as sent to an [`Event`] that may be stored.

use std::{borrow::Cow, sync::Arc};

use serde_json::value::RawValue;

use super::{
    ActivityEvent, CostEvent, DocumentEvent, DocumentStatus, Event, EventKind, EventType,
    ExecutionEvent, Foreign, GoalEvent, IdSource, QueueAction, QueueEvent, Status, StepEvent,
    StepStatus,
    decode::{Decoder, EventError, EventErrorCode as Code},
    identity,
    text::{Moment, Text, Whole},
    wire::Wire,
};
use crate::{
    Decimal, ExecutionHash, ExecutionId, Timestamp, decimal::SCALE, price::USD, sketch::MAX_VALUE,
};

/// The largest count or size.
const MAX_COUNT: i64 = 1 << 53;
/// The largest amount, in units: sums over a billion such events stay exact.
const MAX_AMOUNT: i64 = 10_000_000;
/// Seconds of the years 2000 to 2100, which a producer may have sent in place of milliseconds.
const EPOCH_SECONDS: std::ops::Range<i64> = 946_684_800..4_102_444_800;

/// Numbers with fewer digits fit into 64 bits.
const MOST_DIGITS: u32 = 300;

type Checked<T> = Result<T, EventError>;

/// Checks the fields and builds the event.
pub(super) fn event(
    wire: Wire,
    decoder: &Decoder,
    source: &Arc<str>,
    now: Timestamp,
) -> Checked<Event> {
    let check = Check { decoder, now };
    let event_type: EventType =
        check.word("type", &wire.event_type, EventType::ALL, |t| t.name())?;
    let kind = match event_type {
        EventType::Execution => EventKind::Execution(check.execution(&wire)?),
        EventType::Step => EventKind::Step(check.step(&wire)?),
        EventType::Cost => EventKind::Cost(check.cost(&wire)?),
        EventType::Activity => EventKind::Activity(check.activity(&wire)?),
        EventType::Document => EventKind::Document(check.document(&wire)?),
        EventType::Queue => EventKind::Queue(check.queue(&wire)?),
        EventType::Goal => EventKind::Goal(check.goal(&wire)?),
    };
    let sent = wire.metadata;
    let mut event = Event {
        id: String::new(),
        id_source: IdSource::Sent,
        timestamp: check.timestamp(&wire, &kind)?,
        source: source.clone(),
        environment: check.environment(&wire)?,
        workflow_id: check.text("workflowId", &wire.workflow_id)?,
        workflow_name: check.attribute("workflowName", &wire.workflow_name)?,
        workflow_version: check.text("workflowVersion", &wire.workflow_version)?,
        user_id: check.text("userId", &wire.user_id)?,
        metadata: check.metadata(wire.metadata)?,
        kind,
    };
    if event.workflow_id.is_none() && event_type == EventType::Execution {
        return Err(missing("workflowId", event_type));
    }
    match check.text("id", &wire.id)? {
        Some(id) => event.id = id,
        None => {
            let sent = sent.filter(|_| event.metadata.is_some());
            let sent = sent.and_then(|sent| in_order(sent.get()));
            let key = &decoder.id_key;
            (event.id, event.id_source) = identity::derive(&event, sent.as_deref(), key);
        }
    }
    Ok(event)
}

/// A JSON text with the keys of its objects in order.
fn in_order(json: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(json).ok()?;
    Some(value.to_string())
}

/// A count that has parts: where it was counted without them they are added, and it is never less than
/// they are together.
fn with_parts(count: Option<i64>, parts: &[Option<i64>], included: Option<bool>) -> Option<i64> {
    if parts.iter().all(Option::is_none) {
        return count;
    }
    let (told, parts) = (count.unwrap_or(0), parts.iter().flatten().sum::<i64>());
    Some(match included {
        Some(false) => told + parts,
        _ => told.max(parts),
    })
}

/// Fields that look like money or tokens and of which nothing is stored: names that are not known, and
/// fields of another type of event.
pub(super) fn ignored(wire: &Wire) -> Vec<String> {
    let of_costs = [
        ("inputTokens", wire.input_tokens.is_some()),
        ("outputTokens", wire.output_tokens.is_some()),
        ("cacheReadTokens", wire.cache_read_tokens.is_some()),
        ("cacheWriteTokens", wire.cache_write_tokens.is_some()),
        ("reasoningTokens", wire.reasoning_tokens.is_some()),
        ("units", wire.units.is_some()),
        ("credits", wire.credits.is_some()),
        ("dollarAmount", wire.dollar_amount.is_some()),
        ("amount", wire.amount.is_some()),
        ("currency", wire.currency.is_some()),
    ];
    let named = |name: EventType| {
        let given = wire.event_type.as_ref();
        given.is_some_and(|given| given.0 == name.name())
    };
    let mut ignored = wire.unknown.clone();
    if !named(EventType::Cost) {
        let sent = of_costs.iter().filter(|(_, sent)| *sent);
        ignored.extend(sent.map(|(name, _)| (*name).to_owned()));
    }
    if wire.credits_used.is_some() && !named(EventType::Step) {
        ignored.push("creditsUsed".to_owned());
    }
    ignored
}

fn missing(field: &'static str, event_type: EventType) -> EventError {
    let name = event_type.name();
    EventError::new(
        Code::MissingField,
        field,
        format!("{field} is needed for events of type {name}"),
    )
}

/// The text up to a number of bytes.
fn cut(mut text: String, most: usize) -> String {
    if text.len() > most {
        text.truncate(text.floor_char_boundary(most));
    }
    text
}

/// The bounds that fields are held against.
struct Check<'a> {
    decoder: &'a Decoder,
    now: Timestamp,
}

impl Check<'_> {
    /// The environment: the one sent, or the only one that may be.
    fn environment(&self, wire: &Wire) -> Checked<Option<String>> {
        let sent = self.text("environment", &wire.environment)?;
        match (&self.decoder.environment, sent) {
            (Some(only), None) => Ok(Some(only.to_string())),
            (Some(only), Some(sent)) if sent != **only => {
                let detail = format!("the API key sends to the environment {only:?} only");
                Err(EventError::new(
                    Code::EnvironmentBound,
                    "environment",
                    detail,
                ))
            }
            (_, sent) => Ok(sent),
        }
    }

    fn execution(&self, wire: &Wire) -> Checked<ExecutionEvent> {
        Ok(ExecutionEvent {
            execution_id: self.needed("executionId", &wire.execution_id, EventType::Execution)?,
            status: self.word("status", &wire.status, Status::ALL, |s| s.name())?,
            duration: self.duration("duration", wire.duration)?,
            trigger_id: self.attribute("triggerId", &wire.trigger_id)?,
            trigger_type: self.text("triggerType", &wire.trigger_type)?,
            step_count: self.count("stepCount", wire.step_count)?,
            error_type: self.attribute("errorType", &wire.error_type)?,
            error_message: self.message(&wire.error_message),
            error_key: None,
            error_step: self.text("errorStep", &wire.error_step)?,
            retry_of: self.text("retryOf", &wire.retry_of)?,
            retry_of_id: self.execution_id("retryOfId", &wire.retry_of_id)?,
            parent_execution_id: self.text("parentExecutionId", &wire.parent_execution_id)?,
            parent_id: self.execution_id("parentId", &wire.parent_id)?,
            parent_workflow_id: self.text("parentWorkflowId", &wire.parent_workflow_id)?,
            subject_id: self.attribute("subjectId", &wire.subject_id)?,
        })
    }

    fn step(&self, wire: &Wire) -> Checked<StepEvent> {
        let start_time = self.moment("startTime", wire.start_time)?;
        let end_time = self.moment("endTime", wire.end_time)?;
        let between = match (start_time, end_time) {
            (Some(start), Some(end)) if end < start => {
                let detail = "endTime is before startTime";
                return Err(EventError::new(Code::OutOfRange, "endTime", detail));
            }
            (Some(start), Some(end)) => Some(end.0 - start.0),
            _ => None,
        };
        Ok(StepEvent {
            execution_id: self.needed("executionId", &wire.execution_id, EventType::Step)?,
            step_id: self.needed("stepId", &wire.step_id, EventType::Step)?,
            step_name: self.attribute("stepName", &wire.step_name)?,
            step_type: self.text("stepType", &wire.step_type)?,
            status: self.word("status", &wire.status, StepStatus::ALL, |s| s.name())?,
            start_time,
            end_time,
            duration: self.duration("duration", wire.duration)?.or(between),
            attempt: self.count("attempt", wire.attempt)?,
            input_size: self.count("inputSize", wire.input_size)?,
            output_size: self.count("outputSize", wire.output_size)?,
            items_in: self.count("itemsIn", wire.items_in)?,
            items_out: self.count("itemsOut", wire.items_out)?,
            credits_used: self.amount("creditsUsed", wire.credits_used)?,
            cache_hit: wire.cache_hit,
            error_type: self.attribute("errorType", &wire.error_type)?,
            error_message: self.message(&wire.error_message),
            error_key: None,
        })
    }

    fn cost(&self, wire: &Wire) -> Checked<CostEvent> {
        let cache_read_tokens = self.count("cacheReadTokens", wire.cache_read_tokens)?;
        let cache_write_tokens = self.count("cacheWriteTokens", wire.cache_write_tokens)?;
        let reasoning_tokens = self.count("reasoningTokens", wire.reasoning_tokens)?;
        let (dollar_amount, foreign) = self.money(wire)?;
        Ok(CostEvent {
            execution_id: self.text("executionId", &wire.execution_id)?,
            action_type: self.text("actionType", &wire.action_type)?,
            provider: self.text("provider", &wire.provider)?,
            model: self.text("model", &wire.model)?,
            api_calls: self.count("apiCalls", wire.api_calls)?,
            input_tokens: with_parts(
                self.count("inputTokens", wire.input_tokens)?,
                &[cache_read_tokens, cache_write_tokens],
                wire.input_includes_cache,
            ),
            output_tokens: with_parts(
                self.count("outputTokens", wire.output_tokens)?,
                &[reasoning_tokens],
                wire.output_includes_reasoning,
            ),
            cache_read_tokens,
            cache_write_tokens,
            reasoning_tokens,
            units: self.units(wire)?,
            unit: self.text("unit", &wire.unit)?,
            credits: self.amount("credits", wire.credits)?,
            dollar_amount,
            foreign,
            price: None,
            part_of: self.text("partOf", &wire.part_of)?,
        })
    }

    fn units(&self, wire: &Wire) -> Checked<Option<Decimal>> {
        let units = self.amount("units", wire.units)?;
        match units {
            Some(Decimal(below)) if below < 0 => {
                let detail = "units cannot be negative";
                Err(EventError::new(Code::OutOfRange, "units", detail))
            }
            other => Ok(other),
        }
    }

    /// The producer's own money: in US dollars, or else in its currency.
    fn money(&self, wire: &Wire) -> Checked<(Option<Decimal>, Option<Foreign>)> {
        let dollars = self.amount("dollarAmount", wire.dollar_amount)?;
        let amount = self.amount("amount", wire.amount)?;
        if dollars.is_some() && amount.is_some() && dollars != amount {
            let detail = "amount and dollarAmount are one field and differ; send one of them";
            return Err(EventError::new(Code::WrongType, "amount", detail));
        }
        let amount = dollars.or(amount);
        Ok(match (amount, self.currency(wire)?) {
            (Some(amount), Some(currency)) => (None, Some(Foreign { amount, currency })),
            (amount, _) => (amount, None),
        })
    }

    /// A currency other than US dollars.
    fn currency(&self, wire: &Wire) -> Checked<Option<String>> {
        let Some(given) = self.text("currency", &wire.currency)? else {
            return Ok(None);
        };
        let code = given.to_ascii_uppercase();
        if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            let shown: String = given.chars().take(40).collect();
            let detail = format!(
                "currency is {shown:?}; it must be the three letters of ISO 4217, for example EUR"
            );
            return Err(EventError::new(Code::UnknownValue, "currency", detail));
        }
        Ok(Some(code).filter(|code| code != USD))
    }

    fn activity(&self, wire: &Wire) -> Checked<ActivityEvent> {
        Ok(ActivityEvent {
            session_id: self.text("sessionId", &wire.session_id)?,
            action: self.needed("action", &wire.action, EventType::Activity)?,
            resource: self.text("resource", &wire.resource)?,
            resource_id: self.text("resourceId", &wire.resource_id)?,
            duration: self.duration("duration", wire.duration)?,
        })
    }

    fn document(&self, wire: &Wire) -> Checked<DocumentEvent> {
        Ok(DocumentEvent {
            execution_id: self.text("executionId", &wire.execution_id)?,
            document_kind: self.needed("kind", &wire.kind, EventType::Document)?,
            status: self.word("status", &wire.status, DocumentStatus::ALL, |s| s.name())?,
            duration: self.duration("duration", wire.duration)?,
            file_size: self.count("fileSize", wire.file_size)?,
        })
    }

    fn queue(&self, wire: &Wire) -> Checked<QueueEvent> {
        Ok(QueueEvent {
            queue: self.needed("queue", &wire.queue, EventType::Queue)?,
            action: self.word("action", &wire.action, QueueAction::ALL, |a| a.name())?,
            execution_id: self.text("executionId", &wire.execution_id)?,
            wait_ms: self.duration("waitMs", wire.wait_ms)?,
        })
    }

    fn goal(&self, wire: &Wire) -> Checked<GoalEvent> {
        let execution_id = self.text("executionId", &wire.execution_id)?;
        let subject_id = self.attribute("subjectId", &wire.subject_id)?;
        if execution_id.is_none() && subject_id.is_none() {
            let detail = "a goal needs executionId or subjectId";
            return Err(EventError::new(Code::MissingField, "executionId", detail));
        }
        Ok(GoalEvent {
            execution_id,
            subject_id,
            goal_id: self.needed("goalId", &wire.goal_id, EventType::Goal)?,
            value: self.amount("value", wire.value)?,
        })
    }

    /// The event's time; a step may leave it to its end, or to its start and duration.
    fn timestamp(&self, wire: &Wire, kind: &EventKind) -> Checked<Timestamp> {
        if let Some(given) = self.moment("timestamp", wire.timestamp)? {
            return Ok(given);
        }
        let of_step = match kind {
            EventKind::Step(step) => step.end_time.or_else(|| {
                let started = step.start_time?;
                Some(started.plus(step.duration.unwrap_or(0)))
            }),
            _ => None,
        };
        of_step.ok_or_else(|| {
            let detail = "timestamp is needed: when it happened, in RFC 3339 or epoch milliseconds";
            EventError::new(Code::MissingField, "timestamp", detail)
        })
    }

    fn needed(
        &self,
        field: &'static str,
        value: &Option<Text>,
        event_type: EventType,
    ) -> Checked<String> {
        self.text(field, value)?
            .ok_or_else(|| missing(field, event_type))
    }

    /// Short text; empty text counts as absent.
    fn text(&self, field: &'static str, value: &Option<Text>) -> Checked<Option<String>> {
        let Some(Text(text)) = value else {
            return Ok(None);
        };
        if text.is_empty() {
            return Ok(None);
        }
        let most = self.decoder.limits.text_bytes;
        if text.len() > most {
            let detail = format!("{field} has {} bytes; at most {most} are taken", text.len());
            return Err(EventError::new(Code::InvalidText, field, detail));
        }
        if text.bytes().any(|byte| byte < 0x20 || byte == 0x7f) {
            let detail = format!("{field} holds a control character");
            return Err(EventError::new(Code::InvalidText, field, detail));
        }
        Ok(Some(text.to_string()))
    }

    /// The public id of an execution.
    fn execution_id(
        &self,
        field: &'static str,
        value: &Option<Text>,
    ) -> Checked<Option<ExecutionHash>> {
        let Some(text) = self.text(field, value)? else {
            return Ok(None);
        };
        let id: Result<ExecutionId, _> = text.parse();
        id.map(|id| Some(id.hash())).map_err(|_| {
            let detail = format!(
                "{field} is no id of an execution; send the id that /api/v1/executions shows"
            );
            EventError::new(Code::UnknownValue, field, detail)
        })
    }

    /// Short text that tells about something and is not its identity: without sensitive values.
    fn attribute(&self, field: &'static str, value: &Option<Text>) -> Checked<Option<String>> {
        let text = self.text(field, value)?;
        let most = self.decoder.limits.text_bytes;
        Ok(text.map(|text| match self.decoder.redactor.text(&text) {
            Cow::Owned(redacted) => cut(redacted, most),
            Cow::Borrowed(_) => text,
        }))
    }

    /// An error message: redacted, then cut to its limit; never a reason to refuse the event.
    fn message(&self, value: &Option<Text>) -> Option<String> {
        let text = value.as_ref()?.0.as_ref();
        if text.is_empty() {
            return None;
        }
        let redacted = self.decoder.redactor.text(text).replace('\0', " ");
        Some(cut(redacted, self.decoder.limits.message_bytes))
    }

    fn word<T: Copy>(
        &self,
        field: &'static str,
        value: &Option<Text>,
        all: &'static [T],
        name: fn(T) -> &'static str,
    ) -> Checked<T> {
        let words = || all.iter().map(|&v| name(v)).collect::<Vec<_>>().join(", ");
        let Some(Text(given)) = value else {
            let detail = format!("{field} is needed: one of {}", words());
            return Err(EventError::new(Code::MissingField, field, detail));
        };
        let found = all.iter().copied().find(|&v| name(v) == given.as_ref());
        found.ok_or_else(|| {
            let shown: String = given.chars().take(40).collect();
            let detail = format!("{field} is {shown:?}; it must be one of {}", words());
            EventError::new(Code::UnknownValue, field, detail)
        })
    }

    fn whole(&self, field: &'static str, value: Option<Whole>, most: i64) -> Checked<Option<i64>> {
        match value {
            Some(Whole(number)) if number < 0 => {
                let detail = format!("{field} is {number}; it cannot be negative");
                Err(EventError::new(Code::OutOfRange, field, detail))
            }
            Some(Whole(number)) if number > most => {
                let detail = format!("{field} is {number}; at most {most} is taken");
                Err(EventError::new(Code::OutOfRange, field, detail))
            }
            other => Ok(other.map(|Whole(number)| number)),
        }
    }

    fn duration(&self, field: &'static str, value: Option<Whole>) -> Checked<Option<i64>> {
        self.whole(field, value, MAX_VALUE)
    }

    fn count(&self, field: &'static str, value: Option<Whole>) -> Checked<Option<i64>> {
        self.whole(field, value, MAX_COUNT)
    }

    fn amount(&self, field: &'static str, value: Option<&RawValue>) -> Checked<Option<Decimal>> {
        let Some(text) = value.map(RawValue::get).filter(|text| *text != "null") else {
            return Ok(None);
        };
        let text = text.trim_matches('"');
        let beyond = || {
            let detail = format!("{field} is beyond ±{MAX_AMOUNT}");
            EventError::new(Code::OutOfRange, field, detail)
        };
        let amount = Decimal::parse(text).ok_or_else(|| match text.parse::<f64>() {
            Ok(number) if number.is_finite() => beyond(),
            _ => {
                let detail = format!("{field} must be a decimal number, such as 0.25");
                EventError::new(Code::WrongType, field, detail)
            }
        })?;
        if amount.0.abs() > MAX_AMOUNT * SCALE {
            return Err(beyond());
        }
        Ok(Some(amount))
    }

    fn moment(&self, field: &'static str, value: Option<Moment>) -> Checked<Option<Timestamp>> {
        let Some(Moment(moment)) = value else {
            return Ok(None);
        };
        let limits = &self.decoder.limits;
        if moment < limits.oldest {
            let hint = match EPOCH_SECONDS.contains(&moment.0) {
                true => "; if these are epoch seconds, send milliseconds",
                false => "",
            };
            let detail = format!(
                "{field} is {moment}; the earliest taken is {}{hint}",
                limits.oldest
            );
            return Err(EventError::new(Code::TimestampTooOld, field, detail));
        }
        if moment > self.now.plus(limits.ahead) {
            let detail = format!(
                "{field} is {moment}; the latest taken is {}, a day ahead of the server's clock",
                self.now.plus(limits.ahead)
            );
            return Err(EventError::new(Code::TimestampTooFarAhead, field, detail));
        }
        Ok(Some(moment))
    }

    fn metadata(&self, value: Option<&RawValue>) -> Checked<Option<String>> {
        let Some(text) = value.map(RawValue::get).filter(|text| *text != "null") else {
            return Ok(None);
        };
        let most = self.decoder.limits.metadata_bytes;
        if text.len() > most {
            let detail = format!(
                "metadata has {} bytes; at most {most} are taken",
                text.len()
            );
            return Err(EventError::new(Code::MetadataTooLarge, "metadata", detail));
        }
        if !text.starts_with('{') {
            let detail = "metadata must be a JSON object";
            return Err(EventError::new(Code::WrongType, "metadata", detail));
        }
        if is_doubtful(text) && serde_json::from_str::<serde_json::Value>(text).is_err() {
            let detail = "metadata has a number that is too large, or half a character";
            return Err(EventError::new(Code::MalformedJson, "metadata", detail));
        }
        Ok(Some(self.decoder.redactor.json(text)))
    }
}

/// Whether valid JSON may have what nothing can read later: half of a surrogate pair, or a number beyond those of
/// 64 bits. Few texts are worth looking at twice.
fn is_doubtful(json: &str) -> bool {
    let mut digits = 0;
    let mut before = b' ';
    json.bytes().any(|byte| {
        let escaped = before == b'\\' && byte == b'u';
        let exponent = before.is_ascii_digit() && matches!(byte, b'e' | b'E');
        digits = if byte.is_ascii_digit() { digits + 1 } else { 0 };
        before = byte;
        escaped || exponent || digits > MOST_DIGITS
    })
}
