//! Erases a user: nothing that names them stays, and no counts are lost.

use duckdb::{Connection, params};
use weir_model::{
    Granularity, Scope,
    cube::{CUBES, Cube, Dimension, Family},
    time::Retention,
};
use weir_store::{Erased, StoreError, fold::Own};

use crate::{
    arrays::Columns,
    commit::Writer,
    declared,
    error::Context,
    maintenance::{resettle, sum_anew},
    tables::{fill_temporary, in_transaction},
};

/// Replaces mentions of the user in texts.
const GONE: &str = "[erased]";
/// The raw tables; all of them have a user and metadata.
const TABLES: [&str; 7] = [
    "executions",
    "steps",
    "costs",
    "activities",
    "documents",
    "queue_events",
    "goals",
];
/// Columns besides `user` that can hold the user's id as their value: who was enrolled, what started an execution, what
/// was acted on, and in which session.
const PERSONS: [(&str, &str); 5] = [
    ("executions", "subject_id"),
    ("executions", "trigger_id"),
    ("goals", "subject_id"),
    ("activities", "resource_id"),
    ("activities", "session_id"),
];
/// Free-text columns that can mention the user, besides `id` and `metadata` of every table.
const TEXTS: [(&str, &str); 4] = [
    ("costs", "part_of"),
    ("executions", "error_message"),
    ("steps", "error_message"),
    ("names", "name"),
];
/// How many passes a text gets: mentions separated by one character are found in successive passes.
const TURNS: usize = 8;

impl Writer {
    /// Erases a user of a project, in one transaction. Fails without changing anything.
    pub(crate) fn erase_user(
        &mut self,
        scope: Scope,
        user: &str,
        retention: Retention,
    ) -> Result<Erased, StoreError> {
        self.rollups.flush_now()?;
        // Names are reloaded from the table afterwards.
        self.finish()?;
        let sequence = self.sequence + 1;
        let (connection, now) = (&self.connection, self.expiry.horizon());
        let erased = in_transaction(connection, || {
            let erasing = Erasing {
                connection,
                scope,
                user,
            };
            let erased = erasing.all()?;
            if erased != Erased::default() {
                // An id that changed may have been the parent of other costs.
                if resettle(connection, scope, sequence)? {
                    sum_anew(connection, scope, sequence, retention, now)?;
                }
                // Named values come from events; those of the user's events are gone.
                declared::forget(connection, scope)?;
                erasing.record(sequence)?;
            }
            Ok(erased)
        })?;
        if erased != Erased::default() {
            self.open.let_go();
            self.sequence = sequence;
            let mut directory = self.directory.write();
            directory.add_change(scope, sequence);
            directory.reload_names(&self.connection)?;
        }
        // Overwritten values remain in the log until it is checkpointed.
        self.checkpoint()?;
        Ok(erased)
    }
}

struct Erasing<'a> {
    connection: &'a Connection,
    scope: Scope,
    user: &'a str,
}

