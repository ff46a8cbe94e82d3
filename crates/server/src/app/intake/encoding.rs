//! Decompression that cannot be made to fill the memory.

use std::io::{self, Read};

use bytes::Bytes;

use crate::app::{AppError, ErrorCode};

/// How a body is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Not at all.
    Identity,
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
}

impl Encoding {
    /// Reads a `Content-Encoding`. One coding only: nobody stacks them.
    pub fn parse(header: Option<&str>) -> Result<Self, AppError> {
        match header
            .map(|value| value.trim().to_ascii_lowercase())
            .as_deref()
        {
            None | Some("" | "identity") => Ok(Self::Identity),
            Some("gzip" | "x-gzip") => Ok(Self::Gzip),
            Some("zstd") => Ok(Self::Zstd),
            Some(other) => Err(AppError::new(
                ErrorCode::UnsupportedEncoding,
                format!("The content encoding {other:?} is not supported."),
            )
            .field("Content-Encoding")
            .fix("Use gzip, zstd or none.")),
        }
    }

    /// The bytes before compression, of which there may be at most `limit`.
    pub fn decode(self, body: Bytes, limit: usize) -> Result<Bytes, AppError> {
        match self {
            Self::Identity => Ok(body),
            Self::Gzip => read_limited(flate2::read::MultiGzDecoder::new(&body[..]), limit),
            Self::Zstd => {
                let reader = zstd::stream::read::Decoder::new(&body[..]).map_err(broken)?;
                read_limited(reader, limit)
            }
        }
    }
}

fn read_limited(reader: impl Read, limit: usize) -> Result<Bytes, AppError> {
    let mut decoded = Vec::new();
    reader
        .take(limit as u64 + 1)
        .read_to_end(&mut decoded)
        .map_err(broken)?;
    if decoded.len() > limit {
        return Err(too_large(limit, "after decompression"));
    }
    Ok(decoded.into())
}

fn broken(error: io::Error) -> AppError {
    AppError::new(
        ErrorCode::InvalidEncoding,
        format!("The body is not what its Content-Encoding says: {error}."),
    )
    .field("Content-Encoding")
    .fix("Compress the whole body, or leave Content-Encoding out. Nothing was taken.")
}

/// A refusal of a body over its limit in bytes.
pub fn too_large(limit: usize, when: &str) -> AppError {
    AppError::new(
        ErrorCode::PayloadTooLarge,
        format!("The body is larger than {limit} bytes {when}; nothing was taken."),
    )
    .fix("Send fewer events at a time.")
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(text: &[u8]) -> Bytes {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap().into()
    }

    #[test]
    fn both_compressions_give_back_what_went_in() {
        let text = b"{\"type\":\"execution\"}".repeat(100);
        let zstd = Bytes::from(zstd::encode_all(&text[..], 3).unwrap());
        assert_eq!(Encoding::Gzip.decode(gzip(&text), 1 << 20).unwrap(), text);
        assert_eq!(Encoding::Zstd.decode(zstd, 1 << 20).unwrap(), text);
    }

    #[test]
    fn a_bomb_is_refused_at_the_limit() {
        let zeros = vec![b' '; 10 << 20];
        let zstd = Bytes::from(zstd::encode_all(&zeros[..], 3).unwrap());
        for (encoding, bomb) in [(Encoding::Gzip, gzip(&zeros)), (Encoding::Zstd, zstd)] {
            assert!(bomb.len() < 100_000);
            let error = encoding.decode(bomb, 1 << 20).unwrap_err();
            assert_eq!(error.code, ErrorCode::PayloadTooLarge);
        }
    }

    #[test]
    fn exactly_the_limit_is_allowed() {
        assert_eq!(Encoding::Gzip.decode(gzip(b"12345"), 5).unwrap().len(), 5);
        assert!(Encoding::Gzip.decode(gzip(b"123456"), 5).is_err());
    }

    #[test]
    fn bytes_of_another_kind_and_truncated_bytes_are_invalid_encoding() {
        let whole = gzip(&b"some text that is long enough".repeat(50));
        let truncated = whole.slice(..whole.len() - 9);
        for body in [Bytes::from_static(b"plain text"), truncated] {
            let error = Encoding::Gzip.decode(body.clone(), 1 << 20).unwrap_err();
            assert_eq!(error.code, ErrorCode::InvalidEncoding);
            let error = Encoding::Zstd.decode(body, 1 << 20).unwrap_err();
            assert_eq!(error.code, ErrorCode::InvalidEncoding);
        }
    }

    #[test]
    fn an_unknown_encoding_is_named() {
        let error = Encoding::parse(Some("br")).unwrap_err();
        assert_eq!(error.code, ErrorCode::UnsupportedEncoding);
        assert_eq!(Encoding::parse(Some(" GZIP ")).unwrap(), Encoding::Gzip);
        assert_eq!(Encoding::parse(None).unwrap(), Encoding::Identity);
    }
}
