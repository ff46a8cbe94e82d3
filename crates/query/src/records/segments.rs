//! Segments: the users or workflows that meet conditions on properties and behaviour.
//!
//! A behaviour condition is a [`Query`](crate::Query) by the subject and a number to compare its one
//! metric with: [`prepare()`](crate::prepare()) has validated it and chosen the cube. A property
//! condition tests the newest value that an event gave.

use arrow::record_batch::RecordBatch;
use weir_model::{
    Granularity, Scope, TimeRange,
    cube::{CUBES, Cube, Dimension, Family},
};

use super::{Cell, RecordError, Table};
use crate::{Dialect, Prepared, Statement, Writer, plan::Compute};

/// Who can be in a segment or a cohort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Users named by events.
    Users,
    /// Workflows named by executions.
    Workflows,
}

impl Subject {
    /// The dimension whose values they are.
    pub fn dimension(self) -> Dimension {
        match self {
            Self::Users => Dimension::User,
            Self::Workflows => Dimension::Workflow,
        }
    }

    /// The family whose facts show that a subject exists, and its properties.
    pub fn family(self) -> Family {
        match self {
            Self::Users => Family::Activity,
            Self::Workflows => Family::Executions,
        }
    }

    /// The cube that contains all of them.
    fn cube(self) -> Option<&'static Cube> {
        CUBES.iter().find(|cube| {
            cube.family == self.family() && cube.dimensions.contains(&self.dimension())
        })
    }

    /// The raw tables whose `metadata` describes them.
    fn described_by(self) -> &'static [&'static str] {
        match self {
            Self::Users => &["activities", "executions"],
            Self::Workflows => &["executions"],
        }
    }
}

/// How a behaviour's figure is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparator {
    /// `>=`
    AtLeast,
    /// `<=`
    AtMost,
    /// `=`
    Exactly,
}

impl Comparator {
    fn sign(self) -> &'static str {
        match self {
            Self::AtLeast => " >= ",
            Self::AtMost => " <= ",
            Self::Exactly => " = ",
        }
    }
}

/// What a property is read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Property {
    /// A dimension of the subject's facts.
    Dimension(Dimension),
    /// A field of the `metadata` of the subject's events.
    Metadata(String),
}

/// One condition.
#[derive(Clone, Debug)]
pub enum Condition {
    /// A test of the newest value of a property.
    Property {
        /// The property.
        property: Property,
        /// Whether the values are included or excluded.
        wanted: bool,
        /// The values.
        values: Vec<String>,
        /// Whether a missing value is among them.
        null: bool,
    },
    /// A comparison of a figure.
    Behaviour {
        /// The query by the subject; of one metric that [`is_comparable`] allows.
        prepared: Box<Prepared>,
        /// How it is compared.
        comparator: Comparator,
        /// The number to compare it with.
        value: f64,
    },
}

/// Whether a metric can be compared in a condition: sums, differences and ratios of one family can, if
/// they depend only on events.
pub fn is_comparable(prepared: &Prepared) -> bool {
    let of_events = prepared.plan.families.len() == 1 && !prepared.depends_on_worth();
    of_events
        && matches!(
            prepared.plan.metrics[..],
            [Compute::Sum(..)
                | Compute::Difference(..)
                | Compute::Ratio(..)
                | Compute::RatioOfDifference(..)]
        )
}

/// The conditions of a segment.
#[derive(Clone, Debug)]
pub struct Segment {
    /// Who can be in it.
    pub subject: Subject,
    /// Whether all conditions must hold, or any.
    pub all: bool,
    /// The conditions; without any, every subject is a member.
    pub conditions: Vec<Condition>,
    /// All time up to now: the range in which properties are searched for.
    pub ever: TimeRange,
}

/// A page of a segment's members.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Only members that come after this one in order.
    pub after: Option<String>,
    /// The maximum number of members.
    pub limit: u32,
}

