//! Writes reads as SQL. Text and values are pushed together, so placeholders and parameters can
//! not fall out of step.

use weir_model::{
    Granularity, Scope,
    cube::{Cube, Dimension},
};

use crate::{
    axis::Axis,
    catalogue::Term,
    cover::{Piece, Source, Step},
    described,
    dialect::{Dialect, sketch_bucket_sql},
    plan::{Kind, Needs, Read},
    resolve::ResolvedQuery,
    statement::Statement,
    worth::{self, Worths},
    writer::Writer,
};

/// The input for writing a read.
#[derive(Clone, Copy, Debug)]
pub struct Writing<'a> {
    /// The tenant and project to read.
    pub scope: Scope,
    /// The query.
    pub query: &'a ResolvedQuery,
    /// What the read's family needs.
    pub needs: &'a Needs,
    /// The read.
    pub read: &'a Read,
    /// The worths of facts.
    pub worths: &'a Worths,
    /// The database's dialect.
    pub dialect: Dialect,
}

/// The statement for a read, with all its pieces.
pub fn write(writing: Writing<'_>) -> Statement {
    let mut writer = Writer::new(writing.dialect);
    let total = matches!(writing.read.kind, Kind::DistinctTotal(..));
    let counted = total || matches!(writing.read.kind, Kind::DistinctCount(..));
    if counted {
        writing.open_count(&mut writer);
    }
    for (i, piece) in writing.read.pieces.iter().enumerate() {
        if i > 0 {
            // A value of several pieces counts once in a total.
            writer.text(if total { "\nUNION\n" } else { "\nUNION ALL\n" });
        }
        writing.piece(&mut writer, piece);
    }
    if counted {
        writer.text(")");
        writing.group_by(&mut writer, 0);
    }
    writer.finish()
}

