//! Service level targets and windows are stored separately for each project.

use std::sync::Arc;

use weir_meta::{Actor, MetaStore, Options, SliSettings, SliTarget, SliWindow, SliWindowKey};
use weir_model::{FixedClock, Scope, Timestamp, time::DAY};

const START: Timestamp = Timestamp(1_700_000_000_000);

async fn started() -> (MetaStore, FixedClock, Scope) {
    let clock = FixedClock::at(START);
    let options = Options {
        clock: Arc::new(clock.clone()),
        ..Options::default()
    };
    let store = MetaStore::open(options).await.expect("the store opens");
    store.bootstrap(None).await.expect("bootstrap runs");
    let scopes = store.every_scope().await.expect("projects are listed");
    assert_eq!(scopes.len(), 1);
    (store, clock, scopes[0])
}

fn settings(success_pct: f64) -> SliSettings {
    SliSettings {
        target: SliTarget {
            success_pct,
            p95_ms: 4_000,
            error_budget_pct: 0.5,
        },
        window: "30d".to_owned(),
        minimum_runs: 20,
        timezone: "Asia/Kolkata".to_owned(),
    }
}

fn window(workflow: Option<&str>, end: Timestamp) -> SliWindow {
    SliWindow {
        key: SliWindowKey {
            workflow: workflow.map(str::to_owned),
            window: "7d".to_owned(),
            end,
        },
        start: end.plus(-7 * DAY),
        successful_runs: 98,
        failed_runs: 2,
        success_pct: Some(98.0),
        p95_ms: None,
        error_budget_burn_pct: Some(100.0),
        violates_target: true,
        verdict: "uncertain".to_owned(),
        target: settings(99.0).target,
        watermark: 7,
        created_at: START,
        updated_at: START,
    }
}

#[tokio::test]
async fn setting_a_target_again_changes_it() {
    let (store, clock, scope) = started().await;
    assert_eq!(store.sli_config(scope, None).await.unwrap(), None);
    let first = store
        .put_sli_config(scope, None, &settings(99.0), &Actor::system())
        .await;
    let first = first.unwrap();
    assert_eq!((first.created_at, first.updated_at), (START, START));
    clock.set(START.plus(DAY));
    let second = store
        .put_sli_config(scope, None, &settings(99.9), &Actor::system())
        .await;
    let second = second.unwrap();
    assert_eq!(second.id, first.id);
    assert_eq!(second.settings, settings(99.9));
    assert_eq!(
        (second.created_at, second.updated_at),
        (START, START.plus(DAY))
    );
    assert_eq!(store.sli_config(scope, None).await.unwrap(), Some(second));
}

#[tokio::test]
async fn workflows_and_the_project_have_separate_targets() {
    let (store, _, scope) = started().await;
    for (workflow, success) in [(Some("b"), 95.0), (None, 99.0), (Some("a"), 90.0)] {
        let settings = settings(success);
        let put = store
            .put_sli_config(scope, workflow, &settings, &Actor::system())
            .await;
        assert_eq!(put.unwrap().workflow.as_deref(), workflow);
    }
    let found = store.sli_configs(scope).await.unwrap();
    let order: Vec<_> = found
        .iter()
        .map(|config| config.workflow.as_deref())
        .collect();
    assert_eq!(order, [None, Some("a"), Some("b")]);
    let of_a = store.sli_config(scope, Some("a")).await.unwrap().unwrap();
    assert_eq!(of_a.settings.target.success_pct, 90.0);
}

#[tokio::test]
async fn another_project_or_tenant_sees_nothing() {
    let (store, _, scope) = started().await;
    store
        .put_sli_config(scope, None, &settings(99.0), &Actor::system())
        .await
        .unwrap();
    store
        .put_sli_window(scope, &window(None, START))
        .await
        .unwrap();
    for other in [
        Scope::new(scope.tenant.0, scope.project.0 + 1),
        Scope::new(scope.tenant.0 + 1, scope.project.0),
    ] {
        assert_eq!(store.sli_config(other, None).await.unwrap(), None);
        assert_eq!(store.sli_configs(other).await.unwrap(), []);
        assert_eq!(store.sli_windows(other, None, "7d", 9).await.unwrap(), []);
    }
}

#[tokio::test]
async fn a_new_measurement_of_a_window_replaces_the_first() {
    let (store, clock, scope) = started().await;
    let first = window(None, START);
    store.put_sli_window(scope, &first).await.unwrap();
    assert_eq!(
        store.sli_windows(scope, None, "7d", 9).await.unwrap(),
        std::slice::from_ref(&first)
    );
    clock.set(START.plus(DAY));
    let again = SliWindow {
        failed_runs: 3,
        p95_ms: Some(12.5),
        watermark: 8,
        updated_at: START.plus(DAY),
        ..first
    };
    store.put_sli_window(scope, &again).await.unwrap();
    assert_eq!(
        store.sli_windows(scope, None, "7d", 9).await.unwrap(),
        [again]
    );
}

#[tokio::test]
async fn windows_of_one_workflow_and_length_are_listed_newest_first() {
    let (store, _, scope) = started().await;
    for day in [1, 3, 2] {
        let end = START.plus(day * DAY);
        store
            .put_sli_window(scope, &window(Some("a"), end))
            .await
            .unwrap();
        store
            .put_sli_window(scope, &window(None, end))
            .await
            .unwrap();
    }
    let found = store.sli_windows(scope, Some("a"), "7d", 2).await.unwrap();
    let ends: Vec<_> = found.iter().map(|window| window.key.end).collect();
    assert_eq!(ends, [START.plus(3 * DAY), START.plus(2 * DAY)]);
    assert_eq!(
        store.sli_windows(scope, Some("a"), "30d", 2).await.unwrap(),
        []
    );
}
