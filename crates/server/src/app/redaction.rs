//! Redaction of events before they are stored, by the server's rules and each project's own.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::OnceCell;
use utoipa::ToSchema;
use weir_meta::{Actor, Document, MetaStore};
use weir_model::{
    Scope, Timestamp,
    event::{Decoder, IdKey, Limits},
    redact::{Hit, NamedPattern, OwnRules, RedactionRules, Redactor, RuleFault},
};

use super::{App, AppError, ErrorCode};

/// A named expression.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedactionPattern {
    /// Its name: 1 to 100 bytes, unique.
    #[schema(example = "customer number")]
    pub name: String,
    /// A regular expression of at most 500 bytes, matched in linear time. What a group named `keep` matches
    /// is not redacted.
    #[schema(example = "\\bC-[0-9]{6}\\b")]
    pub pattern: String,
}

/// A project's redaction rules, in addition to the server's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedactionInput {
    /// Keys whose values are redacted, at most 200; case, `_`, `-`, `.` and spaces are ignored.
    #[serde(default)]
    #[schema(example = json!(["customerName"]))]
    pub keys: Vec<String>,
    /// Expressions for values that are redacted in any text, at most 50.
    #[serde(default)]
    pub values: Vec<RedactionPattern>,
    /// The version that the change is based on; the change is refused if there is a newer one. If omitted,
    /// the current version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

/// A project's redaction rules.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RedactionView {
    /// Grows with every change; 0 before the first.
    pub version: i64,
    /// The project's keys.
    pub keys: Vec<String>,
    /// The project's expressions.
    pub values: Vec<RedactionPattern>,
    /// Who last changed them; null before the first change.
    pub by: Option<String>,
    /// When they were last changed.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub changed_at: Option<Timestamp>,
    /// What the server redacts in every project.
    pub built_in: BuiltInRedaction,
}

/// What the server redacts in every project, as configured.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BuiltInRedaction {
    /// A key is sensitive if it contains one of these. Keys are compared word by word.
    pub keys_containing: Vec<String>,
    /// A key is sensitive if it ends in one of these.
    pub keys_ending: Vec<String>,
    /// A key that ends in one of these is sensitive if its value looks like a random secret, or if the key
    /// names a provider whose secrets are known.
    pub keys_hinting: Vec<String>,
    /// A key that ends in one of these is not redacted.
    pub keys_kept: Vec<String>,
    /// Whether secrets are redacted that are recognised by their form, or by a key in a text.
    pub secrets: bool,
    /// Whether e-mail addresses are redacted.
    pub emails: bool,
    /// Whether payment card numbers are redacted.
    pub cards: bool,
    /// Whether bank account numbers (IBAN) and US social security numbers are redacted.
    pub accounts: bool,
    /// Expressions for further values anywhere in a text.
    pub values: Vec<String>,
}

/// Rules to try on an event.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedactionTrial {
    /// The rules to try; by default, the current ones.
    #[serde(default)]
    pub rules: Option<RedactionInput>,
    /// An event as it would be sent.
    #[schema(value_type = Object)]
    pub event: Value,
}

/// The result of a trial: what would be stored.
#[derive(Debug, Serialize, ToSchema)]
pub struct RedactionPreview {
    /// The redacted event.
    #[schema(value_type = Object)]
    pub event: Value,
    /// What was redacted, and by which rule.
    pub hits: Vec<RedactionHit>,
}

/// A value that a rule redacted.
#[derive(Debug, Serialize, ToSchema)]
pub struct RedactionHit {
    /// Its path, such as `metadata.user.password`.
    pub path: String,
    /// The name of the project's expression; `pattern` and the number of an expression of the server; or a
    /// built-in rule: `key` and the term in it, a provider's name and `secret`, `card numbers`, `bank account
    /// numbers`, `social security numbers`, `e-mail addresses`, `credentials in URLs`, `JSON web tokens`,
    /// `private keys`, `command-line options`, `authentication credentials`.
    pub rule: String,
}

