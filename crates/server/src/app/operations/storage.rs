//! How much the server stores, how fast that grows, and when the disk is full.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;
use weir_meta::{ServerHour, ServerSizes};
use weir_model::{Timestamp, time::DAY};

/// The fewest days of which a growth is computed.
const FEWEST_DAYS: usize = 7;
/// A forecast beyond this many days is not made: nothing grows in the same way for ten years.
const FARTHEST_DAYS: f64 = 3_650.0;

/// How much the server stores.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServerStorage {
    /// Bytes of the event store.
    pub store_bytes: u64,
    /// Bytes of the control data.
    pub control_bytes: u64,
    /// Free bytes on the disk of the event store; null if they cannot be determined.
    pub free_bytes: Option<u64>,
    /// Bytes by which both grow in a day: the median of the slopes between all pairs of days (Theil and Sen). Null
    /// with fewer than seven days.
    pub growth_per_day: Option<f64>,
    /// When the disk is full at this growth; null if it does not grow, or not within ten years.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub full_at: Option<Timestamp>,
    /// Number of days with data.
    pub days: usize,
    /// Number of days that a growth needs.
    pub days_needed: usize,
}

impl ServerStorage {
    /// The sizes now, and their growth over these hours.
    pub(super) fn of(now: Timestamp, sizes: ServerSizes, hours: &[ServerHour]) -> Self {
        let mut days: BTreeMap<i64, u64> = BTreeMap::new();
        for hour in hours {
            // The newest hour of a day stands for it.
            let bytes = hour.sizes.store + hour.sizes.control;
            days.insert(hour.hour.0.div_euclid(DAY), bytes);
        }
        let growth = (days.len() >= FEWEST_DAYS).then(|| slope(&days)).flatten();
        Self {
            store_bytes: sizes.store,
            control_bytes: sizes.control,
            free_bytes: sizes.free,
            growth_per_day: growth,
            full_at: growth
                .zip(sizes.free)
                .and_then(|(growth, free)| full_at(now, growth, free)),
            days: days.len(),
            days_needed: FEWEST_DAYS,
        }
    }
}

/// Theil, H. (1950); Sen, P. K. (1968), Journal of the American Statistical Association 63: a day on which
/// the store shrank, or took in an old log, does not change it.
fn slope(days: &BTreeMap<i64, u64>) -> Option<f64> {
    let points: Vec<(f64, f64)> = days
        .iter()
        .map(|(&day, &bytes)| (day as f64, bytes as f64))
        .collect();
    let mut slopes = Vec::new();
    for (number, (day, bytes)) in points.iter().enumerate() {
        let later = points[number + 1..].iter();
        slopes.extend(later.map(|(next, more)| (more - bytes) / (next - day)));
    }
    slopes.sort_by(f64::total_cmp);
    let middle = slopes.len() / 2;
    match slopes.len() % 2 {
        _ if slopes.is_empty() => None,
        1 => Some(slopes[middle]),
        _ => Some((slopes[middle - 1] + slopes[middle]) / 2.0),
    }
}

fn full_at(now: Timestamp, growth: f64, free: u64) -> Option<Timestamp> {
    let days = free as f64 / growth;
    (growth > 0.0 && days <= FARTHEST_DAYS).then(|| now.plus((days * DAY as f64) as i64))
}

#[cfg(test)]
mod tests {
    use weir_meta::ServerTally;
    use weir_model::time::HOUR;

    use super::*;

    fn grown(days: i64, bytes: impl Fn(i64) -> u64) -> Vec<ServerHour> {
        let hours = (0..days * 24).map(|hour| ServerHour {
            hour: Timestamp(hour * HOUR),
            tally: ServerTally::default(),
            sizes: ServerSizes {
                store: bytes(hour / 24),
                control: 10,
                free: None,
            },
        });
        hours.collect()
    }

    fn sizes(free: u64) -> ServerSizes {
        ServerSizes {
            store: 0,
            control: 0,
            free: Some(free),
        }
    }

    #[test]
    fn the_disk_is_full_when_the_free_bytes_are_used_up() {
        let hours = grown(10, |day| 1_000 + 100 * day.unsigned_abs());
        let now = Timestamp(10 * DAY);
        let storage = ServerStorage::of(now, sizes(500), &hours);
        assert_eq!(storage.growth_per_day, Some(100.0));
        assert_eq!(storage.full_at, Some(Timestamp(15 * DAY)));
        // An old log that was taken in on one day is not the usual growth.
        let jump = |day: i64| 1_000 + 100 * day.unsigned_abs() + u64::from(day > 7) * 1_000_000;
        let storage = ServerStorage::of(now, sizes(500), &grown(10, jump));
        assert_eq!(storage.growth_per_day, Some(100.0));
    }

    #[test]
    fn few_days_and_a_store_that_does_not_grow_give_no_date() {
        let now = Timestamp(10 * DAY);
        let few = ServerStorage::of(now, sizes(500), &grown(6, |day| day.unsigned_abs()));
        assert_eq!((few.growth_per_day, few.full_at, few.days), (None, None, 6));
        let still = ServerStorage::of(now, sizes(500), &grown(10, |_| 1_000));
        assert_eq!((still.growth_per_day, still.full_at), (Some(0.0), None));
        let slow = ServerStorage::of(now, sizes(1 << 50), &grown(10, |day| day.unsigned_abs()));
        assert_eq!(slow.full_at, None);
    }
}