impl Writing<'_> {
    fn piece(self, writer: &mut Writer, piece: &Piece) {
        let mut columns = self.key_columns(piece);
        let more_keys = match self.read.kind {
            Kind::Measures => {
                let terms = self.needs.terms.iter();
                columns.extend(terms.map(|&term| self.term(term, piece.source)));
                columns.extend(self.needs.sketch.map(|_| self.sketch(piece.source)));
                0
            }
            Kind::RawSketch => {
                let bucket = sketch_bucket_sql(self.dialect, &self.name("value"));
                columns.push(format!("{bucket} AS \"sketch_bucket\""));
                columns.push("count(*) AS \"weight\"".to_owned());
                1
            }
            Kind::DistinctValues(dimension, _)
            | Kind::DistinctCount(dimension, _)
            | Kind::DistinctTotal(dimension, _) => {
                columns.push(format!("{} AS \"counted\"", self.name(dimension.name())));
                1
            }
        };
        writer.text("SELECT ").text(&columns.join(", "));
        self.source(writer, piece);
        self.conditions(writer);
        if !self.takes_rows(piece.source) {
            self.group_by(writer, more_keys);
        }
        if matches!(
            self.read.kind,
            Kind::DistinctValues(..) | Kind::DistinctCount(..) | Kind::DistinctTotal(..)
        ) {
            writer.text(" HAVING sum(\"count\") > 0");
        }
    }

    fn name(self, name: &str) -> String {
        self.dialect.identifier(name)
    }

    fn column(self, axis: &Axis) -> String {
        self.name(axis.name())
    }

    fn key_columns(self, piece: &Piece) -> Vec<String> {
        let step = self.read.timed.then(|| self.step(piece));
        let dimensions = self.query.dimensions.iter();
        let dimensions = dimensions.map(|axis| self.column(axis));
        step.into_iter().chain(dimensions).collect()
    }

    fn step(self, piece: &Piece) -> String {
        let from = piece.range.from.0;
        let moment = self.name(time_column(piece.source));
        let step = match (piece.step, piece.source) {
            (Step::Whole, _) => format!("CAST({from} AS BIGINT)"),
            (Step::Every { width, origin }, Source::Cube(_, granularity))
                if width == granularity.width() && origin.0 == from =>
            {
                moment
            }
            (Step::Every { width, origin }, _) => {
                let step = self.dialect.step(&moment, origin.0, width);
                if origin.0 < from {
                    // A step that begins before the piece must not be mistaken for an earlier bucket.
                    format!("greatest({step}, {from})")
                } else {
                    step
                }
            }
        };
        format!("{step} AS \"at\"")
    }

    /// Whether rows are read without grouping. Each has its own sketch, which must be read anyway, so
    /// grouping them would only take time.
    fn takes_rows(self, source: Source) -> bool {
        let sketched = self.read.kind == Kind::Measures && self.needs.sketch.is_some();
        sketched && matches!(source, Source::Cube(..))
    }

    fn term(self, term: Term, source: Source) -> String {
        let condition = term.only.map(|(dimension, values)| {
            let column = self.name(dimension.name());
            match values {
                [value] => format!("{column} = '{value}'"),
                values => format!("{column} IN ('{}')", values.join("', '")),
            }
        });
        let expression = match self.takes_rows(source) {
            true => Dialect::addend,
            false => Dialect::sum,
        };
        let measure = self.name(term.measure);
        let addend = term
            .weight
            .map(|weight| weight.expression(self.dialect, &measure));
        expression(
            self.dialect,
            &addend.unwrap_or(measure),
            condition.as_deref(),
            term.is_large(),
        )
    }

    fn sketch(self, source: Source) -> String {
        match source {
            Source::Cube(..) => self.name("sketch"),
            // A separate statement reads the durations of raw facts.
            Source::Facts(_) => self.dialect.null_sketch().to_owned(),
        }
    }

    fn source(self, writer: &mut Writer, piece: &Piece) {
        let terms = self.needs.terms.iter();
        let weighed = terms.filter_map(|term| term.weight).next();
        match weighed.filter(|_| self.read.kind == Kind::Measures) {
            Some(weight) => {
                let moment = self.name(time_column(piece.source));
                let by = (self.worths, weight.dimension());
                let when = (moment.as_str(), piece.range);
                worth::weighed(writer, by, when, |writer| self.rows(writer, piece));
            }
            None => self.rows(writer, piece),
        }
    }

    fn rows(self, writer: &mut Writer, piece: &Piece) {
        let Scope { tenant, project } = self.scope;
        let (tenant, project) = (i64::from(tenant.0), i64::from(project.0));
        let (from, to) = (piece.range.from.0, piece.range.to.0);
        match piece.source {
            Source::Cube(cube, granularity) => {
                writer.text(" FROM ");
                self.table(writer, cube, granularity);
                writer.text(" WHERE \"tenant\" = ").integer(tenant);
                writer.text(" AND \"project\" = ").integer(project);
                writer.text(" AND \"bucket\" >= ").integer(from);
                writer.text(" AND \"bucket\" < ").integer(to);
            }
            Source::Facts(family) => {
                let declared = described::declared(self.query.axes());
                described::facts(writer, family, self.scope, piece.range, &declared);
            }
        }
    }

    /// The table of a cube; for a cube of declared dimensions, the rows of the query's dimension, under
    /// its name.
    fn table(self, writer: &mut Writer, cube: &Cube, granularity: Granularity) {
        let table = self.name(&cube.table(granularity));
        let declared = described::declared(self.query.axes());
        match declared.first().filter(|_| cube.is_declared()) {
            None => {
                writer.text(&table);
            }
            Some(declared) => {
                let value = self.name(Dimension::DeclaredValue.name());
                let key = self.name(Dimension::DeclaredKey.name());
                writer.text(&format!("(SELECT *, {value} AS "));
                writer.name(declared.name());
                writer.text(&format!(" FROM {table} WHERE {key} = "));
                writer.string(declared.key()).text(")");
            }
        }
    }

    fn conditions(self, writer: &mut Writer) {
        for filter in &self.query.filters {
            writer.text(" AND ");
            writer.condition(filter);
        }
        match self.read.kind {
            Kind::RawSketch => {
                writer.text(" AND \"value\" IS NOT NULL");
            }
            Kind::DistinctValues(dimension, _)
            | Kind::DistinctCount(dimension, _)
            | Kind::DistinctTotal(dimension, _) => {
                let column = self.name(dimension.name());
                writer.text(" AND ").text(&column).text(" IS NOT NULL");
            }
            Kind::Measures => {}
        }
    }

    fn open_count(self, writer: &mut Writer) {
        let step = self.read.timed.then(|| "\"at\"".to_owned());
        let dimensions = self.query.dimensions.iter();
        let dimensions = dimensions.map(|axis| self.column(axis));
        let count = "count(*) AS \"counted\"".to_owned();
        let columns: Vec<_> = step.into_iter().chain(dimensions).chain([count]).collect();
        writer
            .text("SELECT ")
            .text(&columns.join(", "))
            .text(" FROM (");
    }

    fn group_by(self, writer: &mut Writer, more_keys: usize) {
        let keys = usize::from(self.read.timed) + self.query.dimensions.len() + more_keys;
        if keys > 0 {
            let positions: Vec<_> = (1..=keys).map(|i| i.to_string()).collect();
            writer.text(" GROUP BY ").text(&positions.join(", "));
        }
    }
}

fn time_column(source: Source) -> &'static str {
    match source {
        Source::Cube(..) => "bucket",
        Source::Facts(_) => "timestamp",
    }
}

#[cfg(test)]
mod tests;
