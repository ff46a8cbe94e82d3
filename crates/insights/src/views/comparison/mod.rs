//! Compares versions of a workflow, or several workflows: figures, differences with bounds, and whether there
//! is enough data.

mod estimates;
mod steps;
mod versions;

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::compare::ENOUGH;
use weir_query::{
    Query,
    records::open_steps::{OpenSteps, OpenTime},
};

use super::{
    ExecutionFigures, Figures, Frame, Meta, Questions, RangeView, Results, Versioned, executions,
};
use crate::{AppError, ErrorCode, Reading, privacy::Viewer, query::Freshness};

use estimates::Estimates;
pub use estimates::MetricDifference;
pub use steps::StepComparison;
use steps::{Side, Steps};
pub use versions::{
    BoundedFigure, ResponsibleStep, VersionChange, VersionFigures, WorkflowVersions,
};

/// The most groups in an answer.
const MOST: usize = 10;

/// What to compare.
#[derive(Clone, Debug, Default)]
pub struct ComparisonWanted {
    /// Time range, time zone and environment; and the workflow whose versions are compared.
    pub frame: Frame,
    /// The versions, the first as the baseline. By default all that ran, oldest first.
    pub versions: Vec<String>,
    /// The workflows, the first as the baseline.
    pub workflows: Vec<String>,
}

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ComparedBy {
    /// Versions of one workflow.
    Version,
    /// Workflows.
    Workflow,
}

impl ComparedBy {
    fn dimension(self) -> &'static str {
        match self {
            Self::Version => "version",
            Self::Workflow => "workflow",
        }
    }
}

/// A comparison of groups.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkflowComparison {
    /// What is compared.
    pub by: ComparedBy,
    /// The workflow whose versions are compared.
    pub workflow_id: Option<String>,
    /// Its newest name; null if no event named it.
    pub workflow_name: Option<String>,
    /// The time range covered.
    pub range: RangeView,
    /// The confidence of all bounds, in percent.
    pub confidence: f64,
    /// The minimum number of executions in each of two groups before a difference is reported.
    pub enough: u64,
    /// The group that the others are compared with.
    pub baseline: Option<String>,
    /// The groups, the baseline first.
    pub groups: Vec<ComparedGroup>,
    /// Each other group compared with the baseline.
    pub comparisons: Vec<GroupComparison>,
    /// How this answer was computed.
    pub meta: Meta,
}

/// Figures of a version or workflow; all zero if it did not run.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparedGroup {
    /// The version, or the workflow's id.
    pub key: String,
    /// The workflow's newest name; null for versions, and if no event named it.
    pub name: Option<String>,
    /// Its figures.
    #[serde(flatten)]
    pub figures: ExecutionFigures,
}

/// A group compared with the baseline.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupComparison {
    /// The version or workflow.
    pub key: String,
    /// The differences of its figures.
    pub differences: Vec<MetricDifference>,
    /// The steps behind the difference in duration and failures, the largest contribution first. Only for
    /// versions, which share steps.
    pub steps: Vec<StepComparison>,
}

impl Reading {
    /// Compares versions or workflows. Fails if the request is not valid or the store fails.
    pub async fn workflow_comparison(
        &self,
        viewer: Viewer,
        wanted: &ComparisonWanted,
        freshness: Freshness,
    ) -> Result<Versioned<WorkflowComparison>, AppError> {
        let by = wanted.by()?;
        let mut questions = Questions::new(self, viewer, freshness);
        let found = self.found(&mut questions, wanted, by).await?;
        let range = found.figures.query().range;
        let names = self.names(viewer, found.figures.answer());
        let workflow = wanted.frame.workflow.as_deref();
        let group = |key: &String| ComparedGroup {
            name: names
                .of("workflow", Some(key))
                .filter(|_| by == ComparedBy::Workflow),
            figures: figures_of(&found.figures, key).unwrap_or_default(),
            key: key.clone(),
        };
        let body = WorkflowComparison {
            by,
            workflow_id: workflow.map(str::to_owned),
            workflow_name: workflow.and_then(|id| self.workflow_name(viewer, id)),
            range: range.into(),
            confidence: weir_analysis::binomial::CONFIDENCE_PCT,
            enough: ENOUGH,
            baseline: found.keys.first().cloned(),
            groups: found.keys.iter().map(group).collect(),
            comparisons: self.comparisons(viewer, &found),
            meta: questions.meta().await?,
        };
        Ok(questions.finish(range, body))
    }

