//! Walks along the links between executions: up to the root of a family, and down to all its members.

use std::collections::{HashMap, HashSet};

use weir_model::ExecutionHash;
use weir_query::records::{
    executions::{Links, LinksWanted, links},
    tree::MOST_LEVELS,
};

use crate::{AppError, Reading, privacy::Viewer};

/// The most links that are read at once. An execution has one for each different event about it.
const MOST_LINKS: usize = 10_000;

/// A member of a family, as the walk found it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Walked {
    /// The execution.
    pub execution: ExecutionHash,
    /// The position of the member that called it.
    pub parent: Option<usize>,
    /// The position of the member that it retries.
    pub retried: Option<usize>,
}

impl Reading {
    /// The execution from which everything related to one descends: the caller of the caller and so on, where
    /// the caller of a retry without one is that of what it retries. Circular links end the walk. Fails if the
    /// store does.
    pub(super) async fn root_of(
        &self,
        viewer: Viewer,
        of: ExecutionHash,
    ) -> Result<ExecutionHash, AppError> {
        let mut root = of;
        let mut seen = HashSet::from([of]);
        for _ in 0..MOST_LEVELS {
            let own = self.links_of(viewer, LinksWanted::Of(root)).await?;
            let parents = own.iter().filter_map(|links| links.parent);
            let retried = own.iter().filter_map(|links| links.retried);
            let mut above = None;
            for candidate in parents.chain(retried) {
                above = self.only_one(viewer, candidate).await?;
                if above.is_some() {
                    break;
                }
            }
            match above {
                Some(above) if seen.insert(above) => root = above,
                _ => break,
            }
        }
        Ok(root)
    }

    /// The execution that a hash means: itself if it exists, or the only one with the name.
    async fn only_one(
        &self,
        viewer: Viewer,
        hash: ExecutionHash,
    ) -> Result<Option<ExecutionHash>, AppError> {
        let found = self.links_of(viewer, LinksWanted::Of(hash)).await?;
        let executions: HashSet<_> = found.iter().map(|links| links.execution).collect();
        let mut executions = executions.into_iter();
        let first = executions.next();
        Ok(first.filter(|_| executions.next().is_none()))
    }

    /// The members of a family from its root on, level by level, at most `most`; and whether there are more.
    /// Fails if the store does.
    pub(super) async fn walk_down(
        &self,
        viewer: Viewer,
        root: ExecutionHash,
        most: usize,
    ) -> Result<(Vec<Walked>, bool), AppError> {
        let mut family = Family::of(root);
        let mut level = vec![root];
        for _ in 0..MOST_LEVELS {
            let found = self.links_of(viewer, LinksWanted::To(&level)).await?;
            let cut = found.len() >= MOST_LINKS;
            let names: HashSet<ExecutionHash> = found
                .iter()
                .filter_map(|links| links.parent)
                .filter(|parent| !parent.names_one())
                .collect();
            let shared = match names.is_empty() {
                true => Vec::new(),
                false => {
                    let names: Vec<_> = names.into_iter().collect();
                    self.shared_names(viewer, &names).await?
                }
            };
            level = family.grow(&found, &shared);
            if family.members.len() > most {
                family.members.truncate(most);
                return Ok((family.members, true));
            }
            if level.is_empty() || cut {
                return Ok((family.members, cut));
            }
        }
        Ok((family.members, true))
    }

    /// The links of events, at most [`MOST_LINKS`]. Fails if the store does.
    pub(in crate::views) async fn links_of(
        &self,
        viewer: Viewer,
        wanted: LinksWanted<'_>,
    ) -> Result<Vec<Links>, AppError> {
        let statement = links(viewer.scope(), self.store.dialect(), wanted, MOST_LINKS);
        self.read_records(viewer, statement, |batches| Links::read(&batches))
            .await
    }
}

/// The members found so far.
struct Family {
    members: Vec<Walked>,
    places: HashMap<ExecutionHash, usize>,
    /// Members by the hash of their name.
    names: HashMap<ExecutionHash, usize>,
}

impl Family {
    fn of(root: ExecutionHash) -> Self {
        Self {
            members: vec![Walked {
                execution: root,
                parent: None,
                retried: None,
            }],
            places: HashMap::from([(root, 0)]),
            names: HashMap::from([(root.name(), 0)]),
        }
    }

    /// Adds executions by their links to members, and links between them; returns those that are new. Names in
    /// `shared` mean no execution.
    fn grow(&mut self, found: &[Links], shared: &[ExecutionHash]) -> Vec<ExecutionHash> {
        let mut new = Vec::new();
        let before = self.members.len();
        for links in found {
            let linked = self.parent(links, shared).or_else(|| self.retried(links));
            if linked.is_some() && !self.places.contains_key(&links.execution) {
                let place = self.members.len();
                self.places.insert(links.execution, place);
                self.names.entry(links.execution.name()).or_insert(place);
                self.members.push(Walked {
                    execution: links.execution,
                    parent: None,
                    retried: None,
                });
                new.push(links.execution);
            }
        }
        for links in found {
            let (parent, retried) = (self.parent(links, shared), self.retried(links));
            // Links of the root, and links back to it, close a circle.
            let place = self.places.get(&links.execution).copied().unwrap_or(0);
            if place >= before {
                let member = &mut self.members[place];
                member.parent = member.parent.or(parent).filter(|&at| at != place);
                member.retried = member.retried.or(retried).filter(|&at| at != place);
            }
        }
        new
    }

    fn parent(&self, links: &Links, shared: &[ExecutionHash]) -> Option<usize> {
        let parent = links.parent?;
        match parent.names_one() {
            true => self.places.get(&parent).copied(),
            false if shared.contains(&parent) => None,
            false => self.names.get(&parent).copied(),
        }
    }

    fn retried(&self, links: &Links) -> Option<usize> {
        self.places.get(&links.retried?).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(number: u64) -> ExecutionHash {
        ExecutionHash(number << 32 | 1)
    }

    fn links(execution: u64, parent: Option<ExecutionHash>, retried: Option<u64>) -> Links {
        Links {
            execution: hash(execution),
            parent,
            retried: retried.map(hash),
        }
    }

    #[test]
    fn a_level_adds_called_and_retrying_executions_with_the_links_between_them() {
        let mut family = Family::of(hash(1));
        // 2 was called by 1, 3 retries 2 and was called by 1 as well; 9 belongs to others.
        let found = [
            links(2, Some(hash(1)), None),
            links(3, Some(hash(1)), Some(2)),
            links(9, Some(hash(8)), None),
        ];
        assert_eq!(family.grow(&found, &[]), [hash(2), hash(3)]);
        let of = |place: usize| (family.members[place].parent, family.members[place].retried);
        assert_eq!((of(1), of(2)), ((Some(0), None), (Some(0), Some(1))));
    }

    #[test]
    fn a_name_links_only_if_one_execution_has_it() {
        let mut family = Family::of(hash(1));
        let by_name = [links(2, Some(hash(1).name()), None)];
        assert!(family.grow(&by_name, &[hash(1).name()]).is_empty());
        assert_eq!(family.grow(&by_name, &[]), [hash(2)]);
    }

    #[test]
    fn circular_links_add_nothing() {
        let mut family = Family::of(hash(1));
        assert_eq!(
            family.grow(&[links(2, Some(hash(1)), Some(2))], &[]),
            [hash(2)]
        );
        assert_eq!(family.members[1].retried, None);
        let back = [links(1, Some(hash(2)), None)];
        assert!(family.grow(&back, &[]).is_empty());
        assert_eq!(family.members[0].parent, None);
    }
}
