//! The error group of an execution: how often it has occurred, and since when.

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::{Timestamp, cube::Dimension, time::DAY};
use weir_query::records::{
    errors::{ErrorRecords, Occurrences},
    executions::ExecutionRecord,
};

use crate::{AppError, Reading, errors::Places, privacy::Viewer};

/// The error group that an execution counts under.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErrorOfExecution {
    /// The group's id.
    pub id: String,
    /// Its name, or this error's message with placeholders for values.
    pub title: String,
    /// Whether it was given a name.
    pub named: bool,
    /// Number of executions with such an error since the first.
    pub executions_since: u64,
    /// The first time that such an error occurred.
    #[schema(value_type = String, format = "date-time")]
    pub first: Timestamp,
    /// The last time that such an error occurred.
    #[schema(value_type = String, format = "date-time")]
    pub last: Timestamp,
    /// Number of executions with such an error in the last 24 hours, up to five minutes ago.
    pub count24h: u64,
}

impl Reading {
    /// The error group of an execution; `None` if it has none. Fails if the store does.
    pub(super) async fn error_of(
        &self,
        viewer: Viewer,
        whole: &ExecutionRecord,
        now: Timestamp,
    ) -> Result<Option<ErrorOfExecution>, AppError> {
        let Some(group) = whole.text("error_group") else {
            return Ok(None);
        };
        let records = ErrorRecords {
            by: Dimension::ErrorGroup,
            only: vec![group.to_owned()],
            range: None,
            environment: None,
            workflow: None,
            told: Vec::new(),
        };
        let (scope, dialect) = (viewer.scope(), self.store.dialect());
        let statement = records.write_occurrences(scope, dialect, now.plus(-DAY));
        let read = |batches: Vec<_>| ErrorRecords::occurrences(&batches);
        let Some(found) = self.read_records(viewer, statement, read).await? else {
            return Ok(None);
        };
        let Occurrences {
            count,
            seen,
            recent,
        } = found;
        let keying = self.keyings.keying(scope).await?;
        let places = Places::of(self.store.port(), scope, std::iter::once(whole));
        let mut title = keying.title(group, &places.seen(whole));
        self.veil(viewer, vec![&mut title]).await?;
        Ok(Some(ErrorOfExecution {
            named: keying.name(group).is_some(),
            id: group.to_owned(),
            title,
            executions_since: count,
            first: seen.first,
            last: seen.last,
            count24h: recent,
        }))
    }
}
