//! Handshakes with generated certificates.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};

use axum::{Router, routing::get};
use http_body_util::{BodyExt, Empty};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{CertifiedKey as Made, generate_simple_self_signed};
use rustls::{ClientConfig, RootCertStore, pki_types::ServerName};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{oneshot, watch},
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::{
    super::{Endpoint, accept_until},
    *,
};

struct Files {
    folder: tempfile::TempDir,
}

impl Files {
    fn with(made: &Made<rcgen::KeyPair>) -> Self {
        let files = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        files.write(&made.cert.pem(), &made.signing_key.serialize_pem());
        files
    }

    fn write(&self, certificate: &str, key: &str) {
        let paths = self.paths();
        fs::write(paths.certificate, certificate).unwrap();
        fs::write(paths.key, key).unwrap();
    }

    fn paths(&self) -> TlsFiles {
        TlsFiles {
            certificate: self.folder.path().join("cert.pem"),
            key: self.folder.path().join("key.pem"),
        }
    }
}

fn made() -> Made<rcgen::KeyPair> {
    generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap()
}

/// A running server, which stops when dropped.
struct Running {
    address: SocketAddr,
    tls: Arc<Tls>,
    _stop: oneshot::Sender<()>,
    _stopping: watch::Sender<bool>,
}

async fn serve(files: &Files) -> Running {
    let tls = Arc::new(Tls::load(files.paths()).unwrap());
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let (stopping, watched) = watch::channel(false);
    let endpoint = Endpoint {
        router: Router::new().route("/", get(async || "hello")),
        tls: Some(tls.clone()),
        stopped: watched,
        unread: Duration::from_secs(60),
        given_up: Arc::default(),
    };
    let until = async {
        // Ends when the sender is dropped, too.
        let _ = stopped.await;
    };
    tokio::spawn(async move { accept_until(&listener, endpoint, until).await });
    Running {
        address,
        tls,
        _stop: stop,
        _stopping: stopping,
    }
}

/// A client that trusts one certificate and offers these protocols.
async fn connect(
    address: SocketAddr,
    trusted: &Made<rcgen::KeyPair>,
    protocols: &[&[u8]],
) -> io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.cert.der().clone()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    let stream = TcpStream::connect(address).await?;
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await
}

type Sender = hyper::client::conn::http1::SendRequest<Empty<bytes::Bytes>>;

async fn http1(stream: TlsStream<TcpStream>) -> Sender {
    let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .unwrap();
    tokio::spawn(connection);
    sender
}

fn request() -> hyper::Request<Empty<bytes::Bytes>> {
    let request = hyper::Request::get("https://localhost/").header("host", "localhost");
    request.body(Empty::new()).unwrap()
}

async fn hello(sender: &mut Sender) -> bytes::Bytes {
    sender.ready().await.unwrap();
    let response = sender.send_request(request()).await.unwrap();
    response.into_body().collect().await.unwrap().to_bytes()
}

#[tokio::test]
async fn a_client_that_trusts_the_certificate_is_answered_in_http_1_and_in_http_2() {
    let certificate = made();
    let files = Files::with(&certificate);
    let server = serve(&files).await;
    let stream = connect(server.address, &certificate, &[b"http/1.1"])
        .await
        .unwrap();
    assert_eq!(hello(&mut http1(stream).await).await, "hello");

    let stream = connect(server.address, &certificate, &[b"h2", b"http/1.1"])
        .await
        .unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(H2));
    let io = TokioIo::new(stream);
    let (mut sender, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), io)
        .await
        .unwrap();
    tokio::spawn(connection);
    let response = sender.send_request(request()).await.unwrap();
    assert_eq!(response.version(), hyper::Version::HTTP_2);
    assert_eq!(
        response.into_body().collect().await.unwrap().to_bytes(),
        "hello"
    );

    assert!(connect(server.address, &made(), &[]).await.is_err());
}

#[tokio::test]
async fn a_new_certificate_serves_new_connections_while_old_ones_continue() {
    let (first, second) = (made(), made());
    let files = Files::with(&first);
    let server = serve(&files).await;
    let mut old = http1(connect(server.address, &first, &[]).await.unwrap()).await;
    assert_eq!(hello(&mut old).await, "hello");
    assert!(!server.tls.reload().unwrap(), "nothing has changed");

    files.write(&second.cert.pem(), &second.signing_key.serialize_pem());
    assert!(server.tls.reload().unwrap());
    assert_eq!(hello(&mut old).await, "hello");
    assert!(connect(server.address, &first, &[]).await.is_err());
    let mut new = http1(connect(server.address, &second, &[]).await.unwrap()).await;
    assert_eq!(hello(&mut new).await, "hello");
}

#[tokio::test]
async fn an_unusable_new_certificate_is_reported_once_and_the_previous_one_stays() {
    let (first, second) = (made(), made());
    let (pem, key) = (first.cert.pem(), first.signing_key.serialize_pem());
    let files = Files::with(&first);
    let server = serve(&files).await;
    let other = second.signing_key.serialize_pem();
    for (certificate, key, reason) in [
        (pem.as_str(), other.as_str(), "key"),
        ("nonsense", key.as_str(), "no certificate"),
        (pem.as_str(), "nonsense", "no private key"),
    ] {
        files.write(certificate, key);
        let error = server.tls.reload().unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
        assert!(!server.tls.reload().unwrap(), "{reason}: reported twice");
        connect(server.address, &first, &[]).await.unwrap();
    }
    fs::remove_file(files.paths().key).unwrap();
    let error = server.tls.reload().unwrap_err().to_string();
    assert!(error.contains("key.pem"), "{error}");
    files.write(&pem, &key);
    assert!(server.tls.reload().unwrap());
    connect(server.address, &first, &[]).await.unwrap();
}
