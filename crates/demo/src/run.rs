//! An execution and the events that it produces.

use serde_json::{Map, Value, json};

use crate::connectors::{EXPENSIVE, Model, SMALL, WRITER};
use crate::event::{Timed, rfc3339, set};
use crate::incidents::Incidents;
use crate::people::PEOPLE;
use crate::rng::Rng;
use crate::workflows::{Step, Workflow, hash, slug};

/// How long a step that waits works at first, in milliseconds: it asks for what it waits for.
const ASKING: i64 = 350;

/// How a step failed.
pub(crate) struct Failure {
    pub error_type: &'static str,
    pub message: &'static str,
}

/// An execution that is being simulated.
pub(crate) struct Run<'a> {
    pub incidents: &'a Incidents,
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
    /// Prepares an execution that starts at `start` (epoch milliseconds); it produces no events
    /// before [`Run::play`].
    pub fn new(
        incidents: &'a Incidents,
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
        let user = (workflow.trigger == "manual").then(|| *rng.pick(&PEOPLE));
        let id = format!("exe-{:016x}", rng.next());
        let version = workflow.version_at(start).to_string();
        Self {
            incidents,
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
}

impl Run<'_> {
    pub(crate) fn step_event(
        &mut self,
        step: &Step,
        attempt: u64,
        began: i64,
        ended: i64,
        failure: Option<&Failure>,
    ) {
        self.steps_run += 1;
        let items = 1 + self.rng.lognormal(2.0, 0.9) as u64;
        let size = self.rng.lognormal(2_400.0, 1.0) as u64;
        let mut fields = self.of_step(step);
        set(
            &mut fields,
            "status",
            if failure.is_some() {
                "failed"
            } else {
                "completed"
            },
        );
        set(&mut fields, "attempt", attempt);
        set(&mut fields, "startTime", rfc3339(began));
        set(&mut fields, "endTime", rfc3339(ended));
        set(&mut fields, "duration", ended - began);
        if step.step_type == "wait" {
            set(&mut fields, "waitDuration", (ended - began - ASKING).max(0));
        }
        set(&mut fields, "itemsIn", items);
        set(&mut fields, "inputSize", size);
        match failure {
            Some(failure) => {
                set(&mut fields, "errorType", failure.error_type);
                set(&mut fields, "errorMessage", failure.message);
            }
            None => {
                set(&mut fields, "itemsOut", items);
                set(
                    &mut fields,
                    "outputSize",
                    (size as f64 * (0.5 + self.rng.unit())) as u64,
                );
            }
        }
        if matches!(step.step_type, "httpRequest" | "pinecone" | "clearbit") {
            set(&mut fields, "cacheHit", self.rng.chance(0.22));
        }
        if matches!(step.step_type, "openai" | "anthropic" | "ocr" | "clearbit") {
            set(&mut fields, "creditsUsed", 1 + self.rng.below(3));
        }
        self.put(ended, "step", &format!("{}/{attempt}", step.id), fields);
    }

    /// A step that contained others, from the beginning of the first to the end of the last.
    pub(crate) fn sub_process(&mut self, name: &str, began: i64, ended: i64, failed: bool) {
        self.steps_run += 1;
        let id = slug(name);
        let mut fields = self.of_execution();
        set(&mut fields, "stepId", id.clone());
        set(&mut fields, "stepName", name);
        set(&mut fields, "stepType", "subProcess");
        set(
            &mut fields,
            "status",
            if failed { "failed" } else { "completed" },
        );
        set(&mut fields, "attempt", 1);
        set(&mut fields, "startTime", rfc3339(began));
        set(&mut fields, "endTime", rfc3339(ended));
        set(&mut fields, "duration", ended - began);
        self.put(ended, "step", &format!("{id}/1"), fields);
    }

    pub(crate) fn skipped(&mut self, step: &Step, at: i64) {
        let mut fields = self.of_step(step);
        set(&mut fields, "status", "skipped");
        self.put(at, "step", &format!("{}/1", step.id), fields);
    }

    /// What a step produces besides its own event: costs and documents.
    pub(crate) fn side_effects(
        &mut self,
        step: &Step,
        attempt: u64,
        began: i64,
        ended: i64,
        failed: bool,
    ) {
        match step.step_type {
            "openai" | "anthropic" if !failed => self.llm_cost(step, attempt, began, ended),
            "clearbit" | "ocr" if !failed => {
                let (action, dollars) = if step.step_type == "ocr" {
                    ("ocr", 0.0015)
                } else {
                    ("enrichment", 0.036)
                };
                let mut fields = self.of_execution();
                set(&mut fields, "stepId", step.id.clone());
                set(&mut fields, "actionType", action);
                set(&mut fields, "provider", step.step_type);
                set(&mut fields, "apiCalls", 1);
                set(&mut fields, "credits", 1);
                set(&mut fields, "dollarAmount", dollars);
                self.put(
                    ended,
                    "cost",
                    &format!("{}/{attempt}/cost", step.id),
                    fields,
                );
            }
            "pdf" | "docx" => {
                let mut fields = self.of_execution();
                set(&mut fields, "kind", step.step_type);
                set(
                    &mut fields,
                    "status",
                    if failed { "failed" } else { "completed" },
                );
                set(&mut fields, "duration", ended - began);
                if !failed {
                    set(
                        &mut fields,
                        "fileSize",
                        self.rng.lognormal(180_000.0, 0.8) as u64,
                    );
                }
                self.put(
                    ended,
                    "document",
                    &format!("{}/{attempt}/document", step.id),
                    fields,
                );
            }
            _ => {}
        }
    }

    fn llm_cost(&mut self, step: &Step, attempt: u64, began: i64, ended: i64) {
        let model: &Model = match step.step_type {
            "anthropic" => &WRITER,
            _ if self.workflow.costly && self.incidents.is_spike(began) => &EXPENSIVE,
            _ => &SMALL,
        };
        let (input, output) = (
            self.rng.lognormal(1_900.0, 0.6) as u64,
            self.rng.lognormal(340.0, 0.5) as u64,
        );
        let dollars = (input as f64 * model.input + output as f64 * model.output) / 1e6;
        let mut fields = self.of_execution();
        set(&mut fields, "stepId", step.id.clone());
        set(&mut fields, "actionType", "llm");
        set(&mut fields, "provider", model.provider);
        set(&mut fields, "model", model.name);
        set(&mut fields, "apiCalls", 1);
        set(&mut fields, "inputTokens", input);
        set(&mut fields, "outputTokens", output);
        set(&mut fields, "dollarAmount", (dollars * 1e6).round() / 1e6);
        self.put(
            ended,
            "cost",
            &format!("{}/{attempt}/cost", step.id),
            fields,
        );
    }

    /// Work from outside first waits in a queue.
    pub(crate) fn queue(&mut self, start: i64) {
        if !matches!(self.workflow.trigger, "webhook" | "event" | "api")
            || hash(&self.workflow.id) % 5 > 2
        {
            return;
        }
        let name = if self
            .workflow
            .steps
            .iter()
            .any(|step| step.step_type == "ocr")
        {
            "documents"
        } else {
            "default"
        };
        let wait = self.rng.lognormal(420.0, 1.0).min(30_000.0) as i64;
        for (action, at) in [("enqueued", start - wait), ("dequeued", start)] {
            let mut fields = self.of_execution();
            set(&mut fields, "queue", name);
            set(&mut fields, "action", action);
            if action == "dequeued" {
                set(&mut fields, "waitMs", wait);
            }
            self.put(at, "queue", action, fields);
        }
    }

    pub(crate) fn goal(&mut self, at: i64) {
        let Some((goal, value)) = self.workflow.goal.filter(|_| self.rng.chance(0.24)) else {
            return;
        };
        let mut fields = self.of_execution();
        set(&mut fields, "goalId", goal);
        set(&mut fields, "subjectId", self.subject.clone());
        if value > 0.0 {
            set(
                &mut fields,
                "value",
                (self.rng.lognormal(value, 0.5) * 100.0).round() / 100.0,
            );
        }
        self.put(at, "goal", goal, fields);
    }

    pub(crate) fn end(
        &mut self,
        start: i64,
        at: i64,
        status: &str,
        failure: Option<(&Step, &Failure)>,
    ) {
        let mut fields = Map::new();
        set(&mut fields, "duration", at - start);
        set(&mut fields, "stepCount", self.steps_run);
        if let Some((step, failure)) = failure {
            set(&mut fields, "errorType", failure.error_type);
            set(
                &mut fields,
                "errorMessage",
                format!("{}: {}", step.name, failure.message),
            );
            set(&mut fields, "errorStep", step.id.clone());
        }
        self.execution(at, status, fields);
    }

    pub(crate) fn execution(&mut self, at: i64, status: &str, more: Map<String, Value>) {
        let mut fields = self.of_execution();
        fields.extend(more);
        set(&mut fields, "status", status);
        set(&mut fields, "triggerType", self.workflow.trigger);
        set(&mut fields, "triggerId", self.workflow.trigger_id.clone());
        for (key, value) in [("retryOf", &self.retry_of), ("subjectId", &self.subject)] {
            if let Some(value) = value {
                set(&mut fields, key, value.clone());
            }
        }
        self.put(at, "execution", status, fields);
    }

    fn of_execution(&self) -> Map<String, Value> {
        let mut fields = Map::new();
        set(&mut fields, "executionId", self.id.clone());
        fields
    }

    fn of_step(&self, step: &Step) -> Map<String, Value> {
        let mut fields = self.of_execution();
        set(&mut fields, "stepId", step.id.clone());
        set(&mut fields, "stepName", step.name);
        set(&mut fields, "stepType", step.step_type);
        if let Some(inside) = step.inside {
            set(&mut fields, "parentStepId", slug(inside));
        }
        fields
    }

    /// Adds an event whose id is the execution's id with `suffix`.
    fn put(&mut self, at: i64, event_type: &str, suffix: &str, mut fields: Map<String, Value>) {
        set(&mut fields, "type", event_type);
        set(
            &mut fields,
            "id",
            format!("{}/{event_type}/{suffix}", self.id),
        );
        set(&mut fields, "timestamp", rfc3339(at));
        set(&mut fields, "environment", self.environment);
        set(&mut fields, "workflowId", self.workflow.id.clone());
        set(&mut fields, "workflowName", self.workflow.name.clone());
        set(&mut fields, "workflowVersion", self.version.clone());
        if let Some(user) = self.user {
            set(&mut fields, "userId", json!(user));
        }
        self.events.push((at, Value::Object(fields)));
    }
}
