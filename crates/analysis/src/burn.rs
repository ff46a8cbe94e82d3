//! How fast an error budget burns, and when to alert: multi-window, multi-burn-rate alerts ("The
//! Site Reliability Workbook", chapter 5). The windows are data (`data/burn_rates.toml`, with their
//! sources); the factors follow from the SLO period.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::binomial::clopper_pearson;

const DATA: &str = include_str!("../data/burn_rates.toml");
const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// How urgent an alert is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Page someone now.
    Page,
    /// Open a ticket, to be handled within days.
    Ticket,
}

impl Severity {
    /// The name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Ticket => "ticket",
        }
    }
}

/// A length of time in short notation: `5m`, `1h`, `3d`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Length {
    /// The text as written.
    pub text: String,
    /// The length in milliseconds.
    pub milliseconds: i64,
}

impl TryFrom<String> for Length {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let unit = match text.chars().last() {
            Some('m') => MINUTE,
            Some('h') => HOUR,
            Some('d') => DAY,
            _ => return Err(format!("{text:?} has no unit")),
        };
        let number: i64 = text[..text.len() - 1]
            .parse()
            .map_err(|_| format!("{text:?} is not a length of time"))?;
        Ok(Self {
            milliseconds: number * unit,
            text,
        })
    }
}

/// When an alert fires.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BurnAlert {
    /// How urgent the alert is.
    pub severity: Severity,
    /// The share of the period's budget, in percent, that is spent if it burns this fast through
    /// the long window.
    pub budget_pct: f64,
    /// The long window, which shows that the problem is significant.
    pub long: Length,
    /// The short window, which shows that the problem is still going on.
    pub short: Length,
}

/// The alerts for SLO periods of a certain length.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BurnTable {
    /// The shortest period that the table applies to, in days.
    pub from_days: u32,
    /// The source of the table.
    pub source: String,
    /// The alerts, fastest first.
    #[serde(rename = "alert")]
    pub alerts: Vec<BurnAlert>,
}

#[derive(Deserialize)]
struct Tables {
    table: Vec<BurnTable>,
}

/// All tables, longest period first.
static TABLES: LazyLock<Vec<BurnTable>> = LazyLock::new(|| {
    let tables: Tables = toml::from_str(DATA).expect("the data file is checked by a test");
    tables.table
});

/// The alerts for a period of `period_days` days.
pub fn burn_table(period_days: u32) -> &'static BurnTable {
    let fitting = TABLES.iter().find(|table| table.from_days <= period_days);
    fitting.unwrap_or(&TABLES[TABLES.len() - 1])
}

impl BurnTable {
    /// The longest window, which shows the pace that has lasted.
    pub fn longest(&self) -> &Length {
        let windows = self.alerts.iter().map(|alert| &alert.long);
        let longest = windows.max_by_key(|length| length.milliseconds);
        longest.expect("every table has alerts: the data file is checked by a test")
    }
}

impl BurnAlert {
    /// The burn rate at which the alert fires; at a burn rate of 1, the budget lasts exactly for
    /// the period.
    pub fn factor(&self, period_days: u32) -> f64 {
        let period = i64::from(period_days) * DAY;
        self.budget_pct / 100.0 * period as f64 / self.long.milliseconds as f64
    }
}

/// Judged runs in a window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// All judged runs.
    pub total: u64,
    /// The runs among them that failed.
    pub failed: u64,
}

/// The burn rate in a window: at 1, the budget is spent exactly by the end of the period.
/// `may_fail_pct` is the share of runs that may fail, in percent. `None` without runs; infinite if
/// no run may fail and one did.
pub fn burn_rate(counted: Counted, may_fail_pct: f64) -> Option<f64> {
    let Counted { total, failed } = counted;
    (total > 0).then(|| pace(failed as f64 / total as f64, may_fail_pct))
}

/// In how many days an error budget is spent if runs go on failing as in a window: the part that is left divided by
/// what a burn rate of 1 spends in a day, which is `1 / period` (The Site Reliability Workbook, chapter 5).
/// `left_pct` is the percentage of the budget that is left; 0 days if it is not above 0. `None` if the window has no
/// runs or burns nothing.
pub fn days_left(
    left_pct: f64,
    period_days: u32,
    counted: Counted,
    may_fail_pct: f64,
) -> Option<f64> {
    if left_pct <= 0.0 {
        return Some(0.0);
    }
    let rate = burn_rate(counted, may_fail_pct).filter(|&rate| rate > 0.0)?;
    Some(left_pct / 100.0 * f64::from(period_days) / rate)
}

/// The lowest burn rate that is consistent with the counts (exact bound at 95 %). `None` without
/// runs.
pub fn least_burn_rate(counted: Counted, may_fail_pct: f64) -> Option<f64> {
    let bounds = clopper_pearson(counted.failed, counted.total)?;
    Some(pace(bounds.lower, may_fail_pct))
}

fn pace(failed_share: f64, may_fail_pct: f64) -> f64 {
    if failed_share <= 0.0 {
        0.0
    } else {
        failed_share * 100.0 / may_fail_pct.max(0.0)
    }
}

/// The state of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BurnState {
    /// The budget does not burn this fast in both windows.
    Ok,
    /// The budget burns this fast in both windows, beyond chance.
    Firing,
    /// The budget seems to burn this fast, but there were too few runs to be sure.
    NotEnoughData,
    /// The alert can never fire: even if every run failed, the budget would not burn this fast.
    OutOfReach,
}

/// Compares both windows of an alert with its factor.
///
/// It fires when both windows burn at the factor or faster, the long one has at least `minimum`
/// runs, and its failures are beyond chance: even the lowest failure rate that is consistent with
/// them spends more than the budget. With fewer runs, or within chance, there is not enough data.
/// If so many runs may fail that no window could meet these conditions, the alert is out of reach.
pub fn burn_state(
    factor: f64,
    long: Counted,
    short: Counted,
    may_fail_pct: f64,
    minimum: u64,
) -> BurnState {
    // Shares in percent are rarely exact in floating point, so a burn rate at the factor gets a
    // small tolerance.
    let begins = factor * (1.0 - 1e-9);
    // The burn rate if every run fails; infinite if none may.
    let fastest = pace(1.0, may_fail_pct);
    // The lower bound never reaches 100 %: if every run may fail, no failure is beyond chance.
    if fastest < begins || fastest <= 1.0 {
        return BurnState::OutOfReach;
    }
    let fast = |counted| burn_rate(counted, may_fail_pct).is_some_and(|rate| rate >= begins);
    if !fast(long) || !fast(short) {
        // A window without failures is fine, however few runs it has.
        return BurnState::Ok;
    }
    let certain = least_burn_rate(long, may_fail_pct).is_some_and(|least| least > 1.0);
    if long.total >= minimum && certain {
        BurnState::Firing
    } else {
        BurnState::NotEnoughData
    }
}

#[cfg(test)]
mod tests;
