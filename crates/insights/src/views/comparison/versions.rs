//! The versions of a workflow side by side: figures with their bounds, what each changed against the one before
//! it, and the step behind the change.

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::{Estimate, Finding, compare::ENOUGH};
use weir_model::Timestamp;
use weir_query::records::version_times::VersionTimes;

use super::{
    ComparedBy, ComparisonWanted, Found, MOST, MetricDifference, StepComparison,
    estimates::Estimates, executions, figures_of, version_order,
};
use crate::{
    AppError, Reading,
    privacy::Viewer,
    query::Freshness,
    views::{ExecutionFigures, Frame, Meta, Questions, RangeView, Versioned},
};

/// The versions of a workflow that ran in a range.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkflowVersions {
    /// The workflow's id.
    pub workflow_id: String,
    /// Its newest name; null if no event named it.
    pub workflow_name: Option<String>,
    /// The time range covered.
    pub range: RangeView,
    /// The confidence of all bounds, in percent.
    pub confidence: f64,
    /// The minimum number of executions of both versions before a difference is reported.
    pub enough: u64,
    /// The newest versions, at most 10, the newest first.
    pub versions: Vec<VersionFigures>,
    /// Number of older versions that ran, too.
    pub omitted: usize,
    /// Number of executions that did not report a version.
    pub without_version: u64,
    /// How this answer was computed.
    pub meta: Meta,
}

/// A version of a workflow. Durations are in milliseconds, rates in percent, costs in US dollars.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VersionFigures {
    /// The version.
    pub version: String,
    /// Its first event in the range.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub first: Option<Timestamp>,
    /// Its last event in the range.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub last: Option<Timestamp>,
    /// Its executions.
    pub executions: u64,
    /// completed / (completed + failed + crashed).
    pub success_rate: Option<BoundedFigure>,
    /// Median duration.
    pub duration_p50: Option<BoundedFigure>,
    /// 95th percentile of durations.
    pub duration_p95: Option<BoundedFigure>,
    /// What its executions cost.
    pub cost: Option<f64>,
    /// Cost / executions.
    pub cost_per_execution: Option<f64>,
    /// What it changed; null for the oldest version listed.
    pub change: Option<VersionChange>,
}

/// A figure with its confidence bounds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct BoundedFigure {
    /// The figure.
    pub value: f64,
    /// The smallest true value that is consistent with the measurements.
    pub lower: f64,
    /// The largest such value.
    pub upper: f64,
}

/// A version compared with the one before it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VersionChange {
    /// The version before it.
    pub against: String,
    /// The differences of its figures.
    pub differences: Vec<MetricDifference>,
    /// The step that contributes most to a mean duration that is better or worse beyond chance.
    pub responsible_step: Option<ResponsibleStep>,
    /// The step whose success rate fell most beyond chance, if that of the executions did.
    pub failing_step: Option<StepComparison>,
}

/// The step behind a change of duration.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResponsibleStep {
    /// The step, and how it changed.
    #[serde(flatten)]
    pub step: StepComparison,
    /// Its contribution in percent of the change of the mean duration: above 100 if other steps changed the
    /// other way.
    pub share: Option<f64>,
}

impl Reading {
    /// The versions of the frame's workflow. Fails if the frame is not valid or the store fails.
    pub async fn workflow_versions(
        &self,
        viewer: Viewer,
        workflow: &str,
        frame: &Frame,
        freshness: Freshness,
    ) -> Result<Versioned<WorkflowVersions>, AppError> {
        let mut questions = Questions::new(self, viewer, freshness);
        let by = ComparedBy::Version;
        let figures = executions::query(frame, Some(by.dimension()));
        let figures = questions.figures::<ExecutionFigures>(figures).await?;
        let range = figures.query().range;
        let mut versions: Vec<String> = figures.lines().filter_map(|line| line.key(0)).collect();
        versions.sort_by_cached_key(|version| version_order(version));
        let omitted = versions.len().saturating_sub(MOST);
        versions.drain(..omitted);
        let unversioned = figures.lines().filter(|line| line.key(0).is_none());
        let without_version = unversioned.map(|line| line.figures.total_executions).sum();
        let wanted = ComparisonWanted {
            frame: frame.within(range),
            versions,
            workflows: Vec::new(),
        };
        let found = self.found(&mut questions, &wanted, by).await?;
        let question = VersionTimes {
            range,
            workflow,
            environment: frame.environment.as_deref(),
        };
        let statement = question.statement(viewer.scope(), questions.dialect());
        let asked = statement.clone();
        let reading =
            self.range_records(viewer, range, statement, |rows| VersionTimes::read(&rows));
        questions.read_from("raw executions");
        let times = questions.recorded(asked, reading).await?;
        let shown = wanted.versions.iter().enumerate().map(|(at, version)| {
            let before = at.checked_sub(1).map(|before| &wanted.versions[before]);
            let change = before.map(|before| self.version_change(viewer, &found, version, before));
            let times = times.get(version).copied();
            version_figures(version, &found, times, change)
        });
        let mut versions: Vec<VersionFigures> = shown.collect();
        versions.reverse();
        let body = WorkflowVersions {
            workflow_id: workflow.to_owned(),
            workflow_name: self.workflow_name(viewer, workflow),
            range: range.into(),
            confidence: weir_analysis::binomial::CONFIDENCE_PCT,
            enough: ENOUGH,
            versions,
            omitted,
            without_version,
            meta: questions.meta().await?,
        };
        Ok(questions.finish(range, body))
    }

