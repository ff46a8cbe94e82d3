//! Facts with their metadata: the raw source of declared dimensions. A record's own value takes precedence
//! over that of its execution, which is the newest value in any of the execution's events.

use weir_model::{Scope, TimeRange, cube::Family};

use crate::{
    axis::{Axis, Declared},
    dialect::Dialect,
    writer::Writer,
};

/// Whether facts of the family can belong to an execution and inherit its values.
fn inherits(family: Family) -> bool {
    match family {
        Family::Executions | Family::Work | Family::Errors => false,
        Family::Steps
        | Family::Costs
        | Family::Activity
        | Family::Documents
        | Family::Queues
        | Family::Goals
        | Family::Arrivals => true,
    }
}

/// The declared dimensions among the axes, sorted and deduplicated.
pub fn declared<'a>(axes: impl Iterator<Item = &'a Axis>) -> Vec<&'a Declared> {
    let mut all: Vec<&Declared> = axes.filter_map(Axis::declared).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// ` FROM (...) WHERE true`: the facts of a range with a column for each declared dimension, by its
/// name; conditions may follow.
pub fn facts(
    writer: &mut Writer,
    family: Family,
    scope: Scope,
    range: TimeRange,
    declared: &[&Declared],
) {
    if declared.is_empty() {
        writer.facts(family, scope, range);
        return;
    }
    let overflowing: Vec<_> = declared.iter().filter(|d| d.overflows).collect();
    writer.text(" FROM (");
    if !overflowing.is_empty() {
        match writer.dialect() {
            Dialect::DuckDb => writer.text("SELECT * REPLACE ("),
        };
        for (i, declared) in overflowing.iter().enumerate() {
            writer
                .text(if i > 0 { ", " } else { "" })
                .text("\"named\"(");
            keys(writer, scope);
            writer.text(", ").string(declared.key()).text(", ");
            writer.name(declared.name()).text(") AS ");
            writer.name(declared.name());
        }
        writer.text(") FROM (");
    }
    values(writer, family, scope, range, declared);
    writer.text(if overflowing.is_empty() { "" } else { ")" });
    writer.text(") WHERE true");
}

/// The facts with the values as reported.
fn values(
    writer: &mut Writer,
    family: Family,
    scope: Scope,
    range: TimeRange,
    declared: &[&Declared],
) {
    writer.text("SELECT \"facts\".*");
    for (i, declared) in declared.iter().enumerate() {
        writer.text(", coalesce(\"said\"(\"facts\".\"metadata\", ");
        writer.string(&declared.pointer()).text(")");
        if inherits(family) {
            writer.text(&format!(", \"told{i}\".\"value\""));
        }
        writer.text(") AS ").name(declared.name());
    }
    writer.text(" FROM ");
    function(writer, family, scope, range);
    writer.text(" AS \"facts\"");
    for (i, declared) in declared.iter().enumerate() {
        if inherits(family) {
            let newest = writer.dialect().latest("\"value\"", "\"place\"");
            writer.text(&format!(
                " LEFT JOIN (SELECT \"execution\", {newest} AS \"value\" FROM \"told\"("
            ));
            keys(writer, scope);
            // Only for executions that the facts belong to: a project may have many more, whose metadata
            // need not be read.
            writer
                .text(", ")
                .string(&declared.pointer())
                .text(") WHERE \"execution\" IN (SELECT \"execution\" FROM ");
            function(writer, family, scope, range);
            writer.text(&format!(
                ") GROUP BY 1) AS \"told{i}\" ON \"told{i}\".\"execution\" = \"facts\".\"execution\""
            ));
        }
    }
}

fn function(writer: &mut Writer, family: Family, scope: Scope, range: TimeRange) {
    writer.name(&format!("{}_facts", family.name())).text("(");
    keys(writer, scope);
    writer.text(", ").integer(range.from.0);
    writer.text(", ").integer(range.to.0).text(")");
}

fn keys(writer: &mut Writer, scope: Scope) {
    writer.integer(scope.tenant.0.into()).text(", ");
    writer.integer(scope.project.0.into());
}
