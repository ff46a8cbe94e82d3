//! Whether control data is damaged. If it is too large to check before the start, it is checked afterwards.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use super::telemetry::{Amount, Figure, Source};

/// Whether a check since the start has found control data damaged.
#[derive(Clone, Default)]
pub struct Damaged(Arc<AtomicBool>);

impl Damaged {
    /// Records the result of a check.
    pub fn set(&self, is_damaged: bool) {
        self.0.store(is_damaged, Ordering::Relaxed);
    }

    /// The result of the last check.
    pub fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// The figure for `/metrics`.
    pub fn figures(&self) -> Source {
        let damaged = self.clone();
        Box::new(move || {
            vec![Figure {
                name: "control_data_damaged",
                help: "1 if a check since the start found control data damaged, otherwise 0",
                amount: Amount::Now(u64::from(damaged.get())),
            }]
        })
    }
}