impl From<Hit> for RedactionHit {
    fn from(hit: Hit) -> Self {
        Self {
            path: hit.path,
            rule: hit.rule,
        }
    }
}

impl From<&RedactionInput> for OwnRules {
    fn from(input: &RedactionInput) -> Self {
        let values = input.values.iter().map(|value| NamedPattern {
            name: value.name.clone(),
            pattern: value.pattern.clone(),
        });
        Self {
            keys: input.keys.clone(),
            values: values.collect(),
        }
    }
}

/// The name under which control data stores the key that ids are derived with.
const ID_KEY: &str = "ids of events";

/// The key that ids are derived with, created once and never changed.
async fn id_key(meta: &MetaStore) -> Result<IdKey, AppError> {
    let key = match meta.store_key(ID_KEY).await? {
        Some(key) => key,
        None => meta.make_store_key(ID_KEY).await?,
    };
    let bytes = key.as_slice().try_into();
    Ok(IdKey::new(bytes.map_err(AppError::internal)?))
}

/// The redaction rules in use.
pub(super) struct Redactions {
    rules: RedactionRules,
    limits: Limits,
    /// For projects without rules of their own.
    plain: Arc<Redactor>,
    id_key: OnceCell<IdKey>,
    projects: Mutex<HashMap<Scope, (i64, Arc<Decoder>)>>,
}

impl Redactions {
    /// With the server's rules. Fails if one does not compile.
    pub fn new(rules: RedactionRules, limits: Limits) -> Result<Self, AppError> {
        let redactor = Redactor::new(&rules).map_err(AppError::internal)?;
        Ok(Self {
            plain: Arc::new(redactor),
            id_key: OnceCell::new(),
            projects: Mutex::default(),
            rules,
            limits,
        })
    }

    /// The decoder for the events of a project, with its current rules. Fails if control data cannot be read.
    pub async fn decoder(&self, meta: &MetaStore, scope: Scope) -> Result<Arc<Decoder>, AppError> {
        if let Some((_, decoder)) = self.projects().get(&scope) {
            return Ok(Arc::clone(decoder));
        }
        let (version, redactor) = match meta.document(scope, Document::Redaction).await? {
            None => (0, Arc::clone(&self.plain)),
            Some(stored) => {
                let own = serde_json::from_str(&stored.content).map_err(AppError::internal)?;
                (stored.version, Arc::new(self.compiled(&own)?))
            }
        };
        let decoder = self.reader(meta, redactor).await?;
        Ok(self.put(scope, version, decoder))
    }

    /// A decoder with these rules.
    async fn reader(
        &self,
        meta: &MetaStore,
        redactor: Arc<Redactor>,
    ) -> Result<Arc<Decoder>, AppError> {
        let mut decoder = Decoder::new(self.limits, redactor);
        let key = self.id_key.get_or_try_init(|| id_key(meta)).await?;
        decoder.id_key = key.clone();
        Ok(Arc::new(decoder))
    }

    /// Puts a version in use, unless a newer one is in use, and returns the one in use.
    fn put(&self, scope: Scope, version: i64, decoder: Arc<Decoder>) -> Arc<Decoder> {
        let mut projects = self.projects();
        let held = projects
            .entry(scope)
            .or_insert_with(|| (version, Arc::clone(&decoder)));
        if held.0 < version {
            *held = (version, decoder);
        }
        Arc::clone(&held.1)
    }

    fn compiled(&self, own: &OwnRules) -> Result<Redactor, AppError> {
        Redactor::with(&self.rules, own).map_err(|error| {
            let detail = format!("The expressions cannot be used together: {error}.");
            AppError::new(ErrorCode::InvalidParameter, detail).field("values")
        })
    }