/// The statement for a page of members, sorted.
pub fn members(scope: Scope, segment: &Segment, page: &Page, dialect: Dialect) -> Statement {
    let mut writer = Writer::new(dialect);
    let column = segment.subject.dimension().name();
    writer
        .text("SELECT \"subject\" AS ")
        .name(column)
        .text(" FROM (");
    writer.part(&subjects(scope, segment, dialect));
    writer.text(") WHERE true");
    if let Some(after) = &page.after {
        writer.text(" AND \"subject\" > ");
        writer.compared(column, after);
    }
    writer.text(" ORDER BY 1 LIMIT ").integer(page.limit.into());
    writer.finish()
}

/// The members that [`members`] found. Fails if the store returned other columns than the statement asks for.
pub fn read_members(batches: &[RecordBatch]) -> Result<Vec<String>, RecordError> {
    let mut members = Vec::new();
    for table in batches.iter().map(Table) {
        let subjects = table.texts(0)?;
        members.extend((0..table.rows()).filter_map(|row| subjects.at(row)));
    }
    Ok(members)
}

/// The statement for the number of members and of all subjects.
pub fn size(scope: Scope, segment: &Segment, dialect: Dialect) -> Statement {
    let mut writer = Writer::new(dialect);
    writer.text("SELECT (SELECT count(*) FROM (");
    writer.part(&subjects(scope, segment, dialect));
    writer.text(")), (SELECT count(*) FROM (");
    everyone(&mut writer, scope, segment.subject);
    writer.text("))");
    writer.finish()
}

/// How many members and subjects [`size`] found.
/// Fails if the store returned other columns than the statement asks for.
pub fn read_size(batches: &[RecordBatch]) -> Result<(u64, u64), RecordError> {
    let mut tables = batches.iter().map(Table);
    if let Some(table) = tables.find(|table| table.rows() > 0) {
        let count = |column| Ok(table.integers(column)?.value(0).unsigned_abs());
        return Ok((count(0)?, count(1)?));
    }
    Ok((0, 0))
}

/// The members of a segment as rows of one column, `subject`.
pub(super) fn subjects(scope: Scope, segment: &Segment, dialect: Dialect) -> Statement {
    let mut writer = Writer::new(dialect);
    writer.text("SELECT \"everyone\".\"subject\" AS \"subject\" FROM (");
    everyone(&mut writer, scope, segment.subject);
    writer.text(") AS \"everyone\"");
    for (position, condition) in segment.conditions.iter().enumerate() {
        writer.text(" LEFT JOIN (");
        match condition {
            Condition::Property { property, .. } => {
                property_values(&mut writer, scope, segment, property);
            }
            Condition::Behaviour { prepared, .. } => figures(&mut writer, prepared),
        }
        let name = format!("c{position}");
        writer.text(&format!(
            ") AS \"{name}\" ON \"{name}\".\"subject\" = \"everyone\".\"subject\""
        ));
    }
    let (neutral, between) = match segment.all {
        true => (" WHERE true", " AND "),
        false => (" WHERE false", " OR "),
    };
    let neutral = match segment.conditions.is_empty() {
        true => " WHERE true",
        false => neutral,
    };
    writer.text(neutral);
    for (position, condition) in segment.conditions.iter().enumerate() {
        writer.text(between);
        holds(
            &mut writer,
            condition,
            &format!("\"c{position}\".\"value\""),
        );
    }
    writer.finish()
}

/// Every subject, as `subject`.
fn everyone(writer: &mut Writer, scope: Scope, subject: Subject) {
    let column = writer.dialect().identifier(subject.dimension().name());
    let table = subject.cube().map(|cube| cube.table(Granularity::Day));
    writer.text(&format!("SELECT {column} AS \"subject\" FROM "));
    writer.name(&table.unwrap_or_default()).text(" WHERE ");
    writer.scope(scope).text(&format!(
        " AND {column} IS NOT NULL GROUP BY 1 HAVING sum(\"count\") > 0"
    ));
}

