//! Service levels: targets, indicators with many and with few runs, burn rates, and windows
//! measured by the clock.

mod program;
mod standings;
mod targets;
mod windows;

use serde_json::{Value, json};
use weir_e2e::{TestApp, events};

const MINUTE: i64 = 60_000;

/// Runs that ended a minute ago, with these numbers of completed and failed ones; run number i took i ms.
pub fn runs(workflow: &str, completed: usize, failed: usize) -> Vec<Value> {
    let recently = events::now() - MINUTE;
    let run = |index: usize| {
        let status = if index < completed {
            "completed"
        } else {
            "failed"
        };
        json!({"type": "execution", "workflowId": workflow, "executionId": format!("{workflow}-{index}"),
            "status": status, "duration": index + 1, "timestamp": recently})
    };
    (0..completed + failed).map(run).collect()
}

pub fn report(app: &TestApp, parameters: &str) -> Value {
    let answer = app.get(&format!("/api/workflow-analytics/sli?{parameters}"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

pub fn configure(app: &TestApp, config: Value) -> Value {
    let call = app.client().post("/api/workflow-analytics/sli-config");
    let answer = call.json(&config).send();
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// The probability of at least `hits` of `trials`, added up in logarithms.
fn at_least(hits: u64, trials: u64, p: f64) -> f64 {
    let factorial = |n: u64| (1..=n).map(|i| (i as f64).ln()).sum::<f64>();
    let of_all = factorial(trials);
    let term = |k: u64| {
        let ways = of_all - factorial(k) - factorial(trials - k);
        (ways + k as f64 * p.ln() + (trials - k) as f64 * (1.0 - p).ln()).exp()
    };
    (hits..=trials).map(term).sum()
}

#[test]
fn the_indicators_of_0_1_5_and_5_000_runs_have_confidence_bounds() {
    let app = TestApp::start();
    let sent = [("one", 1, 0), ("five", 4, 1), ("many", 4_975, 25)];
    for (workflow, completed, failed) in sent {
        app.take(&runs(workflow, completed, failed).into());
    }
    let of = |workflow: &str| report(&app, &format!("workflowId={workflow}"))["current"].clone();

    let none = of("nothing");
    for field in ["successPct", "p95Ms", "errorBudgetBurnPct", "bounds"] {
        assert_eq!(none[field], Value::Null, "{field}");
    }
    assert_eq!(
        (&none["totalRuns"], &none["verdict"]),
        (&json!(0), &json!("no_data"))
    );
    assert_eq!(none["violatesTarget"], false);
    assert_eq!(none["latency"]["verdict"], "no_data");

    let one = of("one");
    assert_eq!(
        (&one["successPct"], &one["verdict"]),
        (&json!(100.0), &json!("not_enough_data"))
    );
    // One success has a probability of 2.5 % if one in forty succeeds.
    assert_eq!(one["bounds"]["lowerPct"], 2.5);
    assert_eq!(one["bounds"]["upperPct"], 100.0);

    let five = of("five");
    assert_eq!(
        (&five["successPct"], &five["verdict"]),
        (&json!(80.0), &json!("not_enough_data"))
    );
    // 20 % failed, and 2 % may.
    assert_eq!(five["errorBudgetBurnPct"], 1000.0);
    assert_eq!(five["violatesTarget"], true);
    assert_tails(&five["bounds"], 4, 5);

    let many = of("many");
    assert_eq!(
        (
            &many["totalRuns"],
            &many["successfulRuns"],
            &many["failedRuns"]
        ),
        (&json!(5_000), &json!(4_975), &json!(25))
    );
    assert_eq!(
        (&many["successPct"], &many["verdict"]),
        (&json!(99.5), &json!("met"))
    );
    assert_eq!(many["errorBudgetBurnPct"], 25.0);
    assert_eq!(many["allowedFailures"], 100.0);
    assert_tails(&many["bounds"], 4_975, 5_000);
    let p95 = many["p95Ms"].as_f64().unwrap();
    assert!((p95 / 4_750.0 - 1.0).abs() < 0.01, "{p95}");
}

/// Asserts that at exact bounds, the counts have a probability of 2.5 %.
fn assert_tails(bounds: &Value, hits: u64, trials: u64) {
    let bound = |name: &str| bounds[name].as_f64().unwrap() / 100.0;
    let lower = at_least(hits, trials, bound("lowerPct"));
    let upper = 1.0 - at_least(hits + 1, trials, bound("upperPct"));
    assert!((lower - 0.025).abs() < 0.001, "{lower}");
    assert!((upper - 0.025).abs() < 0.001, "{upper}");
}

#[test]
fn the_latency_indicator_is_the_share_of_runs_in_time() {
    let app = TestApp::start();
    app.take(&runs("many", 1_000, 0).into());
    for (threshold, verdict) in [(800, "violated"), (990, "met"), (5_000, "met")] {
        configure(&app, json!({"targetP95Ms": threshold}));
        let found = report(&app, "window=7d")["current"]["latency"].clone();
        assert_eq!(found["thresholdMs"], threshold);
        assert_eq!(found["timedRuns"], 1_000);
        // Run number i took i ms, and the threshold is accurate within 1 %.
        let in_time = found["inTimeRuns"].as_f64().unwrap();
        let exact = f64::min(f64::from(threshold), 1_000.0);
        assert!(
            (in_time / exact - 1.0).abs() <= 0.01,
            "{threshold}: {in_time}"
        );
        assert_eq!(found["verdict"], verdict, "{threshold}: {found}");
        let late = 100.0 - found["inTimePct"].as_f64().unwrap();
        let burn = found["errorBudgetBurnPct"].as_f64().unwrap();
        assert!(
            (burn - late / 5.0 * 100.0).abs() <= 1.0,
            "{burn}, {late} % late"
        );
    }
}

#[test]
fn burn_rate_alerts_have_the_factors_of_their_period_and_fire_when_both_windows_exceed_them() {
    let app = TestApp::start();
    app.take(&runs("broken", 0, 40).into());
    app.take(&runs("few", 0, 5).into());
    app.take(&runs("calm", 40, 0).into());
    let alerts = |workflow: &str, window: &str| {
        let found = report(&app, &format!("workflowId={workflow}&window={window}"));
        assert_eq!(found["burnRates"]["period"], window);
        assert_eq!(found["burnRates"]["mayFailPct"], 2.0);
        let alerts = found["burnRates"]["alerts"].as_array().unwrap();
        let success = alerts
            .iter()
            .filter(|alert| alert["objective"] == "success");
        success.cloned().collect::<Vec<_>>()
    };
    for (window, factors) in [
        ("30d", vec![14.4, 6.0, 3.0, 1.0]),
        ("28d", vec![13.44, 5.6, 2.8, 0.933]),
        ("7d", vec![13.44, 3.5, 1.4, 0.98]),
        ("1d", vec![14.4, 2.0]),
    ] {
        let found: Vec<_> = alerts("calm", window)
            .iter()
            .map(|alert| alert["factor"].as_f64().unwrap())
            .collect();
        assert_eq!(found, factors, "{window}");
    }
    for (workflow, state) in [
        ("broken", "firing"),
        ("few", "not_enough_data"),
        ("calm", "ok"),
        ("nothing", "ok"),
    ] {
        for alert in alerts(workflow, "30d") {
            assert_eq!(alert["state"], state, "{workflow}: {alert}");
        }
    }
    let page = &alerts("broken", "30d")[0];
    assert_eq!(page["severity"], "page");
    let windows = (&page["long"]["window"], &page["short"]["window"]);
    assert_eq!(windows, (&json!("1h"), &json!("5m")));
    // All failed, and 2 % may.
    assert_eq!(
        (&page["long"]["runs"], &page["long"]["burnRate"]),
        (&json!(40), &json!(50.0))
    );
    let least = page["long"]["leastBurnRate"].as_f64().unwrap();
    let exact = 0.025_f64.powf(1.0 / 40.0) * 50.0;
    assert!((least - exact).abs() < 0.001, "{least} is not {exact}");
}

#[test]
fn the_report_and_the_overview_of_a_window_agree() {
    let app = TestApp::start();
    app.take(&runs("daily", 36, 4).into());
    configure(
        &app,
        json!({"targetSuccessPct": 85, "errorBudgetPct": 0, "window": "28d"}),
    );
    for window in ["", "1d", "7d", "28d", "30d"] {
        let parameters = format!("workflowId=daily&window={window}&timezone=Asia/Kolkata");
        let sli = report(&app, &parameters)["current"].clone();
        let path = format!("/api/workflow-analytics/overview?{parameters}");
        let overview = app.get(&path).json();
        for field in [
            "successPct",
            "p95Ms",
            "errorBudgetBurnPct",
            "totalRuns",
            "violatesTarget",
        ] {
            assert_eq!(sli[field], overview["sli"][field], "{window} {field}");
        }
        assert_eq!(sli["windowStart"], overview["window"]["start"], "{window}");
        assert_eq!(sli["windowEnd"], overview["window"]["end"], "{window}");
        assert_eq!(sli["successPct"], 90.0);
        // 10 % failed, and 15 % may.
        assert_eq!(sli["errorBudgetBurnPct"], 66.7);
        assert_eq!(sli["violatesTarget"], false);
    }
}

#[test]
fn the_history_is_available_as_soon_as_its_events_are() {
    let app = TestApp::start();
    let day = 24 * 3_600_000;
    let run = |ago: i64| {
        json!({"type": "execution", "workflowId": "w", "executionId": format!("r{ago}"), "status": "completed",
            "duration": 5, "timestamp": events::now() - ago * day})
    };
    app.take(&(1..=3).map(run).collect::<Value>());
    let ends = |query: &str| report(&app, query)["history"].as_array().unwrap().len();
    // The job runs every ten minutes; the report does not have to wait for it.
    assert_eq!(ends("window=1d"), 3);
    let first = report(&app, "window=1d")["history"][0].clone();
    assert_eq!(
        (&first["totalRuns"], &first["successPct"]),
        (&json!(1), &json!(100.0))
    );
    // A workflow has a history from the moment at which it has a target.
    assert_eq!(ends("window=1d&workflowId=w"), 0);
    let target = json!({"workflowId": "w", "targetSuccessPct": 95});
    let call = app.client().post("/api/workflow-analytics/sli-config");
    assert_eq!(call.json(&target).send().status, 200);
    assert_eq!(ends("window=1d&workflowId=w"), 3);
}

#[test]
fn an_alert_that_cannot_fire_says_so() {
    let app = TestApp::start();
    app.take(&runs("broken", 0, 40).into());
    let target = json!({"targetSuccessPct": 90, "errorBudgetPct": 0, "window": "30d"});
    let call = app.client().post("/api/workflow-analytics/sli-config");
    assert_eq!(call.json(&target).send().status, 200);
    let found = report(&app, "window=30d");
    let alerts = found["burnRates"]["alerts"].as_array().unwrap().iter();
    let success: Vec<_> = alerts
        .filter(|alert| alert["objective"] == "success")
        .map(|alert| {
            (
                alert["factor"].as_f64().unwrap(),
                alert["state"].as_str().unwrap(),
            )
        })
        .collect();
    // 14.4 times 10 % is more than 100 %; every run failed.
    let expected = [
        (14.4, "out_of_reach"),
        (6.0, "firing"),
        (3.0, "firing"),
        (1.0, "firing"),
    ];
    assert_eq!(success, expected);
}
