//! Log-in by an organisation's identity provider: OpenID Connect's authorization code flow with
//! discovery, PKCE (S256), state and nonce.
//!
//! The browser keeps one random token while its person is at the provider. State, nonce and PKCE's
//! verifier are derived from it, so they are bound to the browser, and nothing but its hash is stored:
//! once, for one return.

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

/// Where providers send people back to.
pub const CALLBACK: &str = "/api/v1/oidc/callback";

/// Why somebody could not log in by a provider. The page tells them by the word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInFailure {
    /// There is no such provider.
    UnknownProvider,
    /// The provider does not answer, or not as the standard says.
    ProviderUnreachable,
    /// The provider refused, or its person did.
    Refused,
    /// It took too long, was tried twice, or began in another browser.
    Expired,
    /// What the provider said of the person cannot be believed.
    NotBelieved,
    /// The organisation does not know the person.
    UnknownPerson,
    /// The provider's secret was lost with a master key, and was not set again.
    SecretLost,
}

impl SignInFailure {
    /// The word in the page's address.
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

/// A failure, and what the log is told of it.
#[derive(Debug)]
pub struct Failed {
    /// What the person is told.
    pub failure: SignInFailure,
    /// What the log is told; no secret.
    pub context: String,
}

fn failed(failure: SignInFailure, context: impl ToString) -> Failed {
    Failed {
        failure,
        context: context.to_string(),
    }
}

/// What begins a log-in.
pub struct Start {
    /// The provider's page.
    pub location: String,
    /// What the browser keeps.
    pub token: String,
}

/// What a browser brings back from a provider.
#[derive(Debug, Default, Deserialize)]
pub struct Return {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

/// What a provider gives for a code.
#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    access_token: Option<String>,
}

/// What is derived from the browser's token.
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
    /// Begins a log-in at a provider.
    pub async fn begin_sign_in(&self, provider: &str) -> Result<Start, Failed> {
        let unknown = || failed(SignInFailure::UnknownProvider, "no such provider");
        let id: Uuid = provider.parse().map_err(|_| unknown())?;
        let internal = |error| failed(SignInFailure::ProviderUnreachable, error);
        let provider = self.meta.provider(id).await.map_err(internal)?;
        let provider = provider.ok_or_else(unknown)?;
        if provider.secret_lost {
            let context = "its secret was lost with the master key: an owner has to set it again";
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

    /// Ends a log-in: whoever came back gets a session, if the organisation knows them.
    pub async fn end_sign_in(
        &self,
        token: Option<&str>,
        back: Return,
        origin: &Origin,
    ) -> Result<Login, Failed> {
        let expired = |why: &str| failed(SignInFailure::Expired, why);
        let token = token.ok_or_else(|| expired("the browser brought no cookie"))?;
        let derived = Derived(token);
        let state = back.state.unwrap_or_default();
        if !bool::from(state.as_bytes().ct_eq(derived.state().as_bytes())) {
            return Err(expired("the state is not this browser's"));
        }
        let provider = self.meta.end_login(token).await;
        let provider = provider
            .map_err(|error| failed(SignInFailure::ProviderUnreachable, error))?
            .ok_or_else(|| expired("the log-in ended before"))?;
        if let Some(error) = back.error {
            let told: String = error.chars().take(100).collect();
            return Err(failed(SignInFailure::Refused, format!("{told:?}")));
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
        let visitor = self.believe(&provider, &tokens.id_token, &expected).await?;
        let visitor = self.described(&provider, &tokens, visitor).await?;
        let login = self.meta.log_in_visitor(&provider, &visitor, origin).await;
        login
            .map_err(|error| failed(SignInFailure::ProviderUnreachable, error))?
            .ok_or_else(|| failed(SignInFailure::UnknownPerson, "nobody of the organisation"))
    }

    /// Exchanges the code for an ID token.
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

    /// Who the ID token is about, if it can be believed. A key that is not known yet may be a new one.
    async fn believe(
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

    /// The same person with an address: providers may keep it out of the ID token.
    async fn described(
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
        let told: token::Told = self.providers.read(url, Some(access.as_str())).await?;
        told.about(visitor)
            .map_err(|why| failed(SignInFailure::NotBelieved, why))
    }

    fn callback(&self) -> String {
        format!(
            "{}{CALLBACK}",
            self.settings.public_url.trim_end_matches('/')
        )
    }
}

/// The fields of a form or query.
fn form(fields: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", encode(value)))
        .collect();
    pairs.join("&")
}

/// Everything but unreserved characters as percent signs and digits.
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
    fn what_is_derived_differs_by_purpose_and_by_browser() {
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
