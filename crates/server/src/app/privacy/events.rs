//! The event store as use cases reach it: what is read depends on who reads.

use std::sync::Arc;

use arrow::record_batch::RecordBatch;
use weir_query::{Parameter, Statement};
use weir_store::{EventStore, StoreError};

use super::{veil, viewer::Viewer};
use crate::app::{App, AppError};

/// The event store without its reads: these are [`App::read`]'s, which takes a [`Viewer`].
pub(crate) struct Events(Arc<dyn EventStore>);

/// What can be done without reading events.
macro_rules! passed_on {
    ($($(#[doc = $doc:literal])* $name:ident($($argument:ident: $type:ty),*) -> $result:ty;)*) => {
        impl Events {
            $($(#[doc = $doc])*
            pub(crate) fn $name(&self, $($argument: $type),*) -> $result {
                self.0.$name($($argument),*)
            })*
        }
    };
}

passed_on! {
    /// The last commit that stored something for the project.
    watermark(scope: weir_model::Scope) -> u64;
    /// The last commit of the store, and word of every one that follows.
    commits() -> tokio::sync::watch::Receiver<u64>;
    /// The moment by which rollup rows have expired.
    expired_by() -> weir_model::Timestamp;
    /// What has arrived, by source.
    sources(scope: weir_model::Scope) -> Vec<weir_store::SourceState>;
    /// The environments seen in the project.
    environments(scope: weir_model::Scope) -> Vec<String>;
    /// The newest names of the ids asked for: workflows and steps have names, users have none.
    labels(
        scope: weir_model::Scope,
        ids: &std::collections::BTreeMap<weir_model::cube::Dimension, Vec<String>>
    ) -> weir_store::Labels;
}

impl Events {
    pub(crate) fn new(store: Arc<dyn EventStore>) -> Self {
        Self(store)
    }

    /// The store itself, for what changes it and for what follows it.
    pub(crate) fn port(&self) -> &Arc<dyn EventStore> {
        &self.0
    }

    /// Runs a statement for the program itself.
    pub(super) async fn read_clear(
        &self,
        statement: Statement,
    ) -> Result<Vec<RecordBatch>, StoreError> {
        self.0.read(statement).await
    }
}

impl App {
    /// A text of control data, such as an example of an error, as the viewer may see it.
    pub(in crate::app) async fn text_for(
        &self,
        viewer: Viewer,
        text: String,
    ) -> Result<String, AppError> {
        match viewer.is_veiled() {
            true => Ok(veil::text(viewer, &*self.users(viewer).await?, &text)),
            false => Ok(text),
        }
    }

    /// Runs a statement, and gives its rows as the viewer may see them.
    pub(in crate::app) async fn read(
        &self,
        viewer: Viewer,
        statement: Statement,
    ) -> Result<Vec<RecordBatch>, AppError> {
        if !viewer.is_veiled() {
            return Ok(self.store.read_clear(statement).await?);
        }
        let mut bound = statement.parameters.iter();
        let statement = match bound.any(|bound| matches!(bound, Parameter::User(_))) {
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
