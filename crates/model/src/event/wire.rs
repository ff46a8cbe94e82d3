//! The fields as sent: declared once, for the first pass and for the diagnosis of what it refuses.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::text::{Moment, Text, Whole};

macro_rules! wire {
    ($($field:ident : $type:ty = $camel:literal $(| $snake:literal)?, $kind:ident;)*) => {
        /// Every field of every type, as sent.
        #[derive(Debug, Deserialize)]
        #[serde(bound(deserialize = "'de: 'a"))]
        pub(super) struct Wire<'a> {
            $(#[serde(default, rename = $camel $(, alias = $snake)?)]
            pub $field: Option<$type>,)*
        }

        /// The names and kinds of the fields, for diagnosis.
        pub(super) const FIELDS: &[(&str, Option<&str>, Kind)] = &[
            $(($camel, wire!(@snake $($snake)?), Kind::$kind),)*
        ];
    };
    (@snake $snake:literal) => { Some($snake) };
    (@snake) => { None };
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
