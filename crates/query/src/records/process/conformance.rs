//! Conformance: whether the sequences of executions keep to rules.
//!
//! The rules are templates of Declare (Pesic, Schonenberg, van der Aalst, *DECLARE: Full Support for
//! Loosely-Structured Processes*, EDOC 2007). A rule is judged only where it applies, and only for executions that
//! have ended and reported steps: what is still running may yet keep it, and of others nothing is known.

mod read;

use super::{Part, Taken, parts};
use crate::{dialect::Dialect, statement::Statement, writer::Writer};

pub use read::{Broken, Judged, Verdict, read_conformance};

/// A rule about the order or number of steps.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// The step does not run before the other (Declare: not succession).
    NeverBefore(Two),
    /// After the step, the other runs at some time (Declare: response).
    FollowedBy(Two),
    /// After each visit of the step, the other starts within so many milliseconds of its end.
    FollowedWithin(Two, i64),
    /// Before the step, the other ran at some time (Declare: precedence).
    PrecededBy(Two),
    /// The two do not run in one execution (Declare: not co-existence).
    NeverTogether(Two),
    /// The step runs at most so many times (Declare: absence).
    AtMost(String, u32),
    /// The step runs once (Declare: exactly 1).
    ExactlyOnce(String),
    /// The step is the first (Declare: init).
    StartsWith(String),
    /// The step is the last (Declare: end).
    EndsWith(String),
    /// The step does not run (Declare: absence).
    Never(String),
}

/// The two steps of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Two {
    /// The step that the rule is about.
    pub step: String,
    /// The other step.
    pub other: String,
}

/// A question about conformance.
#[derive(Clone, Copy, Debug)]
pub struct Conformance<'a> {
    /// The executions.
    pub taken: Taken<'a>,
    /// The rules.
    pub rules: &'a [Rule],
    /// How many violating executions to name for each rule, the newest first.
    pub examples: usize,
}

/// How a rule is judged, as expressions over the columns of [`facts`].
struct Test {
    /// Whether the rule applies to an execution.
    applies: &'static str,
    /// Whether the execution breaks it, if it applies.
    broken: String,
    /// A number that says how.
    measured: &'static str,
}

impl Rule {
    /// The step that the rule is about.
    pub fn step(&self) -> &str {
        match self {
            Self::NeverBefore(two)
            | Self::FollowedBy(two)
            | Self::FollowedWithin(two, _)
            | Self::PrecededBy(two)
            | Self::NeverTogether(two) => &two.step,
            Self::AtMost(step, _)
            | Self::ExactlyOnce(step)
            | Self::StartsWith(step)
            | Self::EndsWith(step)
            | Self::Never(step) => step,
        }
    }

    /// The other step, if the rule is about two.
    pub fn other(&self) -> Option<&str> {
        match self {
            Self::NeverBefore(two)
            | Self::FollowedBy(two)
            | Self::FollowedWithin(two, _)
            | Self::PrecededBy(two)
            | Self::NeverTogether(two) => Some(&two.other),
            _ => None,
        }
    }

    fn test(&self) -> Test {
        let (ran, always) = ("\"visits\" > 0", "1 = 1");
        let (applies, broken, measured) = match self {
            Self::NeverBefore(..) => (
                "\"visits\" > 0 AND \"other_visits\" > 0",
                "\"first\" < \"other_last\"".to_owned(),
                "0",
            ),
            Self::FollowedBy(..) => (
                ran,
                "coalesce(\"other_last\", 0) < \"last\"".to_owned(),
                "0",
            ),
            Self::FollowedWithin(..) => (ran, "\"late\" > 0".to_owned(), "\"longest\""),
            Self::PrecededBy(..) => (
                ran,
                "coalesce(\"other_first\", \"first\") >= \"first\"".to_owned(),
                "0",
            ),
            Self::NeverTogether(..) => (
                "\"visits\" > 0 OR \"other_visits\" > 0",
                "\"visits\" > 0 AND \"other_visits\" > 0".to_owned(),
                "0",
            ),
            Self::AtMost(_, times) => (ran, format!("\"visits\" > {times}"), "\"visits\""),
            Self::ExactlyOnce(..) => (always, "\"visits\" <> 1".to_owned(), "\"visits\""),
            Self::StartsWith(..) => (
                always,
                "coalesce(\"first\", 0) <> 1".to_owned(),
                "\"first\"",
            ),
            Self::EndsWith(..) => (
                always,
                "coalesce(\"last\", 0) <> \"length\"".to_owned(),
                "\"last\"",
            ),
            Self::Never(..) => (always, ran.to_owned(), "\"visits\""),
        };
        Test {
            applies,
            broken,
            measured,
        }
    }
}

