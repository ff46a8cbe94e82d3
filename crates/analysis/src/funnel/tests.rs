//! Tables worked out by hand. A journey is written as letters with times: `A0 B5`. A funnel is
//! written as the letters of its steps; an exclusion is a letter with the steps between which it
//! must not occur.

use super::{Exclusion, Funnel, FunnelTally, Mark, Order, Walk, arrange, walk};

type Excluded = &'static [(char, usize, usize)];

const ALWAYS: Excluded = &[];

fn funnel(order: Order, steps: &str, window: Option<i64>, excluded: Excluded) -> Funnel {
    Funnel {
        steps: steps.len(),
        order,
        window,
        exclusions: excluded
            .iter()
            .map(|&(_, after, before)| Exclusion { after, before })
            .collect(),
    }
}

/// Marks in the order in which they were sent, all in one table.
fn marks(order: Order, journey: &str, steps: &str, excluded: Excluded) -> Vec<Mark> {
    let bits = |letters: Vec<char>, letter: char| {
        let numbered = letters.into_iter().enumerate();
        numbered
            .filter(|&(_, known)| known == letter)
            .fold(0, |bits, (i, _)| bits | 1 << i)
    };
    let mut marks: Vec<Mark> = journey
        .split_whitespace()
        .zip(0..)
        .map(|(word, row)| {
            let letter = word.chars().next().unwrap();
            Mark {
                at: word[1..].parse().unwrap(),
                steps: bits(steps.chars().collect(), letter),
                exclusions: bits(excluded.iter().map(|e| e.0).collect(), letter),
                place: (0, 0, row),
            }
        })
        .collect();
    arrange(order, &mut marks);
    marks
}

/// How far a journey gets, as text: the times of its steps, `outside` or `excluded`.
fn walked(
    order: Order,
    steps: &str,
    window: Option<i64>,
    excluded: Excluded,
    journey: &str,
) -> String {
    let found = walk(
        &funnel(order, steps, window, excluded),
        &marks(order, journey, steps, excluded),
    );
    match found {
        Walk::Outside => "outside".to_owned(),
        Walk::Excluded => "excluded".to_owned(),
        Walk::Reached { times, .. } => {
            let times: Vec<_> = times.iter().map(i64::to_string).collect();
            times.join(" ")
        }
    }
}

#[test]
fn the_three_orders_read_the_same_journeys_differently() {
    for (journey, sequential, strict, any) in [
        ("A1 B2 C3", "1 2 3", "1 2 3", "1 2 3"),
        ("A1 O2 B3 C4", "1 3 4", "1", "1 3 4"),
        ("A1 B2 O3 C4", "1 2 4", "1 2", "1 2 4"),
        ("C1 B2 A3", "3", "3", "1 2 3"),
        ("B1 C2", "outside", "outside", "1 2"),
        ("B1 A2 C3", "2", "2", "1 2 3"),
        ("A1 A2 B3 C4", "1 3 4", "2 3 4", "1 3 4"),
        ("A1 C2 B3 C4", "1 3 4", "1", "1 2 3"),
        ("A1 B2 A3 B4 C5", "1 2 5", "3 4 5", "1 2 5"),
        ("O1 O2", "outside", "outside", "outside"),
        ("", "outside", "outside", "outside"),
    ] {
        let found = [Order::Sequential, Order::Strict, Order::Any]
            .map(|order| walked(order, "ABC", None, ALWAYS, journey));
        assert_eq!(found, [sequential, strict, any], "{journey}");
    }
}

#[test]
fn every_step_is_within_the_window_that_begins_with_the_first() {
    for (order, journey, reached) in [
        // The last moment of the window belongs to it.
        (Order::Sequential, "A0 B5 C10", "0 5 10"),
        (Order::Sequential, "A0 B5 C11", "0 5"),
        // The window is not from step to step: 9 and 9 are 18.
        (Order::Sequential, "A0 B9 C18", "0 9"),
        // A later attempt that gets further counts.
        (Order::Sequential, "A0 B5 A8 B12 C18", "8 12 18"),
        // Of attempts that get equally far, the first counts.
        (Order::Sequential, "A0 B5 A20 B22", "0 5"),
        (Order::Strict, "A0 B5 C11 A20 B21 C22", "20 21 22"),
        (Order::Any, "C0 A11 B12 C13", "11 12 13"),
        (Order::Any, "C0 A11 B12", "11 12"),
    ] {
        assert_eq!(
            walked(order, "ABC", Some(10), ALWAYS, journey),
            reached,
            "{order:?} {journey}"
        );
    }
}

