//! Whether control data is whole, where there is too much of it to be looked at before a start.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use super::telemetry::{Amount, Figure, Source};

/// Whether control data was found to be damaged since the start.
#[derive(Clone, Default)]
pub struct Damaged(Arc<AtomicBool>);

impl Damaged {
    /// What was found.
    pub fn set(&self, is_damaged: bool) {
        self.0.store(is_damaged, Ordering::Relaxed);
    }

    /// Whether it was.
    pub fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// What `/metrics` tells.
    pub fn figures(&self) -> Source {
        let damaged = self.clone();
        Box::new(move || {
            vec![Figure {
                name: "control_data_damaged",
                help: "Whether the pages of control data were found to disagree since the start",
                amount: Amount::Now(u64::from(damaged.get())),
            }]
        })
    }
}
