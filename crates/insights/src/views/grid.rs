//! The newest executions of a workflow by their steps: how each step went in each of them.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::sequence::usual_order;
use weir_model::{Status, TimeRange, Timestamp};
use weir_query::records::{
    Told,
    executions::{ExecutionFilter, Order},
    grid::{StepOfRun, read_steps_of_runs, steps_of_runs},
};

use super::{Frame, Meta, Questions, RangeView, Versioned, execution_list::ExecutionRow};
use crate::{AppError, ErrorCode, Reading, figures, privacy::Viewer, query::Freshness};

/// The default number of executions.
const DEFAULT: u32 = 50;
/// The most executions.
const MOST: u32 = 200;
/// The most steps.
const MOST_STEPS: usize = 100;

/// The newest executions of a workflow by their steps.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkflowGrid {
    /// The workflow's id.
    pub workflow_id: String,
    /// Its newest name; null if no event named it.
    pub workflow_name: Option<String>,
    /// The time range covered.
    pub range: RangeView,
    /// The executions, newest first.
    pub executions: Vec<GridExecution>,
    /// The steps that ran in them, in the order in which they usually follow each other.
    pub steps: Vec<GridStep>,
    /// How each step went: a row per step, with a cell per execution in the order of `executions`; null if
    /// the execution did not run the step.
    pub cells: Vec<Vec<Option<GridCell>>>,
    /// What is left out.
    pub omitted: GridOmitted,
    /// How this answer was computed.
    pub meta: Meta,
}

/// An execution of the grid.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GridExecution {
    /// Its public id.
    pub id: String,
    /// One of `started`, `waiting`, `completed`, `failed`, `canceled` and `crashed`.
    #[schema(value_type = String)]
    pub status: Status,
    /// Whether it has been open for too long.
    pub stale: bool,
    /// When it entered this state; its end, if it has ended.
    #[schema(value_type = String, format = "date-time")]
    pub timestamp: Timestamp,
    /// When it started, if that is known.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub started_at: Option<Timestamp>,
    /// How long it took, in milliseconds.
    pub duration: Option<i64>,
    /// The workflow's version.
    pub version: Option<String>,
}

/// A step of the grid.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct GridStep {
    /// The step's id.
    pub id: String,
    /// Its newest name; null if no event named it.
    pub name: Option<String>,
    /// Its type; null if no event reported one.
    #[serde(rename = "type")]
    pub step_type: Option<String>,
}

/// A step in an execution.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct GridCell {
    /// How it ended the last time: `completed`, `failed` or `skipped`.
    pub status: &'static str,
    /// How long all its runs took together, in milliseconds; null if that was not reported.
    pub duration: Option<i64>,
    /// The highest number of an attempt: above 1, the step was retried.
    pub attempts: i64,
    /// How often it ran, in loops or as retries.
    pub runs: i64,
}

/// What a grid leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct GridOmitted {
    /// Steps that ran in the executions: those that the fewest of them ran are left out.
    pub steps: usize,
    /// Older executions of the range.
    pub executions: u64,
}

figures! {
    /// How many executions there are.
    struct Counted {
        executions: u64 = count("executions"),
    }
}

impl Reading {
    /// The newest executions of a workflow by their steps. Fails if the frame or the number of executions is
    /// not valid, or if the store fails.
    pub async fn workflow_grid(
        &self,
        viewer: Viewer,
        workflow: &str,
        frame: &Frame,
        runs: Option<u32>,
        freshness: Freshness,
    ) -> Result<Versioned<WorkflowGrid>, AppError> {
        let runs = number_of_runs(runs)?;
        let mut questions = Questions::new(self, viewer, freshness);
        let counted = questions.figures::<Counted>(frame.question()).await?;
        let range = counted.query().range;
        let told = Told::of(&counted.query().filters);
        let filter = ExecutionFilter {
            workflow: Some(workflow.to_owned()),
            environment: frame.environment.clone(),
            told,
            ..ExecutionFilter::default()
        };
        let question = ("grid", filter.clone(), range, runs);
        let reading = self.read_grid(viewer, &filter, range, runs);
        questions.read_from("raw executions; raw steps");
        let (rows, steps) = questions.recorded(question, reading).await?;
        let all = counted.only().map_or(0, |counted| counted.executions);
        let laid = laid_out(rows.len(), &steps);
        let body = WorkflowGrid {
            workflow_id: workflow.to_owned(),
            workflow_name: self.workflow_name(viewer, workflow),
            range: range.into(),
            steps: self.grid_steps(viewer, &laid.steps),
            cells: laid.cells,
            omitted: GridOmitted {
                steps: laid.omitted,
                executions: all.saturating_sub(rows.len() as u64),
            },
            executions: rows.into_iter().map(execution).collect(),
            meta: questions.meta().await?,
        };
        Ok(questions.finish(range, body))
    }

    async fn read_grid(
        &self,
        viewer: Viewer,
        filter: &ExecutionFilter,
        range: TimeRange,
        runs: usize,
    ) -> Result<(Vec<ExecutionRow>, Vec<StepOfRun>), AppError> {
        let records = self
            .listed(viewer, filter, range, None, runs, Order::NewestFirst)
            .await?;
        let rows = self.execution_rows(viewer, &records).await?;
        let (dialect, skew) = (self.store.dialect(), self.store.rules().skew);
        let steps = match steps_of_runs(viewer.scope(), dialect, &records, skew) {
            Some(statement) => {
                self.read_records(viewer, statement, |batches| read_steps_of_runs(&batches))
                    .await?
            }
            None => Vec::new(),
        };
        Ok((rows, steps))
    }

