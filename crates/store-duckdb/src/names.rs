//! Names that events give to ids. The newest name of each id applies; of two with the same time, the
//! greater. So a name depends on the events and not on their order of arrival.
//!
//! Producers send the same name with every event. Memory has the exact time of the last one; it
//! is written hourly and when the store is closed.

use duckdb::Connection;
use rustc_hash::FxHashMap;
use weir_model::{Event, EventKind, ProjectKey, Scope, Timestamp, cube::Dimension, time::HOUR};
use weir_store::StoreError;

use crate::{arrays::Columns, error::Context, tables::append};

/// The most by which the stored time of a name lags behind the one in memory, in milliseconds.
const STEP: i64 = HOUR;
/// The number of obsolete rows of repeated names before they are deleted.
const MOST_OLDER: usize = 20_000;

/// A name for an id at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NameRow {
    pub scope: Scope,
    pub dimension: Dimension,
    pub id: String,
    pub name: String,
    pub timestamp: Timestamp,
    /// Whether to write it now.
    pub is_written: bool,
}

/// The known names of one project.
#[derive(Debug, Default)]
pub(crate) struct Names {
    by_dimension: FxHashMap<Dimension, FxHashMap<String, Name>>,
}

#[derive(Clone, Debug)]
struct Name {
    scope: Scope,
    name: String,
    told: Timestamp,
    /// The time in the table.
    written: Timestamp,
}

impl Names {
    /// The name of an id, if it has one that is not the id itself.
    pub(crate) fn get(&self, dimension: Dimension, id: &str) -> Option<&str> {
        let name = self.by_dimension.get(&dimension)?.get(id)?;
        (name.name != id).then_some(&name.name)
    }

    /// Adds a name. Ignores it if a newer one is known.
    pub(crate) fn add(&mut self, row: NameRow) {
        let ids = self.by_dimension.entry(row.dimension).or_default();
        match ids.get_mut(&row.id) {
            Some(known) if !known.is_before(&row.name, row.timestamp) => {}
            Some(known) => {
                known.name = row.name;
                known.told = row.timestamp;
                if row.is_written {
                    known.written = row.timestamp;
                }
            }
            None => {
                let name = Name {
                    scope: row.scope,
                    name: row.name,
                    told: row.timestamp,
                    written: row.timestamp,
                };
                ids.insert(row.id, name);
            }
        }
    }

    /// The name from an event, if it is newer than the known one.
    fn news(&self, told: &Told<'_>, id: &str) -> Option<NameRow> {
        let known = self.by_dimension.get(&told.dimension);
        let known = known.and_then(|ids| ids.get(id));
        let is_written = match known {
            None => true,
            Some(known) if !known.is_before(told.name, told.at) => return None,
            Some(known) => known.name != told.name || told.at.0 >= known.written.0 + STEP,
        };
        Some(NameRow {
            scope: told.scope,
            dimension: told.dimension,
            id: id.to_owned(),
            name: told.name.to_owned(),
            timestamp: told.at,
            is_written,
        })
    }

    /// The names that the table does not have yet.
    pub(crate) fn unwritten(&self) -> impl Iterator<Item = NameRow> {
        let all = self.by_dimension.iter();
        let all = all.flat_map(|(&dimension, ids)| ids.iter().map(move |name| (dimension, name)));
        all.filter(|(_, (_, name))| name.told != name.written)
            .map(|(dimension, (id, name))| NameRow {
                scope: name.scope,
                dimension,
                id: id.clone(),
                name: name.name.clone(),
                timestamp: name.told,
                is_written: true,
            })
    }
}

impl Name {
    fn is_before(&self, name: &str, at: Timestamp) -> bool {
        (self.told, self.name.as_str()) < (at, name)
    }
}

/// A name in an event.
struct Told<'a> {
    scope: Scope,
    dimension: Dimension,
    name: &'a str,
    at: Timestamp,
}

/// The names in a batch that are newer than the known names of each project.
pub(crate) fn told<'a>(
    events: &[(Scope, Event)],
    known: impl Fn(ProjectKey) -> Option<&'a Names>,
) -> Vec<NameRow> {
    let mut newest: FxHashMap<(ProjectKey, Dimension, &str), Told<'_>> = FxHashMap::default();
    for (scope, event) in events {
        let step = match &event.kind {
            EventKind::Step(step) => (Some(&step.step_id), step.step_name.as_deref()),
            _ => (None, None),
        };
        let workflow = (event.workflow_id.as_ref(), event.workflow_name.as_deref());
        for (dimension, told) in [(Dimension::Workflow, workflow), (Dimension::Step, step)] {
            let (Some(id), Some(name)) = told else {
                continue;
            };
            let told = Told {
                scope: *scope,
                dimension,
                name,
                at: event.timestamp,
            };
            let best = newest.entry((scope.project, dimension, id.as_str()));
            best.and_modify(|best| {
                if (best.at, best.name) < (told.at, told.name) {
                    (best.at, best.name) = (told.at, told.name);
                }
            })
            .or_insert(told);
        }
    }
    let none = Names::default();
    let news = newest.into_iter().filter_map(|((project, _, id), told)| {
        let known = known(project).unwrap_or(&none);
        known.news(&told, id)
    });
    news.collect()
}

