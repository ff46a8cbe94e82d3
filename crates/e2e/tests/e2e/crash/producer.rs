//! A producer that records what the server must have stored once it has acknowledged a batch.

use std::collections::BTreeMap;

use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use serde_json::{Value, json};
use weir_e2e::{Client, events::with};

/// The figures of acknowledged events, by metric.
pub type Ledger = BTreeMap<&'static str, i64>;

/// Adds the figures of one ledger to another.
pub fn add(to: &mut Ledger, figures: &Ledger) {
    for (metric, figure) in figures {
        *to.entry(metric).or_default() += figure;
    }
}

/// What happened to the batches that were unanswered when the server died.
#[derive(Clone, Copy, Debug, Default)]
pub struct Retries {
    /// The server had stored them.
    pub stored: usize,
    /// The server had not stored them.
    pub lost: usize,
}

/// Sends batch after batch; a batch that is not acknowledged is sent again before the next.
pub struct Producer {
    name: String,
    random: StdRng,
    /// The time of its first event.
    base: i64,
    events: i64,
    open: Vec<Run>,
    late: Vec<Run>,
    unanswered: Option<Batch>,
    answered: Option<Batch>,
    /// The figures of acknowledged events.
    pub ledger: Ledger,
    /// What happened to its retries.
    pub retries: Retries,
}

/// An execution of which only the start or only the end has been sent.
struct Run {
    id: String,
    start: i64,
    end: i64,
}

#[derive(Clone, Default)]
struct Batch {
    events: Vec<Value>,
    adds: Ledger,
}

