//! How fast the error budgets burn now, by the windows of the SRE workbook.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::{
    BurnAlert, BurnState, Counted, burn::Length, burn::Severity, burn_rate, burn_state, burn_table,
    least_burn_rate,
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

/// Which budget burns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Objective {
    /// That runs succeed.
    Success,
    /// That runs are in time.
    Latency,
}

impl Objective {
    /// The word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Latency => "latency",
        }
    }
}

/// Burn rates of a target.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BurnRates {
    /// The period in which the budget may be spent: the window of the answer.
    pub period: String,
    /// Where the windows and shares come from; the factors follow from the period.
    pub source: String,
    /// The percentage of runs that may fail: what the target leaves open and the budget on top.
    pub may_fail_pct: f64,
    /// The percentage of runs that may be late.
    pub may_be_late_pct: f64,
    /// Where the windows end: the end of the present minute.
    #[schema(value_type = String, format = "date-time")]
    pub until: Timestamp,
    /// Every alert, of success first, fastest first.
    pub alerts: Vec<BurnAlertView>,
}

/// An alert of a burn rate.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BurnAlertView {
    /// Which budget burns.
    pub objective: Objective,
    /// Whom it calls: `page` somebody now, `ticket` within days.
    #[schema(value_type = String, example = "page")]
    pub severity: Severity,
    /// It begins where a long window alone spends this percentage of the budget.
    pub budget_pct: f64,
    /// Which is so many times the pace that spends the budget exactly: budgetPct / 100 x period / long window.
    pub factor: f64,
    /// Whether it calls: both windows burn at the factor or faster, the long one has the minimum of
    /// runs, and even the least rate that its failures allow is above 1. `out_of_reach` where it never can: the
    /// factor times `mayFailPct` (of latency: `mayBeLatePct`) is more than 100 %.
    pub state: BurnState,
    /// The window that shows that it matters.
    pub long: BurnWindow,
    /// The window that shows that it still goes on.
    pub short: BurnWindow,
}

impl BurnAlertView {
    /// Whether it calls somebody.
    pub fn is_firing(&self) -> bool {
        self.state == BurnState::Firing
    }
}

/// What burns in a window.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BurnWindow {
    /// Its length: 5m, 1h, 3d.
    pub window: String,
    /// Runs that succeeded or failed; for latency, runs with a duration.
    pub runs: u64,
    /// Those that failed (of latency: were late).
    pub bad: u64,
    /// The burn rate: 1 spends the budget exactly by the end of the period. Null without runs, and
    /// where nothing may fail and something did.
    pub burn_rate: Option<f64>,
    /// The least burn rate that does not contradict what was counted (exact bound at 95 %).
    pub least_burn_rate: Option<f64>,
}

/// What was measured, by length of window.
type ByLength = BTreeMap<i64, Measured>;

/// The burn rates at a moment.
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
    let lengths = table
        .alerts
        .iter()
        .flat_map(|alert| [&alert.long, &alert.short]);
    let lengths: BTreeSet<i64> = lengths.map(|length| length.milliseconds).collect();
    let mut measured = ByLength::new();
    for length in lengths {
        let range = TimeRange {
            from: until.plus(-length),
            to: until,
        };
        let found = Measured::ask(questions, frame, range, held.target()).await?;
        measured.insert(length, found);
    }
    let alerts = [Objective::Success, Objective::Latency]
        .into_iter()
        .flat_map(|objective| table.alerts.iter().map(move |alert| (objective, alert)))
        .map(|(objective, alert)| view(objective, alert, days, held, &measured));
    Ok(BurnRates {
        period: window.to_owned(),
        source: table.source.clone(),
        may_fail_pct: held.target().may_fail_pct(),
        may_be_late_pct: MAY_BE_LATE_PCT,
        until,
        alerts: alerts.collect(),
    })
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
        long: burn_window(&alert.long, long, may_fail),
        short: burn_window(&alert.short, short, may_fail),
    }
}

fn burn_window(length: &Length, counted: Counted, may_fail: f64) -> BurnWindow {
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
