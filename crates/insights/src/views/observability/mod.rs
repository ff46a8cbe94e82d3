//! The observability dashboard. It has its own field names:
//!
//! | field | metric |
//! |---|---|
//! | `total_executions` | `executions` |
//! | `success_count` | `completed` |
//! | `failure_count` | `failed` + `crashed` |
//! | `success_rate` | `success_rate` |
//! | `avg_duration_ms`, `p50_duration_ms`, `p95_duration_ms` | `duration_avg`, `duration_p50`, `duration_p95` |
//!
//! A figure without data is null. `time_range` is 1h, 6h, 24h, 7d, 30d or any other length; `from` and `to`
//! give a custom range.

mod environments;
mod insights;
mod kpis;
mod overview;
mod status;
mod workflows;

pub use environments::EnvironmentHealth;
pub use insights::Insight;
pub use kpis::Kpis;
pub use overview::ObservabilityOverview;
pub use status::SystemStatus;
pub use workflows::{SortBy, WorkflowTable};

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::{
    TimeRange,
    time::{DAY, HOUR, MINUTE},
};
use weir_query::Interval;

use super::{Frame, RangeView};
use crate::{AppError, Reading, figures, privacy::Viewer};

/// The default range.
const DEFAULT_RANGE: &str = "24h";

/// The parameters of these views.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// The length of a range that ends now, in place of the frame's range.
    pub time_range: Option<String>,
    /// Time range, time zone, environment and workflow.
    pub frame: Frame,
}

/// A time range, as requested and as resolved.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TimeRangeView {
    /// The requested length; null for a custom range.
    pub time_range: Option<String>,
    /// The time range covered.
    #[serde(flatten)]
    pub range: RangeView,
    /// The time zone of its buckets.
    pub timezone: String,
}

figures! {
    /// Figures of executions.
    #[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
    pub struct ObservedFigures {
        /// All executions, including running ones; each counts once.
        pub total_executions: u64 = count("executions"),
        /// Completed executions.
        pub success_count: u64 = count("completed"),
        /// Failed and crashed executions.
        pub failure_count: u64 = count("failed", "crashed"),
        /// success_count / (success_count + failure_count), in percent.
        pub success_rate: Option<f64> = value("success_rate"),
        /// Mean duration in milliseconds.
        pub avg_duration_ms: Option<f64> = value("duration_avg"),
        /// Median duration in milliseconds.
        pub p50_duration_ms: Option<f64> = value("duration_p50"),
        /// 95th percentile of durations in milliseconds.
        pub p95_duration_ms: Option<f64> = value("duration_p95"),
    }

    /// Failures, as counted by the metric of errors; only orders workflows.
    struct Failures {
        #[expect(dead_code, reason = "only orders")]
        errors: u64 = count("errors"),
    }
}

/// Changes from the previous period, in percent of its values; null if either value is unknown or the
/// previous one is 0.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct ObservedDeltas {
    /// Change of `total_executions`.
    pub total_executions: Option<f64>,
    /// Change of `success_count`.
    pub success_count: Option<f64>,
    /// Change of `failure_count`.
    pub failure_count: Option<f64>,
    /// Change of `success_rate`.
    pub success_rate: Option<f64>,
    /// Change of `avg_duration_ms`.
    pub avg_duration_ms: Option<f64>,
    /// Change of `p50_duration_ms`.
    pub p50_duration_ms: Option<f64>,
    /// Change of `p95_duration_ms`.
    pub p95_duration_ms: Option<f64>,
}

impl ObservedFigures {
    /// Executions that succeeded or failed.
    fn judged(&self) -> u64 {
        self.success_count + self.failure_count
    }

    /// The change of each figure against a previous one.
    fn against(&self, before: &ObservedFigures) -> ObservedDeltas {
        let counts = |of: fn(&ObservedFigures) -> u64| {
            percent(Some(of(self) as f64), Some(of(before) as f64))
        };
        let figures = |of: fn(&ObservedFigures) -> Option<f64>| percent(of(self), of(before));
        ObservedDeltas {
            total_executions: counts(|f| f.total_executions),
            success_count: counts(|f| f.success_count),
            failure_count: counts(|f| f.failure_count),
            success_rate: figures(|f| f.success_rate),
            avg_duration_ms: figures(|f| f.avg_duration_ms),
            p50_duration_ms: figures(|f| f.p50_duration_ms),
            p95_duration_ms: figures(|f| f.p95_duration_ms),
        }
    }
}

