//! How errors are grouped: keys at intake, rules, groups that were merged or named, and history that
//! follows every change.
//!
//! While an event is on its way into the store it is counted under the keying that was in force when
//! it was read; a change waits for those that are on their way, so that none is missed when history
//! is keyed anew.

mod carried;
mod groups;
mod keying;
mod membership;
mod places;
mod preview;
mod rules;

use std::{collections::HashMap, sync::Arc};

use tokio::sync::{Mutex, OwnedMutexGuard, OwnedRwLockReadGuard, RwLock};
use weir_analysis::fingerprint::STEPS;
use weir_meta::{Actor, ErrorChange, ErrorSettings, MetaStore};
use weir_model::Scope;
use weir_store::{EventStore, Rekeyed};

pub(in crate::app) use places::Places;

pub use groups::{GroupMember, Regrouped, Split};
pub use keying::Keying;
pub use preview::{Move, Preview};
pub use rules::{RuleVersion, Rules, RulesInput};

use super::{AppError, ErrorCode};

/// A keying that does not change while this is held.
pub type Held = OwnedRwLockReadGuard<Arc<Keying>>;

/// A project's keying, and the turn of whoever changes it.
#[derive(Debug)]
struct Slot {
    keying: Arc<RwLock<Arc<Keying>>>,
    turn: Arc<Mutex<()>>,
}

/// Where errors are grouped.
pub(crate) struct Grouping {
    store: Arc<dyn EventStore>,
    meta: Arc<MetaStore>,
    slots: std::sync::Mutex<HashMap<Scope, Arc<Slot>>>,
}

/// Somebody's turn to change a project's grouping.
struct Turn {
    scope: Scope,
    settings: ErrorSettings,
    keying: Arc<Keying>,
    slot: Arc<Slot>,
    _turn: OwnedMutexGuard<()>,
}

impl Grouping {
    pub(crate) fn new(store: Arc<dyn EventStore>, meta: Arc<MetaStore>) -> Self {
        Self {
            store,
            meta,
            slots: std::sync::Mutex::default(),
        }
    }

    /// The keying in force, for as long as it is held.
    pub(crate) async fn hold(&self, scope: Scope) -> Result<Held, AppError> {
        let slot = self.slot(scope).await?;
        Ok(Arc::clone(&slot.keying).read_owned().await)
    }

    /// The keying in force at the moment.
    pub(crate) async fn keying(&self, scope: Scope) -> Result<Arc<Keying>, AppError> {
        Ok(Arc::clone(&*self.hold(scope).await?))
    }

    async fn slot(&self, scope: Scope) -> Result<Arc<Slot>, AppError> {
        if let Some(slot) = self.slots().get(&scope) {
            return Ok(Arc::clone(slot));
        }
        let keying = Keying::of(&self.meta.error_settings(scope).await?);
        let fresh = || {
            Arc::new(Slot {
                keying: Arc::new(RwLock::new(Arc::new(keying))),
                turn: Arc::default(),
            })
        };
        Ok(Arc::clone(self.slots().entry(scope).or_insert_with(fresh)))
    }

    fn slots(&self) -> std::sync::MutexGuard<'_, HashMap<Scope, Arc<Slot>>> {
        // Nothing panics while it is held.
        self.slots
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Waits for the turn to change a project's grouping.
    async fn turn(&self, scope: Scope) -> Result<Turn, AppError> {
        let slot = self.slot(scope).await?;
        let turn = Arc::clone(&slot.turn).lock_owned().await;
        let keying = Arc::clone(&*slot.keying.read().await);
        Ok(Turn {
            scope,
            settings: self.meta.error_settings(scope).await?,
            keying,
            slot,
            _turn: turn,
        })
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
        // Waits for the events that are on their way by the keying before.
        *turn.slot.keying.write().await = Arc::clone(&keying);
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
                let turn = self.turn(scope).await?;
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
