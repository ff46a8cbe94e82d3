//! Ready-made views on the query pipeline. Their fields have the names of the API, which stand for metrics:
//!
//! | field | metric |
//! |---|---|
//! | `totalExecutions` | `executions` |
//! | `successful` | `completed` |
//! | `failed`, `crashed`, `canceled`, `running`, `waiting` | the same |
//! | `successRate`, `failureRate` | `success_rate`, `failure_rate` |
//! | `avgDuration`, `p50Duration`, `p95Duration`, `p99Duration` | `duration_avg`, `duration_p50`, ... |
//! | `totalCredits`, `totalCost` | `credits`, `cost` |
//!
//! [`observability`], [`sli`] and [`usage`] have their own tables.

pub mod activity;
pub mod changes;
pub mod comparison;
pub mod costs;
pub mod errors;
pub mod execution_comparison;
pub mod execution_detail;
pub mod execution_list;
pub mod execution_norms;
pub mod execution_tree;
pub mod executions;
pub mod figures;
pub mod frame;
pub mod grid;
pub mod journeys;
pub mod observability;
pub mod output;
pub mod performance;
pub mod process;
pub mod rankings;
pub mod retention;
pub mod sli;
pub mod steps;
pub mod usage;
pub mod ways;

use std::{fmt::Debug, hash::Hash, time::Duration};

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::{Decimal, Scope, TimeRange, Timestamp};
use weir_query::{Answer, Dialect, Query, ResolvedQuery, resolve::Resolution};

use super::{
    AppError, Reading,
    privacy::Viewer,
    query::{Asked, Completeness, Freshness},
};

pub use figures::{ExecutionFigures, Figures, Line, Results};
pub use frame::Frame;

/// A time range that includes `from` and excludes `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RangeView {
    /// The start of the range.
    #[schema(value_type = String, format = "date-time")]
    pub from: Timestamp,
    /// The end of the range, exclusive.
    #[schema(value_type = String, format = "date-time")]
    pub to: Timestamp,
}

impl From<TimeRange> for RangeView {
    fn from(range: TimeRange) -> Self {
        Self {
            from: range.from,
            to: range.to,
        }
    }
}

/// An amount as a number: US dollars, credits or billed units.
fn units(amount: Decimal) -> f64 {
    amount.0 as f64 / 1e9
}

/// How an answer was computed, and how complete its data is.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Meta {
    /// The tables that the answer was read from.
    pub source: String,
    /// Number of rows read.
    pub rows_read: u64,
    /// Number of groups, regardless of the limit.
    pub groups: usize,
    /// How long it took, in milliseconds.
    pub elapsed_ms: f64,
    /// Whether the answer came from the cache.
    pub cached: bool,
    /// Which data has arrived.
    pub completeness: Completeness,
}

/// What an answer depends on, for callers that already have an older one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Version {
    /// The last commit that it includes.
    pub watermark: u64,
    /// The resolved range: relative ranges move.
    pub range: TimeRange,
    /// The version of whatever else it depends on, such as settings; 0 if there is nothing else.
    pub revision: u64,
}

/// An answer with its version.
#[derive(Debug)]
pub struct Versioned<T> {
    /// The answer.
    pub body: T,
    /// Its version.
    pub version: Version,
}

impl<T> Versioned<T> {
    /// An answer that includes every commit up to a watermark, for a range; an answer without one has an empty range.
    pub(super) fn as_of(watermark: u64, range: TimeRange, body: T) -> Self {
        let version = Version {
            watermark,
            range,
            revision: 0,
        };
        Self { body, version }
    }

    /// The same with this revision.
    pub(super) fn revised(mut self, revision: u64) -> Self {
        self.version.revision = revision;
        self
    }
}

/// The queries of one view: they share a viewer and run one after the other.
pub(super) struct Questions<'a> {
    reading: &'a Reading,
    viewer: Viewer,
    freshness: Freshness,
    asked: Vec<Asked>,
    /// How long answers made of records took, and whether all of them came from the cache.
    records: (Duration, bool),
    /// The sources of those answers.
    read_from: Vec<&'static str>,
    /// The last commit before a query was resolved.
    resolved_at: Option<u64>,
}

impl<'a> Questions<'a> {
    pub(super) fn new(reading: &'a Reading, viewer: Viewer, freshness: Freshness) -> Self {
        Self {
            reading,
            viewer,
            freshness,
            asked: Vec::new(),
            records: (Duration::ZERO, true),
            read_from: Vec::new(),
            resolved_at: None,
        }
    }

    pub(super) async fn ask(&mut self, query: &Query) -> Result<std::sync::Arc<Answer>, AppError> {
        let asked = self.reading.ask(self.viewer, query, self.freshness).await;
        let asked = asked.map_err(|error| frame::in_parameters_of(query, error))?;
        let answer = std::sync::Arc::clone(&asked.answer);
        self.asked.push(asked);
        Ok(answer)
    }

    /// Asks for figures. Fails like [`Reading::ask`], with the field named as a parameter.
    pub(super) async fn figures<F: Figures>(
        &mut self,
        query: Query,
    ) -> Result<Results<F>, AppError> {
        self.ask(&figures::asking::<F>(query))
            .await
            .map(Results::new)
    }

