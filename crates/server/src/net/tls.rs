//! TLS with the operator's own certificate, which can be replaced while the server runs.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use parking_lot::Mutex;
use rustls::{
    ServerConfig,
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use sha2::{Digest, Sha256};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};
use tokio_rustls::TlsAcceptor;

/// How often the files are checked.
const LOOK: Duration = Duration::from_secs(10);

/// The files of a certificate, both in PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate, followed by the intermediate certificates.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("{} cannot be read: {reason}", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// The reason.
        reason: String,
    },
    /// The files do not contain a certificate and its key.
    #[error("the certificate and key cannot be used: {0}")]
    Unusable(String),
}

/// TLS with the last valid certificate.
pub struct Tls {
    files: TlsFiles,
    certificate: Arc<Current>,
    seen: Mutex<Seen>,
    acceptor: TlsAcceptor,
}

impl Tls {
    /// Reads the files. Fails if one cannot be read, or if they do not contain a certificate and its key.
    pub fn load(files: TlsFiles) -> Result<Self, TlsError> {
        let provider = Arc::new(ring::default_provider());
        let (certified, seen) = read(&files, &provider).map_err(|(error, _)| error)?;
        let certificate = Arc::new(Current(Mutex::new(Arc::new(certified))));
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(unusable)?
            .with_no_client_auth()
            .with_cert_resolver(certificate.clone());
        config.alpn_protocols = vec![H2.to_vec(), b"http/1.1".to_vec()];
        Ok(Self {
            files,
            certificate,
            seen: Mutex::new(seen),
            acceptor: TlsAcceptor::from(Arc::new(config)),
        })
    }

    /// Reads the files again. New connections get the new certificate if it is valid; otherwise the one in
    /// use stays. Returns whether the certificate was replaced. Fails, once per change, if the new files
    /// cannot be used.
    pub fn reload(&self) -> Result<bool, TlsError> {
        let mut seen = self.seen.lock();
        let provider = self.acceptor.config().crypto_provider().clone();
        let (certified, now) = match read(&self.files, &provider) {
            Ok(found) => found,
            Err((error, now)) => {
                // An unusable file is reported once.
                let changed = *seen != now;
                *seen = now;
                return if changed { Err(error) } else { Ok(false) };
            }
        };
        if *seen == now {
            return Ok(false);
        }
        *seen = now;
        *self.certificate.0.lock() = Arc::new(certified);
        Ok(true)
    }

    /// Answers handshakes.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        self.acceptor.clone()
    }

    /// Checks the files periodically, and immediately on SIGHUP, until the server stops.
    pub async fn watch(&self, mut stopped: watch::Receiver<bool>) {
        let Ok(mut hangup) = signal(SignalKind::hangup()) else {
            return tracing::warn!("cannot listen for SIGHUP; certificates are not reloaded");
        };
        loop {
            tokio::select! {
                _ = tokio::time::sleep(LOOK) => {}
                _ = hangup.recv() => {}
                _ = stopped.wait_for(|stopped| *stopped) => return,
            }
            match self.reload() {
                Ok(true) => tracing::info!("the TLS certificate was replaced"),
                Ok(false) => {}
                Err(error) => {
                    tracing::error!(%error, "the new TLS certificate cannot be used; the previous one stays");
                }
            }
        }
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls")
            .field("files", &self.files)
            .finish_non_exhaustive()
    }
}

/// HTTP/2 in ALPN.
pub(super) const H2: &[u8] = b"h2";

/// The certificate in use.
struct Current(Mutex<Arc<CertifiedKey>>);

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.lock().clone())
    }
}

impl fmt::Debug for Current {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Current")
    }
}

/// A hash of the files' contents.
type Seen = [u8; 32];

/// The certificate in the files, and a hash of their contents.
fn read(
    files: &TlsFiles,
    provider: &CryptoProvider,
) -> Result<(CertifiedKey, Seen), (TlsError, Seen)> {
    let nothing = Seen::default();
    let certificate = bytes(&files.certificate).map_err(|error| (error, nothing))?;
    let key = bytes(&files.key).map_err(|error| (error, nothing))?;
    let seen = Sha256::new()
        .chain_update(&certificate)
        .chain_update([0])
        .chain_update(&*key)
        .finalize()
        .into();
    certified(&certificate, &key, provider)
        .map(|certified| (certified, seen))
        .map_err(|error| (error, seen))
}

fn certified(
    certificate: &[u8],
    key: &[u8],
    provider: &CryptoProvider,
) -> Result<CertifiedKey, TlsError> {
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(certificate)
        .collect::<Result<_, _>>()
        .map_err(unusable)?;
    if chain.is_empty() {
        return Err(unusable(
            "the certificate file contains no certificate in PEM",
        ));
    }
    let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| {
        unusable("the key file contains no private key in PEM (PKCS#8, PKCS#1 or SEC1)")
    })?;
    let certified = CertifiedKey::from_der(chain, key, provider).map_err(unusable)?;
    certified
        .keys_match()
        .map_err(|_| unusable("the key does not belong to the certificate"))?;
    Ok(certified)
}

fn bytes(path: &Path) -> Result<zeroize::Zeroizing<Vec<u8>>, TlsError> {
    let read = fs::read(path).map(zeroize::Zeroizing::new);
    read.map_err(|error: io::Error| TlsError::File {
        file: path.to_owned(),
        reason: error.to_string(),
    })
}

fn unusable(reason: impl fmt::Display) -> TlsError {
    TlsError::Unusable(reason.to_string())
}

#[cfg(test)]
#[path = "tls_tests.rs"]
mod tests;