impl Batch {
    fn push(&mut self, event: Value, adds: &[(&'static str, i64)]) {
        self.events.push(event);
        let all = adds.iter().chain(&[("events", 1)]);
        add(&mut self.adds, &all.copied().fold(Ledger::new(), summed));
    }
}

fn summed(mut ledger: Ledger, (metric, figure): (&'static str, i64)) -> Ledger {
    *ledger.entry(metric).or_default() += figure;
    ledger
}

impl Producer {
    /// A producer whose events begin at `base`.
    pub fn new(name: &str, seed: u64, base: i64) -> Self {
        Self {
            name: name.to_owned(),
            random: StdRng::seed_from_u64(seed),
            base,
            events: 0,
            open: Vec::new(),
            late: Vec::new(),
            unanswered: None,
            answered: None,
            ledger: Ledger::new(),
            retries: Retries::default(),
        }
    }

    /// Sends batches until the server is gone.
    pub fn work(&mut self, client: &Client) {
        loop {
            let batch = self.next_batch();
            let Some((accepted, _)) = send(client, &batch) else {
                self.unanswered = Some(batch);
                return;
            };
            assert_eq!(accepted, batch.events.len(), "new events are accepted");
            add(&mut self.ledger, &batch.adds);
            self.answered = Some(batch);
        }
    }

    /// The number of events that were sent but not acknowledged.
    pub fn unanswered(&self) -> i64 {
        let batch = self.unanswered.as_ref();
        batch.map_or(0, |batch| batch.events.len() as i64)
    }

    /// After a restart: sends the unanswered batch again, and occasionally one that was answered.
    pub fn recover(&mut self, client: &Client) {
        if let Some(batch) = self.unanswered.take() {
            let (accepted, duplicates) = send(client, &batch).expect("the server is back");
            let all = batch.events.len();
            match (accepted, duplicates) {
                (0, found) if found == all => self.retries.stored += 1,
                (new, 0) if new == all => self.retries.lost += 1,
                part => panic!("a batch of {all} was stored in part: {part:?}"),
            }
            add(&mut self.ledger, &batch.adds);
        }
        if let Some(batch) = self.answered.take() {
            let (accepted, _) = send(client, &batch).expect("the server is back");
            assert_eq!(accepted, 0, "an acknowledged batch was lost");
        }
    }

    fn next_batch(&mut self) -> Batch {
        let mut batch = Batch::default();
        let wanted = self.random.random_range(1..=12);
        while batch.events.len() < wanted {
            self.next_event(&mut batch);
        }
        batch
    }

    /// Adds the next event.
    fn next_event(&mut self, batch: &mut Batch) {
        self.events += 1;
        let now = self.base + self.events * 1000;
        let id = format!("{}-{}", self.name, self.events);
        let length = self.random.random_range(1..900_000);
        match self.random.random_range(0..8) {
            0 => self.start(batch, id, now),
            1 => self.end_open(batch, now),
            2 => self.end_before_start(batch, id, now, length),
            3 => self.start_late(batch),
            4 => self.whole(batch, &id, now, length),
            5 => self.step(batch, &id, now, length),
            6 => batch.push(
                self.named(&id, now, json!({"type": "activity", "action": "click"})),
                &[("activities", 1)],
            ),
            _ => batch.push(
                self.named(&id, now, json!({"type": "cost", "credits": length})),
                &[("cost_records", 1), ("credits", length)],
            ),
        }
    }

    fn start(&mut self, batch: &mut Batch, id: String, start: i64) {
        let event = self.execution(&id, "started", start);
        batch.push(event, &[("executions", 1), ("running", 1)]);
        self.open.push(Run { id, start, end: 0 });
    }

    /// Ends an open execution without a duration.
    fn end_open(&mut self, batch: &mut Batch, end: i64) {
        if self.open.is_empty() {
            return;
        }
        let which = self.random.random_range(0..self.open.len());
        let run = self.open.swap_remove(which);
        let status = self.ending();
        let event = self.execution(&run.id, status, end);
        let duration = end - run.start;
        let adds = [("running", -1), (status, 1), ("duration_sum", duration)];
        batch.push(event, &adds);
    }

    /// Ends an execution whose start is sent later.
    fn end_before_start(&mut self, batch: &mut Batch, id: String, end: i64, length: i64) {
        let status = self.ending();
        let event = self.execution(&id, status, end);
        batch.push(event, &[("executions", 1), (status, 1)]);
        let start = end - length;
        self.late.push(Run { id, start, end });
    }

    fn start_late(&mut self, batch: &mut Batch) {
        let Some(run) = self.late.pop() else { return };
        let event = self.execution(&run.id, "started", run.start);
        batch.push(event, &[("duration_sum", run.end - run.start)]);
    }

    fn whole(&mut self, batch: &mut Batch, id: &str, end: i64, length: i64) {
        let status = self.ending();
        let event = self.execution(id, status, end);
        let adds = [("executions", 1), (status, 1), ("duration_sum", length)];
        batch.push(with(event, json!({"duration": length})), &adds);
    }

    fn step(&mut self, batch: &mut Batch, id: &str, end: i64, length: i64) {
        let fields = json!({
            "type": "step", "executionId": id, "stepId": "fetch", "status": "completed",
            "duration": length,
        });
        let adds = [("steps", 1), ("step_duration_sum", length)];
        batch.push(self.named(id, end, fields), &adds);
    }

    fn ending(&mut self) -> &'static str {
        let all = ["completed", "failed", "crashed", "canceled"];
        all.choose(&mut self.random).unwrap()
    }

    fn execution(&mut self, id: &str, status: &str, timestamp: i64) -> Value {
        let fields = json!({"type": "execution", "executionId": id, "status": status});
        self.named(&format!("{id}/{status}"), timestamp, fields)
    }

    /// An event, with an id or (as often) without one, so that the server derives it.
    fn named(&mut self, id: &str, timestamp: i64, fields: Value) -> Value {
        let common = json!({"workflowId": self.name, "userId": "ada", "timestamp": timestamp});
        let event = with(common, fields);
        match self.random.random_bool(0.5) {
            true => with(event, json!({"id": id})),
            false => event,
        }
    }
}

/// Sends a batch; returns the numbers of accepted and of duplicate events, or `None` if
/// there was no response.
fn send(client: &Client, batch: &Batch) -> Option<(usize, usize)> {
    let call = client.post("/api/v1/events").lines(&batch.events);
    let answer = call.try_send().ok()?;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = answer.json();
    let count = |name: &str| body[name].as_u64().unwrap() as usize;
    Some((count("accepted"), count("duplicates")))
}
