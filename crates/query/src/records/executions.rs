//! Executions as records: the list behind the figures, with one row for every execution that the
//! metric `executions` counts, and the events of single executions.

mod conditions;
mod histogram;
mod links;
mod neighbours;

use std::collections::BTreeMap;

use arrow::record_batch::RecordBatch;
use weir_model::{
    Decimal, ExecutionHash, ExecutionId, Identity, ProjectKey, Scope, Status, TimeRange, Timestamp,
};

use super::{Cell, RecordError, Table, Told, costs::loose_retries, process::Route};
use crate::{dialect::Dialect, statement::Statement, writer::Writer};

pub use conditions::Above;
pub use histogram::{ExecutionHistogram, StateCount};
pub use links::{Links, LinksWanted, links, shared_names};
pub use neighbours::{Neighbour, Neighbours, begun};

/// An event of an execution as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct ExecutionRecord {
    /// The time of the event.
    pub timestamp: Timestamp,
    /// The event's id: together with the timestamp, the sort key of the list.
    pub id: String,
    /// The producer's `executionId`.
    pub execution_id: String,
    /// The identity of the execution.
    pub execution: ExecutionHash,
    /// The state of the execution from this moment on.
    pub status: Status,
    /// Whether it has been open for too long.
    pub stale: bool,
    /// The duration in milliseconds, given or derived.
    pub duration: Option<i64>,
    /// The number of steps that it ran.
    pub step_count: Option<i64>,
    /// The execution that it retries.
    pub retried: Option<ExecutionHash>,
    /// The execution that called it, or the name hash shared by all executions with the given name.
    pub parent: Option<ExecutionHash>,
    /// The texts, in the order of [`TEXTS`].
    texts: [Option<String>; TEXTS.len()],
}

/// The status of an execution that has been open for too long.
pub const STALE: &str = "stale";

/// The text columns besides the keys.
pub(super) const TEXTS: [&str; 18] = [
    "workflow",
    "version",
    "environment",
    "user",
    "source",
    "trigger_id",
    "trigger_type",
    "error_type",
    "error_message",
    "error_step",
    "error_group",
    "error_class",
    "retry_of",
    "parent_execution_id",
    "parent_workflow",
    "subject_id",
    "metadata",
    "own",
];

impl ExecutionRecord {
    /// The value of a text column: `workflow`, `version`, `environment`, `user`, `source`,
    /// `trigger_id`, `trigger_type`, `error_type`, `error_message`, `error_step`, `error_group`,
    /// `error_class`, `retry_of`, `parent_execution_id`, `parent_workflow`, `subject_id`, `metadata`, and
    /// `own`: a JSON object of the event's own values in columns that other events of its run changed.
    pub fn text(&self, column: &str) -> Option<&str> {
        let position = TEXTS.iter().position(|&known| known == column)?;
        self.texts[position].as_deref()
    }

    /// The public id of the execution.
    pub fn public_id(&self, project: ProjectKey) -> ExecutionId {
        self.identity(project, self.text("environment")).id()
    }

    /// The public id that the execution has, or had, according to this event alone.
    pub fn own_public_id(&self, project: ProjectKey) -> ExecutionId {
        let own = self
            .text("own")
            .and_then(|own| serde_json::from_str(own).ok());
        let own: BTreeMap<String, Option<String>> = own.unwrap_or_default();
        let environment = match own.get("environment") {
            Some(said) => said.as_deref(),
            None => self.text("environment"),
        };
        self.identity(project, environment).id()
    }

    fn identity<'a>(&'a self, project: ProjectKey, environment: Option<&'a str>) -> Identity<'a> {
        Identity {
            project,
            environment,
            workflow: self.text("workflow").unwrap_or_default(),
            execution_id: &self.execution_id,
        }
    }
}