/// Loads the names of every project.
pub(crate) fn load(
    connection: &Connection,
    mut emit: impl FnMut(NameRow),
) -> Result<(), StoreError> {
    clear_older(connection)?;
    let sql = "SELECT tenant, project, dimension, id, name, timestamp FROM names";
    let mut statement = connection.prepare(sql).context("read names")?;
    let mut rows = statement.query([]).context("read names")?;
    while let Some(row) = rows.next().context("read names")? {
        let text = |column: usize| row.get::<_, String>(column).context("read names");
        let word = text(2)?;
        let tenant: i32 = row.get(0).context("read names")?;
        let project: i32 = row.get(1).context("read names")?;
        if let Some(&dimension) = Dimension::ALL.iter().find(|d| d.name() == word) {
            emit(NameRow {
                scope: Scope::new(tenant, project),
                dimension,
                id: text(3)?,
                name: text(4)?,
                timestamp: Timestamp(row.get(5).context("read names")?),
                is_written: true,
            });
        }
    }
    Ok(())
}

/// Writes the names that are due. `older` counts obsolete rows.
pub(crate) fn write(
    connection: &Connection,
    names: &[NameRow],
    older: &mut usize,
) -> Result<(), StoreError> {
    let names: Vec<&NameRow> = names.iter().filter(|row| row.is_written).collect();
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
    append(
        connection,
        "names",
        columns.finish().context("build names")?,
    )?;
    *older += names.len();
    if *older > MOST_OLDER {
        clear_older(connection)?;
        *older = 0;
    }
    Ok(())
}

fn clear_older(connection: &Connection) -> Result<(), StoreError> {
    connection
        .execute_batch(
            "DELETE FROM names WHERE rowid NOT IN (
                SELECT arg_max(rowid, struct_pack(at := timestamp, name := name, place := rowid)) FROM names
                GROUP BY tenant, project, dimension, id)",
        )
        .context("clear away older names")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, hours: i64) -> NameRow {
        NameRow {
            scope: Scope::new(1, 1),
            dimension: Dimension::Workflow,
            id: "w".to_owned(),
            name: name.to_owned(),
            timestamp: Timestamp(hours * HOUR),
            is_written: true,
        }
    }

    #[test]
    fn the_newest_name_holds_in_every_order() {
        let told = [
            row("A", 1),
            row("B", 5),
            row("A", 9),
            row("C", 9),
            row("B", 7),
        ];
        for first in 0..told.len() {
            for second in 0..told.len() {
                let mut order = told.clone();
                order.swap(0, first);
                order.swap(1, second);
                let mut names = Names::default();
                order.into_iter().for_each(|row| names.add(row));
                assert_eq!(names.get(Dimension::Workflow, "w"), Some("C"));
            }
        }
        let mut names = Names::default();
        names.add(row("A", 1));
        names.add(row("w", 2));
        assert_eq!(names.get(Dimension::Workflow, "w"), None, "its own id");
    }

    #[test]
    fn a_repeated_name_is_written_hourly_and_at_the_end() {
        let mut names = Names::default();
        names.add(row("A", 1));
        let news = |names: &Names, name, minutes: i64| {
            let told = Told {
                scope: Scope::new(1, 1),
                dimension: Dimension::Workflow,
                name,
                at: Timestamp(minutes * 60_000),
            };
            names.news(&told, "w")
        };
        assert_eq!(news(&names, "A", 60), None);
        assert_eq!(news(&names, "B", 59), None);
        let soon = news(&names, "A", 90).expect("it is newer");
        assert!(!soon.is_written);
        names.add(soon);
        let unwritten: Vec<_> = names.unwritten().collect();
        assert_eq!(unwritten.len(), 1);
        assert_eq!(unwritten[0].timestamp, Timestamp(90 * 60_000));
        assert_eq!(news(&names, "B", 80), None, "A was reported later");
        let written = |name, minutes| news(&names, name, minutes).map(|row| row.is_written);
        assert_eq!(written("B", 100), Some(true));
        assert_eq!(written("A", 119), Some(false));
        assert_eq!(written("A", 120), Some(true));
    }
}
