//! SQL text and its parameters, written together so that placeholders and values cannot fall out of
//! step.

use weir_model::{ExecutionHash, Scope, TimeRange, cube::Family};

use crate::{
    dialect::Dialect,
    statement::{Parameter, Statement, USER_COLUMN},
    validate::ValidFilter,
    words::Operator,
};

/// A statement under construction.
#[derive(Debug)]
pub struct Writer {
    dialect: Dialect,
    statement: Statement,
}

impl Writer {
    /// An empty statement.
    pub fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            statement: Statement::default(),
        }
    }

    /// The dialect of the database.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Appends SQL from the program itself; external values must be bound instead.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.statement.sql.push_str(text);
        self
    }

    /// A name of a column or table.
    pub fn name(&mut self, name: &str) -> &mut Self {
        let name = self.dialect.identifier(name);
        self.text(&name)
    }

    /// A bound value.
    pub fn value(&mut self, value: Parameter) -> &mut Self {
        self.statement.sql.push_str(self.dialect.placeholder());
        self.statement.parameters.push(value);
        self
    }

    /// A bound integer.
    pub fn integer(&mut self, value: i64) -> &mut Self {
        self.value(Parameter::Integer(value))
    }

    /// A hash of an identity: a number computed by the program.
    pub fn hash(&mut self, hash: ExecutionHash) -> &mut Self {
        self.text(&format!("CAST({} AS UBIGINT)", hash.0))
    }

    /// ` IN (...)` with hashes of identities; false for every value if there are none.
    pub fn among(&mut self, hashes: &[ExecutionHash]) -> &mut Self {
        if hashes.is_empty() {
            return self.text(" IN (CAST(NULL AS UBIGINT))");
        }
        for (i, &hash) in hashes.iter().enumerate() {
            self.text(if i > 0 { ", " } else { " IN (" }).hash(hash);
        }
        self.text(")")
    }

    /// A bound text.
    pub fn string(&mut self, value: &str) -> &mut Self {
        self.value(Parameter::Text(value.to_owned()))
    }

    /// A bound text to compare a column with.
    pub fn compared(&mut self, column: &str, value: &str) -> &mut Self {
        let value = value.to_owned();
        self.value(match column == USER_COLUMN {
            true => Parameter::User(value),
            false => Parameter::Text(value),
        })
    }

    /// `"tenant" = ? AND "project" = ?`: how every read of a raw table begins its conditions.
    pub fn scope(&mut self, scope: Scope) -> &mut Self {
        self.text("\"tenant\" = ")
            .integer(i64::from(scope.tenant.0));
        self.text(" AND \"project\" = ")
            .integer(i64::from(scope.project.0))
    }

    /// ` AND "timestamp" >= ? AND "timestamp" < ?`.
    pub fn during(&mut self, range: TimeRange) -> &mut Self {
        self.text(" AND \"timestamp\" >= ").integer(range.from.0);
        self.text(" AND \"timestamp\" < ").integer(range.to.0)
    }

    /// ` AND "column" = ?`, if there is a value.
    pub fn equals(&mut self, column: &str, value: Option<&str>) -> &mut Self {
        if let Some(value) = value {
            self.text(" AND ").name(column).text(" = ");
            self.compared(column, value);
        }
        self
    }

    /// ` AND "column" IN (?, ...)`, if there are values.
    pub fn one_of<'v>(
        &mut self,
        column: &str,
        values: impl IntoIterator<Item = &'v str>,
    ) -> &mut Self {
        let mut values = values.into_iter().peekable();
        if values.peek().is_none() {
            return self;
        }
        self.text(" AND ").name(column).text(" IN (");
        for (i, value) in values.enumerate() {
            self.text(if i > 0 { ", " } else { "" });
            self.compared(column, value);
        }
        self.text(")")
    }

    /// Whether a text column contains a text, ignoring case; false if it is null.
    pub fn contains(&mut self, column: &str, text: &str) -> &mut Self {
        let dialect = self.dialect;
        let sql = dialect.contains(&dialect.identifier(column), dialect.placeholder());
        self.binding(&sql, text.to_owned())
    }

    /// A field of a JSON column as text; null if there is no such field.
    pub fn json_field(&mut self, column: &str, field: &str) -> &mut Self {
        let dialect = self.dialect;
        let sql = dialect.json_text(&dialect.identifier(column), dialect.placeholder());
        self.binding(&sql, dialect.json_path(field))
    }

    /// SQL that contains one placeholder, and the text that is bound to it.
    fn binding(&mut self, sql: &str, value: String) -> &mut Self {
        self.statement.parameters.push(Parameter::Text(value));
        self.text(sql)
    }

    /// ` FROM "family_facts"(?, ?, ?, ?) WHERE true`: the facts of a range; conditions may follow.
    pub fn facts(&mut self, family: Family, scope: Scope, range: TimeRange) -> &mut Self {
        let function = format!("{}_facts", family.name());
        self.text(" FROM ").name(&function).text("(");
        self.integer(i64::from(scope.tenant.0)).text(", ");
        self.integer(i64::from(scope.project.0)).text(", ");
        self.integer(range.from.0).text(", ");
        self.integer(range.to.0).text(") WHERE true")
    }

    /// The condition of a filter. Null counts as a value: `not_in` keeps it unless the filter names it.
    pub fn condition(&mut self, filter: &ValidFilter) -> &mut Self {
        let column = filter.axis.name();
        let expression = self.dialect.identifier(column);
        let wanted = filter.op == Operator::In;
        self.membership((&expression, column), wanted, &filter.values, filter.null)
    }

    /// Whether an expression over a column has one of the values (or none of
    /// them, unless `wanted`).
    pub fn membership(
        &mut self,
        (expression, column): (&str, &str),
        wanted: bool,
        values: &[String],
        null: bool,
    ) -> &mut Self {
        let about_null = match wanted == null {
            true => "IS NULL",
            false => "IS NOT NULL",
        };
        if values.is_empty() {
            return self.text(expression).text(" ").text(about_null);
        }
        // With plain values, `in` needs no condition on null.
        let plain = wanted && !null;
        self.text(if plain { "" } else { "(" }).text(expression);
        self.text(if wanted { " IN (" } else { " NOT IN (" });
        for (i, value) in values.iter().enumerate() {
            self.text(if i > 0 { ", " } else { "" });
            self.compared(column, value);
        }
        self.text(")");
        if !plain {
            let or = if wanted == null { " OR " } else { " AND " };
            self.text(or).text(expression).text(" ").text(about_null);
            self.text(")");
        }
        self
    }

    /// Inserts a whole statement into this one.
    pub fn part(&mut self, statement: &Statement) -> &mut Self {
        self.statement.sql.push_str(&statement.sql);
        let parameters = statement.parameters.iter().cloned();
        self.statement.parameters.extend(parameters);
        self
    }

    /// The finished statement.
    pub fn finish(self) -> Statement {
        self.statement
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_bound_in_the_order_of_their_placeholders() {
        let mut writer = Writer::new(Dialect::DuckDb);
        writer.text("SELECT 1 FROM ").name("steps").text(" WHERE ");
        writer.scope(Scope::new(3, 4)).during(TimeRange::new(5, 6));
        writer
            .equals("user", Some("x' OR 1=1 --"))
            .equals("version", None);
        writer
            .one_of("status", ["failed", "crashed"])
            .one_of("workflow", []);
        let statement = writer.finish();
        assert_eq!(
            statement.sql,
            "SELECT 1 FROM \"steps\" WHERE \"tenant\" = ? AND \"project\" = ? AND \"timestamp\" >= ? AND \
             \"timestamp\" < ? AND \"user\" = ? AND \"status\" IN (?, ?)"
        );
        let text = |text: &str| Parameter::Text(text.to_owned());
        let mut expected: Vec<_> = (3..7).map(Parameter::Integer).collect();
        expected.push(Parameter::User("x' OR 1=1 --".to_owned()));
        expected.extend([text("failed"), text("crashed")]);
        assert_eq!(statement.parameters, expected);
    }
}
