//! The client: each request has its own connection.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    pin::pin,
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    HeaderMap, StatusCode, Uri,
    client::conn::http1,
    header::{HOST, HeaderName, HeaderValue, USER_AGENT},
    http::uri::Scheme,
};
use hyper_util::rt::TokioIo;
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, ServerName},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, lookup_host},
    time::timeout,
};
use tokio_rustls::TlsConnector;

pub use hyper::Method;

use crate::is_public;

/// Which addresses can be reached, and limits on time and size.
#[derive(Clone)]
pub struct Policy {
    /// Returns whether an address can be reached although it is not public.
    pub allowed: Arc<dyn Fn(IpAddr) -> bool + Send + Sync>,
    /// Whether http without TLS is allowed.
    pub plain: bool,
    /// The time limit for a whole request: resolving, connecting, sending and reading.
    pub time: Duration,
    /// The maximum size of a response body, in bytes.
    pub answer_bytes: usize,
    /// Certificate authorities to trust in addition to those of the web.
    pub authorities: Vec<CertificateDer<'static>>,
}

impl Default for Policy {
    /// Public addresses only, https only, ten seconds, one mebibyte.
    fn default() -> Self {
        Self {
            allowed: Arc::new(|_| false),
            plain: false,
            time: Duration::from_secs(10),
            answer_bytes: 1 << 20,
            authorities: Vec::new(),
        }
    }
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policy")
            .field("plain", &self.plain)
            .field("time", &self.time)
            .field("answer_bytes", &self.answer_bytes)
            .finish_non_exhaustive()
    }
}

/// A request.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// An absolute URL.
    pub url: String,
    /// The headers, without `Host` and `User-Agent`, which the client sets.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// A response. The client does not follow redirects, but returns them.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

/// Why there is no response.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutgoingError {
    /// The URL cannot be used, and why.
    #[error("{0:?} cannot be requested: {1}")]
    Address(String, &'static str),
    /// None of the host's addresses is public or allowed by the policy.
    #[error("{0} has no address that is public or in outgoing.allowed")]
    Forbidden(String),
    /// The host name cannot be resolved, and why.
    #[error("{0} cannot be resolved: {1}")]
    Unresolved(String, String),
    /// The connection, TLS or HTTP failed, and how.
    #[error("{0} cannot be reached: {1}")]
    Unreachable(String, String),
    /// There was no complete response within the time limit.
    #[error("{0} did not answer within {1:?}")]
    Late(String, Duration),
    /// The response body is larger than the limit in bytes.
    #[error("{0} answered with more than {1} bytes")]
    TooLarge(String, usize),
}

