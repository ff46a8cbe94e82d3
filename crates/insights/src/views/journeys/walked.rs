//! Evaluates journeys against a funnel: in total, by group and over time. This takes long, so it runs on a
//! blocking thread. The ids of subjects stay in the database.

use std::collections::HashMap;

use arrow::record_batch::RecordBatch;
use weir_analysis::funnel::{Funnel, FunnelTally, Mark, StepTally, Walk, arrange, walk};
use weir_query::records::{
    RecordError,
    journeys::{Journey, Nameless, journeys},
};

use super::{Distribution, DurationFigures, Setting, request::MOST_GROUPS};

/// What the evaluation depends on, besides the journeys.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Walking {
    pub funnel: Funnel,
    pub setting: Setting,
    /// Whether to count groups.
    pub grouped: bool,
    /// The current time, if the funnel has a window: an open execution can advance until its window ends.
    pub now: Option<i64>,
}

/// The evaluated enrolments.
#[derive(Debug)]
pub(super) struct Walked {
    pub enrolled: u64,
    pub nameless: Nameless,
    pub entered: u64,
    pub converted: u64,
    pub excluded: u64,
    pub outside: u64,
    pub steps: Vec<StepFigures>,
    pub time_to_convert: Distribution,
    /// By value of the dimension, those with the most that entered first.
    pub groups: Vec<GroupFigures>,
    /// Number of groups, listed or not.
    pub group_count: usize,
    /// By bucket of enrolment.
    pub series: Vec<PointTally>,
}

/// Figures of a step of the funnel.
#[derive(Clone, Debug)]
pub(super) struct StepFigures {
    pub reached: u64,
    pub dropped: u64,
    pub finished_otherwise: u64,
    pub active: u64,
    pub done: u64,
    pub from_previous: DurationFigures,
}

/// Figures of a group of a breakdown.
#[derive(Clone, Debug)]
pub(super) struct GroupFigures {
    /// The value of the dimension.
    pub value: Option<String>,
    pub entered: u64,
    pub converted: u64,
    pub excluded: u64,
    /// Journeys that reached each step.
    pub reached: Vec<u64>,
    pub time_to_convert: DurationFigures,
}

/// The enrolments in a bucket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct PointTally {
    pub enrolled: u64,
    pub entered: u64,
    pub converted: u64,
    pub finished_otherwise: u64,
    pub active: u64,
}

impl Walking {
    /// Evaluates the journeys of the rows. Fails if rows cannot be decoded.
    pub(super) fn walk(&self, batches: &[RecordBatch]) -> Result<Walked, RecordError> {
        let mut enrolled = 0;
        let mut total = FunnelTally::new(&self.funnel);
        let mut series = vec![PointTally::default(); self.setting.times.len()];
        let mut groups: HashMap<Option<String>, FunnelTally> = HashMap::new();
        let nameless = journeys(batches, |mut journey| {
            let group = journey.group.take();
            let (way, pending) = self.way(&journey);
            let guessed = (!journey.begin_known).then_some(journey.enrolled_at);
            enrolled += 1;
            total.add(&way, pending, guessed);
            if let Some(point) = series.get_mut(self.setting.bucket(journey.enrolled_at)) {
                point.add(&self.funnel, &way, pending);
            }
            if self.grouped {
                let tally = groups.entry(group);
                tally
                    .or_insert_with(|| FunnelTally::new(&self.funnel))
                    .add(&way, pending, guessed);
            }
        })?;
        Ok(Walked {
            enrolled,
            nameless,
            entered: total.entered,
            converted: total.converted,
            excluded: total.excluded,
            outside: total.outside,
            steps: total.steps.into_iter().map(StepFigures::from).collect(),
            time_to_convert: (&total.time_to_convert.sorted()).into(),
            group_count: groups.len(),
            groups: largest(groups),
            series,
        })
    }

    /// How far a journey got, and whether it can still get further.
    fn way(&self, journey: &Journey) -> (Walk, bool) {
        let marks = journey.marks.iter();
        let mut marks: Vec<Mark> = marks
            .map(|mark| Mark {
                at: mark.at,
                steps: mark.steps,
                exclusions: mark.exclusions,
                place: mark.place,
            })
            .collect();
        arrange(self.funnel.order, &mut marks);
        let way = walk(&self.funnel, &marks);
        let open = journey
            .states
            .iter()
            .any(|(status, _)| !status.is_terminal());
        let in_time = match (&way, self.funnel.window.zip(self.now)) {
            (Walk::Reached { times, .. }, Some((window, now))) => {
                now <= times[0].saturating_add(window)
            }
            _ => true,
        };
        (way, open && in_time)
    }
}

/// The groups that an answer can list.
fn largest(groups: HashMap<Option<String>, FunnelTally>) -> Vec<GroupFigures> {
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by(|a, b| (b.1.entered, &a.0).cmp(&(a.1.entered, &b.0)));
    groups.truncate(MOST_GROUPS as usize);
    groups.into_iter().map(GroupFigures::from).collect()
}

impl From<(Option<String>, FunnelTally)> for GroupFigures {
    fn from((value, tally): (Option<String>, FunnelTally)) -> Self {
        Self {
            value,
            entered: tally.entered,
            converted: tally.converted,
            excluded: tally.excluded,
            reached: tally.steps.iter().map(|step| step.reached).collect(),
            time_to_convert: (&tally.time_to_convert.sorted()).into(),
        }
    }
}

impl From<StepTally> for StepFigures {
    fn from(tally: StepTally) -> Self {
        Self {
            reached: tally.reached,
            dropped: tally.dropped,
            finished_otherwise: tally.finished_otherwise,
            active: tally.active,
            done: tally.done,
            from_previous: (&tally.from_previous.sorted()).into(),
        }
    }
}

impl PointTally {
    fn add(&mut self, funnel: &Funnel, way: &Walk, pending: bool) {
        self.enrolled += 1;
        if let Walk::Reached {
            times, otherwise, ..
        } = way
        {
            let converted = times.len() == funnel.steps;
            self.entered += 1;
            self.converted += u64::from(converted);
            self.finished_otherwise += u64::from(!pending && *otherwise);
            self.active += u64::from(!converted && pending);
        }
    }
}
