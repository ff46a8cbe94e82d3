//! Rows of journeys as values.

use arrow::{
    array::{Array, AsArray, Int64Array, ListArray},
    datatypes::Int64Type,
    record_batch::RecordBatch,
};
use weir_model::Status;

use super::{MAX_BITS, parts::STATES};
use crate::records::{Cell, RecordError, Table};

/// One journey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journey {
    /// When it began, in epoch milliseconds.
    pub enrolled_at: i64,
    /// Whether this start is known. It is not if only an end without a duration was reported:
    /// the journey is then enrolled at that end.
    pub begin_known: bool,
    /// The newest state of each of its executions, and since when.
    pub states: Vec<(Status, i64)>,
    /// Its value of the grouping dimension.
    pub group: Option<String>,
    /// Its marks, in no particular order.
    pub marks: Vec<Mark>,
}

/// Something that happened on a journey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// When, in epoch milliseconds.
    pub at: i64,
    /// Which steps it is, as bits.
    pub steps: u32,
    /// Which exclusions it is, as bits.
    pub exclusions: u32,
    /// Its commit, table and row; all 0 if not requested.
    pub place: (i64, i64, i64),
}

/// How many executions have no subject.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Nameless(pub u64);

/// Passes the journeys of a [`super::JourneysRequest`] on one by one. Returns how many executions
/// had no subject, if journeys are by subject.
/// Fails if the store returned other columns than the statement asks for.
pub fn journeys(
    batches: &[RecordBatch],
    mut each: impl FnMut(Journey),
) -> Result<Nameless, RecordError> {
    let mut nameless = Nameless::default();
    for batch in batches {
        let table = Table(batch);
        let (without, enrolled, groups) = (table.integers(0)?, table.integers(1)?, table.texts(3)?);
        let (states, moves) = (list(batch, 2)?, list(batch, 4)?);
        let untold = table.integers(5)?;
        for row in 0..table.rows() {
            if let Some(executions) = without.at(row) {
                nameless.0 += executions.max(0) as u64;
                continue;
            }
            each(Journey {
                enrolled_at: enrolled.value(row),
                begin_known: untold.at(row) == Some(0),
                states: integers(&states.value(row), 2)?.iter().map(state).collect(),
                group: groups.at(row),
                marks: marks(moves, row)?,
            });
        }
    }
    Ok(nameless)
}

fn list(batch: &RecordBatch, column: usize) -> Result<&ListArray, RecordError> {
    let array = batch.columns().get(column);
    array
        .and_then(|array| array.as_list_opt::<i32>())
        .ok_or(RecordError {
            column,
            expected: "a list",
        })
}

fn integers(array: &dyn Array, column: usize) -> Result<&Int64Array, RecordError> {
    array.as_primitive_opt::<Int64Type>().ok_or(RecordError {
        column,
        expected: "BIGINT",
    })
}

fn state(packed: Option<i64>) -> (Status, i64) {
    let packed = packed.unwrap_or(0);
    let number = packed.rem_euclid(STATES) as usize;
    let status = Status::ALL.get(number).copied();
    (status.unwrap_or(Status::Started), packed.div_euclid(STATES))
}

fn marks(moves: &ListArray, row: usize) -> Result<Vec<Mark>, RecordError> {
    if moves.is_null(row) {
        return Ok(Vec::new());
    }
    let pairs = moves.value(row);
    let wrong = RecordError {
        column: 4,
        expected: "a list of pairs",
    };
    let pairs = pairs.as_struct_opt().ok_or(wrong)?;
    let (at, what) = (integers(pairs.column(0), 4)?, integers(pairs.column(1), 4)?);
    let mut marks: Vec<Mark> = (0..pairs.len())
        .map(|i| mark(at.value(i), what.value(i)))
        .collect();
    if let [_, _, commit, table, row] = pairs.columns() {
        let place = [commit, table, row].map(|column| integers(column, 4));
        let [commit, table, row] = place;
        let (commit, table, row) = (commit?, table?, row?);
        for (i, mark) in marks.iter_mut().enumerate() {
            mark.place = (commit.value(i), table.value(i), row.value(i));
        }
    }
    Ok(marks)
}

fn mark(at: i64, what: i64) -> Mark {
    let bits = (1 << MAX_BITS) - 1;
    Mark {
        at,
        steps: (what & bits) as u32,
        exclusions: (what >> MAX_BITS & bits) as u32,
        place: (0, 0, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_unpacked_also_before_1970() {
        for (status, at) in [(Status::Crashed, 1_709_546_400_123), (Status::Waiting, -7)] {
            let packed = at * STATES + status as i64;
            assert_eq!(state(Some(packed)), (status, at));
        }
    }

    #[test]
    fn steps_and_exclusions_are_distinguished() {
        let what = 0b101 | 0b10 << MAX_BITS;
        let found = mark(9, what);
        assert_eq!((found.at, found.steps, found.exclusions), (9, 0b101, 0b10));
    }
}
