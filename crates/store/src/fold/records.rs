//! Finds the execution of each record that names one (steps, costs, documents, queue movements,
//! goals).

use std::{collections::BTreeMap, sync::Arc};

use rustc_hash::FxHashMap;
use weir_model::{Event, ExecutionHash, Scope, Timestamp};

use super::{
    About, Belonging, Effect, Folded, History, Named, Own, Placement, RowChange, Sighting,
    Sightings, StoredRecord, WINDOW, Whose, belonging, executions::Workflows, settle::named_by,
};

type Name = (Scope, String);

/// Times of interest, by name.
#[derive(Default)]
struct Spans(BTreeMap<Name, (i64, i64)>);

impl Spans {
    fn add(&mut self, scope: Scope, execution_id: &str, at: Timestamp, around: i64) {
        let (from, to) = (at.0.saturating_sub(around), at.0.saturating_add(around));
        let span = self.0.entry((scope, execution_id.to_owned()));
        let span = span.or_insert((from, to));
        *span = (span.0.min(from), span.1.max(to));
    }

    fn named(&self) -> Vec<Named> {
        let named = |(name, span): (&Name, &(i64, i64))| Named {
            scope: name.0,
            execution_id: name.1.clone(),
            from: Timestamp(span.0),
            to: Timestamp(span.1),
        };
        self.0.iter().map(named).collect()
    }
}

/// A stored record with a new place.
pub(super) struct Given {
    /// The record.
    pub record: StoredRecord,
    /// What it now belongs to.
    pub belongs: Belonging,
    /// Whether it is now a copy.
    pub copied: bool,
}

/// Finds the executions of the batch's records. Returns the stored records that now belong to other
/// executions.
pub(super) fn fold<H: History>(
    batch: &mut [(Scope, Event)],
    workflows: &mut Workflows,
    history: &mut H,
    folded: &mut Folded,
) -> Result<Vec<Given>, H::Error> {
    let lacking = place_known(batch, workflows, history, folded);
    let stored = stored(batch, &folded.changes, workflows, history)?;
    let mut given = Vec::new();
    if lacking.is_empty() && stored.is_empty() {
        return Ok(given);
    }
    let mut asked = Spans::default();
    for &position in &lacking {
        let (scope, event) = &batch[position];
        asked.add(*scope, name(event), event.timestamp, WINDOW);
    }
    for record in &stored {
        asked.add(
            record.scope,
            name(&record.event),
            record.event.timestamp,
            WINDOW,
        );
    }
    let sightings = sightings(batch, history, folded, &asked)?;
    let none = Sightings::default();
    let seen = |scope: Scope, event: &Event| {
        let name = (scope, name(event).to_owned());
        sightings.get(&name).unwrap_or(&none)
    };
    for position in lacking {
        let (scope, event) = &mut batch[position];
        let belongs = belonging(scope.project, event, seen(*scope, event));
        folded.lacking.push((*scope, name(event).to_owned()));
        let told = with(event, &belongs);
        let placement = &mut folded.placements[position];
        *placement = placed(event, &told, belongs.hash);
        *event = told;
    }
    for record in stored {
        let seen = seen(record.scope, &record.event);
        let belongs = belonging(record.scope.project, &record.event, seen);
        if belongs != record.belongs {
            let copied = record.copied;
            given.push(Given {
                record,
                belongs,
                copied,
            });
        }
    }
    Ok(given)
}

fn name(event: &Event) -> &str {
    event.execution_id().unwrap_or_default()
}

/// Places the records that name exactly the environment that all executions of their workflow name, and
/// so can only belong to the execution they name. Returns the others.
fn place_known<H: History>(
    batch: &[(Scope, Event)],
    workflows: &mut Workflows,
    history: &H,
    folded: &mut Folded,
) -> Vec<usize> {
    let mut lacking = Vec::new();
    for (position, (scope, event)) in batch.iter().enumerate() {
        let (Some(_), None) = (event.execution_id(), event.execution()) else {
            continue;
        };
        let environment = event.environment.as_deref();
        let is_known = event.workflow_id.as_deref().is_some_and(|workflow| {
            let environments = workflows.of(history, *scope, workflow);
            environments.are_all(environment)
        });
        match is_known {
            false => lacking.push(position),
            true => {
                let named = named_by(scope.project, event);
                folded.placements[position].execution = Some(named);
            }
        }
    }
    lacking
}

