//! How far many actors get.

use super::{Funnel, Walk};
use crate::durations::Durations;

/// Counts the actors of a funnel, added one by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunnelTally {
    /// Actors that completed the first step (in any order: any step), except excluded ones.
    pub entered: u64,
    /// Actors that completed every step.
    pub converted: u64,
    /// Actors whose attempts all met an exclusion.
    pub excluded: u64,
    /// Actors that never entered.
    pub outside: u64,
    /// The steps in order.
    pub steps: Vec<StepTally>,
    /// The time from the first to the last step, of converted actors.
    pub time_to_convert: Durations,
}

/// A step of a funnel; in any order, the n-th entry stands for "n of the steps".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepTally {
    /// Actors that got at least this far.
    pub reached: u64,
    /// Actors that got no further and no longer can.
    pub dropped: u64,
    /// Of the dropped, those that did the last step all the same, without another.
    pub finished_otherwise: u64,
    /// Actors that got no further so far but still can.
    pub active: u64,
    /// Actors that completed this particular step; it differs from `reached` only in any order.
    pub done: u64,
    /// The time since the previous step, of actors that reached this one; empty for the first step.
    pub from_previous: Durations,
}

impl FunnelTally {
    /// A tally of a funnel without actors.
    pub fn new(funnel: &Funnel) -> Self {
        Self {
            entered: 0,
            converted: 0,
            excluded: 0,
            outside: 0,
            steps: vec![StepTally::default(); funnel.steps],
            time_to_convert: Durations::default(),
        }
    }

    /// Adds an actor. `pending` says whether it can still get further. `guessed` is a time at which
    /// it is not known to have begun, although it is counted as begun then; durations from that
    /// time are unknown.
    pub fn add(&mut self, walk: &Walk, pending: bool, guessed: Option<i64>) {
        match walk {
            Walk::Outside => self.outside += 1,
            Walk::Excluded => self.excluded += 1,
            Walk::Reached {
                times,
                done,
                otherwise,
            } => {
                self.entered += 1;
                self.reached(times, *done, guessed);
                if times.len() == self.steps.len() {
                    return;
                }
                let step = &mut self.steps[times.len() - 1];
                if pending {
                    step.active += 1;
                } else {
                    step.dropped += 1;
                    step.finished_otherwise += u64::from(*otherwise);
                }
            }
        }
    }

    fn reached(&mut self, times: &[i64], done: u32, guessed: Option<i64>) {
        for (i, step) in self.steps.iter_mut().enumerate() {
            step.reached += u64::from(i < times.len());
            step.done += u64::from(done & (1 << i) != 0);
        }
        for (step, pair) in self.steps[1..].iter_mut().zip(times.windows(2)) {
            if guessed != Some(pair[0]) {
                step.from_previous.add(pair[1] - pair[0]);
            }
        }
        let (Some(first), Some(last)) = (times.first(), times.last()) else {
            return;
        };
        if times.len() == self.steps.len() {
            self.converted += 1;
            if guessed != Some(*first) {
                self.time_to_convert.add(last - first);
            }
        }
    }
}
