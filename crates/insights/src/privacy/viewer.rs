//! Whose events somebody reads, and how they see the users in them.

use std::{
    hash::{Hash, Hasher},
    ops::{Deref, Range},
};

use sha2::{Digest as _, Sha256};
use weir_meta::PseudonymKey;
use weir_model::Scope;

/// What a pseudonym begins with.
const PREFIX: &str = "u_";
/// Bytes of the digest that a pseudonym shows: two users of a project have different ones.
const SHOWN: usize = 16;

/// What a pseudonym shows of the digest.
pub(super) type Digest = [u8; SHOWN];

/// Whoever reads events of a project. Every read of the event store takes one, so that no view can
/// forget to ask whether it may show users as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Viewer {
    scope: Scope,
    veil: Option<PseudonymKey>,
    is_bound: bool,
}

impl Viewer {
    /// Somebody who sees users as they are; or the program itself.
    pub fn clear(scope: Scope) -> Self {
        Self {
            scope,
            veil: None,
            is_bound: false,
        }
    }

    /// Somebody who sees pseudonyms.
    pub(crate) fn veiled(scope: Scope, key: PseudonymKey) -> Self {
        Self {
            scope,
            veil: Some(key),
            is_bound: false,
        }
    }

    /// The same, of whom every question is about one environment: what is of the whole project is not
    /// theirs.
    #[must_use]
    pub fn bound(self) -> Self {
        Self {
            is_bound: true,
            ..self
        }
    }

    /// Whose events.
    pub fn scope(self) -> Scope {
        self.scope
    }

    /// Whether they see one environment alone.
    pub fn is_bound(self) -> bool {
        self.is_bound
    }

    /// Whether they see pseudonyms.
    pub fn is_veiled(self) -> bool {
        self.veil.is_some()
    }

    /// A user as they see them.
    pub fn user(self, id: &str) -> String {
        match self.veil {
            None => id.to_owned(),
            Some(key) => pseudonym(digest(key, self.scope, id)),
        }
    }

    /// What their pseudonym of a user shows.
    pub(super) fn digest(self, id: &str) -> Digest {
        let of = |key| digest(key, self.scope, id);
        self.veil.map(of).unwrap_or_default()
    }
}

impl Deref for Viewer {
    type Target = Scope;

    fn deref(&self) -> &Scope {
        &self.scope
    }
}

impl Hash for Viewer {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // A tenant has one key.
        (self.scope, self.is_veiled(), self.is_bound).hash(state);
    }
}

/// What a pseudonym shows; nothing if the text does not look like one.
pub(super) fn digest_shown(text: &str) -> Option<Digest> {
    let digits = text.strip_prefix(PREFIX)?.as_bytes();
    if digits.len() != 2 * SHOWN {
        return None;
    }
    let mut shown = [0; SHOWN];
    for (byte, digits) in shown.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = 16 * value(digits[0])? + value(digits[1])?;
    }
    Some(shown)
}

/// Whether a text looks like a pseudonym.
pub(super) fn is_pseudonym(text: &str) -> bool {
    digest_shown(text).is_some()
}

/// Where a text has what looks like pseudonyms.
pub(super) fn pseudonyms_in(text: &str) -> impl Iterator<Item = Range<usize>> {
    let length = PREFIX.len() + 2 * SHOWN;
    text.match_indices(PREFIX)
        .map(move |(at, _)| at..at + length)
        .filter(move |place| text.get(place.clone()).is_some_and(is_pseudonym))
}

fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

/// The first half of HMAC-SHA256 over project and id: nobody without the key finds the id, also not by
/// trying ids.
fn digest(key: PseudonymKey, scope: Scope, id: &str) -> Digest {
    let whole = hmac_sha256(&key.0, &[&scope.project.0.to_be_bytes(), id.as_bytes()]);
    let mut shown = [0; SHOWN];
    shown.copy_from_slice(&whole[..SHOWN]);
    shown
}

/// `u_` and a digest.
fn pseudonym(digest: Digest) -> String {
    let digits = digest.iter().map(|byte| format!("{byte:02x}"));
    std::iter::once(PREFIX.to_owned()).chain(digits).collect()
}

/// HMAC-SHA256 (RFC 2104) of some bytes after another, with a key of half a block.
fn hmac_sha256(key: &[u8; 32], message: &[&[u8]]) -> [u8; 32] {
    let padded = |with: u8| {
        let mut block = [with; 64];
        for (byte, key) in block.iter_mut().zip(key) {
            *byte ^= key;
        }
        block
    };
    let mut inner = Sha256::new_with_prefix(padded(0x36));
    message.iter().for_each(|part| inner.update(part));
    Sha256::new_with_prefix(padded(0x5c))
        .chain_update(inner.finalize())
        .finalize()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_that_of_rfc_4231() {
        // Its second case has a key of four bytes, which zeros make a longer one of.
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        let digest = hmac_sha256(&key, &[b"what do ya want ", b"for nothing?"]);
        let text: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            text,
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn a_pseudonym_depends_on_key_project_and_id_and_on_nothing_else() {
        let key = |byte| PseudonymKey([byte; 32]);
        let of = |byte, project, id| Viewer::veiled(Scope::new(1, project), key(byte)).user(id);
        let one = of(1, 1, "ada");
        assert_eq!(one, of(1, 1, "ada"));
        for other in [of(2, 1, "ada"), of(1, 2, "ada"), of(1, 1, "bob")] {
            assert_ne!(one, other);
        }
        assert!(is_pseudonym(&one) && !one.contains("ada"));
        for other in ["u_", "ada", "u_0123", &one.to_uppercase()] {
            assert!(!is_pseudonym(other));
        }
        assert_eq!(Viewer::clear(Scope::new(1, 1)).user("ada"), "ada");
    }
}
