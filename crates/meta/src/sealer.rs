//! Sealing secrets that must be read again (others are hashed): they are encrypted and authenticated with
//! XChaCha20-Poly1305 under a master key that is not in the database.

use std::fmt;

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

use crate::{Entropy, MetaError, sealed::Sealed};

/// The format of sealed values, which is their first byte.
const FORMAT: u8 = 1;
const KEY_ID: usize = 8;
const NONCE: usize = 24;
const HEAD: usize = 1 + KEY_ID + NONCE;

/// The 32-byte key under which secrets are sealed. Its debug form shows only its id.
#[derive(Clone, PartialEq, Eq)]
pub struct MasterKey([u8; 32]);

impl MasterKey {
    /// Generates a random key.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0; 32];
        entropy.fill(&mut bytes);
        Self(bytes)
    }

    /// Parses 64 hexadecimal digits, or 32 bytes in base64; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let mut bytes = match text.len() {
            64 => hex(text)?,
            _ => base64(text)?,
        };
        let key = bytes.as_slice().try_into().ok().map(Self);
        bytes.zeroize();
        key
    }

    /// The key as 64 hexadecimal digits, for a file that only its owner can read.
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(self.0.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Derives a key for one purpose: half of a digest, so that it cannot be extended to the key of another
    /// purpose.
    fn derive(&self, purpose: &str) -> Zeroizing<[u8; 16]> {
        let hash = Sha256::new()
            .chain_update(b"weir derived key\0")
            .chain_update(self.0)
            .chain_update(purpose.as_bytes())
            .finalize();
        let mut derived = Zeroizing::new([0; 16]);
        derived.copy_from_slice(&hash[..16]);
        derived
    }

    /// An id that distinguishes the key from others and reveals nothing about it.
    pub fn id(&self) -> KeyId {
        let hash = Sha256::new()
            .chain_update(b"weir master key id\0")
            .chain_update(self.0)
            .finalize();
        let mut id = [0; KEY_ID];
        id.copy_from_slice(&hash[..KEY_ID]);
        KeyId(id)
    }
}

impl Drop for MasterKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({})", self.id())
    }
}

/// The id of a master key, derived from the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyId([u8; KEY_ID]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Seals secrets with the current master key, and opens what the current or an earlier one sealed.
#[derive(Debug)]
pub struct Sealer {
    current: MasterKey,
    earlier: Vec<MasterKey>,
}

impl Sealer {
    /// A sealer that seals with `current`. The `earlier` keys only open what has not been sealed again yet.
    pub fn new(current: MasterKey, earlier: Vec<MasterKey>) -> Self {
        Self { current, earlier }
    }

    /// The id of the key that seals.
    pub fn current(&self) -> KeyId {
        self.current.id()
    }

    /// Seals a secret for one kind and one row; it cannot be opened as anything else. Fails if the secret is
    /// too long for the cipher.
    pub fn seal(
        &self,
        what: Sealed,
        row: &str,
        secret: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, MetaError> {
        let mut nonce = [0; NONCE];
        entropy.fill(&mut nonce);
        let mut sealed = Vec::with_capacity(HEAD + secret.len() + 16);
        sealed.push(FORMAT);
        sealed.extend_from_slice(&self.current.id().0);
        sealed.extend_from_slice(&nonce);
        let aad = associated(what, row);
        let payload = Payload {
            msg: secret,
            aad: &aad,
        };
        let text = cipher(&self.current)
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| MetaError::Damaged("secret: too long to be sealed"))?;
        sealed.extend_from_slice(&text);
        Ok(sealed)
    }

    /// Opens a secret that was sealed for this kind and row. Fails if none of the keys sealed it, or if it is
    /// damaged or was sealed for another kind or row.
    pub fn open(
        &self,
        what: Sealed,
        row: &str,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, MetaError> {
        let id = key_id(sealed).ok_or(MetaError::Damaged("sealed secret"))?;
        let key = self.key(id).ok_or(MetaError::UnknownMasterKey(id))?;
        let mut nonce = [0; NONCE];
        nonce.copy_from_slice(&sealed[1 + KEY_ID..HEAD]);
        let aad = associated(what, row);
        let payload = Payload {
            msg: &sealed[HEAD..],
            aad: &aad,
        };
        cipher(key)
            .decrypt(&XNonce::from(nonce), payload)
            .map(Zeroizing::new)
            .map_err(|_| MetaError::Damaged("sealed secret: it is not what was sealed here"))
    }

    /// Derives keys for a purpose other than sealing from the current master key and from the earlier ones.
    /// They reveal nothing about the master keys.
    pub(crate) fn derive(&self, purpose: &str) -> (Zeroizing<[u8; 16]>, Vec<Zeroizing<[u8; 16]>>) {
        let earlier = self.earlier.iter().map(|key| key.derive(purpose));
        (self.current.derive(purpose), earlier.collect())
    }

    /// Whether the current key sealed this value.
    pub(crate) fn is_current(&self, sealed: &[u8]) -> bool {
        key_id(sealed) == Some(self.current.id())
    }

    fn key(&self, id: KeyId) -> Option<&MasterKey> {
        std::iter::once(&self.current)
            .chain(&self.earlier)
            .find(|key| key.id() == id)
    }
}

fn cipher(key: &MasterKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&key.0.into())
}

