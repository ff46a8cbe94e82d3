//! Conformance rules are stored separately for each workflow of each project.

use weir_meta::{Actor, MetaStore, Options, ProcessRulesSaved, WantedProcessRules};
use weir_model::Scope;

const RULES: &str = r#"[{"id":"r","kind":"never","step":"pay"}]"#;

async fn started() -> (MetaStore, Scope) {
    let store = MetaStore::open(Options::default())
        .await
        .expect("the store opens");
    store.bootstrap(None).await.expect("bootstrap runs");
    let scopes = store.every_scope().await.expect("projects are listed");
    (store, scopes[0])
}

fn wanted(workflow: &str, after: Option<i64>) -> WantedProcessRules<'_> {
    WantedProcessRules {
        workflow,
        rules: RULES,
        after,
        most: 2,
    }
}

async fn put(store: &MetaStore, scope: Scope, wanted: WantedProcessRules<'_>) -> ProcessRulesSaved {
    let actor = Actor::system();
    let saved = store.put_process_rules(scope, wanted, &actor);
    saved.await.expect("the rules are JSON")
}

fn version(saved: &ProcessRulesSaved) -> i64 {
    match saved {
        ProcessRulesSaved::Now(stored) => stored.version,
        other => panic!("{other:?} is no version"),
    }
}

#[tokio::test]
async fn rules_replace_the_version_that_the_caller_read() {
    let (store, scope) = started().await;
    assert_eq!(store.process_rules(scope, "w").await.unwrap(), None);
    assert_eq!(version(&put(&store, scope, wanted("w", Some(0))).await), 1);
    let stale = put(&store, scope, wanted("w", Some(0))).await;
    assert_eq!(stale, ProcessRulesSaved::Changed);
    assert_eq!(version(&put(&store, scope, wanted("w", Some(1))).await), 2);
    assert_eq!(version(&put(&store, scope, wanted("w", None)).await), 3);
    let stored = store.process_rules(scope, "w").await.unwrap().unwrap();
    assert_eq!((stored.rules.as_str(), stored.version), (RULES, 3));
    assert_eq!(store.process_rules(scope, "v").await.unwrap(), None);
    let elsewhere = Scope::new(scope.tenant.0 + 1, scope.project.0);
    assert_eq!(store.process_rules(elsewhere, "w").await.unwrap(), None);
}

#[tokio::test]
async fn only_so_many_workflows_have_rules() {
    let (store, scope) = started().await;
    for workflow in ["a", "b", "a"] {
        let saved = put(&store, scope, wanted(workflow, None)).await;
        assert!(version(&saved) > 0, "{workflow}");
    }
    let refused = put(&store, scope, wanted("c", None)).await;
    assert_eq!(refused, ProcessRulesSaved::TooMany);
    assert_eq!(store.process_rules(scope, "c").await.unwrap(), None);
}
