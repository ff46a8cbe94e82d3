use axum::{
    body::Body,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};

use super::super::{
    Shared,
    auth::{InProject, ReadAudit},
    parameters::{AuditExportParameters, Parameters},
    problem::{ReadProblems, Refused},
    visit::Visit,
};
use crate::app::{AppError, ErrorCode, audit::ExportFormat};

/// Exports the audit log as CSV or NDJSON, newest entry first. The export itself is recorded in the log.
#[utoipa::path(
    get, path = "/api/v1/audit/export", tag = "projects", operation_id = "exportAudit",
    params(AuditExportParameters),
    responses(
        (status = 200, description = "The entries.", content(
            (String = "text/csv"), (String = "application/x-ndjson"),
        )),
        ReadProblems,
    ),
    security(("key" = ["manage"]), ("session" = [])),
)]
pub(in crate::http) async fn export_audit(
    caller: InProject<ReadAudit>,
    State(app): State<Shared>,
    visit: Visit,
    Parameters(wanted): Parameters<AuditExportParameters>,
) -> Result<Response, Refused> {
    let format = format(wanted.format.as_deref().unwrap_or("csv"))?;
    let entries = wanted.entries(caller.scope, &caller.principal)?;
    let pieces = app.export_audit(entries, format, &caller.actor()).await?;
    visit.is_recorded();
    let media = match format {
        ExportFormat::Csv => "text/csv; charset=utf-8",
        ExportFormat::Ndjson => "application/x-ndjson",
    };
    let name = format!("attachment; filename=\"audit.{}\"", format.name());
    let head = [
        (header::CONTENT_TYPE, media.to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((head, Body::from_stream(pieces)).into_response())
}

/// Reads the parameter `format`. Fails if there is no such format.
fn format(name: &str) -> Result<ExportFormat, AppError> {
    ExportFormat::from_name(name).ok_or_else(|| {
        let detail = format!("There is no format {name:?}.");
        let error = AppError::new(ErrorCode::InvalidParameter, detail).field("format");
        error.fix("csv or ndjson")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_format_is_refused() {
        assert_eq!(format("csv").unwrap(), ExportFormat::Csv);
        assert_eq!(format("ndjson").unwrap(), ExportFormat::Ndjson);
        let error = format("pdf").unwrap_err();
        assert_eq!(error.field.as_deref(), Some("format"));
    }
}
