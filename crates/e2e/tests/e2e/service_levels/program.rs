//! `weir sli` and `weir rollup`.

use serde_json::Value;
use weir_e2e::TestApp;

use super::{
    configure, report, runs,
    windows::{history, sent},
};
use crate::orders;

#[test]
fn the_command_measures_windows_and_shows_the_same_as_the_server() {
    let mut app = TestApp::start();
    app.take(&sent(&history(), "daily"));
    app.take(&runs("broken", 0, 40).into());
    configure(
        &app,
        serde_json::json!({"workflowId": "broken", "window": "30d"}),
    );
    let project = app.get("/api/v1/projects").json()["projects"][0]["id"].clone();
    let project = format!("--projectId={}", project.as_str().unwrap());
    let shown = ["", "workflowId=broken"].map(|parameters| report(&app, parameters));
    assert!(app.stop().success());

    let ended = app.place().weir(&["sli", "--json"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let lines: Vec<Value> = ended
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 2);
    for (line, shown) in lines.iter().zip(&shown) {
        assert_eq!(line["current"], shown["current"]);
        assert_eq!(line["config"], shown["config"]);
    }
    assert_eq!(lines[0]["history"].as_array().unwrap().len(), 10);

    let arguments = ["sli", &project, "--workflowId=broken", "--window=7d"];
    let ended = app.place().weir(&arguments);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    for text in [
        "Default, broken",
        "0 % of 40 runs (0 to 8.81 % at 95 % confidence); target 99 %: violated",
        "page for success: burn rates over 1h and 5m are 13.44 or higher",
        "5000 % of the error budget and ",
        "0 measured now",
    ] {
        assert!(ended.out.contains(text), "{text:?} in {}", ended.out);
    }
    for (wrong, text) in [
        (["sli", "--window", "2d"], "There is no window"),
        (["sli", "--project", "x"], "there is no project x"),
    ] {
        let ended = app.place().weir(&wrong);
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert!(ended.err.contains(text), "{ended:?}");
    }
    // The server shows what the command measured.
    app.start_again();
    let kept = report(&app, "")["history"].as_array().unwrap().len();
    assert!(kept >= 10, "{kept}");
}

#[test]
fn rollups_of_one_width_can_be_rebuilt_from_a_day_on() {
    let mut app = TestApp::start();
    app.take(&orders::events());
    assert!(app.stop().success());
    let written = |arguments: &[&str]| {
        let ended = app.place().weir(arguments);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        let rows = ended.out.split(' ').next().unwrap().parse::<u64>();
        rows.unwrap()
    };
    let all = written(&["rollup"]);
    assert_eq!(written(&["rollup", "rebuild"]), all);
    let since = written(&["rollup", "--since=2024-03-05"]);
    let widths = ["1m", "5m", "1h", "1d"].map(|width| {
        let bucket = format!("--bucket={width}");
        written(&["rollup", &bucket, "--since=2024-03-05"])
    });
    assert_eq!(widths.iter().sum::<u64>(), since);
    assert!(widths[3] > 0 && since < all, "{widths:?}, {since} of {all}");
    let verified = app.place().weir(&["rollup", "verify"]);
    assert_eq!(verified.code, Some(0), "{verified:?}");

    for (wrong, text) in [
        (["rollup", "--bucket=2h"], "1m, 5m, 1h or 1d"),
        (["rollup", "--since=soon"], "soon"),
    ] {
        let ended = app.place().weir(&wrong);
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert!(ended.err.contains(text), "{ended:?}");
    }
}

#[test]
fn the_command_refuses_to_measure_while_the_server_is_running() {
    let app = TestApp::start();
    let ended = app.place().weir(&["sli"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.err.contains("measures automatically"), "{ended:?}");
    assert_eq!(app.get("/readyz").status, 200);
}