#[test]
fn within_one_instant_a_strict_funnel_follows_the_order_in_which_events_were_sent() {
    for (journey, sequential, strict, any) in [
        ("A1 B1 C1", "1 1 1", "1 1 1", "1 1 1"),
        // Something is in between, though at the same time.
        ("A1 O1 B1 C1", "1 1 1", "1", "1 1 1"),
        ("A1 B1 O1 C1", "1 1 1", "1 1", "1 1 1"),
        ("C1 B1 A1", "1 1 1", "1", "1 1 1"),
        ("O1 A1 B1 C2", "1 1 2", "1 1 2", "1 1 2"),
    ] {
        for (order, reached) in [
            (Order::Sequential, sequential),
            (Order::Strict, strict),
            (Order::Any, any),
        ] {
            assert_eq!(
                walked(order, "ABC", None, ALWAYS, journey),
                reached,
                "{order:?} {journey}"
            );
        }
    }
}

#[test]
fn of_two_tables_in_one_commit_each_keeps_its_order_and_the_list_of_steps_decides() {
    let mark = |steps, commit, table, row| Mark {
        at: 7,
        steps,
        exclusions: 0,
        place: (commit, table, row),
    };
    let arranged = |mut marks: Vec<Mark>| {
        arrange(Order::Strict, &mut marks);
        marks.iter().map(|mark| mark.steps).collect::<Vec<_>>()
    };
    // A and C of one table, B of another.
    let found = arranged(vec![
        mark(0b010, 1, 2, 9),
        mark(0b100, 1, 1, 6),
        mark(0b001, 1, 1, 5),
    ]);
    assert_eq!(found, [0b001, 0b010, 0b100]);
    // An earlier commit comes first.
    let found = arranged(vec![mark(0b001, 2, 1, 5), mark(0b010, 1, 2, 9)]);
    assert_eq!(found, [0b010, 0b001]);
    // C before A in one table: that is how they were sent.
    let found = arranged(vec![mark(0b100, 1, 1, 5), mark(0b001, 1, 1, 6)]);
    assert_eq!(found, [0b100, 0b001]);
}

#[test]
fn a_step_that_is_listed_twice_must_happen_twice() {
    for (order, journey, reached) in [
        (Order::Sequential, "A1 B2", "1"),
        (Order::Sequential, "A1 A2 B3", "1 2 3"),
        (Order::Sequential, "A1 O2 A3 O4 B5", "1 3 5"),
        (Order::Strict, "A1 A2 B3", "1 2 3"),
        // The attempt that begins at the second A is the one without anything in between.
        (Order::Strict, "A1 O2 A3 A4 B5", "3 4 5"),
        (Order::Strict, "A1 A2 A3 B4", "2 3 4"),
        (Order::Any, "B1 A2", "1 2"),
        (Order::Any, "A1 B2 A3", "1 2 3"),
    ] {
        assert_eq!(
            walked(order, "AAB", None, ALWAYS, journey),
            reached,
            "{order:?} {journey}"
        );
    }
}

#[test]
fn an_exclusion_counts_between_its_steps_and_nowhere_else() {
    const ANYWHERE: Excluded = &[('X', 1, 3)];
    const AFTER_B: Excluded = &[('X', 2, 3)];
    const BEFORE_B: Excluded = &[('X', 1, 2)];
    for (excluded, journey, reached) in [
        (ANYWHERE, "A1 B2 C3", "1 2 3"),
        (ANYWHERE, "X0 A1 B2 C3 X4", "1 2 3"),
        (ANYWHERE, "A1 X2 B3 C4", "excluded"),
        (ANYWHERE, "A1 B2 X3 C4", "excluded"),
        // Not converted, and never will be by this attempt.
        (ANYWHERE, "A1 X2", "excluded"),
        (AFTER_B, "A1 X2 B3 C4", "1 3 4"),
        (AFTER_B, "A1 B2 X3 C4", "excluded"),
        (BEFORE_B, "A1 X2 B3 C4", "excluded"),
        (BEFORE_B, "A1 B2 X3 C4", "1 2 4"),
        // A new attempt begins clean.
        (ANYWHERE, "A1 X2 A3 B4 C5", "3 4 5"),
        (ANYWHERE, "A1 X2 A3 B4", "3 4"),
        // B was before X, whatever comes later.
        (AFTER_B, "A1 B2 X3 B4 C5", "excluded"),
    ] {
        assert_eq!(
            walked(Order::Sequential, "ABC", None, excluded, journey),
            reached,
            "{excluded:?} {journey}"
        );
    }
}

