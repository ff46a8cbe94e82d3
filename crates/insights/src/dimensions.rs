//! Declared dimensions: keys of `metadata` by which a project groups and filters its figures.

use std::{
    collections::{HashMap, HashSet},
    iter::repeat,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tokio::time::timeout;
use utoipa::ToSchema;
use weir_meta::{Document, DocumentVersion};
use weir_model::{ProjectKey, Scope, Timestamp};
use weir_query::{Declared, DeclaredEntry, Query, axis::METADATA};
use weir_store::{DeclaredKey, KeyState, StoreError};

use super::{
    AppError, ErrorCode, Reading,
    telemetry::{Amount, Figure, Source},
};

/// The longest key, in bytes.
const KEY_BYTES: usize = 100;
/// How long listing the declarations waits for the state of their values.
const PATIENCE: Duration = Duration::from_secs(1);
/// The longest label, in bytes.
const LABEL_BYTES: usize = 100;

/// A key of `metadata` as a dimension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DimensionInput {
    /// The key in the metadata of events: 1 to 100 bytes. The dimension's name is `metadata.` followed by the
    /// key.
    #[schema(example = "client")]
    pub key: String,
    /// The label shown to people: 1 to 100 bytes. Defaults to the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Client")]
    pub label: Option<String>,
    /// Whether to keep rollups for it, which make queries over long ranges fast. They cost space and work for
    /// each value.
    #[serde(default)]
    pub fast: bool,
}

/// The dimensions that a project declares; they replace the previous ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DimensionsInput {
    /// The dimensions in display order; at most 20 unless configured otherwise.
    pub dimensions: Vec<DimensionInput>,
}

/// A declared dimension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DimensionView {
    /// The name for queries: `metadata.client`.
    pub name: String,
    /// The key in the metadata of events.
    pub key: String,
    /// The label shown to people.
    pub label: String,
    /// Whether it has rollups.
    pub fast: bool,
    /// Whether the rollups are ready; until then, raw facts answer.
    pub ready: bool,
    /// How many of its values are named; null while history is still being searched.
    pub values: Option<u64>,
    /// Whether it has more values than can be named; the rest count as `other`. Null while `values` is null.
    pub overflows: Option<bool>,
}

/// The dimensions that a project declared.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DimensionsView {
    /// Increases with every change; 0 before the first. The `ETag` is the same version.
    pub version: i64,
    /// The dimensions.
    pub dimensions: Vec<DimensionView>,
    /// The most dimensions that the project can declare.
    pub most_dimensions: usize,
    /// How many values of each are named: those that events had first.
    pub most_values: usize,
    /// Who changed them last; null before the first change.
    pub by: Option<String>,
    /// When they were last changed; null before the first change.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub changed_at: Option<Timestamp>,
}

/// The current declarations of the projects that were queried.
#[derive(Default)]
pub(super) struct Declarations {
    projects: Mutex<HashMap<ProjectKey, Arc<Declaration>>>,
    overflowing: Mutex<HashMap<ProjectKey, u64>>,
    failed: Arc<AtomicU64>,
}

/// What a project declares.
struct Declaration {
    version: i64,
    by: Option<String>,
    changed_at: Option<Timestamp>,
    dimensions: Vec<DimensionInput>,
    keys: Vec<DeclaredKey>,
}

impl Declaration {
    fn of(stored: Option<DocumentVersion>) -> Result<Self, AppError> {
        let dimensions: Vec<DimensionInput> = match &stored {
            Some(stored) => serde_json::from_str(&stored.content).map_err(AppError::internal)?,
            None => Vec::new(),
        };
        let keys = dimensions.iter().map(|dimension| DeclaredKey {
            key: dimension.key.clone(),
            fast: dimension.fast,
        });
        Ok(Self {
            keys: keys.collect(),
            version: stored.as_ref().map_or(0, |stored| stored.version),
            by: stored.as_ref().map(|stored| stored.actor.clone()),
            changed_at: stored.map(|stored| stored.changed_at),
            dimensions,
        })
    }
}

