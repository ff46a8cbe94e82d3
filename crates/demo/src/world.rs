//! The simulation, minute by minute.

use crate::event::Timed;
use crate::incidents::Incidents;
use crate::people;
use crate::rhythm::activity;
use crate::rng::Rng;
use crate::run::Run;
use crate::workflows::{Workflow, build, scheduled_per_day};
use crate::{DAY_MS, MINUTE_MS};

/// User sessions per execution.
const SESSIONS: f64 = 0.05;

/// The purposes of the streams of random numbers within a minute.
const TRIGGERED: u64 = 1;
const SCHEDULED: u64 = 2;
const SESSION: u64 = 3;

pub(crate) struct World {
    pub seed: u64,
    pub incidents: Incidents,
    pub workflows: Vec<Workflow>,
    /// Indexes of workflows that people, customers and systems trigger, with the running sum of
    /// their weights.
    triggered: Vec<(f64, usize)>,
    triggered_per_day: f64,
    sessions_per_day: f64,
}

impl World {
    pub fn new(
        seed: u64,
        now: jiff::Timestamp,
        executions_per_day: f64,
        incidents: Incidents,
    ) -> Self {
        let workflows = build(seed, now.as_millisecond(), executions_per_day, &incidents);
        let mut sum = 0.0;
        let mut triggered = Vec::new();
        for (index, workflow) in workflows
            .iter()
            .enumerate()
            .filter(|(_, workflow)| workflow.period.is_none())
        {
            sum += workflow.weight;
            triggered.push((sum, index));
        }
        let triggered_per_day =
            (executions_per_day - scheduled_per_day(&workflows)).max(executions_per_day * 0.5);
        let sessions_per_day = executions_per_day * SESSIONS;
        Self {
            seed,
            incidents,
            workflows,
            triggered,
            triggered_per_day,
            sessions_per_day,
        }
    }

    /// Simulates everything that begins in a minute (counted from the epoch), to its end.
    pub fn minute(&self, minute: i64, events: &mut Vec<Timed>) {
        let at = minute * MINUTE_MS;
        let share = activity(self.seed, at) * MINUTE_MS as f64 / DAY_MS as f64;
        self.triggered(minute, share * self.triggered_per_day, events);
        self.scheduled(minute, events);
        let mut rng = Rng::new(self.seed, &[SESSION, minute as u64]);
        for n in 0..rng.poisson(share * self.sessions_per_day) {
            let start = at + rng.below(MINUTE_MS as u64) as i64;
            let own = Rng::new(self.seed, &[SESSION, minute as u64, n + 1]);
            people::session(&self.workflows, own, start, events);
        }
    }

    fn triggered(&self, minute: i64, mean: f64, events: &mut Vec<Timed>) {
        let mut rng = Rng::new(self.seed, &[TRIGGERED, minute as u64]);
        let total = self.triggered.last().map_or(0.0, |(sum, _)| *sum);
        for n in 0..rng.poisson(mean) {
            let wanted = rng.unit() * total;
            let at = self.triggered.partition_point(|(sum, _)| *sum <= wanted);
            let Some((_, index)) = self.triggered.get(at) else {
                continue;
            };
            let start = minute * MINUTE_MS + rng.below(MINUTE_MS as u64) as i64;
            let own = Rng::new(self.seed, &[TRIGGERED, minute as u64, n + 1]);
            Run::new(&self.incidents, &self.workflows[*index], own, start, events).play(start);
        }
    }

    fn scheduled(&self, minute: i64, events: &mut Vec<Timed>) {
        for (index, workflow) in self.workflows.iter().enumerate() {
            let due = workflow
                .period
                .is_some_and(|(period, offset)| (minute - offset).rem_euclid(period) == 0);
            if due {
                let mut own = Rng::new(self.seed, &[SCHEDULED, minute as u64, index as u64]);
                let start = minute * MINUTE_MS + own.below(3_000) as i64;
                Run::new(&self.incidents, workflow, own, start, events).play(start);
            }
        }
    }
}
