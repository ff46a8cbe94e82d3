//! The release behind a change: the version whose first executions coincide with its beginning.

use weir_model::{TimeRange, Timestamp, time::HOUR};
use weir_query::Interval;

use super::study::Study;
use crate::{AppError, figures, views::Questions};

/// How far the first execution of a version may be from the estimated beginning of a change.
const NEAR: i64 = 12 * HOUR;
/// A version whose first executions are this close to the beginning of the data may be older.
const KNOWN_AFTER: i64 = 24 * HOUR;
/// The most versions that are looked at.
const MOST_VERSIONS: i64 = 1_000;

figures! {
    /// How often a version ran.
    struct Ran {
        executions: u64 = count("executions"),
    }
}

/// A version and its first executions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Release {
    pub version: String,
    pub at: Timestamp,
}

/// The release near a moment; `None` if no version began there. Fails if the store does.
pub(super) async fn release(
    questions: &mut Questions<'_>,
    study: &Study,
    workflow: &str,
    near: Timestamp,
) -> Result<Option<Release>, AppError> {
    let query = study
        .of_all_workflows(study.period)
        .filter("workflow", [workflow]);
    let query = query
        .by(["version"])
        .every(Interval::Hour)
        .limit(MOST_VERSIONS);
    let ran = questions.figures::<Ran>(query).await?;
    let mut firsts: Vec<(String, Timestamp)> = Vec::new();
    for line in ran.lines().filter(|line| line.figures.executions > 0) {
        let (Some(version), Some(hour)) = (line.key(0), line.start()) else {
            continue;
        };
        if !firsts.iter().any(|(known, _)| *known == version) {
            firsts.push((version, hour));
        }
    }
    let known_after = study.period.from.plus(KNOWN_AFTER);
    let distance = |hour: Timestamp| (hour.0 - near.0).abs();
    let nearest = firsts
        .into_iter()
        .filter(|&(_, hour)| hour >= known_after && distance(hour) <= NEAR)
        .min_by_key(|&(_, hour)| distance(hour));
    let Some((version, hour)) = nearest else {
        return Ok(None);
    };
    let at = first_minute(questions, study, workflow, &version, hour).await?;
    Ok(Some(Release { version, at }))
}

/// The minute of the first execution of a version in an hour.
async fn first_minute(
    questions: &mut Questions<'_>,
    study: &Study,
    workflow: &str,
    version: &str,
    hour: Timestamp,
) -> Result<Timestamp, AppError> {
    let range = TimeRange {
        from: hour,
        to: hour.plus(HOUR),
    };
    let query = study
        .of_all_workflows(range)
        .filter("workflow", [workflow])
        .filter("version", [version])
        .every(Interval::Minute);
    let ran = questions.figures::<Ran>(query).await?;
    let mut minutes = ran.lines().filter(|line| line.figures.executions > 0);
    Ok(minutes.find_map(|line| line.start()).unwrap_or(hour))
}
