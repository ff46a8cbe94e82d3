//! Figures about reading itself, for `/metrics`.

use std::time::Duration;

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, histogram::Histogram},
};

/// Bounds of duration histograms in seconds: from half a millisecond to half a minute.
const SECONDS: [f64; 15] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
];

/// What became of something.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct Outcome {
    /// In a word.
    pub outcome: &'static str,
}

/// A histogram of durations in seconds.
pub fn durations() -> Histogram {
    Histogram::new(SECONDS)
}

/// A figure that is read when somebody asks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// Its name, without the prefix.
    pub name: &'static str,
    /// What it says.
    pub help: &'static str,
    /// How much.
    pub amount: Amount,
}

/// How much of something there is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Amount {
    /// A count that only grows.
    Counted(u64),
    /// A number of things now.
    Now(u64),
    /// A share, 0 to 1.
    Share(f64),
}

/// What tells figures when asked.
pub type Source = Box<dyn Fn() -> Vec<Figure> + Send + Sync>;

/// How queries were answered; copies count together.
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
    /// Counts a query; `took` where an answer was computed.
    pub fn count(&self, outcome: &'static str, took: Option<Duration>) {
        self.outcomes.get_or_create(&Outcome { outcome }).inc();
        if let Some(took) = took {
            self.durations.observe(took.as_secs_f64());
        }
    }

    /// The counts, by what became of queries.
    pub fn outcomes(&self) -> Family<Outcome, Counter> {
        self.outcomes.clone()
    }

    /// How long answers took to compute.
    pub fn durations(&self) -> Histogram {
        self.durations.clone()
    }
}
