//! Climbs from the costs of a batch up to the roots of their trees.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use weir_model::{Event, EventKind, Scope, event::CostEvent};

use crate::placement::Placement;

use super::{
    CostHistory, CostKey, Cover, CoverUpdate, Covered, HIGHEST, StoredCost, Sums, own, total,
};

/// Where a cost of a tree comes from.
#[derive(Debug)]
enum From {
    Batch(usize),
    Store(Box<StoredCost>),
}

/// A cost of a tree.
#[derive(Debug)]
struct Node {
    from: From,
    /// The id that it names in `partOf`.
    sum: Option<CostKey>,
    /// The environment that the event itself named.
    told_environment: Option<String>,
    after: Cover,
}

/// The costs of one id.
#[derive(Debug, Default)]
struct Group {
    /// The earliest, which is the sum, first.
    nodes: Vec<Node>,
    height: u8,
    /// The total of its parts; `None` while it has none.
    covered: Option<Sums>,
}

/// The trees that a batch touches.
pub(super) struct Trees<'a> {
    batch: &'a [(Scope, Event)],
    groups: FxHashMap<CostKey, Group>,
}

fn cost_of(event: &Event) -> Option<&CostEvent> {
    match &event.kind {
        EventKind::Cost(cost) => Some(cost),
        _ => None,
    }
}

fn sum_of(scope: Scope, event: &Event) -> Option<CostKey> {
    let part_of = cost_of(event)?.part_of.as_ref()?;
    Some((scope.project, part_of.clone()))
}

impl<'a> Trees<'a> {
    /// The batch's parts, and the ids that these or stored parts name.
    pub(super) fn of<H: CostHistory>(
        batch: &'a [(Scope, Event)],
        placements: &[Placement],
        history: &mut H,
    ) -> Result<Self, H::Error> {
        let costs = || {
            let events = batch.iter().enumerate();
            events.filter(|(_, (_, event))| cost_of(event).is_some())
        };
        let ids: Vec<CostKey> = costs()
            .map(|(_, (scope, event))| (scope.project, event.id.clone()))
            .collect();
        let mut trees = Self {
            batch,
            groups: FxHashMap::default(),
        };
        if ids.is_empty() {
            return Ok(trees);
        }
        let waiting = history.parts(&ids)?;
        let mut concerned: FxHashSet<CostKey> = waiting
            .iter()
            .filter_map(|part| sum_of(part.scope, &part.event))
            .collect();
        for (_, (scope, event)) in costs() {
            if let Some(sum) = sum_of(*scope, event) {
                concerned.insert(sum);
                concerned.insert((scope.project, event.id.clone()));
            }
        }
        if concerned.is_empty() {
            return Ok(trees);
        }
        trees.load(&concerned, history)?;
        // The cover of a stored cost already includes its stored parts.
        let known: FxHashSet<CostKey> = trees.groups.keys().cloned().collect();
        for part in waiting {
            let sum = sum_of(part.scope, &part.event);
            if let Some(sum) = sum.filter(|sum| !known.contains(sum)) {
                trees.groups.entry(sum).or_default().add_stored(&part);
            }
        }
        for ((position, (scope, event)), id) in costs().zip(ids) {
            if concerned.contains(&id) {
                let own = placements.get(position).and_then(|p| p.own.as_ref());
                let told = own.and_then(|own| own.said("environment"));
                let told = told.unwrap_or(event.environment.as_deref());
                trees.groups.entry(id).or_default().nodes.push(Node {
                    from: From::Batch(position),
                    sum: sum_of(*scope, event),
                    told_environment: told.map(str::to_owned),
                    after: Cover::default(),
                });
            }
        }
        // Ids that parts name, but that no cost has yet.
        trees.groups.retain(|_, group| !group.nodes.is_empty());
        Ok(trees)
    }

    /// Loads the stored costs with some ids.
    fn load<H: CostHistory>(
        &mut self,
        ids: &FxHashSet<CostKey>,
        history: &mut H,
    ) -> Result<(), H::Error> {
        let asked: Vec<CostKey> = ids.iter().cloned().collect();
        for stored in history.costs(&asked)? {
            let id = (stored.scope.project, stored.event.id.clone());
            if !ids.contains(&id) {
                continue;
            }
            let group = self.groups.entry(id).or_default();
            group.height = group.height.max(stored.cover.height);
            group.covered = group.covered.or(stored.cover.covered);
            group.nodes.push(Node {
                sum: sum_of(stored.scope, &stored.event),
                told_environment: stored.told_environment.clone(),
                after: stored.cover,
                from: From::Store(Box::new(stored)),
            });
        }
        Ok(())
    }

    /// Loads the sums above. Those more than [`HIGHEST`] above stay as they are.
    pub(super) fn climb<H: CostHistory>(&mut self, history: &mut H) -> Result<(), H::Error> {
        let mut asked: FxHashSet<CostKey> = self.groups.keys().cloned().collect();
        for _ in 0..=HIGHEST {
            let groups = self.groups.values();
            let sums = groups.flat_map(|group| group.nodes.iter().filter_map(|n| n.sum.as_ref()));
            let next: FxHashSet<CostKey> =
                sums.filter(|sum| !asked.contains(*sum)).cloned().collect();
            if next.is_empty() {
                break;
            }
            self.load(&next, history)?;
            asked.extend(next);
        }
        Ok(())
    }

