//! Whether control data is whole, where there is too much of it to be looked at before a start.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use super::{
    App, AppError,
    telemetry::{Amount, Figure, Source},
};

/// Whether control data was found to be damaged since the start.
#[derive(Clone, Default)]
pub(super) struct Damaged(Arc<AtomicBool>);

impl Damaged {
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

impl App {
    /// Compares the pages of control data with one another; what is found is told by the log, the status
    /// endpoint and `/metrics`.
    pub async fn check_control_data(&self) -> Result<(), AppError> {
        let checked = self.meta.check().await;
        self.damaged.0.store(checked.is_err(), Ordering::Relaxed);
        Ok(checked?)
    }
}
