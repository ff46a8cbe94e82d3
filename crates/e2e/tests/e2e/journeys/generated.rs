//! Several hundred random executions: the server's answers match what plain Rust computes from the
//! same events by trying every choice of marks.

use std::collections::{BTreeMap, BTreeSet};

use rand::{Rng, SeedableRng, rngs::StdRng, seq::SliceRandom};
use serde_json::{Value, json};
use weir_e2e::TestApp;

use super::column;

const WORKFLOW: &str = "chance";
/// 2024-01-01T00:00:00Z.
const START: i64 = 1_704_067_200_000;
const DAY: i64 = 86_400_000;
const HOUR: i64 = 3_600_000;
const DAYS: i64 = 10;
const STEPS: [&str; 4] = ["a", "b", "c", "d"];

/// A generated execution.
struct Made {
    id: String,
    subject: Option<String>,
    started: i64,
    end: Option<(&'static str, i64)>,
    /// Steps that completed.
    ran: Vec<(i64, &'static str)>,
    goal: Option<i64>,
}

/// Times are unique, so that no order depends on chance.
fn made(count: usize) -> Vec<Made> {
    let mut random = StdRng::seed_from_u64(11);
    let one = |number: usize, random: &mut StdRng| {
        let unique = number as i64 * 20;
        // Some begin before and some after the requested range.
        let started =
            START + random.random_range(-DAY..(DAYS + 1) * DAY) / 20_000 * 20_000 + unique;
        let mut at = started;
        let ran: Vec<_> = (0..random.random_range(0..8))
            .map(|i| {
                at += random.random_range(1..10) * HOUR / 20_000 * 20_000;
                (at + i + 1, STEPS[random.random_range(0..STEPS.len())])
            })
            .collect();
        let end = ["completed", "failed", "canceled", "crashed", ""][random.random_range(0..5)];
        Made {
            id: format!("x{number}"),
            subject: (random.random_range(0..8) > 0)
                .then(|| format!("s{}", random.random_range(0..count / 3))),
            started,
            end: (!end.is_empty()).then_some((end, at + 15)),
            ran,
            goal: (random.random_range(0..3) == 0)
                .then(|| started + random.random_range(0..48) * HOUR + 12),
        }
    };
    (0..count).map(|number| one(number, &mut random)).collect()
}

fn events(made: &[Made]) -> Vec<Value> {
    let mut events = Vec::new();
    for one in made {
        let state = |status: &str, at: i64| {
            json!({"type": "execution", "workflowId": WORKFLOW, "executionId": one.id, "status": status,
                "timestamp": at, "subjectId": one.subject})
        };
        events.push(state("started", one.started));
        events.extend(one.end.map(|(status, at)| state(status, at)));
        events.extend(one.ran.iter().map(|(at, step)| {
            json!({"type": "step", "workflowId": WORKFLOW, "executionId": one.id, "stepId": step,
                "id": format!("{}/{at}", one.id), "status": "completed", "timestamp": at})
        }));
        events.extend(one.goal.map(|at| {
            json!({"type": "goal", "workflowId": WORKFLOW, "executionId": one.id, "goalId": "g", "timestamp": at})
        }));
    }
    events.shuffle(&mut StdRng::seed_from_u64(5));
    events
}

fn in_range(one: &&Made) -> bool {
    (START..START + DAYS * DAY).contains(&one.started)
}

/// The marks of each actor, in order of time; `>` is the enrolment.
fn journeys(made: &[Made], by_subject: bool) -> Vec<Vec<(i64, &str)>> {
    let mut journeys: BTreeMap<&str, Vec<(i64, &str)>> = BTreeMap::new();
    for one in made.iter().filter(in_range) {
        let actor = match by_subject {
            true => one.subject.as_deref(),
            false => Some(one.id.as_str()),
        };
        let Some(actor) = actor else { continue };
        let marks = journeys.entry(actor).or_default();
        marks.push((one.started, ">"));
        marks.extend(one.ran.iter().copied());
    }
    journeys
        .values_mut()
        .for_each(|marks| marks.sort_unstable());
    journeys.into_values().collect()
}

/// The most steps that any choice of marks reaches that begins with the first step.
fn sequential(marks: &[(i64, &str)], steps: &[&str], end: i64) -> usize {
    let Some((wanted, rest)) = steps.split_first() else {
        return 0;
    };
    let choices = marks.iter().enumerate();
    choices
        .filter(|(_, (at, name))| name == wanted && *at <= end)
        .map(|(i, _)| 1 + sequential(&marks[i + 1..], rest, end))
        .max()
        .unwrap_or(0)
}

fn strict(marks: &[(i64, &str)], steps: &[&str], end: i64) -> usize {
    let pairs = marks.iter().zip(steps);
    pairs
        .take_while(|((at, name), wanted)| name == *wanted && *at <= end)
        .count()
}

fn any(marks: &[(i64, &str)], steps: &[&str], end: i64) -> usize {
    let in_time = marks.iter().filter(|(at, _)| *at <= end);
    let names: BTreeSet<&str> = in_time.map(|(_, name)| *name).collect();
    steps.iter().filter(|step| names.contains(*step)).count()
}

/// A function for the number of steps that marks reach, and whether attempts begin with the first step.
type Depth = (fn(&[(i64, &str)], &[&str], i64) -> usize, bool);

/// The number of journeys that reach at least each step, whichever mark they begin with.
fn reached(
    journeys: &[Vec<(i64, &str)>],
    steps: &[&str],
    window: Option<i64>,
    (deepest_from, anchored): Depth,
) -> Vec<i64> {
    let deepest = |marks: &Vec<(i64, &str)>| {
        let starts = (0..marks.len()).filter(|&i| steps.contains(&marks[i].1));
        let depths = starts.map(|i| {
            let end = window.map_or(i64::MAX, |window| marks[i].0 + window);
            match marks[i].1 == steps[0] || !anchored {
                true => deepest_from(&marks[i..], steps, end),
                false => 0,
            }
        });
        depths.max().unwrap_or(0)
    };
    let depths: Vec<usize> = journeys.iter().map(deepest).collect();
    (1..=steps.len())
        .map(|step| depths.iter().filter(|&&depth| depth >= step).count() as i64)
        .collect()
}

const RANGE: &str = "from=2024-01-01T00:00:00Z&to=2024-01-11T00:00:00Z&granularity=daily";

#[test]
fn funnels_match_those_computed_from_every_choice_of_marks() {
    let made = made(600);
    let app = filled(&made);
    let orders: [(&str, Depth); 3] = [
        ("sequential", (sequential, true)),
        ("strict", (strict, true)),
        ("any", (any, false)),
    ];
    let mut converted = 0;
    for steps in [
        &[">", "a", "b", "c"][..],
        &["a", "b"],
        &["b", "a", "d", "c"],
    ] {
        for (order, depth) in orders {
            for (window, length) in [
                ("", None),
                ("&window=24h", Some(DAY)),
                ("&window=5h", Some(5 * HOUR)),
            ] {
                for unit in ["execution", "subject"] {
                    let words: Vec<String> = steps
                        .iter()
                        .map(|step| match *step {
                            ">" => "enrolled".to_owned(),
                            step => format!("step:{step}"),
                        })
                        .collect();
                    let path = format!(
                        "/api/v1/workflows/{WORKFLOW}/analytics/funnel?{RANGE}&steps={}&order={order}{window}&unit={unit}",
                        words.join(",")
                    );
                    let found = app.get(&path).json();
                    let journeys = journeys(&made, unit == "subject");
                    let mut expected = journeys;
                    // If the enrolment is not a step, it does not lie in between.
                    if !steps.contains(&">") {
                        expected
                            .iter_mut()
                            .for_each(|marks| marks.retain(|(_, name)| *name != ">"));
                    }
                    let expected = reached(&expected, steps, length, depth);
                    assert_eq!(column(&found["steps"], "reached"), expected, "{path}");
                    assert_eq!(found["converted"], *expected.last().unwrap(), "{path}");
                    converted += expected.last().unwrap();
                }
            }
        }
    }
    assert!(
        converted > 500,
        "{converted} conversions are too few to prove anything"
    );
}

#[test]
fn enrolments_match_the_generated_executions() {
    let made = made(600);
    let app = filled(&made);
    let found = app.get(&format!(
        "/api/v1/workflows/{WORKFLOW}/analytics?{RANGE}&window=24h"
    ));
    let found = found.json();
    let mut days = vec![[0_i64; 5]; DAYS as usize];
    for one in made.iter().filter(in_range) {
        let day = &mut days[((one.started - START) / DAY) as usize];
        day[0] += 1;
        match one.end {
            None => day[1] += 1,
            Some(("completed", _)) => day[2] += 1,
            Some(_) => day[3] += 1,
        }
        day[4] += i64::from(one.goal.is_some_and(|at| at - one.started <= DAY));
    }
    for (column_number, name) in super::STANDING.iter().enumerate() {
        let expected: Vec<i64> = days.iter().map(|day| day[column_number]).collect();
        assert_eq!(column(&found["series"], name), expected, "{name}");
        assert_eq!(
            found["summary"][name],
            expected.iter().sum::<i64>(),
            "{name}"
        );
    }
    let open = made.iter().filter(|one| one.end.is_none()).count();
    assert_eq!(found["summary"]["currently_active"], open);
}

fn filled(made: &[Made]) -> TestApp {
    let app = TestApp::start();
    // Several commits, in random order.
    for part in events(made).chunks(1_000) {
        app.take(&part.to_vec().into());
    }
    app
}