    fn grid_steps(&self, viewer: Viewer, steps: &[(String, Option<String>)]) -> Vec<GridStep> {
        let ids = steps.iter().map(|(id, _)| id.clone()).collect();
        let names = self.step_names(viewer, ids);
        let named = steps.iter().map(|(id, step_type)| GridStep {
            name: names.get(id).cloned(),
            step_type: step_type.clone(),
            id: id.clone(),
        });
        named.collect()
    }
}

fn number_of_runs(runs: Option<u32>) -> Result<usize, AppError> {
    let runs = runs.unwrap_or(DEFAULT);
    if !(1..=MOST).contains(&runs) {
        let detail = format!("A grid can have 1 to {MOST} executions.");
        return Err(AppError::new(ErrorCode::InvalidParameter, detail).field("runs"));
    }
    Ok(runs as usize)
}

fn execution(row: ExecutionRow) -> GridExecution {
    GridExecution {
        id: row.id,
        status: row.status,
        stale: row.stale,
        timestamp: row.timestamp,
        started_at: row.started_at,
        duration: row.duration,
        version: row.workflow_version,
    }
}

/// The rows and cells of a grid.
struct LaidOut {
    /// The id and the type of each step.
    steps: Vec<(String, Option<String>)>,
    cells: Vec<Vec<Option<GridCell>>>,
    omitted: usize,
}

/// Lays out the steps of executions, which are run by run and each in the order of their beginnings.
fn laid_out(executions: usize, found: &[StepOfRun]) -> LaidOut {
    let listed = most_common(found);
    let place: HashMap<&str, usize> = listed
        .iter()
        .enumerate()
        .map(|(at, id)| (*id, at))
        .collect();
    let mut sequences: Vec<Vec<usize>> = vec![Vec::new(); executions];
    let mut cells = vec![vec![None; executions]; listed.len()];
    let mut types: Vec<Option<&String>> = vec![None; listed.len()];
    for step in found {
        let Some(&at) = place.get(step.step.as_str()) else {
            continue;
        };
        sequences[step.run].push(at);
        // Newest first: the type of the newest run that has one.
        types[at] = types[at].or(step.step_type.as_ref());
        cells[at][step.run] = Some(GridCell {
            status: step.status.name(),
            duration: step.duration,
            attempts: step.attempts,
            runs: step.runs,
        });
    }
    let order = usual_order(listed.len(), sequences.iter().map(Vec::as_slice));
    let all: HashSet<&str> = found.iter().map(|step| step.step.as_str()).collect();
    LaidOut {
        omitted: all.len() - listed.len(),
        steps: order
            .iter()
            .map(|&at| (listed[at].to_owned(), types[at].cloned()))
            .collect(),
        cells: order
            .iter()
            .map(|&at| std::mem::take(&mut cells[at]))
            .collect(),
    }
}

/// The steps that the most executions ran, sorted by id; the others are left out.
fn most_common(found: &[StepOfRun]) -> Vec<&str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for step in found {
        *counts.entry(&step.step).or_default() += 1;
    }
    let mut ids: Vec<(&str, usize)> = counts.into_iter().collect();
    ids.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    let mut ids: Vec<&str> = ids.into_iter().take(MOST_STEPS).map(|(id, _)| id).collect();
    ids.sort_unstable();
    ids
}

#[cfg(test)]
mod tests {
    use weir_model::event::StepStatus;

    use super::*;

    fn step(run: usize, step: &str, began: i64) -> StepOfRun {
        StepOfRun {
            run,
            step: step.to_owned(),
            step_type: (run == 1).then(|| "http".to_owned()),
            status: StepStatus::Completed,
            duration: Some(10),
            runs: 1,
            attempts: 1,
            began: Timestamp(began),
        }
    }

    #[test]
    fn steps_are_rows_in_their_usual_order_and_executions_columns() {
        let found = [step(0, "z", 1), step(1, "z", 1), step(1, "a", 2)];
        let laid = laid_out(2, &found);
        let http = Some("http".to_owned());
        assert_eq!(
            laid.steps,
            [("z".to_owned(), http.clone()), ("a".to_owned(), http)]
        );
        let ran = |row: usize| {
            laid.cells[row]
                .iter()
                .map(Option::is_some)
                .collect::<Vec<_>>()
        };
        assert_eq!((ran(0), ran(1)), (vec![true, true], vec![false, true]));
        assert_eq!(laid.omitted, 0);
    }

    #[test]
    fn the_rarest_of_too_many_steps_are_left_out_and_counted() {
        let mut found: Vec<_> = (0..=MOST_STEPS)
            .map(|at| step(0, &format!("s{at:03}"), 1))
            .collect();
        found.extend((1..=MOST_STEPS).map(|at| step(1, &format!("s{at:03}"), 1)));
        let laid = laid_out(2, &found);
        assert_eq!(
            (laid.steps.len(), laid.cells.len(), laid.omitted),
            (MOST_STEPS, MOST_STEPS, 1)
        );
        assert!(laid.steps.iter().all(|(id, _)| id != "s000"));
    }

    #[test]
    fn a_grid_has_1_to_200_executions() {
        assert_eq!(number_of_runs(None).unwrap(), 50);
        assert_eq!(number_of_runs(Some(200)).unwrap(), 200);
        for bad in [0, 201] {
            assert_eq!(
                number_of_runs(Some(bad)).unwrap_err().field.as_deref(),
                Some("runs")
            );
        }
    }
}
