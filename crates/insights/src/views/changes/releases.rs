//! The release behind a change: the version whose first executions coincide with its beginning.

use weir_model::{TimeRange, Timestamp, time::HOUR};
use weir_query::Interval;

use super::study::Study;
use crate::{AppError, figures, views::Questions};

/// How far the first execution of a version may be from the estimated beginning of a change.
const NEAR: i64 = 12 * HOUR;
/// A version whose first executions are this close to the beginning of the data may be older.
const KNOWN_AFTER: i64 = 24 * HOUR;
/// The most versions that are examined.
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
    let nearest = nearest(firsts, near, study.period.from.plus(KNOWN_AFTER));
    let Some((version, hour)) = nearest else {
        return Ok(None);
    };
    let at = first_minute(questions, study, workflow, &version, hour).await?;
    Ok(Some(Release { version, at }))
}

/// The version whose first hour is nearest to a moment, if it is near; `firsts` are versions with their
/// first hours.
fn nearest(
    firsts: Vec<(String, Timestamp)>,
    near: Timestamp,
    known_after: Timestamp,
) -> Option<(String, Timestamp)> {
    let distance = |hour: Timestamp| (hour.0 - near.0).abs();
    let new = firsts
        .into_iter()
        .filter(|&(_, hour)| hour >= known_after && distance(hour) <= NEAR);
    new.min_by_key(|&(_, hour)| distance(hour))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_that_began_near_the_change_is_its_release() {
        let at = |hours: i64| Timestamp(hours * HOUR);
        let firsts = || {
            let firsts = [("7", 0), ("8", 95), ("9", 102), ("10", 130)];
            firsts
                .map(|(version, hour)| (version.to_owned(), at(hour)))
                .to_vec()
        };
        let found = |near| nearest(firsts(), at(near), at(24)).map(|(version, _)| version);
        assert_eq!(found(101).as_deref(), Some("9"));
        assert_eq!(found(96).as_deref(), Some("8"));
        assert_eq!(found(142).as_deref(), Some("10"));
        // Half a day away is too far, and what ran from the beginning is not new.
        assert_eq!((found(143), found(2)), (None, None));
    }
}
