//! What is worth a sentence, and how serious it is.

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::{Better, Finding, compare::rate, difference, finding};
use weir_model::{TimeRange, Timestamp};

use super::{
    ObservedFigures,
    environments::{Health, health},
};
use crate::{
    query::{Completeness, Names},
    reconciliation::RollupHealth,
};

/// A workflow with a higher failure rate is failing, in percent.
const FAILING_ABOVE: f64 = 50.0;
/// Executions with a verdict that it takes to call a workflow failing.
const ENOUGH: u64 = 5;
/// A p95 that grew to more than this of the one before is slow, in percent.
const SLOWER_BY: f64 = 50.0;
/// A volume that changed by more than this is unusual, in percent.
const VOLUME_BY: f64 = 50.0;
/// Executions before that make a change of volume or duration worth a word.
const MANY: u64 = 20;

/// How serious an insight is, the most serious last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InsightSeverity {
    /// Good to know.
    Info,
    /// Worth a look.
    Warning,
    /// Something is broken.
    Critical,
}

/// Something noteworthy.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Insight {
    /// The kind: success_rate_dropped, success_rate_recovered, slower, volume_dropped, volume_rose,
    /// silent, workflow_failing, environment_unhealthy, source_silent, rollups_differ, expiry_rests,
    /// control_data_damaged.
    pub code: &'static str,
    /// How serious it is.
    pub severity: InsightSeverity,
    /// A sentence for people.
    pub message: String,
    /// The workflow it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workflow_id: Option<String>,
    /// The environment it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// What was measured.
    pub value: Option<f64>,
    /// What it was before.
    pub previous: Option<f64>,
}

