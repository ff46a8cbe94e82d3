//! One execution, played from its trigger to its end.

use serde_json::Map;

use crate::MINUTE_MS;
use crate::connectors::{Connector, connector_of};
use crate::event::Timed;
use crate::incidents::SLOWDOWN;
use crate::rng::Rng;
use crate::workflows::{Step, Workflow};
use crate::world::World;

/// The most milliseconds one call takes; waiting for a person may take longer.
const LONGEST_CALL: f64 = 2.0 * MINUTE_MS as f64;
const LONGEST_WAIT: f64 = 20.0 * MINUTE_MS as f64;

/// How much more often calls fail than in a quiet company, so that there is something to see.
const USUAL_TROUBLE: f64 = 2.2;

/// How a step failed.
pub(crate) struct Failure {
    pub error_type: &'static str,
    pub message: &'static str,
}

/// An execution being played.
pub(crate) struct Run<'a> {
    pub world: &'a World,
    pub workflow: &'a Workflow,
    pub rng: Rng,
    pub id: String,
    pub retry_of: Option<String>,
    pub events: &'a mut Vec<Timed>,
    pub environment: &'static str,
    pub version: String,
    pub subject: Option<String>,
    pub user: Option<&'static str>,
    pub steps_run: u64,
}

impl<'a> Run<'a> {
    /// Prepares an execution that starts at `start`; nothing happens before [`Run::play`].
    pub fn new(
        world: &'a World,
        workflow: &'a Workflow,
        mut rng: Rng,
        start: i64,
        events: &'a mut Vec<Timed>,
    ) -> Self {
        let environment = if rng.chance(0.12) {
            "staging"
        } else {
            "production"
        };
        let subject = workflow
            .goal
            .map(|_| format!("contact-{}", 10_000 + rng.below(8_000)));
        let user = (workflow.trigger == "manual").then(|| *rng.pick(&crate::people::PEOPLE));
        let id = format!("exe-{:016x}", rng.next());
        let version = workflow.version_at(start).to_string();
        Self {
            world,
            workflow,
            rng,
            id,
            retry_of: None,
            events,
            environment,
            version,
            subject,
            user,
            steps_run: 0,
        }
    }

    /// Plays the execution; a failed one may be run again by hand a few minutes later.
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

    /// The end, if the execution failed.
    fn play_once(&mut self, start: i64) -> Option<i64> {
        self.queue(start);
        self.execution(start, "started", Map::new());
        let mut at = start + 4 + self.rng.below(20) as i64;
        let fate = self.rng.unit();
        let workflow = self.workflow;
        for (index, step) in workflow.steps.iter().enumerate() {
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
                self.end(start, at, "failed", Some((step, &failure)));
                return Some(at);
            }
        }
        self.end(start, at, "completed", None);
        self.goal(at);
        None
    }

    /// Plays one step with its retries, moving `at` to its end.
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
        if self.world.incidents.is_outage(step.step_type, at) && self.rng.chance(0.94) {
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
        let slow = if self
            .world
            .incidents
            .is_slow(&self.workflow.id, step.name, at)
        {
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
