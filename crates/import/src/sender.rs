//! Posting a batch to a server.

use std::{path::Path, time::Duration};

use serde::Deserialize;

use crate::error::ImportError;

/// Accepts batches of events: a server, or a stand-in for one.
pub trait Sender: Sync {
    /// Sends one NDJSON body (uncompressed) once.
    ///
    /// # Errors
    /// The error states whether it helps to send it again, or in smaller parts.
    fn send(&self, body: &[u8]) -> Result<Answer, SendError>;

    /// Like [`Sender::send`], for a server that reports the progress of the import: `read` is the number of bytes of the
    /// files that are read with this body.
    ///
    /// # Errors
    /// As for [`Sender::send`].
    fn send_read(&self, body: &[u8], read: u64) -> Result<Answer, SendError> {
        let _ = read;
        self.send(body)
    }
}

/// The server's response to a batch.
#[derive(Debug, Clone, Default, Deserialize, PartialEq, Eq)]
pub struct Answer {
    /// Accepted events.
    pub accepted: u64,
    /// Events that were stored before.
    pub duplicates: u64,
    /// Rejected events.
    pub rejected: u64,
    /// The reasons, for all rejected events or the first of them.
    #[serde(default)]
    pub errors: Vec<EventError>,
    /// Fields that the server ignored although they look like money or tokens.
    #[serde(default, rename = "ignoredFields")]
    pub ignored_fields: Vec<IgnoredField>,
}

/// A field that the server ignored.
#[derive(Debug, Clone, Default, Deserialize, PartialEq, Eq)]
pub struct IgnoredField {
    /// Its name.
    pub field: String,
    /// How many events of the batch have it.
    pub events: u64,
}

/// One rejected event.
#[derive(Debug, Clone, Default, Deserialize, PartialEq, Eq)]
pub struct EventError {
    /// Its position in the batch, from 0.
    pub index: usize,
    /// Its id, if it has one.
    #[serde(default)]
    pub id: Option<String>,
    /// The code of the reason.
    #[serde(default)]
    pub code: String,
    /// The field at fault.
    #[serde(default)]
    pub field: Option<String>,
    /// The reason in words.
    #[serde(default)]
    pub detail: Option<String>,
}

/// Why a batch was not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendError {
    /// The server cannot be reached: nothing listens there, or the connection broke.
    Unreachable(String),
    /// The server cannot accept it now.
    Busy {
        /// How long it asks clients to wait.
        retry_after: Option<Duration>,
        /// Its message.
        detail: String,
    },
    /// The batch exceeds the size limit.
    TooLarge(String),
    /// The server rejected it, and a retry would not help.
    Refused(String),
}

/// Sends batches to `POST {server}/api/v1/events`, zstd-compressed, over HTTP or HTTPS.
pub struct HttpSender {
    agent: ureq::Agent,
    url: String,
    authorization: Option<String>,
    source: String,
    /// The size of all files in bytes, if progress is reported.
    total: Option<u64>,
}

impl HttpSender {
    /// A sender to `server` (`http://host:port`), with an API key.
    ///
    /// # Errors
    /// [`ImportError::Usage`] if `server` is not an HTTP URL.
    pub fn new(server: &str, api_key: Option<&str>) -> Result<Self, ImportError> {
        let server = server.trim_end_matches('/');
        let uri: ureq::http::Uri = server.parse().map_err(|error| {
            ImportError::Usage(format!("--server {server}: not a URL: {error}"))
        })?;
        let (Some("http" | "https"), Some(host)) = (uri.scheme_str(), uri.host()) else {
            return Err(ImportError::Usage(format!(
                "--server {server}: write it as http://HOST:PORT"
            )));
        };
        let mut config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_connect(Some(Duration::from_secs(5)))
            .timeout_global(Some(Duration::from_secs(120)));
        // A proxy cannot reach this machine's loopback addresses.
        if host == "localhost" || host == "[::1]" || host.starts_with("127.") {
            config = config.proxy(None);
        }
        Ok(Self {
            agent: config.build().new_agent(),
            url: format!("{server}/api/v1/events"),
            authorization: api_key.map(|key| format!("Bearer {key}")),
            source: "import".to_owned(),
            total: None,
        })
    }

