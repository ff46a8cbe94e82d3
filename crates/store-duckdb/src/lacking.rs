//! The names of executions that stored records give and whose executions had to be looked for: another
//! execution by such a name may change where the records belong.

use arrow::array::AsArray;
use duckdb::Connection;
use rustc_hash::FxHashSet;
use weir_model::Scope;
use weir_store::{StoreError, fold};

use crate::{error::Context, raw, stored};

/// The most names known, some 70 MB; beyond that every name is one.
const MOST: usize = 4 << 20;

/// Names that may stand on records without an execution of their own.
#[derive(Debug, Default)]
pub(crate) struct Lacking {
    names: FxHashSet<u64>,
    all: bool,
}

impl Lacking {
    /// Reads them from the tables.
    pub(crate) fn load(connection: &Connection) -> Result<Self, StoreError> {
        let mut lacking = Self::default();
        for event_type in stored::RECORDS {
            let sql = format!(
                "SELECT DISTINCT tenant, project, execution_id FROM {}
                 WHERE execution_id IS NOT NULL AND (own IS NOT NULL OR (execution & 4294967295) = 0)",
                raw::table(event_type)
            );
            let mut statement = connection.prepare(&sql).context("read names")?;
            for batch in statement.query_arrow([]).context("read names")? {
                let keys = |column: usize| {
                    let keys = batch.column(column);
                    keys.as_primitive::<arrow::datatypes::Int32Type>()
                };
                let names = batch.column(2).as_string::<i32>();
                for row in 0..batch.num_rows() {
                    let scope = Scope::new(keys(0).value(row), keys(1).value(row));
                    lacking.add(scope, names.value(row));
                }
            }
        }
        Ok(lacking)
    }

    /// Takes in a name.
    pub(crate) fn add(&mut self, scope: Scope, execution_id: &str) {
        if self.names.len() < MOST {
            self.names.insert(key(scope, execution_id));
        } else {
            self.all = true;
        }
    }

    /// Whether it may be one of them. "No" is certain.
    pub(crate) fn may_hold(&self, scope: Scope, execution_id: &str) -> bool {
        self.all || !self.names.is_empty() && self.names.contains(&key(scope, execution_id))
    }
}

fn key(scope: Scope, execution_id: &str) -> u64 {
    fold::key(scope, "", execution_id)
}
