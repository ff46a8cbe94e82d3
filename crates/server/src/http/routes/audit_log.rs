use axum::{Json, extract::State};

use super::super::{
    Shared,
    auth::{InProject, ReadAudit},
    parameters::{AuditParameters, Parameters},
    problem::{ReadProblems, Refused},
};
use crate::app::audit::AuditLog;

/// Lists the entries of the audit log, newest first: who read or changed what.
#[utoipa::path(
    get, path = "/api/v1/audit", tag = "projects", operation_id = "auditLog",
    params(AuditParameters),
    responses((status = 200, description = "A page of entries.", body = AuditLog), ReadProblems),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn audit_log(
    caller: InProject<ReadAudit>,
    State(app): State<Shared>,
    Parameters(wanted): Parameters<AuditParameters>,
) -> Result<Json<AuditLog>, Refused> {
    let entries = wanted.entries(caller.scope, &caller.principal)?;
    let log = app.audit_log(&entries, wanted.cursor.as_deref(), wanted.limit);
    Ok(Json(log.await?))
}
