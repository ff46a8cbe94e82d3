//! Cohorts: when each user or workflow started, and in which later periods they returned.

use arrow::record_batch::RecordBatch;
use weir_model::{
    Scope, TimeRange, Timestamp,
    cube::{Dimension, Family},
};

use super::{
    Cell, RecordError, Table,
    segments::{Segment, Subject, subjects},
    steps::bucket_start,
};
use crate::{Dialect, Statement, Writer, buckets::Buckets, described, validate::ValidFilter};

/// The events that count as a start or a return.
#[derive(Clone, Debug)]
pub struct Occasion {
    /// The family of facts.
    pub family: Family,
    /// Conditions on the facts; all must hold.
    pub filters: Vec<ValidFilter>,
}

/// The start events that make a subject a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// The first start of all time.
    First,
    /// Every start: the subject is a member of each bucket with a start.
    Every,
}

/// The unit of periods.
#[derive(Clone, Debug)]
pub enum PeriodSpec {
    /// Calendar buckets: those of the cohorts, and one more for each period after them.
    Calendar(Buckets),
    /// Multiples of this many milliseconds after the member's own start.
    Rolling(i64),
}

/// A query for cohorts.
#[derive(Clone, Debug)]
pub struct Request {
    /// Who the members are.
    pub subject: Subject,
    /// The start events.
    pub start: Occasion,
    /// The return events.
    pub back: Occasion,
    /// The start that counts.
    pub entry: Entry,
    /// The buckets of the cohorts.
    pub cohorts: Buckets,
    /// The periods.
    pub periods: PeriodSpec,
    /// The earliest moment at which a first start is searched for.
    pub ever: Timestamp,
    /// The moment up to which returns are searched for.
    pub until: Timestamp,
    /// Only members of this segment.
    pub segment: Option<Segment>,
}

/// When a subject started, and the periods in which it returned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Began {
    /// The start.
    pub at: Timestamp,
    /// The starts of the buckets for calendar periods; the numbers of the periods for rolling ones.
    pub returned: Vec<i64>,
}

/// The statement for the members with their returns.
pub fn statement(scope: Scope, request: &Request, dialect: Dialect) -> Statement {
    let (period, back) = match &request.periods {
        PeriodSpec::Calendar(_) => ("\"back\".\"period\"".to_owned(), true),
        PeriodSpec::Rolling(width) => {
            let since = "(\"back\".\"at\" - \"born\".\"at\")";
            (dialect.whole_quotient(since, *width), false)
        }
    };
    let mut writer = Writer::new(dialect);
    let periods = dialect.distinct_list(&period);
    writer.text(&format!("SELECT \"born\".\"at\", {periods} FROM ("));
    born(&mut writer, scope, request);
    writer.text(") AS \"born\" LEFT JOIN (");
    match back {
        true => back_in_buckets(&mut writer, scope, request),
        false => back_at_moments(&mut writer, scope, request),
    }
    writer.text(
        ") AS \"back\" ON \"back\".\"subject\" = \"born\".\"subject\" AND \"back\".\"at\" >= \"born\".\"at\" \
         GROUP BY \"born\".\"subject\", \"born\".\"at\"",
    );
    writer.finish()
}

/// `subject` and `at`, the moment of each start that makes a member.
fn born(writer: &mut Writer, scope: Scope, request: &Request) {
    let range = request.cohorts.range();
    let (from, groups) = match request.entry {
        Entry::First => (request.ever, String::new()),
        Entry::Every => {
            let start = bucket_start(&request.cohorts, "\"timestamp\"", writer.dialect());
            (range.from, format!(", {start}"))
        }
    };
    let searched = TimeRange {
        from: from.min(range.from),
        to: range.to,
    };
    let subject = select(writer, request.subject.dimension());
    writer.text(", min(\"timestamp\") AS \"at\"");
    occasions(writer, scope, &request.start, searched, &subject);
    if let Some(segment) = &request.segment {
        writer.text(&format!(" AND {subject} IN ("));
        let members = subjects(scope, segment, writer.dialect());
        writer.part(&members).text(")");
    }
    writer.text(&format!(" GROUP BY {subject}{groups}"));
    if request.entry == Entry::First {
        writer.text(" HAVING min(\"timestamp\") >= ");
        writer.integer(range.from.0);
    }
}

/// `subject`, `period` and `at`, the last return in each bucket: if any return is after the start, it is.
fn back_in_buckets(writer: &mut Writer, scope: Scope, request: &Request) {
    let PeriodSpec::Calendar(buckets) = &request.periods else {
        return;
    };
    let bucket = bucket_start(buckets, "\"timestamp\"", writer.dialect());
    let range = TimeRange {
        from: request.cohorts.range().from,
        to: request.until.min(buckets.range().to),
    };
    let subject = select(writer, request.subject.dimension());
    writer.text(&format!(
        ", {bucket} AS \"period\", max(\"timestamp\") AS \"at\""
    ));
    occasions(writer, scope, &request.back, range, &subject);
    writer.text(" GROUP BY 1, 2");
}

/// `subject` and `at` of every return.
fn back_at_moments(writer: &mut Writer, scope: Scope, request: &Request) {
    let range = TimeRange {
        from: request.cohorts.range().from,
        to: request.until,
    };
    let subject = select(writer, request.subject.dimension());
    writer.text(", \"timestamp\" AS \"at\"");
    occasions(writer, scope, &request.back, range, &subject);
}

/// `SELECT` the subject; returns its column.
fn select(writer: &mut Writer, dimension: Dimension) -> String {
    let column = writer.dialect().identifier(dimension.name());
    writer.text(&format!("SELECT {column} AS \"subject\""));
    column
}

fn occasions(
    writer: &mut Writer,
    scope: Scope,
    occasion: &Occasion,
    range: TimeRange,
    subject: &str,
) {
    let declared = described::declared(occasion.filters.iter().map(|filter| &filter.axis));
    described::facts(writer, occasion.family, scope, range, &declared);
    for filter in &occasion.filters {
        writer.text(" AND ").condition(filter);
    }
    writer.text(&format!(" AND {subject} IS NOT NULL"));
}

/// The members that [`statement`] found.
/// Fails if the store returned other columns than the statement asks for.
pub fn read(batches: &[RecordBatch]) -> Result<Vec<Began>, RecordError> {
    let mut found = Vec::new();
    for table in batches.iter().map(Table) {
        let (at, returned) = (table.integers(0)?, table.integer_lists(1)?);
        found.extend((0..table.rows()).map(|row| Began {
            at: Timestamp(at.value(row)),
            returned: returned.at(row).unwrap_or_default(),
        }));
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
