//! Windows that have ended: measured on a schedule, stored and shown.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::{SliVerdict, Target};
use weir_meta::{SliTarget, SliWindow, SliWindowKey};
use weir_model::{Scope, TimeRange, Timestamp};

use super::{
    WINDOWS, in_workflow,
    measure::Measured,
    one_decimal, one_of,
    targets::{InForce, SliLevel, verdict},
    whole,
    windows::{self, MeasuredWindow, Present},
};
use crate::{AppError, Reading, privacy::Viewer, query::Freshness, views::Questions};

/// How many windows of a length are read: more than are shown, because some can be of another time zone.
const READ: u32 = 4 * windows::HISTORY_DAYS as u32;

/// A window that has ended.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HistoryWindow {
    /// The start of the window.
    #[schema(value_type = String, format = "date-time")]
    pub window_start: Timestamp,
    /// The end of the window, exclusive.
    #[schema(value_type = String, format = "date-time")]
    pub window_end: Timestamp,
    /// Percentage of runs that succeeded.
    pub success_pct: Option<f64>,
    /// 95th percentile of durations in milliseconds.
    pub p95_ms: Option<i64>,
    /// Percentage of the error budget that was spent.
    pub error_budget_burn_pct: Option<f64>,
    /// Runs that succeeded or failed.
    pub total_runs: i64,
    /// Failed runs.
    pub failed_runs: i64,
    /// Whether a target was missed.
    pub violates_target: bool,
    /// The verdict on the success rate, considering its bounds.
    pub verdict: Option<SliVerdict>,
    /// The target at that time.
    pub target: TargetView,
    /// When it was first measured.
    #[schema(value_type = String, format = "date-time")]
    pub created_at: Timestamp,
    /// When it was last measured. Late events are counted within an hour, or within a day if the window ended
    /// more than two days ago.
    #[schema(value_type = String, format = "date-time")]
    pub updated_at: Timestamp,
}

/// An SLO target.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TargetView {
    /// The minimum percentage of successful runs.
    pub success_pct: f64,
    /// The maximum 95th percentile of durations in milliseconds.
    pub p95_ms: i64,
    /// The percentage of runs that may fail in addition.
    pub error_budget_pct: f64,
}

impl From<&SliTarget> for TargetView {
    fn from(target: &SliTarget) -> Self {
        Self {
            success_pct: target.success_pct,
            p95_ms: target.p95_ms,
            error_budget_pct: target.error_budget_pct,
        }
    }
}

impl From<SliWindow> for HistoryWindow {
    fn from(window: SliWindow) -> Self {
        Self {
            window_start: window.start,
            window_end: window.key.end,
            success_pct: window.success_pct.map(one_decimal),
            p95_ms: window.p95_ms.map(whole),
            error_budget_burn_pct: window.error_budget_burn_pct.map(one_decimal),
            total_runs: window.successful_runs + window.failed_runs,
            failed_runs: window.failed_runs,
            violates_target: window.violates_target,
            verdict: verdict(&window.verdict),
            target: (&window.target).into(),
            created_at: window.created_at,
            updated_at: window.updated_at,
        }
    }
}

impl Reading {
    /// The windows of a length that have ended, newest first. Windows that were never measured are measured
    /// now, so that the history exists as soon as its events do; a job measures changed windows again. Fails
    /// if control data or the store fails.
    pub(super) async fn sli_history(
        &self,
        scope: Scope,
        workflow: Option<&str>,
        window: &str,
        held: &InForce,
    ) -> Result<Vec<HistoryWindow>, AppError> {
        if workflow.is_none() || held.level == SliLevel::Workflow {
            self.measure(scope, workflow, window, windows::missing)
                .await?;
        }
        let found = self
            .control
            .sli_windows(scope, workflow, window, READ)
            .await?;
        let ours = found
            .into_iter()
            .filter(|window| windows::ends_a_day(window.key.end, &held.zone));
        Ok(ours.take(windows::HISTORY_DAYS).map(Into::into).collect())
    }

    /// Measures the windows of a project or workflow that are due, of one length or of all, and returns their
    /// number. Fails if there is no such length, or if control data or the store fails.
    pub async fn measure_windows(
        &self,
        scope: Scope,
        workflow: Option<&str>,
        window: Option<&str>,
    ) -> Result<usize, AppError> {
        let lengths = match window {
            Some(window) => vec![one_of("window", window, &WINDOWS)?],
            None => WINDOWS.to_vec(),
        };
        let mut measured = 0;
        for window in lengths {
            measured += self.measure(scope, workflow, window, windows::due).await?;
        }
        Ok(measured)
    }

    /// Measures the chosen windows of one length and returns their number.
    async fn measure(
        &self,
        scope: Scope,
        workflow: Option<&str>,
        window: &str,
        choose: windows::Choose,
    ) -> Result<usize, AppError> {
        let Some(data) = self.store.data_range(scope) else {
            return Ok(0);
        };
        let held = self.sli_in_force(scope, workflow).await?;
        let known = self
            .control
            .sli_windows(scope, workflow, window, READ)
            .await?;
        let known: HashMap<_, _> = known.iter().map(known_window).collect();
        let present = Present {
            now: self.clock.now(),
            zone: &held.zone,
            data,
            watermark: self.store.watermark(scope).cast_signed(),
        };
        let chosen = choose(window, present, &known);
        for range in &chosen {
            self.measure_window(scope, workflow, window, *range, &held)
                .await?;
        }
        Ok(chosen.len())
    }

    async fn measure_window(
        &self,
        scope: Scope,
        workflow: Option<&str>,
        window: &str,
        range: TimeRange,
        held: &InForce,
    ) -> Result<(), AppError> {
        // Before the read: later commits are counted the next time.
        let watermark = self.store.watermark(scope).cast_signed();
        let mut questions = Questions::new(self, Viewer::clear(scope), Freshness::Cached);
        let frame = in_workflow(workflow);
        let found = Measured::ask(&mut questions, &frame, range, held.target()).await?;
        let key = SliWindowKey {
            workflow: workflow.map(str::to_owned),
            window: window.to_owned(),
            end: range.to,
        };
        let window = SliWindow {
            watermark,
            ..measured_window(key, range.from, found, held)
        };
        Ok(self.control.put_sli_window(scope, &window).await?)
    }
}

fn known_window(window: &SliWindow) -> (Timestamp, MeasuredWindow) {
    let known = MeasuredWindow {
        watermark: window.watermark,
        at: window.updated_at,
    };
    (window.key.end, known)
}

fn measured_window(
    key: SliWindowKey,
    start: Timestamp,
    found: Measured,
    held: &InForce,
) -> SliWindow {
    let target: Target = held.target();
    let verified = found.verified(target);
    SliWindow {
        key,
        start,
        successful_runs: found.successful.cast_signed(),
        failed_runs: found.failed.cast_signed(),
        success_pct: found.success_pct(),
        p95_ms: found.p95_ms,
        error_budget_burn_pct: verified.error_budget_burn_pct,
        violates_target: verified.violates_target,
        verdict: found
            .judged(target, held.minimum())
            .standing
            .name()
            .to_owned(),
        target: held.settings.target.clone(),
        watermark: 0,
        // Set when it is stored.
        created_at: Timestamp(0),
        updated_at: Timestamp(0),
    }
}
