//! The web application in a real browser: Playwright's tests (`web/e2e`) against a server with the real log.

use std::{
    env,
    path::Path,
    process::{Command, Stdio},
};

use jiff::Timestamp;
use weir_demo::DemoGenerator;
use weir_e2e::{TestApp, repository, say};

use crate::{changes, real_log};

/// The company whose incidents are looked for, and as many days as `weir demo` fills.
const COMPANY: u64 = 7;
const DAYS: u32 = 60;

/// The first missing requirement of a browser test.
fn missing(web: &Path, chromium: &str) -> Option<String> {
    [
        ("the browser", Path::new(chromium).to_owned()),
        (
            "Playwright (run `npm ci` in web/)",
            web.join("node_modules/.bin/playwright"),
        ),
        (
            "the built page (run `npm run build` in web/)",
            web.join("dist/index.html"),
        ),
    ]
    .into_iter()
    .find(|(_, path)| !path.exists())
    .map(|(what, path)| format!("{what} is not at {}", path.display()))
}

/// Whether there is a browser and a page. If not, prints that, or panics if the run requires them.
fn ready() -> bool {
    let Some(what) = missing(&repository().join("web"), &chromium()) else {
        return true;
    };
    let required = env::var("WEIR_REQUIRE_BROWSER").is_ok_and(|value| value == "1");
    assert!(!required, "{what}");
    say(&format!("SKIPPED: {what}"));
    false
}

/// The browser: the headless shell, which renders alike in less time, or else the whole one.
fn chromium() -> String {
    env::var("CHROMIUM_PATH").unwrap_or_else(|_| {
        let installed = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];
        let there = installed.iter().find(|path| Path::new(path).exists());
        (*there.unwrap_or(&installed[1])).to_owned()
    })
}

/// Runs Playwright's tests in the files whose path has `tests` in it, against a server that has an owner.
fn browse(app: &TestApp, tests: &str) {
    let password = app.password();
    let owner = [
        ("WEIR_E2E_EMAIL", app.email()),
        ("WEIR_E2E_PASSWORD", password.as_str()),
    ];
    playwright(app, tests, &owner);
}

/// Runs Playwright's tests in the files whose path has `tests` in it; `people` are variables about the server's people.
fn playwright(app: &TestApp, tests: &str, people: &[(&str, &str)]) {
    let status = Command::new("npm")
        .args(["run", "e2e", "--", tests])
        .current_dir(repository().join("web"))
        .env("WEIR_E2E_URL", app.server().url())
        .env("WEIR_E2E_API_KEY", app.key())
        .env("CHROMIUM_PATH", chromium())
        .envs(people.iter().copied())
        .stdin(Stdio::null())
        .status()
        .expect("npm can be run");
    assert!(status.success(), "Playwright's tests failed: {status}");
}

#[test]
fn the_page_shows_the_figures_of_the_log_in_a_real_browser() {
    if !ready() {
        return;
    }
    let Some(file) = real_log::file() else { return };
    let app = TestApp::start();
    let imported = real_log::import(&app, &file);
    assert_eq!(imported.code, Some(0), "{imported:?}");
    browse(&app, "real-log.spec");
}

#[test]
fn the_incidents_of_the_demo_are_found_and_explained_in_a_real_browser() {
    if !ready() {
        return;
    }
    let app = TestApp::start();
    let company = DemoGenerator::new(COMPANY, Timestamp::now());
    changes::fill(&app, &company, DAYS);
    browse(&app, "changes.spec");
}

#[test]
fn the_overview_says_what_changed_in_a_real_browser() {
    if ready() {
        browse(&TestApp::start(), "overview.spec");
    }
}

#[test]
fn the_page_changes_as_events_arrive_in_a_real_browser() {
    if ready() {
        browse(&TestApp::start(), "live.spec");
    }
}

#[test]
fn the_page_labels_what_it_draws_in_a_real_browser() {
    if ready() {
        browse(&TestApp::start(), "truth.spec");
    }
}

#[test]
fn the_page_of_a_workflow_has_its_views_in_a_real_browser() {
    if ready() {
        browse(&TestApp::start(), "e2e/workflow-");
    }
}

#[test]
fn pages_stay_light_and_in_shape_in_a_real_browser() {
    if ready() {
        browse(&TestApp::start(), "layout.spec");
    }
}

#[test]
fn everything_is_within_reach_of_mouse_finger_and_keyboard_in_a_real_browser() {
    if ready() {
        browse(&TestApp::start(), "hands.spec");
    }
}

#[test]
fn executions_are_listed_opened_and_compared_in_a_real_browser() {
    if ready() {
        browse(&TestApp::start(), "e2e/executions-");
    }
}

#[test]
fn the_main_journeys_need_only_a_keyboard_in_a_real_browser() {
    if ready() {
        browse(&TestApp::start(), "keyboard.spec");
    }
}

#[test]
fn axe_finds_nothing_in_any_view_in_a_real_browser() {
    if ready() {
        browse(&TestApp::start(), "axe.spec");
    }
}

#[test]
fn people_see_who_is_active_and_who_comes_back_in_a_real_browser() {
    if ready() {
        browse(&TestApp::start(), "activity.spec");
    }
}

#[test]
fn people_group_errors_in_a_real_browser() {
    if ready() {
        browse(&TestApp::start(), "errors.spec");
    }
}

#[test]
fn people_annotate_the_timeline_in_a_real_browser() {
    if ready() {
        browse(&TestApp::start(), "annotations.spec");
    }
}

#[test]
fn views_and_preferences_follow_a_person_in_a_real_browser() {
    if ready() {
        browse(&TestApp::start(), "personal.spec");
    }
}

#[test]
fn the_operator_sees_how_the_server_fares_in_a_real_browser() {
    if ready() {
        browse(&TestApp::start(), "server.spec");
    }
}

#[test]
fn objectives_are_judged_and_targets_are_tried_in_a_real_browser() {
    if ready() {
        browse(&TestApp::start(), "reliability.spec");
    }
}

#[test]
fn connectors_show_their_outages_in_a_real_browser() {
    if ready() {
        browse(&TestApp::start(), "connectors.spec");
    }
}

#[test]
fn costs_are_followed_to_who_spends_them_in_a_real_browser() {
    if ready() {
        browse(&TestApp::start(), "costs.spec");
    }
}

#[test]
fn any_figure_is_explored_in_a_real_browser() {
    if ready() {
        browse(&TestApp::start(), "explore.spec");
    }
}

#[test]
fn people_log_in_and_manage_each_other_in_a_real_browser() {
    if ready() {
        let app = TestApp::start();
        let link = app
            .server()
            .printed("setup link")
            .expect("the start printed it");
        playwright(&app, "identity.spec", &[("WEIR_E2E_SETUP_URL", &link)]);
    }
}

#[test]
fn privacy_is_managed_in_a_real_browser() {
    if ready() {
        browse(&TestApp::start(), "governance.spec");
    }
}
