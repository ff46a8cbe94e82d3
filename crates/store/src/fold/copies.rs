//! Steps that an engine copied from an execution into its retry: they belong to the original and are not
//! a second run of the step.
//!
//! A step of a retry is a copy if it began before the earliest known start of the retry, by more
//! than the allowed clock skew. This requires two facts about an execution: whether any event says that it
//! retries another, and its earliest start.

use rustc_hash::{FxHashMap, FxHashSet};
use weir_model::{Event, EventKind, ExecutionHash, Scope, Status, Timestamp, time::DAY};

use super::{Folded, History, RowChange, Rules, StoredRecord, links, records::Given};

/// An execution with its scope.
pub type Whose = (Scope, ExecutionHash);

/// What matters about an execution, according to one or more of its events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Life {
    /// Whether it retries another execution.
    pub retries: bool,
    /// Its earliest start: as reported, or its end minus its duration.
    pub start: Option<Timestamp>,
}

impl Life {
    /// What an event says about the execution that it is placed in.
    pub fn of(scope: Scope, event: &Event, execution: ExecutionHash) -> Self {
        let (mut start, at) = (None, event.timestamp);
        if let Some(told) = event.execution() {
            start = match told.status {
                Status::Started => Some(at),
                Status::Waiting => None,
                _ => told.duration.map(|duration| at.plus(-duration)),
            };
        }
        Self {
            retries: links::retried(scope, event).is_some_and(|retried| retried != execution),
            start,
        }
    }

    /// Both combined.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            retries: self.retries || other.retries,
            start: self.start.into_iter().chain(other.start).min(),
        }
    }

    /// Whether a step of the execution is a copy.
    pub fn is_copy(self, step: &Event, rules: Rules) -> bool {
        began(step).is_some_and(|began| began.0 < self.copies_before(rules))
    }

    /// Steps that began before this moment (in epoch milliseconds) are copies.
    fn copies_before(self, rules: Rules) -> i64 {
        match self.start.filter(|_| self.retries) {
            Some(start) => start.0.saturating_sub(rules.skew),
            None => i64::MIN,
        }
    }
}

/// What a stored event says about its execution.
#[derive(Clone, Copy, Debug)]
pub struct StoredLife {
    /// The event's row.
    pub row: i64,
    /// The execution.
    pub whose: Whose,
    /// What the event says.
    pub life: Life,
}

/// A request for stored steps of an execution that may have become copies, or are no longer copies.
#[derive(Clone, Copy, Debug)]
pub struct StepsWanted {
    /// The execution.
    pub whose: Whose,
    /// For non-copies, the earliest time at which the server received them; `None` requests the copies.
    pub received: Option<Timestamp>,
}

/// When a step began: as reported, or its end minus its duration.
pub fn began(event: &Event) -> Option<Timestamp> {
    let EventKind::Step(step) = &event.kind else {
        return None;
    };
    let end = step.end_time.unwrap_or(event.timestamp);
    Some(
        step.start_time
            .unwrap_or(end.plus(-step.duration.unwrap_or(0))),
    )
}

/// What is known about executions once the batch is stored.
#[derive(Default)]
pub(super) struct Copies {
    /// For executions in the batch and others that were looked up.
    lives: FxHashMap<Whose, Life>,
    /// Executions with more or fewer copied steps than before.
    changed: Vec<StepsWanted>,
}

impl Copies {
    /// Collects what the batch, whose executions are placed, says about retries.
    pub(super) fn of<H: History>(
        batch: &[(Scope, Event)],
        history: &mut H,
        rules: Rules,
        folded: &mut Folded,
    ) -> Result<Self, H::Error> {
        let told: Vec<(Whose, Life)> = told(batch, folded).collect();
        let mut of_interest: FxHashSet<Whose> = FxHashSet::default();
        let unknown = history.retries_known_since() == Timestamp(i64::MAX);
        for (whose, life) in &told {
            if life.retries || unknown || history.retry(*whose).is_some() {
                of_interest.insert(*whose);
            }
        }
        of_interest.extend(folded.moved.iter().copied());
        if of_interest.is_empty() {
            return Ok(Self::default());
        }
        let moved: FxHashSet<Whose> = folded.moved.iter().copied().collect();
        let unsure = |whose: &&Whose| moved.contains(*whose) || history.retry(**whose).is_none();
        let asked: Vec<Whose> = of_interest.iter().filter(unsure).copied().collect();
        let stored = asked_for(&asked, history)?;
        let before = sums(&stored);
        let mut after = sums(&patched(stored, folded));
        for whose in of_interest.difference(&asked.into_iter().collect()) {
            after.insert(*whose, history.retry(*whose).unwrap_or_default());
        }
        for (whose, life) in told {
            if of_interest.contains(&whose) {
                let known = after.entry(whose).or_default();
                *known = known.and(life);
            }
        }
        let mut copies = Self::default();
        for whose in of_interest {
            let known = history.retry(whose).or(before.get(&whose).copied());
            let known = known.unwrap_or_default();
            let life = after.get(&whose).copied().unwrap_or_default();
            copies.lives.insert(whose, life);
            if known != life {
                folded.retries.push((whose, life));
            }
            let (was, is) = (known.copies_before(rules), life.copies_before(rules));
            if was != is {
                // No producer's clock is more than a day ahead of the server's, so no step arrived
                // earlier than that before its execution began.
                let received = life.start.filter(|_| is > was).map(|at| at.plus(-DAY));
                copies.changed.push(StepsWanted { whose, received });
            }
        }
        Ok(copies)
    }

