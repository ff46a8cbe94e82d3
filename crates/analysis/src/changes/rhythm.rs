//! The weekly rhythm of a series of days.

use super::Level;

/// Days of a cycle.
const CYCLE: usize = 7;
/// The fewest weeks from which a rhythm can be known.
const FEWEST_WEEKS: usize = 3;

/// The series without its weekly rhythm: each day minus the usual deviation of its weekday from its
/// week. Both are medians, so one unusual week or a shift of the level changes little. A series of
/// less than three weeks stays as it is.
///
/// The usual deviation is the seasonal component of classical decomposition, by medians: Kendall,
/// Stuart, The Advanced Theory of Statistics 3 (1966), 46.
pub fn without_rhythm(days: &[Option<Level>]) -> Vec<Option<Level>> {
    let Some(usual) = usual(days) else {
        return days.to_vec();
    };
    let cycled = days.iter().zip(usual.iter().cycle());
    cycled
        .map(|(day, usual)| {
            day.map(|level| Level {
                value: level.value - usual,
                ..level
            })
        })
        .collect()
}

/// The usual deviation of each day of the cycle, counted from the first bucket.
fn usual(days: &[Option<Level>]) -> Option<[f64; CYCLE]> {
    let mut deviations: [Vec<f64>; CYCLE] = Default::default();
    for week in days.chunks_exact(CYCLE) {
        let known: Vec<f64> = week.iter().flatten().map(|level| level.value).collect();
        let Some(middle) = median(known) else {
            continue;
        };
        for (day, level) in week.iter().enumerate() {
            deviations[day].extend(level.map(|level| level.value - middle));
        }
    }
    let mut usual = [0.0; CYCLE];
    for (usual, deviations) in usual.iter_mut().zip(deviations) {
        // A weekday without data has no values that could be adjusted wrongly.
        if !deviations.is_empty() && deviations.len() < FEWEST_WEEKS {
            return None;
        }
        *usual = median(deviations).unwrap_or(0.0);
    }
    Some(usual)
}

/// The median; `None` without values.
pub fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let upper = values.get(middle)?;
    let lower = values.get((values.len() - 1) / 2)?;
    Some((lower + upper) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: impl IntoIterator<Item = f64>) -> Vec<Option<Level>> {
        let levels = values.into_iter();
        levels
            .map(|value| Some(Level { value, weight: 1.0 }))
            .collect()
    }

    fn values(levels: &[Option<Level>]) -> Vec<f64> {
        levels.iter().flatten().map(|level| level.value).collect()
    }

    #[test]
    fn slow_weekends_are_not_a_change_and_a_shift_stays() {
        let rhythm = |day: usize| if day % 7 >= 5 { 0.8 } else { 0.0 };
        let shift = |day: usize| if day >= 24 { 2.0 } else { 0.0 };
        let days = of((0..35).map(|day| 5.0 + rhythm(day) + shift(day)));
        let expected: Vec<f64> = (0..35).map(|day| 5.0 + shift(day)).collect();
        assert_eq!(values(&without_rhythm(&days)), expected);
    }

    #[test]
    fn one_unusual_week_is_no_rhythm() {
        let mut days = of([1.0; 28]);
        days[8] = of([9.0])[0];
        assert_eq!(values(&without_rhythm(&days)), values(&days));
    }

    #[test]
    fn two_weeks_are_too_few_to_know_a_rhythm() {
        let days = of((0..20).map(|day| (day % 7) as f64));
        assert_eq!(without_rhythm(&days), days);
    }
}
