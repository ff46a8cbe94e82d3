//! The past of a workflow in an environment, before an execution started.

use std::collections::{BTreeSet, HashMap};

use weir_analysis::Usual;
use weir_model::{TimeRange, time::DAY};
use weir_query::{
    Filter, Operator, Query,
    records::spent::{Past as PastRecords, Percentiles},
    validate::{BOUNDS, MAX_LIMIT, MAX_VALUES},
    words::Word,
};

use super::super::{Frame, Questions, execution_detail::StepRuns, execution_list::ExecutionRow};
use crate::{AppError, Reading, figures};

/// How much of the past is compared.
const REACH: i64 = 30 * DAY;

figures! {
    /// Finished executions.
    struct Finished {
        finished: u64 = count("completed", "failed", "crashed", "canceled"),
    }

    /// Durations of executions, in milliseconds.
    struct Durations {
        samples: u64 = count("durations"),
        p50: Option<f64> = value("duration_p50"),
        p95: Option<f64> = value("duration_p95"),
    }

    /// Durations of step runs, in milliseconds.
    struct StepDurations {
        samples: u64 = count("step_durations"),
        p50: Option<f64> = value("step_duration_p50"),
        p95: Option<f64> = value("step_duration_p95"),
    }

    /// Runs of a step.
    struct StepCounts {
        runs: u64 = count("steps_completed", "steps_failed"),
        retries: u64 = count("step_retries"),
    }

    /// Executions with an error.
    struct Errors {
        count: u64 = count("errors"),
    }
}

/// The past of a workflow.
#[derive(Debug, Default)]
pub(super) struct Past {
    /// Its range; `None` if the execution has no workflow or no past.
    pub range: Option<TimeRange>,
    /// Finished executions.
    pub finished: u64,
    /// Durations of completed executions.
    pub durations: Usual,
    /// US dollars of executions with costs.
    pub costs: Usual,
    /// How many executions had the error group of this one.
    pub same_error: u64,
    steps: HashMap<String, PastStep>,
}

/// The past of a step.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PastStep {
    /// Durations of completed runs.
    pub usual: Usual,
    /// Its runs, except skipped ones.
    pub runs: u64,
    /// Its runs after the first attempt.
    pub retries: u64,
    /// Completed runs that told how many items they put out.
    pub outputs: u64,
    /// Those of them that put out none.
    pub empty: u64,
}

impl Past {
    /// The past of a step.
    pub fn step(&self, id: &str) -> PastStep {
        self.steps.get(id).copied().unwrap_or_default()
    }
}

impl Reading {
    /// The past of an execution's workflow in its environment. Fails if the store does.
    pub(super) async fn past_of(
        &self,
        questions: &mut Questions<'_>,
        row: &ExecutionRow,
        steps: &StepRuns,
    ) -> Result<Past, AppError> {
        let Some((range, workflow)) = before(row).zip(row.workflow_id.as_deref()) else {
            return Ok(Past::default());
        };
        let all = || question(range, workflow, row.environment.as_deref());
        let completed = || all().filter("status", ["completed"]);
        let mut past = Past {
            range: Some(range),
            ..Past::default()
        };
        let finished = questions.figures::<Finished>(all()).await?.only();
        past.finished = finished.map_or(0, |all| all.finished);
        if past.finished == 0 {
            return Ok(past);
        }
        let durations = questions.figures::<Durations>(completed()).await?.only();
        past.durations = durations.map_or_else(Usual::default, |of| Usual {
            samples: of.samples,
            p50: of.p50,
            p95: of.p95,
        });
        if let Some(group) = &row.error_group {
            let same = all().filter("error_group", [group.as_str()]);
            let same = questions.figures::<Errors>(same).await?.only();
            past.same_error = same.map_or(0, |same| same.count);
        }
        self.past_steps(questions, &mut past, [completed(), all()], steps)
            .await?;
        let records = PastRecords {
            range,
            workflow,
            environment: row.environment.as_deref(),
        };
        if row.cost.is_some_and(|cost| cost > 0.0) {
            past.costs = self.past_costs(questions, &records).await?;
        }
        self.past_outputs(questions, &mut past, &records, steps)
            .await?;
        Ok(past)
    }

