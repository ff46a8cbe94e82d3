//! The client against real listeners.

#![allow(
    clippy::unwrap_used,
    reason = "a test fails by panicking, also in its helpers"
)]

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use rustls::{ServerConfig, crypto::ring, pki_types::PrivateKeyDer};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;
use weir_outgoing::{Answer, Client, Method, OutgoingError, Policy, Request};

fn local() -> Policy {
    Policy {
        allowed: Arc::new(|address| address.is_loopback()),
        plain: true,
        ..Policy::default()
    }
}

/// A listener that answers every connection with the same bytes, and counts the connections.
async fn listener(answer: Vec<u8>) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let count = Arc::new(AtomicUsize::new(0));
    let counted = count.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            let answer = answer.clone();
            tokio::spawn(async move {
                let mut asked = [0; 4096];
                let _ = stream.read(&mut asked).await;
                let _ = stream.write_all(&answer).await;
                // An empty answer means no response: the connection stays open and silent.
                if answer.is_empty() {
                    std::future::pending::<()>().await;
                }
            });
        }
    });
    (address, count)
}

async fn get(policy: Policy, url: String) -> Result<Answer, OutgoingError> {
    let request = Request {
        method: Method::GET,
        url,
        headers: Default::default(),
        body: Bytes::new(),
    };
    Client::new(policy).unwrap().send(request).await
}

fn ok(body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

#[tokio::test]
async fn a_forbidden_address_is_never_connected_to_however_it_is_written() {
    let (address, connections) = listener(ok("secret")).await;
    let port = address.port();
    let plain = || Policy {
        plain: true,
        ..Policy::default()
    };
    for host in [
        "127.0.0.1",
        "localhost",
        "[::ffff:127.0.0.1]",
        "[::1]",
        "0.0.0.0",
        "2130706433",
        "0x7f.1",
    ] {
        let refused = get(plain(), format!("http://{host}:{port}/")).await;
        let refused = refused.unwrap_err();
        assert!(
            matches!(
                refused,
                OutgoingError::Forbidden(_) | OutgoingError::Unresolved(..)
            ),
            "{host}: {refused}"
        );
    }
    assert_eq!(connections.load(Ordering::SeqCst), 0);
    let answer = get(local(), format!("http://localhost:{port}/"))
        .await
        .unwrap();
    assert_eq!(
        (answer.status.as_u16(), &answer.body[..]),
        (200, &b"secret"[..])
    );
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn the_address_that_the_policy_checks_is_the_one_that_is_connected_to() {
    let (address, connections) = listener(ok("")).await;
    let asked: Arc<std::sync::Mutex<Vec<IpAddr>>> = Arc::default();
    let seen = asked.clone();
    // A second lookup of the name could give another address; only the first one counts.
    let policy = Policy {
        allowed: Arc::new(move |address| {
            let mut asked = seen.lock().unwrap();
            asked.push(address);
            address == IpAddr::V4(Ipv4Addr::LOCALHOST)
        }),
        ..local()
    };
    get(policy, format!("http://localhost:{}/", address.port()))
        .await
        .unwrap();
    let asked = asked.lock().unwrap();
    assert_eq!(
        asked.iter().filter(|ip| ip.is_ipv4()).count(),
        1,
        "{asked:?}"
    );
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_redirect_is_returned_and_not_followed() {
    let (other, connections) = listener(ok("followed")).await;
    let redirect =
        format!("HTTP/1.1 302 Found\r\nlocation: http://{other}/\r\ncontent-length: 0\r\n\r\n");
    let (address, _) = listener(redirect.into_bytes()).await;
    let answer = get(local(), format!("http://{address}/")).await.unwrap();
    assert_eq!(answer.status.as_u16(), 302);
    assert_eq!(connections.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_response_that_is_too_large_or_too_late_is_refused() {
    let (address, _) = listener(ok(&"x".repeat(100))).await;
    let small = |answer_bytes| Policy {
        answer_bytes,
        ..local()
    };
    let url = format!("http://{address}/");
    assert!(get(small(100), url.clone()).await.is_ok());
    let refused = get(small(99), url).await.unwrap_err();
    assert!(
        matches!(refused, OutgoingError::TooLarge(_, 99)),
        "{refused}"
    );

    let (silent, _) = listener(Vec::new()).await;
    let hasty = Policy {
        time: Duration::from_millis(50),
        ..local()
    };
    let refused = get(hasty, format!("http://{silent}/")).await.unwrap_err();
    assert!(matches!(refused, OutgoingError::Late(..)), "{refused}");
}

#[tokio::test]
async fn plain_http_and_invalid_urls_are_refused() {
    for url in [
        "http://example.com/",
        "ftp://example.com/",
        "example.com",
        "https://",
        "https://a@example.com/",
        "//x",
    ] {
        let refused = get(Policy::default(), url.to_owned()).await.unwrap_err();
        assert!(
            matches!(refused, OutgoingError::Address(..)),
            "{url}: {refused}"
        );
    }
}

#[tokio::test]
async fn a_certificate_must_be_issued_by_a_trusted_authority_for_the_host() {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    return;
                };
                let mut asked = [0; 4096];
                let _ = stream.read(&mut asked).await;
                let _ = stream.write_all(&ok("hello")).await;
            });
        }
    });
    let trusting = || Policy {
        authorities: vec![made.cert.der().clone()],
        ..local()
    };
    let answer = get(trusting(), format!("https://localhost:{port}/"))
        .await
        .unwrap();
    assert_eq!(&answer.body[..], b"hello");
    let untrusted = get(local(), format!("https://localhost:{port}/"))
        .await
        .unwrap_err();
    assert!(
        matches!(untrusted, OutgoingError::Unreachable(..)),
        "{untrusted}"
    );
    let misnamed = get(trusting(), format!("https://127.0.0.1:{port}/"))
        .await
        .unwrap_err();
    assert!(
        matches!(misnamed, OutgoingError::Unreachable(..)),
        "{misnamed}"
    );
}
