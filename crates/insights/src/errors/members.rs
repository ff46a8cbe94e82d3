//! The errors that represent an error group.

use serde::Serialize;
use utoipa::ToSchema;
use weir_meta::{ErrorExample, ErrorGroup};
use weir_model::{Scope, cube::Dimension};
use weir_query::records::errors::{ErrorRecord, ErrorRecords};

use super::{Keyings, Places, Turn};
use crate::{AppError, ErrorCode};

/// An error that represents part of a group.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ErrorGroupMember)]
pub struct GroupMember {
    /// Its fingerprint under the current rules.
    pub fingerprint: String,
    /// The title that it would have as a separate group.
    pub title: String,
    /// Its error type.
    pub error_type: Option<String>,
    /// Its error message.
    pub message: Option<String>,
}

impl Keyings {
    /// A group with its examples: a stored group, or one that has stored errors. Fails if there is no such
    /// group.
    pub async fn group(&self, turn: &Turn, id: &str) -> Result<ErrorGroup, AppError> {
        if let Some(made) = turn.settings.groups.iter().find(|group| group.id == id) {
            return Ok(made.clone());
        }
        let example = self.newest(turn.scope, id, 1).await?.pop().ok_or_else(|| {
            AppError::new(
                ErrorCode::UnknownErrorGroup,
                format!("There is no error group {id:?}."),
            )
            .fix("GET /api/v1/errors/groups lists the groups.")
        })?;
        Ok(ErrorGroup {
            id: id.to_owned(),
            title: None,
            examples: vec![example],
        })
    }

    /// The newest errors of a group, at most `most`. Fails if the store does.
    pub async fn newest(
        &self,
        scope: Scope,
        id: &str,
        most: u32,
    ) -> Result<Vec<ErrorExample>, AppError> {
        let records = ErrorRecords {
            by: Dimension::ErrorGroup,
            only: vec![id.to_owned()],
            range: None,
            environment: None,
            workflow: None,
            told: Vec::new(),
        };
        let statement = records.write_newest(scope, self.store.dialect(), most);
        let batches = self.store.read(statement).await?;
        let newest = ErrorRecords::newest(&batches).map_err(AppError::internal)?;
        let errors: Vec<ErrorRecord> = newest.into_values().flatten().collect();
        let places = Places::of(&self.store, scope, errors.iter());
        let examples = errors.iter().map(|error| places.seen(error).into());
        Ok(examples.collect())
    }

    /// The errors that represent a group: one, or several if groups were merged. Fails if there is no such
    /// group.
    pub async fn members(&self, scope: Scope, id: &str) -> Result<Vec<GroupMember>, AppError> {
        let turn = self.turn(scope).await?;
        let group = self.group(&turn, id).await?;
        let member = |example: ErrorExample| {
            let found = turn.keying.fingerprint(&example);
            GroupMember {
                fingerprint: found.id,
                title: found.title,
                error_type: example.error_type,
                message: example.message,
            }
        };
        Ok(group.examples.into_iter().map(member).collect())
    }
}
