//! Enrolment and conversion: what was enrolled in a workflow, and its current state.

mod answer;

use std::sync::Arc;

use arrow::record_batch::RecordBatch;
use weir_analysis::{Enrolment, EnrolmentTally, Standing};
use weir_model::Status;
use weir_query::{
    Direction,
    records::journeys::{Journey, JourneysRequest, Nameless, Occurrence, journeys, window},
    words::{JourneyUnit, Word},
};

use super::{MOST_JOURNEYS, Setting, demand_all};
use crate::{
    AppError, Reading, figures,
    privacy::Viewer,
    query::Freshness,
    views::{Frame, Questions, RangeView, Versioned},
};
pub use answer::{
    EnrolmentFigures, EnrolmentPoint, EnrolmentSummary, GoalFigures, WorkflowAnalytics,
};

/// A request for the enrolment of a workflow.
#[derive(Clone, Debug, Default)]
pub struct EnrolmentRequest {
    /// Time range, time zone and environment.
    pub frame: Frame,
    /// The buckets of the series: hourly, daily, weekly, ...
    pub granularity: Option<String>,
    /// What is counted: execution or subject.
    pub unit: Option<String>,
    /// The goal that counts as conversion; any goal by default.
    pub goal: Option<String>,
    /// How long after enrolment a goal counts; no limit by default.
    pub window: Option<String>,
}

/// The totals of all journeys.
#[derive(Debug)]
struct Enrolments {
    total: EnrolmentFigures,
    series: Vec<EnrolmentFigures>,
    nameless: Nameless,
}

/// The parsed request.
#[derive(Clone, Debug)]
struct Parsed {
    unit: JourneyUnit,
    goal: Occurrence,
    window: Option<i64>,
}

impl EnrolmentRequest {
    fn parsed(&self) -> Result<Parsed, AppError> {
        let unit = self.unit.as_deref();
        let window = self.window.as_deref();
        Ok(Parsed {
            unit: unit.map_or(Ok(JourneyUnit::Execution), |word| {
                JourneyUnit::parse(word, "unit")
            })?,
            goal: Occurrence::Goal(self.goal.clone()),
            window: window
                .map(|text| self::window(text, "window"))
                .transpose()?,
        })
    }
}

impl Reading {
    /// Enrolment and conversion of a workflow. Fails if the request is not valid, if there are too many
    /// journeys, or if the store fails.
    pub async fn workflow_analytics(
        &self,
        viewer: Viewer,
        workflow: &str,
        request: &EnrolmentRequest,
        freshness: Freshness,
    ) -> Result<Versioned<WorkflowAnalytics>, AppError> {
        let parsed = request.parsed()?;
        let mut questions = Questions::new(self, viewer, freshness);
        let mut frame = request.frame.clone();
        frame.workflow = Some(workflow.to_owned());
        let setting = Setting::of(&mut questions, &frame, request.granularity.as_deref()).await?;
        let currently_active = currently_active(&mut questions, &frame).await?;
        let goals = goals(&mut questions, &frame.within(setting.range)).await?;
        let found = self
            .enrolments(&mut questions, workflow, &frame, &setting, &parsed)
            .await?;
        let previous = match setting.previous {
            Some(range) => {
                let before = setting.whole(range);
                let before = self.enrolments(&mut questions, workflow, &frame, &before, &parsed);
                Some(before.await?.total.clone())
            }
            None => None,
        };
        let points = setting.times.iter().zip(&found.series);
        let body = WorkflowAnalytics {
            workflow_id: workflow.to_owned(),
            workflow_name: self.workflow_name(viewer, workflow),
            range: setting.range.into(),
            granularity: setting.granularity,
            timezone: setting.zone.name().to_owned(),
            unit: parsed.unit,
            goal: request.goal.clone(),
            window_ms: parsed.window,
            summary: EnrolmentSummary {
                currently_active,
                without_subject: found.nameless.0,
                figures: found.total.clone(),
            },
            previous_range: setting.previous.map(RangeView::from),
            previous,
            series: points
                .map(|(time, figures)| EnrolmentPoint {
                    time: time.clone(),
                    figures: figures.clone(),
                })
                .collect(),
            goals,
            meta: questions.meta().await?,
        };
        Ok(questions.finish(setting.range, body))
    }

    async fn enrolments(
        &self,
        questions: &mut Questions<'_>,
        workflow: &str,
        frame: &Frame,
        setting: &Setting,
        parsed: &Parsed,
    ) -> Result<Arc<Enrolments>, AppError> {
        let request = JourneysRequest {
            enrolled: setting.enrolled(questions.scope(), workflow, frame),
            by_subject: parsed.unit == JourneyUnit::Subject,
            group: None,
            steps: &[vec![parsed.goal.clone()]],
            exclusions: &[],
            everything: false,
            limit: MOST_JOURNEYS,
        };
        let statement = request.statement(questions.dialect());
        let (setting, window) = (setting.clone(), parsed.window);
        let question = (statement.clone(), setting.clone(), window);
        let viewer = questions.viewer();
        let computing = async {
            let (count, found) = self
                .walk_records(viewer, statement, move |batches| {
                    tally(&batches, &setting, window)
                })
                .await?;
            demand_all(count)?;
            Ok(Arc::new(found))
        };
        questions.read_from("raw journeys");
        questions.recorded(question, computing).await
    }
}

