//! What runs: a workflow or one of its steps, and the queries for it alone.

use weir_analysis::changes::{Window, edges};
use weir_model::{TimeRange, Timestamp, time::DAY};
use weir_query::{Interval, Query};

use super::{
    axis::{Axis, Series},
    found::{Candidate, StepKey},
    gather::RunFigures,
    releases::{Release, release},
    study::Study,
};
use crate::{AppError, views::Questions};

/// How far around the edge of a window of days the hour is searched.
const AROUND: i64 = DAY;
/// In a window of so many days, both edges are searched together: each may be anywhere in it.
const SHORT: usize = 3;

/// A workflow, or a step of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Subject {
    pub workflow: String,
    pub step: Option<StepKey>,
}

/// When a change began and ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    pub since: Timestamp,
    pub until: Option<Timestamp>,
    pub version: Option<String>,
}

/// The candidates among all series that have a subject, and how many series were looked at. `of` returns `None`
/// for a series with too little data.
pub(super) fn among<F, T>(
    series: Vec<Series<F>>,
    of: impl Fn(&Subject, &Series<F>) -> Option<Vec<Candidate<T>>>,
) -> (Vec<Candidate<T>>, usize) {
    let looked_at: Vec<_> = series
        .iter()
        .filter_map(|series| of(&Subject::of(series)?, series))
        .collect();
    let tested = looked_at.len();
    (looked_at.into_iter().flatten().collect(), tested)
}

impl Subject {
    /// The subject of a series by workflow, or by workflow, step and type of step; `None` if it has no
    /// id.
    pub fn of<F>(series: &Series<F>) -> Option<Self> {
        let mut key = series.key.iter().cloned();
        let workflow = key.next()??;
        let step = match series.key.len() {
            1 => None,
            _ => Some(StepKey {
                id: key.next()??,
                step_type: key.next().flatten(),
            }),
        };
        Some(Self { workflow, step })
    }

    /// A query about it alone.
    pub fn narrowed(&self, query: Query) -> Query {
        let query = query.filter("workflow", [self.workflow.as_str()]);
        let Some(step) = &self.step else { return query };
        let query = query.filter("step", [step.id.as_str()]);
        match &step.step_type {
            Some(step_type) => query.filter("step_type", [step_type.as_str()]),
            None => query,
        }
    }

    /// The moment of a change in a window of days, to the hour or to the release that is near. `gain`
    /// is how much better the change explains an hour than the usual level. Fails if the store does.
    pub async fn moment<F: RunFigures>(
        &self,
        questions: &mut Questions<'_>,
        study: &Study,
        window: Window,
        gain: impl Fn(&F) -> f64,
    ) -> Result<Moment, AppError> {
        let range = study.days.range(window);
        let (since, until) = match study.days.until(window) {
            Some(end) if window.len() <= SHORT => {
                let hours = self.gains(questions, study, range, &gain).await?;
                hours.span().unwrap_or((range.from, end))
            }
            until => {
                let at = |moment| TimeRange {
                    from: moment,
                    to: moment,
                };
                let hours = self.gains(questions, study, at(range.from), &gain).await?;
                let since = hours.beginning().unwrap_or(range.from);
                let Some(end) = until else {
                    return self.released(questions, study, since, None).await;
                };
                let hours = self.gains(questions, study, at(end), &gain).await?;
                (since, hours.end().unwrap_or(end))
            }
        };
        self.released(questions, study, since, Some(until)).await
    }

    /// The moment of a change, moved to the release that is near.
    async fn released(
        &self,
        questions: &mut Questions<'_>,
        study: &Study,
        mut since: Timestamp,
        until: Option<Timestamp>,
    ) -> Result<Moment, AppError> {
        let release = release(questions, study, &self.workflow, since).await?;
        let release = release.filter(|release| until.is_none_or(|until| release.at < until));
        let version = release.map(|Release { version, at }| {
            since = at;
            version
        });
        Ok(Moment {
            since,
            until,
            version,
        })
    }

    /// The gains of the hours around a part of the period.
    async fn gains<F: RunFigures>(
        &self,
        questions: &mut Questions<'_>,
        study: &Study,
        part: TimeRange,
        gain: &impl Fn(&F) -> f64,
    ) -> Result<Gains, AppError> {
        let around = TimeRange {
            from: part.from.plus(-AROUND).max(study.period.from),
            to: part.to.plus(AROUND).min(study.searched.to),
        };
        let mut gains = Gains::none(study.hours_of(around));
        let query = self.narrowed(study.within(around)).every(Interval::Hour);
        let results = questions.figures::<F>(query).await?;
        for line in results.lines() {
            if let Some(start) = line.start() {
                gains.add(start, gain(&line.figures));
            }
        }
        Ok(gains)
    }
}

/// How much better a change explains each hour than the usual level.
#[derive(Debug)]
pub(super) struct Gains {
    hours: Axis,
    gains: Vec<f64>,
}

impl Gains {
    /// Hours that the change explains no better.
    pub fn none(hours: Axis) -> Self {
        Self {
            gains: vec![0.0; hours.len()],
            hours,
        }
    }

    /// Adds to the gain of the hour of a moment.
    pub fn add(&mut self, moment: Timestamp, gain: f64) {
        if let Some(place) = self.gains.get_mut(self.hours.index(moment)) {
            *place += gain;
        }
    }

    fn beginning(&self) -> Option<Timestamp> {
        edges::beginning(&self.gains).map(|at| self.hours.start(at))
    }

    fn end(&self) -> Option<Timestamp> {
        edges::end(&self.gains).map(|at| self.hours.start(at))
    }

    /// When the change began and ended within the hours.
    pub fn span(&self) -> Option<(Timestamp, Timestamp)> {
        let Window { from, to } = edges::span(&self.gains)?;
        Some((self.hours.start(from), self.hours.start(to)))
    }
}
