//! Decompression that cannot be made to fill the memory: what comes out is counted while it comes out,
//! and held only once its length is known and counted.

use std::{
    io::{self, Read},
    sync::Arc,
};

use tokio::sync::Semaphore;

use super::{
    memory::{Counted, SMALL},
    on_blocking_thread,
};
use crate::app::{AppError, ErrorCode};

/// However small a body is, it may become so many bytes.
const FREELY: usize = 1 << 20;
/// The piece in which lengths are measured.
const PIECE: usize = 64 * 1024;
/// The most that a zstd frame may ask a decoder to remember, as a power of two: 8 MiB, which RFC 9659 demands
/// of whoever sends this coding.
const WINDOW_LOG: u32 = 23;
const WINDOW: usize = 1 << WINDOW_LOG;

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

/// How much decompression may make of a body.
#[derive(Clone, Copy, Debug)]
pub struct Expansion {
    /// The most bytes.
    pub bytes: usize,
    /// How many times what was sent, beyond a megabyte.
    pub ratio: usize,
}

impl Expansion {
    fn most(self, sent: usize) -> usize {
        self.bytes.min(sent.saturating_mul(self.ratio).max(FREELY))
    }

    fn refusal(self, sent: usize) -> AppError {
        if self.most(sent) == self.bytes {
            return too_large(self.bytes, "after decompression");
        }
        let detail = format!(
            "The body is more than {} times as large after decompression, and larger than {FREELY} bytes; \
             nothing was taken.",
            self.ratio
        );
        AppError::new(ErrorCode::PayloadTooLarge, detail)
            .fix("Send it with less compression; the operator can raise intake.decoded_ratio.")
    }
}

/// Why a body has no bytes before compression.
enum Failure {
    Broken(io::Error),
    /// There are more than there may be.
    Longer,
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Broken(error)
    }
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

    /// The bytes before compression. Large bodies take `turns`, so that decompression never has all
    /// processors.
    pub(super) async fn decode(
        self,
        body: Counted,
        expansion: Expansion,
        turns: &Arc<Semaphore>,
    ) -> Result<Counted, AppError> {
        if self == Self::Identity {
            return Ok(body);
        }
        let Counted { bytes, mut share } = body;
        let (sent, most) = (bytes.len(), expansion.most(bytes.len()));
        let refused = |failure, share: &super::Share| match failure {
            Failure::Broken(error) => broken(&error),
            Failure::Longer => {
                share.count_expanding();
                expansion.refusal(sent)
            }
        };
        let told = self.told_length(&bytes).filter(|&length| length <= most);
        let mut length = told;
        loop {
            let Some(expected) = length else {
                share.hold(sent + self.memory(most)).await?;
                let body = bytes.clone();
                let measured = in_turn(turns, sent, move || self.measure(&body, most)).await?;
                length = Some(measured.map_err(|failure| refused(failure, &share))?);
                continue;
            };
            share.hold(sent + self.memory(expected) + expected).await?;
            let body = bytes.clone();
            match in_turn(turns, sent, move || self.read(&body, expected)).await? {
                Ok(decoded) => {
                    drop(bytes);
                    share.hold(decoded.capacity()).await?;
                    return Ok(Counted {
                        bytes: decoded.into(),
                        share,
                    });
                }
                // It is longer than it says.
                Err(Failure::Longer) if length == told => length = None,
                Err(failure) => return Err(refused(failure, &share)),
            }
        }
    }

    /// The length that the compressed bytes themselves tell: of the last member (modulo 4 GiB) or of the
    /// first frame. It may be wrong, and is only where to begin.
    fn told_length(self, body: &[u8]) -> Option<usize> {
        match self {
            Self::Identity => Some(body.len()),
            Self::Gzip => {
                let end = body.last_chunk::<4>()?;
                usize::try_from(u32::from_le_bytes(*end)).ok()
            }
            Self::Zstd => {
                let told = zstd::zstd_safe::get_frame_content_size(body).ok()??;
                usize::try_from(told).ok()
            }
        }
    }

    /// What a decoder remembers of so many bytes.
    fn memory(self, decoded: usize) -> usize {
        match self {
            Self::Identity | Self::Gzip => 0,
            Self::Zstd => decoded.min(WINDOW),
        }
    }

    fn reader(self, body: &[u8]) -> io::Result<Box<dyn Read + '_>> {
        Ok(match self {
            Self::Identity => Box::new(body),
            Self::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(body)),
            Self::Zstd => {
                let mut reader = zstd::stream::read::Decoder::with_buffer(body)?;
                reader.window_log_max(WINDOW_LOG)?;
                Box::new(reader)
            }
        })
    }

    /// How many bytes come out, if they are not more than `most`. None of them is kept.
    fn measure(self, body: &[u8], most: usize) -> Result<usize, Failure> {
        let mut reader = self.reader(body)?;
        let mut piece = vec![0; PIECE];
        let mut length = 0;
        loop {
            match read(&mut reader, &mut piece)? {
                0 => return Ok(length),
                more => length += more,
            }
            if length > most {
                return Err(Failure::Longer);
            }
        }
    }

    /// What comes out, if it is not more than `expected` bytes.
    fn read(self, body: &[u8], expected: usize) -> Result<Vec<u8>, Failure> {
        let mut reader = self.reader(body)?;
        let mut decoded = vec![0; expected];
        let mut length = 0;
        while length < expected {
            match read(&mut reader, &mut decoded[length..])? {
                0 => break,
                more => length += more,
            }
        }
        if read(&mut reader, &mut [0])? > 0 {
            return Err(Failure::Longer);
        }
        decoded.truncate(length);
        Ok(decoded)
    }
}

