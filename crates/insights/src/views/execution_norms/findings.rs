//! What is unusual about an execution.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::{
    Usual,
    unusual::{MINIMUM, rare, rarity},
};
use weir_model::event::StepStatus;

use super::{
    super::execution_detail::TimedStep, ErrorOfExecution, Judged, basis::Past, neighbours::Around,
};

/// The most findings in an answer.
const MOST: usize = 20;
/// The score of an error that has never occurred before, at least: nothing else scores more without being so.
const NEVER_BEFORE: f64 = 100.0;
/// A step that took this share of the execution's time longer than usual matters.
const MATTERS: f64 = 0.01;
/// A shorter delay of an execution is within the accuracy of durations, in milliseconds.
const LEAST_DELAY: f64 = 10.0;
/// A smaller excess of costs is not worth a look, in US dollars.
const LEAST_COST: f64 = 0.001;
/// If at least this share of the past runs of a step was retried, a retry is usual.
const RETRIED: f64 = 0.05;

/// Something unusual about an execution.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// What it is about.
    pub kind: FindingKind,
    /// The step, if it is about one.
    pub step: Option<StepRef>,
    /// The run of the step, as in the timeline; of several unusual runs, the most unusual.
    pub occurrence: Option<usize>,
    /// Number of runs of the step of which this is true; 1 if it is not about a step.
    pub runs: usize,
    /// The value of this execution; for rare errors and paths, how many past executions had it.
    pub value: f64,
    /// The unit of `value` and `typical`.
    pub unit: FindingUnit,
    /// The 95th percentile of the past; for rare errors and paths, the number of past executions.
    pub typical: Option<f64>,
    /// `value` divided by the 95th percentile.
    pub ratio: Option<f64>,
    /// Number of past values.
    pub samples: u64,
    /// How much of `value` a slow step waited for a person or for a time, in milliseconds; null for other kinds.
    pub wait: Option<f64>,
    /// How unusual it is: `ratio`, or how many times rarer than one in 20.
    pub score: f64,
}

/// A step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StepRef {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// Its type.
    #[serde(rename = "type")]
    pub step_type: Option<String>,
}

/// A kind of finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// Its error group has never occurred before.
    NewError,
    /// It took at least twice the 95th percentile.
    Slow,
    /// A step run took at least twice the 95th percentile, and noticeably longer.
    SlowStep,
    /// It cost at least twice the 95th percentile.
    Expensive,
    /// A step needed several attempts, where fewer than one in 20 runs did.
    ManyAttempts,
    /// At most one in 100 past executions had its error group.
    RareError,
    /// At most one in 100 past executions ran this step.
    RarePath,
    /// A step completed without any item, where at most one in 20 runs did.
    UnusualSize,
    /// No execution of its version started before it.
    FirstOfVersion,
}

/// The unit of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum FindingUnit {
    /// Milliseconds.
    Milliseconds,
    /// US dollars.
    Usd,
    /// A number of things.
    Count,
}

impl Finding {
    fn new(kind: FindingKind, value: f64, unit: FindingUnit) -> Self {
        Self {
            kind,
            step: None,
            occurrence: None,
            runs: 1,
            value,
            unit,
            typical: None,
            ratio: None,
            samples: 0,
            wait: None,
            score: 1.0,
        }
    }

    /// The same against a 95th percentile.
    fn against(self, usual: Usual, ratio: f64) -> Self {
        Self {
            typical: usual.p95,
            ratio: Some(ratio),
            samples: usual.samples,
            score: ratio,
            ..self
        }
    }

    /// The same against the number of past ones.
    fn among(self, past: u64, score: f64) -> Self {
        Self {
            typical: Some(past as f64),
            samples: past,
            score,
            ..self
        }
    }
}

/// The findings about an execution, the most unusual first, and the number of those left out.
pub(super) fn of(
    judged: &Judged<'_>,
    past: &Past,
    error: Option<&ErrorOfExecution>,
    around: &Around,
) -> (Vec<Finding>, usize) {
    let mut found = of_steps(judged, past);
    found.extend(slow(judged, past));
    found.extend(expensive(judged, past));
    found.extend(error.and_then(|error| of_error(judged, past, error)));
    // The first execution of a workflow is that of its version, too.
    if around.is_first_of_version && past.finished > 0 {
        let kind = FindingKind::FirstOfVersion;
        found.push(Finding::new(kind, 1.0, FindingUnit::Count));
    }
    found.sort_by(|a, b| {
        let step = |of: &Finding| of.step.as_ref().map(|step| step.id.clone());
        let by_score = b.score.total_cmp(&a.score);
        by_score
            .then(a.kind.cmp(&b.kind))
            .then_with(|| step(a).cmp(&step(b)))
    });
    let omitted = found.len().saturating_sub(MOST);
    found.truncate(MOST);
    (found, omitted)
}

