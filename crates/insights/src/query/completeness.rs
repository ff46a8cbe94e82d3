//! Which data has arrived, so that charts can mark periods that are still incomplete.

use std::sync::Arc;

use moka::future::Cache;
use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::CountedBucket;
use weir_model::{
    Scope, TimeRange, Timestamp,
    cube::Dimension,
    time::{DAY, HOUR, MINUTE},
};
use weir_query::{Interval, Query, Rows};
use weir_store::SourceState;

use super::Freshness;
use crate::{AppError, Reading, privacy::Viewer};

/// Which data has arrived in a project, by source. An API key that is bound to an environment gets only
/// `completeUntil`, because sources belong to the whole project.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Completeness {
    /// The time of the newest stored event.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub newest_event: Option<Timestamp>,
    /// Every source that has ever sent an event, ordered by name.
    pub sources: Vec<Source>,
    /// Periods in which a source that usually sends events sent none.
    pub gaps: Vec<Gap>,
    /// The time up to which data is expected to be complete: the newest event of the live source that is
    /// furthest behind, or the newest event if no source is live. Never later than the server's current time.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub complete_until: Option<Timestamp>,
}

/// Which data has arrived from one source.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    /// The name of the source.
    pub source: String,
    /// The time of its newest event.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub newest_event: Option<Timestamp>,
    /// When its last event was received.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub newest_received: Option<Timestamp>,
    /// Number of stored events.
    pub events: u64,
    /// The delay between its newest event and receipt, in milliseconds.
    pub lag_ms: Option<i64>,
}

/// A period in which a source sent nothing.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Gap {
    /// The source.
    pub source: String,
    /// The start of the period.
    #[schema(value_type = String, format = "date-time")]
    pub from: Timestamp,
    /// When events arrived again, or the current time.
    #[schema(value_type = String, format = "date-time")]
    pub to: Timestamp,
}

/// A source is live if it has sent events within this time, and they were not older than this.
const LIVE_MS: i64 = DAY;
/// The most sources that are checked for gaps.
const MOST_WATCHED: usize = 50;
/// How far back gaps are searched for: four weeks show a weekly rhythm.
const WATCHED_MS: i64 = 28 * DAY;

/// The gaps of projects. Gaps are hours long, so they are searched for once a minute.
pub(crate) struct KnownGaps(Cache<(Scope, i64), Arc<Vec<Gap>>>);

impl Default for KnownGaps {
    fn default() -> Self {
        Self(Cache::new(1_000))
    }
}

impl Completeness {
    /// The part that also applies to a single environment.
    fn of_a_part(self) -> Self {
        Self {
            newest_event: None,
            sources: Vec::new(),
            gaps: Vec::new(),
            ..self
        }
    }
}

impl Reading {
    /// Which data has arrived in a project. Fails if the store does.
    pub async fn completeness(&self, viewer: Viewer) -> Result<Completeness, AppError> {
        let (scope, now) = (viewer.scope(), self.clock.now());
        let sources = self.store.sources(scope);
        if viewer.is_bound() {
            return Ok(of(&sources, now, Vec::new()).of_a_part());
        }
        let looking = self.look_for_gaps(scope, &sources, now);
        let minute = now.0.div_euclid(MINUTE);
        let known = self
            .known_gaps
            .0
            .try_get_with((scope, minute), looking)
            .await;
        let gaps = known.map_err(|error| AppError::clone(&error))?;
        let mut found = of(&sources, now, gaps.to_vec());
        let sources = found.sources.iter_mut().map(|source| &mut source.source);
        let gaps = found.gaps.iter_mut().map(|gap| &mut gap.source);
        self.veil(viewer, sources.chain(gaps).collect()).await?;
        Ok(found)
    }

    async fn look_for_gaps(
        &self,
        scope: Scope,
        sources: &[SourceState],
        now: Timestamp,
    ) -> Result<Arc<Vec<Gap>>, AppError> {
        // Only hours that are over: in the current one, events may still arrive.
        let to = now.floor(HOUR);
        let window = TimeRange {
            from: to.plus(-WATCHED_MS),
            to,
        };
        let live: Vec<&SourceState> = sources
            .iter()
            .filter(|source| is_live(source, now) && source.first_event < to)
            .take(MOST_WATCHED)
            .collect();
        if live.is_empty() {
            return Ok(Arc::default());
        }
        let query = Query::metrics(["events"])
            .by(["source"])
            .filter("source", live.iter().map(|source| &*source.source))
            .range(window)
            .every(Interval::Hour)
            .limit(MOST_WATCHED as i64);
        let asked = self
            .ask(Viewer::clear(scope), &query, Freshness::Cached)
            .await?;
        let found = live
            .iter()
            .flat_map(|source| gaps_of(source, &asked.answer.rows, window));
        Ok(Arc::new(found.collect()))
    }
}

