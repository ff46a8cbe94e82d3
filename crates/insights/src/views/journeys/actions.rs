//! Actions: how the steps of a workflow perform, and at which of them enrolments stop.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;
use weir_analysis::percent;
use weir_query::{
    Direction,
    records::journeys::{Stop, stops, stops_of},
};

use super::Setting;
use crate::{
    AppError, Reading,
    privacy::Viewer,
    query::{Freshness, Names},
    views::{Frame, Line, Meta, Questions, RangeView, Results, Versioned, steps::StepRuns},
};

/// The actions of a workflow, those reached by most enrolments first.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkflowActions {
    /// The workflow's id.
    pub workflow_id: String,
    /// Its newest name; null if no event named it.
    pub workflow_name: Option<String>,
    /// The time range of the runs, and of the enrolments.
    pub range: RangeView,
    /// The actions, those reached by most enrolments first.
    pub actions: Vec<ActionFigures>,
    /// How this answer was computed.
    pub meta: Meta,
}

/// Figures of an action. Durations are in milliseconds, rates in percent; null means no data.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct ActionFigures {
    /// The step's id.
    pub action_id: Option<String>,
    /// Its newest name; null if no event named it.
    pub action_name: Option<String>,
    /// Its type; null if no event reported one.
    pub action_type: Option<String>,
    /// How often it ran in the range.
    pub executions: u64,
    /// How often it completed.
    pub completed: u64,
    /// How often it failed.
    pub failed: u64,
    /// How often it was skipped.
    pub skipped: u64,
    /// How often it was retried.
    pub retries: u64,
    /// completed / (completed + failed).
    pub success_rate: Option<f64>,
    /// Mean duration.
    pub avg_duration_ms: Option<f64>,
    /// Median duration.
    pub p50_duration_ms: Option<f64>,
    /// 95th percentile of durations.
    pub p95_duration_ms: Option<f64>,
    /// 99th percentile of durations.
    pub p99_duration_ms: Option<f64>,
    /// Enrolments in the range that ran it, at any time.
    pub reached: u64,
    /// Of these, enrolments that ran no later action.
    pub last: u64,
    /// Of `last`, enrolments that are running or waiting.
    pub active: u64,
    /// Of `last`, enrolments that failed, crashed or were canceled.
    pub dropped: u64,
    /// dropped / reached.
    pub drop_off_rate: Option<f64>,
}

impl Reading {
    /// The actions of a workflow. Fails if the frame is not valid or the store fails.
    pub async fn workflow_actions(
        &self,
        viewer: Viewer,
        workflow: &str,
        frame: &Frame,
        freshness: Freshness,
    ) -> Result<Versioned<WorkflowActions>, AppError> {
        let mut questions = Questions::new(self, viewer, freshness);
        let mut frame = frame.clone();
        frame.workflow = Some(workflow.to_owned());
        let setting = Setting::of(&mut questions, &frame, None).await?;
        let query = frame
            .within(setting.range)
            .question()
            .by(["step", "step_type"])
            .order("steps", Direction::Desc);
        let results = questions.figures(query).await?;
        let statement = stops(
            setting.enrolled(viewer.scope(), workflow, &frame),
            questions.dialect(),
        );
        let question = statement.clone();
        let computing = self.walk_records(viewer, statement, |batches| stops_of(&batches));
        questions.read_from("raw steps");
        let found = questions.recorded(question, computing).await?;
        let body = WorkflowActions {
            workflow_id: workflow.to_owned(),
            workflow_name: self.workflow_name(viewer, workflow),
            range: setting.range.into(),
            actions: actions(&results, &found, &self.names(viewer, results.answer())),
            meta: questions.meta().await?,
        };
        Ok(questions.finish(setting.range, body))
    }
}

fn actions(results: &Results<StepRuns>, stops: &[Stop], names: &Names) -> Vec<ActionFigures> {
    let mut stops: HashMap<&str, &Stop> = stops
        .iter()
        .map(|stop| (stop.step.as_str(), stop))
        .collect();
    let mut actions: Vec<ActionFigures> = results
        .lines()
        .map(|line| {
            let mut action = ran(&line, names);
            let stop = action.action_id.as_deref().and_then(|id| stops.remove(id));
            action.stopped(stop);
            action
        })
        .collect();
    // Reached by enrolments of the range, but run after it.
    actions.extend(stops.into_values().map(|stop| {
        let mut action = ActionFigures {
            action_id: Some(stop.step.clone()),
            ..ActionFigures::default()
        };
        action.stopped(Some(stop));
        action
    }));
    actions.sort_by(|a, b| {
        (b.reached, b.executions, &a.action_id).cmp(&(a.reached, a.executions, &b.action_id))
    });
    actions
}

fn ran(line: &Line<'_, StepRuns>, names: &Names) -> ActionFigures {
    let (action_id, runs) = (line.key(0), &line.figures);
    ActionFigures {
        action_name: names.of("step", action_id.as_deref()),
        action_id,
        action_type: line.key(1),
        executions: runs.executions,
        completed: runs.completed,
        failed: runs.failed,
        skipped: runs.skipped,
        retries: runs.retries,
        success_rate: runs.success_rate,
        avg_duration_ms: runs.avg_duration,
        p50_duration_ms: runs.p50_duration,
        p95_duration_ms: runs.p95_duration,
        p99_duration_ms: runs.p99_duration,
        ..ActionFigures::default()
    }
}

impl ActionFigures {
    fn stopped(&mut self, stop: Option<&Stop>) {
        let Some(stop) = stop else { return };
        self.reached = stop.reached;
        self.last = stop.last;
        self.active = stop.active;
        self.dropped = stop.dropped;
        self.drop_off_rate = percent(stop.dropped, stop.reached);
    }
}
