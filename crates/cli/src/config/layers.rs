//! Reading the configuration in layers: the defaults, then a file, then environment variables. Flags come last,
//! in the commands that have them.

use anyhow::{Context, Result, bail};
use toml::{Table, Value};
use weir_query::nearest;

use super::{
    check::{shown, wrong},
    declaration::{Config, DEFAULT},
};

/// The first part of every variable's name.
const PREFIX: &str = "WEIR";

impl Config {
    /// The defaults, overridden by the text of a file and then by the environment. `environment` returns the
    /// value of a variable. Fails if the file is not valid TOML, or if a key or value is wrong.
    pub fn load(file: Option<&str>, environment: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let defaults: Table = DEFAULT.parse().context("the default configuration")?;
        let mut table = defaults.clone();
        let variables = from_environment(&table, PREFIX, &environment);
        if let Some(text) = file {
            override_with(&mut table, text.parse().context("not valid TOML")?, "")?;
        }
        override_with(&mut table, variables, "")?;
        let config = read(&table, &defaults)?;
        config.check()?;
        Ok(config)
    }
}

/// Reads a table that has every key. An error names the key whose value is invalid.
fn read(table: &Table, defaults: &Table) -> Result<Config> {
    let whole: Result<Config, _> = Value::Table(table.clone()).try_into();
    let error = match whole {
        Ok(config) => return Ok(config),
        Err(error) => error,
    };
    let mut changed = Vec::new();
    differences(table, defaults, &mut Vec::new(), &mut changed);
    for (path, value) in changed {
        // The error does not say which value is wrong, so each is tried alone with the defaults.
        let mut alone = defaults.clone();
        put(&mut alone, &path, value.clone());
        let alone: Result<Config, _> = Value::Table(alone).try_into();
        if let Err(error) = alone {
            let key = path.join(".");
            let fault = format!("{} is not valid: {}", shown(&key, &value), error.message());
            return Err(wrong(&key, &fault));
        }
    }
    Err(error.into())
}

/// Adds to `found` the values of `table` that differ from `defaults`, with their paths.
fn differences(
    table: &Table,
    defaults: &Table,
    path: &mut Vec<String>,
    found: &mut Vec<(Vec<String>, Value)>,
) {
    for (key, value) in table {
        path.push(key.clone());
        match (value, defaults.get(key)) {
            (Value::Table(inner), Some(Value::Table(defaults))) => {
                differences(inner, defaults, path, found);
            }
            (value, default) if Some(value) != default => found.push((path.clone(), value.clone())),
            _ => {}
        }
        path.pop();
    }
}

/// Sets the value at a path.
fn put(table: &mut Table, path: &[String], value: Value) {
    match path {
        [] => {}
        [key] => {
            table.insert(key.clone(), value);
        }
        [section, rest @ ..] => {
            if let Some(Value::Table(inner)) = table.get_mut(section) {
                put(inner, rest, value);
            }
        }
    }
}

/// Overrides values of `table`. Fails, with the full name, if a key is unknown or a value has the wrong type.
fn override_with(table: &mut Table, over: Table, path: &str) -> Result<()> {
    for (key, value) in over {
        let name = if path.is_empty() {
            key.clone()
        } else {
            format!("{path}.{key}")
        };
        match (table.get_mut(&key), value) {
            (None, _) => bail!("there is no key {name}; `weir config default` lists the keys"),
            (Some(Value::Table(inner)), Value::Table(over)) => override_with(inner, over, &name)?,
            (Some(Value::Table(_)), _) => bail!("{name} is a section, not a value"),
            (Some(place), value) if !place.same_type(&value) => {
                let shown = shown(&name, &value);
                let fault = format!("{shown} is not of type {}", place.type_str());
                return Err(wrong(&name, &fault));
            }
            (Some(place), value) => *place = value,
        }
    }
    Ok(())
}

/// The keys of `table` that the environment sets.
fn from_environment(
    table: &Table,
    prefix: &str,
    environment: &impl Fn(&str) -> Option<String>,
) -> Table {
    let mut found = Table::new();
    for (key, default) in table {
        let variable = format!("{prefix}_{}", key.to_uppercase());
        let value = match default {
            Value::Table(inner) => {
                let inner = from_environment(inner, &variable, environment);
                (!inner.is_empty()).then_some(Value::Table(inner))
            }
            Value::String(_) => environment(&variable).map(Value::String),
            Value::Array(_) => environment(&variable).map(|text| read_list(&text)),
            _ => environment(&variable).map(|text| read_value(&text)),
        };
        if let Some(value) = value {
            found.insert(key.clone(), value);
        }
    }
    found
}

/// The variables in `set` that have Weir's prefix but are unknown, each with a similar known one, if there
/// is one. `others` are known variables that are not configuration keys.
pub fn unknown_variables(
    set: impl Iterator<Item = String>,
    others: &[String],
) -> Vec<(String, Option<String>)> {
    let table: Table = DEFAULT.parse().unwrap_or_default();
    let mut known = others.to_vec();
    variables_of(&table, PREFIX, &mut known);
    let prefix = format!("{PREFIX}_");
    let unknown = set.filter(|name| name.starts_with(&prefix) && !known.contains(name));
    let unknown = unknown.map(|name| {
        let similar = nearest(&name, known.iter().map(String::as_str));
        let similar = similar.map(str::to_owned);
        (name, similar)
    });
    unknown.collect()
}

fn variables_of(table: &Table, prefix: &str, found: &mut Vec<String>) {
    for (key, default) in table {
        let variable = format!("{prefix}_{}", key.to_uppercase());
        match default {
            Value::Table(inner) => variables_of(inner, &variable, found),
            _ => found.push(variable),
        }
    }
}

/// A list in TOML, or comma-separated words.
fn read_list(text: &str) -> Value {
    match read_value(text) {
        list @ Value::Array(_) => list,
        _ => {
            let words = text
                .split(',')
                .map(str::trim)
                .filter(|word| !word.is_empty());
            Value::Array(words.map(|word| Value::String(word.to_owned())).collect())
        }
    }
}

/// A number, boolean or list in TOML. Anything else stays text, which the type check then rejects.
fn read_value(text: &str) -> Value {
    format!("value = {text}")
        .parse::<Table>()
        .ok()
        .and_then(|mut table| table.remove("value"))
        .unwrap_or_else(|| Value::String(text.to_owned()))
}
