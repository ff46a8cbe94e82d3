//! Parameters of the list of annotations.

use serde::Deserialize;
use utoipa::IntoParams;
use weir_insights::annotations::AnnotationsWanted;
use weir_meta::{AnnotationFilter, AnnotationKind};
use weir_model::{TimeRange, Timestamp};

use super::{extract::given, moment};
use crate::app::{AppError, ErrorCode};

/// Parameters of the list of annotations.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct AnnotationParameters {
    /// UUID of the project; required only if the caller has access to several.
    #[allow(dead_code, reason = "the guard reads it")]
    pub project_id: Option<String>,
    /// Only annotations that overlap a range from this time (inclusive), RFC 3339.
    pub from: Option<String>,
    /// The end of that range (exclusive), RFC 3339.
    pub to: Option<String>,
    /// Only this kind: release, incident or note.
    pub kind: Option<String>,
    /// Only annotations that concern this workflow: its own, and those without a workflow.
    pub workflow_id: Option<String>,
    /// Only annotations that concern this environment: its own, and those without an environment.
    pub environment: Option<String>,
    /// `nextCursor` of the previous page.
    pub cursor: Option<String>,
    /// Maximum number of annotations: 1 to 1000; 100 by default.
    pub limit: Option<u32>,
}

never_narrowed! { AnnotationParameters }

impl AnnotationParameters {
    /// Which annotations to list. Fails if the kind or a time is invalid.
    pub(in crate::http) fn wanted(&self) -> Result<AnnotationsWanted, AppError> {
        let (from, to) = (moment(&self.from, "from")?, moment(&self.to, "to")?);
        let range = (from.is_some() || to.is_some()).then(|| TimeRange {
            from: from.unwrap_or(Timestamp(i64::MIN)),
            to: to.unwrap_or(Timestamp(i64::MAX)),
        });
        Ok(AnnotationsWanted {
            filter: AnnotationFilter {
                range,
                kind: given(&self.kind).as_deref().map(kind).transpose()?,
                workflow: given(&self.workflow_id),
                environment: given(&self.environment),
            },
            cursor: given(&self.cursor),
            limit: self.limit,
        })
    }
}

fn kind(name: &str) -> Result<AnnotationKind, AppError> {
    AnnotationKind::from_name(name).ok_or_else(|| {
        let detail = format!("There is no kind {name:?} of annotations.");
        let error = AppError::new(ErrorCode::InvalidParameter, detail).field("kind");
        error.fix("release, incident or note")
    })
}
