//! The three planned incidents.

use jiff::Timestamp;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;

use crate::HOUR_MS;
use crate::catalog::{COSTLY_TEMPLATE, DOWN_CONNECTOR, SLOW_STEP, SLOW_WORKFLOW};
use crate::connectors::{EXPENSIVE, SMALL};

/// How much slower the step became.
pub(crate) const SLOWDOWN: f64 = 6.0;

/// A planned incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// `slow_step`, `connector_outage` or `cost_spike`.
    pub kind: &'static str,
    /// When it began.
    pub from: Timestamp,
    /// When it ended; `None` while it is going on.
    pub to: Option<Timestamp>,
    /// What happened, in a sentence.
    pub description: String,
}

/// The times of the incidents, in epoch milliseconds.
#[derive(Debug, Clone)]
pub(crate) struct Incidents {
    pub slow_release: i64,
    pub outage: (i64, i64),
    pub spike: (i64, i64),
}

impl Incidents {
    /// The incidents six, three and nine days before `now`, each moved back to a working day.
    pub fn before(now: Timestamp) -> Self {
        let outage = working_day(now, 3) + 9 * HOUR_MS;
        let spike = working_day(now, 9);
        Self {
            slow_release: working_day(now, 6) + 14 * HOUR_MS,
            outage: (outage, outage + 3 * HOUR_MS),
            spike: (spike, spike + 24 * HOUR_MS),
        }
    }

    /// No incidents: all of them lie beyond the end of time.
    pub const NONE: Self = Self {
        slow_release: i64::MAX,
        outage: (i64::MAX, i64::MAX),
        spike: (i64::MAX, i64::MAX),
    };

    pub fn is_outage(&self, step_type: &str, at: i64) -> bool {
        step_type == DOWN_CONNECTOR && (self.outage.0..self.outage.1).contains(&at)
    }

    pub fn is_spike(&self, at: i64) -> bool {
        (self.spike.0..self.spike.1).contains(&at)
    }

    pub fn is_slow(&self, workflow: &str, step: &str, at: i64) -> bool {
        workflow == SLOW_WORKFLOW && step == SLOW_STEP && at >= self.slow_release
    }

    /// Describes the incidents; empty if there are none.
    pub fn describe(&self) -> Vec<Incident> {
        if self.slow_release == i64::MAX {
            return Vec::new();
        }
        let at = |ms| Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
        vec![
            Incident {
                kind: "slow_step",
                from: at(self.slow_release),
                to: None,
                description: format!(
                    "a new version of {SLOW_WORKFLOW} made its step \"{SLOW_STEP}\" {SLOWDOWN} times slower"
                ),
            },
            Incident {
                kind: "connector_outage",
                from: at(self.outage.0),
                to: Some(at(self.outage.1)),
                description: format!(
                    "{DOWN_CONNECTOR} was down: its steps failed in all workflows that use it"
                ),
            },
            Incident {
                kind: "cost_spike",
                from: at(self.spike.0),
                to: Some(at(self.spike.1)),
                description: format!(
                    "\"{COSTLY_TEMPLATE}\" ran on {} instead of {} in all regions",
                    EXPENSIVE.name, SMALL.name
                ),
            },
        ]
    }
}

/// Midnight (UTC) of the latest working day that is at least `days` before `now`.
fn working_day(now: Timestamp, days: i64) -> i64 {
    let midnight = |ms: i64| ms - ms.rem_euclid(24 * HOUR_MS);
    let mut day = midnight(now.as_millisecond()) - days * 24 * HOUR_MS;
    while is_weekend(day) {
        day -= 24 * HOUR_MS;
    }
    day
}

/// Whether the time is on a Saturday or Sunday, in UTC.
pub(crate) fn is_weekend(ms: i64) -> bool {
    let at = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    matches!(
        at.to_zoned(TimeZone::UTC).weekday(),
        Weekday::Saturday | Weekday::Sunday
    )
}
