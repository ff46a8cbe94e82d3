//! Numbers that clients store but must not be able to read: a count of all commits would reveal to one
//! organisation how much the others send.

use aes::{
    Aes128,
    cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use crate::Sealer;

/// Encrypts pairs of numbers as words that only the holder of this server's master key can decrypt. Equal
/// pairs give equal words. A word is one AES block, so it reveals neither the numbers nor how close two of
/// them are.
pub struct Opaque {
    current: Aes128,
    earlier: Vec<Aes128>,
}

impl Opaque {
    /// A cipher for one purpose; it rejects words that were made for another.
    pub fn new(sealer: &Sealer, purpose: &str) -> Self {
        let cipher = |key: Zeroizing<[u8; 16]>| Aes128::new(&(*key).into());
        let (current, earlier) = sealer.derive(purpose);
        Self {
            current: cipher(current),
            earlier: earlier.into_iter().map(cipher).collect(),
        }
    }

    /// Encrypts two numbers as a word of 22 base64 characters that are safe in URLs.
    pub fn hide(&self, first: u64, second: u32) -> String {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&first.to_be_bytes());
        bytes[8..12].copy_from_slice(&second.to_be_bytes());
        let mut block = bytes.into();
        self.current.encrypt_block(&mut block);
        BASE64_URL_SAFE_NO_PAD.encode(block)
    }

    /// Decrypts a word; `None` if this server did not make it for this purpose.
    pub fn read(&self, word: &str) -> Option<(u64, u32)> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(word).ok()?;
        let bytes: [u8; 16] = bytes.try_into().ok()?;
        std::iter::once(&self.current)
            .chain(&self.earlier)
            .find_map(|cipher| {
                let mut block = bytes.into();
                cipher.decrypt_block(&mut block);
                let (first, rest) = block.split_first_chunk()?;
                let (second, rest) = rest.split_first_chunk()?;
                let numbers = (u64::from_be_bytes(*first), u32::from_be_bytes(*second));
                rest.iter().all(|&byte| byte == 0).then_some(numbers)
            })
    }
}

impl std::fmt::Debug for Opaque {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Opaque")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MasterKey, SystemEntropy};

    fn key() -> MasterKey {
        MasterKey::generate(&SystemEntropy)
    }

    #[test]
    fn a_word_can_be_read_only_by_its_server_and_only_for_its_purpose() {
        let master = key();
        let sealer = Sealer::new(master.clone(), Vec::new());
        let places = Opaque::new(&sealer, "places");
        let word = places.hide(41, 7);
        assert_eq!(places.read(&word), Some((41, 7)));
        assert_eq!(places.hide(41, 7), word, "equal numbers give equal words");
        assert_eq!(Opaque::new(&sealer, "others").read(&word), None);
        let strange = Sealer::new(key(), Vec::new());
        assert_eq!(Opaque::new(&strange, "places").read(&word), None);
        let renewed = Sealer::new(key(), vec![master]);
        assert_eq!(Opaque::new(&renewed, "places").read(&word), Some((41, 7)));
        for bad in ["", "41.7", "AAAA", "AAAAAAAAAAAAAAAAAAAAAA", "é"] {
            assert_eq!(places.read(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn words_of_neighbouring_numbers_have_nothing_in_common() {
        let places = Opaque::new(&Sealer::new(key(), Vec::new()), "places");
        let (one, next) = (places.hide(1_000, 0), places.hide(1_001, 0));
        let equal = one.bytes().zip(next.bytes()).filter(|(a, b)| a == b);
        assert!(equal.count() < 10, "{one} {next}");
    }
}
