//! The plan of which column fills which field, made once per file.

use std::collections::{BTreeSet, HashMap};

use csv::StringRecord;
use serde_json::{Map, Value};

use crate::args::TableArgs;
use crate::record::Setting;
use crate::time::{TimeForm, Zone, rfc3339};

use super::Header;
use super::fields::{Kind, LOG, aliases, allowed, required, statuses, times, types};

/// The field of a row that contains the attributes of its case.
pub(super) const CASE_ATTRIBUTES: &str = "caseAttributes";

/// A field that a column fills.
struct Column {
    field: String,
    kind: Kind,
    index: usize,
    header: String,
    /// Whether its times are in RFC 3339, regardless of the flag.
    is_time: bool,
}

/// How a row becomes an event.
pub(super) struct Plan<'a> {
    columns: Vec<Column>,
    constants: Map<String, Value>,
    times: TimeForm,
    zone: &'a Zone,
    unit_ms: f64,
    /// The statuses that words in a status column stand for.
    statuses: HashMap<String, String>,
    /// Whether rows are events of a log.
    log: bool,
}

impl<'a> Plan<'a> {
    /// Matches the flags with a header. Fails with a message that names the wrong flag or column and the fix.
    pub fn new(setting: &Setting<'a>, header: &[Header]) -> Result<Self, String> {
        let args = &setting.args.table;
        let event_type = args.event_type.as_deref();
        let log = event_type == Some(LOG);
        let mut plan = Self {
            columns: Vec::new(),
            constants: Map::new(),
            times: TimeForm::parse_flag(args.time_format.as_deref()),
            zone: setting.zone,
            unit_ms: args.duration_unit.unwrap_or_default().millis(),
            statuses: meanings(args, event_type)?,
            log,
        };
        if let (Some(environment), false) = (&setting.args.environment, log) {
            plan.constants
                .insert("environment".to_owned(), environment.as_str().into());
        }
        if let (Some(event_type), false) = (event_type, log) {
            plan.constants
                .insert("type".to_owned(), chosen_type(event_type)?.into());
        }
        let fields = allowed(event_type);
        plan.add_constants(&args.constant, &fields)?;
        plan.add_columns(&args.map, &fields, header)?;
        plan.complete()?;
        Ok(plan)
    }

    /// Whether rows are events of a log.
    pub fn is_log(&self) -> bool {
        self.log
    }

    fn add_constants(&mut self, flags: &[String], fields: &[(&str, Kind)]) -> Result<(), String> {
        for flag in flags {
            let (field, text) = split(flag, "--constant", "FIELD=VALUE")?;
            let kind = self.kind_of(field, fields)?;
            let value = self
                .value(kind, text, &self.times)
                .map_err(|detail| format!("--constant {field}: {detail}"))?;
            set(&mut self.constants, field, value);
        }
        Ok(())
    }