/// A filter on executions. Fields that are `None` or empty do not restrict it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ExecutionFilter {
    /// In one of these states; empty means any, unless `stale` is set.
    pub statuses: Vec<Status>,
    /// Open for too long; in addition to `statuses`.
    pub stale: bool,
    /// Of this workflow.
    pub workflow: Option<String>,
    /// Of this version.
    pub version: Option<String>,
    /// In this environment.
    pub environment: Option<String>,
    /// Reported by this source.
    pub source: Option<String>,
    /// Of this user.
    pub user: Option<String>,
    /// In which this subject is enrolled.
    pub subject: Option<String>,
    /// Whether another execution called it.
    pub called: Option<bool>,
    /// Called by an execution that has one of these hashes.
    pub parents: Option<Vec<ExecutionHash>>,
    /// Whether another execution retries it.
    pub retried: Option<bool>,
    /// Whether it retries another execution.
    pub is_retry: Option<bool>,
    /// Whose costs, those of all its runs, are at least this many US dollars.
    pub min_cost: Option<Decimal>,
    /// Above this position of the list.
    pub since: Option<Above>,
    /// Started by this trigger.
    pub trigger_id: Option<String>,
    /// Started by this type of trigger.
    pub trigger_type: Option<String>,
    /// With this type of error.
    pub error_type: Option<String>,
    /// Of this error group.
    pub error_group: Option<String>,
    /// Of this error class.
    pub error_class: Option<String>,
    /// That failed at this step.
    pub error_step: Option<String>,
    /// With this text in the error's type or message, ignoring case.
    pub error_text: Option<String>,
    /// That took at least this many milliseconds.
    pub min_duration: Option<i64>,
    /// That took at most this many milliseconds.
    pub max_duration: Option<i64>,
    /// The values that their declared dimensions must have.
    pub told: Vec<Told>,
    /// The ways that they went.
    pub routes: Vec<Route>,
}

/// How far a caller has read a list sorted by time and event id. Several rows can share a key: events of
/// different workflows and environments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The time of the last row read.
    pub timestamp: Timestamp,
    /// Its event id.
    pub id: String,
    /// How many rows with this key have been read.
    pub seen: usize,
}

impl Reached {
    /// Keeps the rows that do not precede it in a list sorted newest first.
    pub(super) fn write(&self, writer: &mut Writer) {
        writer
            .text(" AND (\"timestamp\" < ")
            .integer(self.timestamp.0);
        writer
            .text(" OR (\"timestamp\" = ")
            .integer(self.timestamp.0);
        writer.text(" AND \"id\" <= ").string(&self.id).text("))");
    }

    /// Skips the rows with this key that have been read.
    pub(super) fn skip(&self, writer: &mut Writer) {
        writer.text(" OFFSET ");
        writer.integer(i64::try_from(self.seen).unwrap_or(i64::MAX));
    }

    /// How far a caller has read after this page and the previous ones; `None` if there are no rows.
    pub fn by<'a>(
        keys: impl DoubleEndedIterator<Item = (Timestamp, &'a str)> + Clone,
        before: Option<&Reached>,
    ) -> Option<Self> {
        let (timestamp, id) = keys.clone().next_back()?;
        let is_same = |key: &(Timestamp, &str)| *key == (timestamp, id);
        let seen = keys.clone().rev().take_while(is_same).count();
        // A page within one key continues where the previous one ended.
        let all = seen == keys.count();
        let before = before.filter(|before| all && is_same(&(before.timestamp, &before.id)));
        Some(Self {
            timestamp,
            id: id.to_owned(),
            seen: seen + before.map_or(0, |before| before.seen),
        })
    }
}

/// A page of the list: newest first, then by event id, descending.
#[derive(Clone, Debug)]
pub struct ExecutionPage<'a> {
    /// The filter.
    pub filter: &'a ExecutionFilter,
    /// The range of time.
    pub range: TimeRange,
    /// Only rows after this position.
    pub after: Option<&'a Reached>,
    /// The maximum number of rows.
    pub limit: usize,
}

impl ExecutionPage<'_> {
    /// The statement for the page: the events by which executions are counted, so there is one row
    /// for each execution that the figures count.
    pub fn statement(&self, scope: Scope, dialect: Dialect) -> Statement {
        let mut writer = Writer::new(dialect);
        columns(writer.text("SELECT "), STATE);
        counted(&mut writer, scope, self.range);
        self.filter.write(&mut writer, scope);
        if let Some(after) = self.after {
            after.write(&mut writer);
        }
        writer.text(" ORDER BY ").text(NEWEST_FIRST).text(" LIMIT ");
        writer.integer(i64::try_from(self.limit).unwrap_or(i64::MAX));
        let within = |after: &&Reached| self.range.contains(after.timestamp);
        if let Some(after) = self.after.filter(within) {
            after.skip(&mut writer);
        }
        writer.finish()
    }
}

