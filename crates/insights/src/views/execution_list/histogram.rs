//! The histogram above the list: when its executions happened.

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::{Status, TimeRange, Timestamp};
use weir_query::{
    Interval, Query, ResolvedQuery,
    buckets::Buckets,
    records::executions::{ExecutionFilter, ExecutionHistogram, STALE, StateCount},
    resolve::Resolution,
    words::Word,
};

use super::{
    super::{Line, Questions, RangeView, Results, Versioned},
    Which,
};
use crate::{AppError, Reading, figures, privacy::Viewer, query::Freshness};

/// The executions of the list by bucket of time and state.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExecutionTimes {
    /// The time range covered.
    pub range: RangeView,
    /// The bucket width.
    pub granularity: Option<Interval>,
    /// The time zone of the buckets.
    pub timezone: String,
    /// The buckets, oldest first, including empty ones. In a range up to the present, those that have begun.
    pub buckets: Vec<ExecutionBucket>,
    /// All executions: as many as the list has.
    pub total: u64,
}

/// The executions of a bucket, by their newest state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ExecutionBucket {
    /// The start of the bucket, in the requested time zone.
    #[schema(format = "date-time")]
    pub time: String,
    /// All of them.
    pub executions: u64,
    /// Completed ones.
    pub completed: u64,
    /// Failed ones.
    pub failed: u64,
    /// Crashed ones.
    pub crashed: u64,
    /// Canceled ones.
    pub canceled: u64,
    /// Waiting ones.
    pub waiting: u64,
    /// Running ones.
    pub started: u64,
    /// Those that have been open for too long; they are neither `waiting` nor `started`.
    pub stale: u64,
}

impl ExecutionBucket {
    fn add(&mut self, count: &StateCount) {
        let state = match count.status {
            Some(Status::Completed) => &mut self.completed,
            Some(Status::Failed) => &mut self.failed,
            Some(Status::Crashed) => &mut self.crashed,
            Some(Status::Canceled) => &mut self.canceled,
            Some(Status::Waiting) => &mut self.waiting,
            Some(Status::Started) => &mut self.started,
            None => &mut self.stale,
        };
        *state += count.executions;
        self.executions += count.executions;
    }
}

figures! {
    /// Executions.
    struct Counted {
        executions: u64 = count("executions"),
    }
}

/// The query for the histogram, if cubes can answer it: no condition looks at what only records tell.
fn figures_of(which: &Which, asked: &ResolvedQuery) -> Option<Query> {
    let filter = &which.filter;
    // Everything but what becomes a filter of the query below.
    let rest = ExecutionFilter {
        statuses: Vec::new(),
        stale: false,
        version: None,
        trigger_type: None,
        called: None,
        ..filter.clone()
    };
    let is_of_records = which.parent.is_some() || which.since.is_some() || !which.ways.is_empty();
    if is_of_records || rest != ExecutionFilter::default() {
        return None;
    }
    let mut query = which.frame.question().range(asked.range).by(["status"]);
    query.timezone = Some(asked.zone.name().to_owned());
    query.granularity = asked.granularity.map(|width| width.name().to_owned());
    let statuses = filter.statuses.iter().map(|status| status.name());
    let statuses: Vec<&str> = statuses.chain(filter.stale.then_some(STALE)).collect();
    if !statuses.is_empty() {
        query = query.filter("status", statuses);
    }
    let called = filter
        .called
        .map(|called| if called { "child" } else { "root" });
    for (dimension, value) in [
        ("version", filter.version.as_deref()),
        ("trigger_type", filter.trigger_type.as_deref()),
        ("called", called),
    ] {
        if let Some(value) = value {
            query = query.filter(dimension, [value]);
        }
    }
    Some(query)
}

/// The counts in an answer by bucket and status. Fails if it has another status.
fn counts(results: &Results<Counted>) -> Result<Vec<StateCount>, AppError> {
    let lines = results.lines().filter(|line| line.figures.executions > 0);
    let count = |line: Line<'_, Counted>| {
        let state = line.key(0).unwrap_or_default();
        let status = Status::from_name(&state);
        if status.is_none() && state != STALE {
            return Err(AppError::internal(format!("no status {state:?}")));
        }
        Ok(StateCount {
            bucket: line.start().unwrap_or(Timestamp(0)),
            status,
            executions: line.figures.executions,
        })
    };
    lines.map(count).collect()
}

/// The buckets that have begun, and later ones up to the last that has executions: clocks of producers can be
/// ahead of this server's.
fn filled(resolution: &Resolution, counts: &[StateCount]) -> Vec<ExecutionBucket> {
    let (starts, zone) = (resolution.buckets.starts(), &resolution.query.zone);
    let place = |count: &StateCount| {
        let after = starts.partition_point(|&start| start <= count.bucket);
        after.saturating_sub(1)
    };
    let last = counts.iter().map(|count| place(count) + 1).max();
    let shown = resolution.begun.max(last.unwrap_or(0)).min(starts.len());
    let empty = |&start: &Timestamp| ExecutionBucket {
        time: zone.format(start),
        ..ExecutionBucket::default()
    };
    let mut buckets: Vec<ExecutionBucket> = starts[..shown].iter().map(empty).collect();
    for count in counts {
        buckets[place(count)].add(count);
    }
    buckets
}

impl Reading {
    /// When the executions of the list happened. Fails if the frame is not valid, if it has too many buckets,
    /// or if the store fails.
    pub async fn execution_histogram(
        &self,
        viewer: Viewer,
        which: &Which,
        granularity: Option<&str>,
        freshness: Freshness,
    ) -> Result<Versioned<ExecutionTimes>, AppError> {
        let mut questions = Questions::new(self, viewer, freshness);
        let query = Query {
            metrics: vec!["executions".to_owned()],
            granularity: Some(granularity.unwrap_or("auto").to_owned()),
            ..which.frame.question()
        };
        let resolution = questions.resolved(&query).await?;
        let asked = &resolution.query;
        let counts = match figures_of(which, asked) {
            Some(query) => counts(&questions.figures(query).await?)?,
            None => {
                let filter = self.filter_of(viewer, which, asked).await?;
                let range = self.with_events(viewer, &filter, asked.range, None);
                let counts = self.state_counts(viewer, &resolution.buckets, range, &filter);
                let question = ("histogram", filter.clone(), resolution.cache_key(), range);
                questions.recorded(question, counts).await?
            }
        };
        let buckets = filled(&resolution, &counts);
        let body = ExecutionTimes {
            range: asked.range.into(),
            granularity: asked.granularity,
            timezone: asked.zone.name().to_owned(),
            total: buckets.iter().map(|bucket| bucket.executions).sum(),
            buckets,
        };
        Ok(questions.finish(asked.range, body))
    }

    async fn state_counts(
        &self,
        viewer: Viewer,
        buckets: &Buckets,
        range: TimeRange,
        filter: &ExecutionFilter,
    ) -> Result<Vec<StateCount>, AppError> {
        if range.from >= range.to {
            return Ok(Vec::new());
        }
        let histogram = ExecutionHistogram {
            filter,
            buckets,
            range,
        };
        let statement = histogram.statement(viewer.scope(), self.store.dialect());
        let read = |batches: Vec<_>| ExecutionHistogram::read(&batches);
        self.range_records(viewer, range, statement, read).await
    }
}