    /// Whether the step, placed in the execution, is a copy.
    fn is_copy<H: History>(&self, step: &Event, whose: Whose, history: &H, rules: Rules) -> bool {
        let life = self.lives.get(&whose).copied();
        let life = life.or_else(|| history.retry(whose));
        life.is_some_and(|life| life.is_copy(step, rules))
    }

    /// Marks which steps of the batch are copies. Moves stored records to other executions, and marks copies
    /// among them.
    pub(super) fn finish<H: History>(
        mut self,
        batch: &[(Scope, Event)],
        mut given: Vec<Given>,
        history: &mut H,
        rules: Rules,
        folded: &mut Folded,
    ) -> Result<(), H::Error> {
        self.recall(batch, &given, history, folded)?;
        for ((scope, event), placement) in batch.iter().zip(&mut folded.placements) {
            if let Some(hash) = placement.execution
                && began(event).is_some()
            {
                placement.copied = self.is_copy(event, (*scope, hash), history, rules);
            }
        }
        for given in &mut given {
            let whose = (given.record.scope, given.belongs.hash);
            given.copied = self.is_copy(&given.record.event, whose, history, rules);
        }
        given.extend(self.turned(&given, history, rules)?);
        given.into_iter().for_each(|given| given.write(folded));
        Ok(())
    }

    /// Looks up the executions of early steps that are no longer in memory.
    fn recall<H: History>(
        &mut self,
        batch: &[(Scope, Event)],
        given: &[Given],
        history: &mut H,
        folded: &Folded,
    ) -> Result<(), H::Error> {
        let since = history.retries_known_since();
        if since == Timestamp(i64::MIN) {
            return Ok(());
        }
        let placed = batch.iter().zip(&folded.placements);
        let placed = placed.filter_map(|((scope, event), p)| Some((event, (*scope, p.execution?))));
        let given = given.iter();
        let given = given.map(|given| {
            (
                &given.record.event,
                (given.record.scope, given.belongs.hash),
            )
        });
        let early = placed.chain(given).filter(|(event, whose)| {
            began(event).is_some_and(|began| began < since)
                && !self.lives.contains_key(whose)
                && history.retry(*whose).is_none()
        });
        let asked: FxHashSet<Whose> = early.map(|(_, whose)| whose).collect();
        let asked: Vec<Whose> = asked.into_iter().collect();
        self.lives.extend(sums(&asked_for(&asked, history)?));
        Ok(())
    }

    /// Stored steps that have become copies or are no longer copies, except those that move to other
    /// executions.
    fn turned<H: History>(
        &self,
        given: &[Given],
        history: &mut H,
        rules: Rules,
    ) -> Result<Vec<Given>, H::Error> {
        if self.changed.is_empty() {
            return Ok(Vec::new());
        }
        let elsewhere: FxHashSet<i64> = given
            .iter()
            .filter(|given| began(&given.record.event).is_some())
            .map(|given| given.record.row)
            .collect();
        let mut found = history.steps(&self.changed)?;
        found.retain(|record| {
            let whose = (record.scope, record.belongs.hash);
            !elsewhere.contains(&record.row)
                && record.copied != self.is_copy(&record.event, whose, history, rules)
        });
        let turned = |record: StoredRecord| Given {
            belongs: record.belongs.clone(),
            copied: !record.copied,
            record,
        };
        Ok(found.into_iter().map(turned).collect())
    }
}

/// What the executions of the batch say.
fn told<'a>(
    batch: &'a [(Scope, Event)],
    folded: &'a Folded,
) -> impl Iterator<Item = (Whose, Life)> + 'a {
    let placed = batch.iter().zip(&folded.placements);
    placed.filter_map(|((scope, event), placement)| {
        event.execution()?;
        let hash = placement.execution?;
        Some(((*scope, hash), Life::of(*scope, event, hash)))
    })
}

