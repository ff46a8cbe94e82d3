//! How fast an error budget burns, and when that calls for somebody: multi-window, multi-burn-rate
//! alerts ("The Site Reliability Workbook", chapter 5). The windows are data (`data/burn_rates.toml`,
//! with their sources), the factors follow from the period.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::binomial::clopper_pearson;

const DATA: &str = include_str!("../data/burn_rates.toml");
const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Whom a burn rate calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Somebody now.
    Page,
    /// Somebody within days.
    Ticket,
}

impl Severity {
    /// The word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Ticket => "ticket",
        }
    }
}

/// A length of time as people write it: `5m`, `1h`, `3d`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Length {
    /// As written.
    pub text: String,
    /// In milliseconds.
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
            .map_err(|_| format!("{text:?} is no length"))?;
        Ok(Self {
            milliseconds: number * unit,
            text,
        })
    }
}

/// When somebody is called.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BurnAlert {
    /// Whom.
    pub severity: Severity,
    /// The share of the period's budget that is gone, if it burns so fast through the long window.
    pub budget_pct: f64,
    /// The window that shows that it matters.
    pub long: Length,
    /// The window that shows that it still goes on.
    pub short: Length,
}

/// The alerts for periods of some length.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BurnTable {
    /// The shortest period that it is for.
    pub from_days: u32,
    /// Where it comes from.
    pub source: String,
    /// The alerts, fastest first.
    #[serde(rename = "alert")]
    pub alerts: Vec<BurnAlert>,
}

#[derive(Deserialize)]
struct Tables {
    table: Vec<BurnTable>,
}

/// Longest period first.
static TABLES: LazyLock<Vec<BurnTable>> = LazyLock::new(|| {
    let tables: Tables = toml::from_str(DATA).expect("the data file is checked by a test");
    tables.table
});

/// The alerts for a period of so many days.
pub fn burn_table(period_days: u32) -> &'static BurnTable {
    let fitting = TABLES.iter().find(|table| table.from_days <= period_days);
    fitting.unwrap_or(&TABLES[TABLES.len() - 1])
}

impl BurnAlert {
    /// How many times faster than its own pace the budget burns where the alert begins.
    pub fn factor(&self, period_days: u32) -> f64 {
        let period = i64::from(period_days) * DAY;
        self.budget_pct / 100.0 * period as f64 / self.long.milliseconds as f64
    }
}

/// Runs with a verdict in a window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// All of them.
    pub total: u64,
    /// Those that failed.
    pub failed: u64,
}

/// The pace at which a window burns the budget: 1 is the pace that spends it exactly by the end of
/// the period. `None` without runs; infinite where nothing may fail and something did.
pub fn burn_rate(counted: Counted, may_fail_pct: f64) -> Option<f64> {
    let Counted { total, failed } = counted;
    (total > 0).then(|| pace(failed as f64 / total as f64, may_fail_pct))
}

/// The least pace that does not contradict what was counted (exact bound at 95 %).
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

/// What an alert says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BurnState {
    /// The budget does not burn so fast in both windows.
    Ok,
    /// It does, and not by chance.
    Firing,
    /// It may: there were too few runs to tell.
    NotEnoughData,
    /// It never can, whatever happens: even if every run failed, the budget would not burn so fast.
    OutOfReach,
}

/// Holds both windows of an alert against its factor.
///
/// It fires when both burn at the factor or faster, the long one holds at least `minimum` runs, and
/// its failures are beyond chance: even the least failure rate that they allow spends more than the
/// budget. With fewer runs, or within chance, there is not enough data. Where so many may fail that no
/// window could do all that, it is out of reach.
pub fn burn_state(
    factor: f64,
    long: Counted,
    short: Counted,
    may_fail_pct: f64,
    minimum: u64,
) -> BurnState {
    // Shares in percent are no round numbers: at the factor is at the factor, give or take a hair.
    let begins = factor * (1.0 - 1e-9);
    // When every run fails; infinite where nothing may.
    let fastest = pace(1.0, may_fail_pct);
    // Bounds of a count never reach all of it: where everything may fail, nothing is beyond chance.
    if fastest < begins || fastest <= 1.0 {
        return BurnState::OutOfReach;
    }
    let fast = |counted| burn_rate(counted, may_fail_pct).is_some_and(|rate| rate >= begins);
    if !fast(long) || !fast(short) {
        // A window without failures is calm however few runs it had.
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
