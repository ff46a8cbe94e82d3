//! Funnels: how far enrolments in a workflow get through a sequence of steps.

mod answer;

use std::{collections::BTreeMap, sync::Arc};

use weir_analysis::funnel::{MAX_STEPS, Order};
use weir_model::{Status, cube::Dimension, event::StepStatus, time::MINUTE};
use weir_query::{
    records::journeys::{JourneysRequest, Occurrence, most_common_path, path},
    words::JourneyUnit,
};

use super::{
    FunnelRequest, MOST_JOURNEYS, Setting, demand_all,
    request::Step,
    walked::{Walked, Walking},
};
use crate::{
    AppError, Reading,
    privacy::Viewer,
    query::Freshness,
    views::{Frame, Questions, Versioned},
};
use answer::View;
pub use answer::{FunnelGroup, FunnelPoint, FunnelStep, StepsFrom, WorkflowFunnel};

impl Reading {
    /// The funnel of a workflow. Fails if the request is not valid, if there are too many journeys, or if the
    /// store fails.
    pub async fn workflow_funnel(
        &self,
        viewer: Viewer,
        workflow: &str,
        request: &FunnelRequest,
        freshness: Freshness,
    ) -> Result<Versioned<WorkflowFunnel>, AppError> {
        let mut parsed = request.parsed()?;
        let mut questions = Questions::new(self, viewer, freshness);
        let frame = request.frame(workflow);
        let setting = Setting::of(&mut questions, &frame, request.granularity.as_deref()).await?;
        let steps_from = match parsed.steps.is_empty() {
            false => StepsFrom::Request,
            true => {
                parsed.steps = self
                    .common_steps(&mut questions, workflow, &frame, &setting)
                    .await?;
                StepsFrom::MostCommonPath
            }
        };
        // Which journeys are still within the window changes every minute.
        let minute = self.clock.now().floor(MINUTE);
        let (exclusions, between) = request.excluded(parsed.steps.len())?;
        let funnel = parsed.funnel(between)?;
        let walking = Walking {
            now: funnel.window.map(|_| minute.0),
            funnel,
            setting,
            grouped: parsed.breakdown.is_some(),
        };
        let enrolled = walking.setting.enrolled(viewer.scope(), workflow, &frame);
        let steps: Vec<_> = parsed.steps.iter().map(|step| step.any.clone()).collect();
        let journeys = JourneysRequest {
            enrolled,
            by_subject: parsed.unit == JourneyUnit::Subject,
            group: parsed.breakdown,
            steps: &steps,
            exclusions: &exclusions,
            everything: walking.funnel.order == Order::Strict,
            limit: MOST_JOURNEYS,
        };
        let walked = self.walked(&mut questions, &journeys, &walking).await?;
        let revision = walking.funnel.window.map_or(0, |_| minute.0.unsigned_abs());
        let view = View {
            steps: self.labelled(viewer, &parsed.steps),
            parsed: &parsed,
            setting: &walking.setting,
            walked: &walked,
        };
        let mut body = WorkflowFunnel {
            workflow_id: workflow.to_owned(),
            workflow_name: self.workflow_name(viewer, workflow),
            steps_from,
            ..view.body(questions.meta().await?)
        };
        // The most common path has the ids as they are stored: journeys are matched with these.
        let steps = body.steps.iter_mut();
        let texts = steps.flat_map(|step| std::iter::once(&mut step.label).chain(&mut step.events));
        self.veil(viewer, texts.collect()).await?;
        Ok(questions
            .finish(walking.setting.range, body)
            .revised(revision))
    }

    async fn walked(
        &self,
        questions: &mut Questions<'_>,
        journeys: &JourneysRequest<'_>,
        walking: &Walking,
    ) -> Result<Arc<Walked>, AppError> {
        let statement = journeys.statement(questions.dialect());
        let walking = walking.clone();
        let question = (statement.clone(), walking.clone());
        let viewer = questions.viewer();
        let computing = async {
            let walked = self
                .walk_records(viewer, statement, move |batches| walking.walk(&batches))
                .await?;
            demand_all(walked.enrolled as usize)?;
            Ok(Arc::new(walked))
        };
        questions.read_from("raw journeys");
        questions.recorded(question, computing).await
    }

    /// Enrolled, the steps of the most common path, completed.
    async fn common_steps(
        &self,
        questions: &mut Questions<'_>,
        workflow: &str,
        frame: &Frame,
        setting: &Setting,
    ) -> Result<Vec<Step>, AppError> {
        let enrolled = setting.enrolled(questions.scope(), workflow, frame);
        let statement = most_common_path(enrolled, questions.dialect());
        let question = statement.clone();
        let computing = self.walk_records(questions.viewer(), statement, |batches| path(&batches));
        questions.read_from("raw steps");
        let way = questions.recorded(question, computing).await?;
        let ran = way.iter().take(MAX_STEPS - 2).map(|id| Occurrence::Step {
            id: id.clone(),
            status: Some(StepStatus::Completed),
        });
        let first = std::iter::once(Occurrence::Enrolled);
        let last = std::iter::once(Occurrence::State(Status::Completed));
        Ok(first.chain(ran).chain(last).map(Step::from).collect())
    }

    /// The steps, each with its label.
    fn labelled(&self, viewer: Viewer, steps: &[Step]) -> Vec<(String, Step)> {
        let ids = steps.iter().flat_map(|step| &step.any);
        let ids = ids.filter_map(|occurrence| match occurrence {
            Occurrence::Step { id, .. } => Some(id.clone()),
            _ => None,
        });
        let ids = BTreeMap::from([(Dimension::Step, ids.collect())]);
        let names = self.names_of(viewer, &ids);
        let named = |occurrence: &Occurrence| match occurrence {
            Occurrence::Step { id, .. } => {
                let name = names.of("step", Some(id));
                name.unwrap_or_else(|| id.clone())
            }
            other => other.to_string(),
        };
        let label = |step: &Step| {
            let words = step.any.iter().map(named).collect::<Vec<_>>();
            step.label.clone().unwrap_or_else(|| words.join(" or "))
        };
        steps
            .iter()
            .map(|step| (label(step), step.clone()))
            .collect()
    }
}
