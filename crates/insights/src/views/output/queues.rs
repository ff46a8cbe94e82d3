//! Queues: items added and removed, depth and waiting times.
//!
//! The depth of a queue is the number of items added minus the number removed since the project's first
//! event. It is negative if items were removed whose arrival was not reported.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::TimeRange;
use weir_query::{Direction, validate::BOUNDS};

use super::{OutputWanted, OutputWindow};
use crate::{
    AppError, Reading, figures,
    privacy::Viewer,
    query::Freshness,
    views::{Frame, Meta, Questions, Results, Versioned},
};

/// The most queues in an answer.
const MOST: i64 = 100;
/// The most queues whose initial depth is read.
const MOST_KNOWN: i64 = 10_000;

/// The response of `GET /api/workflow-analytics/queues`.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueueReport {
    /// The window covered.
    pub window: OutputWindow,
    /// All queues together.
    pub total: QueueFigures,
    /// By queue, the busiest first.
    pub queues: Vec<OneQueue>,
    /// All queues together, by bucket of the window in order; depths are at the end of the bucket.
    pub timeseries: Vec<QueueBucket>,
    /// How this answer was computed.
    pub meta: Meta,
}

figures! {
    /// Figures of queues. Waits are in milliseconds.
    #[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
    #[serde(rename_all = "camelCase")]
    pub struct QueueFigures {
        /// Items added.
        pub enqueued: u64 = count("enqueued"),
        /// Items removed.
        pub dequeued: u64 = count("dequeued"),
        /// Items in the queue at the end of the range.
        pub depth: i64 = whole("queue_depth_change"),
        /// Mean wait.
        pub wait_avg_ms: Option<f64> = value("queue_wait_avg"),
        /// Median wait.
        pub wait_p50_ms: Option<f64> = value("queue_wait_p50"),
        /// 95th percentile of waits.
        pub wait_p95_ms: Option<f64> = value("queue_wait_p95"),
        /// 99th percentile of waits.
        pub wait_p99_ms: Option<f64> = value("queue_wait_p99"),
    }

    /// How queues moved.
    struct Moved {
        /// Items added minus items removed.
        change: i64 = whole("queue_depth_change"),
        /// Only orders queues: the busiest have the most movements.
        _movements: u64 = count("queue_events"),
    }
}

impl QueueFigures {
    /// Adds the depth at the start: as read, `depth` is only the change.
    fn starting_at(self, start: i64) -> Self {
        Self {
            depth: start + self.depth,
            ..self
        }
    }
}

/// Figures of a queue.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OneQueue {
    /// Its name.
    pub queue: String,
    /// Its figures.
    #[serde(flatten)]
    pub figures: QueueFigures,
    /// Its largest depth, at the end of a bucket or at the start of the window.
    pub max_depth: i64,
}

/// Figures of queues in a bucket.
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
    /// Figures of queues. Fails if the request is not valid or the store fails.
    pub async fn queue_report(
        &self,
        viewer: Viewer,
        wanted: &OutputWanted,
        freshness: Freshness,
    ) -> Result<Versioned<QueueReport>, AppError> {
        let framed = self.output_frame(viewer, wanted).await?;
        let (frame, bucket) = (&framed.frame, framed.view.bucket);
        let mut questions = Questions::new(self, viewer, freshness);
        let whole = questions.figures(frame.question()).await?;
        let busiest = frame
            .question()
            .by(["queue"])
            .order("queue_events", Direction::Desc)
            .limit(MOST);
        let queues = questions.figures(busiest.clone()).await?;
        let series = questions.figures(frame.question().every(bucket)).await?;
        let changes = questions.figures(busiest.every(bucket)).await?;
        let before = Depths::before(&mut questions, frame, framed.range).await?;
        let body = QueueReport {
            window: framed.view,
            total: whole
                .only()
                .map(|figures: QueueFigures| figures.starting_at(before.all))
                .unwrap_or_default(),
            queues: one_by_one(&queues, &changes, &before.each),
            timeseries: over_time(&series, before.all),
            meta: questions.meta().await?,
        };
        Ok(questions.finish(framed.range, body))
    }
}

/// Depths at the start of the range.
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
        let all = questions.figures::<Moved>(before.question()).await?;
        let each = before.question().by(["queue"]).limit(MOST_KNOWN);
        let each = questions.figures::<Moved>(each).await?;
        let of_queue = each
            .lines()
            .map(|line| (line.key(0).unwrap_or_default(), line.figures.change));
        Ok(Self {
            all: all.only().map_or(0, |moved| moved.change),
            each: of_queue.collect(),
        })
    }
}

/// Queues with movements in the range, and others that are not empty.
fn one_by_one(
    queues: &Results<(QueueFigures, Moved)>,
    changes: &Results<Moved>,
    before: &BTreeMap<String, i64>,
) -> Vec<OneQueue> {
    let mut found: Vec<OneQueue> = queues
        .lines()
        .map(|line| {
            let queue = line.key(0).unwrap_or_default();
            let start = before.get(&queue).copied().unwrap_or(0);
            OneQueue {
                figures: line.figures.0.starting_at(start),
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

fn largest(changes: &Results<Moved>, queue: &str, start: i64) -> i64 {
    let lines = changes.lines();
    let of_queue = lines.filter(|line| line.key(0).as_deref() == Some(queue));
    let depths = of_queue.scan(start, |depth, line| {
        *depth += line.figures.change;
        Some(*depth)
    });
    depths.fold(start, i64::max)
}

fn over_time(series: &Results<QueueFigures>, start: i64) -> Vec<QueueBucket> {
    let buckets = series.lines().scan(start, |depth, line| {
        let timestamp = line.time().unwrap_or_default();
        let figures = line.figures.starting_at(*depth);
        *depth = figures.depth;
        Some(QueueBucket { timestamp, figures })
    });
    buckets.collect()
}
