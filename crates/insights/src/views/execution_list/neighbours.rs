//! The executions beside one in the list.

use serde::Serialize;
use utoipa::ToSchema;
use weir_query::records::executions::{ExecutionFilter, Order, Place};

use super::{
    super::execution_detail::{DetailWanted, Found},
    ExecutionRow, Which,
};
use crate::{
    AppError, Reading,
    privacy::Viewer,
    views::{Frame, RangeView, Versioned},
};

/// The executions directly above and below one in the list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExecutionNeighbours {
    /// The time range covered.
    pub range: RangeView,
    /// The row directly above it, the next newer one; null if it is the newest.
    pub newer: Option<ExecutionRow>,
    /// The row directly below it, the next older one; null if it is the oldest.
    pub older: Option<ExecutionRow>,
}

impl Reading {
    /// The executions beside one in the list, by its public id or by the producer's id. It does not have to meet
    /// the filters itself: its newest run says where it is. Fails like [`Reading::execution_list`] and
    /// [`Reading::execution_detail`].
    pub async fn execution_neighbours(
        &self,
        viewer: Viewer,
        id: &str,
        which: &Which,
    ) -> Result<Found<Box<Versioned<ExecutionNeighbours>>>, AppError> {
        let watermark = self.store.watermark(viewer.scope());
        let asked = self.resolved_frame(viewer.scope(), &which.frame).await?;
        let filter = self.filter_of(viewer, which, &asked).await?;
        let anywhere = DetailWanted {
            frame: Frame {
                environment: which.frame.environment.clone(),
                ..Frame::default()
            },
            run: None,
        };
        let own = match self.run_by_id(viewer, id, &anywhere).await? {
            Found::Here(run) => run.whole,
            Found::Moved(id) => return Ok(Found::Moved(id)),
        };
        let place = Place {
            timestamp: own.timestamp,
            id: own.id,
        };
        let sides = [
            (Order::OldestFirst, above(&filter, place.clone())),
            (Order::NewestFirst, below(&filter, place)),
        ];
        let mut rows = Vec::new();
        for (order, filter) in sides {
            let records = self
                .listed(viewer, &filter, asked.range, None, 1, order)
                .await?;
            rows.push(self.execution_rows(viewer, &records).await?.pop());
        }
        let older = rows.pop().flatten();
        let body = ExecutionNeighbours {
            range: asked.range.into(),
            newer: rows.pop().flatten(),
            older,
        };
        let answer = Versioned::as_of(watermark, asked.range, body);
        Ok(Found::Here(Box::new(answer)))
    }
}

/// The filter for what is above a place, and above the caller's own.
fn above(filter: &ExecutionFilter, place: Place) -> ExecutionFilter {
    let known = filter.since.clone();
    let higher = known.filter(|known| (known.timestamp, &known.id) > (place.timestamp, &place.id));
    ExecutionFilter {
        since: Some(higher.unwrap_or(place)),
        ..filter.clone()
    }
}

/// The filter for what is below a place.
fn below(filter: &ExecutionFilter, place: Place) -> ExecutionFilter {
    ExecutionFilter {
        before: Some(place),
        ..filter.clone()
    }
}
