//! The parts of journey statements, as common table expressions.

use weir_model::{Status, event::StepStatus};

use super::{Enrolled, JourneysRequest, MAX_BITS, Occurrence};
use crate::{records::NO_COPIES, writer::Writer};

/// A state and its time in one number that sorts by both: `timestamp * 8 + state`.
pub(super) const STATES: i64 = 8;

/// The position of a state in [`Status::ALL`], which is the order of precedence at equal times.
pub(super) fn state_number(status: Status) -> usize {
    status as usize
}

/// The number of an execution's newest state; correct before 1970, too.
pub(super) fn state() -> String {
    format!("(\"newest\" % {STATES} + {STATES}) % {STATES}")
}

/// The executions seen since the range began (`seen`), those of them that did not begin earlier (`begun`),
/// and those enrolled in the range (`enrolments`, with their `actor`). An execution is `untold` if its start
/// is unknown: only its end was reported, without a duration.
pub(super) fn enrolments(writer: &mut Writer, request: &JourneysRequest<'_>) {
    let enrolled = &request.enrolled;
    seen(writer, enrolled, request.group.map(|group| group.name()));
    let actor = match request.by_subject {
        true => "\"subject\"",
        false => "\"execution\"",
    };
    begun(writer, enrolled);
    writer.text(&format!(
        ",\nenrolments AS (SELECT *, {actor} AS \"actor\" FROM begun WHERE \"enrolled_at\" < "
    ));
    writer.integer(enrolled.range.to.0).text(")");
}

fn seen(writer: &mut Writer, enrolled: &Enrolled<'_>, group: Option<&str>) {
    let newest = Status::ALL
        .iter()
        .map(|&status| format!("WHEN '{}' THEN {}", status.name(), state_number(status)));
    let newest: Vec<_> = newest.collect();
    writer.text(&format!(
        "seen AS (SELECT \"execution\", max(\"execution_id\") AS \"name\", max(\"subject_id\") AS \"subject\", \
         min(\"timestamp\" - CASE WHEN \"status\" IN ('started', 'waiting') THEN 0 ELSE coalesce(\"duration\", 0) END) AS \"enrolled_at\", \
         max(\"timestamp\" * {STATES} + CASE \"status\" {} END) AS \"newest\", \
         max(CASE WHEN \"status\" = 'started' THEN 1 ELSE 0 END) AS \"has_start\", \
         min(CASE WHEN \"status\" IN ('started', 'waiting') OR \"duration\" IS NOT NULL THEN 0 ELSE 1 END) AS \"untold\"",
        newest.join(" ")
    ));
    if let Some(column) = group {
        let first = writer.dialect().first_by(column, "timestamp");
        writer.text(&format!(", {first} AS \"group\""));
    }
    writer.text(" FROM \"executions\" WHERE ");
    rows(writer, enrolled);
    writer.equals("environment", enrolled.environment);
    writer.text(" GROUP BY \"execution\")");
}

/// The rows of the workflow since the start of the range.
fn rows(writer: &mut Writer, enrolled: &Enrolled<'_>) {
    writer
        .scope(enrolled.scope)
        .equals("workflow", Some(enrolled.workflow));
    writer
        .text(" AND \"timestamp\" >= ")
        .integer(enrolled.range.from.0);
}

/// The executions that did not begin before the range. One whose start was not seen since then may have, so
/// it is looked up in earlier rows.
fn begun(writer: &mut Writer, enrolled: &Enrolled<'_>) {
    let from = enrolled.range.from.0;
    writer.text(",\nearlier AS (SELECT DISTINCT \"execution\" FROM \"executions\" WHERE ");
    writer
        .scope(enrolled.scope)
        .equals("workflow", Some(enrolled.workflow));
    writer.text(" AND \"timestamp\" < ").integer(from);
    writer.text(" AND \"execution\" IN (SELECT \"execution\" FROM seen WHERE \"has_start\" = 0 AND \"enrolled_at\" >= ");
    writer.integer(from).text("))");
    writer.text(",\nbegun AS (SELECT * FROM seen WHERE \"enrolled_at\" >= ");
    writer.integer(from).text(
        " AND NOT EXISTS (SELECT 1 FROM earlier WHERE earlier.\"execution\" = seen.\"execution\"))",
    );
}

/// The sources of marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Enrolments,
    States,
    Steps,
    Goals,
    Activities,
}

impl Place {
    fn of(occurrence: &Occurrence) -> Self {
        match occurrence {
            Occurrence::Enrolled => Self::Enrolments,
            Occurrence::State(_) => Self::States,
            Occurrence::Step { .. } => Self::Steps,
            Occurrence::Goal(_) => Self::Goals,
            Occurrence::Action(_) | Occurrence::Resource(_) => Self::Activities,
        }
    }
}

/// The position of a mark among those of the same instant: its commit, table and row.
const PLACE: [&str; 3] = ["commit", "kind", "position"];

