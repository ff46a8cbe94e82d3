//! Names of executions in stored records whose execution had to be searched for: another
//! execution with such a name can change where the records belong. This cannot happen to a record that
//! names the environment that all executions of its workflow name, or none if none of them does.

use arrow::array::AsArray;
use duckdb::Connection;
use rustc_hash::FxHashSet;
use weir_model::Scope;
use weir_store::{StoreError, fold};

use crate::{error::Context, raw, stored};

/// The most names in memory, about 70 MB; beyond that, every name counts as contained.
const MOST: usize = 4 << 20;

/// Names that may occur on records without a known execution.
#[derive(Debug, Default)]
pub(crate) struct Lacking {
    names: FxHashSet<u64>,
    all: bool,
}

impl Lacking {
    /// Loads the names from the tables.
    pub(crate) fn load(connection: &Connection) -> Result<Self, StoreError> {
        let mut lacking = Self::default();
        for event_type in stored::RECORDS {
            let sql = format!(
                "SELECT DISTINCT r.tenant, r.project, r.execution_id
                 FROM {} AS r LEFT JOIN (
                    SELECT tenant, project, workflow, count(*) AS named, min(environment) AS environment
                    FROM workflow_environments GROUP BY tenant, project, workflow
                 ) AS w ON w.tenant = r.tenant AND w.project = r.project AND w.workflow = r.workflow
                 WHERE r.execution_id IS NOT NULL AND (r.own IS NOT NULL OR w.named IS NULL OR w.named > 1
                    OR r.environment IS DISTINCT FROM w.environment)",
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

    /// Adds a name.
    pub(crate) fn add(&mut self, scope: Scope, execution_id: &str) {
        if self.names.len() < MOST {
            self.names.insert(key(scope, execution_id));
        } else {
            self.all = true;
        }
    }

    /// Whether the name may be contained. "No" is certain.
    pub(crate) fn may_hold(&self, scope: Scope, execution_id: &str) -> bool {
        self.all || !self.names.is_empty() && self.names.contains(&key(scope, execution_id))
    }
}

fn key(scope: Scope, execution_id: &str) -> u64 {
    fold::key(scope, "", execution_id)
}