    fn version_change(
        &self,
        viewer: Viewer,
        found: &Found,
        version: &str,
        before: &str,
    ) -> VersionChange {
        let compared = self.compared(viewer, found, version, before);
        let finding = |metric: &str| {
            let mut of = compared.differences.iter();
            of.find(|difference| difference.metric == metric)
        };
        VersionChange {
            against: before.to_owned(),
            responsible_step: finding("duration_avg")
                .and_then(|of| responsible(of, &compared.steps)),
            failing_step: finding("success_rate").and_then(|of| failing(of, &compared.steps)),
            differences: compared.differences,
        }
    }
}

fn version_figures(
    version: &str,
    found: &Found,
    times: Option<[Timestamp; 2]>,
    change: Option<VersionChange>,
) -> VersionFigures {
    let figures = figures_of(&found.figures, version).unwrap_or_default();
    let estimates: Option<Estimates> = figures_of(&found.estimates, version);
    let bounded =
        |of: fn(&Estimates) -> Option<Estimate>| estimates.as_ref().and_then(of).map(Into::into);
    let cost = figures.total_cost;
    let each = |cost: f64| cost / figures.total_executions as f64;
    VersionFigures {
        version: version.to_owned(),
        first: times.map(|[first, _]| first),
        last: times.map(|[_, last]| last),
        executions: figures.total_executions,
        success_rate: bounded(Estimates::success),
        duration_p50: bounded(Estimates::p50),
        duration_p95: bounded(Estimates::p95),
        cost_per_execution: cost.filter(|_| figures.total_executions > 0).map(each),
        cost,
        change,
    }
}

impl From<Estimate> for BoundedFigure {
    fn from(of: Estimate) -> Self {
        Self {
            value: of.value,
            lower: of.lower,
            upper: of.upper,
        }
    }
}

/// The step that contributes most to a change of the mean duration, if that is beyond chance and the step's
/// own duration changed the same way beyond chance. `steps` begin with the largest contribution.
fn responsible(duration: &MetricDifference, steps: &[StepComparison]) -> Option<ResponsibleStep> {
    let changed = matches!(duration.finding, Finding::Better | Finding::Worse);
    let whole = duration.difference.filter(|_| changed)?;
    let same_way = |step: &&StepComparison| {
        let contribution = step.contribution_ms.unwrap_or(0.0);
        contribution * whole > 0.0 && step.duration.finding == duration.finding
    };
    let step = steps.iter().find(same_way)?.clone();
    Some(ResponsibleStep {
        share: step.contribution_ms.map(|own| 100.0 * own / whole),
        step,
    })
}

/// The step whose success rate fell most, beyond chance, if that of the executions did.
fn failing(success: &MetricDifference, steps: &[StepComparison]) -> Option<StepComparison> {
    let fell = |of: &MetricDifference| of.finding == Finding::Worse;
    let fallen = |step: &&StepComparison| fell(success) && fell(&step.success_rate);
    let by_fall = |a: &&StepComparison, b: &&StepComparison| {
        let of = |step: &StepComparison| step.success_rate.difference.unwrap_or(0.0);
        of(a).total_cmp(&of(b))
    };
    steps.iter().filter(fallen).min_by(by_fall).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn difference(metric: &'static str, difference: f64, finding: Finding) -> MetricDifference {
        MetricDifference {
            metric,
            value: None,
            baseline: None,
            difference: Some(difference),
            lower: None,
            upper: None,
            percent: None,
            finding,
        }
    }

    fn step(id: &str, contribution: f64, duration: Finding, success: Finding) -> StepComparison {
        StepComparison {
            step_id: id.to_owned(),
            step_name: None,
            contribution_ms: Some(contribution),
            duration: difference("step_duration_avg", contribution, duration),
            success_rate: difference("step_success_rate", -contribution, success),
        }
    }

    #[test]
    fn the_responsible_step_changed_as_the_whole_did_and_beyond_chance() {
        use Finding::{Better, NoDifference, Worse};
        let steps = [
            step("faster", -500.0, Better, NoDifference),
            step("chance", 400.0, NoDifference, NoDifference),
            step("slower", 300.0, Worse, NoDifference),
            step("also slower", 100.0, Worse, NoDifference),
        ];
        let slower = difference("duration_avg", 200.0, Worse);
        let found = responsible(&slower, &steps).unwrap();
        assert_eq!(
            (found.step.step_id.as_str(), found.share),
            ("slower", Some(150.0))
        );
        let faster = difference("duration_avg", -250.0, Better);
        let found = responsible(&faster, &steps).unwrap();
        assert_eq!(
            (found.step.step_id.as_str(), found.share),
            ("faster", Some(200.0))
        );
        for none in [Finding::NoDifference, Finding::NotEnoughData] {
            assert!(responsible(&difference("duration_avg", 200.0, none), &steps).is_none());
        }
    }

    #[test]
    fn the_failing_step_is_the_one_whose_rate_fell_most() {
        use Finding::{NoDifference, Worse};
        let steps = [
            step("a", 2.0, NoDifference, Worse),
            step("b", 5.0, NoDifference, Worse),
            step("c", 9.0, NoDifference, NoDifference),
        ];
        let worse = difference("success_rate", -3.0, Worse);
        assert_eq!(failing(&worse, &steps).unwrap().step_id, "b");
        let same = difference("success_rate", -3.0, NoDifference);
        assert!(failing(&same, &steps).is_none());
    }
}
