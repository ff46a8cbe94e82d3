//! The daily and weekly rhythm of activity.

use crate::incidents::is_weekend;
use crate::rng::Rng;
use crate::{DAY_MS, HOUR_MS};

/// The relative activity in each hour (UTC) of a working day.
const HOURS: [f64; 24] = [
    0.22, 0.18, 0.16, 0.16, 0.20, 0.34, 0.62, 1.05, 1.62, 1.95, 2.05, 1.90, 1.60, 1.78, 1.95, 1.88,
    1.62, 1.25, 0.92, 0.70, 0.56, 0.44, 0.34, 0.27,
];

/// Activity on a weekend day, relative to a working day.
const WEEKEND: f64 = 0.32;

/// The activity around a time (epoch milliseconds); the average over a week is 1.
pub(crate) fn activity(seed: u64, ms: i64) -> f64 {
    let hour = ms.rem_euclid(DAY_MS) / HOUR_MS;
    let into_hour = (ms.rem_euclid(HOUR_MS)) as f64 / HOUR_MS as f64;
    let (this, next) = (HOURS[hour as usize], HOURS[(hour as usize + 1) % 24]);
    let of_day = (this + (next - this) * into_hour) / (HOURS.iter().sum::<f64>() / 24.0);
    let of_week = if is_weekend(ms) { WEEKEND } else { 1.0 } * 7.0 / (5.0 + 2.0 * WEEKEND);
    let mood = Rng::new(seed, &[ms.div_euclid(DAY_MS) as u64]).lognormal(1.0, 0.06);
    of_day * of_week * mood
}