/// The gaps of one source, from the hourly counts of all sources.
fn gaps_of(source: &SourceState, rows: &Rows, window: TimeRange) -> Vec<Gap> {
    let mut hours = hours(window);
    for row in rows.iter() {
        let of_source = rows.dimension(row, Dimension::Source) == Some(&*source.source);
        if let Some(time) = rows.time(row).filter(|_| of_source)
            && let Some(hour) = hours.get_mut(((time.0 - window.from.0) / HOUR) as usize)
        {
            hour.events = rows.value(row, "events").unwrap_or(0.0) as u64;
        }
    }
    weir_analysis::gaps(&hours, source.first_event)
        .into_iter()
        .map(|gap| Gap {
            source: source.source.to_string(),
            from: gap.from,
            to: gap.to,
        })
        .collect()
}

fn hours(window: TimeRange) -> Vec<CountedBucket> {
    let starts = (window.from.0..window.to.0).step_by(HOUR as usize);
    starts
        .map(|start| CountedBucket {
            range: TimeRange::new(start, start + HOUR),
            events: 0,
        })
        .collect()
}

fn of(sources: &[SourceState], now: Timestamp, gaps: Vec<Gap>) -> Completeness {
    let newest_event = sources.iter().map(|source| source.newest_event).max();
    let live = sources.iter().filter(|source| is_live(source, now));
    let furthest_behind = live.map(|source| source.newest_event).min();
    Completeness {
        newest_event,
        sources: sources.iter().map(source).collect(),
        gaps,
        // A producer's clock can run ahead; the future is never complete.
        complete_until: furthest_behind.or(newest_event).map(|until| until.min(now)),
    }
}

/// A finished import of an old log is not live: it says nothing about the present.
fn is_live(source: &SourceState, now: Timestamp) -> bool {
    let sends = now.0 - source.newest_received.0 <= LIVE_MS;
    let current = source.newest_received.0 - source.newest_event.0 <= LIVE_MS;
    sends && current
}

fn source(state: &SourceState) -> Source {
    Source {
        source: state.source.to_string(),
        newest_event: Some(state.newest_event),
        newest_received: Some(state.newest_received),
        events: state.events,
        lag_ms: Some((state.newest_received.0 - state.newest_event.0).max(0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_760_000_000_000);

    /// A source whose newest event happened and arrived this many milliseconds ago.
    fn source(name: &str, happened: i64, arrived: i64) -> SourceState {
        SourceState {
            source: name.into(),
            first_event: NOW.plus(-300 * DAY),
            newest_event: NOW.plus(-happened),
            newest_received: NOW.plus(-arrived),
            events: 5,
        }
    }

    #[test]
    fn a_project_without_events_has_no_complete_time() {
        let nothing = of(&[], NOW, Vec::new());
        assert_eq!((nothing.newest_event, nothing.complete_until), (None, None));
    }

    #[test]
    fn data_is_complete_up_to_the_live_source_that_is_furthest_behind() {
        let sources = [source("a", MINUTE, 0), source("b", HOUR, MINUTE)];
        let found = of(&sources, NOW, Vec::new());
        assert_eq!(found.newest_event, Some(NOW.plus(-MINUTE)));
        assert_eq!(found.complete_until, Some(NOW.plus(-HOUR)));
        assert_eq!(found.sources[1].lag_ms, Some(HOUR - MINUTE));
    }

    #[test]
    fn data_is_never_complete_beyond_the_present() {
        let ahead = source("fast", -20 * HOUR, 0);
        assert_eq!(of(&[ahead], NOW, Vec::new()).complete_until, Some(NOW));
    }

    #[test]
    fn imports_and_inactive_sources_do_not_delay_completeness() {
        let sources = [
            source("http", MINUTE, 0),
            source("import:log", 200 * DAY, MINUTE),
            source("switched off", 30 * DAY, 30 * DAY),
        ];
        assert_eq!(
            of(&sources, NOW, Vec::new()).complete_until,
            Some(NOW.plus(-MINUTE))
        );
        assert_eq!(
            of(&sources[1..2], NOW, Vec::new()).complete_until,
            Some(NOW.plus(-200 * DAY))
        );
    }
}
