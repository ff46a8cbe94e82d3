//! Decompression that cannot exhaust memory: output is measured as it is produced, and held only once its
//! length is known and reserved.

use std::{
    io::{self, Read},
    sync::Arc,
};

use tokio::sync::Semaphore;

use super::{buffer::Counted, on_blocking_thread, pools::SMALL};
use crate::app::{AppError, ErrorCode};

/// The size in bytes that any body can decompress to, however small it is.
const FREELY: usize = 1 << 20;
/// The buffer in which lengths are measured, in bytes.
const PIECE: usize = 64 * 1024;
/// The largest window of a zstd frame, as a power of two: 8 MiB, the limit that RFC 9659 sets for this
/// content coding.
const WINDOW_LOG: u32 = 23;
const WINDOW: usize = 1 << WINDOW_LOG;

/// How a body is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Uncompressed.
    Identity,
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
}

/// Limits on the size of a decompressed body.
#[derive(Clone, Copy, Debug)]
pub struct Expansion {
    /// The largest size, in bytes.
    pub bytes: usize,
    /// The largest ratio to the size as sent, for sizes beyond a megabyte.
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
             nothing was stored.",
            self.ratio
        );
        AppError::new(ErrorCode::PayloadTooLarge, detail)
            .fix("Compress it less, or ask the operator to raise intake.decoded_ratio.")
    }
}

/// Why a body cannot be decompressed.
enum Failure {
    Broken(io::Error),
    /// It has more bytes than allowed.
    Longer,
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Broken(error)
    }
}

impl Encoding {
    /// Decompresses a body. Large bodies take `turns`, so that decompression never occupies all processors.
    /// Fails if the body is malformed, too large after decompression, or finds no memory.
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
            Failure::Broken(error) => self.broken(&error),
            Failure::Longer => {
                share.count_expanding();
                expansion.refusal(sent)
            }
        };
        let stated = self.stated_length(&bytes).filter(|&length| length <= most);
        let mut length = stated;
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
                // It is longer than it states.
                Err(Failure::Longer) if length == stated => length = None,
                Err(failure) => return Err(refused(failure, &share)),
            }
        }
    }

    fn broken(self, error: &io::Error) -> AppError {
        let detail = format!("The body is not valid {}: {error}.", self.name());
        AppError::new(ErrorCode::InvalidEncoding, detail)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }

    /// The length that the compressed bytes state: of the last member (modulo 4 GiB) or of the first frame.
    /// It may be wrong, and is only a first guess.
    fn stated_length(self, body: &[u8]) -> Option<usize> {
        match self {
            Self::Identity => Some(body.len()),
            Self::Gzip => {
                let end = body.last_chunk::<4>()?;
                usize::try_from(u32::from_le_bytes(*end)).ok()
            }
            Self::Zstd => {
                let stated = zstd::zstd_safe::get_frame_content_size(body).ok()??;
                usize::try_from(stated).ok()
            }
        }
    }

    /// The memory of a decoder that produces this many bytes, in bytes.
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

    /// The number of decompressed bytes, none of which is kept. Fails if there are more than `most`.
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

    /// The decompressed bytes. Fails if there are more than `expected`.
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

/// Reads once, and retries if interrupted.
fn read(reader: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(into) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}

/// Does the work on a blocking thread; for a large body, once it has its turn.
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

/// The refusal of a body that exceeds its limit in bytes.
pub fn too_large(limit: usize, when: &str) -> AppError {
    AppError::new(
        ErrorCode::PayloadTooLarge,
        format!("The body is larger than {limit} bytes {when}; nothing was stored."),
    )
    .fix("Send fewer events at a time.")
}

#[cfg(test)]
#[path = "encoding_tests.rs"]
mod tests;
