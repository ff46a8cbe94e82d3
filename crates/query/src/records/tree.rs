//! The tree of an execution: all its descendants by parent links.

use std::collections::HashSet;

use arrow::record_batch::RecordBatch;
use weir_model::{Decimal, ExecutionHash, Scope, Timestamp};

use super::{Cell, RecordError, Table, costs::beyond_parts};
use crate::{dialect::Dialect, statement::Statement, writer::Writer};

/// The maximum number of levels; an execution's children are level 1.
pub const MOST_LEVELS: i64 = 64;

/// A request for a tree.
#[derive(Clone, Copy, Debug)]
pub struct TreeWanted {
    /// Its root.
    pub root: ExecutionHash,
    /// The maximum number of executions, nearest to the root first.
    pub limit: usize,
    /// How far the clocks of one execution may differ, in milliseconds.
    pub skew: i64,
}

/// An execution of a tree.
#[derive(Clone, Debug, PartialEq)]
struct Node {
    execution: ExecutionHash,
    /// Its reported parent; `None` for the root.
    called_by: Option<ExecutionHash>,
    level: i64,
    /// Whether the parent is only given by name, and several executions have that name.
    ambiguous: bool,
    started: Option<Timestamp>,
    ended: Option<Timestamp>,
    open: bool,
    cost: Decimal,
    credits: Decimal,
}

/// A tree of executions, with all runs of each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tree {
    /// The number of executions, including the root.
    pub executions: u64,
    /// How many of them have not ended.
    pub open: u64,
    /// The first start.
    pub started: Option<Timestamp>,
    /// The last end.
    pub ended: Option<Timestamp>,
    /// US dollars.
    pub cost: Decimal,
    /// Credits.
    pub credits: Decimal,
    /// The level from which executions are omitted because there are too many; the root is level 0.
    pub cut_at: Option<i64>,
    members: HashSet<ExecutionHash>,
}

impl Tree {
    /// Whether an execution is in it.
    pub fn holds(&self, execution: ExecutionHash) -> bool {
        self.members.contains(&execution)
    }

    /// Builds the tree from nodes ordered by level, except those linked by a name that several
    /// executions have.
    fn of(nodes: Vec<Node>, limit: usize) -> Self {
        let mut tree = Self::default();
        let mut names: HashSet<ExecutionHash> = HashSet::new();
        for (number, node) in nodes.into_iter().enumerate() {
            if number >= limit || node.level > MOST_LEVELS {
                tree.cut_at = Some(node.level);
                break;
            }
            let hangs = node
                .called_by
                .is_none_or(|parent| match parent.names_one() {
                    true => tree.holds(parent),
                    false => !node.ambiguous && names.contains(&parent),
                });
            if hangs {
                names.insert(node.execution.name());
                tree.add(&node);
            }
        }
        tree
    }

    fn add(&mut self, node: &Node) {
        self.members.insert(node.execution);
        self.executions += 1;
        self.open += u64::from(node.open);
        self.started = self.started.into_iter().chain(node.started).min();
        self.ended = self.ended.max(node.ended);
        self.cost = Decimal(self.cost.0 + node.cost.0);
        self.credits = Decimal(self.credits.0 + node.credits.0);
    }
}