/// The newest value of a property of each subject, as `subject` and `value`.
fn property_values(writer: &mut Writer, scope: Scope, segment: &Segment, property: &Property) {
    let dialect = writer.dialect();
    let subject = dialect.identifier(segment.subject.dimension().name());
    let newest = dialect.newest("\"said\"", "\"timestamp\"");
    writer.text(&format!(
        "SELECT {subject} AS \"subject\", {newest} AS \"value\" FROM ("
    ));
    match property {
        Property::Dimension(dimension) => {
            let said = dialect.identifier(dimension.name());
            writer.text(&format!(
                "SELECT {subject}, \"timestamp\", {said} AS \"said\""
            ));
            writer.facts(segment.subject.family(), scope, segment.ever);
        }
        Property::Metadata(field) => {
            for (i, table) in segment.subject.described_by().iter().enumerate() {
                writer.text(if i > 0 { " UNION ALL " } else { "" });
                writer.text(&format!("SELECT {subject}, \"timestamp\", "));
                writer
                    .json_field("metadata", field)
                    .text(" AS \"said\" FROM ")
                    .name(table)
                    .text(" WHERE ");
                writer.scope(scope).during(segment.ever);
            }
        }
    }
    writer.text(&format!(
        ") WHERE {subject} IS NOT NULL AND \"said\" IS NOT NULL GROUP BY 1"
    ));
}

/// The figure of each subject, as `subject` and `value`: the partial sums of a plan, summed.
fn figures(writer: &mut Writer, prepared: &Prepared) {
    let plan = &prepared.plan;
    let column = |i: usize| format!("sum(\"t{i}\")");
    let value = match plan.metrics.first() {
        Some(&Compute::Sum(i, divisor)) => format!("{} / {divisor:?}", column(i)),
        Some(&Compute::Difference(a, b, divisor)) => {
            format!("({} - {}) / {divisor:?}", column(a), column(b))
        }
        Some(&Compute::Ratio(a, b, scale)) => {
            format!("{} * {scale:?} / nullif({}, 0)", column(a), column(b))
        }
        Some(&Compute::RatioOfDifference([a, b], count, scale)) => format!(
            "({} - {}) * {scale:?} / nullif({}, 0)",
            column(a),
            column(b),
            column(count)
        ),
        _ => "NULL".to_owned(),
    };
    let sums = (0..plan.columns).map(|i| format!(", \"t{i}\""));
    let sums: String = sums.collect();
    writer.text(&format!(
        "SELECT \"subject\", CAST({value} AS DOUBLE) AS \"value\" FROM ("
    ));
    for (i, statement) in prepared.statements.iter().enumerate() {
        writer.text(if i > 0 { " UNION ALL " } else { "" });
        writer.part(statement);
    }
    writer.text(&format!(
        ") AS \"part\"(\"subject\"{sums}) WHERE \"subject\" IS NOT NULL GROUP BY 1"
    ));
}

fn holds(writer: &mut Writer, condition: &Condition, value: &str) {
    match condition {
        Condition::Property {
            property,
            wanted,
            values,
            null,
        } => {
            let column = match property {
                Property::Dimension(dimension) => dimension.name(),
                Property::Metadata(_) => "metadata",
            };
            writer.membership((value, column), *wanted, values, *null);
        }
        Condition::Behaviour {
            prepared,
            comparator,
            value: bound,
        } => {
            // A count without events is 0; a rate without events is not a number and meets no comparison.
            let counted = !matches!(
                prepared.plan.metrics.first(),
                Some(Compute::Ratio(..) | Compute::RatioOfDifference(..))
            );
            let figure = match counted {
                true => format!("coalesce({value}, 0)"),
                false => value.to_owned(),
            };
            writer.text("(").text(&figure).text(comparator.sign());
            writer.text("CAST(").string(&bound.to_string());
            writer.text(" AS DOUBLE))");
        }
    }
}

#[cfg(test)]
mod tests;