fn slow(judged: &Judged<'_>, past: &Past) -> Option<Finding> {
    let duration = judged.row.duration? as f64;
    let ratio = past.durations.excess(duration, LEAST_DELAY)?;
    let found = Finding::new(FindingKind::Slow, duration, FindingUnit::Milliseconds);
    Some(found.against(past.durations, ratio))
}

fn expensive(judged: &Judged<'_>, past: &Past) -> Option<Finding> {
    let cost = judged.row.cost?;
    let ratio = past.costs.excess(cost, LEAST_COST)?;
    let found = Finding::new(FindingKind::Expensive, cost, FindingUnit::Usd);
    Some(found.against(past.costs, ratio))
}

fn of_error(judged: &Judged<'_>, past: &Past, error: &ErrorOfExecution) -> Option<Finding> {
    if error.first >= judged.row.timestamp {
        let found = Finding::new(FindingKind::NewError, 1.0, FindingUnit::Count);
        let score = rarity(0, past.finished).unwrap_or(NEVER_BEFORE);
        return Some(Finding {
            samples: past.finished,
            score: score.max(NEVER_BEFORE),
            ..found
        });
    }
    let score = rare(past.same_error, past.finished)?;
    let value = past.same_error as f64;
    let found = Finding::new(FindingKind::RareError, value, FindingUnit::Count);
    Some(found.among(past.finished, score))
}

/// For each step and kind, the most unusual run.
fn of_steps(judged: &Judged<'_>, past: &Past) -> Vec<Finding> {
    let mut worst: HashMap<(&str, FindingKind), Finding> = HashMap::new();
    for run in &judged.steps.runs {
        for found in of_step(judged, past, run) {
            let step = run.record.step.as_str();
            let known = worst.remove(&(step, found.kind));
            let runs = known.as_ref().map_or(0, |known| known.runs) + 1;
            let most = match known {
                Some(known) if known.score >= found.score => known,
                _ => found,
            };
            worst.insert((step, most.kind), Finding { runs, ..most });
        }
    }
    worst.into_values().collect()
}

fn of_step(judged: &Judged<'_>, past: &Past, run: &TimedStep) -> Vec<Finding> {
    let record = &run.record;
    let step = past.step(&record.step);
    let mut found = Vec::new();
    if let Some(duration) = record.duration {
        let whole = judged.row.duration.unwrap_or(duration);
        let least = LEAST_DELAY.max(whole as f64 * MATTERS);
        let ratio = step.usual.excess(duration as f64, least);
        found.extend(ratio.map(|ratio| {
            let (kind, unit) = (FindingKind::SlowStep, FindingUnit::Milliseconds);
            Finding {
                wait: record.wait.map(|wait| wait as f64),
                ..Finding::new(kind, duration as f64, unit).against(step.usual, ratio)
            }
        }));
    }
    let attempt = record.attempt.unwrap_or(1);
    let is_unusual = step.runs >= MINIMUM && (step.retries as f64) < RETRIED * step.runs as f64;
    if attempt > 1 && is_unusual {
        // Fewer than one in 20 needed a second attempt, so the 95th percentile is one.
        let usual = Usual {
            samples: step.runs,
            p50: Some(1.0),
            p95: Some(1.0),
        };
        let kind = FindingKind::ManyAttempts;
        let attempts = Finding::new(kind, attempt as f64, FindingUnit::Count);
        found.push(attempts.against(usual, attempt as f64));
    }
    let ran = record.status != StepStatus::Skipped;
    if let Some(score) = rare(step.runs, past.finished).filter(|_| ran) {
        let value = step.runs as f64;
        let path = Finding::new(FindingKind::RarePath, value, FindingUnit::Count);
        found.push(path.among(past.finished, score));
    }
    let score = rarity(step.empty, step.outputs).filter(|&score| score >= 1.0);
    if let Some(score) = score.filter(|_| run.put_out_nothing()) {
        let empty = Finding::new(FindingKind::UnusualSize, 0.0, FindingUnit::Count);
        found.push(Finding {
            samples: step.outputs,
            score,
            ..empty
        });
    }
    for one in &mut found {
        one.occurrence = Some(run.occurrence);
        one.step = Some(StepRef {
            id: record.step.clone(),
            name: judged.names.get(&record.step).cloned(),
            step_type: record.step_type.clone(),
        });
    }
    found
}
