//! Enrolments: who came in, and where they stand now.

use crate::durations::Durations;

/// Where an enrolment stands. The order is that in which the executions of one subject speak for it:
/// one that is open makes the subject active.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Ended by an error.
    Failed,
    /// Ended because the engine died.
    Crashed,
    /// Ended by a decision.
    Canceled,
    /// Ended well.
    Completed,
    /// Running or waiting.
    Active,
}

/// Somebody who was enrolled. Times are epoch milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enrolment {
    /// Since when.
    pub enrolled_at: i64,
    /// Whether that is when it began. Where it is not known, nothing is known of how long it took.
    pub begin_known: bool,
    /// Where it stands now.
    pub standing: Standing,
    /// When it came to stand there.
    pub changed_at: i64,
    /// When its goal was reached.
    pub converted_at: Option<i64>,
}

/// Enrolments, added one by one: `enrolled = active + completed + failed + crashed + canceled`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnrolmentTally {
    /// All of them.
    pub enrolled: u64,
    /// Those that run or wait.
    pub active: u64,
    /// Those that completed.
    pub completed: u64,
    /// Those that failed.
    pub failed: u64,
    /// Those that crashed.
    pub crashed: u64,
    /// Those that were canceled.
    pub canceled: u64,
    /// Those that reached a goal, wherever they stand.
    pub converted: u64,
    /// From enrolment to completion, of those whose beginning is known.
    pub time_to_complete: Durations,
    /// From enrolment to the first goal, of those whose beginning is known.
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

    /// Those that left before the end: failed, crashed or canceled.
    pub fn dropped(&self) -> u64 {
        self.failed + self.crashed + self.canceled
    }

    /// converted / enrolled, in percent.
    pub fn conversion_rate(&self) -> Option<f64> {
        percent(self.converted, self.enrolled)
    }

    /// completed / (completed + dropped), in percent: those still active stay out.
    pub fn completion_rate(&self) -> Option<f64> {
        percent(self.completed, self.completed + self.dropped())
    }

    /// dropped / (completed + dropped), in percent.
    pub fn drop_rate(&self) -> Option<f64> {
        percent(self.dropped(), self.completed + self.dropped())
    }
}

/// A part of a whole in percent; none where the whole is nothing.
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

    /// Eight contacts: two still wait (one of them has bought), three came to the end after 10, 20
    /// and 60 (two have bought, after 5 and 40), one failed, one crashed, one was taken out because
    /// it bought after 30.
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
    fn who_is_not_known_to_have_begun_counts_and_has_no_duration() {
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
    fn nothing_is_said_about_rates_of_nobody() {
        let nobody = EnrolmentTally::default();
        assert_eq!(nobody.conversion_rate(), None);
        assert_eq!(nobody.completion_rate(), None);
        let running = tally(&[(1, Standing::Active, 1, None)]);
        assert_eq!(running.completion_rate(), None);
        assert_eq!(running.conversion_rate(), Some(0.0));
    }

    #[test]
    fn the_standing_that_speaks_for_a_subject_is_the_greatest() {
        let all = [Standing::Completed, Standing::Active, Standing::Failed];
        assert_eq!(all.into_iter().max(), Some(Standing::Active));
        assert!(Standing::Completed > Standing::Canceled);
    }
}