#[test]
fn an_exclusion_after_the_window_does_not_count() {
    const X: Excluded = &[('X', 1, 3)];
    let found = |journey| walked(Order::Sequential, "ABC", Some(10), X, journey);
    assert_eq!(found("A0 B5 X11 C12"), "0 5");
    assert_eq!(found("A0 B5 X10 C12"), "excluded");
}

#[test]
fn exclusions_hold_in_every_order() {
    const X: Excluded = &[('X', 1, 3)];
    for (order, journey, reached) in [
        (Order::Strict, "A1 X2 B3 C4", "excluded"),
        (Order::Strict, "A1 O2 X3 B4", "1"),
        (Order::Any, "C1 B2 X3 X4", "excluded"),
        // A new attempt, at another step.
        (Order::Any, "C1 X2 B3 A4", "3 4"),
        (Order::Any, "X0 C1 B2 A3 X4", "1 2 3"),
        (Order::Any, "C1 X2 C3 B4 A5", "3 4 5"),
    ] {
        assert_eq!(
            walked(order, "ABC", None, X, journey),
            reached,
            "{order:?} {journey}"
        );
    }
}

/// "Bought without coming back to the cart": the first step itself is the exclusion.
#[test]
fn a_step_can_be_its_own_exclusion() {
    const A: Excluded = &[('A', 1, 2)];
    let found = |journey| walked(Order::Sequential, "AB", None, A, journey);
    assert_eq!(found("A1 B2"), "1 2");
    assert_eq!(found("A1 A2 B3"), "2 3");
    assert_eq!(found("A1 A2"), "2");
}

#[test]
fn marks_of_one_moment_are_taken_in_the_order_of_the_steps() {
    for journey in ["C5 B5 A5", "A5 B5 C5", "B5 A5 C5"] {
        let found = walked(Order::Sequential, "ABC", Some(0), ALWAYS, journey);
        assert_eq!(found, "5 5 5", "{journey}");
    }
    const X: Excluded = &[('X', 1, 2)];
    assert_eq!(walked(Order::Sequential, "AB", None, X, "X5 B5 A5"), "5 5");
}

#[test]
fn a_funnel_of_one_step_is_done_with_it() {
    for order in [Order::Sequential, Order::Strict, Order::Any] {
        assert_eq!(walked(order, "A", Some(0), ALWAYS, "O1 A2 A3"), "2");
    }
}

/// Eleven contacts, sequential, window 10. Reached: 9, 6, 3; one is excluded (by X), one never
/// entered.
#[test]
fn a_table_of_eleven_contacts_adds_up() {
    const X: Excluded = &[('X', 1, 3)];
    let contacts = [
        // A journey, and whether it can still get further.
        ("A0 B1 C2", false),
        ("A0 B2 C6", false),
        ("A0 O1 B4 C10", false),
        ("A0 B3 C11", false),
        ("A0 B5", false),
        ("A0 B5", true),
        ("A0", false),
        ("A0 C1", false),
        ("A0", true),
        ("A0 B1 X2 C3", false),
        ("B1 C2", false),
    ];
    let funnel = funnel(Order::Sequential, "ABC", Some(10), X);
    let mut tally = FunnelTally::new(&funnel);
    for (journey, pending) in contacts {
        tally.add(
            &walk(&funnel, &marks(funnel.order, journey, "ABC", X)),
            pending,
            None,
        );
    }
    assert_eq!(
        (
            tally.entered,
            tally.converted,
            tally.excluded,
            tally.outside
        ),
        (9, 3, 1, 1)
    );
    let steps: Vec<_> = tally
        .steps
        .iter()
        .map(|step| (step.reached, step.active, step.dropped))
        .collect();
    assert_eq!(steps, [(9, 1, 2), (6, 1, 2), (3, 0, 0)]);
    // A to B: 1, 2, 4, 3, 5, 5; B to C: 1, 4, 6; A to C: 2, 6, 10.
    let figures = |durations: &crate::Durations| {
        let sorted = durations.clone().sorted();
        (sorted.count(), sorted.mean(), sorted.percentile(50))
    };
    assert_eq!(figures(&tally.steps[0].from_previous), (0, None, None));
    assert_eq!(
        figures(&tally.steps[1].from_previous),
        (6, Some(20.0 / 6.0), Some(3))
    );
    assert_eq!(
        figures(&tally.steps[2].from_previous),
        (3, Some(11.0 / 3.0), Some(4))
    );
    assert_eq!(figures(&tally.time_to_convert), (3, Some(6.0), Some(6)));
}