    /// Makes the sender report with every batch how much of `bytes` has been read, so that live clients see the progress.
    #[must_use]
    pub fn of_size(mut self, bytes: u64) -> Self {
        self.total = Some(bytes);
        self
    }

    /// Makes the file's name part of the source of the events: the server shows how recent each source is. A name that
    /// does not fit into a header is left out.
    #[must_use]
    pub fn of_file(mut self, file: &Path) -> Self {
        let name = file.file_name().and_then(|name| name.to_str());
        if let Some(name) =
            name.filter(|name| name.len() <= 100 && name.bytes().all(|b| b.is_ascii_graphic()))
        {
            self.source = format!("import:{name}");
        }
        self
    }
}

impl Sender for HttpSender {
    fn send(&self, body: &[u8]) -> Result<Answer, SendError> {
        self.post(body, None)
    }

    fn send_read(&self, body: &[u8], read: u64) -> Result<Answer, SendError> {
        let sync = self.total.map(|total| {
            let (process, read) = (std::process::id(), read.min(total));
            format!("id=import-{process}; current={read}; total={total}; unit=bytes")
        });
        self.post(body, sync.as_deref())
    }
}

impl HttpSender {
    fn post(&self, body: &[u8], sync: Option<&str>) -> Result<Answer, SendError> {
        let packed =
            zstd::bulk::compress(body, 1).map_err(|error| SendError::Refused(error.to_string()))?;
        let mut request = self
            .agent
            .post(&self.url)
            .header("content-type", "application/x-ndjson")
            .header("content-encoding", "zstd")
            .header("weir-source", &self.source);
        if let Some(sync) = sync {
            request = request.header("weir-sync", sync);
        }
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        let unreachable =
            |error: ureq::Error| SendError::Unreachable(format!("{}: {error}", self.url));
        let mut response = request.send(&packed[..]).map_err(unreachable)?;
        let status = response.status().as_u16();
        let retry_after = response
            .headers()
            .get("retry-after")
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        let text = response.body_mut().read_to_string().map_err(unreachable)?;
        answer(status, retry_after.as_deref(), &text)
    }
}

/// Reads a response: 200 and 422 contain results of events, all others a problem. Fails unless it contains results of
/// events.
pub(crate) fn answer(
    status: u16,
    retry_after: Option<&str>,
    text: &str,
) -> Result<Answer, SendError> {
    if matches!(status, 200..=299 | 422)
        && let Ok(answer) = serde_json::from_str(text)
    {
        return Ok(answer);
    }
    let problem = Problem::read(text);
    let detail = problem.message(status, problem.fix.as_deref());
    match status {
        413 => Err(SendError::TooLarge(detail)),
        408 | 429 | 500 | 502 | 503 | 504 | 507 => {
            let seconds = retry_after.and_then(|text| text.trim().parse().ok());
            Err(SendError::Busy {
                retry_after: seconds.map(Duration::from_secs),
                detail,
            })
        }
        401 => {
            let fix = "Pass an API key of this server with --api-key or WEIR_API_KEY.";
            Err(SendError::Refused(problem.message(status, Some(fix))))
        }
        403 => {
            let fix = "The API key needs the scope `ingest`.";
            Err(SendError::Refused(problem.message(status, Some(fix))))
        }
        _ => Err(SendError::Refused(detail)),
    }
}

/// A problem+json body, or the first characters of any other body.
#[derive(Deserialize)]
struct Problem {
    title: Option<String>,
    detail: Option<String>,
    fix: Option<String>,
}

impl Problem {
    fn read(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_else(|_| Self {
            title: None,
            detail: Some(text.chars().take(200).collect()),
            fix: None,
        })
    }

    /// A message: what is wrong, and how to fix it.
    fn message(&self, status: u16, fix: Option<&str>) -> String {
        let wrong = self.detail.as_ref().or(self.title.as_ref());
        let parts = [wrong.map(String::as_str), fix];
        let parts: Vec<&str> = parts.into_iter().flatten().collect();
        format!("the server responded with {status}: {}", parts.join(" "))
    }
}
