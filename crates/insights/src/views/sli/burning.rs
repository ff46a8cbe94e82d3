//! Current burn rates of the error budgets, over the windows of Google's SRE workbook.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::{
    BurnAlert, BurnState, Counted,
    burn::{BurnTable, Length, Severity},
    burn_rate, burn_state, burn_table, least_burn_rate,
};
use weir_model::{TimeRange, Timestamp, time::MINUTE};

use super::{
    measure::{MAY_BE_LATE_PCT, Measured},
    targets::InForce,
    windows,
};
use crate::{
    AppError,
    views::{Frame, Questions},
};

/// Which error budget it concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Objective {
    /// Runs should succeed.
    Success,
    /// Runs should be fast enough.
    Latency,
}

impl Objective {
    /// The word in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Latency => "latency",
        }
    }
}

/// Burn rates of an SLO.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BurnRates {
    /// The period of the error budget: the window of the response.
    pub period: String,
    /// The source of the windows and budget shares; the factors follow from the period.
    pub source: String,
    /// The percentage of runs that may fail: 100 minus the target, plus the error budget.
    pub may_fail_pct: f64,
    /// The percentage of runs that may be slow.
    pub may_be_late_pct: f64,
    /// The end of all windows: the end of the current minute.
    #[schema(value_type = String, format = "date-time")]
    pub until: Timestamp,
    /// All alerts: success before latency, fastest first.
    pub alerts: Vec<BurnAlertView>,
}

/// A burn-rate alert.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BurnAlertView {
    /// Which error budget it concerns.
    pub objective: Objective,
    /// The urgency: `page` (act now) or `ticket` (act within days).
    #[schema(value_type = String, example = "page")]
    pub severity: Severity,
    /// The percentage of the budget that the long window alone spends at the alert's threshold.
    pub budget_pct: f64,
    /// The burn-rate threshold: budgetPct / 100 x period / long window. A burn rate of 1 spends the budget
    /// exactly.
    pub factor: f64,
    /// Whether it fires: both windows burn at the factor or faster, the long window has the minimum number of
    /// runs, and the lower bound of its burn rate is above 1. `out_of_reach` if it can never fire, because
    /// the factor times `mayFailPct` (for latency, `mayBeLatePct`) is more than 100 %.
    pub state: BurnState,
    /// The long window, which shows that the burn is significant.
    pub long: BurnWindow,
    /// The short window, which shows that the burn is still going on.
    pub short: BurnWindow,
}

impl BurnAlertView {
    /// Whether it fires.
    pub fn is_firing(&self) -> bool {
        self.state == BurnState::Firing
    }
}

/// The burn rate in a window.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BurnWindow {
    /// Its length: 5m, 1h, 3d.
    pub window: String,
    /// Runs that succeeded or failed; for latency, runs with a duration.
    pub runs: u64,
    /// Runs that failed; for latency, runs that were too slow.
    pub bad: u64,
    /// The burn rate: 1 spends the budget exactly by the end of the period. Null without runs, or if no run
    /// may fail but some did.
    pub burn_rate: Option<f64>,
    /// The lower bound of the burn rate (exact, at 95 % confidence).
    pub least_burn_rate: Option<f64>,
}

/// Measurements by length of window in milliseconds.
pub(super) type ByLength = BTreeMap<i64, Measured>;

/// The burn rates at `now`. Fails if a query does.
pub(super) async fn burning(
    questions: &mut Questions<'_>,
    frame: &Frame,
    held: &InForce,
    window: &str,
    now: Timestamp,
) -> Result<BurnRates, AppError> {
    let days = u32::from(windows::days(window));
    let table = burn_table(days);
    let until = now.floor(MINUTE).plus(MINUTE);
    let mut measured = ByLength::new();
    for length in lengths(table) {
        let range = TimeRange {
            from: until.plus(-length),
            to: until,
        };
        let found = Measured::ask(questions, frame, range, held.target()).await?;
        measured.insert(length, found);
    }
    Ok(BurnRates {
        period: window.to_owned(),
        source: table.source.clone(),
        may_fail_pct: held.target().may_fail_pct(),
        may_be_late_pct: MAY_BE_LATE_PCT,
        until,
        alerts: alerts_of(days, held, &measured),
    })
}

/// The lengths of all windows of a table in milliseconds.
pub(super) fn lengths(table: &BurnTable) -> BTreeSet<i64> {
    let alerts = table.alerts.iter();
    let lengths = alerts.flat_map(|alert| [&alert.long, &alert.short]);
    lengths.map(|length| length.milliseconds).collect()
}

/// The alerts of a period of days: success before latency, fastest first.
pub(super) fn alerts_of(days: u32, held: &InForce, measured: &ByLength) -> Vec<BurnAlertView> {
    let alerts = &burn_table(days).alerts;
    [Objective::Success, Objective::Latency]
        .into_iter()
        .flat_map(|objective| alerts.iter().map(move |alert| (objective, alert)))
        .map(|(objective, alert)| view(objective, alert, days, held, measured))
        .collect()
}

fn view(
    objective: Objective,
    alert: &BurnAlert,
    days: u32,
    held: &InForce,
    measured: &ByLength,
) -> BurnAlertView {
    let may_fail = match objective {
        Objective::Success => held.target().may_fail_pct(),
        Objective::Latency => MAY_BE_LATE_PCT,
    };
    let counted = |length: &Length| {
        let found = measured.get(&length.milliseconds).copied();
        let found = found.unwrap_or_default();
        match objective {
            Objective::Success => found.success(),
            Objective::Latency => found.latency(),
        }
    };
    let (long, short) = (counted(&alert.long), counted(&alert.short));
    let factor = alert.factor(days);
    BurnAlertView {
        objective,
        severity: alert.severity,
        budget_pct: alert.budget_pct,
        factor: thousandths(factor),
        state: burn_state(factor, long, short, may_fail, held.minimum()),
        long: length_of(&alert.long, long, may_fail),
        short: length_of(&alert.short, short, may_fail),
    }
}

/// The burn rate of the runs in a window of this length.
pub(super) fn length_of(length: &Length, counted: Counted, may_fail: f64) -> BurnWindow {
    let finite = |rate: f64| rate.is_finite().then(|| thousandths(rate));
    BurnWindow {
        window: length.text.clone(),
        runs: counted.total,
        bad: counted.failed,
        burn_rate: burn_rate(counted, may_fail).and_then(finite),
        least_burn_rate: least_burn_rate(counted, may_fail).and_then(finite),
    }
}

fn thousandths(value: f64) -> f64 {
    (value * 1e3).round() / 1e3
}
