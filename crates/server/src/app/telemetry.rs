//! Figures about the server itself, for `/metrics`.

use std::{fmt, sync::Arc, time::Duration};

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
use weir_store::EventStore;

/// Bounds of duration histograms in seconds: from half a millisecond to half a minute.
const SECONDS: [f64; 15] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
];

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

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OutcomeLabel {
    outcome: &'static str,
}

fn durations() -> Histogram {
    Histogram::new(SECONDS)
}

/// Counters and histograms, and the registry that renders them.
pub struct Telemetry {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    request_durations: Family<RouteLabel, Histogram, fn() -> Histogram>,
    events: Family<OutcomeLabel, Counter>,
    queries: Family<OutcomeLabel, Counter>,
    query_durations: Histogram,
}

impl Telemetry {
    /// Figures about the server, and about the store at the moment of asking.
    pub fn new(store: Arc<dyn EventStore>) -> Self {
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
        registry.register(
            "events",
            "Events that came in, by what became of them",
            events.clone(),
        );
        let queries = Family::default();
        registry.register(
            "queries",
            "Queries, by how they were answered: computed, cached, refused, failed",
            queries.clone(),
        );
        let query_durations = durations();
        registry.register_with_unit(
            "query_duration",
            "Time to compute the answer to a query",
            Unit::Seconds,
            query_durations.clone(),
        );
        registry.register_collector(Box::new(StoreFigures(store)));
        Self {
            registry,
            requests,
            request_durations,
            events,
            queries,
            query_durations,
        }
    }

    /// Counts a request. `route` is the pattern and never the path, which anybody can make up.
    pub fn request(&self, method: &str, route: &str, status: u16, took: Duration) {
        let labels = RequestLabels {
            method: method.to_owned(),
            route: route.to_owned(),
            status,
        };
        self.requests.get_or_create(&labels).inc();
        let route = RouteLabel {
            route: labels.route,
        };
        self.request_durations
            .get_or_create(&route)
            .observe(took.as_secs_f64());
    }

    /// Counts events that came in.
    pub fn events(&self, accepted: usize, duplicates: usize, rejected: usize) {
        let counts = [
            ("accepted", accepted),
            ("duplicate", duplicates),
            ("rejected", rejected),
        ];
        for (outcome, count) in counts {
            self.events
                .get_or_create(&OutcomeLabel { outcome })
                .inc_by(count as u64);
        }
    }

    /// Counts a query; `took` where an answer was computed.
    pub fn query(&self, outcome: &'static str, took: Option<Duration>) {
        self.queries.get_or_create(&OutcomeLabel { outcome }).inc();
        if let Some(took) = took {
            self.query_durations.observe(took.as_secs_f64());
        }
    }

    /// Everything in the OpenMetrics text format.
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

/// What the store says about itself when asked.
struct StoreFigures(Arc<dyn EventStore>);

impl fmt::Debug for StoreFigures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoreFigures")
    }
}

impl Collector for StoreFigures {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), fmt::Error> {
        let figures = self.0.statistics();
        let counters = [
            (
                "store_commits",
                "Commits of the event store",
                figures.commits,
            ),
            (
                "store_events",
                "Events stored since the start",
                figures.events,
            ),
            (
                "store_duplicates",
                "Events found to be stored already",
                figures.duplicates,
            ),
        ];
        for (name, help, value) in counters {
            let counter = ConstCounter::new(value);
            counter.encode(encoder.encode_descriptor(
                name,
                help,
                None,
                counter.metric_type(),
            )?)?;
        }
        let gauges = [
            (
                "store_queued_events",
                "Events taken and not yet committed",
                figures.queued_events,
            ),
            (
                "store_open_executions",
                "Executions that have not ended",
                figures.open_executions,
            ),
            (
                "store_size_bytes",
                "Size of the event store on disk",
                figures.bytes_on_disk,
            ),
        ];
        for (name, help, value) in gauges {
            let gauge = ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX));
            gauge.encode(encoder.encode_descriptor(name, help, None, gauge.metric_type())?)?;
        }
        Ok(())
    }
}
