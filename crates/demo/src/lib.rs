//! Realistic demonstration data: a simulated company, generated from a seed, that runs 200
//! workflows.
//!
//! The company works in four regions. Every automation exists once per region
//! (`lead-routing-emea`), in production and staging, in several released versions. Executions are
//! triggered by webhook, event, API, hand and schedule, and follow the hours of the day and the
//! days of the week. They produce steps, failures, retries, costs of language models, documents,
//! queue events and goals of enrolled contacts. In addition, 48 people use the product.
//!
//! The data contains three incidents, all on working days, counted back from the `now` that the
//! generator was created with ([`DemoGenerator::incidents`] returns the exact times):
//!
//! 1. **A slow step after a release**: six days before (14:00 UTC), the latest version of
//!    `invoice-capture-emea` made its step "Extract fields" six times slower. This incident is
//!    still going on.
//! 2. **A connector outage**: three days before, from 09:00 to 12:00 UTC, nearly every `hubspot`
//!    step failed, in all workflows.
//! 3. **A cost spike**: nine days before, for the whole day (UTC), "Ticket triage" used the model
//!    `o1` instead of `gpt-4.1-mini`, at about 40 times its usual cost.
//!
//! The data depends only on the seed, `now` and the size, minute by minute: requesting the same
//! period again yields the same events with the same ids, so a server that has them counts nothing
//! twice. If you create the generator again, pass the same `now` (the first start) to keep the
//! incidents in place.

mod catalog;
mod connectors;
mod event;
mod execution;
mod incidents;
mod people;
mod rhythm;
mod rng;
mod run;
#[cfg(test)]
mod tests;
mod workflows;
mod world;

use jiff::Timestamp;
use serde_json::Value;

pub use incidents::Incident;
use incidents::Incidents;
use world::World;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// No execution or session lasts longer than this, including its rerun.
const LONGEST_MS: i64 = 90 * MINUTE_MS;
/// The longest time that work waits in a queue before it starts.
const LONGEST_QUEUE_MS: i64 = MINUTE_MS;
/// The time that one batch of history covers.
const SLICE_MS: i64 = 3 * HOUR_MS;

/// The default number of executions per day: about 120,000 executions and a million events in a
/// month.
pub const EXECUTIONS_PER_DAY: u32 = 4_000;

/// Generates the events of the demonstration company.
pub struct DemoGenerator {
    seed: u64,
    now: Timestamp,
    /// On an average day.
    executions: u32,
    world: World,
}

impl DemoGenerator {
    /// A generator of [`EXECUTIONS_PER_DAY`] executions per day, whose incidents lie before `now`.
    pub fn new(seed: u64, now: Timestamp) -> Self {
        Self {
            seed,
            now,
            executions: EXECUTIONS_PER_DAY,
            world: World::new(
                seed,
                now,
                f64::from(EXECUTIONS_PER_DAY),
                Incidents::before(now),
            ),
        }
    }

    /// The same company with a different number of executions on an average day.
    #[must_use]
    pub fn executions_per_day(self, executions: u32) -> Self {
        let incidents = self.world.incidents.clone();
        Self {
            executions: executions.max(1),
            ..self
        }
        .with(incidents)
    }

    /// The same company, in which nothing goes wrong that is not usual.
    #[must_use]
    pub fn without_incidents(self) -> Self {
        self.with(Incidents::NONE)
    }

    fn with(self, incidents: Incidents) -> Self {
        let executions = f64::from(self.executions);
        Self {
            world: World::new(self.seed, self.now, executions, incidents),
            ..self
        }
    }

    /// The incidents, in the order of the crate's documentation.
    pub fn incidents(&self) -> Vec<Incident> {
        self.world.incidents.describe()
    }

    /// The events of the `days` before `now`, as event JSON (camelCase), in chronological order, in
    /// batches of three hours.
    ///
    /// Executions that are still running at `now` end in [`DemoGenerator::live`].
    pub fn history(&self, days: u32) -> impl Iterator<Item = Vec<Value>> + '_ {
        let end = self.now.as_millisecond();
        let begin = end - i64::from(days) * DAY_MS;
        let slices = (0..)
            .map(move |n| begin + n * SLICE_MS)
            .take_while(move |from| *from < end);
        slices.map(move |from| self.events(from, (from + SLICE_MS).min(end), begin))
    }

    /// The events of a period, in chronological order; `from` is included, `to` is not.
    ///
    /// Generating it costs as much work as the period and the 90 minutes before it.
    pub fn live(&self, from: Timestamp, to: Timestamp) -> Vec<Value> {
        self.events(from.as_millisecond(), to.as_millisecond(), i64::MIN)
    }

    /// Events in `from..to` of executions and sessions that began at `not_before` or later. All
    /// times are epoch milliseconds.
    fn events(&self, from: i64, to: i64, not_before: i64) -> Vec<Value> {
        let first = match not_before {
            i64::MIN => (from - LONGEST_MS).div_euclid(MINUTE_MS),
            // Only whole minutes: a partial one would end executions that never started.
            _ => (from - LONGEST_MS)
                .max(not_before + MINUTE_MS - 1)
                .div_euclid(MINUTE_MS),
        };
        let last = (to + LONGEST_QUEUE_MS).div_euclid(MINUTE_MS);
        let mut events = Vec::new();
        let mut kept = Vec::new();
        for minute in first..=last {
            self.world.minute(minute, &mut events);
            kept.extend(events.drain(..).filter(|(at, _)| (from..to).contains(at)));
        }
        kept.sort_by_key(|(at, _)| *at);
        kept.into_iter().map(|(_, event)| event).collect()
    }
}
