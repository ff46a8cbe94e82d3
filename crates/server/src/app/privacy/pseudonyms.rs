//! The users of projects, to find who a pseudonym stands for, and whom a text mentions.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use weir_model::Scope;
use weir_query::{
    Dialect, Statement,
    records::segments::{Page, Segment, Subject, members, read_members},
    validate::BOUNDS,
};

use super::viewer::{Viewer, is_pseudonym};
use crate::app::{App, AppError};

/// Projects whose users are kept.
const PROJECTS: usize = 200;
/// The most users of a project.
const MOST: u32 = 5_000_000;

/// The users of a project at a moment.
#[derive(Debug, Default)]
pub(super) struct Users {
    by_pseudonym: HashMap<String, Arc<str>>,
    ids: HashSet<Arc<str>>,
}

impl Users {
    pub(super) fn of(viewer: Viewer, ids: impl IntoIterator<Item = String>) -> Self {
        let ids: HashSet<Arc<str>> = ids.into_iter().map(Arc::from).collect();
        let by_pseudonym = ids
            .iter()
            .map(|id| (viewer.user(id), Arc::clone(id)))
            .collect();
        Self { by_pseudonym, ids }
    }

    /// Who a pseudonym stands for.
    pub(super) fn behind(&self, pseudonym: &str) -> Option<&str> {
        self.by_pseudonym.get(pseudonym).map(|id| &**id)
    }

    /// Whether somebody has this id.
    pub(super) fn knows(&self, id: &str) -> bool {
        self.ids.contains(id)
    }
}

/// The users of the projects that veiled viewers read.
#[derive(Default)]
pub(in crate::app) struct KnownUsers(Mutex<HashMap<Scope, Known>>);

#[derive(Clone)]
struct Known {
    users: Arc<Users>,
    watermark: u64,
}

impl KnownUsers {
    fn lock(&self) -> MutexGuard<'_, HashMap<Scope, Known>> {
        // A map of whole values is sound whoever panicked beside it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The users of a project as somebody read them last.
    pub(super) fn kept(&self, scope: Scope) -> Option<Arc<Users>> {
        self.lock()
            .get(&scope)
            .map(|known| Arc::clone(&known.users))
    }

    /// Forgets the users of a project, so that nobody who was erased is kept.
    pub(super) fn forget(&self, scope: Scope) {
        self.lock().remove(&scope);
    }
}

impl App {
    /// The users of a project as a veiled viewer knows them: all that any event which was committed before
    /// names, so that none is shown as they are whose first event has just come.
    pub(super) async fn users(&self, viewer: Viewer) -> Result<Arc<Users>, AppError> {
        let scope = viewer.scope();
        let watermark = self.store.watermark(scope);
        let known = self.known_users.lock().get(&scope).cloned();
        if let Some(known) = known
            && known.watermark == watermark
        {
            return Ok(known.users);
        }
        let batches = self.store.read_clear(everybody(scope)).await?;
        let making = move || Ok::<_, AppError>(Users::of(viewer, read(&batches)?));
        let users = tokio::task::spawn_blocking(making).await;
        let users = Arc::new(users.map_err(AppError::internal)??);
        let mut known = self.known_users.lock();
        if known.len() >= PROJECTS {
            known.clear();
        }
        let fresh = Known {
            users: Arc::clone(&users),
            watermark,
        };
        known.insert(scope, fresh);
        Ok(users)
    }

    /// The id of the user whom a viewer means: as it is, or by a pseudonym; of somebody unknown, what
    /// they said.
    pub(in crate::app) async fn user_meant(
        &self,
        viewer: Viewer,
        said: &str,
    ) -> Result<String, AppError> {
        if !viewer.is_veiled() || !is_pseudonym(said) {
            return Ok(said.to_owned());
        }
        let users = self.users(viewer).await?;
        Ok(users.behind(said).unwrap_or(said).to_owned())
    }
}

fn read(batches: &[arrow::record_batch::RecordBatch]) -> Result<Vec<String>, AppError> {
    read_members(batches).map_err(AppError::internal)
}

fn everybody(scope: Scope) -> Statement {
    let segment = Segment {
        subject: Subject::Users,
        all: true,
        conditions: Vec::new(),
        ever: BOUNDS,
    };
    let page = Page {
        after: None,
        limit: MOST,
    };
    members(scope, &segment, &page, Dialect::default())
}