/// Reads once; an interruption is nothing.
fn read(reader: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(into) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}

/// Does the work on a blocking thread; for a body that is not small, when it is its turn.
async fn in_turn<T: Send + 'static>(
    turns: &Arc<Semaphore>,
    sent: usize,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, AppError> {
    let turn = match sent > SMALL {
        true => Some(Arc::clone(turns).acquire_owned().await),
        false => None,
    };
    on_blocking_thread(move || {
        let _turn = turn;
        work()
    })
    .await
}

fn broken(error: &io::Error) -> AppError {
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
    use std::{io::Write, time::Duration};

    use super::{
        super::memory::{Buffer, Memory, Sender},
        *,
    };

    const ROOM: usize = 512 << 20;
    const EXPANSION: Expansion = Expansion {
        bytes: 256 << 20,
        ratio: 100,
    };

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    /// Without a length in its head.
    fn zstd_streamed(text: &[u8]) -> Vec<u8> {
        let mut encoder = zstd::stream::Encoder::new(Vec::new(), 3).unwrap();
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn zstd_whole(text: &[u8]) -> Vec<u8> {
        zstd::bulk::compress(text, 3).unwrap()
    }

    async fn decoded_in(
        room: usize,
        encoding: Encoding,
        body: &[u8],
        expansion: Expansion,
    ) -> Result<Vec<u8>, AppError> {
        let memory = Arc::new(Memory::new(room, Duration::ZERO));
        let mut buffer = Buffer::new(memory.share(Sender::default()));
        buffer.extend(body, body.len()).await.unwrap();
        let turns = Arc::new(Semaphore::new(1));
        let decoded = encoding.decode(buffer.finish(), expansion, &turns).await?;
        Ok(decoded.bytes.to_vec())
    }

    async fn decoded(
        encoding: Encoding,
        body: &[u8],
        expansion: Expansion,
    ) -> Result<Vec<u8>, ErrorCode> {
        let decoded = decoded_in(ROOM, encoding, body, expansion).await;
        decoded.map_err(|error| error.code)
    }

    #[tokio::test]
    async fn both_compressions_give_back_what_went_in() {
        let text = b"{\"type\":\"execution\"}".repeat(10_000);
        for (encoding, body) in [
            (Encoding::Gzip, gzip(&text)),
            (Encoding::Zstd, zstd_streamed(&text)),
            (Encoding::Zstd, zstd_whole(&text)),
        ] {
            assert_eq!(decoded(encoding, &body, EXPANSION).await.unwrap(), text);
        }
    }

    #[tokio::test]
    async fn members_and_frames_one_after_another_are_one_body() {
        let parts = [b"first ".repeat(50_000), b"second".to_vec()];
        let whole = parts.concat();
        for (encoding, body) in [
            (
                Encoding::Gzip,
                parts.each_ref().map(|part| gzip(part)).concat(),
            ),
            (
                Encoding::Zstd,
                parts.each_ref().map(|part| zstd_whole(part)).concat(),
            ),
        ] {
            assert_eq!(decoded(encoding, &body, EXPANSION).await.unwrap(), whole);
        }
    }

    #[tokio::test]
    async fn a_length_that_is_told_wrongly_changes_nothing() {
        let text = b"some text".repeat(1000);
        for told in [0_u32, 1, 9001, 900_000, u32::MAX] {
            // Two members: the checked length of the first is right, that of the body is not.
            let mut body = gzip(&text);
            let end = body.len() - 4;
            body.extend(gzip(b""));
            assert_eq!(
                decoded(Encoding::Gzip, &body, EXPANSION).await.unwrap(),
                text
            );
            body.truncate(end + 4);
            body[end..].copy_from_slice(&told.to_le_bytes());
            let refused = decoded(Encoding::Gzip, &body, EXPANSION).await;
            assert_eq!(refused, Err(ErrorCode::InvalidEncoding), "{told}");
        }
    }

    #[tokio::test]
    async fn a_bomb_is_refused_by_its_size_and_by_its_ratio() {
        let zeros = vec![b' '; 10 << 20];
        let by_size = Expansion {
            bytes: 1 << 20,
            ratio: usize::MAX,
        };
        for (encoding, bomb) in [
            (Encoding::Gzip, gzip(&zeros)),
            (Encoding::Zstd, zstd_streamed(&zeros)),
            (Encoding::Zstd, zstd_whole(&zeros)),
        ] {
            assert!(bomb.len() < 100_000);
            for expansion in [by_size, EXPANSION] {
                let refused = decoded(encoding, &bomb, expansion).await;
                assert_eq!(refused, Err(ErrorCode::PayloadTooLarge), "{expansion:?}");
            }
        }
    }

    #[tokio::test]
    async fn what_finds_no_memory_is_refused_before_it_is_held() {
        let text = b"0123456789abcdef".repeat(100_000);
        let body = zstd_whole(&text);
        let expansion = Expansion {
            ratio: usize::MAX,
            ..EXPANSION
        };
        let room = decoded_in(6 << 20, Encoding::Zstd, &body, expansion).await;
        assert_eq!(room.unwrap().len(), text.len());
        let none = decoded_in(1 << 20, Encoding::Zstd, &body, expansion).await;
        assert_eq!(none.unwrap_err().code, ErrorCode::PayloadTooLarge);
    }

    #[tokio::test]
    async fn a_frame_that_wants_the_decoder_to_remember_too_much_is_refused() {
        let mut encoder = zstd::stream::Encoder::new(Vec::new(), 3).unwrap();
        encoder.window_log(27).unwrap();
        encoder.write_all(&b"a text".repeat(1000)).unwrap();
        let body = encoder.finish().unwrap();
        let refused = decoded(Encoding::Zstd, &body, EXPANSION).await;
        assert_eq!(refused, Err(ErrorCode::InvalidEncoding));
    }

    #[tokio::test]
    async fn exactly_the_limit_is_allowed() {
        let five = Expansion {
            bytes: 5,
            ratio: 100,
        };
        assert!(decoded(Encoding::Gzip, &gzip(b"12345"), five).await.is_ok());
        let refused = decoded(Encoding::Gzip, &gzip(b"123456"), five).await;
        assert_eq!(refused, Err(ErrorCode::PayloadTooLarge));
    }

    #[tokio::test]
    async fn bytes_of_another_kind_and_truncated_bytes_are_invalid_encoding() {
        let whole = gzip(&b"some text that is long enough".repeat(50));
        let truncated = &whole[..whole.len() - 9];
        for body in [&b"plain text"[..], truncated] {
            for encoding in [Encoding::Gzip, Encoding::Zstd] {
                let refused = decoded(encoding, body, EXPANSION).await;
                assert_eq!(refused, Err(ErrorCode::InvalidEncoding), "{body:?}");
            }
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
