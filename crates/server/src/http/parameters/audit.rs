//! Parameters of the audit log.

use serde::Deserialize;
use utoipa::IntoParams;
use weir_meta::{AuditFilter, Permission};
use weir_model::Timestamp;

use super::given;
use crate::{
    app::{
        AppError, ErrorCode,
        audit::{self, AuditWanted},
    },
    http::auth::{InProject, ReadAudit},
};

macro_rules! parameters {
    ($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Deserialize, IntoParams)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub(in crate::http) struct $name {
            /// UUID of the project; needed only where the caller sees several.
            #[allow(dead_code, reason = "the caller's extractor reads it")]
            pub project_id: Option<String>,
            /// change: something is different since. access: somebody came in, tried to, or read something.
            pub kind: Option<String>,
            /// What was done, `prices.changed`, or all that begins so: `prices`.
            pub action: Option<String>,
            /// Who did it: `person:ada@example.com`, `key:` and its id.
            pub actor: Option<String>,
            /// What it was done to; of what was read, the path.
            pub subject: Option<String>,
            /// Not before this moment, RFC 3339.
            pub from: Option<String>,
            /// Before this moment, RFC 3339.
            pub to: Option<String>,
            $($(#[$fdoc])* pub $field: $type,)*
        }

        never_narrowed! { $name }

        impl $name {
            /// The entries that are asked for.
            pub(in crate::http) fn entries(
                &self,
                caller: &InProject<ReadAudit>,
            ) -> Result<AuditWanted, AppError> {
                Ok(AuditWanted {
                    scope: caller.scope,
                    with_tenant: caller
                        .principal
                        .tenant_permissions()
                        .contains(Permission::ReadAudit),
                    filter: AuditFilter {
                        kind: given(&self.kind).as_deref().map(audit::kind).transpose()?,
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
    /// Which entries of the audit log, and which page of them.
    AuditParameters {
        /// `nextCursor` of the page before.
        cursor: Option<String>,
        /// How many entries: 1 to 200, 50 without it.
        limit: Option<u32>,
    }
}

parameters! {
    /// Which entries of the audit log, and how they are written.
    AuditExportParameters {
        /// csv (the default) or ndjson.
        format: Option<String>,
    }
}

fn moment(parameter: &Option<String>, field: &str) -> Result<Option<Timestamp>, AppError> {
    let Some(text) = given(parameter) else {
        return Ok(None);
    };
    Timestamp::parse(&text).map(Some).ok_or_else(|| {
        let detail = format!("{text:?} is no moment.");
        let error = AppError::new(ErrorCode::InvalidParameter, detail).field(field);
        error.fix("RFC 3339: 2026-01-31T00:00:00Z")
    })
}
