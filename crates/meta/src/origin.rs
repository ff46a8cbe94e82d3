//! The origin of a request.

use std::net::IpAddr;

/// The stored length of a `User-Agent` is at most this many bytes.
const USER_AGENT_BYTES: usize = 256;

/// Where a request came from, as far as that is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The network address of the client, or of the first proxy that is not trusted.
    pub address: Option<IpAddr>,
    /// The `User-Agent` header; at most 256 bytes.
    pub user_agent: Option<String>,
}

impl Origin {
    /// An origin; truncates a long `user_agent`.
    pub fn new(address: Option<IpAddr>, user_agent: Option<&str>) -> Self {
        let cut = |text: &str| {
            let end = text.floor_char_boundary(USER_AGENT_BYTES);
            text[..end].to_owned()
        };
        Self {
            address,
            user_agent: user_agent.map(cut),
        }
    }

    /// The address as text.
    pub fn address_text(&self) -> Option<String> {
        self.address.map(|address| address.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_user_agent_is_truncated_between_characters() {
        let origin = Origin::new(None, Some(&"é".repeat(200)));
        assert_eq!(origin.user_agent, Some("é".repeat(128)));
    }
}
