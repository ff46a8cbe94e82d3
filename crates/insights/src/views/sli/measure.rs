//! Measures a period and compares it with a target.

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::{
    Counted, Share, Sli, SliVerdict, Target, TargetCheck, binomial::CONFIDENCE_PCT,
    budget_burn_pct, share, verify,
};
use weir_model::TimeRange;

use super::one_decimal;
use crate::{
    AppError, figures,
    views::{Frame, Questions},
};

/// The percentage of runs that a p95 target requires to be fast enough.
const IN_TIME_PCT: f64 = 95.0;

figures! {
    /// Runs and durations of a period.
    #[derive(Clone, Copy, Debug, Default, PartialEq)]
    pub(super) struct Measured {
        pub successful: u64 = count("completed"),
        pub failed: u64 = count("failed", "crashed"),
        pub p95_ms: Option<f64> = value("duration_p95"),
        /// Runs with a duration.
        pub timed: u64 = count("durations"),
        /// Runs that took no longer than the target's p95.
        pub in_time: u64 = count("durations_within"),
    }
}

impl Measured {
    /// Measures the runs of a range. Fails if the query does.
    pub async fn ask(
        questions: &mut Questions<'_>,
        frame: &Frame,
        range: TimeRange,
        target: Target,
    ) -> Result<Self, AppError> {
        let mut query = frame.question().range(range);
        query.threshold = Some(target.p95_ms as i64);
        let results = questions.figures::<Self>(query).await?;
        Ok(results.only().unwrap_or_default())
    }

    /// Runs that succeeded or failed.
    pub fn total(self) -> u64 {
        self.successful + self.failed
    }

    pub fn success_pct(self) -> Option<f64> {
        let total = self.total();
        (total > 0).then(|| 100.0 * self.successful as f64 / total as f64)
    }

    /// The runs, as counted by burn rates of success.
    pub fn success(self) -> Counted {
        Counted {
            total: self.total(),
            failed: self.failed,
        }
    }

    /// The runs with a duration, as counted by burn rates of latency.
    pub fn latency(self) -> Counted {
        Counted {
            total: self.timed,
            failed: self.timed.saturating_sub(self.in_time),
        }
    }

    /// The plain comparison with the target, without bounds.
    pub fn verified(self, target: Target) -> TargetCheck {
        let sli = Sli {
            success_pct: self.success_pct(),
            p95_ms: self.p95_ms,
        };
        verify(sli, target)
    }

    /// The success rate with its bounds.
    pub fn judged(self, target: Target, minimum: u64) -> Share {
        share(self.successful, self.total(), target.success_pct, minimum)
    }
}

/// Exact binomial confidence bounds of a percentage (Clopper-Pearson).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BoundsView {
    /// The confidence level: 95.
    pub confidence_pct: f64,
    /// The lowest percentage consistent with the counts.
    pub lower_pct: f64,
    /// The highest percentage consistent with the counts.
    pub upper_pct: f64,
}

/// Bounds of a share, rounded outwards.
pub(super) fn bounds(share: Share) -> Option<BoundsView> {
    let bounds = share.bounds?;
    Some(BoundsView {
        confidence_pct: CONFIDENCE_PCT,
        lower_pct: (bounds.lower * 1e5).floor() / 1e3,
        upper_pct: (bounds.upper * 1e5).ceil() / 1e3,
    })
}

/// The latency indicator: the share of runs that were fast enough, from the sketch of durations.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Latency {
    /// The longest duration that counts as fast enough, in milliseconds: the target's p95, accurate to 1 %.
    pub threshold_ms: i64,
    /// The minimum percentage of runs that are fast enough: 95, because the target is a p95.
    pub target_pct: f64,
    /// Runs with a duration.
    pub timed_runs: u64,
    /// Runs that were fast enough.
    pub in_time_runs: u64,
    /// Percentage of runs that were fast enough; null without durations.
    pub in_time_pct: Option<f64>,
    /// The confidence bounds of that percentage.
    pub bounds: Option<BoundsView>,
    /// Percentage of the 5 % budget for slow runs that is spent; above 100 the target is missed.
    pub error_budget_burn_pct: Option<f64>,
    /// The verdict on the target.
    pub verdict: SliVerdict,
}

/// The percentage of runs that may be slow.
pub(super) const MAY_BE_LATE_PCT: f64 = 100.0 - IN_TIME_PCT;

/// The latency indicator of a measurement.
pub(super) fn latency(measured: Measured, target: Target, minimum: u64) -> Latency {
    let judged = share(measured.in_time, measured.timed, IN_TIME_PCT, minimum);
    let late = judged.pct.map(|pct| 100.0 - pct);
    Latency {
        threshold_ms: target.p95_ms as i64,
        target_pct: IN_TIME_PCT,
        timed_runs: measured.timed,
        in_time_runs: measured.in_time,
        in_time_pct: judged.pct.map(one_decimal),
        bounds: bounds(judged),
        error_budget_burn_pct: late
            .and_then(|late| budget_burn_pct(late, MAY_BE_LATE_PCT))
            .map(one_decimal),
        verdict: judged.standing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(timed: u64, in_time: u64) -> Measured {
        Measured {
            timed,
            in_time,
            ..Measured::default()
        }
    }

    #[test]
    fn slow_runs_burn_the_five_percent_that_a_p95_allows() {
        let found = |timed, in_time| {
            let found = latency(measured(timed, in_time), Target::default(), 30);
            (
                found.in_time_pct,
                found.error_budget_burn_pct,
                found.verdict,
            )
        };
        assert_eq!(found(0, 0), (None, None, SliVerdict::NoData));
        assert_eq!(
            found(1, 1),
            (Some(100.0), Some(0.0), SliVerdict::NotEnoughData)
        );
        assert_eq!(
            found(5, 4),
            (Some(80.0), Some(400.0), SliVerdict::NotEnoughData)
        );
        assert_eq!(
            found(5_000, 4_900),
            (Some(98.0), Some(40.0), SliVerdict::Met)
        );
        assert_eq!(
            found(5_000, 4_750),
            (Some(95.0), Some(100.0), SliVerdict::Uncertain)
        );
        assert_eq!(
            found(5_000, 4_500),
            (Some(90.0), Some(200.0), SliVerdict::Violated)
        );
    }

    #[test]
    fn bounds_are_rounded_outwards() {
        let found = bounds(share(4, 5, 99.0, 1)).unwrap();
        assert_eq!((found.lower_pct, found.upper_pct), (28.358, 99.495));
        assert_eq!(bounds(share(0, 0, 99.0, 1)), None);
        let all = bounds(share(5, 5, 99.0, 1)).unwrap();
        assert_eq!((all.lower_pct, all.upper_pct), (47.817, 100.0));
    }
}