    fn projects(&self) -> MutexGuard<'_, HashMap<Scope, (i64, Arc<Decoder>)>> {
        // A panic elsewhere cannot corrupt a map of whole values.
        self.projects.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn checked(input: &RedactionInput) -> Result<OwnRules, AppError> {
    let rules = OwnRules::from(input);
    rules.check().map_err(|RuleFault { field, detail, fix }| {
        let detail = format!("This rule cannot be used: {detail}.");
        let error = AppError::new(ErrorCode::InvalidParameter, detail).field(field);
        error.fix(fix)
    })?;
    Ok(rules)
}

impl App {
    /// A project's redaction rules. Fails if control data cannot be read.
    pub async fn redaction(&self, scope: Scope) -> Result<RedactionView, AppError> {
        let stored = self.meta.document(scope, Document::Redaction).await?;
        let own: OwnRules = match &stored {
            Some(stored) => serde_json::from_str(&stored.content).map_err(AppError::internal)?,
            None => OwnRules::default(),
        };
        let rules = &self.intake.redactions().rules;
        Ok(RedactionView {
            version: stored.as_ref().map_or(0, |stored| stored.version),
            by: stored.as_ref().map(|stored| stored.actor.clone()),
            changed_at: stored.map(|stored| stored.changed_at),
            keys: own.keys,
            values: own
                .values
                .into_iter()
                .map(|NamedPattern { name, pattern }| RedactionPattern { name, pattern })
                .collect(),
            built_in: BuiltInRedaction {
                keys_containing: rules.keys_containing.clone(),
                keys_ending: rules.keys_ending.clone(),
                keys_hinting: rules.keys_hinting.clone(),
                keys_kept: rules.keys_kept.clone(),
                secrets: rules.secrets,
                emails: rules.emails,
                cards: rules.cards,
                accounts: rules.accounts,
                values: rules.values.clone(),
            },
        })
    }

    /// Applies rules to all events from now on; stored events stay unchanged. Fails if a rule is invalid, or
    /// with `changed_meanwhile` if there is a newer version.
    pub async fn put_redaction(
        &self,
        scope: Scope,
        input: &RedactionInput,
        actor: &Actor,
    ) -> Result<RedactionView, AppError> {
        let own = checked(input)?;
        let redactions = self.intake.redactions();
        let redactor = Arc::new(redactions.compiled(&own)?);
        let decoder = redactions.reader(&self.meta, redactor).await?;
        let held = self.meta.document(scope, Document::Redaction).await?;
        let after = input
            .version
            .unwrap_or_else(|| held.map_or(0, |held| held.version));
        let text = serde_json::to_string(&own).map_err(AppError::internal)?;
        let document = Document::Redaction;
        let added = self
            .meta
            .put_document(scope, document, after, &text, actor)
            .await?;
        let Some(version) = added else {
            let detail = "The rules have changed since the version that you named.";
            return Err(AppError::new(ErrorCode::ChangedMeanwhile, detail)
                .field("version")
                .fix("Read the rules again and apply your change to them."));
        };
        redactions.put(scope, version, decoder);
        self.redaction(scope).await
    }

    /// Shows what rules would redact in an event, without applying them. Fails if a rule is invalid, or if
    /// the event is not an object.
    pub async fn try_redaction(
        &self,
        scope: Scope,
        trial: RedactionTrial,
    ) -> Result<RedactionPreview, AppError> {
        let redactions = self.intake.redactions();
        let redactor = match &trial.rules {
            Some(rules) => {
                let own = checked(rules).map_err(|error| within("rules", error))?;
                Arc::new(redactions.compiled(&own)?)
            }
            None => {
                let decoder = redactions.decoder(&self.meta, scope).await?;
                Arc::clone(&decoder.redactor)
            }
        };
        let mut event = trial.event;
        if !event.is_object() {
            let detail = "An event is a JSON object.";
            return Err(AppError::new(ErrorCode::InvalidParameter, detail).field("event"));
        }
        let hits = redactor.event(&mut event);
        Ok(RedactionPreview {
            event,
            hits: hits.into_iter().map(RedactionHit::from).collect(),
        })
    }
}

fn within(place: &str, mut error: AppError) -> AppError {
    error.field = error.field.map(|field| format!("{place}.{field}"));
    error
}
