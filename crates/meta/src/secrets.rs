//! Generating API keys, tokens and passwords, and hashing keys and tokens.

use sha2::{Digest, Sha256};

use crate::{Entropy, KeyScopes, MetaError};

/// 32 characters that are hard to confuse with one another; five bits each.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The hash of a secret, the only form in which it is stored.
pub(crate) type Hash = [u8; 32];

/// The SHA-256 of a secret. It suffices for secrets with many random bits; passwords need argon2.
pub(crate) fn hash(secret: &str) -> Hash {
    Sha256::digest(secret.as_bytes()).into()
}

/// Random characters of [`ALPHABET`].
pub(crate) fn random_text(entropy: &dyn Entropy, letters: usize) -> String {
    let mut bytes = vec![0; letters];
    entropy.fill(&mut bytes);
    bytes
        .iter()
        .map(|byte| char::from(ALPHABET[usize::from(byte & 31)]))
        .collect()
}

/// A new API key of 160 random bits: `weir_<scope>_<random>`.
pub(crate) fn new_key(entropy: &dyn Entropy, scopes: &KeyScopes) -> String {
    format!("weir_{}_{}", scopes.tag(), random_text(entropy, 32))
}

/// A new session token of 260 random bits.
pub(crate) fn new_token(entropy: &dyn Entropy) -> String {
    random_text(entropy, 52)
}

/// A new password of 100 random bits, in groups that are easy to type.
pub(crate) fn new_password(entropy: &dyn Entropy) -> String {
    let letters = random_text(entropy, 20);
    let groups: Vec<&str> = (0..4).map(|i| &letters[i * 5..i * 5 + 5]).collect();
    groups.join("-")
}

/// The visible prefix that distinguishes a key from others: the scope and four characters of the random part.
/// A key that Weir did not generate shows nothing, because no one knows how much of it is random.
pub(crate) fn prefix(key: &str) -> String {
    let ours = key
        .strip_prefix("weir_")
        .and_then(|rest| rest.split_once('_'));
    match ours {
        Some((tag, random)) if random.len() >= 16 && random.is_char_boundary(4) => {
            format!("weir_{tag}_{}", &random[..4])
        }
        _ => "(given)".to_owned(),
    }
}

/// Checks that a key that Weir did not generate has 8 to 200 characters, all of which a header can contain.
///
/// # Errors
/// [`MetaError::UnusableKey`] otherwise.
pub fn check_given_key(key: &str) -> Result<(), MetaError> {
    let usable = (8..=200).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
    usable.then_some(()).ok_or(MetaError::UnusableKey)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{KeyScope, SystemEntropy};

    #[test]
    fn a_key_names_its_scope_and_its_prefix_shows_four_characters() {
        let key = new_key(&SystemEntropy, &KeyScopes::of(&[KeyScope::Ingest]));
        assert!(key.starts_with("weir_ing_"), "{key}");
        assert_eq!(key.len(), "weir_ing_".len() + 32);
        assert_eq!(prefix(&key), key[..13]);
    }

    #[test]
    fn two_secrets_differ() {
        assert_ne!(new_token(&SystemEntropy), new_token(&SystemEntropy));
        assert_ne!(new_password(&SystemEntropy), new_password(&SystemEntropy));
    }

    #[test]
    fn the_prefix_of_a_given_key_shows_nothing() {
        assert_eq!(prefix("my-own-secret-key"), "(given)");
        assert_eq!(prefix("weir_ing_short"), "(given)");
    }

    #[test]
    fn a_given_key_must_fit_a_header() {
        assert!(check_given_key("test-key-1").is_ok());
        for bad in ["", "short", "has a space in it", "ümlaut-in-a-key"] {
            assert!(check_given_key(bad).is_err(), "{bad}");
        }
    }
}
