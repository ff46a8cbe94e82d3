//! The providers' discovery documents and keys, both cached.

use std::{sync::Arc, time::Duration};

use axum::http::{HeaderMap, header};
use bytes::Bytes;
use moka::future::Cache;
use serde::{Deserialize, de::DeserializeOwned};
use weir_outgoing::{Client, Method, Request};

use super::{Failed, SignInFailure, failed, token::KeySet};

/// How long a provider's discovery document and keys are cached.
const KEPT: Duration = Duration::from_secs(3600);
/// The shortest interval between fetches of keys because of an unknown key id, which anyone can make up.
const ASKED_AGAIN: Duration = Duration::from_secs(10);
/// The most providers in the cache.
const REMEMBERED: u64 = 1_000;

/// A provider's discovery document (OpenID Connect Discovery 1.0), as far as needed.
#[derive(Debug, Deserialize)]
pub struct Description {
    issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    jwks_uri: String,
    pub(super) userinfo_endpoint: Option<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

impl Description {
    /// Whether the client secret belongs in the `Authorization` header, which is the standard's default.
    pub(super) fn takes_basic(&self) -> bool {
        let methods = self.token_endpoint_auth_methods_supported.as_deref();
        methods.is_none_or(|methods| methods.iter().any(|method| method == "client_secret_basic"))
    }
}

/// Fetches and caches what is known about providers.
pub struct Providers {
    pub(super) client: Client,
    descriptions: Cache<String, Arc<Description>>,
    keys: Cache<String, Arc<KeySet>>,
    asked: Cache<String, ()>,
}

impl std::fmt::Debug for Providers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Providers").finish_non_exhaustive()
    }
}

impl Providers {
    pub(super) fn new(client: Client) -> Self {
        let kept = || Cache::builder().max_capacity(REMEMBERED).time_to_live(KEPT);
        let asked = Cache::builder().max_capacity(REMEMBERED);
        Self {
            client,
            descriptions: kept().build(),
            keys: Cache::builder()
                .max_capacity(REMEMBERED)
                .time_to_live(KEPT)
                .build(),
            asked: asked.time_to_live(ASKED_AGAIN).build(),
        }
    }

    /// An issuer's discovery document. Fails if it cannot be fetched, or if it names another issuer.
    pub(super) async fn discover(&self, issuer: &str) -> Result<Arc<Description>, Failed> {
        if let Some(known) = self.descriptions.get(issuer).await {
            return Ok(known);
        }
        let url = format!(
            "{}/.well-known/openid-configuration",
            issuer.trim_end_matches('/')
        );
        let found: Description = self.read(&url, None).await?;
        if found.issuer != issuer {
            let context = format!("{url} describes the issuer {:?}", found.issuer);
            return Err(failed(SignInFailure::NotBelieved, context));
        }
        let found = Arc::new(found);
        self.descriptions
            .insert(issuer.to_owned(), found.clone())
            .await;
        Ok(found)
    }

    /// The issuer's keys, fetched again if `wanted` is not among them. Fails if they cannot be fetched.
    pub(super) async fn keys(
        &self,
        provider: &Description,
        wanted: Option<&str>,
    ) -> Result<Arc<KeySet>, Failed> {
        let url = &provider.jwks_uri;
        if let Some(keys) = self.keys.get(url).await {
            if keys.may_have(wanted) || self.asked.contains_key(url) {
                return Ok(keys);
            }
            self.asked.insert(url.clone(), ()).await;
        }
        let keys: Arc<KeySet> = Arc::new(self.read(url, None).await?);
        self.keys.insert(url.clone(), keys.clone()).await;
        Ok(keys)
    }

    /// Fetches JSON, optionally with an access token. Fails if the answer is not a success or not the
    /// expected JSON.
    pub(super) async fn read<T: DeserializeOwned>(
        &self,
        url: &str,
        access: Option<&str>,
    ) -> Result<T, Failed> {
        let mut headers = HeaderMap::new();
        if let Some(access) = access {
            let value = format!("Bearer {access}").parse();
            let value = value.map_err(|_| {
                failed(
                    SignInFailure::NotBelieved,
                    "an access token that is not a valid header value",
                )
            })?;
            headers.insert(header::AUTHORIZATION, value);
        }
        let asked = self.client.send(Request {
            method: Method::GET,
            url: url.to_owned(),
            headers,
            body: Bytes::new(),
        });
        let unreachable = |context: String| failed(SignInFailure::ProviderUnreachable, context);
        let answer = asked
            .await
            .map_err(|error| unreachable(error.to_string()))?;
        if !answer.status.is_success() {
            return Err(unreachable(format!("{url} answered {}", answer.status)));
        }
        serde_json::from_slice(&answer.body)
            .map_err(|error| unreachable(format!("{url} sent an unexpected answer: {error}")))
    }
}
