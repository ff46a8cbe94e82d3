//! The control data that reading needs, and no other.

use async_trait::async_trait;
use uuid::Uuid;
use weir_meta::{
    Document, DocumentVersion, ErrorRules, ErrorSettings, MetaError, MetaStore, Privacy, SliConfig,
    SliWindow, StoredRule, StoredSegment, StoredWorth, WorthKind,
};
use weir_model::{Scope, TenantKey};

/// Declares each way to control data once: in the port, and as [`MetaStore`] has it.
macro_rules! control {
    ($($(#[doc = $doc:literal])* $name:ident($($argument:ident: $type:ty),*) -> $found:ty;)*) => {
        /// What projects have set that figures depend on. Each fails where control data cannot be read.
        #[async_trait]
        pub trait Control: Send + Sync {
            $($(#[doc = $doc])*
            async fn $name(&self, $($argument: $type),*) -> Result<$found, MetaError>;)*
        }

        #[async_trait]
        impl Control for MetaStore {
            $(async fn $name(&self, $($argument: $type),*) -> Result<$found, MetaError> {
                MetaStore::$name(self, $($argument),*).await
            })*
        }
    };
}

control! {
    /// The rule that scores the users of a project, if it set one.
    engagement_rule(scope: Scope) -> Option<StoredRule>;
    /// The newest windows of a length that were measured, newest first.
    sli_windows(scope: Scope, workflow: Option<&str>, window: &str, most: u32) -> Vec<SliWindow>;
    /// Keeps what a window was measured at.
    put_sli_window(scope: Scope, window: &SliWindow) -> ();
    /// The target that a project or a workflow of it set itself.
    sli_config(scope: Scope, workflow: Option<&str>) -> Option<SliConfig>;
    /// The segments of a project, in order of name.
    segments(scope: Scope) -> Vec<StoredSegment>;
    /// A segment of a project.
    segment(scope: Scope, id: Uuid) -> Option<StoredSegment>;
    /// What workflows and goals of a project are worth, goals before workflows, each in order of ids.
    worths(scope: Scope, after: Option<(WorthKind, &str)>, limit: usize) -> Vec<StoredWorth>;
    /// What a workflow or goal is worth.
    worth(scope: Scope, kind: WorthKind, subject: &str) -> Option<StoredWorth>;
    /// The versions of a project's rules for errors, newest first.
    error_rules(scope: Scope) -> Vec<ErrorRules>;
    /// How the errors of a project are grouped now.
    error_settings(scope: Scope) -> ErrorSettings;
    /// The version in force of something that a project declared.
    document(scope: Scope, document: Document) -> Option<DocumentVersion>;
    /// How an organisation shows its users, if it said so.
    privacy(tenant: TenantKey) -> Option<Privacy>;
}