impl Erasing<'_> {
    fn all(&self) -> Result<Erased, StoreError> {
        let mut erased = Erased::default();
        for table in TABLES {
            erased.rows += self.disown(table)?;
            erased.mentions += self.scrub(table, "id")? + self.scrub(table, "metadata")?;
        }
        erased.mentions += self.forget_own()?;
        for (table, column) in PERSONS {
            erased.mentions += self.forget(table, column)?;
        }
        for (table, column) in TEXTS {
            erased.mentions += self.scrub(table, column)?;
        }
        for cube in CUBES {
            if cube.dimensions.contains(&Dimension::User) {
                erased.cube_rows += self.leave(cube)?;
            }
        }
        Ok(erased)
    }

    /// Removes the user and the metadata from the user's rows. An id that was derived
    /// from the event's content is a digest that covers the user's id, so it is replaced, too.
    fn disown(&self, table: &str) -> Result<u64, StoreError> {
        let session = match table {
            "activities" => "session_id = NULL,",
            _ => "",
        };
        self.change(&format!(
            "UPDATE {table} SET {session} metadata = NULL,
                id = CASE WHEN starts_with(id, 'content:') THEN 'erased:' || uuid()::VARCHAR ELSE id END,
                id_hash = CASE WHEN starts_with(id, 'content:') THEN 0 ELSE id_hash END,
                \"user\" = NULL
             WHERE tenant = ? AND project = ? AND \"user\" = ?"
        ))
    }

    /// Removes the user from the events' own values.
    fn forget_own(&self) -> Result<u64, StoreError> {
        let mut changed = 0;
        for table in TABLES.into_iter().filter(|table| *table != "activities") {
            let rows = self.own_of(table)?;
            if rows.is_empty() {
                continue;
            }
            changed += rows.len() as u64;
            let mut columns = Columns::default();
            columns.number("row", rows.iter().map(|(row, _)| Some(*row)));
            columns.text("own", rows.iter().map(|(_, own)| Some(own.as_str())));
            fill_temporary(
                self.connection,
                "forgotten",
                "row BIGINT, own VARCHAR",
                columns,
            )?;
            let sql = format!(
                "UPDATE {table} AS t SET own = f.own FROM forgotten AS f WHERE t.rowid = f.row"
            );
            self.connection
                .execute_batch(&sql)
                .context("erase a user")?;
        }
        Ok(changed)
    }

    /// The rows of a table whose own values named the user, with the user removed.
    fn own_of(&self, table: &str) -> Result<Vec<(i64, String)>, StoreError> {
        let sql = format!(
            "SELECT rowid, own FROM {table} WHERE tenant = ? AND project = ? AND own IS NOT NULL"
        );
        let mut statement = self
            .connection
            .prepare(&sql)
            .context("read what events said")?;
        let (tenant, project) = (self.scope.tenant.0, self.scope.project.0);
        let rows = statement
            .query_map(params![tenant, project], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
            })
            .context("read what events said")?;
        let mut changed = Vec::new();
        for row in rows {
            let (row, json) = row.context("read what events said")?;
            let mut own = Own::parse(&json);
            if own.forget(self.user) {
                changed.push((row, own.to_json()));
            }
        }
        Ok(changed)
    }

    /// Clears a column where it holds the user's id.
    fn forget(&self, table: &str, column: &str) -> Result<u64, StoreError> {
        self.change(&format!(
            "UPDATE {table} SET {column} = NULL WHERE tenant = ? AND project = ? AND {column} = ?"
        ))
    }

    /// Removes mentions from a text column: the id without a letter or digit next to it, plain
    /// and JSON-escaped.
    fn scrub(&self, table: &str, column: &str) -> Result<u64, StoreError> {
        let json = serde_json::to_string(self.user).context("write an id as JSON")?;
        let mut changed = self.take_out(table, column, self.user)?;
        let json = json.trim_matches('"');
        if json != self.user {
            changed += self.take_out(table, column, json)?;
        }
        Ok(changed)
    }

    fn take_out(&self, table: &str, column: &str, id: &str) -> Result<u64, StoreError> {
        let pattern = "'(^|[^\\pL\\pN_])' || regexp_escape($3) || '($|[^\\pL\\pN_])'";
        let sql = format!(
            "UPDATE {table} SET {column} = regexp_replace({column}, {pattern}, '\\1{GONE}\\2', 'g')
             WHERE tenant = $1 AND project = $2 AND contains({column}, $3) AND regexp_matches({column}, {pattern})"
        );
        let mut changed = 0;
        for _ in 0..TURNS {
            let (tenant, project) = (self.scope.tenant.0, self.scope.project.0);
            let done = self
                .connection
                .execute(&sql, params![tenant, project, id])
                .context("take mentions of a user out")?;
            changed += done as u64;
            if done == 0 {
                break;
            }
        }
        Ok(changed)
    }

    /// Removes the user from rows of a cube; their counts stay. For events that are not
    /// activities, the activity family only counts those that have a user.
    fn leave(&self, cube: &Cube) -> Result<u64, StoreError> {
        let mut rows = 0;
        for granularity in Granularity::ALL {
            let table = cube.table(granularity);
            if cube.family == Family::Activity {
                rows += self.change(&format!(
                    "DELETE FROM {table} WHERE tenant = ? AND project = ? AND \"user\" = ?
                        AND event_type IS DISTINCT FROM 'activity'"
                ))?;
            }
            // Another partial of its key: sums do not change, and compaction merges them.
            rows += self.change(&format!(
                "UPDATE {table} SET \"user\" = NULL, merged = false
                 WHERE tenant = ? AND project = ? AND \"user\" = ?"
            ))?;
        }
        Ok(rows)
    }

    fn change(&self, sql: &str) -> Result<u64, StoreError> {
        let (tenant, project) = (self.scope.tenant.0, self.scope.project.0);
        let changed = self
            .connection
            .execute(sql, params![tenant, project, self.user])
            .context("erase a user")?;
        Ok(changed as u64)
    }

    fn record(&self, sequence: u64) -> Result<(), StoreError> {
        let insert = "INSERT INTO changes VALUES (?, ?, ?)";
        let (tenant, project) = (self.scope.tenant.0, self.scope.project.0);
        self.connection
            .execute(insert, params![tenant, project, sequence as i64])
            .context("record an erasure")?;
        Ok(())
    }
}
