//! Which column fills which field, decided once per file.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use crate::args::CsvArgs;
use crate::time::{TimeForm, rfc3339};

use super::fields::{Kind, allowed, required, types};

/// A field that a column fills.
struct Column {
    field: String,
    kind: Kind,
    index: usize,
    header: String,
}

/// How a row becomes an event.
pub(crate) struct Plan {
    columns: Vec<Column>,
    constants: Map<String, Value>,
    times: TimeForm,
    zone: TimeZone,
    unit_ms: f64,
}

impl Plan {
    /// Fits the flags to a header; the error says which flag or column is wrong and what would do.
    pub fn new(
        args: &CsvArgs,
        environment: Option<&str>,
        zone: &TimeZone,
        header: &csv::StringRecord,
    ) -> Result<Self, String> {
        let mut plan = Self {
            columns: Vec::new(),
            constants: Map::new(),
            times: TimeForm::parse_flag(args.time_format.as_deref()),
            zone: zone.clone(),
            unit_ms: args.duration_unit.unwrap_or_default().millis(),
        };
        if let Some(environment) = environment {
            plan.constants
                .insert("environment".to_owned(), environment.into());
        }
        if let Some(event_type) = &args.event_type {
            plan.constants
                .insert("type".to_owned(), known_type(event_type)?.into());
        }
        let fields = allowed(args.event_type.as_deref());
        plan.add_constants(&args.constant, &fields)?;
        plan.add_columns(&args.map, &fields, header)?;
        plan.complete()?;
        Ok(plan)
    }

    fn add_constants(&mut self, flags: &[String], fields: &[(&str, Kind)]) -> Result<(), String> {
        for flag in flags {
            let (field, text) = split(flag, "--constant", "FIELD=VALUE")?;
            let kind = kind_of(field, fields)?;
            let value = self
                .value(kind, text)
                .map_err(|detail| format!("--constant {field}: {detail}"))?;
            set(&mut self.constants, field, value);
        }
        Ok(())
    }

    fn add_columns(
        &mut self,
        flags: &[String],
        fields: &[(&'static str, Kind)],
        header: &csv::StringRecord,
    ) -> Result<(), String> {
        let header: Vec<&str> = header
            .iter()
            .map(|name| name.trim_start_matches('\u{feff}').trim())
            .collect();
        let mut taken = BTreeSet::new();
        for flag in flags {
            let (field, name) = split(flag, "--map", "FIELD=COLUMN")?;
            let kind = kind_of(field, fields)?;
            let index = header
                .iter()
                .position(|column| *column == name)
                .ok_or_else(|| {
                    format!(
                        "--map {flag}: no column {name:?}; the header has {}",
                        header.join(", ")
                    )
                })?;
            taken.insert(field.to_owned());
            self.columns.push(Column {
                field: field.to_owned(),
                kind,
                index,
                header: name.to_owned(),
            });
        }
        for (index, name) in header.iter().enumerate() {
            let found = fields.iter().find(|(field, _)| plain(field) == plain(name));
            if let Some((field, kind)) =
                found.filter(|(field, _)| taken.insert((*field).to_owned()))
            {
                let column = Column {
                    field: (*field).to_owned(),
                    kind: *kind,
                    index,
                    header: (*name).to_owned(),
                };
                self.columns.push(column);
            }
        }
        Ok(())
    }

    /// Every event needs a type and a time, and what its type can not do without.
    fn complete(&self) -> Result<(), String> {
        let has = |field: &str| {
            self.constants.contains_key(field) || self.columns.iter().any(|c| c.field == field)
        };
        if !has("type") {
            return Err(format!(
                "no column gives the event type: say --type ({})",
                types().join(", ")
            ));
        }
        let event_type = self
            .constants
            .get("type")
            .and_then(Value::as_str)
            .unwrap_or_default();
        for field in ["timestamp"].iter().chain(required(event_type)) {
            if !has(field) {
                return Err(format!(
                    "no column fills {field:?}: say --map {field}=COLUMN"
                ));
            }
        }
        Ok(())
    }

    /// One row as an event.
    pub fn event(&self, row: &csv::StringRecord) -> Result<Map<String, Value>, String> {
        let mut event = self.constants.clone();
        for column in &self.columns {
            let cell = row.get(column.index).unwrap_or_default().trim();
            if cell.is_empty() {
                continue;
            }
            let value = self.value(column.kind, cell).map_err(|detail| {
                format!("column {:?} ({}): {detail}", column.header, column.field)
            })?;
            set(&mut event, &column.field, value);
        }
        let event_type = event
            .get("type")
            .and_then(Value::as_str)
            .unwrap_or_default();
        known_type(event_type)?;
        for field in ["timestamp"].iter().chain(required(event_type)) {
            if !event.contains_key(*field) {
                return Err(format!("{field} is empty"));
            }
        }
        Ok(event)
    }

    fn value(&self, kind: Kind, text: &str) -> Result<Value, String> {
        match kind {
            Kind::Text => Ok(text.into()),
            Kind::Lower => Ok(text.to_lowercase().into()),
            Kind::Integer => text
                .parse::<i64>()
                .map(Value::from)
                .map_err(|_| format!("{text:?} is not a whole number")),
            Kind::Decimal => decimal(text).map(Value::from),
            Kind::Bool => bool_of(text).map(Value::from),
            Kind::Time => self
                .times
                .read(text, &self.zone)
                .map(|at| rfc3339(at).into()),
            Kind::Duration => {
                decimal(text).map(|number| ((number * self.unit_ms).round() as i64).into())
            }
        }
    }
}

fn known_type(name: &str) -> Result<&str, String> {
    if types().contains(&name) {
        return Ok(name);
    }
    Err(format!(
        "{name:?} is no event type; there are {}",
        types().join(", ")
    ))
}

fn split<'a>(flag: &'a str, name: &str, form: &str) -> Result<(&'a str, &'a str), String> {
    flag.split_once('=')
        .ok_or_else(|| format!("{name} {flag}: write it as {form}"))
}

fn kind_of(field: &str, fields: &[(&str, Kind)]) -> Result<Kind, String> {
    if field
        .strip_prefix("metadata.")
        .is_some_and(|key| !key.is_empty())
    {
        return Ok(Kind::Text);
    }
    fields
        .iter()
        .find(|(name, _)| *name == field)
        .map(|(_, kind)| *kind)
        .ok_or_else(|| {
            let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
            format!(
                "there is no field {field:?}; there are {}, metadata.NAME",
                names.join(", ")
            )
        })
}

/// Headers match fields without regard to case, underscores and blanks.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

fn set(event: &mut Map<String, Value>, field: &str, value: Value) {
    match field.strip_prefix("metadata.") {
        None => {
            event.insert(field.to_owned(), value);
        }
        Some(key) => {
            let metadata = event
                .entry("metadata")
                .or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(metadata) = metadata {
                metadata.insert(key.to_owned(), value);
            }
        }
    }
}

fn decimal(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
    number.ok_or_else(|| format!("{text:?} is not a number"))
}

fn bool_of(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Ok(true),
        "false" | "no" | "0" => Ok(false),
        _ => Err(format!("{text:?} is neither true nor false")),
    }
}
