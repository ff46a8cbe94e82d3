//! The workflows, their versions, and how often each runs.

use crate::catalog::{COSTLY_TEMPLATE, REGIONS, SLOW_WORKFLOW, TEMPLATES, Template};
use crate::incidents::Incidents;
use crate::rng::Rng;
use crate::{DAY_MS, MINUTE_MS};

/// The share of all executions that run on a schedule.
const SCHEDULED_SHARE: f64 = 0.3;

/// One workflow.
#[derive(Debug)]
pub(crate) struct Workflow {
    pub id: String,
    pub name: String,
    pub trigger: &'static str,
    pub trigger_id: String,
    pub steps: Vec<Step>,
    pub goal: Option<(&'static str, f64)>,
    pub costly: bool,
    /// Release times of its versions in epoch milliseconds, ascending; the first one is far in the
    /// past.
    pub releases: Vec<i64>,
    /// The number of its first version.
    pub first_version: u64,
    /// Above 1: slower or less reliable than others.
    pub slowness: f64,
    pub flakiness: f64,
    /// How often it runs, relative to other workflows of its kind (scheduled or not).
    pub weight: f64,
    /// Minutes between scheduled runs, and the offset of the first in minutes.
    pub period: Option<(i64, i64)>,
}

/// One step of a workflow.
#[derive(Debug)]
pub(crate) struct Step {
    pub id: String,
    pub name: &'static str,
    pub step_type: &'static str,
    /// The name of the sub-process that contains it.
    pub inside: Option<&'static str>,
}

impl Workflow {
    /// The version in use at a time (epoch milliseconds).
    pub fn version_at(&self, at: i64) -> u64 {
        let released = self
            .releases
            .iter()
            .filter(|release| **release <= at)
            .count();
        self.first_version + released.saturating_sub(1) as u64
    }
}

/// Builds all workflows of a company.
pub(crate) fn build(
    seed: u64,
    now: i64,
    executions_per_day: f64,
    incidents: &Incidents,
) -> Vec<Workflow> {
    let mut workflows = Vec::new();
    for template in &TEMPLATES {
        for region in REGIONS {
            workflows.push(workflow(seed, now, template, region, incidents));
        }
    }
    set_periods(seed, &mut workflows, executions_per_day * SCHEDULED_SHARE);
    workflows
}

fn workflow(
    seed: u64,
    now: i64,
    template: &Template,
    region: &str,
    incidents: &Incidents,
) -> Workflow {
    let name = format!("{} {region}", template.name);
    let id = slug(&name);
    let mut rng = Rng::new(seed, &[hash(&id)]);
    let mut releases = vec![i64::MIN];
    let count = rng.below(4);
    releases.extend((0..count).map(|_| now - (rng.unit() * 60.0 * DAY_MS as f64) as i64));
    // As with real workflows, a few run often, and many only occasionally.
    let mut weight = 1.0 / (1.0 + rng.unit() * 40.0);
    if id == SLOW_WORKFLOW {
        releases = vec![i64::MIN, now - 41 * DAY_MS, incidents.slow_release];
        weight = 0.7;
    }
    if template.name == COSTLY_TEMPLATE {
        weight = 0.9;
    }
    releases.sort_unstable();
    Workflow {
        trigger: template.trigger,
        trigger_id: format!("trg-{id}"),
        steps: template.steps.split('|').map(step).collect(),
        goal: template.goal,
        costly: template.name == COSTLY_TEMPLATE,
        releases,
        first_version: 1 + rng.below(12),
        slowness: rng.lognormal(1.0, 0.25),
        flakiness: rng.lognormal(1.0, 0.6),
        weight,
        period: None,
        name,
        id,
    }
}

fn step(text: &'static str) -> Step {
    let (path, step_type) = text.split_once(':').unwrap_or((text, "code"));
    let (inside, name) = match path.split_once('/') {
        Some((inside, name)) => (Some(inside), name),
        None => (None, path),
    };
    Step {
        id: slug(name),
        name,
        step_type,
        inside,
    }
}

/// Gives each scheduled workflow the common period that comes closest to its share of
/// `runs_per_day`.
fn set_periods(seed: u64, workflows: &mut [Workflow], runs_per_day: f64) {
    const PERIODS: [i64; 9] = [5, 10, 15, 30, 60, 120, 360, 720, 1_440];
    let scheduled = |workflow: &&mut Workflow| workflow.trigger == "schedule";
    let total: f64 = workflows
        .iter()
        .filter(|w| w.trigger == "schedule")
        .map(|w| w.weight)
        .sum();
    for workflow in workflows.iter_mut().filter(scheduled) {
        let wanted = 1_440.0 / (runs_per_day * workflow.weight / total).max(1e-9);
        let distance = |period: &&i64| ((**period as f64).ln() - wanted.ln()).abs();
        let nearest = PERIODS
            .iter()
            .min_by(|a, b| distance(a).total_cmp(&distance(b)));
        let period = *nearest.unwrap_or(&1_440);
        let offset = Rng::new(seed, &[hash(&workflow.id), 1]).below(period as u64) as i64;
        workflow.period = Some((period, offset));
    }
}

/// The number of scheduled runs per day.
pub(crate) fn scheduled_per_day(workflows: &[Workflow]) -> f64 {
    workflows
        .iter()
        .filter_map(|workflow| workflow.period)
        .map(|(period, _)| (DAY_MS / MINUTE_MS / period) as f64)
        .sum()
}

/// The id of what has this name.
pub(crate) fn slug(name: &str) -> String {
    name.to_lowercase()
        .replace(|c: char| !c.is_ascii_alphanumeric(), "-")
}

/// The FNV-1a hash of a text.
pub(crate) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    })
}
