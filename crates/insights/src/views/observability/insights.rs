//! Insights: noteworthy findings, each with a sentence and a severity.

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

/// A workflow is failing above this failure rate, in percent.
const FAILING_ABOVE: f64 = 50.0;
/// Minimum finished executions before a workflow is reported as failing.
const ENOUGH: u64 = 5;
/// A p95 duration that grew by more than this is reported, in percent.
const SLOWER_BY: f64 = 50.0;
/// A change in volume above this is reported, in percent.
const VOLUME_BY: f64 = 50.0;
/// Minimum executions in the previous period before a change of volume or duration is reported.
const MANY: u64 = 20;

/// The severity of an insight, in ascending order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum InsightSeverity {
    /// For information.
    Info,
    /// Needs attention.
    Warning,
    /// Something is broken.
    Critical,
}

/// A noteworthy finding.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Insight {
    /// The kind of finding: success_rate_dropped, success_rate_recovered, slower, volume_dropped,
    /// volume_rose, silent, workflow_failing, environment_unhealthy, source_silent, rollups_differ,
    /// expiry_rests, control_data_damaged.
    pub code: &'static str,
    /// Its severity.
    pub severity: InsightSeverity,
    /// A sentence that explains it.
    pub message: String,
    /// The workflow concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workflow_id: Option<String>,
    /// The environment concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// The measured value.
    pub value: Option<f64>,
    /// The value in the previous period.
    pub previous: Option<f64>,
}

/// Findings about all executions compared with the previous period.
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
    let message = format!("{current} executions, compared with {previous} in the previous period.");
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
        "{} is failing: {} of {} executions failed.",
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
    let message = match environment.as_deref() {
        Some(name) => format!("The environment {name} has a success rate of {rate:.1} %."),
        None => format!("Executions without an environment have a success rate of {rate:.1} %."),
    };
    Some(Insight {
        environment,
        ..insight("environment_unhealthy", severity, message, Some(rate), None)
    })
}

/// Sources that sent nothing for an unusually long time within the range.
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

/// Problems with rollups: figures that differ from raw events, and an implausible clock.
pub(super) fn rollup_problems(rollups: &RollupHealth) -> Vec<Insight> {
    let found = rollups.reconciliation.as_ref();
    let differ = found.filter(|found| found.differences > 0).map(|found| {
        let message = format!(
            "{} of {} compared rollup figures differ from raw events; `weir rollup rebuild` repairs them.",
            found.differences, found.keys
        );
        let severity = InsightSeverity::Critical;
        insight("rollups_differ", severity, message, Some(found.differences as f64), None)
    });
    let rests = rollups.expiry_resting.then(|| {
        let ahead = rollups.clock_ahead_seconds;
        let message = format!(
            "The server's clock is {ahead} s ahead of the plausible time. Rollups do not expire until \
             the clock is plausible again or confirmed with `weir store confirm-clock`."
        );
        insight("expiry_rests", InsightSeverity::Warning, message, Some(ahead as f64), None)
    });
    differ.into_iter().chain(rests).collect()
}

/// The finding that control data is damaged, if it is.
pub(super) fn damaged(is: bool) -> Option<Insight> {
    is.then(|| {
        let message = "Control data (meta.sqlite) is damaged; the log has details. Stop the server and \
                       restore it from a backup; `weir doctor` checks it again.";
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
    fn random_variation_is_not_an_insight() {
        assert_eq!(codes(&figures(95, 5, 100.0), &figures(97, 3, 100.0)), []);
        assert_eq!(codes(&figures(1, 1, 900.0), &figures(10, 0, 100.0)), []);
    }

    #[test]
    fn drops_slowness_and_silence_have_their_severity() {
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
