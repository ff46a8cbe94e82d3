//! The SLO report: the indicators of a window compared with their target, burn rates, and previous windows.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::SliVerdict;
use weir_model::{TimeRange, Timestamp};

use super::{
    WINDOWS, Wanted,
    burning::{BurnRates, burning},
    history::{HistoryWindow, TargetView},
    measure::{BoundsView, Latency, Measured, bounds, latency},
    one_decimal, one_of,
    targets::{InForce, SliConfigView},
    whole, windows,
};
use crate::{
    AppError, Reading,
    privacy::Viewer,
    query::Freshness,
    views::{Questions, Versioned, frame},
};

/// The response of `GET /api/workflow-analytics/sli`.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SliReport {
    /// The window that ends with the current day.
    pub current: CurrentSli,
    /// The target that applies.
    pub config: SliConfigView,
    /// The current burn rates.
    pub burn_rates: BurnRates,
    /// Windows of the same length that have ended, newest first, one per day. Only for the whole project and
    /// for workflows with their own target; empty for other workflows and with a filter by environment.
    pub history: Vec<HistoryWindow>,
}

/// The indicators of a window. Null means not measured.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CurrentSli {
    /// Percentage of runs that succeeded.
    pub success_pct: Option<f64>,
    /// 95th percentile of durations in milliseconds.
    pub p95_ms: Option<i64>,
    /// Percentage of the error budget that is spent; above 100 it is exceeded.
    pub error_budget_burn_pct: Option<f64>,
    /// Runs that succeeded or failed.
    pub total_runs: u64,
    /// Successful runs.
    pub successful_runs: u64,
    /// Failed runs.
    pub failed_runs: u64,
    /// The start of the window.
    #[schema(value_type = String, format = "date-time")]
    pub window_start: Timestamp,
    /// The end of the window, exclusive.
    #[schema(value_type = String, format = "date-time")]
    pub window_end: Timestamp,
    /// The target.
    pub target: TargetView,
    /// Whether a target is missed, without considering bounds.
    pub violates_target: bool,
    /// Whether the success rate meets its target, considering its bounds: `no_data`, `not_enough_data` (fewer
    /// runs than the minimum), `met` or `violated` if the target is outside the bounds, `uncertain` if it is
    /// within them.
    pub verdict: SliVerdict,
    /// The confidence bounds of the success rate; null without runs.
    pub bounds: Option<BoundsView>,
    /// How many of these runs may fail.
    pub allowed_failures: f64,
    /// The latency indicator.
    pub latency: Latency,
}

impl Reading {
    /// The SLO report of a window. Fails if the request is not valid, or if control data or the store fails.
    pub async fn sli_report(
        &self,
        viewer: Viewer,
        wanted: &Wanted,
        freshness: Freshness,
    ) -> Result<Versioned<SliReport>, AppError> {
        let workflow = wanted.frame.workflow.as_deref();
        let held = self.sli_in_force(viewer.scope(), workflow).await?;
        let window = wanted.window.as_deref().unwrap_or(&held.settings.window);
        let window = one_of("window", window, &WINDOWS)?;
        let zone = match &wanted.frame.timezone {
            Some(name) => {
                weir_query::Zone::parse(name).map_err(|error| frame::in_parameters(error.into()))?
            }
            None => held.zone.clone(),
        };
        let now = self.clock.now();
        let range = windows::current(window, now, &zone);
        let mut questions = Questions::new(self, viewer, freshness);
        let found = Measured::ask(&mut questions, &wanted.frame, range, held.target()).await?;
        let burn_rates = burning(&mut questions, &wanted.frame, &held, window, now).await?;
        let history = match wanted.frame.environment {
            Some(_) => Vec::new(),
            None => {
                self.sli_history(viewer.scope(), workflow, window, &held)
                    .await?
            }
        };
        let revision = revision(&held, &burn_rates, &history);
        let body = SliReport {
            current: current(found, &held, range),
            config: (&held).into(),
            burn_rates,
            history,
        };
        Ok(questions.finish(range, body).revised(revision))
    }
}

/// The indicators of a measured window.
pub(super) fn current(found: Measured, held: &InForce, range: TimeRange) -> CurrentSli {
    let target = held.target();
    let verified = found.verified(target);
    let judged = found.judged(target, held.minimum());
    let allowed = found.total() as f64 * target.may_fail_pct() / 100.0;
    CurrentSli {
        success_pct: found.success_pct().map(one_decimal),
        p95_ms: found.p95_ms.map(whole),
        error_budget_burn_pct: verified.error_budget_burn_pct.map(one_decimal),
        total_runs: found.total(),
        successful_runs: found.successful,
        failed_runs: found.failed,
        window_start: range.from,
        window_end: range.to,
        target: (&held.settings.target).into(),
        violates_target: verified.violates_target,
        verdict: judged.standing,
        bounds: bounds(judged),
        allowed_failures: one_decimal(allowed),
        latency: latency(found, target, held.minimum()),
    }
}

/// A number that changes with the settings, the current minute and the measured windows: the watermark does
/// not include these.
fn revision(held: &InForce, burn_rates: &BurnRates, history: &[HistoryWindow]) -> u64 {
    let mut hasher = DefaultHasher::new();
    held.revision().hash(&mut hasher);
    burn_rates.until.hash(&mut hasher);
    for window in history {
        (window.window_end, window.updated_at).hash(&mut hasher);
    }
    hasher.finish()
}
