//! Checking whether budgets have reached thresholds.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use uuid::Uuid;
use weir_meta::{Budget, Reached};
use weir_model::{Decimal, Timestamp, time::HOUR};

use super::standing::current_period;
use crate::app::{App, AppError};

/// The state that a budget was last checked on: checking again on the same state finds the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Seen {
    changed_at: Timestamp,
    watermarks: u64,
    period: Timestamp,
    /// The half hour since the epoch. A forecast changes with the day, which begins on a full or half hour in
    /// every time zone.
    half_hour: i64,
}

/// The state that each budget was last checked on.
#[derive(Debug, Default)]
pub struct Watch(Mutex<HashMap<Uuid, Seen>>);

impl Watch {
    fn is_new(&self, budget: Uuid, seen: Seen) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(budget, seen) != Some(seen)
    }

    fn forget(&self, budget: Uuid) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&budget);
    }
}

impl App {
    /// Checks every budget whose spending may have changed, and returns how many thresholds were reached for
    /// the first time in their period. Fails if a budget cannot be read or its figures cannot be computed; it
    /// is checked again next time.
    pub async fn watch_budgets(&self) -> Result<usize, AppError> {
        let mut fired = 0;
        for budget in self.meta.every_budget().await? {
            let seen = self.seen(&budget).await?;
            if !self.watch.is_new(budget.id, seen) {
                continue;
            }
            match self.look_at(&budget).await {
                Ok(found) => fired += found,
                Err(error) => {
                    self.watch.forget(budget.id);
                    return Err(error);
                }
            }
        }
        Ok(fired)
    }

    async fn seen(&self, budget: &Budget) -> Result<Seen, AppError> {
        let scopes = self.meta.scopes_of(budget).await?;
        let (_, period) = current_period(self.clock.now(), budget)?;
        Ok(Seen {
            changed_at: budget.changed_at,
            watermarks: scopes
                .iter()
                .map(|&scope| self.store.watermark(scope))
                .sum(),
            period: period.from,
            half_hour: self.clock.now().floor(HOUR / 2).0,
        })
    }

    /// Records the thresholds that a budget has reached, each once per period, and returns how many are new.
    pub(super) async fn look_at(&self, budget: &Budget) -> Result<usize, AppError> {
        let standing = self.standing(budget).await?;
        let (_, period) = current_period(self.clock.now(), budget)?;
        let amount = budget.terms.amount.as_f64();
        let mut fired = 0;
        for threshold in &budget.terms.thresholds {
            let Some(value) = standing.reaches(threshold, amount)? else {
                continue;
            };
            let reached = Reached {
                threshold,
                period,
                value: Decimal::parse(&format!("{value:.9}")).unwrap_or_default(),
            };
            if self.meta.fire(budget, &reached).await? {
                fired += 1;
                tracing::warn!(
                    budget = %budget.id, name = budget.terms.name, percent = threshold.percent,
                    basis = threshold.basis, value, amount, "a budget has reached a threshold"
                );
            }
        }
        Ok(fired)
    }
}
