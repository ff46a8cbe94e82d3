//! The course of one execution, from its trigger to its end.

use serde_json::Map;

use crate::MINUTE_MS;
use crate::connectors::{Connector, connector_of};
use crate::incidents::SLOWDOWN;
use crate::run::{Failure, Run};
use crate::workflows::Step;

/// The longest call in milliseconds. Waiting for a person can take longer.
const LONGEST_CALL: f64 = 2.0 * MINUTE_MS as f64;
const LONGEST_WAIT: f64 = 20.0 * MINUTE_MS as f64;

/// How much more often calls fail than in an uneventful company, so that there is something to see.
const USUAL_TROUBLE: f64 = 2.2;

impl<'a> Run<'a> {
    /// Simulates the execution from `start` (epoch milliseconds); a failed one may be rerun by hand
    /// a few minutes later.
    pub fn play(mut self, start: i64) {
        let end = self.play_once(start);
        let Some(end) = end.filter(|_| self.retry_of.is_none() && self.rng.chance(0.18)) else {
            return;
        };
        let again = end + MINUTE_MS + self.rng.below(7 * MINUTE_MS as u64) as i64;
        self.retry_of = Some(self.id.clone());
        self.id = format!("exe-{:016x}", self.rng.next());
        self.version = self.workflow.version_at(again).to_string();
        self.steps_run = 0;
        self.play_once(again);
    }

    /// Simulates one run and returns its end if it failed or crashed.
    fn play_once(&mut self, start: i64) -> Option<i64> {
        self.queue(start);
        self.execution(start, "started", Map::new());
        let mut at = start + 4 + self.rng.below(20) as i64;
        let fate = self.rng.unit();
        let workflow = self.workflow;
        let mut open: Option<(&'static str, i64)> = None;
        for (index, step) in workflow.steps.iter().enumerate() {
            if step.inside != open.map(|(name, _)| name) {
                self.leave(open.take(), at, false);
                open = step.inside.map(|name| (name, at));
            }
            if index > 0 && fate < 0.008 {
                self.end(start, at, "canceled", None);
                return None;
            }
            if index > 0 && fate > 0.9975 {
                let oom = Failure {
                    error_type: "worker_lost",
                    message: "worker lost: out of memory (OOMKilled)",
                };
                self.end(start, at, "crashed", Some((step, &oom)));
                return Some(at);
            }
            if let Err(failure) = self.step(step, &mut at) {
                self.leave(open, at, true);
                self.end(start, at, "failed", Some((step, &failure)));
                return Some(at);
            }
        }
        self.leave(open, at, false);
        self.end(start, at, "completed", None);
        self.goal(at);
        None
    }

    /// Ends a sub-process, given by its name and beginning, if one is open.
    fn leave(&mut self, open: Option<(&'static str, i64)>, at: i64, failed: bool) {
        if let Some((name, began)) = open {
            self.sub_process(name, began, at, failed);
        }
    }

    /// Simulates one step with its retries and moves `at` to its end. Fails if the step does.
    fn step(&mut self, step: &'a Step, at: &mut i64) -> Result<(), Failure> {
        let connector = connector_of(step.step_type);
        if step.step_type == "wait" {
            self.execution(*at, "waiting", Map::new());
        } else if self.rng.chance(0.015) {
            self.skipped(step, *at);
            return Ok(());
        }
        for attempt in 1..=2 {
            let began = *at;
            let failure = self.failure(step, &connector, began);
            *at += self.duration(step, &connector, began);
            self.step_event(step, attempt, began, *at, failure.as_ref());
            self.side_effects(step, attempt, began, *at, failure.is_some());
            let Some(failure) = failure else {
                return Ok(());
            };
            if attempt == 2 || self.rng.chance(0.35) {
                return Err(failure);
            }
            *at += 1_000 + self.rng.below(4_000) as i64;
        }
        Ok(())
    }

    fn failure(&mut self, step: &Step, connector: &Connector, at: i64) -> Option<Failure> {
        let staging = if self.environment == "staging" {
            2.5
        } else {
            1.0
        };
        if self.incidents.is_outage(step.step_type, at) && self.rng.chance(0.94) {
            let message = "503 Service Unavailable: the API is temporarily unavailable";
            return Some(Failure {
                error_type: "http_503",
                message,
            });
        }
        let failing =
            (connector.failing * USUAL_TROUBLE * self.workflow.flakiness * staging).min(0.5);
        self.rng.chance(failing).then(|| {
            let (error_type, message) = connector.failure(&mut self.rng);
            Failure {
                error_type,
                message,
            }
        })
    }

    fn duration(&mut self, step: &Step, connector: &Connector, at: i64) -> i64 {
        let slow = if self.incidents.is_slow(&self.workflow.id, step.name, at) {
            SLOWDOWN
        } else {
            1.0
        };
        let longest = if step.step_type == "wait" {
            LONGEST_WAIT
        } else {
            LONGEST_CALL
        };
        let ms = self.rng.lognormal(
            connector.median_ms * self.workflow.slowness * slow,
            connector.sigma,
        );
        ms.clamp(1.0, longest) as i64
    }
}