#[test]
fn in_any_order_steps_are_reached_by_number_and_done_by_name() {
    let funnel = funnel(Order::Any, "ABC", None, ALWAYS);
    let mut tally = FunnelTally::new(&funnel);
    for journey in ["C1", "C1 B2", "B1", "C1 A2 B3"] {
        tally.add(
            &walk(&funnel, &marks(funnel.order, journey, "ABC", ALWAYS)),
            false,
            None,
        );
    }
    let steps: Vec<_> = tally
        .steps
        .iter()
        .map(|step| (step.reached, step.done))
        .collect();
    // At least one, two, three of the steps; A, B, C.
    assert_eq!(steps, [(4, 1), (2, 3), (1, 3)]);
}

#[test]
fn durations_from_a_guessed_time_are_unknown() {
    let funnel = funnel(Order::Sequential, "AB", None, ALWAYS);
    let walk = walk(&funnel, &marks(funnel.order, "A3 B3", "AB", ALWAYS));
    let mut tally = FunnelTally::new(&funnel);
    tally.add(&walk, false, Some(3));
    assert_eq!((tally.converted, tally.steps[1].reached), (1, 1));
    let unknown = crate::Durations::default();
    assert_eq!(tally.time_to_convert, unknown);
    assert_eq!(tally.steps[1].from_previous, unknown);
}

/// Tries every choice of marks one by one: what the walk must find without exclusions.
#[test]
fn the_sequential_walk_gets_as_far_as_any_choice_of_marks_could() {
    let mut seed = 7_u64;
    let mut random = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) % below
    };
    for _ in 0..2_000 {
        let window = (random(2) == 0).then(|| random(12) as i64);
        let journey: Vec<Mark> = (0..random(8))
            .map(|i| Mark {
                at: (i * 2 + random(2)) as i64,
                steps: random(8) as u32,
                ..Mark::default()
            })
            .collect();
        let funnel = Funnel {
            steps: 3,
            order: Order::Sequential,
            window,
            exclusions: Vec::new(),
        };
        let found = match walk(&funnel, &journey) {
            Walk::Reached { times, .. } => times.len(),
            _ => 0,
        };
        assert_eq!(found, deepest(&journey, window), "{window:?} {journey:?}");
    }
}

#[test]
fn who_does_the_last_step_without_another_finished_otherwise() {
    for (journey, window, sequential, strict, any) in [
        ("A1 B2 C3", None, false, false, false),
        ("A1 C2", None, true, true, true),
        ("A1 B2", None, false, false, false),
        ("A1 B2 O3 C4", None, false, true, false),
        // In order, the last step counts after the first only; in every order within the window only.
        ("C1 A2 B3", None, false, false, false),
        ("C1 A2", None, false, false, true),
        ("A1 C9", Some(5), false, false, false),
        ("A1 C6", Some(5), true, true, true),
    ] {
        for (order, expected) in [
            (Order::Sequential, sequential),
            (Order::Strict, strict),
            (Order::Any, any),
        ] {
            let funnel = funnel(order, "ABC", window, ALWAYS);
            let way = walk(&funnel, &marks(order, journey, "ABC", ALWAYS));
            let mut tally = FunnelTally::new(&funnel);
            tally.add(&way, false, None);
            let sum = |of: fn(&super::StepTally) -> u64| tally.steps.iter().map(of).sum::<u64>();
            let found = sum(|step| step.finished_otherwise);
            assert_eq!(found, u64::from(expected), "{order:?} {journey}");
            assert!(found <= sum(|step| step.dropped), "{order:?} {journey}");
            // Who can still get further has not finished.
            let mut open = FunnelTally::new(&funnel);
            open.add(&way, true, None);
            assert!(open.steps.iter().all(|step| step.finished_otherwise == 0));
        }
    }
}

fn deepest(journey: &[Mark], window: Option<i64>) -> usize {
    let choices = 0..1_u32 << journey.len();
    let fits = |choice: u32| {
        let chosen: Vec<&Mark> = (0..journey.len())
            .filter(|i| choice & (1 << i) != 0)
            .map(|i| &journey[i])
            .collect();
        let in_order = chosen.len() <= 3
            && chosen
                .iter()
                .enumerate()
                .all(|(step, mark)| mark.steps & (1 << step) != 0);
        let length = chosen
            .first()
            .zip(chosen.last())
            .map_or(0, |(first, last)| last.at - first.at);
        (in_order && window.is_none_or(|window| length <= window)).then_some(chosen.len())
    };
    choices.filter_map(fits).max().unwrap_or(0)
}
