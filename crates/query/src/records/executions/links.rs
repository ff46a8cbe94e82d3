//! Which execution called or retries which: links without anything else, so that a family can be walked
//! level by level.

use arrow::record_batch::RecordBatch;
use weir_model::{ExecutionHash, Scope};

use super::super::{Cell, RecordError, Table, costs::loose_retries};
use crate::{dialect::Dialect, statement::Statement, writer::Writer};

/// What an event of an execution says about its relations. Another event of it can say more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Links {
    /// The execution.
    pub execution: ExecutionHash,
    /// The one that called it, or the name hash shared by all executions with the given name.
    pub parent: Option<ExecutionHash>,
    /// The one that it retries.
    pub retried: Option<ExecutionHash>,
}

/// Whose links are read.
#[derive(Clone, Copy, Debug)]
pub enum LinksWanted<'a> {
    /// Those of an execution, or of all executions with a name.
    Of(ExecutionHash),
    /// Those of the executions that these called or that retry these.
    To(&'a [ExecutionHash]),
}

/// The statement for [`Links::read`], at most `limit` rows in a fixed order.
pub fn links(scope: Scope, dialect: Dialect, wanted: LinksWanted<'_>, limit: usize) -> Statement {
    let mut writer = Writer::new(dialect);
    writer.text("SELECT \"execution\", \"parent\", \"retried\" FROM \"executions\" WHERE ");
    writer.scope(scope).text(" AND ");
    wanted.write(&mut writer);
    writer.text(" UNION SELECT \"execution\", CAST(NULL AS UBIGINT), \"retried\"");
    loose_retries(&mut writer, scope);
    writer.text(" WHERE ");
    wanted.write_loose(&mut writer);
    writer.text(" ORDER BY 1, 2, 3 LIMIT ");
    writer.integer(i64::try_from(limit).unwrap_or(i64::MAX));
    writer.finish()
}

impl LinksWanted<'_> {
    fn write(self, writer: &mut Writer) {
        match self {
            Self::Of(hash) => of(writer, hash),
            Self::To(hashes) => {
                // A parent that is given only by its name has the hash of the name.
                let names = hashes.iter().map(|hash| hash.name());
                let called: Vec<_> = hashes.iter().copied().chain(names).collect();
                writer.text("(\"parent\"").among(&called);
                writer.text(" OR \"retried\"").among(hashes).text(")");
            }
        }
    }

    fn write_loose(self, writer: &mut Writer) {
        match self {
            Self::Of(hash) => of(writer, hash),
            Self::To(hashes) => {
                writer.text("\"retried\"").among(hashes);
            }
        }
    }
}

fn of(writer: &mut Writer, hash: ExecutionHash) {
    writer.text("\"execution\" BETWEEN ").hash(hash);
    let last = match hash.names_one() {
        true => hash,
        false => ExecutionHash(hash.0 | 0xffff_ffff),
    };
    writer.text(" AND ").hash(last);
}

impl Links {
    /// Reads the rows of [`links`]. Fails if they have another shape.
    pub fn read(batches: &[RecordBatch]) -> Result<Vec<Self>, RecordError> {
        let mut found = Vec::new();
        for batch in batches {
            let table = Table(batch);
            let [executions, parents, retried] = [0, 1, 2].map(|column| table.hashes(column));
            let (executions, parents, retried) = (executions?, parents?, retried?);
            for row in 0..table.rows() {
                found.push(Self {
                    execution: ExecutionHash(executions.at(row).unwrap_or_default()),
                    parent: parents.at(row).map(ExecutionHash),
                    retried: retried.at(row).map(ExecutionHash),
                });
            }
        }
        Ok(found)
    }

    /// Reads the rows of [`shared_names`]. Fails if they have another shape.
    pub fn read_names(batches: &[RecordBatch]) -> Result<Vec<ExecutionHash>, RecordError> {
        let mut names = Vec::new();
        for batch in batches {
            let table = Table(batch);
            let hashes = table.hashes(0)?;
            names.extend((0..table.rows()).filter_map(|row| hashes.at(row).map(ExecutionHash)));
        }
        Ok(names)
    }
}

/// Those of these name hashes that several executions have.
pub fn shared_names(scope: Scope, dialect: Dialect, names: &[ExecutionHash]) -> Statement {
    const NAME: &str = "\"execution\" - \"execution\" % CAST(4294967296 AS UBIGINT)";
    let mut writer = Writer::new(dialect);
    writer.text(&format!("SELECT {NAME} FROM \"executions\" WHERE "));
    writer.scope(scope).text(" AND ").text(NAME).among(names);
    writer.text(" GROUP BY 1 HAVING min(\"execution\") <> max(\"execution\")");
    writer.finish()
}
