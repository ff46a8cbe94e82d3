//! SQL text and its parameters, written together, so that placeholders and values can not fall out of
//! step.

use weir_model::{Scope, TimeRange};

use crate::{
    dialect::Dialect,
    statement::{Parameter, Statement},
};

/// A statement that is being written.
#[derive(Debug)]
pub struct Writer {
    dialect: Dialect,
    statement: Statement,
}

impl Writer {
    /// Nothing written yet.
    pub fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            statement: Statement::default(),
        }
    }

    /// The database that is written for.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Text of the program's own; values that came from outside are bound.
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

    /// A bound text.
    pub fn string(&mut self, value: &str) -> &mut Self {
        self.value(Parameter::Text(value.to_owned()))
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
            self.text(" AND ").name(column).text(" = ").string(value);
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
            self.text(if i > 0 { ", " } else { "" }).string(value);
        }
        self.text(")")
    }

    /// Whether a column of text holds a text, in any case of letters; null does not.
    pub fn contains(&mut self, column: &str, text: &str) -> &mut Self {
        let column = self.dialect.identifier(column);
        match self.dialect {
            Dialect::DuckDb => {
                self.text("coalesce(contains(lower(").text(&column);
                self.text("), lower(").string(text).text(")), false)")
            }
        }
    }

    /// What was written.
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
        expected.extend([text("x' OR 1=1 --"), text("failed"), text("crashed")]);
        assert_eq!(statement.parameters, expected);
    }
}
