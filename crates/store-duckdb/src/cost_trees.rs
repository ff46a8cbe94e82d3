//! Trees of costs in the tables: looked up for a commit, and written down with it.

use std::sync::Arc;

use arrow::{
    array::{Array, AsArray, RecordBatch},
    datatypes::{Int32Type, Int64Type},
};
use duckdb::Connection;
use parking_lot::RwLock;
use rustc_hash::FxHashMap;
use weir_model::{
    Decimal, Event, EventKind, Scope, Timestamp,
    event::{CostEvent, Foreign},
};
use weir_store::{
    StoreError,
    fold::Folded,
    trees::{CostHistory, CostKey, Cover, CoverUpdate, KINDS, StoredCost, Sums},
};

use crate::{
    arrays::Columns,
    commit::{fill_temporary, hash},
    directory::Directory,
    error::Context,
};

/// The most hashes that a look-up carries in its text; more go through a table.
const INLINE: usize = 256;

/// The column that holds what covers a kind of amount.
pub(crate) fn covered(kind: &str) -> String {
    format!("covered_{kind}")
}

/// Looks costs up on the writer's connection.
pub(crate) struct StoredCosts<'a> {
    pub connection: &'a Connection,
    pub directory: &'a RwLock<Directory>,
    /// What the commit has found of the executions of stored costs.
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
    /// Rows whose hash is met; those that only share a hash or are another project's are left to the
    /// caller to pass over.
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
        let own = KINDS.map(|kind| kind.to_owned()).join(", ");
        let covers = KINDS.map(covered).join(", ");
        let sql = format!(
            "SELECT tenant, project, rowid, timestamp, coalesce(height, 0), foreign_amount, {own}, {covers},
                id, environment, workflow, version, \"user\", action_type, provider, model, unit, part_of
             FROM costs WHERE project IN ({}) AND {column} IN ({wanted})",
            projects.join(", ")
        );
        let mut statement = self
            .connection
            .prepare(&sql)
            .context("look up stored costs")?;
        let batches = statement.query_arrow([]).context("look up stored costs")?;
        let mut costs: Vec<StoredCost> = batches.flat_map(|batch| costs_of(&batch)).collect();
        self.place(&mut costs);
        Ok(costs)
    }

    /// Gives costs the workflow and environment that they have from this commit on.
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

fn costs_of(batch: &RecordBatch) -> Vec<StoredCost> {
    let key =
        |column: usize, row: usize| batch.column(column).as_primitive::<Int32Type>().value(row);
    let number = |column: usize, row: usize| {
        let values = batch.column(column).as_primitive::<Int64Type>();
        values.is_valid(row).then(|| values.value(row))
    };
    let texts = 6 + 2 * KINDS.len();
    let text = |position: usize, row: usize| {
        let values = batch.column(texts + position).as_string::<i32>();
        values.is_valid(row).then(|| values.value(row).to_owned())
    };
    let stored = |row: usize| {
        let kinds = |first: usize| -> [Option<i64>; KINDS.len()] {
            std::array::from_fn(|kind| number(first + kind, row))
        };
        let cost = cost(&kinds(6), number(5, row), |position| text(position, row));
        StoredCost {
            scope: Scope::new(key(0, row), key(1, row)),
            row: number(2, row).unwrap_or_default(),
            event: Event {
                id: text(0, row).unwrap_or_default(),
                id_derived: false,
                timestamp: Timestamp(number(3, row).unwrap_or_default()),
                source: Arc::from(""),
                environment: text(1, row),
                workflow_id: text(2, row),
                workflow_name: None,
                workflow_version: text(3, row),
                user_id: text(4, row),
                metadata: None,
                kind: EventKind::Cost(cost),
            },
            cover: Cover {
                height: u8::try_from(number(4, row).unwrap_or_default()).unwrap_or(u8::MAX),
                covered: all_of(&kinds(6 + KINDS.len())),
            },
        }
    };
    (0..batch.num_rows()).map(stored).collect()
}

/// The sums of what covers a row: all columns have one, or none has.
pub(crate) fn all_of(columns: &[Option<i64>; KINDS.len()]) -> Option<Sums> {
    let known = columns.iter().any(Option::is_some);
    known.then(|| columns.map(Option::unwrap_or_default))
}

/// What the costs family and the trees need of a cost.
fn cost(
    own: &[Option<i64>; KINDS.len()],
    foreign: Option<i64>,
    text: impl Fn(usize) -> Option<String>,
) -> CostEvent {
    let [
        amount,
        credits,
        api_calls,
        input_tokens,
        output_tokens,
        cache_read_tokens,
        cache_write_tokens,
        reasoning_tokens,
        units,
    ] = *own;
    CostEvent {
        execution_id: None,
        action_type: text(5),
        provider: text(6),
        model: text(7),
        api_calls,
        input_tokens,
        output_tokens,
        cache_read_tokens,
        cache_write_tokens,
        reasoning_tokens,
        units: units.map(Decimal),
        unit: text(8),
        credits: credits.map(Decimal),
        dollar_amount: amount.map(Decimal),
        foreign: foreign.map(|amount| Foreign {
            amount: Decimal(amount),
            currency: String::new(),
        }),
        price: None,
        part_of: text(9),
    }
}

/// Writes down where stored costs stand now. They take the sequence of the commit, so that the cubes
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
        .context("write down what covers costs")
}

/// A height as the tables have it: nothing where there are no parts.
pub(crate) fn height(cover: &Cover) -> Option<i64> {
    Some(i64::from(cover.height)).filter(|&height| height > 0)
}