    /// The range, zone and buckets of a query, without running it. Fails if the query is not valid.
    pub(super) async fn resolved(&mut self, query: &Query) -> Result<Resolution, AppError> {
        // Before the read that follows: what is committed after this makes the answer stale.
        let watermark = self.reading.store.watermark(self.scope());
        let prepared = self.reading.prepared(self.scope(), query).await;
        let prepared = prepared.map_err(|error| frame::in_parameters_of(query, error))?;
        self.resolved_at.get_or_insert(watermark);
        Ok(prepared.resolution().clone())
    }

    /// The last commit that everything in the view includes; `None` before the first question.
    fn watermark(&self) -> Option<u64> {
        let asked = self.asked.iter().map(|asked| asked.watermark);
        asked.chain(self.resolved_at).min()
    }

    /// The project.
    pub(super) fn scope(&self) -> Scope {
        self.viewer.scope()
    }

    /// The SQL that the store speaks.
    pub(super) fn dialect(&self) -> Dialect {
        self.reading.store.dialect()
    }

    /// The rules by which the store combines the events of an execution.
    pub(super) fn rules(&self) -> weir_store::fold::Rules {
        self.reading.store.rules()
    }

    /// The viewer.
    pub(super) fn viewer(&self) -> Viewer {
        self.viewer
    }

    /// The times of the first and the newest event.
    pub(super) fn data_range(&self) -> Option<TimeRange> {
        self.reading.store.data_range(self.scope())
    }

    /// An answer made of records, as fresh as the others. `question` holds everything that the answer
    /// depends on. Fails if computing fails.
    pub(super) async fn recorded<Q, T>(
        &mut self,
        question: Q,
        computing: impl Future<Output = Result<T, AppError>> + Send,
    ) -> Result<T, AppError>
    where
        Q: Debug + Eq + Hash + Send + Sync + 'static,
        T: Clone + Debug + Send + Sync + 'static,
    {
        let watermark = self
            .watermark()
            .unwrap_or_else(|| self.reading.store.watermark(self.scope()));
        let (viewer, freshness) = (self.viewer, self.freshness);
        let recorded = self
            .reading
            .recorded(viewer, watermark, question, freshness, computing);
        let recorded = recorded.await?;
        self.records.0 += recorded.took;
        self.records.1 &= recorded.cached;
        Ok(T::clone(&recorded.answer))
    }

    /// Names what answers made of records were read from.
    pub(super) fn read_from(&mut self, source: &'static str) {
        if !self.read_from.contains(&source) {
            self.read_from.push(source);
        }
    }

    /// Records a read of records that is never cached, and how long it took.
    pub(super) fn read_uncached(&mut self, source: &'static str, took: Duration) {
        self.read_from(source);
        self.records.0 += took;
        self.records.1 = false;
    }

    pub(super) async fn meta(&self) -> Result<Meta, AppError> {
        let (took, cached) = self.records;
        let mut meta = self.reading.meta_of(self.viewer(), &self.asked).await?;
        meta.elapsed_ms += (took.as_secs_f64() * 1e6).round() / 1e3;
        meta.cached &= cached;
        for source in &self.read_from {
            if !meta.source.is_empty() {
                meta.source.push_str("; ");
            }
            meta.source.push_str(source);
        }
        Ok(meta)
    }

    /// The view's answer, with the version of this range.
    pub(super) fn finish<T>(self, range: TimeRange, body: T) -> Versioned<T> {
        Versioned::as_of(self.watermark().unwrap_or(0), range, body)
    }
}

impl Reading {
    /// Figures outside a view, with the last commit that they include. Fails like [`Reading::ask`].
    pub async fn ask_for<F: Figures>(
        &self,
        viewer: Viewer,
        query: Query,
        freshness: Freshness,
    ) -> Result<(Results<F>, u64), AppError> {
        let query = figures::asking::<F>(query);
        let asked = self.ask(viewer, &query, freshness).await;
        let asked = asked.map_err(|error| frame::in_parameters_of(&query, error))?;
        Ok((Results::new(asked.answer), asked.watermark))
    }

    /// The range of a frame. Fails if it is not valid.
    pub(super) async fn range_of(
        &self,
        scope: Scope,
        frame: &Frame,
    ) -> Result<TimeRange, AppError> {
        Ok(self.resolved_frame(scope, frame).await?.range)
    }

    /// A frame as a resolved query for executions. Fails if it is not valid.
    pub(super) async fn resolved_frame(
        &self,
        scope: Scope,
        frame: &Frame,
    ) -> Result<ResolvedQuery, AppError> {
        let query = Query {
            metrics: vec!["executions".to_owned()],
            ..frame.question()
        };
        let prepared = self.prepared(scope, &query).await;
        let prepared = prepared.map_err(|error| frame::in_parameters_of(&query, error))?;
        Ok(prepared.resolved().clone())
    }

    /// The `meta` of one or several answers. Fails if completeness cannot be read.
    pub async fn meta_of(&self, viewer: Viewer, asked: &[Asked]) -> Result<Meta, AppError> {
        let mut sources: Vec<&str> = asked
            .iter()
            .map(|asked| asked.answer.source.as_str())
            .collect();
        sources.dedup();
        let took: f64 = asked
            .iter()
            .map(|asked| asked.took.as_secs_f64() * 1e3)
            .sum();
        Ok(Meta {
            source: sources.join("; "),
            rows_read: asked.iter().map(|asked| asked.answer.rows_read).sum(),
            groups: asked.first().map_or(0, |asked| asked.answer.groups),
            elapsed_ms: (took * 1e3).round() / 1e3,
            cached: asked.iter().all(|asked| asked.cached),
            completeness: self.completeness(viewer).await?,
        })
    }
}
