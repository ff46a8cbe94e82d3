//! Which executions the list and its histogram cover.

use weir_query::{
    ResolvedQuery,
    records::{
        Told,
        executions::{ExecutionFilter, ExecutionRecord, Place},
    },
};

use super::super::{Frame, ways::WantedWay};
use crate::{AppError, Reading, cursor::Cursor, privacy::Viewer};

/// Which executions are listed and counted.
#[derive(Clone, Debug, Default)]
pub struct Which {
    /// Time range, time zone, environment and workflow.
    pub frame: Frame,
    /// Further conditions; the others here add to them.
    pub filter: ExecutionFilter,
    /// The ways that they went.
    pub ways: Vec<WantedWay>,
    /// Only those that this execution called, by its public id or the producer's id.
    pub parent: Option<String>,
    /// Only those above this position: `newestCursor` of an earlier answer.
    pub since: Option<String>,
}

impl Reading {
    /// The whole filter of the list and its histogram. Fails if `since` is not a position of the list, if the
    /// parent's name means several executions, or if the store fails.
    pub(super) async fn filter_of(
        &self,
        viewer: Viewer,
        which: &Which,
        asked: &ResolvedQuery,
    ) -> Result<ExecutionFilter, AppError> {
        let parents = match &which.parent {
            Some(id) => Some(self.hashes_as_parent(viewer, id, &which.frame).await?),
            None => None,
        };
        let mut filter = ExecutionFilter {
            workflow: which.frame.workflow.clone(),
            environment: which.frame.environment.clone(),
            told: Told::of(&asked.filters),
            parents,
            since: which.since.as_deref().map(place).transpose()?,
            ..which.filter.clone()
        };
        filter.routes = self
            .routes(viewer, &which.ways, &filter, asked.range)
            .await?;
        Ok(filter)
    }
}

/// The position of a row, for `since`.
pub(super) fn newest(row: &ExecutionRecord) -> String {
    let cursor = Cursor {
        timestamp: row.timestamp,
        id: row.id.clone(),
    };
    cursor.encode()
}

fn place(word: &str) -> Result<Place, AppError> {
    let cursor = Cursor::parse(word).map_err(|error| {
        error
            .field("since")
            .fix("Pass newestCursor of an earlier answer unchanged, or leave it out.")
    })?;
    Ok(Place {
        timestamp: cursor.timestamp,
        id: cursor.id,
    })
}
