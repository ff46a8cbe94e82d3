//! Access to the control data that reading needs, and to no other.

use async_trait::async_trait;
use uuid::Uuid;
use weir_meta::{
    AnnotationFilter, Assignee, Document, DocumentVersion, ErrorRules, ErrorSettings, ErrorTriage,
    MetaError, MetaStore, Privacy, SliConfig, SliWindow, StoredAnnotation, StoredProcessRules,
    StoredRule, StoredSegment, StoredWorth, WorthKind,
};
use weir_model::{Scope, TenantKey, Timestamp};

/// Declares each method once, for the port and for its implementation by [`MetaStore`].
macro_rules! control {
    ($($(#[doc = $doc:literal])* $name:ident($($argument:ident: $type:ty),*) -> $found:ty;)*) => {
        /// The settings of projects that figures depend on. Each method fails if control data cannot be read.
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
    /// The engagement rule of a project, if it has set one.
    engagement_rule(scope: Scope) -> Option<StoredRule>;
    /// The newest measured windows of a length, newest first; at most `most`.
    sli_windows(scope: Scope, workflow: Option<&str>, window: &str, most: u32) -> Vec<SliWindow>;
    /// Stores a measured window.
    put_sli_window(scope: Scope, window: &SliWindow) -> ();
    /// The target set for a project (`None`) or for one of its workflows.
    sli_config(scope: Scope, workflow: Option<&str>) -> Option<SliConfig>;
    /// The targets of a project: its own first, then those of its workflows by id.
    sli_configs(scope: Scope) -> Vec<SliConfig>;
    /// The segments of a project, ordered by name.
    segments(scope: Scope) -> Vec<StoredSegment>;
    /// A segment of a project.
    segment(scope: Scope, id: Uuid) -> Option<StoredSegment>;
    /// What workflows and goals of a project are worth: at most `limit` after the given one, goals before
    /// workflows, each ordered by id.
    worths(scope: Scope, after: Option<(WorthKind, &str)>, limit: usize) -> Vec<StoredWorth>;
    /// What a workflow or goal is worth.
    worth(scope: Scope, kind: WorthKind, subject: &str) -> Option<StoredWorth>;
    /// The annotations of a project, the newest start first: at most `limit` after the given start and id.
    annotations(scope: Scope, filter: &AnnotationFilter, after: Option<(Timestamp, &str)>, limit: usize) -> Vec<StoredAnnotation>;
    /// An annotation of a project.
    annotation(scope: Scope, id: Uuid) -> Option<StoredAnnotation>;
    /// What was decided about the error groups of a project.
    error_triage(scope: Scope) -> Vec<ErrorTriage>;
    /// The people who can read a project, sorted by name.
    assignees(scope: Scope) -> Vec<Assignee>;
    /// The conformance rules of a workflow, if it has any.
    process_rules(scope: Scope, workflow: &str) -> Option<StoredProcessRules>;
    /// The versions of a project's error rules, newest first.
    error_rules(scope: Scope) -> Vec<ErrorRules>;
    /// How the errors of a project are currently grouped.
    error_settings(scope: Scope) -> ErrorSettings;
    /// The current version of a document of a project.
    document(scope: Scope, document: Document) -> Option<DocumentVersion>;
    /// The privacy settings of an organisation, if it has set any.
    privacy(tenant: TenantKey) -> Option<Privacy>;
}
