//! What changed in a range: slower steps, failing connectors, cost spikes, new errors, silent workflows.
//!
//! The range is searched, and up to four weeks before it are compared with ([`study`]). The detectors
//! are those of [`weir_analysis::changes`]. What an outage of a connector explains is removed from the
//! series before workflows, steps and errors are searched ([`echoes`]). Of each kind, one change in a
//! hundred is expected to be chance ([`found`]); each is reported once, at its cause ([`causes`]).

mod answer;
mod axis;
mod causes;
mod costs;
mod durations;
mod echoes;
mod errors;
mod failing;
mod found;
mod gather;
mod naming;
mod outages;
mod pooled;
mod ranking;
mod releases;
mod silent;
mod slower;
mod study;
mod subject;

use weir_model::{TimeRange, time::HOUR};

use super::{Frame, Questions, Versioned};
use crate::{AppError, ErrorCode, Reading, privacy::Viewer, query::Freshness};

pub use answer::{
    Change, ChangeBucket, ChangeConfidence, ChangeDifference, ChangeEffect, ChangeKind,
    ChangeMetric, ChangeSamples, ChangeTrace, ChangeUnit, ChangedErrorGroup, ChangedStep,
    ChangedWorkflow, Changes,
};
use found::Detected;
use gather::Gathered;
use ranking::Scale;
use study::{FEWEST_DAYS, Study};

/// The default number of changes.
const USUAL: i64 = 5;
/// The most changes in an answer.
const MOST: i64 = 50;

impl Reading {
    /// What changed. Fails if the request is not valid or the store fails.
    pub async fn changes(
        &self,
        viewer: Viewer,
        frame: &Frame,
        limit: Option<i64>,
        freshness: Freshness,
    ) -> Result<Versioned<Changes>, AppError> {
        let limit = limit.unwrap_or(USUAL);
        if !(1..=MOST).contains(&limit) {
            let detail = format!("limit is {limit}; it must be 1 to {MOST}.");
            return Err(AppError::new(ErrorCode::InvalidParameter, detail).field("limit"));
        }
        let mut questions = Questions::new(self, viewer, freshness);
        let now = self.clock.now();
        let study = Study::of(&mut questions, frame, now).await?;
        let gathered = Gathered::of(&mut questions, &study).await?;
        let (first, days) = gathered.days_with_data();
        let not_tested = gathered.left_out;
        let (detected, scale) = match days >= FEWEST_DAYS {
            true => detect(&mut questions, &study, gathered).await?,
            false => (Detected::default(), Scale::default()),
        };
        let mut found = detected.found;
        scale.sort(&mut found);
        let limit = usize::try_from(limit).unwrap_or(0);
        let omitted = detected.omitted + found.len().saturating_sub(limit);
        found.truncate(limit);
        let searched = study.searched;
        let compared = TimeRange {
            from: first
                .map_or(searched.from, |day| study.days.start(day))
                .min(searched.from),
            to: searched.from,
        };
        let body = Changes {
            range: study.range.into(),
            searched: searched.into(),
            compared_with: compared.into(),
            changes: self.named_changes(viewer, &study, found).await?,
            tested: detected.tested,
            not_tested,
            omitted,
            not_enough_data: days < FEWEST_DAYS,
            days_with_data: days,
            days_needed: FEWEST_DAYS,
            meta: questions.meta().await?,
        };
        // Silence grows by the hour, and error groups get names, without a commit.
        let hour = u64::try_from(now.0.div_euclid(HOUR)).unwrap_or(0);
        let named = self.revision_of_errors(viewer).await?;
        let revision = (hour << 32).wrapping_add(named);
        Ok(questions.finish(study.range, body).revised(revision))
    }
}

async fn detect(
    questions: &mut Questions<'_>,
    study: &Study,
    mut gathered: Gathered,
) -> Result<(Detected, Scale), AppError> {
    let (mut all, outages) = outages::detect(questions, study, &gathered).await?;
    all.add(slower::detect(questions, study, &gathered.steps).await?);
    all.add(slower::detect(questions, study, &gathered.workflows).await?);
    all.add(silent::detect(questions, study, &gathered).await?);
    let (costs, cost) = costs::detect(questions, study).await?;
    all.add(costs);
    for outage in &outages {
        echoes::without(questions, study, &mut gathered, outage).await?;
    }
    all.add(failing::detect(questions, study, &gathered.steps).await?);
    all.add(failing::detect(questions, study, &gathered.workflows).await?);
    all.add(errors::detect(questions, study, &gathered, &outages).await?);
    let scale = Scale {
        totals: gathered.totals,
        cost,
    };
    all.found = causes::without_echoes(all.found, study, &outages);
    let mut told = causes::once(all);
    told.found = pooled::by_connector(told.found);
    Ok((told, scale))
}
