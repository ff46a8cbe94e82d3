//! The audit trail: who did what to which resource, and when.

use std::time::Instant;

use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use weir_model::{TimeRange, Timestamp};
use weir_query::{
    Query,
    records::{
        activity::{
            Column,
            trail::{Entry, Request, read, statement},
        },
        executions::Reached,
    },
};

use super::{ActivityFilter, Frame, Meta, Questions, RangeView, Versioned};
use crate::{AppError, ErrorCode, Reading, cursor::Cursor, privacy::Viewer, query::Freshness};

/// The most entries on a page.
const MOST: u32 = 500;
const DEFAULT: u32 = 50;

/// A part of the audit trail, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct TrailReport {
    /// The time range covered.
    pub range: RangeView,
    /// A page of entries, newest first.
    #[serde(flatten)]
    pub trail: Trail,
    /// How this answer was computed.
    pub meta: Meta,
}

/// A page of entries.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Trail {
    /// The entries, newest first.
    pub entries: Vec<TrailEntry>,
    /// The `cursor` of the next page; null on the last page.
    pub next_cursor: Option<String>,
}

/// An activity in the audit trail.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TrailEntry {
    /// The event's id.
    pub id: String,
    /// When the activity started.
    #[schema(value_type = String, format = "date-time")]
    pub timestamp: Timestamp,
    /// The user.
    pub user_id: Option<String>,
    /// The session, as reported by the producer.
    pub session_id: Option<String>,
    /// The action.
    pub action: String,
    /// The kind of resource.
    pub resource: Option<String>,
    /// The id of the resource.
    pub resource_id: Option<String>,
    /// The duration, in milliseconds.
    pub duration: Option<i64>,
    /// The workflow.
    pub workflow_id: Option<String>,
    /// Its environment; null if it has none.
    pub environment: Option<String>,
    /// The source that reported it.
    pub source: Option<String>,
    /// Additional data from the producer, redacted.
    #[schema(value_type = Option<Object>)]
    pub metadata: Option<Box<RawValue>>,
}

/// Which part of the trail.
#[derive(Clone, Debug, Default)]
pub struct TrailFilter {
    /// Which activities.
    pub activity: ActivityFilter,
    /// Only on this resource.
    pub resource_id: Option<String>,
    /// Only in this session.
    pub session_id: Option<String>,
    /// Where the previous page ended.
    pub cursor: Option<String>,
    /// The maximum number of entries on the page.
    pub limit: Option<u32>,
}

impl Reading {
    /// A part of the audit trail. Fails if the frame or page is not valid, or if the store fails.
    pub async fn trail(
        &self,
        viewer: Viewer,
        frame: &Frame,
        filter: &TrailFilter,
        freshness: Freshness,
    ) -> Result<Versioned<TrailReport>, AppError> {
        let mut questions = Questions::new(self, viewer, freshness);
        let entries = filter.activity.question(frame);
        let entries = Query {
            metrics: vec!["activities".to_owned()],
            ..entries
        };
        let range = questions.resolved(&entries).await?.query.range;
        let started = Instant::now();
        let trail = self.trail_page(&questions, frame, filter, range).await?;
        questions.read_uncached("raw activities", started.elapsed());
        let body = TrailReport {
            range: range.into(),
            trail,
            meta: questions.meta().await?,
        };
        Ok(questions.finish(range, body))
    }

    pub(super) async fn trail_page(
        &self,
        questions: &Questions<'_>,
        frame: &Frame,
        filter: &TrailFilter,
        range: TimeRange,
    ) -> Result<Trail, AppError> {
        let limit = limit(filter.limit)?;
        let after = filter.cursor.as_deref().map(Cursor::parse).transpose()?;
        let after = after.map(Cursor::reached).transpose()?;
        let mut selection = filter.activity.selection(frame, range);
        let more = [
            (Column::ResourceId, &filter.resource_id),
            (Column::Session, &filter.session_id),
        ];
        for (column, value) in more {
            let value = value.iter().map(|value| (column, value.clone()));
            selection.filters.extend(value);
        }
        let request = Request {
            selection,
            after: after.clone(),
            // One more than requested, to know whether there are more.
            limit: limit + 1,
        };
        let statement = statement(questions.scope(), &request, questions.dialect());
        let rows = self
            .read_records(questions.viewer(), statement, |batches| read(&batches))
            .await?;
        Ok(page(rows, limit as usize, after.as_ref()))
    }
}

fn limit(asked: Option<u32>) -> Result<u32, AppError> {
    match asked.unwrap_or(DEFAULT) {
        limit @ 1..=MOST => Ok(limit),
        _ => Err(AppError::new(
            ErrorCode::InvalidParameter,
            "The number of entries is out of range.",
        )
        .field("limit")
        .fix(format!("1 to {MOST}"))),
    }
}

fn page(mut rows: Vec<Entry>, limit: usize, after: Option<&Reached>) -> Trail {
    let more = rows.len() > limit;
    rows.truncate(limit);
    let keys = rows.iter().map(|row| (row.timestamp, &*row.id));
    let reached = Reached::by(keys, after).filter(|_| more);
    Trail {
        next_cursor: reached.map(|reached| Cursor::of_reached(&reached).encode()),
        entries: rows.into_iter().map(TrailEntry::from).collect(),
    }
}

impl From<Entry> for TrailEntry {
    fn from(entry: Entry) -> Self {
        Self {
            id: entry.id,
            timestamp: entry.timestamp,
            user_id: entry.user,
            session_id: entry.session,
            action: entry.action,
            resource: entry.resource,
            resource_id: entry.resource_id,
            duration: entry.duration,
            workflow_id: entry.workflow,
            environment: entry.environment,
            source: entry.source,
            metadata: entry
                .metadata
                .and_then(|text| RawValue::from_string(text).ok()),
        }
    }
}