fn locked<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
    // The map holds complete declarations, even if another thread panicked.
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Declarations {
    fn put(&self, scope: Scope, declaration: Declaration) -> Arc<Declaration> {
        let declaration = Arc::new(declaration);
        let mut projects = locked(&self.projects);
        let held = projects
            .entry(scope.project)
            .or_insert_with(|| Arc::clone(&declaration));
        // Another one may have been put here in the meantime; the newer one stays.
        if held.version < declaration.version {
            *held = declaration;
        }
        Arc::clone(held)
    }

    /// The figures for `/metrics`.
    pub(super) fn figures(self: &Arc<Self>) -> Source {
        let of = Arc::clone(self);
        Box::new(move || {
            vec![
                Figure {
                    name: "dimensions_overflowing",
                    help: "Declared dimensions with more values than can be named; the rest count as other",
                    amount: Amount::Now(locked(&of.overflowing).values().sum()),
                },
                Figure {
                    name: "dimensions_failed",
                    help: "Times that preparing declared dimensions for queries failed",
                    amount: Amount::Counted(of.failed.load(Ordering::Relaxed)),
                },
            ]
        })
    }
}

/// Whether a word names a declared dimension.
fn is_declared(word: &str) -> bool {
    word.starts_with(METADATA)
}

impl Reading {
    /// The version of the dimensions that a project declares now; 0 before the first. Fails if control data
    /// cannot be read.
    pub async fn declared_version(&self, scope: Scope) -> Result<i64, AppError> {
        Ok(self.declaration(scope).await?.version)
    }

    /// Updates what a project declares. Fails if the stored declaration cannot be read.
    pub fn note_declaration(
        &self,
        scope: Scope,
        stored: Option<DocumentVersion>,
    ) -> Result<(), AppError> {
        self.declarations.put(scope, Declaration::of(stored)?);
        Ok(())
    }

    /// Prepares a project's dimensions for queries and searches stored events for their values again. Fails
    /// if control data or the store fails.
    pub async fn refresh_declared(&self, scope: Scope) -> Result<(), AppError> {
        let declaration = self.declaration(scope).await?;
        self.prepare_declared(scope, &declaration).await?;
        let most = self.settings.dimensions.most_values;
        let port = self.store.port();
        let refreshed = port.refresh_declared(scope, &declaration.keys, most).await;
        refreshed.inspect_err(|_| {
            self.declarations.failed.fetch_add(1, Ordering::Relaxed);
        })?;
        Ok(())
    }

    async fn declaration(&self, scope: Scope) -> Result<Arc<Declaration>, AppError> {
        if let Some(held) = locked(&self.declarations.projects).get(&scope.project) {
            return Ok(Arc::clone(held));
        }
        let stored = self.control.document(scope, Document::Dimensions).await?;
        Ok(self.declarations.put(scope, Declaration::of(stored)?))
    }

    /// Prepares a project's dimensions for queries.
    async fn prepare_declared(
        &self,
        scope: Scope,
        declaration: &Declaration,
    ) -> Result<Vec<KeyState>, AppError> {
        let most = self.settings.dimensions.most_values;
        let described = self.store.port().describe(scope, &declaration.keys, most);
        let states = described.await.inspect_err(|_| {
            self.declarations.failed.fetch_add(1, Ordering::Relaxed);
        })?;
        let overflowing = states.iter().filter(|state| state.overflows).count() as u64;
        locked(&self.declarations.overflowing).insert(scope.project, overflowing);
        Ok(states)
    }

    /// The dimensions that a project declared, ready for queries, if any of the words names one. Fails if
    /// control data or the store fails, or if preparing them takes too long.
    pub(crate) async fn declared<'a>(
        &self,
        scope: Scope,
        mut words: impl Iterator<Item = &'a str>,
    ) -> Result<Vec<Declared>, AppError> {
        if !words.any(is_declared) {
            return Ok(Vec::new());
        }
        let declaration = self.declaration(scope).await?;
        if declaration.keys.is_empty() {
            return Ok(Vec::new());
        }
        let deadline = self.settings.query.deadline;
        let described = timeout(deadline, self.prepare_declared(scope, &declaration)).await;
        let states =
            described.unwrap_or_else(|_| Err(StoreError::Timeout(deadline.as_secs()).into()))?;
        let declared = states.iter();
        Ok(declared
            .map(|state| {
                Declared::new(&state.key)
                    .overflowing(state.overflows)
                    .held(state.lacking.clone())
            })
            .collect())
    }

    /// The same for the dimensions and filters of a query.
    pub(crate) async fn declared_for(
        &self,
        scope: Scope,
        query: &Query,
    ) -> Result<Vec<Declared>, AppError> {
        let filters = query.filters.iter().map(|filter| &filter.dimension);
        let words = query.dimensions.iter().chain(filters);
        self.declared(scope, words.map(String::as_str)).await
    }

    /// The dimensions that a project declared. Fails if control data or the store fails.
    pub async fn dimensions(&self, scope: Scope) -> Result<DimensionsView, AppError> {
        let declaration = self.declaration(scope).await?;
        // The search continues in the background.
        let states = match declaration.keys.is_empty() {
            true => Vec::new(),
            false => match timeout(PATIENCE, self.prepare_declared(scope, &declaration)).await {
                Ok(states) => states?,
                Err(_) => Vec::new(),
            },
        };
        let settings = self.settings.dimensions;
        let states = states.into_iter().map(Some).chain(repeat(None));
        let dimensions = declaration.dimensions.iter().zip(states);
        Ok(DimensionsView {
            version: declaration.version,
            dimensions: dimensions
                .map(|(input, state)| view(input, state))
                .collect(),
            most_dimensions: settings.most,
            most_values: settings.most_values,
            by: declaration.by.clone(),
            changed_at: declaration.changed_at,
        })
    }

    /// The dimensions that a project declared, for the catalogue. Fails if control data cannot be read.
    pub async fn declared_entries(&self, scope: Scope) -> Result<Vec<DeclaredEntry>, AppError> {
        let declaration = self.declaration(scope).await?;
        let entries = declaration.dimensions.iter().map(|input| DeclaredEntry {
            name: name(input),
            label: label(input),
        });
        Ok(entries.collect())
    }
}

