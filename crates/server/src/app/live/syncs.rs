//! The progress of imports and synchronisations, as reported by their senders and kept in memory only.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use serde::Serialize;
use tokio::sync::watch;
use utoipa::ToSchema;
use weir_model::{ProjectKey, Scope, TenantKey};

use super::Audience;

/// The most syncs remembered for a tenant; beyond it, the oldest is forgotten.
const REMEMBERED: usize = 32;

/// The progress of a sync, as its sender reports it with events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncReport {
    /// The sender's own id of the sync.
    pub id: String,
    /// How much has been sent, including these events.
    pub current: u64,
    /// How much there is in total.
    pub total: u64,
    /// The unit of both.
    pub unit: SyncUnit,
}

/// The unit of a sync's size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SyncUnit {
    /// Events.
    Events,
    /// Bytes of the imported files.
    Bytes,
}

/// The progress of a sync: the data of `sync.progress`.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SyncProgress {
    /// The sender's own id of the sync.
    pub sync_id: String,
    /// The source of its events.
    #[schema(value_type = String)]
    pub source: Arc<str>,
    /// UUID of the project.
    pub project_id: Option<String>,
    /// How much has been sent.
    pub current: u64,
    /// How much there is in total.
    pub total: u64,
    /// The unit of both.
    pub unit: SyncUnit,
    /// 100 x current / total.
    pub percentage: f64,
}

/// A report as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct KeptReport {
    scope: Scope,
    source: Arc<str>,
    report: SyncReport,
}

impl KeptReport {
    /// Whether the sync is complete.
    pub(super) fn is_over(&self) -> bool {
        self.report.current >= self.report.total
    }

    /// Its key among the syncs of the tenant.
    pub(super) fn key(&self) -> SyncKey {
        (self.scope.project, self.report.id.clone())
    }
}

/// A project and its sender's id of a sync.
pub(super) type SyncKey = (ProjectKey, String);

/// The syncs of a tenant, oldest first.
pub(super) type Board = Vec<Arc<KeptReport>>;

/// The syncs of every tenant.
#[derive(Default)]
pub(in crate::app) struct Syncs(Mutex<HashMap<TenantKey, watch::Sender<Board>>>);

impl Syncs {
    /// Reports the progress of a sync to the tenant's subscribers.
    pub(in crate::app) fn report(&self, scope: Scope, source: &Arc<str>, report: SyncReport) {
        let known = KeptReport {
            scope,
            source: Arc::clone(source),
            report,
        };
        self.of(scope.tenant)
            .send_if_modified(|board| place(board, known));
    }

    pub(super) fn listen(&self, tenant: TenantKey) -> watch::Receiver<Board> {
        self.of(tenant).subscribe()
    }

    fn of(&self, tenant: TenantKey) -> watch::Sender<Board> {
        let mut tenants = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tenants.entry(tenant).or_default().clone()
    }
}

/// Puts a report on the board; returns whether it is news. Concurrent bodies can arrive out of order, so
/// progress never goes back.
fn place(board: &mut Board, known: KeptReport) -> bool {
    let same =
        |other: &Arc<KeptReport>| other.scope == known.scope && other.report.id == known.report.id;
    if let Some(at) = board.iter().position(same) {
        let before = &board[at].report;
        if before.total == known.report.total && before.current >= known.report.current {
            return false;
        }
        board.remove(at);
    }
    board.push(Arc::new(known));
    if board.len() > REMEMBERED {
        board.remove(0);
    }
    true
}

impl SyncProgress {
    /// The progress, if the audience can see the project.
    pub(super) fn of(known: &KeptReport, audience: &Audience) -> Option<Self> {
        let project_id = audience.id_of(known.scope.project)?.to_owned();
        let report = &known.report;
        Some(Self {
            sync_id: report.id.clone(),
            source: Arc::clone(&known.source),
            project_id: Some(project_id),
            current: report.current,
            total: report.total,
            unit: report.unit,
            percentage: match report.total {
                0 => 100.0,
                total => (1e4 * report.current as f64 / total as f64).round() / 100.0,
            },
        })
    }
}

impl SyncReport {
    /// The progress of one large body whose sender reports none.
    pub(in crate::app) fn of_body(body: u64, current: usize, total: usize) -> Self {
        Self {
            id: format!("body-{body:016x}"),
            current: current as u64,
            total: total as u64,
            unit: SyncUnit::Events,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Followed, *};

    fn known(id: &str, current: u64) -> KeptReport {
        KeptReport {
            scope: Scope::new(1, 1),
            source: "http".into(),
            report: SyncReport {
                id: id.to_owned(),
                current,
                total: 100,
                unit: SyncUnit::Events,
            },
        }
    }

    #[test]
    fn a_late_body_does_not_set_progress_back() {
        let mut board = Board::new();
        assert!(place(&mut board, known("a", 40)));
        assert!(!place(&mut board, known("a", 20)));
        assert!(place(&mut board, known("b", 1)));
        assert!(place(&mut board, known("a", 100)));
        let currents: Vec<_> = board.iter().map(|known| known.report.current).collect();
        assert_eq!(currents, [1, 100]);
    }

    #[test]
    fn the_oldest_sync_is_forgotten_beyond_the_maximum() {
        let mut board = Board::new();
        for number in 0..=REMEMBERED {
            place(&mut board, known(&number.to_string(), 1));
        }
        assert_eq!(
            (board.len(), board[0].report.id.as_str()),
            (REMEMBERED, "1")
        );
    }

    #[test]
    fn progress_is_visible_only_with_access_to_the_project() {
        let audience = |scope: Scope| Audience {
            projects: vec![Followed {
                scope,
                id: "p".to_owned(),
                identifies_users: true,
            }],
        };
        let seen = SyncProgress::of(&known("a", 25), &audience(Scope::new(1, 1))).unwrap();
        assert_eq!(
            (seen.percentage, seen.project_id.as_deref()),
            (25.0, Some("p"))
        );
        assert_eq!(
            SyncProgress::of(&known("a", 25), &audience(Scope::new(1, 2))),
            None
        );
    }
}