fn key_id(sealed: &[u8]) -> Option<KeyId> {
    let well_formed = sealed.len() >= HEAD && sealed[0] == FORMAT;
    let id = sealed.get(1..=KEY_ID)?.try_into().ok()?;
    well_formed.then_some(KeyId(id))
}

/// The associated data that binds a sealed value to its place. No purpose contains a zero byte.
fn associated(what: Sealed, row: &str) -> Vec<u8> {
    format!("weir\0{}\0{row}", what.purpose()).into_bytes()
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2);
    digits
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

fn base64(text: &str) -> Option<Vec<u8>> {
    use base64::{Engine, engine::general_purpose as engines};
    let unpadded = text.trim_end_matches('=');
    engines::STANDARD_NO_PAD
        .decode(unpadded)
        .or_else(|_| engines::URL_SAFE_NO_PAD.decode(unpadded))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemEntropy;

    fn key() -> MasterKey {
        MasterKey::generate(&SystemEntropy)
    }

    fn seal(sealer: &Sealer, row: &str) -> Vec<u8> {
        sealer
            .seal(Sealed::StoreKey, row, b"open sesame", &SystemEntropy)
            .unwrap()
    }

    #[test]
    fn a_sealed_secret_opens_only_for_its_row_and_is_not_readable() {
        let sealer = Sealer::new(key(), Vec::new());
        let sealed = seal(&sealer, "a");
        assert!(!sealed.windows(4).any(|part| part == b"open"));
        let opened = sealer.open(Sealed::StoreKey, "a", &sealed).unwrap();
        assert_eq!(opened.as_slice(), b"open sesame");
        assert!(sealer.open(Sealed::StoreKey, "b", &sealed).is_err());
        assert_ne!(sealed, seal(&sealer, "a"), "every nonce is new");
    }

    #[test]
    fn every_changed_byte_is_detected() {
        let sealer = Sealer::new(key(), Vec::new());
        let sealed = seal(&sealer, "a");
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert!(
                sealer.open(Sealed::StoreKey, "a", &changed).is_err(),
                "{place}"
            );
            assert!(
                sealer
                    .open(Sealed::StoreKey, "a", &sealed[..place])
                    .is_err()
            );
        }
    }

    #[test]
    fn an_earlier_key_still_opens_and_an_unknown_one_is_named() {
        let (old, new) = (key(), key());
        let sealed = seal(&Sealer::new(old.clone(), Vec::new()), "a");
        let both = Sealer::new(new.clone(), vec![old.clone()]);
        assert!(both.open(Sealed::StoreKey, "a", &sealed).is_ok());
        assert!(!both.is_current(&sealed) && both.is_current(&seal(&both, "a")));
        let error = Sealer::new(new, Vec::new())
            .open(Sealed::StoreKey, "a", &sealed)
            .unwrap_err();
        assert!(error.to_string().contains(&old.id().to_string()), "{error}");
    }

    #[test]
    fn a_key_is_parsed_from_hexadecimal_and_both_base64_alphabets_and_round_trips() {
        let zeros = "00".repeat(32);
        let base = format!("{}=", "A".repeat(43));
        assert_eq!(MasterKey::parse(&zeros), MasterKey::parse(&base));
        assert_eq!(
            MasterKey::parse(&format!("{}\n", "-_".repeat(21) + "8")),
            MasterKey::parse(&("+/".repeat(21) + "8="))
        );
        let key = key();
        assert_eq!(MasterKey::parse(&key.to_text()), Some(key.clone()));
        assert!(!format!("{key:?}").contains(&key.to_text()[..8]));
        for bad in ["", "abc", &"0".repeat(63), &"g".repeat(64), &"é".repeat(32)] {
            assert!(MasterKey::parse(bad).is_none(), "{bad}");
        }
    }
}
