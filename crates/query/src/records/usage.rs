//! How many events each organisation has, for who runs the server. It reads counts of all tenants and no
//! contents.

use arrow::record_batch::RecordBatch;
use weir_model::{TenantKey, TimeRange, Timestamp};

use super::{Cell, RecordError, Table};
use crate::{Dialect, Statement, Writer};

/// The events of a tenant on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TenantDay {
    /// The tenant.
    pub tenant: TenantKey,
    /// The start of the day, in UTC.
    pub day: Timestamp,
    /// The number of events that happened on it.
    pub events: u64,
}

/// The statement for [`read`]: the days, in UTC, that begin in a range. What was stored in the last seconds can
/// be missing, because it counts events that are already summed.
pub fn write(range: TimeRange, dialect: Dialect) -> Statement {
    let mut writer = Writer::new(dialect);
    writer.text("SELECT CAST(\"tenant\" AS BIGINT), \"bucket\", CAST(sum(\"count\") AS BIGINT) FROM \"arrivals_1d\"");
    writer.text(" WHERE \"bucket\" >= ").integer(range.from.0);
    writer.text(" AND \"bucket\" < ").integer(range.to.0);
    writer.text(" GROUP BY 1, 2 ORDER BY 1, 2");
    writer.finish()
}

/// The rows of [`write`]. Fails if the store returned other columns than the statement asks for.
pub fn read(batches: &[RecordBatch]) -> Result<Vec<TenantDay>, RecordError> {
    let mut days = Vec::new();
    for batch in batches {
        let table = Table(batch);
        let (tenants, buckets, counts) =
            (table.integers(0)?, table.integers(1)?, table.integers(2)?);
        for row in 0..table.rows() {
            let numbers = (tenants.at(row), buckets.at(row), counts.at(row));
            if let (Some(tenant), Some(day), Some(events)) = numbers {
                days.push(TenantDay {
                    tenant: TenantKey(i32::try_from(tenant).unwrap_or(i32::MAX)),
                    day: Timestamp(day),
                    events: events.unsigned_abs(),
                });
            }
        }
    }
    Ok(days)
}
