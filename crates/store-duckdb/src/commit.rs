//! One commit: drop what is stored already, then append raw rows and names in one transaction; their
//! rollup partials follow (see [`crate::rollups`]).

use std::sync::Arc;

use duckdb::{Connection, params};
use parking_lot::RwLock;
use rustc_hash::{FxHashMap, FxHashSet};
use weir_model::{Clock, Event, EventKind, EventType, ProjectKey, Scope, Timestamp};
use weir_store::{
    StoreError,
    fold::{Folded, OpenExecutions, fold},
};

use crate::{
    arrays::Columns,
    directory::{Directory, NameRow},
    error::Context,
    expiry::Expiry,
    history::{Committed, Probe},
    log::Log,
    maintenance::in_transaction,
    raw::{self, Row},
    recent::Recent,
    rollups::Rollups,
};

/// The one writer of event data.
pub(crate) struct Writer {
    pub connection: Connection,
    pub open: OpenExecutions,
    pub directory: Arc<RwLock<Directory>>,
    /// The ids of recent events and executions.
    pub recent: Recent,
    pub rollups: Rollups,
    pub sequence: u64,
    pub clock: Arc<dyn Clock>,
    /// By when rollup rows have expired.
    pub expiry: Arc<Expiry>,
    pub log: Log,
}

/// What a commit did.
pub(crate) struct Committal {
    pub sequence: u64,
    /// Positions in the batch that had been stored before, ascending.
    pub duplicates: Vec<usize>,
}

impl Writer {
    /// Stores a batch. On an error nothing of it is stored.
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

    /// Positions of events that are stored already or stand earlier in the batch.
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
            if seen.insert((scope.project, event_type, event.id.as_str())) {
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
            let ids: Vec<_> = positions
                .iter()
                .filter(|&&at| self.recent.may_hold(hashes[at], from.0))
                .map(|&at| (hashes[at], batch[at].1.id.as_str()))
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
            duplicates.extend(
                positions
                    .iter()
                    .filter(|&&at| stored.contains(&batch[at].1.id)),
            );
        }
        duplicates.sort_unstable();
        Ok(duplicates)
    }

    fn committed(&self) -> Committed<'_> {
        Committed {
            connection: &self.connection,
            directory: &self.directory,
            recent: &self.recent,
        }
    }

    fn store(&mut self, events: Vec<(Scope, Event)>, hashes: &[u64]) -> Result<(), StoreError> {
        let now = self.clock.now();
        let sequence = self.sequence + 1;
        let mut folded = fold(&events, &self.open, &mut self.committed())?;
        let names = self.new_names(&events);
        in_transaction(&self.connection, || {
            self.write(&events, hashes, &folded, &names, sequence, now)
        })?;
        self.sequence = sequence;
        self.open.apply(std::mem::take(&mut folded.changes));
        let mut directory = self.directory.write();
        for (scope, event) in &events {
            directory.add(*scope, event, sequence, now);
        }
        names.into_iter().for_each(|row| directory.add_name(row));
        drop(directory);
        for ((scope, event), &hash) in events.iter().zip(hashes) {
            self.recent.add(hash, event.timestamp.0);
            if let EventKind::Execution(execution) = &event.kind {
                let hash = execution_hash(scope.project, &execution.execution_id);
                self.recent.add(hash, event.timestamp.0);
            }
        }
        if let Err(error) = self.rollups.add(events, folded, sequence) {
            // The events are durable; the cubes catch up with them when the store is next opened.
            tracing::error!(%error, "rollup partials could not be summed");
        }
        Ok(())
    }

    fn new_names(&self, events: &[(Scope, Event)]) -> Vec<NameRow> {
        let directory = self.directory.read();
        let mut newest: FxHashMap<_, NameRow> = FxHashMap::default();
        for (scope, event) in events {
            directory.new_names(*scope, event, |row| {
                let key = (row.scope, row.dimension, row.id.clone());
                match newest.get(&key) {
                    Some(known) if known.timestamp > row.timestamp => {}
                    _ => {
                        newest.insert(key, row);
                    }
                }
            });
        }
        newest.into_values().collect()
    }

    fn write(
        &self,
        events: &[(Scope, Event)],
        hashes: &[u64],
        folded: &Folded,
        names: &[NameRow],
        sequence: u64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write_raw(events, hashes, folded, sequence, now)?;
        for update in &folded.updates {
            self.connection
                .execute(
                    "UPDATE executions SET duration = ? WHERE project = ? AND timestamp = ? AND id = ?",
                    params![update.duration, update.scope.project.0, update.timestamp.0, update.id],
                )
                .context("give a duration to a stored execution")?;
        }
        self.write_names(names)
    }

    fn write_raw(
        &self,
        events: &[(Scope, Event)],
        hashes: &[u64],
        folded: &Folded,
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
                    derived: folded.derived.get(&position).copied(),
                })
                .collect();
            if !rows.is_empty() {
                let batch = raw::record_batch(event_type, &rows, sequence, now.0);
                self.append(raw::table(event_type), batch.context("build raw rows")?)?;
            }
        }
        Ok(())
    }

    fn write_names(&self, names: &[NameRow]) -> Result<(), StoreError> {
        if names.is_empty() {
            return Ok(());
        }
        let mut columns = Columns::default();
        columns.key("tenant", names.iter().map(|row| row.scope.tenant.0));
        columns.key("project", names.iter().map(|row| row.scope.project.0));
        columns.text(
            "dimension",
            names.iter().map(|row| Some(row.dimension.name())),
        );
        columns.text("id", names.iter().map(|row| Some(row.id.as_str())));
        columns.text("name", names.iter().map(|row| Some(row.name.as_str())));
        columns.number("timestamp", names.iter().map(|row| Some(row.timestamp.0)));
        self.append("names", columns.finish().context("build names")?)
    }

    /// Folds the log into the database file, see [`Log::fold`].
    pub(crate) fn checkpoint(&self) -> Result<bool, StoreError> {
        self.log.fold(&self.connection)
    }

    fn append(&self, table: &str, batch: arrow::array::RecordBatch) -> Result<(), StoreError> {
        append(&self.connection, table, batch)
    }
}

/// Makes a temporary table anew, filled with rows.
pub(crate) fn fill_temporary(
    connection: &Connection,
    table: &str,
    declaration: &str,
    rows: Columns,
) -> Result<(), StoreError> {
    connection
        .execute_batch(&format!(
            "CREATE OR REPLACE TEMP TABLE {table} ({declaration})"
        ))
        .context("create a temporary table")?;
    let mut appender = connection
        .appender_to_catalog_and_db(table, "temp", "main")
        .context("open a temporary table")?;
    let batch = rows.finish().context("build temporary rows")?;
    appender
        .append_record_batch(batch)
        .context("fill a temporary table")?;
    appender.flush().context("fill a temporary table")
}

/// Appends rows to a table.
pub(crate) fn append(
    connection: &Connection,
    table: &str,
    batch: arrow::array::RecordBatch,
) -> Result<(), StoreError> {
    let mut appender = connection
        .appender(table)
        .context("open a table for appending")?;
    appender.append_record_batch(batch).context("append rows")?;
    appender.flush().context("append rows")
}

/// A hash of an execution's id, unlike that of any event's.
pub(crate) fn execution_hash(project: ProjectKey, id: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64_with_seed(id.as_bytes(), 1 + project.0 as u64)
}

/// A hash of an id that stays the same over restarts and versions: it is stored.
fn hash(id: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64(id.as_bytes())
}
