//! What a provider says of itself, and its keys; both are kept for a while.

use std::{sync::Arc, time::Duration};

use axum::http::{HeaderMap, header};
use bytes::Bytes;
use moka::future::Cache;
use serde::{Deserialize, de::DeserializeOwned};
use weir_outgoing::{Client, Method, Request};

use super::{Failed, SignInFailure, failed, token::KeySet};

/// How long a provider's description and keys are believed.
const KEPT: Duration = Duration::from_secs(3600);
/// How often keys are asked again for a key that is not among them: anybody can name one.
const ASKED_AGAIN: Duration = Duration::from_secs(10);
/// Providers remembered.
const REMEMBERED: u64 = 1_000;

/// A provider's description (OpenID Connect Discovery 1.0), as far as it is needed.
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
    /// Whether the client's secret goes into the `Authorization` header, which is what the standard
    /// says where nothing is said.
    pub(super) fn takes_basic(&self) -> bool {
        let methods = self.token_endpoint_auth_methods_supported.as_deref();
        methods.is_none_or(|methods| methods.iter().any(|method| method == "client_secret_basic"))
    }
}

/// What is known of providers.
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

    /// What an issuer says of itself.
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

    /// The issuer's keys; asked again if the wanted one is not among them.
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

    /// Reads JSON, with an access token or without.
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
                    "an access token that fits no header",
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
            .map_err(|error| unreachable(format!("{url} answered something else: {error}")))
    }
}
