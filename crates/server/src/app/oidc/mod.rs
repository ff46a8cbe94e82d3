//! Single sign-on with an organisation's identity provider: the authorization code flow of OpenID Connect
//! with discovery, PKCE (S256), state and nonce.
//!
//! The browser keeps one random token while the person is at the provider. State, nonce and the PKCE verifier
//! are derived from it, so they are bound to the browser. Only the token's hash is stored, and it is valid
//! for one return.

mod discovery;
mod settings;
mod token;

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;
use weir_meta::{IdentityProvider, Login, Origin, Visitor};
use weir_outgoing::{Answer, Client, Method, OutgoingError, Request};

use super::App;

pub use discovery::Providers;
pub use settings::ProviderInput;

/// The path that providers redirect people back to.
pub const CALLBACK: &str = "/api/v1/oidc/callback";

/// Why single sign-on failed. The login page explains it by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInFailure {
    /// There is no such provider.
    UnknownProvider,
    /// The provider does not answer, or not according to the standard.
    ProviderUnreachable,
    /// The provider or the person refused.
    Refused,
    /// The login took too long, was repeated, or started in another browser.
    Expired,
    /// The provider's statement about the person cannot be verified.
    NotBelieved,
    /// The person is not a member of the organisation.
    UnknownPerson,
    /// The client secret was lost with the master key and has not been set again.
    SecretLost,
}

impl SignInFailure {
    /// The name in the page's URL.
    pub fn name(self) -> &'static str {
        match self {
            SignInFailure::UnknownProvider => "unknown_provider",
            SignInFailure::ProviderUnreachable => "provider_unreachable",
            SignInFailure::Refused => "provider_refused",
            SignInFailure::Expired => "sign_in_expired",
            SignInFailure::NotBelieved => "not_believed",
            SignInFailure::UnknownPerson => "unknown_person",
            SignInFailure::SecretLost => "provider_secret_lost",
        }
    }
}

/// A failure, and its context for the log.
#[derive(Debug)]
pub struct Failed {
    /// What the person sees.
    pub failure: SignInFailure,
    /// What is logged; contains no secret.
    pub context: String,
}

fn failed(failure: SignInFailure, context: impl ToString) -> Failed {
    Failed {
        failure,
        context: context.to_string(),
    }
}

/// The start of a login.
pub struct Start {
    /// The URL of the provider's login page.
    pub location: String,
    /// The token that the browser keeps.
    pub token: String,
}

/// The parameters that a browser returns with from a provider.
#[derive(Debug, Default, Deserialize)]
pub struct Return {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

/// What a provider returns for a code.
#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    access_token: Option<String>,
}

/// Values derived from the browser's token.
struct Derived<'a>(&'a str);

impl Derived<'_> {
    fn of(&self, purpose: &str) -> String {
        let hash = Sha256::new()
            .chain_update(purpose)
            .chain_update([0])
            .chain_update(self.0)
            .finalize();
        URL_SAFE_NO_PAD.encode(hash)
    }

    fn state(&self) -> String {
        self.of("state")
    }

    fn nonce(&self) -> String {
        self.of("nonce")
    }

    fn verifier(&self) -> String {
        self.of("verifier")
    }

    fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier()))
    }
}