    async fn found(
        &self,
        questions: &mut Questions<'_>,
        wanted: &ComparisonWanted,
        by: ComparedBy,
    ) -> Result<Found, AppError> {
        let dimension = Some(by.dimension());
        let figures = wanted.narrowed(by, executions::query(&wanted.frame, dimension));
        let figures = questions.figures::<ExecutionFigures>(figures).await?;
        let frame = wanted.frame.within(figures.query().range);
        let estimates = wanted.narrowed(by, frame.question().by(dimension));
        let estimates = questions.figures(estimates).await?;
        let keys = wanted.keys(by, &figures);
        let steps = match (by, &frame.workflow) {
            (ComparedBy::Version, Some(workflow)) => {
                let results = questions.figures(steps::query(&frame, &keys)).await?;
                let open = self
                    .open_time(questions.viewer(), &figures, &frame, workflow)
                    .await?;
                Some(Steps { results, open })
            }
            _ => None,
        };
        Ok(Found {
            keys,
            figures,
            estimates,
            steps,
        })
    }

    /// The time of steps in executions that have not ended; reads nothing if all have.
    async fn open_time(
        &self,
        viewer: Viewer,
        figures: &Results<ExecutionFigures>,
        frame: &Frame,
        workflow: &str,
    ) -> Result<OpenTime, AppError> {
        // By difference, because stale executions have not ended either.
        let is_open = |of: &ExecutionFigures| of.total_executions > ended(of);
        if !figures.lines().any(|line| is_open(&line.figures)) {
            return Ok(OpenTime::new());
        }
        let range = figures.query().range;
        let question = OpenSteps {
            range,
            workflow,
            environment: frame.environment.as_deref(),
        };
        let statement = question.statement(viewer.scope(), self.store.dialect());
        self.range_records(viewer, range, statement, |rows| OpenSteps::read(&rows))
            .await
    }

    fn comparisons(&self, viewer: Viewer, found: &Found) -> Vec<GroupComparison> {
        let Some((baseline, others)) = found.keys.split_first() else {
            return Vec::new();
        };
        let compared = others.iter();
        compared
            .map(|key| self.compared(viewer, found, key, baseline))
            .collect()
    }

    /// A group compared with another.
    fn compared(
        &self,
        viewer: Viewer,
        found: &Found,
        key: &str,
        baseline: &str,
    ) -> GroupComparison {
        let steps = found.steps.as_ref().map(|steps| {
            let names = self.names(viewer, steps.results.answer());
            let sides = [found.side(key), found.side(baseline)];
            steps::differences(steps, sides, &names)
        });
        GroupComparison {
            differences: estimates::differences(
                figures_of(&found.estimates, key).as_ref(),
                figures_of(&found.estimates, baseline).as_ref(),
            ),
            steps: steps.unwrap_or_default(),
            key: key.to_owned(),
        }
    }
}

/// How many executions have ended.
fn ended(of: &ExecutionFigures) -> u64 {
    of.successful + of.failed + of.crashed + of.canceled
}

/// The answers about the groups, the baseline first.
struct Found {
    keys: Vec<String>,
    figures: Results<ExecutionFigures>,
    /// The figures behind the bounds.
    estimates: Results<Estimates>,
    /// Only for versions.
    steps: Option<Steps>,
}

impl Found {
    fn side<'a>(&self, version: &'a str) -> Side<'a> {
        Side {
            version,
            ended: figures_of(&self.figures, version).map_or(0, |of| ended(&of)),
        }
    }
}

