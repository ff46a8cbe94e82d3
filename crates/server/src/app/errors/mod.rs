//! Changing how errors are grouped: rules, groups that were merged or named, and history that follows every
//! change.

mod carried;
mod groups;
mod membership;
mod rules;

use std::sync::Arc;

use weir_analysis::fingerprint::STEPS;
use weir_insights::errors::{Keying, Keyings, Turn};
use weir_meta::{Actor, ErrorChange, MetaStore};
use weir_store::{EventStore, Rekeyed};

pub use groups::{Regrouped, Split};
pub use rules::RulesInput;

use super::{AppError, ErrorCode};

/// Where the grouping of errors is changed.
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

    /// Makes a change and lets history follow. It goes on to its end even if nobody waits for it.
    async fn change(
        self: &Arc<Self>,
        turn: Turn,
        change: ErrorChange,
        actor: Actor,
    ) -> Result<Rekeyed, AppError> {
        let grouping = Arc::clone(self);
        let changing = tokio::spawn(async move {
            let author = rules::author(&actor);
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

    /// Puts what is stored into force, and gives stored errors their keys by it.
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

    /// Lets the history of one project follow that has not followed yet: after a crash in the middle
    /// of a change, or when this program's own steps are others now. `None` if there is none.
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
    .fix("GET the rules, make your change to those, and PUT them with their version.")
}