impl App {
    /// Starts a login at a provider. Fails if the provider is unknown, has lost its secret or cannot be
    /// reached.
    pub async fn begin_sign_in(&self, provider: &str) -> Result<Start, Failed> {
        let unknown = || failed(SignInFailure::UnknownProvider, "no such provider");
        let id: Uuid = provider.parse().map_err(|_| unknown())?;
        let internal = |error| failed(SignInFailure::ProviderUnreachable, error);
        let provider = self.meta.provider(id).await.map_err(internal)?;
        let provider = provider.ok_or_else(unknown)?;
        if provider.secret_lost {
            let context =
                "its client secret was lost with the master key; an owner has to set it again";
            return Err(failed(SignInFailure::SecretLost, context));
        }
        let found = self.providers.discover(&provider.issuer).await?;
        let token = self.meta.begin_login(&provider).await.map_err(internal)?;
        let derived = Derived(&token);
        let query = form(&[
            ("response_type", "code"),
            ("client_id", &provider.client_id),
            ("redirect_uri", &self.callback()),
            ("scope", "openid email profile"),
            ("state", &derived.state()),
            ("nonce", &derived.nonce()),
            ("code_challenge", &derived.challenge()),
            ("code_challenge_method", "S256"),
        ]);
        let joint = if found.authorization_endpoint.contains('?') {
            '&'
        } else {
            '?'
        };
        Ok(Start {
            location: format!("{}{joint}{query}", found.authorization_endpoint),
            token,
        })
    }

    /// Completes a login: opens a session for the returning person. Fails if the return does not match the
    /// browser, the provider refuses or cannot be verified, or the organisation does not admit the person.
    pub async fn end_sign_in(
        &self,
        token: Option<&str>,
        back: Return,
        origin: &Origin,
    ) -> Result<Login, Failed> {
        let expired = |why: &str| failed(SignInFailure::Expired, why);
        let token = token.ok_or_else(|| expired("the browser sent no cookie"))?;
        let derived = Derived(token);
        let state = back.state.unwrap_or_default();
        if !bool::from(state.as_bytes().ct_eq(derived.state().as_bytes())) {
            return Err(expired("the state does not match this browser"));
        }
        let provider = self.meta.end_login(token).await;
        let provider = provider
            .map_err(|error| failed(SignInFailure::ProviderUnreachable, error))?
            .ok_or_else(|| expired("the login has already ended"))?;
        if let Some(error) = back.error {
            let reported: String = error.chars().take(100).collect();
            return Err(failed(SignInFailure::Refused, format!("{reported:?}")));
        }
        if back.iss.is_some_and(|issuer| issuer != provider.issuer) {
            return Err(failed(
                SignInFailure::NotBelieved,
                "another issuer answered",
            ));
        }
        let code = back.code.unwrap_or_default();
        let tokens = self.exchange(&provider, &code, &derived).await?;
        let expected = token::Expected {
            issuer: &provider.issuer,
            client_id: &provider.client_id,
            nonce: &derived.nonce(),
            now: self.clock.now(),
        };
        let visitor = self
            .verified(&provider, &tokens.id_token, &expected)
            .await?;
        let visitor = self.with_address(&provider, &tokens, visitor).await?;
        let login = self.meta.log_in_visitor(&provider, &visitor, origin).await;
        login
            .map_err(|error| failed(SignInFailure::ProviderUnreachable, error))?
            .ok_or_else(|| {
                failed(
                    SignInFailure::UnknownPerson,
                    "not a member of the organisation",
                )
            })
    }

