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

/// The most keys of a project that are in force.
const MOST: usize = 1_000;
/// How long a rotated key works on, unless it is said.
const OVERLAP_S: i64 = 86_400;
/// The longest that one works on.
const LONGEST_OVERLAP_S: i64 = 90 * 86_400;
const ENVIRONMENT_BYTES: usize = 64;

/// The keys of a project.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiKeys {
    /// The newest first, revoked and expired ones with them.
    pub keys: Vec<ApiKeyView>,
}

/// An API key. The key itself is told once, when it is made.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiKeyView {
    /// UUID.
    #[schema(format = "uuid")]
    pub id: String,
    /// What it is for.
    pub name: String,
    /// How it begins.
    #[schema(example = "weir_ing_k3x9")]
    pub prefix: String,
    /// What it may do: ingest, read, manage.
    pub scopes: Vec<&'static str>,
    /// The one environment that it sends to and reads of; null for all.
    pub environment: Option<String>,
    /// When it was made.
    #[schema(value_type = String, format = "date-time")]
    pub created_at: Timestamp,
    /// Who made it.
    pub created_by: Option<String>,
    /// When it stops working by itself.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub revoked_at: Option<Timestamp>,
    /// The id of the key that it was rotated to.
    #[schema(format = "uuid")]
    pub replaced_by: Option<String>,
    /// The key itself, in the answer that made it and nowhere else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// What a new key is to be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApiKeyInput {
    /// What it is for.
    #[schema(example = "n8n on the big machine")]
    pub name: String,
    /// What it may do: ingest, read, manage. Nobody makes a key that may do more than they may.
    pub scopes: Vec<String>,
    /// The one environment that it sends to and reads of; all without it.
    pub environment: Option<String>,
    /// When it stops working by itself; never without it.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub expires_at: Option<Timestamp>,
}

/// How a key is to be rotated.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RotationInput {
    /// How long the old key works beside the new one, in seconds: 0 to 90 days; a day without it.
    #[schema(example = 86_400)]
    pub overlap_seconds: Option<i64>,
}

impl App {
    /// The keys of a project.
    pub async fn api_keys(&self, scope: Scope, principal: &Principal) -> Result<ApiKeys, AppError> {
        let keys = self.meta.door(principal).api_keys(scope).await?;
        Ok(ApiKeys {
            keys: keys.into_iter().map(|key| view(key, None)).collect(),
        })
    }

    /// Makes a key.
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
            let detail = format!("A project has at most {MOST} keys in force.");
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
            let detail =
                "Settings are those of the whole project: a key of one environment changes none.";
            return Err(AppError::new(ErrorCode::InvalidParameter, detail)
                .field("environment")
                .fix("Leave the environment out, or the scope manage."));
        }
        if terms.expires_at.is_some_and(|end| end <= now) {
            let detail = "A key that has expired already is of no use.";
            return Err(AppError::new(ErrorCode::InvalidParameter, detail).field("expiresAt"));
        }
        let (made, key) = door.create_api_key(scope, &terms, actor).await?;
        Ok(view(made, Some(key)))
    }

    /// Makes a key in place of another, which works for a while beside it.
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
        // A new key is shown to whoever asks for it: they may not come to more than they have.
        allowed(principal, scope, &old.scopes)?;
        match door
            .rotate_api_key(scope, id, overlap * SECOND, actor)
            .await?
        {
            Rotation::Rotated(made, key) => Ok(view(*made, Some(key))),
            Rotation::Unknown => Err(unknown()),
            Rotation::NotInForce => Err(AppError::new(
                ErrorCode::KeyNotInForce,
                "The key was revoked, has expired, or was rotated before.",
            )
            .fix("Make a new one.")),
        }
    }

    /// Revokes a key: it stops working at once.
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
    let detail = "The project has no such key, or it was revoked before.";
    AppError::new(ErrorCode::UnknownKey, detail).fix("GET /api/v1/api-keys lists them.")
}

fn scopes(principal: &Principal, scope: Scope, names: &[String]) -> Result<KeyScopes, AppError> {
    let wrong = |detail: String| {
        AppError::new(ErrorCode::InvalidParameter, detail)
            .field("scopes")
            .fix("Some of: ingest, read, manage.")
    };
    let parse = |name: &String| {
        KeyScope::parse(name).ok_or_else(|| wrong(format!("There is no scope {name:?}.")))
    };
    let given: Vec<_> = names.iter().map(parse).collect::<Result<_, _>>()?;
    if given.is_empty() {
        return Err(wrong("A key without a scope opens nothing.".to_owned()));
    }
    let scopes = KeyScopes::of(&given);
    allowed(principal, scope, &scopes)?;
    Ok(scopes)
}

/// Nobody makes a key that may do more than they may. Sending events is nothing that people do
/// themselves: whoever makes keys makes those.
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
        let detail = "An environment has 1 to 64 bytes in one line.";
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
