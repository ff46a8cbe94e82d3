//! The steps of an execution as a waterfall.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::{Bar, Span, waterfall};
use weir_model::{Timestamp, cube::Dimension};
use weir_query::records::parts::StepRecord;

use super::{super::execution_list::ExecutionRow, costs::units};
use crate::{Reading, privacy::Viewer};

/// Steps on a time axis that starts with the execution.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExecutionTimeline {
    /// Its start: that of the execution, or of its first step if earlier.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub start: Option<Timestamp>,
    /// Its end: that of the execution, or of its last step if later.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub end: Option<Timestamp>,
    /// The time from start to end, in milliseconds.
    pub duration: i64,
    /// How long at least one step was running, in milliseconds.
    pub busy: i64,
    /// How long no step was running, in milliseconds.
    pub idle: i64,
    /// Number of rows of the waterfall.
    pub lanes: usize,
    /// The step runs, ordered by start.
    pub steps: Vec<StepBar>,
    /// Whether there are more than listed.
    pub truncated: bool,
}

/// A step run in a waterfall.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StepBar {
    /// The step's id.
    pub step_id: String,
    /// Its name.
    pub step_name: Option<String>,
    /// Its type.
    pub step_type: Option<String>,
    /// One of `completed`, `failed` and `skipped`.
    pub status: &'static str,
    /// Number of the attempt, starting at 1.
    pub attempt: i64,
    /// When it started: as reported, or its end minus its duration.
    #[schema(value_type = String, format = "date-time")]
    pub start: Timestamp,
    /// When it ended: as reported, or the time of its event.
    #[schema(value_type = String, format = "date-time")]
    pub end: Timestamp,
    /// Milliseconds since the start of the timeline.
    pub offset: i64,
    /// How long it took, in milliseconds; null if unknown.
    pub duration: Option<i64>,
    /// Percentage of the timeline.
    pub share: Option<f64>,
    /// The row of the waterfall, starting at 0.
    pub lane: usize,
    /// Whether it is on the critical path: the end had to wait for it.
    pub is_critical: bool,
    /// Number of input items.
    pub items_in: Option<i64>,
    /// Number of output items.
    pub items_out: Option<i64>,
    /// Input size in bytes.
    pub input_size: Option<i64>,
    /// Output size in bytes.
    pub output_size: Option<i64>,
    /// Credits used.
    pub credits_used: Option<f64>,
    /// Whether the cache had the result; null without a cache.
    pub cache_hit: Option<bool>,
    /// The error type.
    pub error_type: Option<String>,
    /// The error message, redacted.
    pub error_message: Option<String>,
}

impl Reading {
    /// Lays out the step runs of an execution as a waterfall.
    pub(super) fn timeline(
        &self,
        viewer: Viewer,
        execution: &ExecutionRow,
        records: &[StepRecord],
        most: usize,
    ) -> ExecutionTimeline {
        let mut ids: Vec<_> = records.iter().map(|record| record.step.clone()).collect();
        ids.sort_unstable();
        ids.dedup();
        let ids = BTreeMap::from([(Dimension::Step, ids)]);
        let names = self.labels(viewer, &ids).remove(&Dimension::Step);
        lay_out(execution, records, &names.unwrap_or_default(), most)
    }
}

fn lay_out(
    execution: &ExecutionRow,
    records: &[StepRecord],
    names: &BTreeMap<String, String>,
    most: usize,
) -> ExecutionTimeline {
    let mut timed: Vec<(Span, &StepRecord)> = records
        .iter()
        .map(|record| (span(record), record))
        .collect();
    timed.sort_by(|a, b| (a.0.start, a.0.end, &a.1.step).cmp(&(b.0.start, b.0.end, &b.1.step)));
    let spans: Vec<Span> = timed.iter().map(|(span, _)| *span).collect();
    let found = waterfall(&spans);
    let began = execution.started_at.map(|start| start.0);
    let ended = execution.timestamp.0;
    let start = began.into_iter().chain(spans.iter().map(|s| s.start)).min();
    let end = spans.iter().map(|s| s.end).chain([ended]).max();
    let start = start.unwrap_or(ended);
    let end = end.unwrap_or(ended).max(start);
    let duration = end - start;
    ExecutionTimeline {
        start: Some(Timestamp(start)),
        end: Some(Timestamp(end)),
        duration,
        busy: found.busy,
        idle: duration - found.busy,
        lanes: found.lanes,
        steps: timed
            .iter()
            .zip(&found.bars)
            .map(|((span, record), bar)| StepBar {
                step_name: names.get(&record.step).cloned(),
                offset: span.start - start,
                share: record
                    .duration
                    .filter(|_| duration > 0)
                    .map(|own| 100.0 * own as f64 / duration as f64),
                ..step_bar(*span, record, *bar)
            })
            .collect(),
        truncated: records.len() >= most,
    }
}

/// When a step ran: as reported; otherwise it ended at its event and started its duration earlier.
fn span(record: &StepRecord) -> Span {
    let duration = record.duration.unwrap_or(0);
    let start = record.start_time.map(|start| start.0);
    let given = record.end_time.map(|end| end.0);
    let end = given
        .or_else(|| Some(start? + record.duration?))
        .unwrap_or(record.timestamp.0);
    let start = start.unwrap_or(end - duration);
    Span {
        start,
        end: end.max(start),
    }
}

fn step_bar(span: Span, record: &StepRecord, bar: Bar) -> StepBar {
    StepBar {
        step_id: record.step.clone(),
        step_name: None,
        step_type: record.step_type.clone(),
        status: record.status.name(),
        attempt: record.attempt.unwrap_or(1),
        start: Timestamp(span.start),
        end: Timestamp(span.end),
        offset: 0,
        duration: record.duration,
        share: None,
        lane: bar.lane,
        is_critical: bar.critical,
        items_in: record.items_in,
        items_out: record.items_out,
        input_size: record.input_size,
        output_size: record.output_size,
        credits_used: record.credits.map(units),
        cache_hit: record.cache_hit,
        error_type: record.error_type.clone(),
        error_message: record.error_message.clone(),
    }
}
