//! What has arrived: the marks that keep a chart from pretending to know what has not.

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::{Scope, Timestamp, time::DAY};
use weir_store::SourceState;

use crate::app::App;

/// What has arrived in a project, by source.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Completeness {
    /// When the newest stored event happened.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub newest_event: Option<Timestamp>,
    /// Every source that ever sent anything, in order of name.
    pub sources: Vec<Source>,
    /// Stretches of time in which a source that usually sends sent nothing.
    pub gaps: Vec<Gap>,
    /// Up to here nothing is known to be on its way: the newest event of the live source that is
    /// furthest behind; without a live source, the newest event.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub complete_until: Option<Timestamp>,
}

/// What has arrived by one source.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    /// The door's name.
    pub source: String,
    /// When its newest event happened.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub newest_event: Option<Timestamp>,
    /// When its last event arrived.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub newest_received: Option<Timestamp>,
    /// How many events of it are stored.
    pub events: u64,
    /// How long after it happened its newest event arrived, in milliseconds.
    pub lag_ms: Option<i64>,
}

/// A stretch of time in which a source sent nothing.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Gap {
    /// The source.
    pub source: String,
    /// The first moment without events.
    #[schema(value_type = String, format = "date-time")]
    pub from: Timestamp,
    /// The first moment with events again, or the present.
    #[schema(value_type = String, format = "date-time")]
    pub to: Timestamp,
}

/// A source that has sent within this time, and whose events were not older than this, is live.
const LIVE_MS: i64 = DAY;

impl App {
    /// What has arrived in a project.
    pub fn completeness(&self, scope: Scope) -> Completeness {
        of(&self.store.sources(scope), self.clock.now())
    }
}

fn of(sources: &[SourceState], now: Timestamp) -> Completeness {
    let newest_event = sources.iter().map(|source| source.newest_event).max();
    let live = sources.iter().filter(|source| is_live(source, now));
    let furthest_behind = live.map(|source| source.newest_event).min();
    Completeness {
        newest_event,
        sources: sources.iter().map(source).collect(),
        gaps: Vec::new(),
        complete_until: furthest_behind.or(newest_event),
    }
}

/// An import of an old log is not live: it is over, and says nothing about the present.
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
    use weir_model::time::{HOUR, MINUTE};

    use super::*;

    const NOW: Timestamp = Timestamp(1_760_000_000_000);

    /// A source whose newest event happened and arrived so many milliseconds ago.
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
    fn nothing_is_known_of_a_project_without_events() {
        let nothing = of(&[], NOW);
        assert_eq!((nothing.newest_event, nothing.complete_until), (None, None));
    }

    #[test]
    fn the_live_source_that_is_furthest_behind_holds_completeness_back() {
        let sources = [source("a", MINUTE, 0), source("b", HOUR, MINUTE)];
        let found = of(&sources, NOW);
        assert_eq!(found.newest_event, Some(NOW.plus(-MINUTE)));
        assert_eq!(found.complete_until, Some(NOW.plus(-HOUR)));
        assert_eq!(found.sources[1].lag_ms, Some(HOUR - MINUTE));
    }

    #[test]
    fn an_imported_log_and_a_dead_source_do_not_hold_it_back() {
        let sources = [
            source("http", MINUTE, 0),
            source("import:log", 200 * DAY, MINUTE),
            source("switched off", 30 * DAY, 30 * DAY),
        ];
        assert_eq!(of(&sources, NOW).complete_until, Some(NOW.plus(-MINUTE)));
        assert_eq!(
            of(&sources[1..2], NOW).complete_until,
            Some(NOW.plus(-200 * DAY))
        );
    }
}
