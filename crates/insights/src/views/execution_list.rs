//! The list of executions: one row for every execution that the figures count, newest first. The cursor of a
//! page is the key of its last row.

mod histogram;
mod neighbours;
mod row;
mod statuses;
mod which;

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::{TimeRange, time::HOUR};
use weir_query::records::executions::{
    ExecutionFilter, ExecutionPage, ExecutionRecord, Order, Reached, read_executions,
};

use super::{RangeView, Versioned};
use crate::{AppError, ErrorCode, Reading, cursor::Cursor, privacy::Viewer};
pub use histogram::{ExecutionBucket, ExecutionTimes};
pub use neighbours::ExecutionNeighbours;
pub use row::ExecutionRow;
pub(in crate::views) use row::started;
pub use statuses::{Statuses, statuses};
pub use which::Which;

/// The default number of rows on a page.
const DEFAULT: u32 = 50;
/// The most rows on a page.
const MOST: u32 = 500;
/// The list is read backwards in slices of time. The first has this length in milliseconds, and each further
/// one is longer by the factor, so that the newest page does not read old data.
const FIRST_SLICE: i64 = 6 * HOUR;
const LONGER: i64 = 4;

/// The parameters of the list.
#[derive(Clone, Debug, Default)]
pub struct ListWanted {
    /// Which executions.
    pub which: Which,
    /// The page size.
    pub limit: Option<u32>,
    /// Where the previous page ended.
    pub cursor: Option<String>,
}

/// A page of executions, newest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExecutionList {
    /// The time range covered.
    pub range: RangeView,
    /// The executions, newest first.
    pub executions: Vec<ExecutionRow>,
    /// The `cursor` of the next page; null on the last page.
    pub next_cursor: Option<String>,
    /// The position of the first row: as `since`, it selects the executions that have come above it since.
    /// Null without rows.
    pub newest_cursor: Option<String>,
}

impl Reading {
    /// A page of executions. Fails if the frame or page is not valid, or if the store fails.
    pub async fn execution_list(
        &self,
        viewer: Viewer,
        wanted: &ListWanted,
    ) -> Result<Versioned<ExecutionList>, AppError> {
        let limit = page_size(wanted.limit)?;
        let after = wanted.cursor.as_deref().map(Cursor::parse).transpose()?;
        let after = after.map(Cursor::reached).transpose()?;
        // Before the read, so that later commits make the answer stale.
        let watermark = self.store.watermark(viewer.scope());
        let asked = self
            .resolved_frame(viewer.scope(), &wanted.which.frame)
            .await?;
        let range = asked.range;
        let filter = self.filter_of(viewer, &wanted.which, &asked).await?;
        // One more than requested, to know whether there is a next page.
        let mut records = self
            .listed(
                viewer,
                &filter,
                range,
                after.as_ref(),
                limit + 1,
                Order::NewestFirst,
            )
            .await?;
        let more = records.len() > limit;
        records.truncate(limit);
        let keys = records.iter().map(|record| (record.timestamp, &*record.id));
        let reached = Reached::by(keys, after.as_ref()).filter(|_| more);
        let body = ExecutionList {
            range: range.into(),
            next_cursor: reached.map(|reached| Cursor::of_reached(&reached).encode()),
            newest_cursor: records.first().map(which::newest),
            executions: self.execution_rows(viewer, &records).await?,
        };
        Ok(Versioned::as_of(watermark, range, body))
    }

    /// The first executions of a range in an order, after those that the caller already has. Fails if the store
    /// fails.
    pub(super) async fn listed(
        &self,
        viewer: Viewer,
        filter: &ExecutionFilter,
        range: TimeRange,
        after: Option<&Reached>,
        limit: usize,
        order: Order,
    ) -> Result<Vec<ExecutionRecord>, AppError> {
        let mut found = Vec::new();
        let whole = self.with_events(viewer, filter, range, after);
        // Ways are found in the whole range, so that slices would repeat the work.
        let first = match filter.routes.is_empty() {
            true => FIRST_SLICE,
            false => i64::MAX,
        };
        for slice in slices(whole, first, order) {
            let page = ExecutionPage {
                filter,
                range: slice,
                after,
                limit: limit - found.len(),
                order,
            };
            let statement = page.statement(viewer.scope(), self.store.dialect());
            let read = |batches: Vec<_>| read_executions(&batches);
            found.extend(self.read_records(viewer, statement, read).await?);
            if found.len() >= limit {
                break;
            }
        }
        Ok(found)
    }

    /// The part of a range that has events which the caller does not have yet.
    fn with_events(
        &self,
        viewer: Viewer,
        filter: &ExecutionFilter,
        range: TimeRange,
        after: Option<&Reached>,
    ) -> TimeRange {
        let Some(data) = self.store.data_range(viewer.scope()) else {
            return TimeRange {
                to: range.from,
                ..range
            };
        };
        let to = range.to.min(data.to.plus(1));
        let since = filter.since.as_ref().map(|place| place.timestamp);
        let below = [
            filter.before.as_ref().map(|place| place.timestamp),
            after.map(|after| after.timestamp),
        ];
        TimeRange {
            from: range.from.max(data.from).max(since.unwrap_or(data.from)),
            to: (below.into_iter().flatten()).fold(to, |to, time| to.min(time.plus(1))),
        }
    }
}

fn page_size(limit: Option<u32>) -> Result<usize, AppError> {
    let limit = limit.unwrap_or(DEFAULT);
    if !(1..=MOST).contains(&limit) {
        let detail = format!("A page can have 1 to {MOST} executions.");
        return Err(AppError::new(ErrorCode::InvalidParameter, detail).field("limit"));
    }
    Ok(limit as usize)
}

/// The slices of a range in the order of a page, the first of this length in milliseconds, each longer than the
/// previous one.
fn slices(range: TimeRange, first: i64, order: Order) -> impl Iterator<Item = TimeRange> {
    let mut rest = range;
    let mut length = first;
    std::iter::from_fn(move || {
        if rest.from >= rest.to {
            return None;
        }
        let (slice, left) = match order {
            Order::NewestFirst => {
                let from = rest.from.max(rest.to.plus(-length));
                (TimeRange { from, ..rest }, TimeRange { to: from, ..rest })
            }
            Order::OldestFirst => {
                let to = rest.to.min(rest.from.plus(length));
                (TimeRange { to, ..rest }, TimeRange { from: to, ..rest })
            }
        };
        rest = left;
        length = length.saturating_mul(LONGER);
        Some(slice)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_lie_end_to_end_and_grow() {
        let range = TimeRange::new(0, 100 * HOUR);
        let found = |order| -> Vec<_> {
            slices(range, FIRST_SLICE, order)
                .map(|slice| (slice.from.0 / HOUR, slice.to.0 / HOUR))
                .collect()
        };
        assert_eq!(found(Order::NewestFirst), [(94, 100), (70, 94), (0, 70)]);
        assert_eq!(found(Order::OldestFirst), [(0, 6), (6, 30), (30, 100)]);
        let none = slices(TimeRange::new(5, 5), FIRST_SLICE, Order::NewestFirst);
        assert_eq!(none.count(), 0);
    }

    #[test]
    fn a_page_has_1_to_500_rows() {
        assert_eq!(page_size(None).unwrap(), 50);
        assert_eq!(page_size(Some(500)).unwrap(), 500);
        for bad in [0, 501] {
            assert_eq!(
                page_size(Some(bad)).unwrap_err().field.as_deref(),
                Some("limit")
            );
        }
    }
}