fn percent(current: Option<f64>, previous: Option<f64>) -> Option<f64> {
    weir_analysis::change(current, previous, weir_analysis::Better::Neither)?.percent
}

impl Observed {
    /// The frame with the range of `time_range`, or of the default if it has no range.
    fn framed(&self) -> Frame {
        let frame = self.frame.clone();
        let custom = frame.from.is_some() || frame.to.is_some() || frame.last.is_some();
        let default = (!custom).then(|| DEFAULT_RANGE.to_owned());
        Frame {
            last: self.time_range.clone().or(frame.last).or(default),
            ..frame
        }
    }

    /// Renames the error's field to the parameter that the caller used.
    fn named(&self, mut error: AppError) -> AppError {
        if self.time_range.is_some() && error.field.as_deref() == Some("last") {
            error.field = Some("time_range".to_owned());
        }
        error
    }
}

/// The request with a fixed range, so that all parts cover the same time.
struct Observation {
    /// The requested length.
    time_range: Option<String>,
    range: TimeRange,
    frame: Frame,
}

impl Observation {
    fn view(&self, timezone: &str) -> TimeRangeView {
        TimeRangeView {
            time_range: self.time_range.clone(),
            range: self.range.into(),
            timezone: timezone.to_owned(),
        }
    }
}

impl Reading {
    async fn observation(
        &self,
        viewer: Viewer,
        wanted: &Observed,
    ) -> Result<Observation, AppError> {
        let frame = wanted.framed();
        let range = self
            .range_of(viewer.scope(), &frame)
            .await
            .map_err(|error| wanted.named(error))?;
        Ok(Observation {
            frame: frame.within(range),
            time_range: frame.last,
            range,
        })
    }
}

/// The interval of a sparkline for a range of this length in milliseconds: 5 minutes for 1 hour, 30 minutes
/// for 6 hours, 1 hour for 24 hours, 12 hours for 7 days, 1 day for 30 days; weeks and months for longer
/// ranges.
fn sparkline_interval(length: i64) -> Interval {
    match length {
        _ if length <= 2 * HOUR + 5 * MINUTE => Interval::FiveMinutes,
        _ if length <= 12 * HOUR => Interval::HalfHour,
        _ if length <= 2 * DAY + HOUR => Interval::Hour,
        _ if length <= 14 * DAY + HOUR => Interval::HalfDay,
        _ if length <= 62 * DAY + HOUR => Interval::Day,
        _ if length <= 366 * DAY + HOUR => Interval::Week,
        _ => Interval::Month,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_of_a_sparkline_suits_the_range() {
        let of = |length| sparkline_interval(length);
        assert_eq!(of(HOUR), Interval::FiveMinutes);
        assert_eq!(of(6 * HOUR), Interval::HalfHour);
        assert_eq!(of(DAY), Interval::Hour);
        assert_eq!(of(7 * DAY), Interval::HalfDay);
        assert_eq!(of(30 * DAY), Interval::Day);
        assert_eq!(of(365 * DAY), Interval::Week);
        assert_eq!(of(3 * 365 * DAY), Interval::Month);
    }

    #[test]
    fn a_custom_range_replaces_the_default_and_time_range_overrides_last() {
        let of = |time_range: Option<&str>, from: Option<&str>| {
            let frame = Frame {
                from: from.map(str::to_owned),
                ..Frame::default()
            };
            let time_range = time_range.map(str::to_owned);
            Observed { time_range, frame }.framed().last
        };
        assert_eq!(of(None, None).as_deref(), Some("24h"));
        assert_eq!(of(None, Some("2024-01-01T00:00:00Z")), None);
        assert_eq!(of(Some("7d"), None).as_deref(), Some("7d"));
    }
}
