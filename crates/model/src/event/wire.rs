//! The fields as sent, declared once for both the first pass and the diagnosis of events that it
//! rejects.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{
    EventType,
    text::{Moment, Text, Whole},
};

/// The most unknown field names that are kept of one event.
const MOST_UNKNOWN: usize = 8;
/// The most characters that are kept of such a name.
const LONGEST_UNKNOWN: usize = 64;

macro_rules! wire {
    ($($field:ident : $type:ty = $camel:literal $(| $snake:literal)?, $kind:ident;)*) => {
        /// Every field of every event type, as sent.
        #[derive(Debug)]
        pub(super) struct Wire<'a> {
            $(pub $field: Option<$type>,)*
            /// Names that look like money or tokens and that no event type has.
            pub unknown: Vec<String>,
        }

        /// The fields' names in camelCase and snake_case, and their kinds, for diagnosis.
        pub(super) const FIELDS: &[(&str, Option<&str>, Kind)] = &[
            $(($camel, wire!(@snake $($snake)?), Kind::$kind),)*
        ];

        /// A field by its name.
        #[allow(non_camel_case_types, reason = "they are the names of the fields")]
        enum Key {
            $($field,)*
            /// Any other name: kept if it looks like money or tokens.
            Unknown(Option<String>),
        }

        impl<'de> Deserialize<'de> for Key {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct KeyVisitor;
                impl Visitor<'_> for KeyVisitor {
                    type Value = Key;
                    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                        f.write_str("a field name")
                    }
                    fn visit_str<E: Error>(self, name: &str) -> Result<Key, E> {
                        Ok(match name {
                            $($camel $(| $snake)? => Key::$field,)*
                            other => Key::Unknown(is_money(other).then(|| shortened(other))),
                        })
                    }
                }
                deserializer.deserialize_identifier(KeyVisitor)
            }
        }

        impl<'de: 'a, 'a> Deserialize<'de> for Wire<'a> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct WireVisitor;
                impl<'de> Visitor<'de> for WireVisitor {
                    type Value = Wire<'de>;
                    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                        f.write_str("a JSON object")
                    }
                    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Wire<'de>, A::Error> {
                        $(let mut $field = None;)*
                        let mut unknown = Vec::new();
                        while let Some(key) = map.next_key()? {
                            match key {
                                $(Key::$field => {
                                    if $field.is_some() {
                                        return Err(A::Error::duplicate_field($camel));
                                    }
                                    $field = Some(map.next_value()?);
                                })*
                                Key::Unknown(name) => {
                                    map.next_value::<IgnoredAny>()?;
                                    unknown.extend(name.filter(|_| unknown.len() < MOST_UNKNOWN));
                                }
                            }
                        }
                        Ok(Wire { $($field: $field.flatten(),)* unknown })
                    }
                }
                deserializer.deserialize_map(WireVisitor)
            }
        }
    };
    (@snake $snake:literal) => { Some($snake) };
    (@snake) => { None };
}

impl Wire<'_> {
    /// Fields that look like money or tokens but are not stored: unknown names, and fields of
    /// another event type.
    pub(super) fn ignored(&self) -> Vec<String> {
        let of_costs = [
            ("inputTokens", self.input_tokens.is_some()),
            ("outputTokens", self.output_tokens.is_some()),
            ("cacheReadTokens", self.cache_read_tokens.is_some()),
            ("cacheWriteTokens", self.cache_write_tokens.is_some()),
            ("reasoningTokens", self.reasoning_tokens.is_some()),
            ("units", self.units.is_some()),
            ("credits", self.credits.is_some()),
            ("dollarAmount", self.dollar_amount.is_some()),
            ("amount", self.amount.is_some()),
            ("currency", self.currency.is_some()),
        ];
        let is_type = |name: EventType| {
            let given = self.event_type.as_ref();
            given.is_some_and(|given| given.0 == name.name())
        };
        let mut ignored = self.unknown.clone();
        if !is_type(EventType::Cost) {
            let sent = of_costs.iter().filter(|(_, sent)| *sent);
            ignored.extend(sent.map(|(name, _)| (*name).to_owned()));
        }
        if self.credits_used.is_some() && !is_type(EventType::Step) {
            ignored.push("creditsUsed".to_owned());
        }
        ignored
    }
}

/// Whether a field's name suggests that it holds money or tokens.
fn is_money(name: &str) -> bool {
    const PARTS: [&str; 9] = [
        "token", "cost", "price", "dollar", "amount", "credit", "currency", "spend", "usage",
    ];
    let lower = name.to_ascii_lowercase();
    let word = |word: &str| matches!(word, "usd" | "eur" | "fee" | "fees");
    PARTS.iter().any(|part| lower.contains(part))
        || lower.split(['_', '-', '.', ' ']).any(word)
        || name.ends_with("Usd")
        || name.ends_with("USD")
}

