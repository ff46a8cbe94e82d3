//! How an event is stored: its execution, and its own values where its row has combined ones.

use std::collections::BTreeMap;

use weir_model::{Event, EventKind, ExecutionHash, event::ExecutionEvent};

/// How an event of the batch is stored. The batch contains the combined values; this is the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placement {
    /// Its execution; `None` if it names none.
    pub execution: Option<ExecutionHash>,
    /// Its own values where the batch's event differs.
    pub own: Option<Box<Own>>,
    /// The duration that a finished execution takes from its start.
    pub derived: Option<i64>,
    /// Whether it is an end that a later one corrects.
    pub superseded: bool,
    /// Whether it is a copy of another execution's step.
    pub copied: bool,
}

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
