//! How a change of rules would affect stored errors.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;
use weir_model::{Scope, SeenError};
use weir_query::records::errors::ErrorKinds;
use weir_store::ErrorKeying;

use super::{Keying, Keyings, places::Places};
use crate::AppError;

/// How many kinds of errors are examined, the most frequent first.
const LOOKED_AT: i64 = 200_000;
/// How many moves are listed; all are counted.
const LISTED: usize = 200;

/// The effect of a change of rules.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ErrorRulesPreview)]
pub struct Preview {
    /// Stored failed and crashed executions that would move to another group or class.
    pub executions: u64,
    /// Stored failed steps that would move.
    pub steps: u64,
    /// Distinct errors (by type, message, step and workflow) examined.
    pub kinds: usize,
    /// Whether all errors were examined.
    pub complete: bool,
    /// The moves, those with the most errors first; at most 200.
    pub moves: Vec<Move>,
}

/// Errors that would move from one group or class to another.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ErrorMove)]
pub struct Move {
    /// Their current group; null for errors that were never grouped.
    pub from_group: Option<String>,
    /// The title of that group.
    pub from_title: String,
    /// Their current class.
    pub from_class: Option<String>,
    /// The group that they would move to.
    pub to_group: String,
    /// The title of that group.
    pub to_title: String,
    /// Their new class.
    pub to_class: String,
    /// Failed and crashed executions.
    pub executions: u64,
    /// Failed steps.
    pub steps: u64,
    /// One of their messages.
    pub sample_message: Option<String>,
}

/// Group and class before, group and class after.
type Ends = (Option<String>, Option<String>, String, &'static str);

impl Keyings {
    /// What the proposed keying would change. Fails if control data or the store fails.
    pub(super) async fn preview(
        &self,
        scope: Scope,
        proposed: &Keying,
    ) -> Result<Preview, AppError> {
        let statement = ErrorKinds { limit: LOOKED_AT }.write(scope, self.store.dialect());
        let batches = self.store.read(statement).await?;
        let kinds = ErrorKinds::read(&batches).map_err(AppError::internal)?;
        let places = Places::of(&self.store, scope, kinds.iter());
        let now = self.keying(scope).await?;
        let mut moves: BTreeMap<Ends, Move> = BTreeMap::new();
        let mut preview = Preview {
            kinds: kinds.len(),
            complete: (kinds.len() as i64) < LOOKED_AT,
            ..Preview::default()
        };
        for kind in &kinds {
            let seen = places.seen(kind);
            let key = proposed.key(&seen);
            if kind.group.as_deref() == Some(&*key.group)
                && kind.class.as_deref() == Some(key.class.name())
            {
                continue;
            }
            preview.executions += kind.executions;
            preview.steps += kind.steps;
            let ends = (
                kind.group.clone(),
                kind.class.clone(),
                key.group.to_string(),
                key.class.name(),
            );
            let moved = moves
                .entry(ends.clone())
                .or_insert_with(|| one(ends, &seen, &now, proposed));
            moved.executions += kind.executions;
            moved.steps += kind.steps;
        }
        preview.moves = moves.into_values().collect();
        preview
            .moves
            .sort_by_key(|moved| std::cmp::Reverse(moved.executions + moved.steps));
        preview.moves.truncate(LISTED);
        Ok(preview)
    }
}

fn one(ends: Ends, error: &SeenError<'_>, now: &Keying, proposed: &Keying) -> Move {
    let (from_group, from_class, to_group, to_class) = ends;
    Move {
        from_title: now.title(from_group.as_deref().unwrap_or_default(), error),
        to_title: proposed.title(&to_group, error),
        from_group,
        from_class,
        to_group,
        to_class: to_class.to_owned(),
        executions: 0,
        steps: 0,
        sample_message: error.message.map(str::to_owned),
    }
}
