//! Pages of the list of executions.

use weir_model::{Scope, TimeRange, Timestamp};

use super::{
    ExecutionFilter,
    record::{NEWEST_FIRST, OLDEST_FIRST, STATE, columns},
};
use crate::{
    dialect::Dialect,
    records::counted::{Conditions, counted},
    statement::Statement,
    writer::Writer,
};

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
    pub(in crate::records) fn write(&self, writer: &mut Writer) {
        writer
            .text(" AND (\"timestamp\" < ")
            .integer(self.timestamp.0);
        writer
            .text(" OR (\"timestamp\" = ")
            .integer(self.timestamp.0);
        writer.text(" AND \"id\" <= ").string(&self.id).text("))");
    }

    /// Skips the rows with this key that have been read.
    pub(in crate::records) fn skip(&self, writer: &mut Writer) {
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

/// The order of a page: by time, then by event id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// As in the list.
    #[default]
    NewestFirst,
    /// The other way round. Such a page starts at the beginning of its range: [`ExecutionPage::after`] is a place in
    /// the list.
    OldestFirst,
}

/// A page of the list.
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
    /// The order of the rows.
    pub order: Order,
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
        let order = match self.order {
            Order::NewestFirst => NEWEST_FIRST,
            Order::OldestFirst => OLDEST_FIRST,
        };
        writer.text(" ORDER BY ").text(order).text(" LIMIT ");
        writer.integer(i64::try_from(self.limit).unwrap_or(i64::MAX));
        let within = |after: &&Reached| self.range.contains(after.timestamp);
        if let Some(after) = self.after.filter(within) {
            after.skip(&mut writer);
        }
        writer.finish()
    }
}
