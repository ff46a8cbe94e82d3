//! Access to the event store: what a read returns depends on the viewer.

use std::{collections::BTreeMap, sync::Arc};

use arrow::record_batch::RecordBatch;
use weir_model::{ExecutionId, Identity, Scope, TimeRange, cube::Dimension};
use weir_query::{Statement, records::executions::ExecutionRecord};
use weir_store::{EventStore, Labels, StoreError};

use super::{veil, viewer::Viewer};
use crate::{AppError, Reading};

/// The event store without its reads. Reads go through [`Reading::read`], which takes a [`Viewer`].
#[derive(Clone)]
pub struct Events(Arc<dyn EventStore>);

/// Methods that do not read events.
macro_rules! passed_on {
    ($($(#[doc = $doc:literal])* $name:ident($($argument:ident: $type:ty),*) -> $result:ty;)*) => {
        impl Events {
            $($(#[doc = $doc])*
            pub fn $name(&self, $($argument: $type),*) -> $result {
                self.0.$name($($argument),*)
            })*
        }
    };
}

passed_on! {
    /// The last commit that stored something for the project.
    watermark(scope: weir_model::Scope) -> u64;
    /// A receiver for the store's last commit, which is notified of every further one.
    commits() -> tokio::sync::watch::Receiver<u64>;
    /// The rules by which the store combines the events of an execution.
    rules() -> weir_store::fold::Rules;
    /// The SQL that the store speaks.
    dialect() -> weir_query::Dialect;
    /// The time by which rollup rows have expired.
    expired_by() -> weir_model::Timestamp;
    /// Which data has arrived, by source.
    sources(scope: weir_model::Scope) -> Vec<weir_store::SourceState>;
    /// The environments that occur in the project.
    environments(scope: weir_model::Scope) -> Vec<String>;
}

impl Events {
    /// Access to this store.
    pub fn new(store: Arc<dyn EventStore>) -> Self {
        Self(store)
    }

    /// The times of the first and the newest event of a project; `None` without events.
    pub fn data_range(&self, scope: Scope) -> Option<TimeRange> {
        let sources = self.sources(scope);
        let from = sources.iter().map(|source| source.first_event).min()?;
        let to = sources.iter().map(|source| source.newest_event).max()?;
        Some(TimeRange { from, to })
    }

    /// The store itself, for changes and for following commits.
    pub fn port(&self) -> &Arc<dyn EventStore> {
        &self.0
    }

    /// Runs a statement for internal use, without pseudonyms. Fails if the store does.
    pub(super) async fn read_clear(
        &self,
        statement: Statement,
    ) -> Result<Vec<RecordBatch>, StoreError> {
        self.0.read(statement).await
    }
}

impl Reading {
    /// Replaces users by pseudonyms in texts that no statement read, such as examples of errors and names of
    /// segments, unless the viewer is allowed to see users. Fails if the users cannot be read.
    pub async fn veil(&self, viewer: Viewer, texts: Vec<&mut String>) -> Result<(), AppError> {
        if viewer.is_veiled() && !texts.is_empty() {
            let users = self.users(viewer).await?;
            for text in texts {
                *text = veil::typed(viewer, &users, text);
            }
        }
        Ok(())
    }

    /// The stored form of a text that the viewer sent, with user ids in place of pseudonyms. Fails if the
    /// users cannot be read.
    pub async fn stored_text(&self, viewer: Viewer, said: &str) -> Result<String, AppError> {
        match viewer.is_veiled() {
            true => Ok(veil::restored(said, &*self.users(viewer).await?)),
            false => Ok(said.to_owned()),
        }
    }

    /// The public id of an execution, which is derived from the stored ids and not from those that the viewer
    /// sees.
    pub(crate) fn public_id(&self, viewer: Viewer, seen: &ExecutionRecord) -> ExecutionId {
        let project = viewer.scope().project;
        let known = || self.known_users.kept(viewer.scope());
        let Some(users) = viewer.is_veiled().then(known).flatten() else {
            return seen.public_id(project);
        };
        let stored = |column: &str| seen.text(column).map(|id| veil::restored(id, &users));
        Identity {
            project,
            environment: stored("environment").as_deref(),
            workflow: &stored("workflow").unwrap_or_default(),
            execution_id: &veil::restored(&seen.execution_id, &users),
        }
        .id()
    }

    /// The newest names of workflows and steps with these ids, as the viewer is allowed to see them. Ids are
    /// as the viewer sees them.
    pub(crate) fn labels(&self, viewer: Viewer, ids: &BTreeMap<Dimension, Vec<String>>) -> Labels {
        let names =
            |ids: &BTreeMap<Dimension, Vec<String>>| self.store.0.labels(viewer.scope(), ids);
        if !viewer.is_veiled() {
            return names(ids);
        }
        // The users were read together with the ids. If they are no longer in memory, the viewer sees ids
        // without names.
        let Some(users) = self.known_users.kept(viewer.scope()) else {
            return Labels::default();
        };
        let clear = ids.iter().map(|(&dimension, ids)| {
            let ids = ids.iter().map(|id| veil::restored(id, &users));
            (dimension, ids.collect())
        });
        let shown = |text: &str| veil::text(viewer, &users, text);
        let labels = names(&clear.collect()).into_iter();
        labels
            .map(|(dimension, names)| {
                let names = names.iter().map(|(id, name)| (shown(id), shown(name)));
                (dimension, names.collect())
            })
            .collect()
    }

    /// Runs a statement and returns its rows as the viewer is allowed to see them. Fails if the store does.
    pub(crate) async fn read(
        &self,
        viewer: Viewer,
        statement: Statement,
    ) -> Result<Vec<RecordBatch>, AppError> {
        if !viewer.is_veiled() {
            return Ok(self.store.read_clear(statement).await?);
        }
        let statement = match veil::means_users(&statement) {
            true => veil::unveiled(statement, &*self.users(viewer).await?),
            false => statement,
        };
        let batches = self.store.read_clear(statement).await?;
        if !veil::names_users(&batches) {
            return Ok(batches);
        }
        let users = self.users(viewer).await?;
        let work = move || veil::veiled(viewer, &users, batches);
        tokio::task::spawn_blocking(work)
            .await
            .map_err(AppError::internal)?
            .map_err(AppError::internal)
    }
}
