//! Active users by day, week and month, and stickiness.

/// The number of days in a week.
pub const WEEK: usize = 7;
/// The number of days in a month: fixed, so that months can be compared.
pub const MONTH: usize = 30;

/// For each day `0..days`, the number of users who were active on that day or on one of the
/// `width - 1` days before it. `presence` has, for each user, the numbers of the days on which they
/// were active, ascending. Earlier days need numbers too, so the caller starts counting
/// `width - 1` days early.
pub fn active_in_windows<'a>(
    presence: impl IntoIterator<Item = &'a [usize]>,
    days: usize,
    width: usize,
) -> Vec<u64> {
    // Changes in the number of users: a user counts from an active day until `width` days later.
    let mut changes = vec![0_i64; days + 1];
    for active in presence {
        let mut counted_until = 0;
        for &day in active.iter().filter(|&&day| day < days) {
            let until = (day + width).min(days);
            let from = day.max(counted_until);
            changes[from] += 1;
            changes[until] -= 1;
            counted_until = until;
        }
    }
    let mut users = 0;
    changes[..days]
        .iter()
        .map(|change| {
            users += change;
            users.unsigned_abs()
        })
        .collect()
}

/// Daily over monthly active users, in percent: 100 means that every user of the month was active
/// on the day. `None` without users in the month.
pub fn stickiness(daily: u64, monthly: u64) -> Option<f64> {
    (monthly > 0).then(|| 100.0 * daily as f64 / monthly as f64)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn three_users_over_a_week_are_counted_as_worked_out_by_hand() {
        // Ada is active daily, Grace on days 0 and 5, Linus on day 6.
        let presence: [&[usize]; 3] = [&[0, 1, 2, 3, 4, 5, 6], &[0, 5], &[6]];
        assert_eq!(active_in_windows(presence, 7, 1), [2, 1, 1, 1, 1, 2, 2]);
        assert_eq!(active_in_windows(presence, 7, 3), [2, 2, 2, 1, 1, 2, 3]);
        assert_eq!(active_in_windows(presence, 7, 7), [2, 2, 2, 2, 2, 2, 3]);
    }

    #[test]
    fn windows_agree_with_counting_each_separately() {
        // A small random generator: presence of 40 users over 60 days, some of them rare.
        let mut state = 12_345_u64;
        let mut random = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            state >> 33
        };
        let presence: Vec<Vec<usize>> = (0..40)
            .map(|user| (0..60).filter(|_| random() % (2 + user) == 0).collect())
            .collect();
        for width in [1, 2, WEEK, MONTH, 90] {
            let expected: Vec<u64> = (0..60_usize)
                .map(|day| {
                    let in_window =
                        |user: &Vec<usize>| user.iter().any(|&d| d <= day && day < d + width);
                    presence.iter().filter(|user| in_window(user)).count() as u64
                })
                .collect();
            let slices = presence.iter().map(Vec::as_slice);
            assert_eq!(active_in_windows(slices, 60, width), expected, "{width}");
        }
        let seen: HashSet<usize> = presence.iter().flatten().copied().collect();
        assert!(seen.len() > 30, "the generator produced almost nothing");
    }

    #[test]
    fn stickiness_is_the_share_of_monthly_users_active_on_the_day() {
        assert_eq!(stickiness(20, 80), Some(25.0));
        assert_eq!(stickiness(0, 80), Some(0.0));
        assert_eq!(stickiness(0, 0), None);
    }
}
