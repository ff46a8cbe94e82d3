//! Recently ended executions, read once for all subscribers to the same projects.

use std::{collections::VecDeque, sync::Arc};

use serde::Serialize;
use tokio::sync::watch;
use utoipa::ToSchema;
use weir_model::{Identity, Scope, Timestamp};
use weir_store::{EventStore, Finished, Position, StoreError};

use super::Audience;
use crate::app::{App, AppError, Reading};

/// Executions kept in memory for each set of projects with subscribers.
const KEPT: usize = 10_000;
/// Executions read at once.
const READ: usize = 2_000;

/// An ended execution: the data of `execution.completed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ExecutionCompleted {
    /// Its public id.
    pub id: String,
    /// The id that its producer gave it.
    pub execution_id: String,
    /// completed, failed, canceled or crashed.
    pub status: &'static str,
    /// Its duration in milliseconds; null if unknown.
    pub duration: Option<i64>,
    /// Its workflow.
    pub workflow_id: Option<String>,
    /// Its environment; null if it has none.
    pub environment: Option<String>,
    /// UUID of its project.
    pub project_id: Option<String>,
    /// When it ended.
    #[schema(value_type = String, format = "date-time")]
    pub timestamp: Timestamp,
}

impl ExecutionCompleted {
    /// An execution as an audience sees it. The public id is derived from the stored ids, not from
    /// pseudonyms.
    pub(super) fn of(finished: &Finished, shown: Finished, audience: &Audience) -> Self {
        let identity = Identity {
            project: finished.project,
            environment: finished.environment.as_deref(),
            workflow: finished.workflow.as_deref().unwrap_or_default(),
            execution_id: &finished.execution_id,
        };
        Self {
            id: identity.id().to_string(),
            project_id: audience.id_of(shown.project).map(str::to_owned),
            execution_id: shown.execution_id,
            status: shown.status.name(),
            duration: shown.duration,
            workflow_id: shown.workflow,
            environment: shown.environment,
            timestamp: shown.timestamp,
        }
    }
}

/// The executions between two places.
#[derive(Debug)]
pub(super) struct Recent {
    from: Position,
    executions: VecDeque<Arc<Finished>>,
    next: Position,
}

/// A page of executions after a place.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub executions: Vec<Arc<Finished>>,
    /// The place to continue from.
    pub next: Position,
}

impl Recent {
    fn from(place: Position) -> Self {
        Self {
            from: place,
            executions: VecDeque::new(),
            next: place,
        }
    }

    fn add(&mut self, executions: Vec<Finished>, next: Position) {
        self.executions.extend(executions.into_iter().map(Arc::new));
        while self.executions.len() > KEPT {
            let oldest = self.executions.pop_front();
            self.from = oldest.map_or(self.from, |oldest| oldest.position);
        }
        self.next = next;
    }

    /// Up to `limit` executions after a place; `None` if they are no longer kept.
    pub(super) fn after(&self, place: Position, limit: usize) -> Option<Page> {
        if place >= self.next {
            return Some(Page {
                executions: Vec::new(),
                next: place,
            });
        }
        if place < self.from {
            return None;
        }
        let first = self.executions.partition_point(|one| one.position <= place);
        let executions: Vec<_> = self
            .executions
            .iter()
            .skip(first)
            .take(limit)
            .cloned()
            .collect();
        let whole = first + executions.len() == self.executions.len();
        let last = executions.last().map(|one| one.position);
        Some(Page {
            next: last.filter(|_| !whole).unwrap_or(self.next),
            executions,
        })
    }
}

impl App {
    /// Subscribes to the executions of some projects that end from now on.
    pub(super) fn listen_to_finished(&self, scopes: &[Scope]) -> watch::Receiver<Recent> {
        let last = *self.store.commits().borrow();
        // A quarter of the lull for figures, because reading these rows costs far less than a
        // query.
        let pulse = self.pulse(scopes, last, self.live.settings.lull / 4);
        let (store, asked) = (Arc::clone(self.store.port()), Arc::new(scopes.to_vec()));
        let look = move |sender: watch::Sender<Recent>| {
            let (store, asked) = (Arc::clone(&store), Arc::clone(&asked));
            async move { Ok(read_finished(&*store, &asked, &sender).await?) }
        };
        let nothing = Recent::from(Position::after(last));
        self.live
            .finished
            .listen(scopes.to_vec(), nothing, pulse, look)
    }
}

/// An execution as the audience may see it. Fails if the pseudonyms of its project cannot be read.
pub(super) async fn shown_to(
    audience: &Audience,
    reading: &Reading,
    finished: &Finished,
) -> Result<Finished, AppError> {
    let mut shown = finished.clone();
    if let Some(followed) = audience.project(finished.project) {
        let viewer = reading.viewer(followed.scope, followed.identifies_users);
        let named = [shown.workflow.as_mut(), shown.environment.as_mut()];
        let texts = named.into_iter().flatten().chain([&mut shown.execution_id]);
        reading.veil(viewer.await?, texts.collect()).await?;
    }
    Ok(shown)
}

async fn read_finished(
    store: &dyn EventStore,
    scopes: &[Scope],
    sender: &watch::Sender<Recent>,
) -> Result<(), StoreError> {
    loop {
        let place = sender.borrow().next;
        let page = store.finished(scopes, place, READ).await?;
        if page.next > place {
            sender.send_modify(|recent| recent.add(page.executions, page.next));
        }
        if !page.more {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use weir_model::{ProjectKey, Status};

    use super::*;

    fn finished(sequence: u64) -> Finished {
        Finished {
            position: Position::after(sequence),
            project: ProjectKey(1),
            execution_id: sequence.to_string(),
            workflow: None,
            environment: None,
            status: Status::Completed,
            timestamp: Timestamp(0),
            duration: None,
        }
    }

    fn ids(page: &Page) -> Vec<u64> {
        page.executions
            .iter()
            .map(|one| one.position.sequence)
            .collect()
    }

    #[test]
    fn a_page_continues_where_the_previous_one_ended() {
        let mut recent = Recent::from(Position::after(10));
        recent.add([11, 12, 14].map(finished).into(), Position::after(16));
        let first = recent.after(Position::after(10), 2).unwrap();
        assert_eq!(
            (ids(&first), first.next),
            (vec![11, 12], Position::after(12))
        );
        let second = recent.after(first.next, 2).unwrap();
        assert_eq!((ids(&second), second.next), (vec![14], Position::after(16)));
        let third = recent.after(second.next, 2).unwrap();
        assert_eq!((ids(&third), third.next), (vec![], Position::after(16)));
    }

    #[test]
    fn a_place_beyond_the_newest_commit_stays_unchanged() {
        let recent = Recent::from(Position::after(10));
        let page = recent.after(Position::after(12), 2).unwrap();
        assert_eq!((ids(&page), page.next), (vec![], Position::after(12)));
    }

    #[test]
    fn dropped_executions_have_to_be_read_from_the_store() {
        let mut recent = Recent::from(Position::after(0));
        let many: Vec<_> = (1..=KEPT as u64 + 5).map(finished).collect();
        recent.add(many, Position::after(KEPT as u64 + 5));
        assert_eq!(recent.executions.len(), KEPT);
        assert!(recent.after(Position::after(4), 1).is_none());
        let page = recent.after(Position::after(5), 1).unwrap();
        assert_eq!(ids(&page), [6]);
    }
}
