use weir_model::time::DAY;

use super::*;

fn edges(count: i64) -> Vec<Timestamp> {
    (0..count).map(|day| Timestamp(day * DAY)).collect()
}

fn member(cohort: usize, returned: &[usize]) -> Member {
    Member {
        cohort,
        returned: returned.to_vec(),
    }
}

/// Percentages rounded down, as in the tables worked out by hand; -1 where there is no cell.
fn percents(cohort: &Cohort) -> Vec<i64> {
    let whole = |cell: &Option<Cell>| cell.map_or(-1, |cell| cell.percent.unwrap_or(-1.0) as i64);
    cohort.cells.iter().map(whole).collect()
}

fn open(cohort: &Cohort) -> Vec<bool> {
    let cells = cohort.cells.iter().flatten();
    cells.map(|cell| cell.open).collect()
}

const LONG_AFTER: Timestamp = Timestamp(1_000 * DAY);

/// Three begin on day 0: one comes back on day 1, one on day 5, one never.
fn three() -> [Member; 3] {
    [member(0, &[0, 1]), member(0, &[0, 5]), member(0, &[0])]
}

#[test]
fn n_day_retention_of_three_members_is_that_worked_out_by_hand() {
    let edges = edges(20);
    let periods = Periods::Calendar { edges: &edges };
    let table = retention(&three(), 1, &Span::n_day(6), periods, LONG_AFTER);
    assert_eq!(table.cohorts[0].size, 3);
    assert_eq!(percents(&table.cohorts[0]), [100, 33, 0, 0, 0, 33, 0]);
    assert_eq!(open(&table.cohorts[0]), [false; 7]);
}

#[test]
fn unbounded_retention_of_the_same_members_counts_every_later_return() {
    let edges = edges(20);
    let periods = Periods::Calendar { edges: &edges };
    let table = retention(&three(), 1, &Span::unbounded(6), periods, LONG_AFTER);
    assert_eq!(percents(&table.cohorts[0]), [100, 66, 33, 33, 33, 33, 0]);
}

#[test]
fn a_bracket_counts_a_member_once_however_often_they_came_back_in_it() {
    let edges = edges(40);
    let periods = Periods::Calendar { edges: &edges };
    let span = |from, to| Span { from, to: Some(to) };
    let brackets = [span(0, 0), span(1, 3), span(4, 6), span(7, 13)];
    let members = [
        member(0, &[0, 1, 2, 3, 5]),
        member(0, &[0, 3]),
        member(0, &[0, 6, 13]),
        member(0, &[0]),
    ];
    let table = retention(&members, 1, &brackets, periods, LONG_AFTER);
    assert_eq!(percents(&table.cohorts[0]), [100, 50, 50, 25]);
}

#[test]
fn a_bracket_is_open_until_its_last_period_has_ended() {
    let edges = edges(40);
    let periods = Periods::Calendar { edges: &edges };
    let brackets = [
        Span {
            from: 1,
            to: Some(3),
        },
        Span {
            from: 4,
            to: Some(6),
        },
    ];
    let at = |day: i64| {
        let now = Timestamp(day * DAY);
        let table = retention(&[member(0, &[0])], 1, &brackets, periods, now);
        open(&table.cohorts[0])
    };
    assert_eq!(at(1), [] as [bool; 0]);
    assert_eq!(at(3), [true]);
    assert_eq!(at(4), [false]);
    assert_eq!(at(5), [false, true]);
    assert_eq!(at(7), [false, false]);
}

#[test]
fn a_calendar_period_is_open_until_its_bucket_ends_and_absent_before_it_begins() {
    let edges = edges(20);
    let periods = Periods::Calendar { edges: &edges };
    let members = [member(0, &[0, 1]), member(1, &[0])];
    // Noon of day 2: period 2 of cohort 0 and period 1 of cohort 1 are going on.
    let noon = Timestamp(2 * DAY + DAY / 2);
    let table = retention(&members, 2, &Span::n_day(3), periods, noon);
    assert_eq!(percents(&table.cohorts[0]), [100, 100, 0, -1]);
    assert_eq!(open(&table.cohorts[0]), [false, false, true]);
    assert_eq!(percents(&table.cohorts[1]), [100, 0, -1, -1]);
    assert_eq!(open(&table.cohorts[1]), [false, true]);
    // At midnight of day 3 they are complete, and the next have not begun.
    let table = retention(&members, 2, &Span::n_day(3), periods, Timestamp(3 * DAY));
    assert_eq!(open(&table.cohorts[0]), [false, false, false]);
    assert_eq!(open(&table.cohorts[1]), [false, false]);
}

#[test]
fn a_rolling_period_is_open_until_it_has_ended_for_the_latest_possible_member() {
    let edges = edges(2);
    let periods = Periods::Rolling {
        edges: &edges,
        width: DAY,
    };
    let at = |days: f64| {
        let now = Timestamp((days * DAY as f64) as i64);
        let table = retention(&[member(0, &[0])], 1, &Span::n_day(2), periods, now);
        open(&table.cohorts[0])
    };
    // For a member who began at the end of day 0, period 0 lasts until the end of day 1.
    assert_eq!(at(0.5), [true]);
    assert_eq!(at(1.5), [true, true]);
    assert_eq!(at(2.0), [false, true]);
    assert_eq!(at(3.0), [false, false, true]);
    assert_eq!(at(4.0), [false, false, false]);
}

#[test]
fn totals_weigh_cohorts_by_size_and_leave_open_periods_out() {
    let edges = edges(20);
    let periods = Periods::Calendar { edges: &edges };
    let members = [
        member(0, &[0, 1]),
        member(0, &[0]),
        member(1, &[0, 1]),
        member(1, &[0, 1]),
        member(1, &[0, 1]),
        member(1, &[0]),
    ];
    let total = |now: i64, column: usize| {
        let table = retention(&members, 3, &Span::n_day(2), periods, Timestamp(now));
        table.totals[column]
    };
    let both = Total {
        size: 6,
        count: 4,
        percent: Some(400.0 / 6.0),
        cohorts: 2,
    };
    assert_eq!(total(10 * DAY, 1), both);
    // On day 2, period 1 of the second cohort is still open.
    let first = Total {
        size: 2,
        count: 1,
        percent: Some(50.0),
        cohorts: 1,
    };
    assert_eq!(total(2 * DAY + 1, 1), first);
}

#[test]
fn a_cohort_without_members_has_no_share() {
    let edges = edges(5);
    let periods = Periods::Calendar { edges: &edges };
    let table = retention(&[], 1, &Span::n_day(0), periods, LONG_AFTER);
    let empty = Cell {
        count: 0,
        percent: None,
        open: false,
    };
    assert_eq!(table.cohorts[0].cells, [Some(empty)]);
    assert_eq!(table.totals[0].percent, None);
}
