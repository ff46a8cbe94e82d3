//! How long workflows and steps take, and how much of that they work.

use weir_model::TimeRange;

use super::{study::Study, subject::Subject};
use crate::{AppError, figures, views::Questions};

figures! {
    /// Durations of executions.
    #[derive(Clone)]
    pub(super) struct Durations {
        pub count: u64 = count("durations"),
        pub mean: Option<f64> = value("duration_avg"),
        pub deviation: Option<f64> = value("duration_stddev"),
    }

    /// Durations of steps.
    struct StepDurations {
        count: u64 = count("step_durations"),
        mean: Option<f64> = value("step_duration_avg"),
        working: Option<f64> = value("step_working_avg"),
        deviation: Option<f64> = value("step_duration_stddev"),
    }
}

/// What a run took, and how much of that it worked: all of it where nothing else is known.
pub(super) struct Times {
    /// What it took.
    pub whole: Durations,
    /// How long it worked.
    pub working: Durations,
}

impl From<Durations> for Times {
    fn from(of: Durations) -> Self {
        Self {
            working: of.clone(),
            whole: of,
        }
    }
}

impl From<StepDurations> for Times {
    /// How much working times differ is not known apart: durations, which include the waits, differ more.
    fn from(of: StepDurations) -> Self {
        let durations = |mean| Durations {
            count: of.count,
            mean,
            deviation: of.deviation,
        };
        Self {
            whole: durations(of.mean),
            working: durations(of.working),
        }
    }
}

impl Times {
    /// Those of a workflow or step in a range. Fails if the store does.
    pub async fn of(
        questions: &mut Questions<'_>,
        study: &Study,
        subject: &Subject,
        range: TimeRange,
    ) -> Result<Self, AppError> {
        let none = Durations {
            count: 0,
            mean: None,
            deviation: None,
        };
        if range.from >= range.to {
            return Ok(none.into());
        }
        let query = subject.narrowed(study.within(range));
        let found: Option<Times> = match subject.step {
            Some(_) => {
                let found = questions.figures::<StepDurations>(query).await?;
                found.only().map(Into::into)
            }
            None => {
                let found = questions.figures::<Durations>(query).await?;
                found.only().map(Into::into)
            }
        };
        Ok(found.unwrap_or(none.into()))
    }
}
