//! The long proof: many companies at many moments, with incidents and without. `make changes` runs it;
//! it takes an hour.

use jiff::Timestamp;
use weir_demo::DemoGenerator;
use weir_e2e::{TestApp, say};

use super::{assert_incidents, days_before, fill, get, told};

/// Weekdays and weekends, mornings and nights, winter and summer time.
const MOMENTS: [&str; 4] = [
    "2026-03-12T15:20:30Z",
    "2026-05-03T02:10:00Z",
    "2026-06-15T08:45:00Z",
    "2026-09-05T20:00:00Z",
];
const SEEDS: [u64; 3] = [1, 7, 42];
/// The calm companies.
const CALM: u64 = 12;

#[test]
#[ignore = "takes an hour; `make changes` runs it"]
fn every_company_at_every_moment_tells_its_incidents_and_nothing_else() {
    for (moment, seed) in MOMENTS
        .iter()
        .flat_map(|moment| SEEDS.map(|seed| (moment, seed)))
    {
        let now: Timestamp = moment.parse().unwrap();
        let company = DemoGenerator::new(seed, now).executions_per_day(2_000);
        let app = TestApp::start();
        fill(&app, &company, 50);
        say(&format!("seed {seed} at {moment}"));
        let month = get(&app, &days_before(now, 30));
        assert_incidents(&month, &company, &[0, 1, 2]);
    }
}

#[test]
#[ignore = "takes an hour; `make changes` runs it"]
fn companies_without_incidents_tell_next_to_nothing() {
    let now: Timestamp = MOMENTS[0].parse().unwrap();
    let mut alarms = 0;
    for seed in 100..100 + CALM {
        let company = DemoGenerator::new(seed, now).executions_per_day(2_000);
        let app = TestApp::start();
        fill(&app, &company.without_incidents(), 50);
        let month = get(&app, &days_before(now, 30));
        let found = month["changes"].as_array().unwrap().len();
        alarms += found;
        say(&format!("calm seed {seed}: {found} {:#?}", told(&month)));
    }
    // At a false discovery rate of 1 % for each of eight kinds, at most one in twelve is expected.
    assert!(alarms <= 1, "{alarms} of {CALM}");
}
