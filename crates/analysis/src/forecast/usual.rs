//! Days that a forecast ignores.

use std::collections::BTreeSet;

use super::SEASON;
use crate::changes::rhythm::median;

/// The history with these days, by their position, replaced by what they usually have: the median of the other
/// days of their weekday, or of all other days if their weekday has none. Positions beyond the history do
/// nothing; without any other day, the days stay as they are.
pub fn as_usual(history: &[f64], unusual: &BTreeSet<usize>) -> Vec<f64> {
    let others = |fits: &dyn Fn(usize) -> bool| {
        let days = history.iter().enumerate();
        let days = days.filter(|(day, _)| !unusual.contains(day) && fits(*day));
        median(days.map(|(_, &value)| value).collect())
    };
    let usual = |day: usize| {
        let weekday = day % SEASON;
        others(&|other| other % SEASON == weekday).or_else(|| others(&|_| true))
    };
    let days = history.iter().enumerate();
    days.map(|(day, &value)| match unusual.contains(&day) {
        true => usual(day).unwrap_or(value),
        false => value,
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unusual_day_becomes_the_median_of_its_weekday() {
        // Three weeks: 1 to 7, 11 to 17, 21 to 27.
        let history: Vec<f64> = (0..21)
            .map(|day| f64::from(day / 7 * 10 + day % 7 + 1))
            .collect();
        let mut incident = history.clone();
        incident[9] = 900.0;
        let mended = as_usual(&incident, &BTreeSet::from([9, 99]));
        // The other days of its weekday have 3 and 23.
        assert_eq!(mended[9], 13.0);
        assert_eq!(mended[..9], history[..9]);
        assert_eq!(mended[10..], history[10..]);
        assert_eq!(as_usual(&incident, &BTreeSet::new()), incident);
    }

    #[test]
    fn a_weekday_without_other_days_takes_the_median_of_all() {
        let history = [2.0, 500.0, 4.0];
        assert_eq!(as_usual(&history, &BTreeSet::from([1])), [2.0, 3.0, 4.0]);
        assert_eq!(as_usual(&[5.0], &BTreeSet::from([0])), [5.0]);
    }
}
