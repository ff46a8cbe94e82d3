//! Figures about reading itself, for `/metrics`.

use std::time::Duration;

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, histogram::Histogram},
};

/// Bucket bounds of duration histograms in seconds: from half a millisecond to half a minute.
const SECONDS: [f64; 15] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
];

/// The label `outcome`.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct Outcome {
    /// The outcome in one word.
    pub outcome: &'static str,
}

/// A histogram of durations in seconds.
pub fn durations() -> Histogram {
    Histogram::new(SECONDS)
}

/// A figure that is read when `/metrics` is scraped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// Its name, without the prefix.
    pub name: &'static str,
    /// The help text.
    pub help: &'static str,
    /// The value.
    pub amount: Amount,
}

/// The value of a figure, with its type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Amount {
    /// A count that only grows.
    Counted(u64),
    /// A current number of things.
    Now(u64),
    /// A share, 0 to 1.
    Share(f64),
}

/// Returns the current figures on each call.
pub type Source = Box<dyn Fn() -> Vec<Figure> + Send + Sync>;

/// Counts and durations of queries; clones share them.
#[derive(Clone, Debug)]
pub struct Queries {
    outcomes: Family<Outcome, Counter>,
    durations: Histogram,
}

impl Default for Queries {
    fn default() -> Self {
        Self {
            outcomes: Family::default(),
            durations: durations(),
        }
    }
}

impl Queries {
    /// Counts a query. `took` is set if its answer was computed and not cached.
    pub fn count(&self, outcome: &'static str, took: Option<Duration>) {
        self.outcomes.get_or_create(&Outcome { outcome }).inc();
        if let Some(took) = took {
            self.durations.observe(took.as_secs_f64());
        }
    }

    /// Number of queries by outcome.
    pub fn outcomes(&self) -> Family<Outcome, Counter> {
        self.outcomes.clone()
    }

    /// How long computing answers took.
    pub fn durations(&self) -> Histogram {
        self.durations.clone()
    }
}
