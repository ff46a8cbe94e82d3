//! What runs: a workflow or one of its steps, and the queries for it alone.

use weir_analysis::changes::{Window, edges};
use weir_model::{TimeRange, Timestamp, time::DAY};
use weir_query::{Interval, Query};

use super::{
    axis::{Axis, Series},
    found::StepKey,
    gather::RunFigures,
    releases::{Release, release},
    study::Study,
};
use crate::{AppError, views::Questions};

/// How far around the edge of a window of days the hour is searched.
const AROUND: i64 = DAY;

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
        let start = study.days.start(window.from);
        let (hours, gains) = self.gains(questions, study, start, &gain).await?;
        let mut since = hours.start(edges::beginning(&gains));
        let mut until = study.days.until(window);
        if let Some(end) = until {
            let (hours, gains) = self.gains(questions, study, end, &gain).await?;
            until = Some(hours.start(edges::end(&gains)).max(since));
        }
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

    /// The gains of the hours around a moment.
    async fn gains<F: RunFigures>(
        &self,
        questions: &mut Questions<'_>,
        study: &Study,
        moment: Timestamp,
        gain: &impl Fn(&F) -> f64,
    ) -> Result<(Axis, Vec<f64>), AppError> {
        let around = TimeRange {
            from: moment.plus(-AROUND).max(study.period.from),
            to: moment.plus(AROUND).min(study.searched.to),
        };
        let hours = study.hours_of(around);
        let query = self.narrowed(study.within(around)).every(Interval::Hour);
        let results = questions.figures::<F>(query).await?;
        let mut gains = vec![0.0; hours.len()];
        for line in results.lines() {
            if let Some(start) = line.start() {
                gains[hours.index(start)] += gain(&line.figures);
            }
        }
        Ok((hours, gains))
    }
}
