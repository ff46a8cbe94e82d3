use super::*;

/// Reproducible noise from about -1 to 1.
fn noise(day: usize) -> f64 {
    let mixed = (day as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (mixed >> 40) as f64 / f64::from(1 << 23) - 1.0
}

/// Busy weekdays and quiet weekends, growing by 0.2 a day.
fn weekly(days: usize, noisy: f64) -> Vec<f64> {
    (0..days)
        .map(|day| {
            let base = if day % 7 < 5 { 100.0 } else { 20.0 };
            base + 0.2 * day as f64 + noisy * noise(day)
        })
        .collect()
}

#[test]
fn a_weekly_season_with_a_trend_continues() {
    let history = weekly(182, 5.0);
    let found = forecast(&history, 30).unwrap();
    assert_eq!(found.method, Method::MstlEts, "{:?}", found.candidates);
    let future = &weekly(212, 0.0)[182..];
    for (day, expected) in future.iter().enumerate() {
        let value = found.day(day).value;
        assert!(
            (value - expected).abs() < 12.0,
            "day {day}: {value}, {expected}"
        );
    }
    let total: f64 = future.iter().sum();
    let sum = found.sum(0, 30);
    assert!((sum.value / total - 1.0).abs() < 0.04, "{sum:?}, {total}");
    let tested = found.backtest.unwrap();
    assert_eq!((tested.origins, tested.days), (4, 30));
    assert!(tested.error_pct.unwrap() < 8.0, "{tested:?}");
}

#[test]
fn the_best_method_of_the_back_test_is_selected() {
    for history in [weekly(182, 5.0), weekly(60, 40.0), weekly(30, 1.0)] {
        let found = forecast(&history, 30).unwrap();
        let error = |candidate: &Candidate| candidate.backtest.mean_absolute_error;
        let least = found.candidates.iter().map(error).fold(f64::MAX, f64::min);
        assert_eq!(found.backtest.unwrap().mean_absolute_error, least);
        assert_eq!(found.candidates[0].method, found.method);
    }
}

/// The bounds for many noisy histories contain about the stated share of days and of sums of days.
#[test]
fn bounds_contain_about_the_stated_share() {
    let (mut days, mut sums) = (Vec::new(), Vec::new());
    for history in 0..30 {
        let growth = [0.0, 0.3, -0.2][history % 3];
        let all: Vec<f64> = (0..140)
            .map(|day| {
                let base = if day % 7 < 5 { 100.0 } else { 60.0 };
                base + growth * day as f64 + 15.0 * noise(day + 1_000 * history)
            })
            .collect();
        let found = forecast(&all[..112], 28).unwrap();
        let within =
            |bounds: Estimate, actual: f64| bounds.lower <= actual && actual <= bounds.upper;
        days.extend((0..28).map(|day| within(found.day(day), all[112 + day])));
        sums.push(within(found.sum(0, 28), all[112..].iter().sum()));
    }
    let share = |held: &[bool]| {
        let yes = held.iter().filter(|&&held| held).count();
        100.0 * yes as f64 / held.len() as f64
    };
    let (days, sums) = (share(&days), share(&sums));
    assert!((70.0..=95.0).contains(&days), "{days} % of days");
    assert!((65.0..=100.0).contains(&sums), "{sums} % of sums");
}

#[test]
fn too_short_a_history_has_no_forecast_and_a_short_one_is_marked() {
    assert_eq!(quality(&weekly(13, 1.0)), Quality::NotEnoughData);
    assert!(forecast(&weekly(13, 1.0), 30).is_none());
    assert_eq!(quality(&weekly(14, 1.0)), Quality::ShortHistory);
    assert_eq!(quality(&weekly(55, 1.0)), Quality::ShortHistory);
    assert_eq!(quality(&weekly(56, 1.0)), Quality::Ok);
    let mut sparse = vec![0.0; 100];
    sparse[..4].fill(1.0);
    assert_eq!(quality(&sparse), Quality::NotEnoughData);
}

#[test]
fn a_fortnight_is_repeated_without_a_back_test() {
    let history = weekly(14, 0.0);
    let found = forecast(&history, 30).unwrap();
    assert_eq!(found.method, Method::SeasonalNaive);
    assert_eq!((found.backtest, found.candidates.len()), (None, 0));
    assert_eq!(found.day(8).value, history[8]);
}

#[test]
fn a_constant_figure_stays_constant() {
    let found = forecast(&[3.0; 90], 30).unwrap();
    let sum = found.sum(0, 30);
    assert_eq!((sum.value, sum.lower, sum.upper), (90.0, 90.0, 90.0));
    assert_eq!(found.backtest.unwrap().error_pct, Some(0.0));
}

#[test]
fn odd_histories_give_finite_figures() {
    let mut spike = vec![1.0; 100];
    spike[99] = 1e9;
    let mut ends = weekly(100, 3.0);
    ends[60..].fill(0.0);
    let tiny: Vec<f64> = weekly(100, 3.0).iter().map(|value| value * 1e-9).collect();
    for history in [spike, ends, tiny, [0.0, 1.0].repeat(50)] {
        let found = forecast(&history, 30).unwrap();
        for day in 0..30 {
            let Estimate {
                value,
                lower,
                upper,
            } = found.day(day);
            assert!(upper.is_finite() && 0.0 <= lower && lower <= value && value <= upper);
        }
    }
    assert!(forecast(&[f64::NAN; 90], 30).is_none());
}
