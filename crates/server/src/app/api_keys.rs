//! The API keys of a project.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use weir_meta::{Actor, ApiKey, KeyScope, KeyScopes, KeyTerms, Permission, Principal, Rotation};
use weir_model::{
    Scope, Timestamp,
    time::{DAY, SECOND},
};

use super::{App, AppError, ErrorCode, access, words};

/// The most active keys of a project.
const MOST: usize = 1_000;
/// How long a rotated key keeps working by default, in seconds.
const OVERLAP_S: i64 = 86_400;
/// The longest that a rotated key can keep working, in seconds.
const LONGEST_OVERLAP_S: i64 = 90 * 86_400;
const ENVIRONMENT_BYTES: usize = 64;

/// The API keys of a project.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiKeys {
    /// Newest first, including revoked and expired keys.
    pub keys: Vec<ApiKeyView>,
}

/// An API key. The key itself is shown once, when it is created.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiKeyView {
    /// Its id, a UUID.
    #[schema(format = "uuid")]
    pub id: String,
    /// What it is for.
    pub name: String,
    /// Its first characters.
    #[schema(example = "weir_ing_k3x9")]
    pub prefix: String,
    /// Its scopes: ingest, read, manage.
    pub scopes: Vec<&'static str>,
    /// The only environment that it can write to and read from; null for all.
    pub environment: Option<String>,
    /// When it was created.
    #[schema(value_type = String, format = "date-time")]
    pub created_at: Timestamp,
    /// Who created it.
    pub created_by: Option<String>,
    /// When it expires; null for never.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub revoked_at: Option<Timestamp>,
    /// The id of the key that replaced it by rotation.
    #[schema(format = "uuid")]
    pub replaced_by: Option<String>,
    /// The key itself, only in the answer to the request that created it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// A key to be created.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApiKeyInput {
    /// What it is for.
    #[schema(example = "n8n on the big machine")]
    pub name: String,
    /// Its scopes: ingest, read, manage. You cannot grant more than you are permitted yourself.
    pub scopes: Vec<String>,
    /// The only environment that it can write to and read from; all if omitted.
    pub environment: Option<String>,
    /// When it expires; never if omitted.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub expires_at: Option<Timestamp>,
}

/// How to rotate a key.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RotationInput {
    /// How long the old key keeps working alongside the new one, in seconds: 0 to 90 days; one day by
    /// default.
    #[schema(example = 86_400)]
    pub overlap_seconds: Option<i64>,
}

impl App {
    /// The API keys of a project. Fails if control data cannot be read.
    pub async fn api_keys(&self, scope: Scope, principal: &Principal) -> Result<ApiKeys, AppError> {
        let keys = self.meta.door(principal).api_keys(scope).await?;
        Ok(ApiKeys {
            keys: keys.into_iter().map(|key| view(key, None)).collect(),
        })
    }

    /// Creates a key. Fails if an input is invalid, if the caller lacks a permission that the key would have,
    /// or if the project has too many active keys.
    pub async fn create_api_key(
        &self,
        scope: Scope,
        principal: &Principal,
        actor: &Actor,
        input: &ApiKeyInput,
    ) -> Result<ApiKeyView, AppError> {
        let door = self.meta.door(principal);
        let now = self.clock.now();
        let keys = door.api_keys(scope).await?;
        if keys.iter().filter(|key| is_in_force(key, now)).count() >= MOST {
            let detail = format!("A project has at most {MOST} active keys.");
            return Err(AppError::new(ErrorCode::InvalidParameter, detail).field("name"));
        }
        let terms = KeyTerms {
            name: words::name("name", &input.name)?,
            scopes: scopes(principal, scope, &input.scopes)?,
            environment: input.environment.as_deref().map(environment).transpose()?,
            expires_at: input.expires_at,
        };
        if terms.environment.is_some() && terms.scopes.iter().any(|scope| scope == KeyScope::Manage)
        {
            let detail = "Settings apply to the whole project, so a key of one environment cannot manage them.";
            return Err(AppError::new(ErrorCode::InvalidParameter, detail)
                .field("environment")
                .fix("Omit the environment, or the scope manage."));
        }
        if terms.expires_at.is_some_and(|end| end <= now) {
            let detail = "The expiry is in the past.";
            return Err(AppError::new(ErrorCode::InvalidParameter, detail).field("expiresAt"));
        }
        let (made, key) = door.create_api_key(scope, &terms, actor).await?;
        Ok(view(made, Some(key)))
    }

