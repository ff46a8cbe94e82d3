//! Steps with their names.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use utoipa::ToSchema;

use crate::{Reading, privacy::Viewer};

/// A step of a workflow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MapStep {
    /// The step's id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// Its type; if it had several, the last in alphabetical order.
    #[serde(rename = "type")]
    pub step_type: Option<String>,
}

/// A step of a path, with its repetitions one after the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PathStep {
    /// The step's id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// How often it ran in a row.
    pub repeats: u64,
}

/// Names of steps by their ids.
#[derive(Clone, Debug, Default)]
pub(super) struct StepNames(BTreeMap<String, String>);

impl StepNames {
    /// The name of a step, if it has one.
    pub fn of(&self, id: &str) -> Option<String> {
        self.0.get(id).cloned()
    }

    /// A step, with its name.
    pub fn step(&self, id: &str, step_type: Option<String>) -> MapStep {
        MapStep {
            id: id.to_owned(),
            name: self.of(id),
            step_type,
        }
    }

    /// A step's name or, if it has none, its id, for sentences.
    pub fn shown<'a>(&'a self, id: &'a str) -> &'a str {
        self.0.get(id).map_or(id, String::as_str)
    }

    /// A path with its repetitions counted.
    pub fn path(&self, steps: &[String]) -> Vec<PathStep> {
        let mut path: Vec<PathStep> = Vec::new();
        for id in steps {
            match path.last_mut().filter(|last| last.id == *id) {
                Some(last) => last.repeats += 1,
                None => path.push(PathStep {
                    id: id.clone(),
                    name: self.of(id),
                    repeats: 1,
                }),
            }
        }
        path
    }
}

impl Reading {
    /// The names of these steps, as the viewer is allowed to see them.
    pub(super) fn path_names<'a>(
        &self,
        viewer: Viewer,
        ids: impl Iterator<Item = &'a str>,
    ) -> StepNames {
        let ids: BTreeSet<&str> = ids.collect();
        let ids = ids.into_iter().map(str::to_owned).collect();
        StepNames(self.step_names(viewer, ids))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetitions_in_a_row_are_one_entry() {
        let names = StepNames(BTreeMap::from([("a".to_owned(), "Ask".to_owned())]));
        let steps = ["a", "a", "b", "a"].map(str::to_owned);
        let found: Vec<_> = names
            .path(&steps)
            .into_iter()
            .map(|step| (step.id, step.name, step.repeats))
            .collect();
        let ask = || Some("Ask".to_owned());
        assert_eq!(
            found,
            [
                ("a".to_owned(), ask(), 2),
                ("b".to_owned(), None, 1),
                ("a".to_owned(), ask(), 1)
            ]
        );
        assert_eq!((names.shown("a"), names.shown("b")), ("Ask", "b"));
    }
}
