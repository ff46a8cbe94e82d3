//! Filters on the steps that executions ran.

use weir_model::{Scope, TimeRange, Timestamp};

use super::{Part, Taken, parts, variants};
use crate::{records::counted::Conditions, writer::Writer};

/// A way that executions went.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// Through a step, also if it contained others.
    Step(String),
    /// Through any step of a type.
    Type(String),
    /// Through a step of a type whose run failed, also if a later attempt succeeded.
    FailedType(String),
    /// Through a step and then directly through another.
    Followed {
        /// The step.
        from: String,
        /// The step after it.
        to: String,
    },
    /// With this step as the first.
    First(String),
    /// With this step as the last so far.
    Last(String),
    /// Exactly the path with this number; they have ended.
    Variant {
        /// The number of the path.
        id: u64,
        /// What path numbers are made with ([`variants::Variants::salt`]).
        salt: String,
    },
}

/// Requires executions to have gone a way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Route {
    /// The way.
    pub way: Way,
    /// Their workflow. Other workflows may have steps with the same ids, but not the same meaning.
    pub workflow: Option<String>,
    /// The range in which they are counted.
    pub range: TimeRange,
    /// No step of theirs ended earlier ([`super::Reach::since`]).
    pub since: Timestamp,
    /// How far the clocks of one execution's producers may differ, in milliseconds.
    pub skew: i64,
}

/// Of this workflow, or of any.
#[derive(Debug)]
struct Of<'a>(Option<&'a str>);

impl Conditions for Of<'_> {
    fn write(&self, writer: &mut Writer, _: Scope) {
        writer.equals("workflow", self.0);
    }
}

impl Route {
    /// Writes ` AND (...) IN (...)`, for rows of counted executions.
    pub(in crate::records) fn write(&self, writer: &mut Writer, scope: Scope) {
        let taken = Taken {
            scope,
            filter: &Of(self.workflow.as_deref()),
            range: self.range,
            since: self.since,
            skew: self.skew,
        };
        writer.text(
            " AND (\"execution\", \"timestamp\", \"id\") IN (SELECT \"execution\", \"ended\", \"event\" FROM (WITH ",
        );
        match &self.way {
            Way::Step(step) => through(writer, &taken, "\"step\"", step),
            Way::Type(kind) => through(writer, &taken, "\"step_type\"", kind),
            Way::FailedType(kind) => through(writer, &taken, "\"failed\" AND \"step_type\"", kind),
            Way::Followed { from, to } => {
                parts::sequence(writer, &taken, Part::All);
                gone(writer, "\"before\"", from);
                writer.text(" AND ");
                is_step(writer, "\"n\"", to);
                writer.text(")");
            }
            Way::First(step) => at_an_end(writer, &taken, "\"before\"", step),
            Way::Last(step) => at_an_end(writer, &taken, "\"after\"", step),
            Way::Variant { id, salt } => {
                parts::sequence(writer, &taken, Part::Ended);
                variants::paths(writer, salt);
                writer.text(&format!(
                    ",\ngone AS (SELECT \"run\" FROM paths WHERE \"path\" = CAST({id} AS UBIGINT))"
                ));
            }
        }
        writer.text(
            " SELECT taken.\"execution\", taken.\"ended\", taken.\"event\" FROM taken JOIN gone ON gone.\"run\" = taken.\"run\") AS went)",
        );
    }
}

/// Writes `gone`: the runs with a run of a step that meets a condition, which ends with the column of a text.
fn through(writer: &mut Writer, taken: &Taken<'_>, condition: &str, text: &str) {
    parts::ran(writer, taken, Part::All);
    writer.text(&format!(
        ",\ngone AS (SELECT DISTINCT \"run\" FROM ran WHERE {condition} = "
    ));
    writer.string(text).text(")");
}

/// Writes `gone`: the runs whose visit of a step has no neighbour, in the column `before` or `after`.
fn at_an_end(writer: &mut Writer, taken: &Taken<'_>, neighbour: &str, step: &str) {
    parts::sequence(writer, taken, Part::All);
    gone(writer, "\"n\"", step);
    writer.text(&format!(" AND {neighbour} IS NULL)"));
}

/// Begins `gone`: the runs in whose sequence this column is a step. The caller closes it.
fn gone(writer: &mut Writer, column: &str, step: &str) {
    writer.text(",\ngone AS (SELECT DISTINCT \"run\" FROM ordered WHERE ");
    is_step(writer, column, step);
}

fn is_step(writer: &mut Writer, column: &str, step: &str) {
    writer.text(&format!(
        "{column} = (SELECT \"n\" FROM known WHERE \"step\" = "
    ));
    writer.string(step).text(")");
}