    fn add_columns(
        &mut self,
        flags: &[String],
        fields: &[(&'static str, Kind)],
        header: &[Header],
    ) -> Result<(), String> {
        let mut taken = BTreeSet::new();
        for flag in flags {
            let (field, name) = split(flag, "--map", "FIELD=COLUMN")?;
            let kind = self.kind_of(field, fields)?;
            let index = header
                .iter()
                .position(|column| column.name == name)
                .ok_or_else(|| {
                    let names: Vec<&str> = header.iter().map(|h| h.name.as_str()).collect();
                    let names = names.join(", ");
                    format!("--map {flag}: there is no column {name:?}; the header has {names}")
                })?;
            taken.insert(field.to_owned());
            self.add_column(field, kind, index, header);
        }
        let mapped: BTreeSet<usize> = self.columns.iter().map(|column| column.index).collect();
        for (index, column) in header.iter().enumerate() {
            let named = plain(&column.name);
            let is =
                |field: &str| plain(field) == named || aliases(self.log, field).contains(&&*named);
            let found = fields.iter().find(|(field, _)| is(field));
            match found {
                Some((field, kind)) if taken.insert((*field).to_owned()) => {
                    self.add_column(field, *kind, index, header);
                }
                _ if self.log && !mapped.contains(&index) && !named.is_empty() => {
                    let field = match column.name.strip_prefix("case:") {
                        Some(of_case) => format!("case.{of_case}"),
                        None => format!("metadata.{}", column.name),
                    };
                    self.add_column(&field, Kind::Text, index, header);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn add_column(&mut self, field: &str, kind: Kind, index: usize, header: &[Header]) {
        self.columns.push(Column {
            field: field.to_owned(),
            kind,
            index,
            header: header[index].name.clone(),
            is_time: header[index].is_time,
        });
    }

    fn kind_of(&self, field: &str, fields: &[(&str, Kind)]) -> Result<Kind, String> {
        if object_of(field).is_some_and(|(object, _)| self.log || object == "metadata") {
            return Ok(Kind::Text);
        }
        let found = fields.iter().find(|(name, _)| *name == field);
        found.map(|(_, kind)| *kind).ok_or_else(|| {
            let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
            let of_case = if self.log { ", case.NAME" } else { "" };
            format!(
                "there is no field {field:?}; the fields are {}{of_case}, metadata.NAME",
                names.join(", ")
            )
        })
    }

    /// Fails unless the type, the time and the required fields of events are filled.
    fn complete(&self) -> Result<(), String> {
        let has = |field: &str| {
            self.constants.contains_key(field) || self.columns.iter().any(|c| c.field == field)
        };
        if !self.log && !has("type") {
            return Err(format!(
                "no column contains the event type: set --type ({}; {LOG} if rows are events of a log)",
                types().join(", ")
            ));
        }
        let event_type = self.type_of(&self.constants);
        if let Some(field) = lacking(event_type, has) {
            return Err(format!(
                "no column fills {field:?}: map one with --map {field}=COLUMN"
            ));
        }
        Ok(())
    }

    /// The type of an event, if it is known.
    fn type_of<'e>(&self, event: &'e Map<String, Value>) -> Option<&'e str> {
        if self.log {
            return Some(LOG);
        }
        event.get("type").and_then(Value::as_str)
    }

    /// A row as an event, or as the fields of a log's event. Fails with a message if a cell does not fit its field.
    pub fn event(&self, row: &StringRecord) -> Result<Map<String, Value>, String> {
        let mut event = self.constants.clone();
        for column in &self.columns {
            let cell = row.get(column.index).unwrap_or_default().trim();
            if cell.is_empty() {
                continue;
            }
            let times = match column.is_time {
                true => &TimeForm::Rfc3339,
                false => &self.times,
            };
            let value = self.value(column.kind, cell, times).map_err(|detail| {
                format!("column {:?} ({}): {detail}", column.header, column.field)
            })?;
            set(&mut event, &column.field, value);
        }
        let event_type = self.type_of(&event).unwrap_or_default();
        if !self.log {
            known_type(event_type)?;
        }
        if let Some(field) = lacking(Some(event_type), |field| event.contains_key(field)) {
            return Err(format!("{field} is empty"));
        }
        known_status(event_type, &event)?;
        Ok(event)
    }

    fn value(&self, kind: Kind, text: &str, times: &TimeForm) -> Result<Value, String> {
        match kind {
            Kind::Text => Ok(text.into()),
            Kind::Lower => Ok(text.to_lowercase().into()),
            Kind::Status => {
                let word = text.to_lowercase();
                Ok(self.statuses.get(&word).cloned().unwrap_or(word).into())
            }
            Kind::Integer => text
                .parse::<i64>()
                .map(Value::from)
                .map_err(|_| format!("{text:?} is not a whole number")),
            Kind::Decimal => decimal(text).map(Value::from),
            Kind::Bool => bool_of(text).map(Value::from),
            Kind::Time => match times.read(text, self.zone) {
                Ok(at) => Ok(rfc3339(at).into()),
                Err(detail) if matches!(times, TimeForm::Rfc3339) => Err(format!(
                    "{detail}; set --time-format to the format of times, for example \"%d/%m/%Y %H:%M\""
                )),
                Err(detail) => Err(detail),
            },
            Kind::Duration => {
                decimal(text).map(|number| ((number * self.unit_ms).round() as i64).into())
            }
        }
    }
}

/// The first required field of the type for which `has` is false.
fn lacking(event_type: Option<&str>, has: impl Fn(&str) -> bool) -> Option<&'static str> {
    let times = times(event_type);
    let timeless = !times.iter().any(|field| has(field));
    let time = times.first().filter(|_| timeless).copied();
    let needed = required(event_type.unwrap_or_default());
    time.or_else(|| needed.iter().find(|field| !has(field)).copied())
}

/// Fails if the status is not one of its type.
fn known_status(event_type: &str, event: &Map<String, Value>) -> Result<(), String> {
    let words = statuses(event_type);
    match event.get("status").and_then(Value::as_str) {
        Some(word) if !words.is_empty() && !words.contains(&word) => Err(format!(
            "status is {word:?}; it must be one of {} (map it with --status \"{word}=...\")",
            words.join(", ")
        )),
        _ => Ok(()),
    }
}

/// The statuses that words stand for according to `--status`.
fn meanings(args: &TableArgs, event_type: Option<&str>) -> Result<HashMap<String, String>, String> {
    let mut meanings = HashMap::new();
    for flag in &args.status {
        let (word, status) = split(flag, "--status", "WORD=STATUS")?;
        let known: Vec<&str> = match event_type {
            Some(event_type) => statuses(event_type),
            None => types().into_iter().flat_map(statuses).collect(),
        };
        if !known.contains(&status) {
            return Err(format!(
                "--status {flag}: the status must be one of {}",
                known.join(", ")
            ));
        }
        meanings.insert(word.trim().to_lowercase(), status.to_owned());
    }
    Ok(meanings)
}

/// The type that `--type` names; the error also mentions the type for logs.
fn chosen_type(name: &str) -> Result<&str, String> {
    known_type(name).map_err(|refusal| {
        format!("{refusal}; use --type {LOG} for a table whose rows are events of a log")
    })
}

fn known_type(name: &str) -> Result<&str, String> {
    if types().contains(&name) {
        return Ok(name);
    }
    Err(format!(
        "{name:?} is not an event type; the types are {}",
        types().join(", ")
    ))
}

fn split<'a>(flag: &'a str, name: &str, form: &str) -> Result<(&'a str, &'a str), String> {
    flag.split_once('=')
        .ok_or_else(|| format!("{name} {flag}: write it as {form}"))
}

/// A name reduced to lower-case letters and digits, which is how headers match fields.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Splits `metadata.region` into `metadata` and `region`, and `case.region` likewise.
fn object_of(field: &str) -> Option<(&str, &str)> {
    let (object, key) = field.split_once('.')?;
    (matches!(object, "metadata" | "case") && !key.is_empty()).then_some((object, key))
}

fn set(event: &mut Map<String, Value>, field: &str, value: Value) {
    let Some((object, key)) = object_of(field) else {
        event.insert(field.to_owned(), value);
        return;
    };
    // `case` itself is the field for the name of the case.
    let object = if object == "case" {
        CASE_ATTRIBUTES
    } else {
        object
    };
    let attributes = event
        .entry(object)
        .or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(attributes) = attributes {
        attributes.insert(key.to_owned(), value);
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