/// ` FROM "counted_executions"(?, ?, ?, ?) WHERE true`: the events of a range by which executions are
/// counted, with the columns of the table; the status of executions open for too long is `stale`.
pub(super) fn counted(writer: &mut Writer, scope: Scope, range: TimeRange) {
    writer.text(" FROM ").name("counted_executions").text("(");
    writer.integer(i64::from(scope.tenant.0)).text(", ");
    writer.integer(i64::from(scope.project.0)).text(", ");
    writer.integer(range.from.0).text(", ");
    writer.integer(range.to.0).text(") WHERE true");
}

impl ExecutionFilter {
    /// Writes its conditions for rows of counted executions.
    pub(super) fn write(&self, writer: &mut Writer, scope: Scope) {
        let stale = self.stale.then_some(STALE);
        let statuses = self.statuses.iter().map(|status| status.name());
        writer.one_of("status", statuses.chain(stale));
        for (column, value) in [
            ("workflow", &self.workflow),
            ("version", &self.version),
            ("environment", &self.environment),
            ("source", &self.source),
            ("user", &self.user),
            ("subject_id", &self.subject),
            ("trigger_id", &self.trigger_id),
            ("trigger_type", &self.trigger_type),
            ("error_type", &self.error_type),
            ("error_group", &self.error_group),
            ("error_class", &self.error_class),
            ("error_step", &self.error_step),
        ] {
            writer.equals(column, value.as_deref());
        }
        self.write_relations(writer, scope);
        if let Some(least) = self.min_duration {
            writer.text(" AND \"duration\" >= ").integer(least);
        }
        if let Some(most) = self.max_duration {
            writer.text(" AND \"duration\" <= ").integer(most);
        }
        if let Some(text) = &self.error_text {
            writer.text(" AND (").contains("error_message", text);
            writer.text(" OR ").contains("error_type", text).text(")");
        }
        for told in &self.told {
            told.write(writer, scope);
        }
        for route in &self.routes {
            route.write(writer, scope);
        }
    }
}

/// Every event of one execution, oldest first.
pub fn events_of(
    scope: Scope,
    dialect: Dialect,
    execution: ExecutionHash,
    range: TimeRange,
) -> Statement {
    let mut writer = Writer::new(dialect);
    columns(writer.text("SELECT "), "status");
    writer.text(" FROM \"executions\" WHERE ");
    writer.scope(scope).during(range);
    writer.text(" AND \"execution\" = ").hash(execution);
    writer.text(" ORDER BY \"timestamp\", \"id\", left_out_environment(\"own\") DESC LIMIT 1000");
    writer.finish()
}

/// The newest event of every execution with this name, at most `limit` of them,
/// newest first. `environment` and `workflow` narrow the search.
pub fn named(scope: Scope, dialect: Dialect, name: &ExecutionName<'_>, limit: usize) -> Statement {
    let mut writer = Writer::new(dialect);
    columns(writer.text("SELECT "), "status");
    writer.text(" FROM \"executions\" WHERE ").scope(scope);
    let hash = ExecutionHash::of_name(scope.project, name.execution_id);
    writer.text(" AND \"execution\" >= ").hash(hash);
    writer
        .text(" AND \"execution\" <= ")
        .hash(ExecutionHash(hash.0 | 0xffff_ffff));
    writer.equals("execution_id", Some(name.execution_id));
    writer.equals("workflow", name.workflow);
    writer.equals("environment", name.environment);
    newest_each(&mut writer, limit);
    writer.finish()
}

/// The events of a range that count these executions.
pub fn counts_of(
    scope: Scope,
    dialect: Dialect,
    range: TimeRange,
    executions: &[ExecutionHash],
) -> Statement {
    let mut writer = Writer::new(dialect);
    columns(writer.text("SELECT "), STATE);
    counted(&mut writer, scope, range);
    writer.text(" AND \"execution\" IN (");
    for (i, &execution) in executions.iter().enumerate() {
        writer.text(if i > 0 { ", " } else { "" }).hash(execution);
    }
    writer.text(if executions.is_empty() { "NULL)" } else { ")" });
    writer.finish()
}

/// A producer's name for an execution.
#[derive(Clone, Copy, Debug)]
pub struct ExecutionName<'a> {
    /// The `executionId`.
    pub execution_id: &'a str,
    /// Of this workflow.
    pub workflow: Option<&'a str>,
    /// In this environment.
    pub environment: Option<&'a str>,
}