/// What the whole says against the range before.
pub(super) fn overall(now: &ObservedFigures, before: &ObservedFigures) -> Vec<Insight> {
    [
        success(now, before),
        slower(now, before),
        volume(now, before),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn success(now: &ObservedFigures, before: &ObservedFigures) -> Option<Insight> {
    let (current, previous) = (now.success_rate?, before.success_rate?);
    let rates = (
        rate(now.success_count, now.judged())?,
        rate(before.success_count, before.judged())?,
    );
    let least = now.judged().min(before.judged());
    let found = finding(Some(difference(rates.0, rates.1)), Better::More, least);
    let (code, severity, word) = match found {
        Finding::Worse if current < 80.0 => {
            ("success_rate_dropped", InsightSeverity::Critical, "fell")
        }
        Finding::Worse => ("success_rate_dropped", InsightSeverity::Warning, "fell"),
        Finding::Better => ("success_rate_recovered", InsightSeverity::Info, "rose"),
        _ => return None,
    };
    let message = format!("The success rate {word} from {previous:.1} % to {current:.1} %.");
    Some(insight(
        code,
        severity,
        message,
        Some(current),
        Some(previous),
    ))
}

fn slower(now: &ObservedFigures, before: &ObservedFigures) -> Option<Insight> {
    let (current, previous) = (now.p95_duration_ms?, before.p95_duration_ms?);
    let enough = now.judged().min(before.judged()) >= MANY;
    if !enough || current <= previous * (1.0 + SLOWER_BY / 100.0) {
        return None;
    }
    let message = format!("The p95 duration grew from {previous:.0} ms to {current:.0} ms.");
    let severity = InsightSeverity::Warning;
    Some(insight(
        "slower",
        severity,
        message,
        Some(current),
        Some(previous),
    ))
}

fn volume(now: &ObservedFigures, before: &ObservedFigures) -> Option<Insight> {
    let (current, previous) = (now.total_executions, before.total_executions);
    if previous < MANY {
        return None;
    }
    let percent = 100.0 * (current as f64 - previous as f64) / previous as f64;
    let (code, severity) = match percent {
        _ if current == 0 => ("silent", InsightSeverity::Critical),
        _ if percent < -VOLUME_BY => ("volume_dropped", InsightSeverity::Warning),
        _ if percent > VOLUME_BY => ("volume_rose", InsightSeverity::Info),
        _ => return None,
    };
    let message = format!("{current} executions, where there were {previous} before.");
    let (current, previous) = (Some(current as f64), Some(previous as f64));
    Some(insight(code, severity, message, current, previous))
}

pub(super) fn failing_workflow(
    id: Option<String>,
    figures: &ObservedFigures,
    names: &Names,
) -> Option<Insight> {
    let failed = 100.0 - figures.success_rate?;
    if failed <= FAILING_ABOVE || figures.judged() < ENOUGH {
        return None;
    }
    let name = names.of("workflow", id.as_deref()).or_else(|| id.clone());
    let message = format!(
        "{} fails: {} of {} executions.",
        name.as_deref().unwrap_or("A workflow without an id"),
        figures.failure_count,
        figures.judged()
    );
    Some(Insight {
        workflow_id: id,
        ..insight(
            "workflow_failing",
            InsightSeverity::Critical,
            message,
            Some(failed),
            None,
        )
    })
}

pub(super) fn unhealthy(environment: Option<String>, figures: &ObservedFigures) -> Option<Insight> {
    let severity = match health(figures) {
        Health::Unhealthy => InsightSeverity::Critical,
        Health::Degraded => InsightSeverity::Warning,
        _ => return None,
    };
    let rate = figures.success_rate?;
    let name = environment.as_deref().unwrap_or("without a name");
    let message = format!("The environment {name} has a success rate of {rate:.1} %.");
    Some(Insight {
        environment,
        ..insight("environment_unhealthy", severity, message, Some(rate), None)
    })
}

/// Sources that were silent for unusually long within the range.
pub(super) fn silent_sources(completeness: &Completeness, range: TimeRange) -> Vec<Insight> {
    let within = |from: Timestamp, to: Timestamp| from < range.to && to > range.from;
    let gaps = completeness.gaps.iter();
    gaps.filter(|gap| within(gap.from, gap.to))
        .map(|gap| {
            let message = format!(
                "The source {} sent nothing from {} to {}.",
                gap.source, gap.from, gap.to
            );
            insight(
                "source_silent",
                InsightSeverity::Warning,
                message,
                None,
                None,
            )
        })
        .collect()
}

/// What is wrong with rollups: figures that differ from raw events, and a clock that is not believed.
pub(super) fn ill_kept(rollups: &RollupHealth) -> Vec<Insight> {
    let found = rollups.reconciliation.as_ref();
    let differ = found.filter(|found| found.differences > 0).map(|found| {
        let message = format!(
            "{} of {} rollup figures that were compared differ from raw events; `weir rollup rebuild` repairs them.",
            found.differences, found.keys
        );
        let severity = InsightSeverity::Critical;
        insight("rollups_differ", severity, message, Some(found.differences as f64), None)
    });
    let rests = rollups.expiry_resting.then(|| {
        let ahead = rollups.clock_ahead_seconds;
        let message = format!(
            "The server's clock is {ahead} s ahead of what is believed: rollups do not expire until it agrees \
             again or `weir store confirm-clock` says that it is right."
        );
        insight("expiry_rests", InsightSeverity::Warning, message, Some(ahead as f64), None)
    });
    differ.into_iter().chain(rests).collect()
}

/// That control data is damaged, if it is.
pub(super) fn damaged(is: bool) -> Option<Insight> {
    is.then(|| {
        let message = "Control data (meta.sqlite) is damaged: the log says how. Stop the server and bring it back \
                       from a backup; `weir doctor` looks at it again.";
        let severity = InsightSeverity::Critical;
        insight("control_data_damaged", severity, message.to_owned(), None, None)
    })
}

pub(super) fn insight(
    code: &'static str,
    severity: InsightSeverity,
    message: String,
    value: Option<f64>,
    previous: Option<f64>,
) -> Insight {
    Insight {
        code,
        severity,
        message,
        workflow_id: None,
        environment: None,
        value,
        previous,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(success: u64, failure: u64, p95: f64) -> ObservedFigures {
        let judged = success + failure;
        ObservedFigures {
            total_executions: judged,
            success_count: success,
            failure_count: failure,
            success_rate: (judged > 0).then(|| 100.0 * success as f64 / judged as f64),
            p95_duration_ms: (judged > 0).then_some(p95),
            ..ObservedFigures::default()
        }
    }

    fn codes(
        now: &ObservedFigures,
        before: &ObservedFigures,
    ) -> Vec<(&'static str, InsightSeverity)> {
        let found = overall(now, before);
        found.iter().map(|i| (i.code, i.severity)).collect()
    }

    #[test]
    fn what_chance_explains_is_no_insight() {
        assert_eq!(codes(&figures(95, 5, 100.0), &figures(97, 3, 100.0)), []);
        assert_eq!(codes(&figures(1, 1, 900.0), &figures(10, 0, 100.0)), []);
    }

    #[test]
    fn drops_slowness_and_silence_are_told_by_their_weight() {
        let before = figures(980, 20, 100.0);
        assert_eq!(
            codes(&figures(900, 100, 100.0), &before),
            [("success_rate_dropped", InsightSeverity::Warning)]
        );
        assert_eq!(
            codes(&figures(700, 300, 160.0), &before),
            [
                ("success_rate_dropped", InsightSeverity::Critical),
                ("slower", InsightSeverity::Warning)
            ]
        );
        assert_eq!(
            codes(&figures(0, 0, 0.0), &before),
            [("silent", InsightSeverity::Critical)]
        );
        assert_eq!(
            codes(&figures(392, 8, 100.0), &before),
            [("volume_dropped", InsightSeverity::Warning)]
        );
    }
}
