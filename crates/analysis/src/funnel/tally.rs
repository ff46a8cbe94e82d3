//! How far many actors come.

use super::{Funnel, Walk};
use crate::durations::Durations;

/// The actors of a funnel, added one by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunnelTally {
    /// Those that did the first step (in any order: any step), without those excluded.
    pub entered: u64,
    /// Those that did every step.
    pub converted: u64,
    /// Those whose every attempt met an exclusion.
    pub excluded: u64,
    /// Those that never entered.
    pub outside: u64,
    /// The steps in order.
    pub steps: Vec<StepTally>,
    /// From the first to the last step, of those converted.
    pub time_to_convert: Durations,
}

/// A step of a funnel; in any order the n-th is "n of the steps".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepTally {
    /// Those that came at least so far.
    pub reached: u64,
    /// Those that came no farther, and no longer can.
    pub dropped: u64,
    /// Those that came no farther so far, and still can.
    pub active: u64,
    /// Those that did this very step; other than `reached` only in any order.
    pub done: u64,
    /// The time from the step before, of those that reached it; none for the first.
    pub from_previous: Durations,
}

impl FunnelTally {
    /// Nobody yet.
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

    /// Adds an actor. `pending` says whether it can still come farther; `guessed` is a moment at which
    /// it stands without being known to have begun then, so that nothing is known of how long it
    /// took from there.
    pub fn add(&mut self, walk: &Walk, pending: bool, guessed: Option<i64>) {
        match walk {
            Walk::Outside => self.outside += 1,
            Walk::Excluded => self.excluded += 1,
            Walk::Reached { times, done } => self.reached(times, *done, pending, guessed),
        }
    }

    fn reached(&mut self, times: &[i64], done: u32, pending: bool, guessed: Option<i64>) {
        self.entered += 1;
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
        } else if pending {
            self.steps[times.len() - 1].active += 1;
        } else {
            self.steps[times.len() - 1].dropped += 1;
        }
    }
}
