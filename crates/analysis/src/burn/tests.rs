use super::*;

fn factors(period_days: u32) -> Vec<f64> {
    let alerts = burn_table(period_days).alerts.iter();
    alerts.map(|alert| alert.factor(period_days)).collect()
}

fn assert_near(found: &[f64], exact: &[f64]) {
    assert_eq!(found.len(), exact.len(), "{found:?}");
    for (found, exact) in found.iter().zip(exact) {
        assert!((found - exact).abs() < 1e-9, "{found} is not {exact}");
    }
}

#[test]
fn the_data_file_can_be_read_and_cites_its_sources() {
    assert!(TABLES.len() >= 3);
    assert!(TABLES.is_sorted_by(|a, b| a.from_days > b.from_days));
    assert_eq!(TABLES.last().map(|table| table.from_days), Some(1));
    for table in TABLES.iter() {
        assert!(table.source.len() > 20, "{}", table.source);
        for alert in &table.alerts {
            assert!(alert.short.milliseconds < alert.long.milliseconds);
            let period = i64::from(table.from_days) * DAY;
            assert!(alert.long.milliseconds < period, "{}", alert.long.text);
        }
    }
}

#[test]
fn factors_follow_from_the_period() {
    assert_near(&factors(30), &[14.4, 6.0, 3.0, 1.0]);
    assert_near(&factors(28), &[13.44, 5.6, 2.8, 28.0 / 30.0]);
    assert_near(&factors(7), &[13.44, 3.5, 1.4, 0.98]);
    assert_near(&factors(1), &[14.4, 2.0]);
    assert_near(&factors(90), &[43.2, 18.0, 9.0, 3.0]);
}

#[test]
fn the_windows_are_those_of_the_workbook() {
    let windows: Vec<_> = burn_table(30)
        .alerts
        .iter()
        .map(|alert| (alert.severity, &*alert.long.text, &*alert.short.text))
        .collect();
    let expected = [
        (Severity::Page, "1h", "5m"),
        (Severity::Page, "6h", "30m"),
        (Severity::Ticket, "1d", "2h"),
        (Severity::Ticket, "3d", "6h"),
    ];
    assert_eq!(windows, expected);
}

#[test]
fn a_period_spends_its_budget_exactly_at_a_burn_rate_of_one() {
    // 2 % may fail, and 2 % did.
    let spent = Counted {
        total: 5_000,
        failed: 100,
    };
    assert_eq!(burn_rate(spent, 2.0), Some(1.0));
    assert_eq!(burn_rate(Counted::default(), 2.0), None);
    let calm = Counted {
        total: 10,
        failed: 0,
    };
    assert_eq!(
        (burn_rate(calm, 2.0), burn_rate(calm, 0.0)),
        (Some(0.0), Some(0.0))
    );
    assert_eq!(burn_rate(spent, 0.0), Some(f64::INFINITY));
}

#[test]
fn an_alert_fires_by_this_table() {
    let counted = |total, failed| Counted { total, failed };
    // 2 % may fail; 14.4 times that is 28.8 %.
    let cases = [
        // Nothing ran.
        (counted(0, 0), counted(0, 0), BurnState::Ok),
        // Few failures.
        (counted(5_000, 50), counted(400, 4), BurnState::Ok),
        // Both burn.
        (counted(5_000, 2_000), counted(400, 200), BurnState::Firing),
        // Exactly at the factor.
        (counted(1_000, 288), counted(125, 36), BurnState::Firing),
        // Just below it.
        (counted(1_000, 287), counted(125, 36), BurnState::Ok),
        // It ended some minutes ago.
        (counted(5_000, 2_000), counted(400, 0), BurnState::Ok),
        (counted(5_000, 2_000), counted(0, 0), BurnState::Ok),
        // It has only just begun.
        (counted(5_000, 100), counted(400, 400), BurnState::Ok),
        // A few failed runs: too few to tell.
        (counted(1, 1), counted(1, 1), BurnState::NotEnoughData),
        (counted(5, 5), counted(5, 5), BurnState::NotEnoughData),
        // Enough runs, and enough failures.
        (counted(30, 12), counted(10, 6), BurnState::Firing),
        (counted(29, 12), counted(10, 6), BurnState::NotEnoughData),
    ];
    for (long, short, expected) in cases {
        let state = burn_state(14.4, long, short, 2.0, 30);
        assert_eq!(state, expected, "{long:?} {short:?}");
    }
}

#[test]
fn failures_within_chance_do_not_fire_even_with_enough_runs() {
    // 0.1 % may fail. One failure in 30 runs is 33 times too many, but a single failure is bound to
    // happen some day.
    let long = Counted {
        total: 30,
        failed: 1,
    };
    assert_eq!(
        burn_state(14.4, long, long, 0.1, 30),
        BurnState::NotEnoughData
    );
    let long = Counted {
        total: 30,
        failed: 3,
    };
    assert_eq!(burn_state(14.4, long, long, 0.1, 30), BurnState::Firing);
}

#[test]
fn an_alert_that_cannot_fire_is_out_of_reach() {
    let all = Counted {
        total: 1_000_000,
        failed: 1_000_000,
    };
    let none = Counted::default();
    // A target of 90 %: 14.4 x 10 % is more than all runs.
    for counted in [all, none] {
        let state = burn_state(14.4, counted, counted, 10.0, 30);
        assert_eq!(state, BurnState::OutOfReach);
        // The slower alerts can.
        let state = burn_state(6.0, counted, counted, 10.0, 30);
        assert_ne!(state, BurnState::OutOfReach);
    }
    // 14.4 times that is exactly all runs.
    let state = burn_state(14.4, all, all, 100.0 / 14.4, 30);
    assert_eq!(state, BurnState::Firing);
    // If every run may fail, no failure is too many.
    assert_eq!(burn_state(0.98, all, all, 100.0, 30), BurnState::OutOfReach);
}

#[test]
fn where_nothing_may_fail_enough_failures_fire() {
    let long = Counted {
        total: 100,
        failed: 2,
    };
    assert_eq!(burn_state(14.4, long, long, 0.0, 30), BurnState::Firing);
}

#[test]
fn an_invalid_length_is_rejected() {
    for bad in ["", "5", "m", "1.5h", "5 m", "é"] {
        assert!(Length::try_from(bad.to_owned()).is_err(), "{bad}");
    }
}

#[test]
fn a_budget_lasts_as_long_as_its_pace_allows() {
    let counted = |total, failed| Counted { total, failed };
    // At a burn rate of 1, a whole budget lasts for the period, and half of it for half of the period.
    assert_eq!(days_left(100.0, 30, counted(100, 2), 2.0), Some(30.0));
    assert_eq!(days_left(50.0, 30, counted(100, 2), 2.0), Some(15.0));
    assert_eq!(days_left(50.0, 28, counted(100, 8), 2.0), Some(3.5));
    assert_eq!(days_left(0.0, 30, counted(100, 0), 2.0), Some(0.0));
    assert_eq!(days_left(-20.0, 30, Counted::default(), 2.0), Some(0.0));
    assert_eq!(days_left(50.0, 30, counted(100, 0), 2.0), None);
    assert_eq!(days_left(50.0, 30, Counted::default(), 2.0), None);
    // Where nothing may fail, a failure spends everything.
    assert_eq!(days_left(100.0, 30, counted(100, 1), 0.0), Some(0.0));
}