fn asked_for<H: History>(asked: &[Whose], history: &mut H) -> Result<Vec<StoredLife>, H::Error> {
    match asked.is_empty() {
        true => Ok(Vec::new()),
        false => history.lives(asked),
    }
}

/// Stored events with their new placement.
fn patched(mut stored: Vec<StoredLife>, folded: &Folded) -> Vec<StoredLife> {
    let changes: FxHashMap<i64, &RowChange> = folded
        .changes
        .iter()
        .filter(|change| change.event.execution().is_some())
        .map(|change| (change.row, change))
        .collect();
    for stored in &mut stored {
        let change = changes.get(&stored.row);
        if let Some((change, hash)) = change.and_then(|c| Some((c, c.placement.execution?))) {
            stored.whose = (change.scope, hash);
            stored.life = Life::of(change.scope, &change.event, hash);
        }
    }
    stored
}

/// The combined values of the events of each execution.
fn sums(stored: &[StoredLife]) -> FxHashMap<Whose, Life> {
    let mut sums: FxHashMap<Whose, Life> = FxHashMap::default();
    for stored in stored {
        let sum = sums.entry(stored.whose).or_default();
        *sum = sum.and(stored.life);
    }
    sums
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use weir_model::{
        event::{Decoder, Limits},
        redact::Redactor,
    };

    use super::*;

    const NOW: Timestamp = Timestamp(1_773_576_000_000);

    fn event(mut fields: serde_json::Value) -> Event {
        fields["workflowId"] = "w".into();
        fields["executionId"] = "2".into();
        let decoder = Decoder::new(Limits::default(), Arc::new(Redactor::default()));
        let decoded = decoder.decode(fields.to_string().as_bytes(), &Arc::from("http"), NOW);
        decoded.expect("the event is valid")
    }

    fn life(fields: serde_json::Value) -> Life {
        let scope = Scope::new(1, 1);
        let event = event(fields);
        let hash =
            links::retried(scope, &event).map_or(ExecutionHash(1), |of| ExecutionHash(of.0 + 1));
        Life::of(scope, &event, hash)
    }

    fn execution(status: &str, retry_of: &str, duration: Option<i64>) -> serde_json::Value {
        serde_json::json!({"type": "execution", "status": status, "retryOf": retry_of, "duration": duration,
            "timestamp": NOW.0})
    }

    #[test]
    fn an_execution_starts_as_reported_or_its_duration_before_its_end() {
        let start = |fields| life(fields).start.map(|start| start.0 - NOW.0);
        assert_eq!(start(execution("started", "1", None)), Some(0));
        assert_eq!(start(execution("started", "1", Some(5))), Some(0));
        assert_eq!(start(execution("failed", "1", Some(5))), Some(-5));
        assert_eq!(start(execution("failed", "1", None)), None);
        assert_eq!(start(execution("waiting", "1", Some(5))), None);
        let both =
            life(execution("started", "1", None)).and(life(execution("failed", "1", Some(5))));
        assert_eq!((both.retries, both.start), (true, Some(NOW.plus(-5))));
    }

    #[test]
    fn a_copy_began_earlier_than_the_clock_skew_allows() {
        let retry = life(execution("started", "1", None));
        let copied = |began: i64, life: Life| {
            let step = serde_json::json!({"type": "step", "stepId": "a", "status": "completed",
                "startTime": NOW.0 + began, "duration": 7, "timestamp": NOW.0 + 60_000});
            life.is_copy(&event(step), Rules::default())
        };
        assert!(copied(-6_337, retry));
        assert!(copied(-5_001, retry));
        assert!(!copied(-5_000, retry));
        assert!(!copied(3, retry));
        let unknown = Life {
            start: None,
            ..retry
        };
        let original = Life {
            retries: false,
            ..retry
        };
        assert!(!copied(-6_337, unknown) && !copied(-6_337, original));
    }

    #[test]
    fn a_step_begins_as_reported_or_its_duration_before_its_end() {
        let began = |more: serde_json::Value| {
            let mut step = serde_json::json!({"type": "step", "stepId": "a", "status": "completed", "timestamp": NOW.0});
            for (name, value) in more.as_object().into_iter().flatten() {
                step[name] = value.clone();
            }
            began(&event(step)).map(|began| began.0 - NOW.0)
        };
        assert_eq!(began(serde_json::json!({})), Some(0));
        assert_eq!(began(serde_json::json!({"duration": 9})), Some(-9));
        assert_eq!(
            began(serde_json::json!({"endTime": NOW.0 - 1, "duration": 9})),
            Some(-10)
        );
        assert_eq!(
            began(serde_json::json!({"startTime": NOW.0 - 50, "duration": 9})),
            Some(-50)
        );
    }
}
