//! How far imports and synchronisations have come: told by those who send, kept in memory only.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use serde::Serialize;
use tokio::sync::watch;
use utoipa::ToSchema;
use weir_model::{ProjectKey, Scope, TenantKey};

use super::Audience;
use crate::app::{AppError, ErrorCode};

/// Syncs of a tenant that are remembered; of more the oldest is forgotten.
const REMEMBERED: usize = 32;
const ID_BYTES: usize = 128;

/// How far a sync has come, as its sender says with the events it sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncReport {
    /// The sender's own id of the sync.
    pub id: String,
    /// How much is in with these events.
    pub current: u64,
    /// How much there is.
    pub total: u64,
    /// What is counted.
    pub unit: SyncUnit,
}

/// What the size of a sync is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SyncUnit {
    /// Events.
    Events,
    /// Bytes of the files that are read.
    Bytes,
}

/// How far a sync has come: the news of `sync.progress`.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SyncProgress {
    /// The sender's own id of the sync.
    pub sync_id: String,
    /// The door that its events come by.
    #[schema(value_type = String)]
    pub source: Arc<str>,
    /// UUID of the project.
    pub project_id: Option<String>,
    /// How much is in.
    pub current: u64,
    /// How much there is.
    pub total: u64,
    /// What is counted.
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
    /// Whether everything is in.
    pub(super) fn is_over(&self) -> bool {
        self.report.current >= self.report.total
    }

    /// What tells it apart from other syncs of the tenant.
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
    /// Tells those who follow the tenant how far a sync has come.
    pub(in crate::app) fn tell(&self, scope: Scope, source: &Arc<str>, report: SyncReport) {
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

/// Puts a report on the board; says whether it tells anything new. Bodies that are on their way at the
/// same time may arrive in another order than they were sent: what is in stays in.
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
    /// The progress, if the audience may see it.
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
    /// How far one large body has come that no sender said anything about.
    pub(in crate::app) fn of_body(body: u64, current: usize, total: usize) -> Self {
        Self {
            id: format!("body-{body:016x}"),
            current: current as u64,
            total: total as u64,
            unit: SyncUnit::Events,
        }
    }

    /// Reads `id=nightly; current=1200; total=50000; unit=events`; without a unit it is events.
    pub fn parse(text: &str) -> Result<Self, AppError> {
        let mut parts = HashMap::new();
        for part in text.split(';') {
            let (name, value) = part.split_once('=').ok_or_else(wrong)?;
            parts.insert(name.trim(), value.trim());
        }
        let number = |name| parts.get(name).and_then(|text| text.parse::<u64>().ok());
        let id = parts.get("id").copied().filter(|id| is_harmless(id));
        let unit = match parts.get("unit").copied() {
            None | Some("events") => Some(SyncUnit::Events),
            Some("bytes") => Some(SyncUnit::Bytes),
            Some(_) => None,
        };
        let known = |name: &&str| ["id", "current", "total", "unit"].contains(name);
        match (id, number("current"), number("total"), unit) {
            (Some(id), Some(current), Some(total), Some(unit))
                if current <= total && parts.keys().all(known) =>
            {
                Ok(Self {
                    id: id.to_owned(),
                    current,
                    total,
                    unit,
                })
            }
            _ => Err(wrong()),
        }
    }
}

fn is_harmless(id: &str) -> bool {
    (1..=ID_BYTES).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic())
}

fn wrong() -> AppError {
    let detail = "Weir-Sync does not say how far the sync has come.";
    AppError::new(ErrorCode::InvalidParameter, detail)
        .field("Weir-Sync")
        .fix(
            "id=nightly; current=1200; total=50000; unit=events (or bytes), with current <= total.",
        )
}

#[cfg(test)]
mod tests {
    use super::{super::Followed, *};

    fn known(id: &str, current: u64) -> KeptReport {
        KeptReport {
            scope: Scope::new(1, 1),
            source: "http".into(),
            report: SyncReport::parse(&format!("id={id}; current={current}; total=100")).unwrap(),
        }
    }

    #[test]
    fn a_report_is_read_and_a_damaged_one_is_refused() {
        let read = SyncReport::parse("id=a-1; current=5; total=10; unit=bytes").unwrap();
        assert_eq!(
            (read.current, read.total, read.unit),
            (5, 10, SyncUnit::Bytes)
        );
        for bad in [
            "",
            "id=a",
            "id=; current=1; total=2",
            "id=a; current=3; total=2",
            "id=a; current=-1; total=2",
            "id=a; current=1; total=2; unit=miles",
            "id=a; current=1; total=2; speed=3",
            "id=a b; current=1; total=2",
        ] {
            let error = SyncReport::parse(bad).unwrap_err();
            assert_eq!(error.code, ErrorCode::InvalidParameter, "{bad:?}");
        }
    }

    #[test]
    fn a_body_that_arrives_late_does_not_turn_progress_back() {
        let mut board = Board::new();
        assert!(place(&mut board, known("a", 40)));
        assert!(!place(&mut board, known("a", 20)));
        assert!(place(&mut board, known("b", 1)));
        assert!(place(&mut board, known("a", 100)));
        let currents: Vec<_> = board.iter().map(|known| known.report.current).collect();
        assert_eq!(currents, [1, 100]);
    }

    #[test]
    fn of_too_many_syncs_the_oldest_is_forgotten() {
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
    fn progress_is_for_those_who_see_the_project() {
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
