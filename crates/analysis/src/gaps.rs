//! Completeness: when a source was silent for unusually long.
//!
//! Every source has quiet times: nights, weekends, the hours between two scheduled runs. A run of
//! empty buckets is a gap if it is longer than twice the 95th percentile (nearest rank) of the
//! source's *other* runs, and at least six buckets long. The run itself is left out of the
//! percentile; otherwise, a single outage would be compared with itself. If there is no other run,
//! six empty buckets are a gap.

use weir_model::{TimeRange, Timestamp};

/// The fewest empty buckets that can form a gap.
pub const FEWEST_BUCKETS: usize = 6;

/// The number of events of a source in a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountedBucket {
    /// The time range of the bucket.
    pub range: TimeRange,
    /// The number of events.
    pub events: u64,
}

/// The gaps of a source in consecutive buckets. Silence before `first_event`, the first event that
/// the source ever sent, is not a gap. Silence up to the end of the last bucket counts like any
/// other, so the caller leaves out buckets that have not ended.
pub fn gaps(buckets: &[CountedBucket], first_event: Timestamp) -> Vec<TimeRange> {
    let born = buckets.partition_point(|bucket| bucket.range.to <= first_event);
    let buckets = &buckets[born..];
    let runs = empty_runs(buckets);
    let mut lengths: Vec<usize> = runs.iter().map(|&(start, end)| end - start).collect();
    lengths.sort_unstable();
    runs.into_iter()
        .filter(|&(start, end)| is_gap(end - start, &lengths))
        .map(|(start, end)| TimeRange {
            from: buckets[start].range.from,
            to: buckets[end - 1].range.to,
        })
        .collect()
}

/// The start and end of every run of empty buckets, as positions; the end is not included.
fn empty_runs(buckets: &[CountedBucket]) -> Vec<(usize, usize)> {
    let mut runs = Vec::new();
    let mut start = None;
    for (i, bucket) in buckets.iter().enumerate() {
        match (bucket.events, start) {
            (0, None) => start = Some(i),
            (1.., Some(first)) => {
                runs.push((first, i));
                start = None;
            }
            _ => {}
        }
    }
    runs.extend(start.map(|first| (first, buckets.len())));
    runs
}

/// Whether a run is a gap. `lengths` are the lengths of all runs in ascending order, including this
/// one.
fn is_gap(length: usize, lengths: &[usize]) -> bool {
    length >= FEWEST_BUCKETS && length > 2 * usual(length, lengths)
}

/// The 95th percentile of the other runs; 0 if there are none.
fn usual(length: usize, lengths: &[usize]) -> usize {
    let others = lengths.len() - 1;
    if others == 0 {
        return 0;
    }
    let rank = (others * 95).div_ceil(100) - 1;
    let own = lengths.partition_point(|&other| other < length);
    // Without this run, everything from its position on moves down by one.
    lengths[if rank < own { rank } else { rank + 1 }]
}

#[cfg(test)]
mod tests {
    use weir_model::time::HOUR;

    use super::*;

    /// Hourly buckets with these counts, from 1970 on.
    fn hours(counts: &[u64]) -> Vec<CountedBucket> {
        let numbered = (0..).zip(counts);
        numbered
            .map(|(hour, &events)| CountedBucket {
                range: TimeRange::new(hour * HOUR, (hour + 1) * HOUR),
                events,
            })
            .collect()
    }

    fn found(counts: &[u64], first_hour: i64) -> Vec<(i64, i64)> {
        let gaps = gaps(&hours(counts), Timestamp(first_hour * HOUR));
        gaps.iter()
            .map(|gap| (gap.from.0 / HOUR, gap.to.0 / HOUR))
            .collect()
    }

    #[test]
    fn six_empty_hours_of_a_source_that_never_rests_are_a_gap_and_five_are_not() {
        assert_eq!(found(&[3, 0, 0, 0, 0, 0, 0, 4], 0), [(1, 7)]);
        assert_eq!(found(&[3, 0, 0, 0, 0, 0, 4], 0), []);
    }

    #[test]
    fn quiet_nights_are_usual_and_a_quiet_day_is_not() {
        // Ten days of 14 busy and 10 quiet hours; nothing at all on the sixth day.
        let counts: Vec<u64> = (0..240)
            .map(|hour| u64::from(hour % 24 < 14 && hour / 24 != 5))
            .collect();
        // Quiet from 14:00 of the fifth day to 0:00 of the seventh: 34 hours > 2 x 10.
        assert_eq!(found(&counts, 0), [(4 * 24 + 14, 6 * 24)]);
    }

    #[test]
    fn twice_the_usual_is_not_yet_a_gap() {
        let run = |length: usize| [vec![1], vec![0; length]].concat();
        let usual = [run(4), run(4), run(4)].concat();
        assert_eq!(found(&[usual.clone(), run(8), vec![1]].concat(), 0), []);
        assert_eq!(found(&[usual, run(9), vec![1]].concat(), 0), [(16, 25)]);
    }

    #[test]
    fn one_long_run_in_twenty_is_beyond_the_percentile_and_two_are_not() {
        let run = |length: usize| [vec![1], vec![0; length]].concat();
        let short: Vec<u64> = (0..20).flat_map(|_| run(1)).collect();
        // Others: 20 of 1 and one of 20; rank ceil(0.95 x 21) = 20 is 1.
        let twice = [short.clone(), run(20), run(20), vec![1]].concat();
        assert_eq!(found(&twice, 0), [(41, 61), (62, 82)]);
        // Others: 20 of 1 and two of 20; rank ceil(0.95 x 22) = 21 is 20.
        let thrice = [short, run(20), run(20), run(20), vec![1]].concat();
        assert_eq!(found(&thrice, 0), []);
    }

    #[test]
    fn silence_before_the_first_event_ever_is_not_a_gap_but_in_an_older_source_it_is() {
        let counts = [0, 0, 0, 0, 0, 0, 0, 5, 5];
        assert_eq!(found(&counts, 7), []);
        assert_eq!(found(&counts, -100), [(0, 7)]);
    }

    #[test]
    fn silence_that_is_still_going_on_is_a_gap() {
        assert_eq!(found(&[5, 5, 0, 0, 0, 0, 0, 0], 0), [(2, 8)]);
        assert_eq!(found(&[], 0), []);
        assert_eq!(found(&[0; 8], -1), [(0, 8)]);
    }
}
