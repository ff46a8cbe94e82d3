//! Changing how errors are grouped: rules, merged and renamed groups, and regrouping of stored errors after
//! each change.

mod carried;
mod groups;
mod membership;
mod rules;
mod triage;

use std::sync::Arc;

use weir_analysis::fingerprint::STEPS;
use weir_insights::errors::{Keying, Keyings, Turn};
use weir_meta::{Actor, ErrorChange, MetaStore};
use weir_store::{EventStore, Rekeyed};

pub use groups::{Regrouped, Split};
pub use rules::RulesInput;
pub use triage::{AssigneeInput, StateInput};

use super::{AppError, ErrorCode};

/// Changes the grouping of errors.
pub(crate) struct Grouping {
    pub(crate) keyings: Arc<Keyings>,
    store: Arc<dyn EventStore>,
    meta: Arc<MetaStore>,
}

impl Grouping {
    pub(crate) fn new(
        keyings: Arc<Keyings>,
        store: Arc<dyn EventStore>,
        meta: Arc<MetaStore>,
    ) -> Self {
        Self {
            keyings,
            store,
            meta,
        }
    }

    /// Makes a change and regroups stored errors. Completes even if the caller disconnects. Fails with
    /// `changed_meanwhile` if the settings have changed.
    async fn change(
        self: &Arc<Self>,
        turn: Turn,
        change: ErrorChange,
        actor: Actor,
    ) -> Result<Rekeyed, AppError> {
        let grouping = Arc::clone(self);
        let changing = tokio::spawn(async move {
            let author = actor.shown();
            let changed = grouping
                .meta
                .change_errors(turn.scope, &change, Some(&author), &actor);
            match changed.await? {
                true => grouping.apply(&turn).await,
                false => Err(stale()),
            }
        });
        changing.await.map_err(AppError::internal)?
    }

    /// Applies the stored settings and rekeys stored errors by them.
    async fn apply(&self, turn: &Turn) -> Result<Rekeyed, AppError> {
        let settings = self.meta.error_settings(turn.scope).await?;
        let keying = Arc::new(Keying::of(&settings));
        turn.put_into_force(&keying).await;
        let rekeyed = self.store.rekey_errors(turn.scope, keying).await?;
        self.meta
            .error_keys_applied(turn.scope, settings.generation, STEPS)
            .await?;
        Ok(rekeyed)
    }

    /// Regroups the stored errors of one project that are due, after a crash in the middle of a change or
    /// after an update of Weir's own steps. `None` if no project is due. Fails if control data or the store
    /// cannot be read or written.
    pub(crate) async fn catch_up(&self) -> Result<Option<Rekeyed>, AppError> {
        match self.meta.error_keys_due(STEPS).await?.first() {
            Some(&scope) => {
                let turn = self.keyings.turn(scope).await?;
                if self.meta.error_steps_changed(scope, STEPS).await? {
                    self.carry_over(&turn).await?;
                }
                self.apply(&turn).await.map(Some)
            }
            None => Ok(None),
        }
    }
}

fn stale() -> AppError {
    AppError::new(
        ErrorCode::ChangedMeanwhile,
        "The rules have changed since the version that you named.",
    )
    .field("version")
    .fix("Read the rules again, apply your change to them, and send them with their version.")
}