    /// Exchanges the code for tokens.
    async fn exchange(
        &self,
        provider: &IdentityProvider,
        code: &str,
        derived: &Derived<'_>,
    ) -> Result<Tokens, Failed> {
        let unreachable =
            |error: &dyn ToString| failed(SignInFailure::ProviderUnreachable, error.to_string());
        let found = self.providers.discover(&provider.issuer).await?;
        let secret = self.meta.client_secret(provider).await;
        let secret = secret.map_err(|error| unreachable(&error))?;
        let callback = self.callback();
        let verifier = derived.verifier();
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", callback.as_str()),
            ("code_verifier", verifier.as_str()),
        ];
        let secret = secret
            .as_ref()
            .and_then(|secret| std::str::from_utf8(secret).ok());
        let mut headers = axum::http::HeaderMap::new();
        match secret {
            Some(secret) if found.takes_basic() => {
                let pair = format!("{}:{}", encode(&provider.client_id), encode(secret));
                let value = format!(
                    "Basic {}",
                    base64::engine::general_purpose::STANDARD.encode(pair)
                );
                let value = value
                    .parse()
                    .map_err(|_| unreachable(&"an unusable client secret"))?;
                headers.insert(axum::http::header::AUTHORIZATION, value);
            }
            Some(secret) => fields.extend([
                ("client_id", provider.client_id.as_str()),
                ("client_secret", secret),
            ]),
            None => fields.push(("client_id", &provider.client_id)),
        }
        headers.insert(
            axum::http::header::CONTENT_TYPE,
            axum::http::HeaderValue::from_static("application/x-www-form-urlencoded"),
        );
        let answer = self.providers.client.send(Request {
            method: Method::POST,
            url: found.token_endpoint.clone(),
            headers,
            body: Bytes::from(form(&fields)),
        });
        let answer: Answer = answer
            .await
            .map_err(|error: OutgoingError| unreachable(&error))?;
        if !answer.status.is_success() {
            let context = format!("the code was refused: {}", answer.status);
            return Err(failed(SignInFailure::Refused, context));
        }
        serde_json::from_slice(&answer.body)
            .map_err(|error| failed(SignInFailure::NotBelieved, format!("no ID token: {error}")))
    }

    /// Verifies the ID token and returns the person that it is about. Keys are fetched again if the token
    /// names an unknown one.
    async fn verified(
        &self,
        provider: &IdentityProvider,
        id_token: &str,
        expected: &token::Expected<'_>,
    ) -> Result<Visitor, Failed> {
        let found = self.providers.discover(&provider.issuer).await?;
        let wanted =
            token::key_id(id_token).map_err(|why| failed(SignInFailure::NotBelieved, why))?;
        let keys = self.providers.keys(&found, wanted.as_deref()).await?;
        token::verify(id_token, &keys, expected)
            .map_err(|why| failed(SignInFailure::NotBelieved, why))
    }

    /// Adds the e-mail address from the UserInfo endpoint, because providers can omit it from the ID token.
    async fn with_address(
        &self,
        provider: &IdentityProvider,
        tokens: &Tokens,
        visitor: Visitor,
    ) -> Result<Visitor, Failed> {
        let found = self.providers.discover(&provider.issuer).await?;
        let (None, Some(url), Some(access)) = (
            &visitor.email,
            &found.userinfo_endpoint,
            &tokens.access_token,
        ) else {
            return Ok(visitor);
        };
        let claims: token::PersonClaims = self.providers.read(url, Some(access.as_str())).await?;
        claims
            .about(visitor)
            .map_err(|why| failed(SignInFailure::NotBelieved, why))
    }

    fn callback(&self) -> String {
        format!(
            "{}{CALLBACK}",
            self.settings.public_url.trim_end_matches('/')
        )
    }
}

/// Encodes the fields of a form or query.
fn form(fields: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", encode(value)))
        .collect();
    pairs.join("&")
}

/// Percent-encodes everything but unreserved characters.
fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// The client for providers.
pub(super) fn providers(client: Client) -> Arc<Providers> {
    Arc::new(Providers::new(client))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_values_differ_by_purpose_and_by_browser() {
        let (one, other) = (Derived("a"), Derived("b"));
        let all = [
            one.state(),
            one.nonce(),
            one.verifier(),
            other.state(),
            other.nonce(),
        ];
        let distinct: std::collections::HashSet<_> = all.iter().collect();
        assert_eq!(distinct.len(), all.len());
        // RFC 7636, appendix B.
        let digest = Sha256::digest("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(
            URL_SAFE_NO_PAD.encode(digest),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
        assert!((43..=128).contains(&one.verifier().len()));
    }

    #[test]
    fn a_form_can_carry_any_text() {
        assert_eq!(
            form(&[("a", "x y&z=é"), ("b", "~-._")]),
            "a=x%20y%26z%3D%C3%A9&b=~-._"
        );
    }
}
