//! The server's own metrics, for `/metrics`.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric, text},
    metrics::{
        counter::{ConstCounter, Counter},
        family::Family,
        gauge::ConstGauge,
        histogram::Histogram,
    },
    registry::{Registry, Unit},
};
pub use weir_insights::telemetry::{Amount, Figure, Source};
use weir_insights::telemetry::{Outcome, Queries, durations};
use weir_meta::ServerTally;
use weir_store::{ClockState, EventStore};

use super::operations::Tally;

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RequestLabels {
    method: String,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RouteLabel {
    route: String,
}

/// Counters and histograms, and the registry that renders them.
pub struct Telemetry {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    request_durations: Family<RouteLabel, Histogram, fn() -> Histogram>,
    events: Family<Outcome, Counter>,
    tally: Tally,
}

impl Telemetry {
    /// The server's metrics, and those of `sources`, which are read on each request.
    pub fn new(queries: &Queries, sources: impl IntoIterator<Item = Source>) -> Self {
        let mut registry = Registry::with_prefix("weir");
        let requests = Family::default();
        registry.register("http_requests", "Requests answered", requests.clone());
        let request_durations = Family::new_with_constructor(durations as fn() -> Histogram);
        registry.register_with_unit(
            "http_request_duration",
            "Time from a request's head to its answer's head",
            Unit::Seconds,
            request_durations.clone(),
        );
        let events = Family::default();
        registry.register("events", "Events received, by outcome", events.clone());
        registry.register(
            "queries",
            "Queries, by outcome: computed, cached, refused or failed",
            queries.outcomes(),
        );
        registry.register_with_unit(
            "query_duration",
            "Time to compute the answer to a query",
            Unit::Seconds,
            queries.durations(),
        );
        for source in sources {
            registry.register_collector(Box::new(Collected(source)));
        }
        Self {
            registry,
            requests,
            request_durations,
            events,
            tally: Tally::default(),
        }
    }

    /// Counts a request. `route` is the pattern, never the path, which anyone can make up.
    pub fn request(&self, method: &str, route: &str, status: u16, took: Duration) {
        let labels = RequestLabels {
            method: method.to_owned(),
            route: route.to_owned(),
            status,
        };
        self.requests.get_or_create(&labels).inc();
        self.tally.count(method, route, status, took);
        let route = RouteLabel {
            route: labels.route,
        };
        self.request_durations
            .get_or_create(&route)
            .observe(took.as_secs_f64());
    }

    /// Counts received events.
    pub fn events(&self, accepted: usize, duplicates: usize, rejected: usize) {
        let counts = [
            ("accepted", accepted),
            ("duplicate", duplicates),
            ("rejected", rejected),
        ];
        for (outcome, count) in counts {
            self.events
                .get_or_create(&Outcome { outcome })
                .inc_by(count as u64);
        }
    }

    /// How many requests there were since the start, for the server's own service levels.
    pub(super) fn tally(&self) -> ServerTally {
        self.tally.so_far()
    }

    /// All metrics in the OpenMetrics text format. Fails if one cannot be encoded.
    pub fn render(&self) -> Result<String, fmt::Error> {
        let mut buffer = String::new();
        text::encode(&mut buffer, &self.registry)?;
        Ok(buffer)
    }
}

impl fmt::Debug for Telemetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Telemetry").finish_non_exhaustive()
    }
}

struct Collected(Source);

impl fmt::Debug for Collected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Collected")
    }
}

impl Collector for Collected {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), fmt::Error> {
        for Figure { name, help, amount } in (self.0)() {
            let mut write = |metric: &dyn Written| metric.write(&mut encoder, name, help);
            match amount {
                Amount::Counted(count) => write(&ConstCounter::new(count))?,
                Amount::Now(count) => {
                    write(&ConstGauge::new(i64::try_from(count).unwrap_or(i64::MAX)))?;
                }
                Amount::Share(share) => write(&ConstGauge::new(share))?,
            }
        }
        Ok(())
    }
}

/// Anything that can be encoded under a name.
trait Written {
    fn write(
        &self,
        encoder: &mut DescriptorEncoder,
        name: &str,
        help: &str,
    ) -> Result<(), fmt::Error>;
}

impl<M: EncodeMetric> Written for M {
    fn write(
        &self,
        encoder: &mut DescriptorEncoder,
        name: &str,
        help: &str,
    ) -> Result<(), fmt::Error> {
        self.encode(encoder.encode_descriptor(name, help, None, self.metric_type())?)
    }
}

/// The newest commit of the event store that is recorded in control data.
#[derive(Clone, Debug, Default)]
pub struct NotedCommit(Arc<AtomicU64>);

impl NotedCommit {
    /// Notes that control data has recorded a commit.
    pub fn set(&self, sequence: u64) {
        self.0.store(sequence, Ordering::Release);
    }

    /// The figure for `/metrics`.
    pub fn figures(&self) -> Source {
        let noted = self.clone();
        Box::new(move || {
            vec![Figure {
                name: "store_noted_commit",
                help: "The newest commit of the event store recorded in control data since the start",
                amount: Amount::Now(noted.0.load(Ordering::Acquire)),
            }]
        })
    }
}

/// The event store's statistics.
pub fn of_store(store: Arc<dyn EventStore>) -> Source {
    Box::new(move || {
        let figures = store.statistics();
        let ahead = match figures.clock {
            ClockState::Plausible => 0,
            ClockState::Ahead { milliseconds } => (milliseconds / 1_000).max(1).unsigned_abs(),
        };
        [
            (
                "store_commits",
                "Commits of the event store",
                Amount::Counted(figures.commits),
            ),
            (
                "store_events",
                "Events stored since the start",
                Amount::Counted(figures.events),
            ),
            (
                "store_duplicates",
                "Events that were already stored",
                Amount::Counted(figures.duplicates),
            ),
            (
                "store_queued_events",
                "Events accepted and not yet committed",
                Amount::Now(figures.queued_events),
            ),
            (
                "store_events_to_sum",
                "Events committed whose rollup rows have not been summed yet",
                Amount::Now(figures.events_to_sum),
            ),
            (
                "store_expiry_resting",
                "1 while rollup rows do not expire because the clock is implausible",
                Amount::Now(u64::from(ahead > 0)),
            ),
            (
                "store_clock_ahead_seconds",
                "How far the clock is ahead of a plausible time; 0 if it is plausible",
                Amount::Now(ahead),
            ),
            (
                "store_open_executions",
                "Executions that have not ended",
                Amount::Now(figures.open_executions),
            ),
            (
                "store_tables_to_compact",
                "Rollup tables with partials to merge",
                Amount::Now(figures.tables_to_compact),
            ),
            (
                "store_size_bytes",
                "Size of the event store on disk",
                Amount::Now(figures.bytes_on_disk),
            ),
        ]
        .map(|(name, help, amount)| Figure { name, help, amount })
        .into()
    })
}

/// The number of connections closed because of slow clients.
pub fn of_connections(given_up: Arc<AtomicU64>) -> Source {
    Box::new(move || {
        vec![Figure {
            name: "connections_given_up",
            help: "Connections closed because their clients did not read answers for too long",
            amount: Amount::Counted(given_up.load(Ordering::Relaxed)),
        }]
    })
}