/// The target row of a stored record. `sightings` are those of its `executionId`; `is_copy` says whether a
/// step of a retry belongs to the original.
pub fn place_record(
    record: StoredRecord,
    sightings: &Sightings,
    is_copy: impl Fn(Whose, &Event) -> bool,
) -> RowChange {
    let event = &record.event;
    let belongs = belonging(record.scope.project, event, sightings);
    let after = with(event, &belongs);
    RowChange {
        row: record.row,
        scope: record.scope,
        placement: Placement {
            copied: is_copy((record.scope, belongs.hash), event),
            ..placed(event, &after, belongs.hash)
        },
        event: after,
    }
}

/// Stored records whose execution may have changed, now that the batch's executions are known and stored
/// execution events have new places.
fn stored<H: History>(
    batch: &[(Scope, Event)],
    changes: &[RowChange],
    workflows: &mut Workflows,
    history: &mut H,
) -> Result<Vec<StoredRecord>, H::Error> {
    let mut asked = Spans::default();
    let told = batch.iter().map(|(scope, event)| (*scope, event));
    let changed = changes.iter().map(|change| (change.scope, &change.event));
    for (scope, event) in told.chain(changed) {
        let (Some(execution), Some(workflow)) = (event.execution(), &event.workflow_id) else {
            continue;
        };
        if history.may_lack(scope, &execution.execution_id)
            || workflows.of(history, scope, workflow).are_mixed()
        {
            asked.add(scope, &execution.execution_id, event.timestamp, WINDOW);
        }
    }
    match asked.0.is_empty() {
        true => Ok(Vec::new()),
        false => history.records(&asked.named()),
    }
}

/// Sightings of executions by name: in the store as it will be after this commit, and in the batch.
fn sightings<H: History>(
    batch: &[(Scope, Event)],
    history: &mut H,
    folded: &Folded,
    asked: &Spans,
) -> Result<FxHashMap<Name, Sightings>, H::Error> {
    let moved: FxHashMap<i64, (Option<ExecutionHash>, &Option<String>)> = folded
        .changes
        .iter()
        .filter(|change| change.event.execution().is_some())
        .map(|change| {
            (
                change.row,
                (change.placement.execution, &change.event.environment),
            )
        })
        .collect();
    let mut all: FxHashMap<Name, Vec<Sighting>> = FxHashMap::default();
    for (scope, execution_id, row, mut sighting) in history.sightings(&asked.named())? {
        if let Some((Some(hash), environment)) = moved.get(&row) {
            sighting.hash = *hash;
            sighting.environment = (*environment).clone();
        }
        all.entry((scope, execution_id)).or_default().push(sighting);
    }
    for ((scope, event), placement) in batch.iter().zip(&folded.placements) {
        let (Some(execution), Some(hash)) = (event.execution(), placement.execution) else {
            continue;
        };
        let name = (*scope, execution.execution_id.clone());
        if asked.0.contains_key(&name) {
            all.entry(name).or_default().push(Sighting {
                hash,
                environment: event.environment.clone(),
                workflow: event.workflow_id.clone().unwrap_or_default(),
                timestamp: event.timestamp,
            });
        }
    }
    let each = all.into_iter();
    Ok(each
        .map(|(name, seen)| (name, seen.into_iter().collect()))
        .collect())
}

/// The event with the environment and workflow that it belongs to.
fn with(event: &Event, belongs: &Belonging) -> Event {
    Event {
        environment: belongs.environment.clone(),
        workflow_id: belongs.workflow.clone(),
        ..event.clone()
    }
}

fn placed(own: &Event, told: &Event, hash: ExecutionHash) -> Placement {
    Placement {
        execution: Some(hash),
        own: Own::between(own, told).map(Box::new),
        ..Placement::default()
    }
}

impl Given {
    /// Counts and places the record in its new state.
    pub(super) fn write(self, folded: &mut Folded) {
        let Self {
            record,
            belongs,
            copied,
        } = self;
        let before = with(&record.event, &record.belongs);
        let after = with(&record.event, &belongs);
        if before != after || record.copied != copied {
            let covered = record.cover.covered.map(|sums| {
                folded.covers.push(sums);
                folded.covers.len() - 1
            });
            let effects = [(before, record.copied, -1), (after.clone(), copied, 1)];
            for (event, copied, weight) in effects {
                let about = About::Other(Arc::new(event));
                let effect = Effect::Event {
                    weight,
                    covered,
                    copied,
                };
                folded.effects.push((record.scope, about, effect));
            }
        }
        let placement = placed(&record.event, &after, belongs.hash);
        folded.changes.push(RowChange {
            row: record.row,
            scope: record.scope,
            placement: Placement {
                copied,
                ..placement
            },
            event: after,
        });
    }
}
