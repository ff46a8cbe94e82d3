//! One commit: drop duplicates, then append raw rows and names in one transaction; their
//! rollup partials follow (see [`crate::rollups`]).

use std::sync::Arc;

use duckdb::Connection;
use parking_lot::RwLock;
use rustc_hash::{FxHashMap, FxHashSet};
use weir_model::{Clock, Event, EventType, ProjectKey, Scope, Timestamp};
use weir_store::{
    StoreError,
    fold::{Folded, OpenExecutions, Rules, fold, key},
    trees::{self, Covered},
};

use crate::{
    cost_trees::{self, StoredCosts},
    directory::Directory,
    error::Context,
    expiry::Expiry,
    history::{Committed, Probe},
    lacking::Lacking,
    log::Log,
    names::{self, NameRow},
    placing,
    raw::{self, Row},
    recent::Recent,
    retries::Retries,
    rollups::Rollups,
    tables::{append, hash, in_transaction},
};

/// The one writer of event data.
pub(crate) struct Writer {
    pub connection: Connection,
    pub open: OpenExecutions,
    pub directory: Arc<RwLock<Directory>>,
    /// The ids of recent events and executions.
    pub recent: Recent,
    /// The names of executions that had to be searched for.
    pub lacking: Lacking,
    /// The executions that retry others.
    pub retries: Retries,
    /// How events of executions are combined.
    pub rules: Rules,
    pub rollups: Rollups,
    pub sequence: u64,
    pub clock: Arc<dyn Clock>,
    /// When rollup rows expire.
    pub expiry: Arc<Expiry>,
    pub log: Log,
    /// The number of obsolete rows of names.
    pub older_names: usize,
}

/// The result of a commit.
pub(crate) struct Committal {
    pub sequence: u64,
    /// Positions of duplicates in the batch, ascending.
    pub duplicates: Vec<usize>,
}

impl Writer {
    /// Stores a batch. If it fails, nothing of the batch is stored.
    pub(crate) fn commit(&mut self, batch: Vec<(Scope, Event)>) -> Result<Committal, StoreError> {
        let hashes: Vec<u64> = batch.iter().map(|(_, event)| hash(&event.id)).collect();
        let duplicates = self.duplicates(&batch, &hashes)?;
        let mut fresh = Vec::with_capacity(batch.len() - duplicates.len());
        let mut fresh_hashes = Vec::with_capacity(fresh.capacity());
        let mut dropped = duplicates.iter().copied().peekable();
        for (position, (event, hash)) in batch.into_iter().zip(hashes).enumerate() {
            if dropped.next_if_eq(&position).is_none() {
                fresh.push(event);
                fresh_hashes.push(hash);
            }
        }
        if !fresh.is_empty() {
            self.store(fresh, &fresh_hashes)?;
        }
        Ok(Committal {
            sequence: self.sequence,
            duplicates,
        })
    }

    /// Positions of events that are already stored or occur earlier in the batch.
    fn duplicates(
        &self,
        batch: &[(Scope, Event)],
        hashes: &[u64],
    ) -> Result<Vec<usize>, StoreError> {
        let mut seen = FxHashSet::default();
        seen.reserve(batch.len());
        let mut duplicates = Vec::new();
        let mut groups: FxHashMap<(ProjectKey, EventType), Vec<usize>> = FxHashMap::default();
        for (position, (scope, event)) in batch.iter().enumerate() {
            let event_type = event.event_type();
            if seen.insert((scope.project, event_type, same(event))) {
                groups
                    .entry((scope.project, event_type))
                    .or_default()
                    .push(position);
            } else {
                duplicates.push(position);
            }
        }
        for ((_, event_type), positions) in groups {
            let times = || {
                positions
                    .iter()
                    .map(|&position| batch[position].1.timestamp)
            };
            let scope = batch[positions[0]].0;
            let (Some(from), Some(to)) = (times().min(), times().max()) else {
                continue;
            };
            if !self.directory.read().may_hold(scope, event_type, from, to) {
                continue;
            }
            let own = positions.iter().map(|&at| hashes[at]);
            let former = positions
                .iter()
                .filter_map(|&at| batch[at].1.former_id().map(hash));
            let ids: Vec<u64> = own
                .chain(former)
                .filter(|&id| self.recent.may_hold(id, from.0))
                .collect();
            if ids.is_empty() {
                continue;
            }
            let probe = Probe {
                scope,
                event_type,
                from,
                to,
                ids,
            };
            let stored = self.committed().stored_ids(&probe)?;
            duplicates.extend(positions.iter().filter(|&&at| stored.hold(&batch[at].1)));
        }
        duplicates.sort_unstable();
        Ok(duplicates)
    }

