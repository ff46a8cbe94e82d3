//! The worth of successful executions and reached goals, as configured by the project.
//!
//! A worth applies to a workflow or a goal from the start of one day (UTC) to the start of another: no
//! row of a cube spans such a moment, so cubes and raw facts give the same sums.

use weir_model::{TimeRange, cube::Dimension};

use crate::{catalogue::Weight, dialect::Dialect, writer::Writer};

/// What one execution or goal is worth during a time range.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Worth {
    /// The workflow or goal.
    pub of: String,
    /// The time range, from midnight to midnight (UTC).
    pub during: TimeRange,
    /// Milliseconds saved.
    pub time: i64,
    /// US dollars in billionths.
    pub money: i64,
}

/// All worths of a project. The time ranges of one workflow or goal do not overlap.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Worths {
    /// What a completed execution of a workflow is worth.
    pub workflows: Vec<Worth>,
    /// What reaching a goal is worth.
    pub goals: Vec<Worth>,
}

impl Weight {
    /// What a row adds, where `measure` is a column of the row: for goals, the sum of reported values.
    pub(crate) fn expression(self, dialect: Dialect, measure: &str) -> String {
        let count = dialect.identifier("count");
        match self {
            Self::Time => dialect.product(&count, "\"weight_time\""),
            Self::Money => dialect.product(&count, "\"weight_money\""),
            Self::GoalMoney => format!(
                "CASE WHEN \"weight_money\" IS NULL THEN {measure} ELSE {} END",
                dialect.product(&count, "\"weight_money\"")
            ),
        }
    }
}

impl Worths {
    /// The worths for a dimension.
    pub(crate) fn by(&self, dimension: Dimension) -> &[Worth] {
        match dimension {
            Dimension::Goal => &self.goals,
            _ => &self.workflows,
        }
    }
}

/// Writes ` FROM (the rows of a source with their worth) WHERE true`. `source` writes ` FROM ...`,
/// `moment` is the source's time column, and `range` the part that is read.
pub(crate) fn weighed(
    writer: &mut Writer,
    (worths, dimension): (&Worths, Dimension),
    (moment, range): (&str, TimeRange),
    source: impl FnOnce(&mut Writer),
) {
    let worths = worths.by(dimension).iter();
    let in_range = |worth: &&Worth| worth.during.from < range.to && worth.during.to > range.from;
    let worths: Vec<&Worth> = worths.filter(in_range).collect();
    if worths.is_empty() {
        writer.text(
            " FROM (SELECT *, CAST(NULL AS BIGINT) AS \"weight_time\", CAST(NULL AS BIGINT) AS \"weight_money\"",
        );
        source(writer);
        writer.text(") AS \"weighed\" WHERE true");
        return;
    }
    writer.text(" FROM (SELECT s.*, w.\"weight_time\", w.\"weight_money\" FROM (SELECT *");
    source(writer);
    writer.text(") AS s LEFT JOIN (VALUES ");
    for (number, worth) in worths.iter().enumerate() {
        writer.text(if number > 0 { ", (" } else { "(" });
        writer.string(&worth.of);
        for value in [
            worth.during.from.0,
            worth.during.to.0,
            worth.time,
            worth.money,
        ] {
            writer.text(&format!(", CAST({value} AS BIGINT)"));
        }
        writer.text(")");
    }
    writer.text(&format!(
        ") AS w(\"weight_of\", \"weight_from\", \"weight_to\", \"weight_time\", \"weight_money\") \
         ON s.\"{}\" = w.\"weight_of\" AND s.{moment} >= w.\"weight_from\" AND s.{moment} < w.\"weight_to\") \
         AS \"weighed\" WHERE true",
        dimension.name()
    ));
}

#[cfg(test)]
mod tests {
    use weir_model::time::DAY;

    use super::*;
    use crate::{Context, Parameter, Prepared, Query, prepare_with, testing};

    fn worth(of: &str, from: i64, to: i64) -> Worth {
        Worth {
            of: of.to_owned(),
            during: TimeRange::new(from, to),
            time: 300_000,
            money: 5,
        }
    }

    fn prepared(metric: &str, workflows: Vec<Worth>) -> Prepared {
        let query = Query::metrics([metric]).by(["workflow"]).last("7d");
        let worths = Worths {
            workflows,
            goals: Vec::new(),
        };
        let context: Context = testing::context();
        prepare_with(&query, &context, &worths).unwrap()
    }

    #[test]
    fn values_are_bound_and_only_worths_within_the_range_are_written() {
        let now = testing::context().now.0;
        let held = vec![
            worth("x' OR 1=1 --", i64::MIN >> 1, now),
            worth("past", 0, now - 30 * DAY),
        ];
        let prepared = prepared("time_saved", held);
        let [statement] = &prepared.statements[..] else {
            panic!("one cube answers");
        };
        assert_eq!(prepared.source(), "cube executions_workflows 1d");
        assert!(!statement.sql.contains("1=1"));
        let placeholders = statement.sql.matches('?').count();
        assert_eq!(placeholders, statement.parameters.len());
        let texts = statement.parameters.iter();
        let texts: Vec<_> = texts.filter(|p| matches!(p, Parameter::Text(_))).collect();
        assert_eq!(texts, [&Parameter::Text("x' OR 1=1 --".to_owned())]);
        let scope = [Parameter::Integer(3), Parameter::Integer(7)];
        assert!(statement.parameters.windows(2).any(|pair| *pair == scope));
    }

    #[test]
    fn the_cache_key_includes_the_worths_that_the_answer_depends_on() {
        let key = |metric, workflows| prepared(metric, workflows).cache_key();
        let some = || vec![worth("w", 0, DAY)];
        assert_eq!(key("executions", some()), key("executions", Vec::new()));
        assert_ne!(key("time_saved", some()), key("time_saved", Vec::new()));
        assert_ne!(
            key("return_on_investment", some()),
            key("return_on_investment", Vec::new())
        );
    }
}
