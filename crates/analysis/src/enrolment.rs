//! Enrolments: who was enrolled, and their current state.

use crate::durations::Durations;

/// The state of an enrolment. Of several executions of one subject, the greatest state counts: one
/// that is open makes the subject active.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Ended with an error.
    Failed,
    /// Ended because the engine crashed.
    Crashed,
    /// Stopped on purpose.
    Canceled,
    /// Ended successfully.
    Completed,
    /// Running or waiting.
    Active,
}

/// One enrolled subject. Times are epoch milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enrolment {
    /// When it was enrolled.
    pub enrolled_at: i64,
    /// Whether `enrolled_at` is known to be the beginning. If not, its durations are unknown.
    pub begin_known: bool,
    /// Its current state.
    pub standing: Standing,
    /// When it entered that state.
    pub changed_at: i64,
    /// When it first reached a goal.
    pub converted_at: Option<i64>,
}

/// Enrolments, added one by one: `enrolled = active + completed + failed + crashed + canceled`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnrolmentTally {
    /// All enrolments.
    pub enrolled: u64,
    /// Enrolments that are running or waiting.
    pub active: u64,
    /// Enrolments that completed.
    pub completed: u64,
    /// Enrolments that failed.
    pub failed: u64,
    /// Enrolments that crashed.
    pub crashed: u64,
    /// Enrolments that were canceled.
    pub canceled: u64,
    /// Enrolments that reached a goal, whatever their state.
    pub converted: u64,
    /// The time from enrolment to completion, where the beginning is known.
    pub time_to_complete: Durations,
    /// The time from enrolment to the first goal, where the beginning is known.
    pub time_to_convert: Durations,
}

impl EnrolmentTally {
    /// Adds an enrolment.
    pub fn add(&mut self, enrolment: &Enrolment) {
        self.enrolled += 1;
        let standing = match enrolment.standing {
            Standing::Active => &mut self.active,
            Standing::Completed => &mut self.completed,
            Standing::Failed => &mut self.failed,
            Standing::Crashed => &mut self.crashed,
            Standing::Canceled => &mut self.canceled,
        };
        *standing += 1;
        self.converted += u64::from(enrolment.converted_at.is_some());
        if !enrolment.begin_known {
            return;
        }
        let since = |moment: i64| moment - enrolment.enrolled_at;
        if enrolment.standing == Standing::Completed {
            self.time_to_complete.add(since(enrolment.changed_at));
        }
        if let Some(moment) = enrolment.converted_at {
            self.time_to_convert.add(since(moment));
        }
    }

    /// Enrolments that ended early: failed, crashed or canceled.
    pub fn dropped(&self) -> u64 {
        self.failed + self.crashed + self.canceled
    }

    /// converted / enrolled, in percent; `None` without enrolments.
    pub fn conversion_rate(&self) -> Option<f64> {
        percent(self.converted, self.enrolled)
    }

    /// completed / (completed + dropped), in percent; active enrolments do not count. `None` if
    /// none has ended.
    pub fn completion_rate(&self) -> Option<f64> {
        percent(self.completed, self.completed + self.dropped())
    }

    /// dropped / (completed + dropped), in percent; `None` if none has ended.
    pub fn drop_rate(&self) -> Option<f64> {
        percent(self.dropped(), self.completed + self.dropped())
    }
}

/// A part of a whole in percent; `None` if the whole is 0.
pub fn percent(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64 * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(enrolments: &[(i64, Standing, i64, Option<i64>)]) -> EnrolmentTally {
        let mut tally = EnrolmentTally::default();
        for &(enrolled_at, standing, changed_at, converted_at) in enrolments {
            tally.add(&Enrolment {
                enrolled_at,
                begin_known: true,
                standing,
                changed_at,
                converted_at,
            });
        }
        tally
    }

    /// Eight contacts: two are still waiting (one of them has bought), three completed after 10, 20
    /// and 60 (two have bought, after 5 and 40), one failed, one crashed, and one was removed
    /// because it bought after 30.
    #[test]
    fn a_table_of_eight_contacts_adds_up() {
        let tally = tally(&[
            (100, Standing::Active, 120, None),
            (100, Standing::Active, 120, Some(115)),
            (100, Standing::Completed, 110, Some(105)),
            (200, Standing::Completed, 220, None),
            (300, Standing::Completed, 360, Some(340)),
            (300, Standing::Failed, 301, None),
            (300, Standing::Crashed, 302, None),
            (300, Standing::Canceled, 330, Some(330)),
        ]);
        assert_eq!((tally.enrolled, tally.active, tally.completed), (8, 2, 3));
        assert_eq!((tally.dropped(), tally.converted), (3, 4));
        assert_eq!(tally.conversion_rate(), Some(50.0));
        assert_eq!(tally.completion_rate(), Some(50.0));
        assert_eq!(tally.drop_rate(), Some(50.0));
        let complete = tally.time_to_complete.clone().sorted();
        assert_eq!(
            (complete.mean(), complete.percentile(50)),
            (Some(30.0), Some(20))
        );
        let convert = tally.time_to_convert.clone().sorted();
        // 5, 15, 30, 40.
        assert_eq!(
            (convert.mean(), convert.percentile(50)),
            (Some(22.5), Some(15))
        );
    }

    #[test]
    fn an_enrolment_without_a_known_beginning_counts_and_has_no_duration() {
        let ended = |enrolled_at, changed_at, begin_known| Enrolment {
            enrolled_at,
            begin_known,
            standing: Standing::Completed,
            changed_at,
            converted_at: Some(changed_at),
        };
        let mut tally = EnrolmentTally::default();
        tally.add(&ended(500, 500, false));
        assert_eq!(tally.time_to_complete.clone().sorted().mean(), None);
        tally.add(&ended(100, 140, true));
        assert_eq!((tally.completed, tally.converted), (2, 2));
        for known in [tally.time_to_complete, tally.time_to_convert] {
            let known = known.sorted();
            assert_eq!((known.count(), known.mean()), (1, Some(40.0)));
        }
    }

    #[test]
    fn without_enrolments_there_are_no_rates() {
        let empty = EnrolmentTally::default();
        assert_eq!(empty.conversion_rate(), None);
        assert_eq!(empty.completion_rate(), None);
        let running = tally(&[(1, Standing::Active, 1, None)]);
        assert_eq!(running.completion_rate(), None);
        assert_eq!(running.conversion_rate(), Some(0.0));
    }

    #[test]
    fn the_greatest_standing_counts_for_a_subject() {
        let all = [Standing::Completed, Standing::Active, Standing::Failed];
        assert_eq!(all.into_iter().max(), Some(Standing::Active));
        assert!(Standing::Completed > Standing::Canceled);
    }
}
