//! Who the caller is, and refusals of callers without the necessary permission.

use tokio::sync::watch;
use weir_meta::{KeyScope, Level, Permission, Permissions, Principal, Role};

use super::{App, AppError, ErrorCode};

impl App {
    /// The principal of an API key; `None` if the key is unknown, expired or revoked. Fails if control data
    /// cannot be read.
    pub async fn authenticate_key(&self, key: &str) -> Result<Option<Principal>, AppError> {
        Ok(self.meta.authenticate_key(key).await?)
    }

    /// The principal of a session's token; `None` if no open session has it. Fails if control data cannot be
    /// read.
    pub async fn authenticate_session(&self, token: &str) -> Result<Option<Principal>, AppError> {
        Ok(self.meta.authenticate_session(token).await?)
    }

    /// Changes whenever this process changes anyone's permissions, or revokes a key or a session.
    pub fn rights_changes(&self) -> watch::Receiver<u64> {
        self.meta.rights_changes()
    }
}

/// Fails with `missing_scope` or `missing_permission` if the caller's `granted` permissions in a project do
/// not include the one needed.
pub fn demand(
    principal: &Principal,
    granted: Permissions,
    needed: Permission,
) -> Result<(), AppError> {
    if granted.contains(needed) {
        return Ok(());
    }
    Err(
        match (principal.key_scopes(), needed.level(), needed.key_scope()) {
            (Some(scopes), Level::Project, Some(scope)) => lacks_scope(scope, scopes.iter()),
            (Some(_), ..) => no_key(),
            (None, level, _) => lacks_role(needed, level),
        },
    )
}

/// Fails with `missing_scope` or `missing_permission` if the caller does not have the permission in the whole
/// organisation. That requires a role there, so API keys never have it.
pub fn demand_everywhere(principal: &Principal, needed: Permission) -> Result<(), AppError> {
    if principal.tenant_permissions().contains(needed) {
        return Ok(());
    }
    Err(match principal.key_scopes() {
        Some(_) => no_key(),
        None => lacks_role(needed, Level::Tenant),
    })
}

/// Fails with `environment_bound` for an API key that is bound to an environment, because the operation
/// cannot be restricted to it.
pub fn demand_unbound(principal: &Principal) -> Result<(), AppError> {
    match principal.environment() {
        Some(only) => Err(environment_bound(only)),
        None => Ok(()),
    }
}

/// The refusal of a request that concerns more than the key's environment.
pub fn environment_bound(only: &str) -> AppError {
    let detail = format!(
        "The key is bound to the environment {only:?}. Either this operation is not available to such keys, or the request concerns another environment."
    );
    AppError::new(ErrorCode::EnvironmentBound, detail)
        .field("environment")
        .fix("Use a key that is not bound. docs/SECURITY.md lists what a bound key can read; POST /api/v1/query answers for all figures.")
}

fn no_key() -> AppError {
    let detail = "API keys cannot do this, because it concerns the whole organisation.";
    AppError::new(ErrorCode::MissingScope, detail).fix("Log in with an account.")
}

fn lacks_scope(scope: KeyScope, have: impl Iterator<Item = KeyScope>) -> AppError {
    let have: Vec<_> = have.map(KeyScope::name).collect();
    let (have, scope) = (have.join(", "), scope.name());
    let detail = format!("This requires the scope {scope:?}; your key has: {have}.");
    let fix = format!("Use an API key of the project with the scope {scope:?}.");
    AppError::new(ErrorCode::MissingScope, detail).fix(fix)
}

fn lacks_role(needed: Permission, level: Level) -> AppError {
    let roles: Vec<_> = needed.roles().iter().copied().map(Role::name).collect();
    let (there, place) = match level {
        Level::Tenant => (" in the whole organisation", "in the organisation"),
        Level::Project => ("", "in the project or its organisation"),
    };
    let detail = format!("This requires the permission {:?}{there}.", needed.name());
    let error = AppError::new(ErrorCode::MissingPermission, detail);
    match roles[..] {
        [] => error.fix("Use an API key."),
        _ => error.fix(format!(
            "Ask for one of these roles {place}: {}.",
            roles.join(", ")
        )),
    }
}
