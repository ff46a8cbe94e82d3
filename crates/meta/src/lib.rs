//! Control data: tenants, projects, people, API keys and sessions, kept in SQLite.
//!
//! [`MetaStore`] answers who a caller is, what they can do, and in which project. Only a [`Principal`] gets a
//! [`weir_model::Scope`] for the event store, and only a [`Door`] that a principal opened gives access to the
//! rows of a tenant. Not allowed here: events, HTTP, and logging of secrets. Time and randomness are passed
//! in ([`Options`]).
//!
//! Every fallible function of [`MetaStore`] and [`Door`] fails if the database does, or if it reads a value
//! that this program does not write ([`MetaError::Damaged`]). The documentation of a function names only the
//! further reasons.

mod accounts;
mod annotations;
mod announcements;
mod api_keys;
mod audit;
mod bootstrap;
mod budget_alerts;
mod budgets;
mod door;
mod email;
mod engagement;
mod entropy;
mod error;
mod error_triage;
mod errors;
mod event_store;
mod identity_providers;
mod invitations;
mod key_cache;
mod keys;
mod let_go;
mod look;
mod master_key;
mod memberships;
mod migrations;
mod notes;
mod opaque;
mod operations;
mod origin;
mod password;
mod people;
mod preferences;
mod prices;
mod principal;
mod privacy;
mod process_rules;
mod projects;
mod rights;
mod roles;
mod saved_views;
mod sealed;
mod sealer;
mod second_factor;
mod secrets;
mod segments;
mod sessions;
mod sli;
mod sqlite;
mod store;
mod store_keys;
mod totp;
mod versions;
mod worth;

pub use accounts::{Admission, Newcomer};
pub use annotations::{
    Annotation, AnnotationFilter, AnnotationKind, AnnotationSaved, StoredAnnotation,
};
pub use announcements::{Announcement, AnnouncementLevel};
pub use api_keys::{ApiKey, KeyTerms, Rotation};
pub use audit::{Actor, AuditEntry, AuditFilter, AuditKind, AuditRecord, HeldRecord};
pub use bootstrap::FirstStart;
pub use budget_alerts::{BudgetAlert, Reached};
pub use budgets::{Budget, BudgetLevel, BudgetTerms, BudgetThreshold};
pub use door::{Door, Project, Tenant};
pub use engagement::StoredRule;
pub use entropy::{Entropy, SystemEntropy};
pub use error::MetaError;
pub use error_triage::{Assignee, ErrorTriage, TriageChange, TriageSaved, TriageState};
pub use errors::{ErrorChange, ErrorExample, ErrorGroup, ErrorRules, ErrorSettings, NewErrorRules};
pub use event_store::KnownStore;
pub use identity_providers::{IdentityProvider, ProviderSaved, ProviderTerms, Visitor};
pub use invitations::{Invitation, InvitationSeen, Invited};
pub use look::{LookedAt, check, look};
pub use master_key::{SealedAgain, Unopened};
pub use opaque::Opaque;
pub use operations::{ServerHour, ServerSizes, ServerTally, TenantUse};
pub use origin::Origin;
pub use people::{Member, RoleChange};
pub use preferences::StoredPreferences;
pub use prices::{HeldPrices, PriceChange, Restatement, WantedPrices};
pub use principal::{KeyScopes, Person, Principal, Roles, Who};
pub use privacy::{ErasedUser, Erasure, Privacy, PseudonymKey};
pub use process_rules::{ProcessRulesSaved, StoredProcessRules, WantedProcessRules};
pub use projects::{ProjectSaved, ProjectTerms};
pub use roles::{KeyScope, Level, Permission, Permissions, Role};
pub use saved_views::{SavedView, SavedViewTerms, ViewSaved, ViewsOf};
pub use sealed::Sealed;
pub use sealer::{KeyId, MasterKey, Sealer};
pub use secrets::check_given_key;
pub use segments::{Saved, StoredSegment};
pub use sessions::{Login, Session};
pub use sli::{SliConfig, SliSettings, SliTarget, SliWindow, SliWindowKey};
pub use store::{MetaStore, Options};
pub use versions::{Document, DocumentVersion};
pub use worth::{StoredWorth, WantedWorth, WorthKind, WorthSaved};
