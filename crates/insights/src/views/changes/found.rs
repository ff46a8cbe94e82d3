//! Changes with ids instead of names, and which of the candidates are significant.

use weir_analysis::{Difference, changes::discoveries};
use weir_model::Timestamp;

use super::answer::{ChangeEffect, ChangeKind, ChangeMetric, ChangeSamples, ChangeTrace};
use crate::AppError;

/// The expected share of false changes among those of one kind that are reported.
const FALSE_DISCOVERIES: f64 = 0.01;
/// The most changes of one kind that are measured further.
const MOST_MEASURED: usize = 20;

/// A change.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub kind: ChangeKind,
    pub since: Timestamp,
    pub until: Option<Timestamp>,
    /// The workflows, the most affected first.
    pub workflows: Vec<String>,
    pub version: Option<String>,
    pub step: Option<StepKey>,
    pub connector: Option<String>,
    pub model: Option<String>,
    pub error_group: Option<String>,
    pub metric: ChangeMetric,
    pub before: f64,
    pub after: f64,
    pub difference: Option<Difference>,
    pub effect: ChangeEffect,
    pub samples: ChangeSamples,
    /// Whether a step only waited longer: that explains why its workflow took longer, and is not told itself.
    pub is_wait: bool,
    /// The adjusted p-value.
    pub p: f64,
    pub series: ChangeTrace,
}

impl Found {
    /// A change of a metric; the rest is empty.
    pub fn new(kind: ChangeKind, metric: ChangeMetric, series: ChangeTrace) -> Self {
        Self {
            kind,
            since: series.from,
            until: None,
            workflows: Vec::new(),
            version: None,
            step: None,
            connector: None,
            model: None,
            error_group: None,
            metric,
            before: 0.0,
            after: 0.0,
            difference: None,
            effect: ChangeEffect::default(),
            samples: ChangeSamples::default(),
            is_wait: false,
            p: 1.0,
            series,
        }
    }

    /// Whether their times overlap.
    pub fn overlaps(&self, other: &Self) -> bool {
        let ends_after = |until: Option<Timestamp>, since| until.is_none_or(|until| until > since);
        ends_after(self.until, other.since) && ends_after(other.until, self.since)
    }

    /// Whether a step of the same workflow explains this change of the workflow.
    pub fn is_explained_by(&self, step: &Self) -> bool {
        step.step.is_some() && step.workflows == self.workflows && step.overlaps(self)
    }
}

/// A step with its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StepKey {
    pub id: String,
    pub step_type: Option<String>,
}

/// What a detector returns.
#[derive(Debug, Default)]
pub(super) struct Detected {
    pub found: Vec<Found>,
    /// How many series were examined.
    pub tested: usize,
    /// How many changes are significant but were not measured.
    pub omitted: usize,
}

impl Detected {
    pub fn add(&mut self, other: Self) {
        self.found.extend(other.found);
        self.tested += other.tested;
        self.omitted += other.omitted;
    }
}

/// A window of a series that may be a change.
#[derive(Clone, Debug)]
pub(super) struct Candidate<T> {
    pub of: T,
    /// The p-value; adjusted once it is significant.
    pub p: f64,
    /// The size of its effect, to measure the largest ones first.
    pub effect: f64,
}

/// The candidates that are significant at the false discovery rate, those with the largest effects first,
/// and what the detector returns before it has measured them: nothing found, and how many are left out.
/// `tested` is the number of series that were examined.
pub(super) fn significant<T>(
    candidates: Vec<Candidate<T>>,
    tested: usize,
) -> (Vec<Candidate<T>>, Detected) {
    let mut significant = all_significant(candidates, tested);
    let omitted = significant.len().saturating_sub(MOST_MEASURED);
    significant.truncate(MOST_MEASURED);
    let detected = Detected {
        tested,
        omitted,
        ..Detected::default()
    };
    (significant, detected)
}

/// All of them.
pub(super) fn all_significant<T>(
    candidates: Vec<Candidate<T>>,
    tested: usize,
) -> Vec<Candidate<T>> {
    let p: Vec<f64> = candidates.iter().map(|candidate| candidate.p).collect();
    let adjusted = discoveries(&p, tested);
    let mut significant: Vec<_> = candidates
        .into_iter()
        .zip(adjusted)
        .filter(|(_, p)| *p <= FALSE_DISCOVERIES)
        .map(|(candidate, p)| Candidate { p, ..candidate })
        .collect();
    significant.sort_by(|a, b| b.effect.total_cmp(&a.effect));
    significant
}

/// Does work that takes longer than a handler may block its thread. Fails if the work panics.
pub(super) async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, AppError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(AppError::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidates(p: &[f64]) -> Vec<Candidate<usize>> {
        let numbered = p.iter().enumerate();
        numbered
            .map(|(of, &p)| Candidate {
                of,
                p,
                effect: of as f64,
            })
            .collect()
    }

    #[test]
    fn the_more_series_are_looked_at_the_less_is_believed() {
        let of = |tested| {
            let (significant, _) = significant(candidates(&[1e-5, 1e-3, 0.04]), tested);
            significant.iter().map(|one| one.of).collect::<Vec<_>>()
        };
        assert_eq!(of(3), [1, 0]);
        assert_eq!(of(100), [0]);
        assert_eq!(of(10_000), [0_usize; 0]);
    }

    #[test]
    fn the_largest_effects_are_measured_and_the_rest_is_counted() {
        let (found, Detected { omitted, .. }) = significant(candidates(&[1e-9; 25]), 25);
        assert_eq!((found.len(), omitted), (20, 5));
        assert_eq!((found[0].of, found[19].of), (24, 5));
    }
}