    /// Lifts sums above their parts.
    pub(super) fn raise(&mut self) {
        let mut low: Vec<CostKey> = self.groups.keys().cloned().collect();
        while let Some(id) = low.pop() {
            let Some(group) = self.groups.get(&id) else {
                continue;
            };
            let above = (group.height + 1).min(HIGHEST);
            let sums: Vec<CostKey> = group.nodes.iter().filter_map(|n| n.sum.clone()).collect();
            for sum in sums {
                if let Some(group) = self.groups.get_mut(&sum)
                    && group.height < above
                {
                    group.height = above;
                    low.push(sum);
                }
            }
        }
    }

    /// Passes the totals of parts to their sums, lower ones first.
    pub(super) fn settle(&mut self) {
        let (batch, mut order) = (self.batch, Vec::with_capacity(self.groups.len()));
        for (id, group) in &mut self.groups {
            group.nodes.sort_by(|a, b| {
                let at = |node: &Node| node.event(batch).timestamp;
                let said = |node: &Node| (node.told_environment.clone(), node.sum.clone());
                (at(a), said(a)).cmp(&(at(b), said(b)))
            });
            order.push((group.height, id.clone()));
        }
        order.sort_unstable();
        // The highest parts are not deducted from their sums, which are equally high: earlier deductions are
        // reverted before those sums are processed.
        for (_, id) in order.iter().filter(|(height, _)| *height == HIGHEST) {
            self.pass_on(id);
        }
        for (height, id) in &order {
            if let Some(group) = self.groups.get_mut(id) {
                group.place();
            }
            if *height < HIGHEST {
                self.pass_on(id);
            }
        }
    }

    /// Passes the new totals of an id's costs on to their sums.
    fn pass_on(&mut self, id: &CostKey) {
        let Some(group) = self.groups.get(id) else {
            return;
        };
        let changes: Vec<(CostKey, Sums)> = group
            .nodes
            .iter()
            .filter_map(|node| {
                let sum = node.sum.clone()?;
                let after = Cover {
                    height: group.height,
                    ..node.after
                };
                let (before, after) = (node.taken_off(self.batch, node.before()), {
                    node.taken_off(self.batch, Some(after))
                });
                let change = std::array::from_fn(|kind| after[kind].saturating_sub(before[kind]));
                Some((sum, change))
            })
            .collect();
        for (sum, change) in changes {
            if let Some(group) = self.groups.get_mut(&sum) {
                group.add(&change);
            }
        }
    }

    /// The changes compared with the stored state.
    pub(super) fn finish(self) -> Covered {
        let mut covered = Covered::default();
        for node in self.groups.into_values().flat_map(|group| group.nodes) {
            match node.from {
                From::Batch(position) => {
                    if node.after != Cover::default() {
                        covered.rows.insert(position, node.after);
                    }
                }
                From::Store(stored) => {
                    let (before, after) = (stored.cover, node.after);
                    if before.covered != after.covered {
                        covered.corrections.push((
                            stored.scope,
                            Arc::new(stored.event),
                            before.covered,
                            after.covered,
                        ));
                    }
                    if before != after {
                        let row = stored.row;
                        covered.updates.push(CoverUpdate { row, cover: after });
                    }
                }
            }
        }
        covered
    }
}

impl Group {
    /// Adds to the total of the parts.
    fn add(&mut self, change: &Sums) {
        let covered = self.covered.get_or_insert_default();
        for (sum, change) in covered.iter_mut().zip(change) {
            *sum = sum.saturating_add(*change);
        }
    }

    /// Adds a part that was stored before any cost with this id.
    fn add_stored(&mut self, part: &StoredCost) {
        let cover = part.cover;
        self.height = self.height.max((cover.height + 1).min(HIGHEST));
        let own = cost_of(&part.event).map(own).unwrap_or_default();
        let is_taken = cover.height < HIGHEST;
        let change = is_taken.then(|| total(&own, cover.covered.as_ref()));
        self.add(&change.unwrap_or_default());
    }

    /// Sets the cover of the sum, and clears that of the others.
    fn place(&mut self) {
        for (position, node) in self.nodes.iter_mut().enumerate() {
            node.after = Cover {
                height: self.height,
                covered: self.covered.filter(|_| position == 0),
            };
        }
    }
}

impl Node {
    fn event<'b>(&'b self, batch: &'b [(Scope, Event)]) -> &'b Event {
        match &self.from {
            From::Batch(position) => &batch[*position].1,
            From::Store(stored) => &stored.event,
        }
    }

    fn before(&self) -> Option<Cover> {
        match &self.from {
            From::Batch(_) => None,
            From::Store(stored) => Some(stored.cover),
        }
    }

    /// What the cost deducts from its sum at a position; nothing if the position is not known yet.
    fn taken_off(&self, batch: &[(Scope, Event)], at: Option<Cover>) -> Sums {
        let at = at.filter(|cover| cover.height < HIGHEST);
        let (Some(cover), Some(cost)) = (at, cost_of(self.event(batch))) else {
            return Sums::default();
        };
        total(&own(cost), cover.covered.as_ref())
    }
}
