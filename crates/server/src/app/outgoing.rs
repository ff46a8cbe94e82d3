//! The configured client for requests to other servers.

use std::sync::Arc;

use rustls::pki_types::{CertificateDer, pem::PemObject};
use weir_outgoing::{Client, Policy};

use super::{AppError, settings::OutgoingSettings};

/// The client for addresses that users or third parties can influence. Fails if `outgoing.authorities` is not
/// PEM.
pub(super) fn client(settings: &OutgoingSettings) -> Result<Client, AppError> {
    let wrong = |error: &dyn std::fmt::Display| {
        AppError::internal(format!("outgoing.authorities: {error}"))
    };
    let authorities = CertificateDer::pem_slice_iter(settings.authorities.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|error| wrong(&error))?;
    let allowed = settings.allowed.clone();
    let policy = Policy {
        allowed: Arc::new(move |address| allowed.iter().any(|network| network.contains(address))),
        plain: settings.plain_http,
        authorities,
        ..Policy::default()
    };
    Client::new(policy).map_err(|error| wrong(&error))
}
