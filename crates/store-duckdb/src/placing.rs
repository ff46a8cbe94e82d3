//! Updates stored rows of events whose content changed because of later arrivals.

use duckdb::Connection;
use weir_model::{EventType, Scope};
use weir_store::{StoreError, fold::RowChange};

use crate::{
    arrays::Columns,
    error::Context,
    raw, stored,
    tables::{append, fill_temporary},
};

/// Updates rows of all types.
pub(crate) fn write(
    connection: &Connection,
    changes: &[RowChange],
    sequence: u64,
) -> Result<(), StoreError> {
    let of = |event_type: EventType| -> Vec<&RowChange> {
        let all = changes.iter();
        all.filter(|change| change.event.event_type() == event_type)
            .collect()
    };
    executions(connection, &of(EventType::Execution))?;
    for event_type in stored::RECORDS {
        records(connection, event_type, &of(event_type), sequence)?;
    }
    Ok(())
}

fn executions(connection: &Connection, changes: &[&RowChange]) -> Result<(), StoreError> {
    if changes.is_empty() {
        return Ok(());
    }
    let all = || changes.iter().copied();
    let parts = || all().filter_map(|change| change.event.execution());
    let mut columns = Columns::default();
    placement(&mut columns, changes);
    columns.text(
        "version",
        all().map(|c| c.event.workflow_version.as_deref()),
    );
    columns.text("user", all().map(|c| c.event.user_id.as_deref()));
    columns.text("metadata", all().map(|c| c.event.metadata.as_deref()));
    columns.text("trigger_id", parts().map(|e| e.trigger_id.as_deref()));
    columns.text("trigger_type", parts().map(|e| e.trigger_type.as_deref()));
    columns.number("step_count", parts().map(|e| e.step_count));
    columns.text("subject_id", parts().map(|e| e.subject_id.as_deref()));
    columns.text("retry_of", parts().map(|e| e.retry_of.as_deref()));
    columns.text(
        "parent_execution_id",
        parts().map(|e| e.parent_execution_id.as_deref()),
    );
    let duration = |c: &RowChange| {
        let given = c.event.execution().filter(|e| e.status.is_terminal());
        given.and_then(|e| e.duration).or(c.placement.derived)
    };
    columns.number("duration", all().map(duration));
    let superseded = |c: &RowChange| c.placement.superseded.then_some(true);
    columns.boolean("superseded", all().map(superseded));
    raw::links(&mut columns, all().map(|c| (c.scope, &c.event)));
    let declaration = format!(
        "{PLACEMENT}, version VARCHAR, \"user\" VARCHAR, metadata VARCHAR, trigger_id VARCHAR, trigger_type VARCHAR,
         step_count BIGINT, subject_id VARCHAR, retry_of VARCHAR, parent_execution_id VARCHAR, duration BIGINT,
         superseded BOOLEAN, retried UBIGINT, parent UBIGINT, parent_workflow VARCHAR"
    );
    fill_temporary(connection, "placed", &declaration, columns)?;
    let set = [
        "version",
        "\"user\"",
        "metadata",
        "trigger_id",
        "trigger_type",
        "step_count",
        "subject_id",
        "retry_of",
        "parent_execution_id",
        "duration",
        "superseded",
        "retried",
        "parent",
        "parent_workflow",
    ];
    let set: String = set
        .iter()
        .map(|column| format!(", {column} = p.{column}"))
        .collect();
    update(connection, EventType::Execution, &set)
}

fn records(
    connection: &Connection,
    event_type: EventType,
    changes: &[&RowChange],
    sequence: u64,
) -> Result<(), StoreError> {
    if changes.is_empty() {
        return Ok(());
    }
    let mut columns = Columns::default();
    placement(&mut columns, changes);
    let workflow = changes.iter().map(|c| c.event.workflow_id.as_deref());
    columns.text("workflow", workflow);
    let copied = |c: &&RowChange| c.placement.copied.then_some(true);
    columns.boolean("copied", changes.iter().map(copied));
    let declaration = format!("{PLACEMENT}, workflow VARCHAR, copied BOOLEAN");
    fill_temporary(connection, "placed", &declaration, columns)?;
    // They take the sequence of this change, so that the cubes catch up with them after a crash.
    let mut set = format!(", workflow = p.workflow, sequence = {sequence}");
    if event_type == EventType::Step {
        set += ", copied = p.copied";
    }
    update(connection, event_type, &set)
}

const PLACEMENT: &str = "row BIGINT, environment VARCHAR, execution UBIGINT, own VARCHAR";

fn placement(columns: &mut Columns, changes: &[&RowChange]) {
    let all = || changes.iter();
    columns.number("row", all().map(|c| Some(c.row)));
    columns.text("environment", all().map(|c| c.event.environment.as_deref()));
    let execution = |c: &&RowChange| c.placement.execution.map(|hash| hash.0);
    columns.unsigned("execution", all().map(execution));
    let own: Vec<Option<String>> = all()
        .map(|c| c.placement.own.as_ref().map(|own| own.to_json()))
        .collect();
    columns.text("own", own.iter().map(Option::as_deref));
}

fn update(connection: &Connection, event_type: EventType, set: &str) -> Result<(), StoreError> {
    let table = raw::table(event_type);
    let sql = format!(
        "UPDATE {table} AS t SET environment = p.environment, execution = p.execution, own = p.own{set}
         FROM placed AS p WHERE t.rowid = p.row"
    );
    connection
        .execute_batch(&sql)
        .context("update stored events")
}

/// Records the environments that workflows named.
pub(crate) fn write_environments(
    connection: &Connection,
    environments: &[(Scope, String, Option<String>)],
) -> Result<(), StoreError> {
    if environments.is_empty() {
        return Ok(());
    }
    let all = || environments.iter();
    let mut columns = Columns::default();
    columns.key("tenant", all().map(|(scope, _, _)| scope.tenant.0));
    columns.key("project", all().map(|(scope, _, _)| scope.project.0));
    columns.text(
        "workflow",
        all().map(|(_, workflow, _)| Some(workflow.as_str())),
    );
    let named = all().map(|(_, _, environment)| environment.as_deref());
    columns.text("environment", named);
    let rows = columns.finish().context("build environments")?;
    append(connection, "workflow_environments", rows)
}