    fn committed(&self) -> Committed<'_> {
        Committed {
            connection: &self.connection,
            directory: &self.directory,
            recent: &self.recent,
            lacking: &self.lacking,
            retries: &self.retries,
        }
    }

    fn stored_costs<'a>(&'a self, folded: &'a Folded) -> StoredCosts<'a> {
        StoredCosts {
            connection: &self.connection,
            directory: &self.directory,
            folded,
        }
    }

    fn store(&mut self, mut events: Vec<(Scope, Event)>, hashes: &[u64]) -> Result<(), StoreError> {
        let now = self.clock.now();
        let sequence = self.sequence + 1;
        // Before the fold, because it puts values of earlier events into the event that counts.
        let names = self.directory.read().new_names(&events);
        let folded = fold(&mut events, &self.open, &mut self.committed(), self.rules)?;
        let covered = trees::cover(&events, &folded.placements, &mut self.stored_costs(&folded))?;
        let mut older_names = self.older_names;
        in_transaction(&self.connection, || {
            self.write(&events, hashes, (&folded, &covered), sequence, now)?;
            names::write(&self.connection, &names, &mut older_names)
        })?;
        self.older_names = older_names;
        self.sequence = sequence;
        self.remember(&events, hashes, names, &folded, now);
        if let Err(error) = self.rollups.add(events, folded, covered, sequence) {
            // The events are durable; the cubes catch up when the store is next opened.
            tracing::error!(%error, "rollup partials could not be summed");
        }
        Ok(())
    }

    /// Adds what is now durable to the data in memory that saves lookups.
    fn remember(
        &mut self,
        events: &[(Scope, Event)],
        hashes: &[u64],
        names: Vec<NameRow>,
        folded: &Folded,
        now: Timestamp,
    ) {
        for (key, tail) in &folded.tails {
            self.open.set(*key, tail.clone());
        }
        for (scope, name) in &folded.lacking {
            self.lacking.add(*scope, name);
        }
        for (whose, life) in &folded.retries {
            self.retries.set(*whose, *life);
        }
        let mut directory = self.directory.write();
        for (scope, event) in events {
            directory.add(*scope, event, self.sequence, now);
        }
        names.into_iter().for_each(|row| directory.add_name(row));
        for (scope, workflow, environment) in &folded.environments {
            directory.add_workflow(scope.project, workflow.clone(), environment.as_deref());
        }
        drop(directory);
        for ((scope, event), &hash) in events.iter().zip(hashes) {
            self.recent.add(hash, event.timestamp.0);
            if let Some(execution) = event.execution() {
                let workflow = event.workflow_id.as_deref().unwrap_or_default();
                let key = key(*scope, workflow, &execution.execution_id);
                self.recent.add(key, event.timestamp.0);
            }
        }
    }

    fn write(
        &self,
        events: &[(Scope, Event)],
        hashes: &[u64],
        (folded, covered): (&Folded, &Covered),
        sequence: u64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write_raw(events, hashes, (folded, covered), sequence, now)?;
        cost_trees::update(&self.connection, &covered.updates, sequence)?;
        placing::write(&self.connection, &folded.changes, sequence)?;
        placing::write_environments(&self.connection, &folded.environments)
    }

    fn write_raw(
        &self,
        events: &[(Scope, Event)],
        hashes: &[u64],
        (folded, covered): (&Folded, &Covered),
        sequence: u64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        for &event_type in EventType::ALL {
            let rows: Vec<Row> = events
                .iter()
                .enumerate()
                .filter(|(_, (_, event))| event.event_type() == event_type)
                .map(|(position, (scope, event))| Row {
                    scope: *scope,
                    event,
                    hash: hashes[position],
                    placement: &folded.placements[position],
                    cover: covered.rows.get(&position).copied().unwrap_or_default(),
                })
                .collect();
            if !rows.is_empty() {
                let batch = raw::record_batch(event_type, &rows, sequence, now.0);
                self.append(raw::table(event_type), batch.context("build raw rows")?)?;
            }
        }
        Ok(())
    }

    /// Writes what is only in memory so far.
    pub(crate) fn finish(&mut self) -> Result<(), StoreError> {
        let names = self.directory.read().unwritten_names();
        names::write(&self.connection, &names, &mut self.older_names)
    }

    /// Checkpoints the log into the database file; see [`Log::fold`].
    pub(crate) fn checkpoint(&self) -> Result<(), StoreError> {
        self.log.fold(&self.connection, self.sequence)
    }

    fn append(&self, table: &str, batch: arrow::array::RecordBatch) -> Result<(), StoreError> {
        append(&self.connection, table, batch)
    }
}

/// The identity of an event within its type and project: its id, time and environment,
/// and for a derived id, the workflow.
fn same(event: &Event) -> (&str, Timestamp, Option<&str>, Option<&str>) {
    let workflow = event.workflow_id.as_deref();
    let workflow = workflow.filter(|_| event.id_source.is_derived());
    (
        &event.id,
        event.timestamp,
        event.environment.as_deref(),
        workflow,
    )
}
