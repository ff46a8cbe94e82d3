//! Time-based one-time passwords (RFC 6238) with SHA-1, six digits and steps of 30 seconds, which every
//! authenticator app supports.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use subtle::ConstantTimeEq;
use weir_model::{Timestamp, time::SECOND};

/// The length of a step in milliseconds.
const STEP_MS: i64 = 30 * SECOND;
/// How many steps a clock may be fast or slow.
const DRIFT: i64 = 1;
/// The alphabet of base32 (RFC 4648).
const BASE_32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The secret of a second factor: as long as a SHA-1 digest, as RFC 4226 recommends.
pub(crate) type Secret = [u8; 20];

/// The step of a code, if it is one of the steps around `now`. Compares with all of them, in constant time.
pub(crate) fn step_of(secret: &[u8], code: &str, now: Timestamp) -> Option<i64> {
    let present = now.0.div_euclid(STEP_MS);
    let mut found = None;
    for step in present - DRIFT..=present + DRIFT {
        let same = self::code(secret, step).as_bytes().ct_eq(code.as_bytes());
        if bool::from(same) {
            found = Some(step);
        }
    }
    found
}

/// The code of a step (RFC 4226, 5.3).
fn code(secret: &[u8], step: i64) -> String {
    // HMAC accepts keys of any length, so this never fails.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret) else {
        return String::new();
    };
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest[19] & 15);
    let mut word = [0; 4];
    word.copy_from_slice(&digest[offset..offset + 4]);
    let number = u32::from_be_bytes(word) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

/// Encodes bytes in base32 without padding, as authenticator apps expect.
pub(crate) fn base_32(bytes: &[u8]) -> String {
    let (mut text, mut bits, mut held) = (String::new(), 0_u32, 0_u32);
    for &byte in bytes {
        bits = bits << 8 | u32::from(byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            text.push(char::from(BASE_32[(bits >> held & 31) as usize]));
        }
    }
    if held > 0 {
        text.push(char::from(BASE_32[(bits << (5 - held) & 31) as usize]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn codes_match_the_appendix_of_rfc_6238() {
        // The appendix has eight digits; a code of six digits is the last six of them.
        for (seconds, eight) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(code(SECRET, seconds / 30), eight[2..], "{seconds}");
        }
    }

    #[test]
    fn a_clock_may_be_off_by_one_step_and_not_by_two() {
        let now = Timestamp(1_111_111_111_000);
        let present = 1_111_111_111 / 30;
        for (off, good) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let found = step_of(SECRET, &code(SECRET, present + off), now);
            assert_eq!(found, good.then_some(present + off), "{off}");
        }
        for bad in ["", "12345", "0", "050471 ", "٠٥٠٤٧١"] {
            assert_eq!(step_of(SECRET, bad, now), None, "{bad:?}");
        }
    }

    #[test]
    fn base_32_matches_rfc_4648_without_padding() {
        for (bytes, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base_32(bytes.as_bytes()), text);
        }
    }
}