impl ComparisonWanted {
    fn by(&self) -> Result<ComparedBy, AppError> {
        let refused = |field: &str, detail: &str, fix: &str| {
            let error = AppError::new(ErrorCode::InvalidParameter, detail);
            Err(error.field(field).fix(fix))
        };
        let keys = self.versions.len().max(self.workflows.len());
        match (&self.frame.workflow, self.workflows.len()) {
            _ if keys > MOST => {
                refused("versions", "At most 10 groups can be compared.", "up to 10")
            }
            (Some(_), 0) => Ok(ComparedBy::Version),
            (None, 2..) if self.versions.is_empty() => Ok(ComparedBy::Workflow),
            (None, 1) => refused(
                "workflows",
                "A comparison needs more than one workflow.",
                "two or more",
            ),
            (None, 0) => refused(
                "workflows",
                "There is nothing to compare.",
                "workflows=a,b or workflowId=a&versions=1,2",
            ),
            _ => refused(
                "workflows",
                "Compare either several workflows or versions of one workflow.",
                "workflows=a,b or workflowId=a&versions=1,2",
            ),
        }
    }

    /// The query, limited to the requested groups.
    fn narrowed(&self, by: ComparedBy, query: Query) -> Query {
        let keys = match by {
            ComparedBy::Version => &self.versions,
            ComparedBy::Workflow => &self.workflows,
        };
        match keys.is_empty() {
            true => query,
            false => query.filter(by.dimension(), keys.iter().map(String::as_str)),
        }
    }

    /// The groups in order: as requested, otherwise the versions that ran, oldest first.
    fn keys(&self, by: ComparedBy, results: &Results<ExecutionFigures>) -> Vec<String> {
        let mut named = match by {
            ComparedBy::Version => self.versions.clone(),
            ComparedBy::Workflow => self.workflows.clone(),
        };
        if named.is_empty() {
            named = results.lines().filter_map(|line| line.key(0)).collect();
            named.sort_by_cached_key(|version| version_order(version));
            // If there are too many, the newest are kept.
            named.drain(..named.len().saturating_sub(MOST));
        }
        named
    }
}

/// A sort key that orders versions by their numbers: 2 before 10, 1.9 before 1.10.
fn version_order(version: &str) -> Vec<(u64, String)> {
    let parts = version.split(|c: char| !c.is_ascii_alphanumeric());
    parts
        .map(|part| {
            let digits = part.trim_start_matches(|c: char| !c.is_ascii_digit());
            let end = digits
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(digits.len());
            (digits[..end].parse().unwrap_or(0), part.to_owned())
        })
        .collect()
}

fn figures_of<F: Figures>(results: &Results<F>, key: &str) -> Option<F> {
    let mut lines = results.lines();
    let line = lines.find(|line| line.key(0).as_deref() == Some(key));
    line.map(|line| line.figures)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_by_their_numbers() {
        let mut versions = ["10", "2", "1.10", "1.9", "v3"];
        versions.sort_by_cached_key(|version| version_order(version));
        assert_eq!(versions, ["1.9", "1.10", "2", "v3", "10"]);
    }

    #[test]
    fn a_comparison_is_of_versions_of_one_workflow_or_of_workflows() {
        let of = |workflow: Option<&str>, workflows: usize, versions: usize| {
            let frame = Frame {
                workflow: workflow.map(str::to_owned),
                ..Frame::default()
            };
            let names = |count: usize| (0..count).map(|i| i.to_string()).collect();
            let wanted = ComparisonWanted {
                frame,
                versions: names(versions),
                workflows: names(workflows),
            };
            wanted.by().map_err(|error| error.field.unwrap())
        };
        assert_eq!(of(Some("a"), 0, 0), Ok(ComparedBy::Version));
        assert_eq!(of(Some("a"), 0, 3), Ok(ComparedBy::Version));
        assert_eq!(of(None, 2, 0), Ok(ComparedBy::Workflow));
        assert_eq!(of(None, 0, 0), Err("workflows".to_owned()));
        assert_eq!(of(None, 1, 0), Err("workflows".to_owned()));
        assert_eq!(of(None, 0, 2), Err("workflows".to_owned()));
        assert_eq!(of(Some("a"), 2, 0), Err("workflows".to_owned()));
        assert_eq!(of(Some("a"), 0, 11), Err("versions".to_owned()));
    }
}