fn shortened(name: &str) -> String {
    name.chars().take(LONGEST_UNKNOWN).collect()
}

/// The JSON kind of a field.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Text,
    Whole,
    Moment,
    Number,
    Boolean,
    Object,
}

wire! {
    event_type: Text<'a> = "type", Text;
    id: Text<'a> = "id", Text;
    timestamp: Moment = "timestamp", Moment;
    environment: Text<'a> = "environment", Text;
    workflow_id: Text<'a> = "workflowId" | "workflow_id", Text;
    workflow_name: Text<'a> = "workflowName" | "workflow_name", Text;
    workflow_version: Text<'a> = "workflowVersion" | "workflow_version", Text;
    user_id: Text<'a> = "userId" | "user_id", Text;
    metadata: &'a RawValue = "metadata", Object;
    execution_id: Text<'a> = "executionId" | "execution_id", Text;
    status: Text<'a> = "status", Text;
    duration: Whole = "duration", Whole;
    trigger_id: Text<'a> = "triggerId" | "trigger_id", Text;
    trigger_type: Text<'a> = "triggerType" | "trigger_type", Text;
    step_count: Whole = "stepCount" | "step_count", Whole;
    error_type: Text<'a> = "errorType" | "error_type", Text;
    error_message: Text<'a> = "errorMessage" | "error_message", Text;
    error_step: Text<'a> = "errorStep" | "error_step", Text;
    retry_of: Text<'a> = "retryOf" | "retry_of", Text;
    parent_execution_id: Text<'a> = "parentExecutionId" | "parent_execution_id", Text;
    retry_of_id: Text<'a> = "retryOfId" | "retry_of_id", Text;
    parent_id: Text<'a> = "parentId" | "parent_id", Text;
    parent_workflow_id: Text<'a> = "parentWorkflowId" | "parent_workflow_id", Text;
    subject_id: Text<'a> = "subjectId" | "subject_id", Text;
    step_id: Text<'a> = "stepId" | "step_id", Text;
    step_name: Text<'a> = "stepName" | "step_name", Text;
    step_type: Text<'a> = "stepType" | "step_type", Text;
    parent_step_id: Text<'a> = "parentStepId" | "parent_step_id", Text;
    wait_duration: Whole = "waitDuration" | "wait_duration", Whole;
    start_time: Moment = "startTime" | "start_time", Moment;
    end_time: Moment = "endTime" | "end_time", Moment;
    attempt: Whole = "attempt", Whole;
    input_size: Whole = "inputSize" | "input_size", Whole;
    output_size: Whole = "outputSize" | "output_size", Whole;
    items_in: Whole = "itemsIn" | "items_in", Whole;
    items_out: Whole = "itemsOut" | "items_out", Whole;
    credits_used: &'a RawValue = "creditsUsed" | "credits_used", Number;
    cache_hit: bool = "cacheHit" | "cache_hit", Boolean;
    action_type: Text<'a> = "actionType" | "action_type", Text;
    provider: Text<'a> = "provider", Text;
    model: Text<'a> = "model", Text;
    api_calls: Whole = "apiCalls" | "api_calls", Whole;
    input_tokens: Whole = "inputTokens" | "input_tokens", Whole;
    output_tokens: Whole = "outputTokens" | "output_tokens", Whole;
    cache_read_tokens: Whole = "cacheReadTokens" | "cache_read_tokens", Whole;
    cache_write_tokens: Whole = "cacheWriteTokens" | "cache_write_tokens", Whole;
    reasoning_tokens: Whole = "reasoningTokens" | "reasoning_tokens", Whole;
    input_includes_cache: bool = "inputIncludesCache" | "input_includes_cache", Boolean;
    output_includes_reasoning: bool = "outputIncludesReasoning" | "output_includes_reasoning", Boolean;
    units: &'a RawValue = "units", Number;
    unit: Text<'a> = "unit", Text;
    currency: Text<'a> = "currency", Text;
    amount: &'a RawValue = "amount", Number;
    part_of: Text<'a> = "partOf" | "part_of", Text;
    credits: &'a RawValue = "credits", Number;
    dollar_amount: &'a RawValue = "dollarAmount" | "dollar_amount", Number;
    session_id: Text<'a> = "sessionId" | "session_id", Text;
    action: Text<'a> = "action", Text;
    resource: Text<'a> = "resource", Text;
    resource_id: Text<'a> = "resourceId" | "resource_id", Text;
    kind: Text<'a> = "kind", Text;
    file_size: Whole = "fileSize" | "file_size", Whole;
    queue: Text<'a> = "queue", Text;
    wait_ms: Whole = "waitMs" | "wait_ms", Whole;
    goal_id: Text<'a> = "goalId" | "goal_id", Text;
    value: &'a RawValue = "value", Number;
}