/// An HTTP client that enforces a policy.
#[derive(Clone)]
pub struct Client {
    policy: Policy,
    tls: TlsConnector,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// A client that enforces a policy. Fails if one of its authorities is not a valid certificate.
    pub fn new(policy: Policy) -> Result<Self, rustls::Error> {
        let mut roots = RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        };
        for authority in &policy.authorities {
            roots.add(authority.clone())?;
        }
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            policy,
            tls: TlsConnector::from(Arc::new(config)),
        })
    }

    /// Sends a request and reads the whole response. Fails as [`OutgoingError`] describes; a response with an
    /// error status is not a failure.
    pub async fn send(&self, request: Request) -> Result<Answer, OutgoingError> {
        let target = Target::of(&request.url, self.policy.plain)?;
        let host = target.host.clone();
        match timeout(self.policy.time, self.exchange(target, request)).await {
            Ok(answered) => answered,
            Err(_) => Err(OutgoingError::Late(host, self.policy.time)),
        }
    }

    async fn exchange(&self, target: Target, request: Request) -> Result<Answer, OutgoingError> {
        let unreachable = |error: &dyn fmt::Display| {
            OutgoingError::Unreachable(target.host.clone(), error.to_string())
        };
        let addresses = self.addresses(&target).await?;
        // The name is not resolved again, so this connects to one of the addresses that were checked.
        let stream = TcpStream::connect(&addresses[..])
            .await
            .map_err(|error| unreachable(&error))?;
        if !target.tls {
            return self.send_over(stream, &target, request).await;
        }
        let name =
            ServerName::try_from(target.host.clone()).map_err(|error| unreachable(&error))?;
        let stream = self
            .tls
            .connect(name, stream)
            .await
            .map_err(|error| unreachable(&error))?;
        self.send_over(stream, &target, request).await
    }

    /// The addresses of the target that can be reached.
    async fn addresses(&self, target: &Target) -> Result<Vec<SocketAddr>, OutgoingError> {
        let resolved = lookup_host((target.host.as_str(), target.port))
            .await
            .map_err(|error| OutgoingError::Unresolved(target.host.clone(), error.to_string()))?;
        let allowed: Vec<SocketAddr> = resolved
            .filter(|address| {
                let ip = address.ip().to_canonical();
                is_public(address.ip()) || (self.policy.allowed)(ip)
            })
            .collect();
        match allowed.is_empty() {
            true => Err(OutgoingError::Forbidden(target.host.clone())),
            false => Ok(allowed),
        }
    }

    /// Sends the request over a connection and reads the response.
    async fn send_over<S>(
        &self,
        stream: S,
        target: &Target,
        request: Request,
    ) -> Result<Answer, OutgoingError>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let unreachable = |error: &dyn fmt::Display| {
            OutgoingError::Unreachable(target.host.clone(), error.to_string())
        };
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|error| unreachable(&error))?;
        let answered = async {
            let response = sender
                .send_request(target.request(request)?)
                .await
                .map_err(|error| unreachable(&error))?;
            let (head, body) = response.into_parts();
            let limit = self.policy.answer_bytes;
            let body = Limited::new(body, limit).collect().await.map_err(|error| {
                match error.is::<http_body_util::LengthLimitError>() {
                    true => OutgoingError::TooLarge(target.host.clone(), limit),
                    false => unreachable(&error),
                }
            })?;
            Ok(Answer {
                status: head.status,
                headers: head.headers,
                body: body.to_bytes(),
            })
        };
        // The connection runs in this task, so that cancelling the request ends it too. It can end before the
        // response is read.
        let (mut answered, connection) = (pin!(answered), pin!(connection));
        tokio::select! {
            answered = &mut answered => answered,
            _ = connection => answered.await,
        }
    }
}

/// Where a request goes.
struct Target {
    host: String,
    port: u16,
    tls: bool,
    /// The value of `Host`.
    authority: String,
    /// Path and query.
    path: String,
}

impl Target {
    fn of(url: &str, plain: bool) -> Result<Self, OutgoingError> {
        let wrong = |why| OutgoingError::Address(url.to_owned(), why);
        let uri: Uri = url.parse().map_err(|_| wrong("it is not a URL"))?;
        let tls = uri.scheme() == Some(&Scheme::HTTPS);
        if !tls && uri.scheme() != Some(&Scheme::HTTP) {
            return Err(wrong("it is neither https nor http"));
        }
        if !tls && !plain {
            return Err(wrong("it must be https"));
        }
        let authority = uri.authority().ok_or_else(|| wrong("it has no host"))?;
        if authority.as_str().contains('@') {
            return Err(wrong("it must not contain a user name"));
        }
        let host = authority.host().trim_matches(['[', ']']);
        if host.is_empty() {
            return Err(wrong("it has no host"));
        }
        Ok(Self {
            host: host.to_owned(),
            port: authority.port_u16().unwrap_or(if tls { 443 } else { 80 }),
            tls,
            authority: authority.to_string(),
            path: uri
                .path_and_query()
                .map_or("/", |path| path.as_str())
                .to_owned(),
        })
    }

    fn request(&self, request: Request) -> Result<hyper::Request<Full<Bytes>>, OutgoingError> {
        let agent = HeaderValue::from_static(concat!("weir/", env!("CARGO_PKG_VERSION")));
        let unusable =
            |_| OutgoingError::Address(self.authority.clone(), "it is not a valid request target");
        let mut built = hyper::Request::builder()
            .method(request.method)
            .uri(&self.path)
            .body(Full::new(request.body))
            .map_err(unusable)?;
        let headers = built.headers_mut();
        *headers = request.headers;
        let host: (HeaderName, HeaderValue) = (
            HOST,
            self.authority.parse().map_err(|_| {
                OutgoingError::Address(self.authority.clone(), "it is not a valid header value")
            })?,
        );
        headers.insert(host.0, host.1);
        headers.insert(USER_AGENT, agent);
        Ok(built)
    }
}