fn name(input: &DimensionInput) -> String {
    format!("{METADATA}{}", input.key)
}

fn label(input: &DimensionInput) -> String {
    input.label.clone().unwrap_or_else(|| input.key.clone())
}

fn view(input: &DimensionInput, state: Option<KeyState>) -> DimensionView {
    DimensionView {
        name: name(input),
        key: input.key.clone(),
        label: label(input),
        fast: input.fast,
        ready: state.as_ref().is_some_and(|state| state.lacking.is_some()),
        values: state.as_ref().map(|state| state.values),
        overflows: state.map(|state| state.overflows),
    }
}

/// The dimensions, checked. Fails if there are more than `most`, or if a key or label is invalid or repeated.
pub fn checked(input: DimensionsInput, most: usize) -> Result<Vec<DimensionInput>, AppError> {
    let wrong = |field: String, detail: &str, fix: String| {
        let error = AppError::new(ErrorCode::InvalidParameter, detail);
        Err(error.field(field).fix(fix))
    };
    let dimensions = input.dimensions;
    if dimensions.len() > most {
        let detail = "A project cannot have this many dimensions.";
        return wrong("dimensions".to_owned(), detail, format!("at most {most}"));
    }
    let mut seen = HashSet::new();
    for (i, dimension) in dimensions.iter().enumerate() {
        let at = |field: &str| format!("dimensions[{i}].{field}");
        if !is_line(&dimension.key, KEY_BYTES) {
            let detail = "The key is not valid.";
            let fix = format!("1 to {KEY_BYTES} bytes on one line");
            return wrong(at("key"), detail, fix);
        }
        if !seen.insert(&dimension.key) {
            let detail = "The key occurs twice.";
            return wrong(at("key"), detail, "each key once".to_owned());
        }
        let label = dimension.label.as_deref();
        if label.is_some_and(|label| label.trim().is_empty() || !is_line(label, LABEL_BYTES)) {
            let detail = "The label is not valid.";
            let fix = format!("1 to {LABEL_BYTES} bytes on one line");
            return wrong(at("label"), detail, fix);
        }
    }
    Ok(dimensions)
}

fn is_line(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len()) && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field_of(dimensions: &[(&str, Option<&str>)]) -> Option<String> {
        let dimensions = dimensions.iter().map(|(key, label)| DimensionInput {
            key: (*key).to_owned(),
            label: label.map(str::to_owned),
            fast: false,
        });
        let input = DimensionsInput {
            dimensions: dimensions.collect(),
        };
        checked(input, 2).err().and_then(|error| error.field)
    }

    #[test]
    fn an_invalid_declaration_is_refused_with_its_field() {
        assert_eq!(
            field_of(&[("client", None), ("region", Some("Region"))]),
            None
        );
        for (dimensions, field) in [
            (&[("a", None), ("b", None), ("c", None)][..], "dimensions"),
            (&[("", None)], "dimensions[0].key"),
            (&[("a\n", None)], "dimensions[0].key"),
            (&[("a", None), ("a", None)], "dimensions[1].key"),
            (&[("a", Some(" "))], "dimensions[0].label"),
        ] {
            assert_eq!(field_of(dimensions).as_deref(), Some(field));
        }
    }
}
