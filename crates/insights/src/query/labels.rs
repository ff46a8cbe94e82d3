//! Names for the ids in an answer.

use std::collections::BTreeMap;

use serde::Serialize;
use weir_model::cube::Dimension;
use weir_query::Answer;

use crate::{Reading, privacy::Viewer};

/// The dimensions whose values are ids with names.
const NAMED: [Dimension; 3] = [Dimension::Workflow, Dimension::Step, Dimension::ErrorStep];

/// Dimension -> id -> name; dimensions by their API names.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(transparent)]
pub struct Names(BTreeMap<&'static str, BTreeMap<String, String>>);

impl Names {
    /// The name of an id, if it has one.
    pub fn of(&self, dimension: &str, id: Option<&str>) -> Option<String> {
        self.0.get(dimension)?.get(id?).cloned()
    }
}

impl Reading {
    /// The names of the ids that occur in an answer, as far as they are known.
    pub fn names(&self, viewer: Viewer, answer: &Answer) -> Names {
        self.names_of(viewer, &answer.ids(&NAMED))
    }

    /// The names of ids, as far as they are known. Ids are as the viewer sees them.
    pub(crate) fn names_of(&self, viewer: Viewer, ids: &BTreeMap<Dimension, Vec<String>>) -> Names {
        if ids.is_empty() {
            return Names::default();
        }
        let labels = self.labels(viewer, ids).into_iter();
        let named = labels.map(|(dimension, names)| (dimension.name(), names));
        Names(named.collect())
    }

    /// The name of a workflow, if it is known.
    pub fn workflow_name(&self, viewer: Viewer, id: &str) -> Option<String> {
        let ids = BTreeMap::from([(Dimension::Workflow, vec![id.to_owned()])]);
        self.names_of(viewer, &ids).of("workflow", Some(id))
    }
}