/// Events of executions with the same name as one that no longer exists: the newest event of each identity
/// given by the events themselves.
pub fn like(scope: Scope, dialect: Dialect, hash: ExecutionHash, limit: usize) -> Statement {
    let name = hash.name();
    let mut writer = Writer::new(dialect);
    columns(writer.text("SELECT "), "status");
    writer.text(" FROM \"executions\" WHERE ").scope(scope);
    writer.text(" AND \"execution\" >= ").hash(name);
    writer
        .text(" AND \"execution\" <= ")
        .hash(ExecutionHash(name.0 | 0xffff_ffff));
    writer.text(" AND \"own\" IS NOT NULL ORDER BY \"timestamp\" DESC LIMIT ");
    writer.integer(i64::try_from(limit).unwrap_or(i64::MAX));
    writer.finish()
}

/// The order of an execution's events, newest first (`weir_store::fold::order`), and of different executions
/// at one moment.
const NEWEST_FIRST: &str =
    "\"timestamp\" DESC, \"id\" DESC, \"execution\", left_out_environment(\"own\")";

fn newest_each(writer: &mut Writer, limit: usize) {
    writer.text(" QUALIFY row_number() OVER (PARTITION BY \"execution\" ORDER BY ");
    writer.text(NEWEST_FIRST).text(") = 1 ORDER BY ");
    writer.text(NEWEST_FIRST).text(" LIMIT ");
    writer.integer(i64::try_from(limit).unwrap_or(i64::MAX));
}

/// Every event of these executions, at most `limit`; those of each oldest first.
pub fn events_among(
    scope: Scope,
    dialect: Dialect,
    executions: &[ExecutionHash],
    limit: usize,
) -> Statement {
    let mut writer = Writer::new(dialect);
    columns(writer.text("SELECT "), "status");
    writer.text(" FROM \"executions\" WHERE ").scope(scope);
    writer.text(" AND \"execution\"").among(executions);
    writer.text(
        " ORDER BY \"execution\", \"timestamp\", \"id\", left_out_environment(\"own\") DESC LIMIT ",
    );
    writer.integer(i64::try_from(limit).unwrap_or(i64::MAX));
    writer.finish()
}

/// The column of counted executions with the reported state, where `status` can be `stale`.
const STATE: &str = "state";

/// The columns that [`read_executions`] reads; `status` is the name of the column with the status.
fn columns(writer: &mut Writer, status: &str) {
    writer
        .text("\"timestamp\", \"id\", \"execution_id\", ")
        .name(status)
        .text(", \"duration\", \"step_count\", \"execution\", \"retried\", \"parent\", \"stale\"");
    for column in TEXTS {
        writer.text(", ").name(column);
    }
}

/// Reads the rows of the statements in this file. Fails if they have another shape.
pub fn read_executions(batches: &[RecordBatch]) -> Result<Vec<ExecutionRecord>, RecordError> {
    let mut records = Vec::new();
    for batch in batches {
        let table = Table(batch);
        let (timestamps, ids, executions) = (table.integers(0)?, table.texts(1)?, table.texts(2)?);
        let (statuses, durations) = (table.texts(3)?, table.integers(4)?);
        let step_counts = table.integers(5)?;
        let [hashes, retried, parents] = [6, 7, 8].map(|column| table.hashes(column));
        let (hashes, retried, parents) = (hashes?, retried?, parents?);
        let stale = table.booleans(9)?;
        let texts: Vec<_> = (10..10 + TEXTS.len())
            .map(|column| table.texts(column))
            .collect::<Result<_, _>>()?;
        for row in 0..table.rows() {
            let status = Status::from_name(&statuses.at(row).unwrap_or_default());
            records.push(ExecutionRecord {
                timestamp: Timestamp(timestamps.value(row)),
                id: ids.at(row).unwrap_or_default(),
                execution_id: executions.at(row).unwrap_or_default(),
                execution: ExecutionHash(hashes.at(row).unwrap_or_default()),
                status: status.ok_or(RecordError {
                    column: 3,
                    expected: "a status",
                })?,
                stale: stale.at(row) == Some(true),
                duration: durations.at(row),
                step_count: step_counts.at(row),
                retried: retried.at(row).map(ExecutionHash),
                parent: parents.at(row).map(ExecutionHash),
                texts: std::array::from_fn(|position| texts[position].at(row)),
            });
        }
    }
    Ok(records)
}

#[cfg(test)]
mod tests;