/// The statement that walks the tree level by level and reads the duration and cost of each execution.
/// Circular links end it at [`MOST_LEVELS`] at the latest.
pub fn tree_of(scope: Scope, dialect: Dialect, wanted: &TreeWanted) -> Statement {
    let mut writer = Writer::new(dialect);
    let limit = i64::try_from(wanted.limit).unwrap_or(i64::MAX - 1) + 1;
    writer.text("WITH RECURSIVE \"reached\"(\"execution\", \"called_by\", \"level\") AS (SELECT ");
    writer.hash(wanted.root);
    writer.text(&format!(
        ", CAST(NULL AS UBIGINT), CAST(0 AS BIGINT) UNION SELECT * FROM (
            SELECT DISTINCT e.\"execution\", e.\"parent\", t.\"level\" + 1
            FROM (SELECT \"level\", unnest([\"execution\", {}]) AS \"key\" FROM \"reached\" WHERE \"level\" <= {MOST_LEVELS}) AS t
            JOIN (SELECT \"execution\", \"parent\" FROM \"executions\" WHERE ",
        name_of("\"execution\"")
    ));
    writer.scope(scope);
    writer.text(" AND \"parent\" IS NOT NULL AND \"execution\" <> ");
    writer.hash(wanted.root);
    writer.text(") AS e ON e.\"parent\" = t.\"key\" ORDER BY 1, 2 LIMIT ");
    writer.integer(limit);
    writer.text(
        ")),
        \"tree\" AS (SELECT \"execution\", arg_min(\"called_by\", \"level\") AS \"called_by\", min(\"level\") AS \"level\"
            FROM \"reached\" GROUP BY 1 ORDER BY 3, 1 LIMIT ",
    );
    writer.integer(limit);
    writer.text(&format!(
        "),
        \"names\" AS (SELECT DISTINCT \"called_by\" AS \"name\" FROM \"tree\" WHERE {} = \"called_by\"),
        \"shared\" AS (SELECT n.\"name\" FROM \"executions\" AS o JOIN \"names\" AS n ON {} = n.\"name\" WHERE ",
        name_of("\"called_by\""),
        name_of("o.\"execution\"")
    ));
    writer.scope(scope);
    writer.text(" GROUP BY 1 HAVING min(o.\"execution\") <> max(o.\"execution\")),");
    figures(&mut writer, scope, wanted.skew);
    writer.finish()
}

/// The name hash shared by all executions with the name of the one with this hash.
fn name_of(hash: &str) -> String {
    format!("{hash} - {hash} % CAST(4294967296 AS UBIGINT)")
}

fn figures(writer: &mut Writer, scope: Scope, skew: i64) {
    const OPEN: &str = "\"status\" IN ('started', 'waiting')";
    writer.text(&format!(
        "
        \"lives\" AS (SELECT \"execution\",
            min(CASE WHEN {OPEN} THEN \"timestamp\" ELSE \"timestamp\" - coalesce(\"duration\", 0) END) AS \"started\",
            max(\"timestamp\") FILTER (NOT {OPEN}) AS \"ended\", max(\"timestamp\") FILTER ({OPEN}) AS \"open\"
            FROM \"executions\" WHERE "
    ));
    writer.scope(scope);
    let sum = |kind| writer.dialect().sum(&beyond_parts(kind), None, false);
    let (cost, credits) = (sum("amount"), sum("credits"));
    writer.text(&format!(
        " AND \"execution\" IN (SELECT \"execution\" FROM \"tree\") GROUP BY 1),
        \"paid\" AS (SELECT \"execution\", {cost} AS \"cost\", {credits} AS \"credits\"
            FROM \"costs\" WHERE "
    ));
    writer.scope(scope);
    writer.text(&format!(
        " AND \"execution\" IN (SELECT \"execution\" FROM \"tree\") GROUP BY 1)
        SELECT t.\"execution\", t.\"called_by\", t.\"level\", s.\"name\" IS NOT NULL, l.\"started\", l.\"ended\",
            coalesce(l.\"open\" > l.\"ended\" + {skew}, l.\"ended\" IS NULL), p.\"cost\", p.\"credits\"
        FROM \"tree\" AS t LEFT JOIN \"shared\" AS s ON s.\"name\" = t.\"called_by\"
            LEFT JOIN \"lives\" AS l ON l.\"execution\" = t.\"execution\"
            LEFT JOIN \"paid\" AS p ON p.\"execution\" = t.\"execution\"
        ORDER BY 3, 1"
    ));
}

/// Reads the rows of [`tree_of`]; `limit` is that of the statement.
/// Fails if the store returned other columns than the statement asks for.
pub fn read_tree(batches: &[RecordBatch], limit: usize) -> Result<Tree, RecordError> {
    let mut nodes = Vec::new();
    for batch in batches {
        let table = Table(batch);
        let (executions, parents) = (table.hashes(0)?, table.hashes(1)?);
        let (levels, ambiguous) = (table.integers(2)?, table.booleans(3)?);
        let (started, ended) = (table.integers(4)?, table.integers(5)?);
        let open = table.booleans(6)?;
        let (costs, credits) = (table.integers(7)?, table.integers(8)?);
        for row in 0..table.rows() {
            let amount = |of: &arrow::array::Int64Array| Decimal(of.at(row).unwrap_or(0));
            nodes.push(Node {
                execution: ExecutionHash(executions.value(row)),
                called_by: parents.at(row).map(ExecutionHash),
                level: levels.value(row),
                ambiguous: ambiguous.at(row) == Some(true),
                started: started.at(row).map(Timestamp),
                ended: ended.at(row).map(Timestamp),
                open: open.at(row) == Some(true),
                cost: amount(costs),
                credits: amount(credits),
            });
        }
    }
    Ok(Tree::of(nodes, limit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Parameter;

    /// `executions` by number, each with its parent's hash and its level.
    fn node(execution: u64, called_by: Option<u64>, level: i64) -> Node {
        Node {
            execution: ExecutionHash(execution),
            called_by: called_by.map(ExecutionHash),
            level,
            ambiguous: false,
            started: Some(Timestamp(100 * level)),
            ended: (execution != 0x3_0000_0001).then_some(Timestamp(1_000 - level)),
            open: execution == 0x3_0000_0001,
            cost: Decimal(1),
            credits: Decimal(2),
        }
    }

    fn three() -> Vec<Node> {
        vec![
            node(0x1_0000_0001, None, 0),
            node(0x2_0000_0001, Some(0x1_0000_0001), 1),
            node(0x3_0000_0001, Some(0x2_0000_0000), 2),
        ]
    }

    #[test]
    fn a_tree_adds_up_from_the_first_start_to_the_last_end() {
        let tree = Tree::of(three(), 10);
        assert_eq!((tree.executions, tree.open, tree.cut_at), (3, 1, None));
        assert_eq!(
            (tree.started, tree.ended),
            (Some(Timestamp(0)), Some(Timestamp(1_000)))
        );
        assert_eq!((tree.cost, tree.credits), (Decimal(3), Decimal(6)));
    }

    #[test]
    fn an_ambiguous_name_links_neither_an_execution_nor_its_descendants() {
        let mut nodes = three();
        nodes[2].ambiguous = true;
        nodes.push(node(0x4_0000_0001, Some(0x3_0000_0001), 3));
        let tree = Tree::of(nodes, 10);
        assert_eq!(tree.executions, 2);
        assert!(!tree.holds(ExecutionHash(0x4_0000_0001)));
    }

    #[test]
    fn a_tree_that_is_too_large_says_where_it_was_cut() {
        let tree = Tree::of(three(), 2);
        assert_eq!((tree.executions, tree.cut_at), (2, Some(2)));
        let deep = vec![
            node(0x1_0000_0001, None, 0),
            node(0x2_0000_0001, Some(0x1_0000_0001), MOST_LEVELS + 1),
        ];
        assert_eq!(Tree::of(deep, 10).cut_at, Some(MOST_LEVELS + 1));
    }

    #[test]
    fn every_table_is_read_within_the_scope() {
        let wanted = TreeWanted {
            root: ExecutionHash(7 << 32 | 1),
            limit: 10,
            skew: 5,
        };
        let statement = tree_of(Scope::new(3, 4), Dialect::DuckDb, &wanted);
        let placeholders = statement.sql.matches('?').count();
        assert_eq!(placeholders, statement.parameters.len());
        let scopes = statement.parameters.windows(2);
        let scoped = scopes.filter(|pair| *pair == [Parameter::Integer(3), Parameter::Integer(4)]);
        assert_eq!(scoped.count(), 4);
    }
}