/// Writes the columns of [`PLACE`], if the order within an instant matters.
fn place(writer: &mut Writer, request: &JourneysRequest<'_>, place: Place) {
    if !request.everything {
        return;
    }
    let table = place as usize;
    let (commit, row) = match place {
        // An enrolment is derived from the other events and precedes them.
        Place::Enrolments => ("-1", "-1"),
        _ => ("\"sequence\"", writer.dialect().row_place()),
    };
    let [a, b, c] = PLACE;
    writer.text(&format!(
        ", CAST({commit} AS BIGINT) AS \"{a}\", CAST({table} AS BIGINT) AS \"{b}\", CAST({row} AS BIGINT) AS \"{c}\""
    ));
}

/// What happened to which execution: `marks (execution, at, what)`; `what` has a bit for each step, and for
/// each exclusion from [`MAX_BITS`] on. If everything in between matters, [`PLACE`] follows.
pub(super) fn marks(writer: &mut Writer, request: &JourneysRequest<'_>) {
    let asks = |place| asks(request, place);
    let (goals, activities) = (asks(Place::Goals), asks(Place::Activities));
    if goals || activities {
        notes(writer, request, goals, activities);
    }
    writer.text(",\nmarks AS (SELECT NULL AS \"execution\", NULL AS \"at\", NULL AS \"what\"");
    for column in PLACE.iter().filter(|_| request.everything) {
        writer.text(&format!(", NULL AS \"{column}\""));
    }
    writer.text(" WHERE 1 = 0");
    if asks(Place::Enrolments) {
        writer.text("\nUNION ALL SELECT \"execution\", \"enrolled_at\", ");
        what(writer, request, Place::Enrolments);
        place(writer, request, Place::Enrolments);
        writer.text(" FROM begun");
    }
    if asks(Place::States) {
        writer.text("\nUNION ALL SELECT \"execution\", \"timestamp\", ");
        what(writer, request, Place::States);
        place(writer, request, Place::States);
        writer.text(" FROM \"executions\" WHERE ");
        rows(writer, &request.enrolled);
        // States do not lie in between: only those that the request names are marks.
        writer.one_of("status", states(request));
    }
    if asks(Place::Steps) {
        writer.text("\nUNION ALL SELECT \"execution\", \"timestamp\", ");
        what(writer, request, Place::Steps);
        place(writer, request, Place::Steps);
        writer.text(" FROM \"steps\" WHERE ");
        related_rows(writer, &request.enrolled);
        writer.text(" AND \"status\" <> 'skipped'").text(NO_COPIES);
    }
    if goals || activities {
        linked(writer, request);
    }
    writer.text(")");
}

fn asks(request: &JourneysRequest<'_>, place: Place) -> bool {
    let steps = request.steps.iter().flatten();
    steps
        .chain(request.exclusions)
        .any(|occurrence| Place::of(occurrence) == place)
}

fn states<'r>(request: &JourneysRequest<'r>) -> impl Iterator<Item = &'static str> + use<'r> {
    let asked = request.steps.iter().flatten().chain(request.exclusions);
    asked.filter_map(|occurrence| match occurrence {
        Occurrence::State(status) => Some(status.name()),
        _ => None,
    })
}

/// Rows since the start of the range that may belong to executions of the workflow.
fn related_rows(writer: &mut Writer, enrolled: &Enrolled<'_>) {
    writer.scope(enrolled.scope);
    writer
        .text(" AND \"timestamp\" >= ")
        .integer(enrolled.range.from.0);
    writer.text(" AND (\"workflow\" IS NULL OR \"workflow\" = ");
    writer.string(enrolled.workflow).text(")");
}

/// Goals and activities, with the execution, or else the subject, that they name.
fn notes(writer: &mut Writer, request: &JourneysRequest<'_>, goals: bool, activities: bool) {
    writer.text(",\nnotes AS (");
    if goals {
        writer.text(
            "SELECT \"timestamp\" AS \"at\", \"execution\" AS \"of_execution\", NULL AS \"of_name\", \
             CASE WHEN \"execution_id\" IS NULL THEN \"subject_id\" END AS \"of_subject\", ",
        );
        what(writer, request, Place::Goals);
        writer.text(" AS \"what\"");
        place(writer, request, Place::Goals);
        writer.text(" FROM \"goals\" WHERE ");
        related_rows(writer, &request.enrolled);
    }
    if goals && activities {
        writer.text("\nUNION ALL ");
    }
    if activities {
        writer.text(
            "SELECT \"timestamp\" AS \"at\", NULL AS \"of_execution\", \"resource_id\" AS \"of_name\", \
             \"resource_id\" AS \"of_subject\", ",
        );
        what(writer, request, Place::Activities);
        writer.text(" AS \"what\"");
        place(writer, request, Place::Activities);
        writer.text(" FROM \"activities\" WHERE ");
        related_rows(writer, &request.enrolled);
        writer.text(" AND \"resource_id\" IS NOT NULL");
    }
    writer.text(")");
}

