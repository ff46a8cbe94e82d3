//! Where a request came from: the address of its connection or, through proxies that are trusted, the
//! address that they saw.

use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
};

use axum::{
    extract::FromRequestParts,
    http::{Extensions, HeaderMap, HeaderName, header, request::Parts},
};
use weir_meta::Origin;

use super::body::text;
use crate::app::settings::Network;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The other end of the connection that a request came by; whoever accepts connections puts it into
/// the extensions of their requests.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// Where a request came from. The frame puts it into every request's extensions.
#[derive(Clone, Debug)]
pub(super) struct CameFrom(pub Origin);

impl<S: Sync> FromRequestParts<S> for CameFrom {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let known = parts.extensions.get::<CameFrom>().cloned();
        Ok(known.unwrap_or_else(|| CameFrom(Origin::default())))
    }
}

/// Where a request with these came from.
pub(super) fn origin(
    extensions: &Extensions,
    headers: &HeaderMap,
    trusted: &[Network],
) -> CameFrom {
    let peer = extensions.get::<Peer>();
    let address = peer.map(|peer| client(peer.0.ip().to_canonical(), headers, trusted));
    CameFrom(Origin::new(address, text(headers, &header::USER_AGENT)))
}

/// The nearest address that is no trusted proxy's. Each proxy adds the address that it saw at the
/// end; what stands before the first that is not trusted, anybody may have written.
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
    fn only_a_trusted_proxy_says_whom_it_saw() {
        assert_eq!(client_of("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(client_of("10.1.2.3", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(client_of("::1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(client_of("10.1.2.3", &[]), "10.1.2.3");
    }

    #[test]
    fn what_the_client_wrote_itself_is_not_believed() {
        let spoofed = ["192.0.2.66, 198.51.100.1", "10.9.9.9"];
        assert_eq!(client_of("10.1.2.3", &spoofed), "198.51.100.1");
        assert_eq!(client_of("10.1.2.3", &["192.0.2.66, nonsense"]), "10.1.2.3");
    }
}
