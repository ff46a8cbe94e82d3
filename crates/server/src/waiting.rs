//! What answers requests while the stores are being opened: the process is alive, but not ready.

use std::{io, sync::Arc, time::Duration};

use axum::{Router, response::Response, routing::get};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::{
    app::{AppError, ErrorCode},
    http,
    net::{self, Endpoint, Tls},
};

/// The `Retry-After` of refusals, in seconds.
const AGAIN: u32 = 1;
/// How long a client can go without reading its answer.
const UNREAD: Duration = Duration::from_secs(10);
/// How long answers under way can take once the server is ready.
const GRACE: Duration = Duration::from_secs(1);

/// Answers every request with 503 until [`Waiting::end`]; only `/healthz` reports that the process is alive.
pub struct Waiting {
    ended: watch::Sender<bool>,
    answering: JoinHandle<TcpListener>,
}

impl Waiting {
    /// Starts to answer.
    pub fn start(listener: TcpListener, tls: Option<Arc<Tls>>) -> Self {
        let (ended, stopped) = watch::channel(false);
        let router = Router::new()
            .route("/healthz", get(|| async { "ok\n" }))
            .fallback(refuse);
        let endpoint = Endpoint {
            router,
            tls,
            stopped: stopped.clone(),
            unread: UNREAD,
            given_up: Arc::default(),
        };
        let answering = tokio::spawn(answer(listener, endpoint, stopped));
        Self { ended, answering }
    }

    /// Stops answering and returns the listener for the server. Fails if the task that answered panicked.
    pub async fn end(self) -> io::Result<TcpListener> {
        self.ended.send_replace(true);
        self.answering.await.map_err(io::Error::other)
    }
}

async fn answer(
    listener: TcpListener,
    endpoint: Endpoint,
    mut stopped: watch::Receiver<bool>,
) -> TcpListener {
    let stop = async {
        // A dropped sender ends it, too.
        let _ = stopped.wait_for(|stopped| *stopped).await;
    };
    let mut connections = net::accept_until(&listener, endpoint, stop).await;
    let finishing = async { while connections.join_next().await.is_some() {} };
    // A client that has not read a few bytes by then is dropped.
    let _ = tokio::time::timeout(GRACE, finishing).await;
    listener
}

async fn refuse() -> Response {
    let detail = "The stores are being opened.";
    let refusal = AppError::new(ErrorCode::Starting, detail).retry_after(AGAIN);
    http::refused(refusal)
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpStream,
    };

    use super::*;

    async fn answered(at: std::net::SocketAddr, path: &str) -> String {
        let mut stream = TcpStream::connect(at).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer.to_lowercase()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn early_requests_are_told_to_retry() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let waiting = Waiting::start(listener, None);
        assert!(answered(at, "/healthz").await.starts_with("http/1.1 200"));
        for path in ["/readyz", "/api/v1/events", "/"] {
            let answer = answered(at, path).await;
            assert!(answer.starts_with("http/1.1 503"), "{answer}");
            assert!(answer.contains("retry-after: 1"), "{answer}");
            assert!(answer.contains("\"code\":\"starting\""), "{answer}");
        }
        // A connection that stays open does not prevent the start.
        let _idle = TcpStream::connect(at).await.unwrap();
        let listener = waiting.end().await.unwrap();
        assert_eq!(listener.local_addr().unwrap(), at);
    }
}
