//! Changes as answered: ids with names, and error groups with titles.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sha2::{Digest, Sha256};
use weir_model::cube::Dimension;

use super::{
    answer::{Change, ChangedErrorGroup, ChangedStep, ChangedWorkflow},
    found::Found,
    ranking::confidence,
    study::Study,
};
use crate::{AppError, Reading, privacy::Viewer, query::Names};

/// How many workflows are listed; all are counted.
const WORKFLOWS_LISTED: usize = 10;

impl Reading {
    /// The changes with names. Fails if the store does.
    pub(super) async fn named_changes(
        &self,
        viewer: Viewer,
        study: &Study,
        found: Vec<Found>,
    ) -> Result<Vec<Change>, AppError> {
        let workflows: BTreeSet<&String> = found.iter().flat_map(|one| &one.workflows).collect();
        let steps: BTreeSet<&String> = found
            .iter()
            .filter_map(|one| Some(&one.step.as_ref()?.id))
            .collect();
        let owned = |ids: BTreeSet<&String>| ids.into_iter().cloned().collect();
        let ids = BTreeMap::from([
            (Dimension::Workflow, owned(workflows)),
            (Dimension::Step, owned(steps)),
        ]);
        let names = self.names_of(viewer, &ids);
        let groups: Vec<String> = found
            .iter()
            .filter_map(|one| one.error_group.clone())
            .collect();
        let titles = self
            .error_titles(viewer, study.frame(), study.period, groups)
            .await?;
        let named = found.into_iter().map(|one| change(one, &names, &titles));
        Ok(named.collect())
    }
}

fn change(found: Found, names: &Names, titles: &HashMap<String, String>) -> Change {
    let name = |dimension, id: &String| {
        let name = names.of(dimension, Some(id));
        name.unwrap_or_else(|| id.clone())
    };
    let workflow = |id: &String| ChangedWorkflow {
        name: name("workflow", id),
        id: id.clone(),
    };
    let workflows: Vec<ChangedWorkflow> = found
        .workflows
        .iter()
        .take(WORKFLOWS_LISTED)
        .map(workflow)
        .collect();
    let only = (found.workflows.len() == 1)
        .then(|| workflows.first().cloned())
        .flatten();
    Change {
        id: id(&found),
        kind: found.kind,
        since: found.since,
        until: found.until,
        ongoing: found.until.is_none(),
        workflow: only,
        workflow_count: found.workflows.len(),
        workflows,
        version: found.version,
        step: found.step.map(|step| ChangedStep {
            name: name("step", &step.id),
            id: step.id,
            step_type: step.step_type,
        }),
        connector: found.connector,
        model: found.model,
        error_group: found.error_group.map(|id| ChangedErrorGroup {
            title: titles.get(&id).unwrap_or(&id).clone(),
            id,
        }),
        metric: found.metric,
        unit: found.metric.unit(),
        before: found.before,
        after: found.after,
        ratio: (found.before > 0.0).then(|| found.after / found.before),
        difference: found.difference.map(Into::into),
        effect: found.effect,
        samples: found.samples,
        confidence: confidence(found.p, found.samples),
        p_value: Some(found.p),
        series: found.series,
    }
}

/// A digest of what changed and when it began.
fn id(found: &Found) -> String {
    // Several workflows change with the range; the connector or model says which change it is.
    let workflow = found
        .workflows
        .first()
        .filter(|_| found.workflows.len() == 1);
    let parts = serde_json::json!([
        found.kind,
        found.since,
        workflow,
        found.step.as_ref().map(|step| &step.id),
        found.connector,
        found.model,
        found.error_group,
    ]);
    let digest = Sha256::digest(parts.to_string());
    digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
