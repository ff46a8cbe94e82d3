//! What readers of all formats hand over: events as JSON lines, and rejections with their place.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::args::ImportArgs;
use crate::error::ImportError;
use crate::time::Zone;

/// What the readers of all formats need.
pub(crate) struct Setting<'a> {
    pub args: &'a ImportArgs,
    pub zone: &'a Zone,
    /// The time of the import.
    pub now: Timestamp,
}

/// Receives what a reader finds.
pub(crate) trait Sink {
    /// Adds one event of the type `kind`, read from `line`. Fails if the import was stopped or sending failed.
    fn event(&mut self, kind: &str, json: &[u8], line: u64) -> Result<(), ImportError>;
    /// States that all events of the records up to `line` have been handed over.
    fn checkpoint(&mut self, line: u64);
    /// Adds a record that cannot become an event.
    fn refuse(&mut self, line: u64, detail: String);
    /// Adds a note for the user.
    fn note(&mut self, text: String);
    /// Counts local times that a clock change makes ambiguous or skips.
    fn guessed(&mut self, n: u64);
    /// Counts records of the source, such as traces.
    fn count(&mut self, what: &'static str, n: u64);
}

/// An event made from a log, with the fields that a log can fill; absent fields are left out.
#[derive(Serialize, Default, Debug)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WireEvent<'a> {
    pub r#type: &'static str,
    pub id: String,
    pub timestamp: String,
    pub workflow_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workflow_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub execution_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step_count: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_step: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goal_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Map<String, Value>>,
}