impl Conformance<'_> {
    /// The statement that [`read_conformance`] reads the rows of.
    pub fn statement(&self, dialect: Dialect) -> Statement {
        let mut writer = Writer::new(dialect);
        writer.text("WITH ");
        parts::sequence(&mut writer, &self.taken, Part::Ended);
        writer.text(
            ",\nlengths AS (SELECT \"run\", count(*) AS \"length\" FROM ordered GROUP BY \"run\"),\n\
             summed AS (SELECT \"run\", \"n\", count(*) AS \"visits\", min(\"position\") AS \"first\", max(\"position\") AS \"last\" FROM ordered GROUP BY \"run\", \"n\")",
        );
        for (number, rule) in self.rules.iter().enumerate() {
            judged(&mut writer, number, rule);
        }
        writer.text(
            "\nSELECT CAST(-1 AS BIGINT) AS \"rule\", CAST(NULL AS UBIGINT) AS \"execution\", CAST(NULL AS BIGINT) AS \"ended\", CAST(NULL AS VARCHAR) AS \"event\", \
             (SELECT count(*) FROM lengths) AS \"applicable\", (SELECT count(*) FROM taken) AS \"violations\", CAST(NULL AS BIGINT) AS \"measured\"",
        );
        for number in 0..self.rules.len() {
            writer.text(&format!(
                "\nUNION ALL SELECT {number}, NULL, NULL, NULL, (SELECT count(*) FROM judged_{number}), (SELECT count(*) FROM judged_{number} WHERE \"broken\"), NULL\n\
                 UNION ALL SELECT * FROM (SELECT {number}, \"execution\", taken.\"ended\", \"event\", 0, 0, CAST(\"measured\" AS BIGINT) FROM judged_{number} \
                 JOIN taken USING (\"run\") WHERE \"broken\" ORDER BY taken.\"ended\" DESC, \"event\", \"execution\" LIMIT "
            ));
            writer.integer(i64::try_from(self.examples).unwrap_or(i64::MAX));
            writer.text(")");
        }
        writer.text("\nORDER BY \"rule\", \"ended\" DESC, \"event\", \"execution\"");
        writer.finish()
    }
}

/// Writes `judged_N (run, broken, measured)`: the executions that a rule applies to.
fn judged(writer: &mut Writer, number: usize, rule: &Rule) {
    writer.text(&format!(
        ",\nown_{number} AS (SELECT * FROM summed WHERE \"n\" = (SELECT \"n\" FROM known WHERE \"step\" = "
    ));
    writer.string(rule.step()).text("))");
    if let Some(other) = rule.other() {
        writer.text(&format!(
            ",\nother_{number} AS (SELECT \"run\", \"visits\" AS \"other_visits\", \"first\" AS \"other_first\", \"last\" AS \"other_last\" \
             FROM summed WHERE \"n\" = (SELECT \"n\" FROM known WHERE \"step\" = "
        ));
        writer.string(other).text("))");
    }
    if let Rule::FollowedWithin(two, within) = rule {
        late(writer, number, two, *within);
    }
    let test = rule.test();
    writer.text(&format!(
        ",\njudged_{number} AS (SELECT \"run\", {broken} AS \"broken\", {measured} AS \"measured\" FROM (\
         SELECT lengths.\"run\", \"length\", coalesce(\"visits\", 0) AS \"visits\", \"first\", \"last\"",
        broken = test.broken,
        measured = test.measured,
    ));
    if rule.other().is_some() {
        writer.text(
            ", coalesce(\"other_visits\", 0) AS \"other_visits\", \"other_first\", \"other_last\"",
        );
    }
    let within = matches!(rule, Rule::FollowedWithin(..));
    if within {
        writer.text(", \"late\", \"longest\"");
    }
    writer.text(&format!(
        " FROM lengths LEFT JOIN own_{number} ON own_{number}.\"run\" = lengths.\"run\""
    ));
    if rule.other().is_some() {
        writer.text(&format!(
            " LEFT JOIN other_{number} ON other_{number}.\"run\" = lengths.\"run\""
        ));
    }
    if within {
        writer.text(&format!(
            " LEFT JOIN late_{number} ON late_{number}.\"run\" = lengths.\"run\""
        ));
    }
    writer.text(&format!(") AS facts WHERE {})", test.applies));
}

/// Writes `late_N (run, late, longest)`: how many visits of a step the other did not follow in time, and the
/// longest time until it did, in milliseconds; null if it never did.
fn late(writer: &mut Writer, number: usize, two: &Two, within: i64) {
    writer.text(&format!(
        ",\nnext_{number} AS (SELECT \"run\", \"e\", \"own\", min(\"other_b\") OVER (PARTITION BY \"run\" ORDER BY \"position\" \
         ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS \"next\" FROM (SELECT \"run\", \"position\", \"e\", \"step\" = "
    ));
    writer
        .string(&two.step)
        .text(" AS \"own\", CASE WHEN \"step\" = ");
    writer.string(&two.other).text(
        " THEN \"b\" END AS \"other_b\" FROM ordered JOIN known USING (\"n\") WHERE \"step\" = ",
    );
    writer
        .string(&two.step)
        .text(" OR \"step\" = ")
        .string(&two.other);
    writer.text(&format!(
        ") AS two),\n\
         late_{number} AS (SELECT \"run\", count(CASE WHEN \"next\" IS NULL OR \"next\" - \"e\" > {within} THEN 1 END) AS \"late\", \
         max(\"next\" - \"e\") AS \"longest\" FROM next_{number} WHERE \"own\" GROUP BY \"run\")"
    ));
}
