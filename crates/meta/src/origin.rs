//! Where a request came from.

use std::net::IpAddr;

/// The most of a `User-Agent` that is kept, in bytes.
const USER_AGENT_BYTES: usize = 256;

/// Where a request came from, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The network address of the client, or of the proxy in front of it that is not trusted.
    pub address: Option<IpAddr>,
    /// What the client's program says of itself; at most 256 bytes.
    pub user_agent: Option<String>,
}

impl Origin {
    /// An origin; a long `user_agent` is cut.
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
    fn a_long_user_agent_is_cut_between_characters() {
        let origin = Origin::new(None, Some(&"é".repeat(200)));
        assert_eq!(origin.user_agent, Some("é".repeat(128)));
    }
}