fn tally(
    batches: &[RecordBatch],
    setting: &Setting,
    window: Option<i64>,
) -> Result<(usize, Enrolments), weir_query::records::RecordError> {
    let mut total = EnrolmentTally::default();
    let mut series = vec![EnrolmentTally::default(); setting.times.len()];
    let nameless = journeys(batches, |journey| {
        let enrolment = enrolment(&journey, window);
        total.add(&enrolment);
        if let Some(point) = series.get_mut(setting.bucket(journey.enrolled_at)) {
            point.add(&enrolment);
        }
    })?;
    let count = total.enrolled as usize;
    let found = Enrolments {
        total: total.into(),
        series: series.into_iter().map(EnrolmentFigures::from).collect(),
        nameless,
    };
    Ok((count, found))
}

/// The state of a journey. If a subject has several executions, the one that is last in the order of
/// [`Standing`] decides.
fn enrolment(journey: &Journey, window: Option<i64>) -> Enrolment {
    let states = journey.states.iter();
    let newest = states.map(|&(status, at)| (standing(status), at)).max();
    let (standing, changed_at) = newest.unwrap_or((Standing::Active, journey.enrolled_at));
    let end = window.map_or(i64::MAX, |window| {
        journey.enrolled_at.saturating_add(window)
    });
    let goals = journey.marks.iter().map(|mark| mark.at);
    Enrolment {
        enrolled_at: journey.enrolled_at,
        begin_known: journey.begin_known,
        standing,
        changed_at,
        converted_at: goals
            .filter(|&at| at >= journey.enrolled_at && at <= end)
            .min(),
    }
}

fn standing(status: Status) -> Standing {
    match status {
        Status::Started | Status::Waiting => Standing::Active,
        Status::Completed => Standing::Completed,
        Status::Failed => Standing::Failed,
        Status::Crashed => Standing::Crashed,
        Status::Canceled => Standing::Canceled,
    }
}

figures! {
    /// Executions that are running or waiting.
    struct Open {
        executions: u64 = count("running", "waiting"),
    }

    /// How often a goal was reached, and its value.
    struct Reached {
        times: u64 = count("goals"),
        value: f64 = sum("goal_value"),
    }
}

/// The number of executions that are running or waiting now.
async fn currently_active(questions: &mut Questions<'_>, frame: &Frame) -> Result<u64, AppError> {
    let mut query = frame.question();
    query.range = weir_query::Range {
        all: Some(true),
        ..weir_query::Range::default()
    };
    let open = questions.figures::<Open>(query).await?.only();
    Ok(open.map_or(0, |open| open.executions))
}

async fn goals(questions: &mut Questions<'_>, frame: &Frame) -> Result<Vec<GoalFigures>, AppError> {
    let query = frame.question().by(["goal"]);
    let query = query.order("goals", Direction::Desc).limit(100);
    let results = questions.figures::<Reached>(query).await?;
    let goals = results.lines().map(|line| GoalFigures {
        goal_id: line.key(0),
        reached: line.figures.times,
        value: line.figures.value,
    });
    Ok(goals.collect())
}

#[cfg(test)]
mod tests {
    use weir_query::records::journeys::Mark;

    use super::*;

    fn journey(states: &[(Status, i64)], goals: &[i64]) -> Journey {
        let mark = |&at: &i64| Mark {
            at,
            steps: 1,
            exclusions: 0,
            place: (0, 0, 0),
        };
        Journey {
            enrolled_at: 100,
            begin_known: true,
            states: states.to_vec(),
            group: None,
            marks: goals.iter().map(mark).collect(),
        }
    }

    #[test]
    fn a_subject_is_active_while_any_of_its_executions_is() {
        use Status::{Canceled, Completed, Failed, Waiting};
        for (states, standing, changed_at) in [
            (
                vec![(Completed, 150), (Waiting, 120)],
                Standing::Active,
                120,
            ),
            (
                vec![(Completed, 150), (Failed, 190)],
                Standing::Completed,
                150,
            ),
            (
                vec![(Completed, 150), (Completed, 170)],
                Standing::Completed,
                170,
            ),
            (
                vec![(Failed, 190), (Canceled, 110)],
                Standing::Canceled,
                110,
            ),
        ] {
            let found = enrolment(&journey(&states, &[]), None);
            assert_eq!((found.standing, found.changed_at), (standing, changed_at));
        }
    }

    #[test]
    fn the_first_goal_within_the_window_is_the_conversion() {
        let states = [(Status::Waiting, 100)];
        let goal = |goals: &[i64], window| enrolment(&journey(&states, goals), window).converted_at;
        assert_eq!(goal(&[300, 150], None), Some(150));
        assert_eq!(goal(&[99], None), None);
        assert_eq!(goal(&[150, 151], Some(50)), Some(150));
        assert_eq!(goal(&[151], Some(50)), None);
        assert_eq!(goal(&[100], Some(50)), Some(100));
    }
}