fn linked(writer: &mut Writer, request: &JourneysRequest<'_>) {
    let newest = writer.dialect().newest_join();
    let columns: String = ["at", "what"]
        .iter()
        .chain(PLACE.iter().filter(|_| request.everything))
        .map(|column| format!(", notes.\"{column}\""))
        .collect();
    let marked = format!("\nUNION ALL SELECT begun.\"execution\"{columns} FROM");
    for (note, enrolment) in [("of_execution", "execution"), ("of_name", "name")] {
        writer.text(&format!(
            "{marked} notes JOIN begun ON begun.\"{enrolment}\" = notes.\"{note}\""
        ));
    }
    writer.text(&format!(
        "{marked} (SELECT * FROM notes WHERE \"of_subject\" IS NOT NULL AND NOT EXISTS \
         (SELECT 1 FROM begun WHERE begun.\"name\" = notes.\"of_name\")) AS notes \
         {newest} begun ON begun.\"subject\" = notes.\"of_subject\" AND begun.\"enrolled_at\" <= notes.\"at\""
    ));
}

/// The bits of the steps and exclusions that a row matches.
fn what(writer: &mut Writer, request: &JourneysRequest<'_>, place: Place) {
    writer.text("CAST(0");
    for (bit, alternatives) in request.steps.iter().enumerate() {
        bits(writer, bit, alternatives, place);
    }
    for (bit, exclusion) in request.exclusions.iter().enumerate() {
        bits(
            writer,
            MAX_BITS + bit,
            std::slice::from_ref(exclusion),
            place,
        );
    }
    writer.text(" AS BIGINT)");
}

fn bits(writer: &mut Writer, bit: usize, alternatives: &[Occurrence], place: Place) {
    let mut here = alternatives
        .iter()
        .filter(|occurrence| Place::of(occurrence) == place)
        .peekable();
    if here.peek().is_none() {
        return;
    }
    writer.text(" + CASE WHEN ");
    for (i, occurrence) in here.enumerate() {
        writer.text(if i > 0 { " OR " } else { "" });
        condition(writer, occurrence);
    }
    writer.text(&format!(" THEN {} ELSE 0 END", 1_i64 << bit));
}

fn condition(writer: &mut Writer, occurrence: &Occurrence) {
    match occurrence {
        Occurrence::Enrolled | Occurrence::Goal(None) => writer.text("1 = 1"),
        Occurrence::State(status) => writer.text("\"status\" = ").string(status.name()),
        Occurrence::Step { id, status } => step(writer, id, *status),
        Occurrence::Goal(Some(id)) => writer.text("\"goal\" = ").string(id),
        Occurrence::Action(id) => writer.text("\"action\" = ").string(id),
        Occurrence::Resource(id) => writer.text("\"resource\" = ").string(id),
    };
}

fn step<'w>(writer: &'w mut Writer, id: &str, status: Option<StepStatus>) -> &'w mut Writer {
    writer.text("(\"step\" = ").string(id);
    if let Some(status) = status {
        writer.text(" AND \"status\" = ").string(status.name());
    }
    writer.text(")")
}

/// One row per journey, with its marks as a list, for [`super::journeys`].
pub(super) fn journeys(writer: &mut Writer, request: &JourneysRequest<'_>) {
    let dialect = writer.dialect();
    let mut columns = vec!["at", "what"];
    columns.extend(PLACE.iter().filter(|_| request.everything));
    let rows = dialect.list_of_rows(&columns);
    writer.text(&format!(
        ",\nmoves AS (SELECT \"actor\", {rows} AS \"moves\" FROM enrolments JOIN marks ON marks.\"execution\" = enrolments.\"execution\" \
         WHERE \"actor\" IS NOT NULL"
    ));
    if !request.everything {
        writer.text(" AND \"what\" <> 0");
    }
    writer.text(" GROUP BY \"actor\")");
    let group = match request.group {
        Some(_) => dialect.first_by("group", "enrolled_at"),
        None => "CAST(NULL AS VARCHAR)".to_owned(),
    };
    let shown = match request.group {
        Some(dimension) => format!(" AS {}", dialect.identifier(dimension.name())),
        None => String::new(),
    };
    writer.text(&format!(
        ",\njourneys AS (SELECT \"actor\", count(*) AS \"executions\", min(\"enrolled_at\") AS \"enrolled_at\", \
         min(\"enrolled_at\" * 2 + \"untold\") - 2 * min(\"enrolled_at\") AS \"untold\", \
         {} AS \"states\", {group} AS \"group\" FROM enrolments GROUP BY \"actor\")\n\
         SELECT CASE WHEN journeys.\"actor\" IS NULL THEN \"executions\" END, \"enrolled_at\", \"states\", \"group\"{shown}, \"moves\", \"untold\" \
         FROM journeys LEFT JOIN moves ON moves.\"actor\" = journeys.\"actor\" LIMIT ",
        dialect.list("\"newest\"")
    ));
    let most = i64::try_from(request.limit).unwrap_or(i64::MAX);
    writer.integer(most.saturating_add(1));
}
