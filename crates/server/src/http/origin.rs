//! The origin of a request: the address of its connection or, through trusted proxies, the address that they
//! report.

use std::{convert::Infallible, net::IpAddr};

use axum::{
    extract::FromRequestParts,
    http::{Extensions, HeaderMap, HeaderName, header, request::Parts},
};
use weir_meta::Origin;

use super::headers::text;
use crate::{app::settings::Network, net::Peer};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The origin of a request. The frame adds it to the extensions of every request.
#[derive(Clone, Debug)]
pub(super) struct CameFrom(pub Origin);

impl<S: Sync> FromRequestParts<S> for CameFrom {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let known = parts.extensions.get::<CameFrom>().cloned();
        Ok(known.unwrap_or_else(|| CameFrom(Origin::default())))
    }
}

/// The origin of a request with these extensions and headers.
pub(super) fn origin(
    extensions: &Extensions,
    headers: &HeaderMap,
    trusted: &[Network],
) -> CameFrom {
    let peer = extensions.get::<Peer>();
    let address = peer.map(|peer| client(peer.0.ip().to_canonical(), headers, trusted));
    CameFrom(Origin::new(address, text(headers, &header::USER_AGENT)))
}

/// The nearest address that does not belong to a trusted proxy. Each proxy appends the address that it saw.
/// Anyone can have written what precedes the first address that is not trusted.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut nearest = peer;
    let seen = headers.get_all(FORWARDED_FOR).iter();
    let seen: Vec<&str> = seen
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    for address in seen.iter().rev() {
        if !is_trusted(nearest) {
            break;
        }
        let Ok(address) = address.trim().parse::<IpAddr>() else {
            break;
        };
        nearest = address.to_canonical();
    }
    nearest
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn client_of(peer: &str, forwarded: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, HeaderValue::from_static(value));
        }
        let trusted: Vec<Network> = ["10.0.0.0/8", "::1"]
            .iter()
            .map(|network| network.parse().unwrap())
            .collect();
        client(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        assert_eq!(client_of("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(client_of("10.1.2.3", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(client_of("::1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(client_of("10.1.2.3", &[]), "10.1.2.3");
    }

    #[test]
    fn addresses_that_the_client_sent_are_ignored() {
        let spoofed = ["192.0.2.66, 198.51.100.1", "10.9.9.9"];
        assert_eq!(client_of("10.1.2.3", &spoofed), "198.51.100.1");
        assert_eq!(client_of("10.1.2.3", &["192.0.2.66, nonsense"]), "10.1.2.3");
    }
}
