//! How errors are grouped: the keys under which they are counted, the rules behind them, and the members of
//! groups.
//!
//! An event is counted under the keying that was current when intake read it. A change of keying waits for
//! events that are not committed yet, so that none is missed when history is rekeyed.

mod keying;
mod members;
mod places;
mod preview;
mod rules;
mod triage;

use std::{collections::HashMap, fmt, sync::Arc};

use parking_lot::Mutex as Lock;
use tokio::sync::{Mutex, OwnedMutexGuard, OwnedRwLockReadGuard, RwLock};
use weir_meta::ErrorSettings;
use weir_model::Scope;
use weir_store::EventStore;

use crate::{AppError, control::Control};

pub use keying::{Keying, rules_of};
pub use members::GroupMember;
pub(crate) use places::Places;
pub use preview::{Move, Preview};
pub use rules::{RuleVersion, Rules, compiled, version_of};
pub use triage::{Admitted, AssigneeView, Assignees, GroupState, Triage, TriageFilter, Triaged};

/// A keying that does not change while this is held.
pub type Held = OwnedRwLockReadGuard<Arc<Keying>>;

/// A project's keying, and the lock for changing it.
#[derive(Debug)]
struct Slot {
    keying: Arc<RwLock<Arc<Keying>>>,
    turn: Arc<Mutex<()>>,
}

/// The current keyings, by project.
pub struct Keyings {
    store: Arc<dyn EventStore>,
    control: Arc<dyn Control>,
    slots: Lock<HashMap<Scope, Arc<Slot>>>,
}

/// The exclusive right to change a project's grouping while it is held.
pub struct Turn {
    /// The project.
    pub scope: Scope,
    /// Its error settings.
    pub settings: ErrorSettings,
    /// The current keying.
    pub keying: Arc<Keying>,
    slot: Arc<Slot>,
    _turn: OwnedMutexGuard<()>,
}

impl Turn {
    /// Makes another keying current, once no event is being stored under the previous one.
    pub async fn put_into_force(&self, keying: &Arc<Keying>) {
        *self.slot.keying.write().await = Arc::clone(keying);
    }
}

impl Keyings {
    /// Keyings over these stores; each is read when it is first needed.
    pub fn new(store: Arc<dyn EventStore>, control: Arc<dyn Control>) -> Self {
        Self {
            store,
            control,
            slots: Lock::default(),
        }
    }

    /// The current keying, which does not change while it is held. Fails if control data cannot be read.
    pub async fn hold(&self, scope: Scope) -> Result<Held, AppError> {
        let slot = self.slot(scope).await?;
        Ok(Arc::clone(&slot.keying).read_owned().await)
    }

    /// The current keying. Fails if control data cannot be read.
    pub async fn keying(&self, scope: Scope) -> Result<Arc<Keying>, AppError> {
        Ok(Arc::clone(&*self.hold(scope).await?))
    }

    /// Waits for the turn to change a project's grouping. Fails if control data cannot be read.
    pub async fn turn(&self, scope: Scope) -> Result<Turn, AppError> {
        let slot = self.slot(scope).await?;
        let turn = Arc::clone(&slot.turn).lock_owned().await;
        let keying = Arc::clone(&*slot.keying.read().await);
        Ok(Turn {
            scope,
            settings: self.control.error_settings(scope).await?,
            keying,
            slot,
            _turn: turn,
        })
    }

    async fn slot(&self, scope: Scope) -> Result<Arc<Slot>, AppError> {
        if let Some(slot) = self.slots.lock().get(&scope) {
            return Ok(Arc::clone(slot));
        }
        let keying = Keying::of(&self.control.error_settings(scope).await?);
        let fresh = || {
            Arc::new(Slot {
                keying: Arc::new(RwLock::new(Arc::new(keying))),
                turn: Arc::default(),
            })
        };
        Ok(Arc::clone(
            self.slots.lock().entry(scope).or_insert_with(fresh),
        ))
    }
}

impl fmt::Debug for Keyings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyings").finish_non_exhaustive()
    }
}