    /// Creates a key to replace another, which keeps working for a while. Fails if the key is unknown or not
    /// active, or if the caller lacks one of its permissions.
    pub async fn rotate_api_key(
        &self,
        scope: Scope,
        principal: &Principal,
        actor: &Actor,
        id: &str,
        input: RotationInput,
    ) -> Result<ApiKeyView, AppError> {
        let overlap = input.overlap_seconds.unwrap_or(OVERLAP_S);
        if !(0..=LONGEST_OVERLAP_S).contains(&overlap) {
            let days = LONGEST_OVERLAP_S * SECOND / DAY;
            let detail = format!("The overlap is 0 seconds to {days} days.");
            return Err(AppError::new(ErrorCode::InvalidParameter, detail).field("overlapSeconds"));
        }
        let id: Uuid = id.parse().map_err(|_| unknown())?;
        let door = self.meta.door(principal);
        let old = door
            .api_keys(scope)
            .await?
            .into_iter()
            .find(|key| key.id == id);
        let old = old.ok_or_else(unknown)?;
        // The caller gets to see the new key, so it must not have more permissions than they do.
        allowed(principal, scope, &old.scopes)?;
        match door
            .rotate_api_key(scope, id, overlap * SECOND, actor)
            .await?
        {
            Rotation::Rotated(made, key) => Ok(view(*made, Some(key))),
            Rotation::Unknown => Err(unknown()),
            Rotation::NotInForce => Err(AppError::new(
                ErrorCode::KeyNotInForce,
                "The key was revoked, has expired, or was already rotated.",
            )
            .fix("Create a new one.")),
        }
    }

    /// Revokes a key, which stops working immediately. Fails if it is unknown or already revoked.
    pub async fn revoke_api_key(
        &self,
        scope: Scope,
        principal: &Principal,
        actor: &Actor,
        id: &str,
    ) -> Result<(), AppError> {
        let id: Uuid = id.parse().map_err(|_| unknown())?;
        match self
            .meta
            .door(principal)
            .revoke_api_key(scope, id, actor)
            .await?
        {
            true => Ok(()),
            false => Err(unknown()),
        }
    }
}

fn is_in_force(key: &ApiKey, now: Timestamp) -> bool {
    key.revoked_at.is_none() && key.expires_at.is_none_or(|end| end > now)
}

fn unknown() -> AppError {
    let detail = "The project has no such key, or it is already revoked.";
    AppError::new(ErrorCode::UnknownKey, detail).fix("GET /api/v1/api-keys lists them.")
}

fn scopes(principal: &Principal, scope: Scope, names: &[String]) -> Result<KeyScopes, AppError> {
    let wrong = |detail: String| {
        AppError::new(ErrorCode::InvalidParameter, detail)
            .field("scopes")
            .fix("Use one or more of: ingest, read, manage.")
    };
    let parse = |name: &String| {
        KeyScope::parse(name).ok_or_else(|| wrong(format!("There is no scope {name:?}.")))
    };
    let given: Vec<_> = names.iter().map(parse).collect::<Result<_, _>>()?;
    if given.is_empty() {
        return Err(wrong("A key needs at least one scope.".to_owned()));
    }
    let scopes = KeyScopes::of(&given);
    allowed(principal, scope, &scopes)?;
    Ok(scopes)
}

/// Fails if the scopes grant more than the caller has. People do not send events themselves, so anyone who
/// can create keys can create keys that do.
fn allowed(principal: &Principal, scope: Scope, scopes: &KeyScopes) -> Result<(), AppError> {
    let own = principal.permissions_in(scope);
    let wanted = scopes.permissions();
    let by_person = principal.key_scopes().is_none();
    let mut wanted = wanted
        .iter()
        .filter(|&wanted| !(by_person && wanted == Permission::SendEvents));
    wanted.try_for_each(|needed| access::demand(principal, own, needed))
}

fn environment(given: &str) -> Result<&str, AppError> {
    let name = given.trim();
    let good = (1..=ENVIRONMENT_BYTES).contains(&name.len()) && !name.chars().any(char::is_control);
    good.then_some(name).ok_or_else(|| {
        let detail = "An environment has 1 to 64 bytes and no line break.";
        AppError::new(ErrorCode::InvalidParameter, detail).field("environment")
    })
}

fn view(key: ApiKey, secret: Option<String>) -> ApiKeyView {
    ApiKeyView {
        id: key.id.to_string(),
        name: key.name,
        prefix: key.prefix,
        scopes: key.scopes.iter().map(KeyScope::name).collect(),
        environment: key.environment,
        created_at: key.created_at,
        created_by: key.created_by,
        expires_at: key.expires_at,
        last_used_at: key.last_used_at,
        revoked_at: key.revoked_at,
        replaced_by: key.replaced_by.map(|id| id.to_string()),
        key: secret,
    }
}
