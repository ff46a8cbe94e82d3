//! Parameters of the audit log.

use serde::Deserialize;
use utoipa::IntoParams;
use weir_meta::{AuditFilter, AuditKind, Permission, Principal};
use weir_model::Scope;

use super::{extract::given, moment};
use crate::app::{AppError, ErrorCode, audit::AuditWanted};

macro_rules! parameters {
    ($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Deserialize, IntoParams)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub(in crate::http) struct $name {
            /// UUID of the project; required only if the caller has access to several.
            #[allow(dead_code, reason = "the guard reads it")]
            pub project_id: Option<String>,
            /// Only this kind of entry: change (something was changed) or access (someone logged in, tried to, or read something).
            pub kind: Option<String>,
            /// Only this action: `prices.changed`, or every action that starts with a word: `prices`.
            pub action: Option<String>,
            /// Only this actor: `person:ada@example.com`, or `key:` and the key's id.
            pub actor: Option<String>,
            /// Only this subject: what was changed, or the path that was read.
            pub subject: Option<String>,
            /// Start of the range (inclusive), RFC 3339.
            pub from: Option<String>,
            /// End of the range (exclusive), RFC 3339.
            pub to: Option<String>,
            $($(#[$fdoc])* pub $field: $type,)*
        }

        never_narrowed! { $name }

        impl $name {
            /// Which entries to return. Fails if the kind or a time is invalid.
            pub(in crate::http) fn entries(
                &self,
                scope: Scope,
                caller: &Principal,
            ) -> Result<AuditWanted, AppError> {
                Ok(AuditWanted {
                    scope,
                    with_tenant: caller.tenant_permissions().contains(Permission::ReadAudit),
                    filter: AuditFilter {
                        kind: given(&self.kind).as_deref().map(kind).transpose()?,
                        action: given(&self.action),
                        actor: given(&self.actor),
                        subject: given(&self.subject),
                        from: moment(&self.from, "from")?,
                        to: moment(&self.to, "to")?,
                    },
                })
            }
        }
    };
}

parameters! {
    /// Parameters of the audit log.
    AuditParameters {
        /// `nextCursor` of the previous page.
        cursor: Option<String>,
        /// Maximum number of entries: 1 to 200; 50 by default.
        limit: Option<u32>,
    }
}

parameters! {
    /// Parameters of the export of the audit log.
    AuditExportParameters {
        /// The format: csv (the default) or ndjson.
        format: Option<String>,
    }
}

fn kind(name: &str) -> Result<AuditKind, AppError> {
    AuditKind::from_name(name).ok_or_else(|| {
        let detail = format!("There is no kind {name:?} of entries.");
        let error = AppError::new(ErrorCode::InvalidParameter, detail).field("kind");
        error.fix("change or access")
    })
}
