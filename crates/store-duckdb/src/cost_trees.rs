//! Trees of costs in the tables: looked up for a commit, and updated with it.

use duckdb::Connection;
use parking_lot::RwLock;
use rustc_hash::FxHashMap;
use weir_model::{Event, EventKind, EventType};
use weir_store::{
    StoreError,
    fold::{Folded, StoredRecord},
    trees::{CostHistory, CostKey, CoverUpdate, KINDS, StoredCost},
};

use crate::{
    arrays::Columns,
    directory::Directory,
    error::Context,
    raw::{covered, height},
    stored,
    tables::{fill_temporary, hash},
};

/// The most hashes that a lookup includes in its SQL; more go through a table.
const INLINE: usize = 256;

/// Looks costs up on the writer's connection.
pub(crate) struct StoredCosts<'a> {
    pub connection: &'a Connection,
    pub directory: &'a RwLock<Directory>,
    /// What the commit found out about the executions of stored costs.
    pub folded: &'a Folded,
}

impl CostHistory for StoredCosts<'_> {
    type Error = StoreError;

    fn costs(&mut self, ids: &[CostKey]) -> Result<Vec<StoredCost>, StoreError> {
        self.look_up("id_hash", ids)
    }

    fn parts(&mut self, of: &[CostKey]) -> Result<Vec<StoredCost>, StoreError> {
        let directory = self.directory.read();
        let possible = of
            .iter()
            .filter(|(project, _)| directory.has_parts(*project));
        let of: Vec<CostKey> = possible.cloned().collect();
        drop(directory);
        self.look_up("part_of_hash", &of)
    }
}

impl StoredCosts<'_> {
    /// Rows with a matching hash. The caller must skip rows that only share a hash or belong to another
    /// project.
    fn look_up(&self, column: &str, ids: &[CostKey]) -> Result<Vec<StoredCost>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut projects: Vec<i32> = ids.iter().map(|(project, _)| project.0).collect();
        projects.sort_unstable();
        projects.dedup();
        let projects: Vec<String> = projects.iter().map(i32::to_string).collect();
        let hashes = ids.iter().map(|(_, id)| hash(id));
        let wanted = if ids.len() <= INLINE {
            let hashes: Vec<String> = hashes.map(|hash| hash.to_string()).collect();
            hashes.join(", ")
        } else {
            let mut columns = Columns::default();
            columns.hash("hash", hashes);
            fill_temporary(self.connection, "cost_probe", "hash UBIGINT", columns)?;
            "SELECT hash FROM cost_probe".to_owned()
        };
        let sql = format!(
            "SELECT {} FROM costs AS c WHERE c.project IN ({}) AND c.{column} IN ({wanted})",
            stored::columns(EventType::Cost, "c"),
            projects.join(", ")
        );
        let mut statement = self
            .connection
            .prepare(&sql)
            .context("look up stored costs")?;
        let batches = statement.query_arrow([]).context("look up stored costs")?;
        let mut costs = Vec::new();
        for batch in batches {
            costs.extend(stored::records(EventType::Cost, &batch).map(stored_cost));
        }
        self.place(&mut costs);
        Ok(costs)
    }

    /// Sets the workflow and environment that costs have from this commit on.
    fn place(&self, costs: &mut [StoredCost]) {
        let changes = self.folded.changes.iter();
        let moved: FxHashMap<i64, &Event> = changes
            .filter(|change| matches!(change.event.kind, EventKind::Cost(_)))
            .map(|change| (change.row, &change.event))
            .collect();
        for cost in costs {
            if let Some(event) = moved.get(&cost.row) {
                cost.event.environment.clone_from(&event.environment);
                cost.event.workflow_id.clone_from(&event.workflow_id);
            }
        }
    }
}

fn stored_cost(record: StoredRecord) -> StoredCost {
    StoredCost {
        scope: record.scope,
        row: record.row,
        told_environment: record.event.environment.clone(),
        event: Event {
            environment: record.belongs.environment,
            workflow_id: record.belongs.workflow,
            ..record.event
        },
        cover: record.cover,
    }
}

/// Updates the place of stored costs in their trees. They take the sequence of the commit, so that the cubes
/// catch up with them after a crash.
pub(crate) fn update(
    connection: &Connection,
    updates: &[CoverUpdate],
    sequence: u64,
) -> Result<(), StoreError> {
    if updates.is_empty() {
        return Ok(());
    }
    let mut declaration = "row BIGINT, height BIGINT".to_owned();
    let mut columns = Columns::default();
    columns.number("row", updates.iter().map(|update| Some(update.row)));
    columns.number("height", updates.iter().map(|u| height(&u.cover)));
    for (kind, name) in KINDS.iter().enumerate() {
        let name = covered(name);
        declaration += &format!(", {name} BIGINT");
        let sums = updates.iter().map(|update| update.cover.covered);
        columns.number(&name, sums.map(|sums| sums.map(|sums| sums[kind])));
    }
    fill_temporary(connection, "cost_covers", &declaration, columns)?;
    let set = KINDS.map(|kind| {
        let name = covered(kind);
        format!("{name} = u.{name}")
    });
    let sql = format!(
        "UPDATE costs SET height = u.height, {}, sequence = {sequence} FROM cost_covers AS u WHERE costs.rowid = u.row",
        set.join(", ")
    );
    connection
        .execute_batch(&sql)
        .context("update the trees of costs")
}