    /// Fills in the durations and attempts of the steps: of completed runs, and of all.
    async fn past_steps(
        &self,
        questions: &mut Questions<'_>,
        past: &mut Past,
        [completed, all]: [Query; 2],
        steps: &StepRuns,
    ) -> Result<(), AppError> {
        let ids = steps.steps();
        if ids.is_empty() {
            return Ok(());
        }
        let by_step = |query: Query| {
            let query = query.by(["step"]).limit(MAX_LIMIT);
            // More steps cannot be named: all of the workflow are read.
            match ids.len() <= MAX_VALUES {
                true => query.filter("step", ids.iter().map(String::as_str)),
                false => query,
            }
        };
        let durations = questions
            .figures::<StepDurations>(by_step(completed))
            .await?;
        for line in durations.lines() {
            let step = past.steps.entry(line.key(0).unwrap_or_default());
            let of = &line.figures;
            step.or_default().usual = Usual {
                samples: of.samples,
                p50: of.p50,
                p95: of.p95,
            };
        }
        let counts = questions.figures::<StepCounts>(by_step(all)).await?;
        for line in counts.lines() {
            let step = past.steps.entry(line.key(0).unwrap_or_default());
            let step = step.or_default();
            (step.runs, step.retries) = (line.figures.runs, line.figures.retries);
        }
        Ok(())
    }

    async fn past_costs(
        &self,
        questions: &Questions<'_>,
        records: &PastRecords<'_>,
    ) -> Result<Usual, AppError> {
        let statement = records.costs(questions.scope(), questions.dialect());
        let read = |batches: Vec<_>| PastRecords::read_costs(&batches);
        let costs: Percentiles = self
            .range_records(questions.viewer(), records.range, statement, read)
            .await?;
        Ok(Usual {
            samples: costs.samples,
            p50: costs.p50,
            p95: costs.p95,
        })
    }

    /// Fills in how often those steps put out nothing that put out nothing in this execution.
    async fn past_outputs(
        &self,
        questions: &Questions<'_>,
        past: &mut Past,
        records: &PastRecords<'_>,
        steps: &StepRuns,
    ) -> Result<(), AppError> {
        let empty = steps.runs.iter().filter(|run| run.put_out_nothing());
        let ids: BTreeSet<&str> = empty.map(|run| run.record.step.as_str()).collect();
        let ids: Vec<&str> = ids.into_iter().take(MAX_VALUES).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let statement = records.empty_outputs(questions.scope(), questions.dialect(), &ids);
        let read = |batches: Vec<_>| PastRecords::read_empty_outputs(&batches);
        let outputs: HashMap<String, (u64, u64)> = self
            .range_records(questions.viewer(), records.range, statement, read)
            .await?;
        for (step, (outputs, empty)) in outputs {
            let step = past.steps.entry(step).or_default();
            (step.outputs, step.empty) = (outputs, empty);
        }
        Ok(())
    }
}

/// The 30 days before an execution started; `None` if that is outside the years that queries can cover.
fn before(row: &ExecutionRow) -> Option<TimeRange> {
    let to = row.started_at.unwrap_or(row.timestamp);
    let from = to.plus(-REACH).max(BOUNDS.from);
    (from < to && to <= BOUNDS.to).then_some(TimeRange { from, to })
}

fn question(range: TimeRange, workflow: &str, environment: Option<&str>) -> Query {
    let frame = Frame {
        workflow: Some(workflow.to_owned()),
        ..Frame::default()
    };
    let mut query = frame.within(range).question();
    query.filters.push(Filter {
        dimension: "environment".to_owned(),
        op: Operator::In.name().to_owned(),
        values: vec![environment.map(str::to_owned)],
    });
    query
}
