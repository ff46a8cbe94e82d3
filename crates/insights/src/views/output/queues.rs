//! Queues: what went in and out, how long they are, how long things waited.
//!
//! The depth of a queue at a moment is what was put in less what was taken out since the project's
//! first event. It is below 0 where things were taken out whose arrival nobody told.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::TimeRange;
use weir_query::{Answer, Direction, validate::BOUNDS};

use super::{OutputWanted, OutputWindow};
use crate::{
    AppError, Reading,
    privacy::Viewer,
    query::Freshness,
    views::{Frame, Meta, Questions, Row, Versioned},
};

/// Queues in an answer.
const MOST: i64 = 100;
/// Queues whose depth at the beginning is looked for.
const MOST_KNOWN: i64 = 10_000;

/// What came in less what was taken out.
const CHANGE: &str = "queue_depth_change";

const METRICS: [&str; 7] = [
    "enqueued",
    "dequeued",
    CHANGE,
    "queue_wait_avg",
    "queue_wait_p50",
    "queue_wait_p95",
    "queue_wait_p99",
];

/// `GET /api/workflow-analytics/queues`.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueueReport {
    /// What it covers.
    pub window: OutputWindow,
    /// All queues together.
    pub total: QueueFigures,
    /// By queue, the busiest first.
    pub queues: Vec<OneQueue>,
    /// All queues together in every bucket of the window in order; depths are those at its end.
    pub timeseries: Vec<QueueBucket>,
    /// How it came about.
    pub meta: Meta,
}

/// Queues in figures. Waits are milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueueFigures {
    /// Put in.
    pub enqueued: u64,
    /// Taken out.
    pub dequeued: u64,
    /// How many are in it at the end.
    pub depth: i64,
    /// Mean wait.
    pub wait_avg_ms: Option<f64>,
    /// Median wait.
    pub wait_p50_ms: Option<f64>,
    /// 95th percentile of waits.
    pub wait_p95_ms: Option<f64>,
    /// 99th percentile of waits.
    pub wait_p99_ms: Option<f64>,
}

/// A queue in figures.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OneQueue {
    /// Its name.
    pub queue: String,
    /// Its figures.
    #[serde(flatten)]
    pub figures: QueueFigures,
    /// Its largest depth at the end of a bucket, or where the window begins.
    pub max_depth: i64,
}

/// Queues in a bucket.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct QueueBucket {
    /// Its start.
    #[schema(format = "date-time")]
    pub timestamp: String,
    /// Their figures.
    #[serde(flatten)]
    pub figures: QueueFigures,
}

impl Reading {
    /// Queues.
    pub async fn queue_report(
        &self,
        viewer: Viewer,
        wanted: &OutputWanted,
        freshness: Freshness,
    ) -> Result<Versioned<QueueReport>, AppError> {
        let framed = self.output_frame(viewer, wanted).await?;
        let (frame, bucket) = (&framed.frame, framed.view.bucket);
        let mut questions = Questions::new(self, viewer, freshness);
        let whole = questions.ask(&frame.query(METRICS)).await?;
        let queues = frame
            .query(METRICS.into_iter().chain(["queue_events"]))
            .by(["queue"])
            .order("queue_events", Direction::Desc)
            .limit(MOST);
        let queues = questions.ask(&queues).await?;
        let series = questions.ask(&frame.query(METRICS).every(bucket)).await?;
        let changes = frame
            .query([CHANGE, "queue_events"])
            .by(["queue"])
            .order("queue_events", Direction::Desc)
            .every(bucket)
            .limit(MOST);
        let changes = questions.ask(&changes).await?;
        let before = Depths::before(&mut questions, frame, framed.range).await?;
        let body = QueueReport {
            window: framed.view,
            total: Row::all(&whole.rows)
                .next()
                .map(|row| figures(row, before.all + change(row)))
                .unwrap_or_default(),
            queues: one_by_one(&queues, &changes, &before.each),
            timeseries: over_time(&series, before.all),
            meta: questions.meta().await?,
        };
        Ok(questions.finish(framed.range, body))
    }
}

/// Depths where the range begins.
#[derive(Default)]
struct Depths {
    /// Of all queues together.
    all: i64,
    /// Of each, at most [`MOST_KNOWN`].
    each: BTreeMap<String, i64>,
}

impl Depths {
    async fn before(
        questions: &mut Questions<'_>,
        frame: &Frame,
        range: TimeRange,
    ) -> Result<Self, AppError> {
        if range.from <= BOUNDS.from {
            return Ok(Self::default());
        }
        let before = frame.within(TimeRange {
            from: BOUNDS.from,
            to: range.from,
        });
        let all = questions.ask(&before.query([CHANGE])).await?;
        let mut depths = Self {
            all: Row::all(&all.rows).map(change).sum(),
            each: BTreeMap::new(),
        };
        let each = before.query([CHANGE]).by(["queue"]).limit(MOST_KNOWN);
        let each = questions.ask(&each).await?;
        let rows = Row::all(&each.rows);
        depths.each = rows
            .map(|row| (row.key(0).unwrap_or_default(), change(row)))
            .collect();
        Ok(depths)
    }
}

fn change(row: Row<'_>) -> i64 {
    row.value(CHANGE).unwrap_or(0.0).round() as i64
}

fn figures(row: Row<'_>, depth: i64) -> QueueFigures {
    QueueFigures {
        enqueued: row.count("enqueued"),
        dequeued: row.count("dequeued"),
        depth,
        wait_avg_ms: row.value("queue_wait_avg"),
        wait_p50_ms: row.value("queue_wait_p50"),
        wait_p95_ms: row.value("queue_wait_p95"),
        wait_p99_ms: row.value("queue_wait_p99"),
    }
}

/// Queues that moved in the range, and those that only are not empty.
fn one_by_one(queues: &Answer, changes: &Answer, before: &BTreeMap<String, i64>) -> Vec<OneQueue> {
    let mut found: Vec<OneQueue> = Row::all(&queues.rows)
        .map(|row| {
            let queue = row.key(0).unwrap_or_default();
            let start = before.get(&queue).copied().unwrap_or(0);
            OneQueue {
                figures: figures(row, start + change(row)),
                max_depth: largest(changes, &queue, start),
                queue,
            }
        })
        .collect();
    let moved: Vec<String> = found.iter().map(|one| one.queue.clone()).collect();
    let still = before.iter().filter(|(_, depth)| **depth != 0);
    found.extend(
        still
            .filter(|(queue, _)| !moved.contains(queue))
            .map(|(queue, &depth)| OneQueue {
                queue: queue.clone(),
                figures: QueueFigures {
                    depth,
                    ..QueueFigures::default()
                },
                max_depth: depth,
            }),
    );
    found
}

fn largest(changes: &Answer, queue: &str, start: i64) -> i64 {
    let of_queue = Row::all(&changes.rows).filter(|row| row.key(0).as_deref() == Some(queue));
    let depths = of_queue.scan(start, |depth, row| {
        *depth += change(row);
        Some(*depth)
    });
    depths.fold(start, i64::max)
}

fn over_time(series: &Answer, start: i64) -> Vec<QueueBucket> {
    let buckets = Row::all(&series.rows).scan(start, |depth, row| {
        *depth += change(row);
        Some(QueueBucket {
            timestamp: row.time().unwrap_or_default(),
            figures: figures(row, *depth),
        })
    });
    buckets.collect()
}
