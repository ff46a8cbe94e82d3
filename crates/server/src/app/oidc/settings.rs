//! Setting an organisation's identity provider.

use serde::Deserialize;
use utoipa::ToSchema;
use weir_meta::{Actor, IdentityProvider, Principal, ProviderSaved, ProviderTerms, Role};
use zeroize::Zeroizing;

use super::super::{App, AppError, ErrorCode};

const NAME_CHARACTERS: usize = 100;
const TEXT_BYTES: usize = 1_000;
const DOMAINS: usize = 20;

/// The settings of an identity provider.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = IdentityProviderInput)]
pub struct ProviderInput {
    /// Its name, as shown on the login page.
    #[schema(example = "Example ID")]
    name: String,
    /// The issuer's https URL. Its discovery document is at `/.well-known/openid-configuration` below it.
    #[schema(example = "https://id.example.com")]
    issuer: String,
    /// The client id under which the provider knows Weir.
    client_id: String,
    /// The client secret. If omitted, the stored one is kept, unless the issuer changes. A public client has
    /// none.
    #[schema(format = "password")]
    client_secret: Option<String>,
    /// E-mail domains whose users are directed to the provider on the login page and join with the role
    /// `joinAs`. You can name only the domain of your own address.
    #[serde(default)]
    domains: Vec<String>,
    /// The role with which users of these domains join: `admin`, `builder`, `analyst` or `viewer`. If
    /// omitted, only members can log in.
    join_as: Option<String>,
}

impl App {
    /// The identity provider of the principal's organisation. Fails with `not_found` if there is none.
    pub async fn identity_provider(
        &self,
        principal: &Principal,
    ) -> Result<IdentityProvider, AppError> {
        let found = self.meta.identity_provider(principal).await?;
        found.ok_or_else(nothing)
    }

    /// The identity provider that people with an e-mail address log in with; `None` if no organisation has
    /// claimed the address's domain. Fails if control data cannot be read.
    pub async fn provider_of_address(
        &self,
        email: &str,
    ) -> Result<Option<IdentityProvider>, AppError> {
        Ok(self.meta.provider_of_address(email).await?)
    }

    /// Removes the identity provider of the principal's organisation and ends the sessions that it opened.
    /// Fails with `not_found` if there is none.
    pub async fn delete_identity_provider(
        &self,
        principal: &Principal,
        actor: &Actor,
    ) -> Result<(), AppError> {
        match self.meta.delete_identity_provider(principal, actor).await? {
            true => Ok(()),
            false => Err(nothing()),
        }
    }

    /// Sets the provider of the principal's organisation. Fails if an input is invalid, if another
    /// organisation has one of the domains, or if a new issuer's discovery document cannot be used.
    pub async fn put_identity_provider(
        &self,
        principal: &Principal,
        given: ProviderInput,
        actor: &Actor,
    ) -> Result<IdentityProvider, AppError> {
        let terms = terms(principal, given)?;
        self.check_issuer(principal, &terms.issuer).await?;
        let saved = self.meta.put_identity_provider(principal, &terms, actor);
        match saved.await? {
            ProviderSaved::Saved(saved) => Ok(saved),
            ProviderSaved::DomainTaken(domain) => Err(AppError::new(
                ErrorCode::NameTaken,
                format!("Another organisation has the domain {domain:?}."),
            )
            .field("domains")),
        }
    }
}

impl App {
    /// Fetches a new issuer's discovery document, so that a wrong issuer is reported when it is set, not when
    /// people log in.
    async fn check_issuer(&self, principal: &Principal, issuer: &str) -> Result<(), AppError> {
        let before = self.meta.identity_provider(principal).await?;
        if before.is_some_and(|before| before.issuer == issuer) {
            return Ok(());
        }
        match self.providers.discover(issuer).await {
            Ok(_) => Ok(()),
            Err(failed) => {
                let detail = format!("The issuer cannot be used: {}.", failed.context);
                Err(invalid("issuer", &detail).fix(
                    "Its discovery document must be at /.well-known/openid-configuration below it, at a public https \
                     address, and state the same issuer.",
                ))
            }
        }
    }
}

fn terms(principal: &Principal, given: ProviderInput) -> Result<ProviderTerms, AppError> {
    let name = given.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > NAME_CHARACTERS {
        return Err(invalid("name", "A name has 1 to 100 characters."));
    }
    let scheme = given.issuer.starts_with("https://") || given.issuer.starts_with("http://");
    if !scheme || given.issuer.len() > TEXT_BYTES || given.issuer.contains(['?', '#', ' ', '@']) {
        return Err(
            invalid("issuer", "An issuer is a URL without a query or fragment.")
                .fix("Take it from the provider's documentation, such as https://id.example.com."),
        );
    }
    for (field, text) in [
        ("clientId", Some(&given.client_id)),
        ("clientSecret", given.client_secret.as_ref()),
    ] {
        if text.is_some_and(|text| text.is_empty() || text.len() > TEXT_BYTES) {
            return Err(invalid(field, "This has 1 to 1000 bytes."));
        }
    }
    Ok(ProviderTerms {
        name,
        issuer: given.issuer,
        client_id: given.client_id,
        client_secret: given.client_secret.map(Zeroizing::new),
        domains: domains(principal, &given.domains)?,
        join_as: given.join_as.as_deref().map(role).transpose()?,
    })
}

/// Fails if a domain is not the caller's own, so that no one can direct the users of another domain to their
/// own provider.
fn domains(principal: &Principal, given: &[String]) -> Result<Vec<String>, AppError> {
    let own = principal
        .person()
        .and_then(|person| person.email.rsplit_once('@'));
    let own = own.map(|(_, domain)| domain.to_lowercase());
    let mut domains: Vec<String> = given
        .iter()
        .map(|domain| domain.trim().trim_start_matches('@').to_lowercase())
        .collect();
    domains.sort();
    domains.dedup();
    if domains.len() > DOMAINS {
        return Err(invalid("domains", "At most 20 domains can be named."));
    }
    let mine = |domain: &String| own.as_ref() == Some(domain);
    match domains.iter().find(|domain| !mine(domain)) {
        Some(strange) => Err(invalid(
            "domains",
            &format!("{strange:?} is not the domain of your own address."),
        )
        .fix("An owner with an address of that domain can name it.")),
        None => Ok(domains),
    }
}

/// Fails for owner: only people grant ownership, never a provider.
fn role(name: &str) -> Result<Role, AppError> {
    match Role::parse(name) {
        Some(role) if role != Role::Owner => Ok(role),
        _ => Err(invalid(
            "joinAs",
            &format!("{name:?} is not a role that users can join with."),
        )
        .fix("admin, builder, analyst or viewer")),
    }
}

fn nothing() -> AppError {
    AppError::new(
        ErrorCode::NotFound,
        "The organisation has no identity provider.",
    )
}

fn invalid(field: &str, detail: &str) -> AppError {
    AppError::new(ErrorCode::InvalidParameter, detail).field(field)
}
