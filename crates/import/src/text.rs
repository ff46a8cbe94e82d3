//! Text that is not UTF-8.

use std::io::{self, Read};

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use encoding_rs_io::DecodeReaderBytesBuilder;

use crate::error::ImportError;

/// How many bytes of a text are looked at for its encoding and its separator.
const HEAD: usize = 16 * 1024;

/// A reader whose first bytes are known before it is read.
pub(crate) struct Headed {
    head: Vec<u8>,
    given: usize,
    /// Why there is no more than the head; told after it.
    failed: Option<io::Error>,
    rest: Box<dyn Read>,
}

impl Headed {
    pub fn new(mut rest: Box<dyn Read>) -> Self {
        let mut head = Vec::new();
        let failed = (&mut rest).take(HEAD as u64).read_to_end(&mut head).err();
        Self {
            head,
            given: 0,
            failed,
            rest,
        }
    }

    pub fn head(&self) -> &[u8] {
        &self.head
    }
}

impl Read for Headed {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let left = &self.head[self.given..];
        if !left.is_empty() {
            let n = left.len().min(buf.len());
            buf[..n].copy_from_slice(&left[..n]);
            self.given += n;
            return Ok(n);
        }
        match self.failed.take() {
            Some(error) => Err(error),
            None => self.rest.read(buf),
        }
    }
}

/// The encoding of that name, as the web knows them.
pub(crate) fn named(name: &str) -> Result<&'static Encoding, ImportError> {
    Encoding::for_label(name.as_bytes()).ok_or_else(|| {
        ImportError::Usage(format!(
            "--encoding {name}: no such encoding (as utf-8, windows-1252, iso-8859-2, utf-16le)"
        ))
    })
}

/// The text as UTF-8 without a byte order mark: of the encoding given, else of the one that its beginning tells.
pub(crate) fn decoded(raw: Box<dyn Read>, given: Option<&'static Encoding>) -> Box<dyn Read> {
    let mut raw = Headed::new(raw);
    let marked = Encoding::for_bom(raw.head());
    raw.given = marked.map_or(0, |(_, length)| length);
    let encoding = given
        .or(marked.map(|(encoding, _)| encoding))
        .or_else(|| by_zeros(raw.head()))
        .or_else(|| declared(raw.head()));
    match encoding {
        // Bytes that are not UTF-8 are for the formats' readers to refuse, record by record.
        None => Box::new(raw),
        Some(encoding) if encoding == UTF_8 => Box::new(raw),
        Some(encoding) => Box::new(
            DecodeReaderBytesBuilder::new()
                .encoding(Some(encoding))
                .build(raw),
        ),
    }
}

/// UTF-16 without a mark: of text that is mostly ASCII every other byte is zero.
fn by_zeros(head: &[u8]) -> Option<&'static Encoding> {
    let start = &head[..head.len().min(512)];
    let zeros = |first: usize| {
        let bytes = start.iter().skip(first).step_by(2);
        bytes.filter(|byte| **byte == 0).count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    let most = start.len() / 3;
    if even == 0 && odd > most {
        Some(UTF_16LE)
    } else if odd == 0 && even > most {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// What an XML declaration says.
fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let declaration = head.trim_ascii_start().strip_prefix(b"<?xml")?;
    let end = declaration.iter().position(|byte| *byte == b'>')?;
    let declaration = std::str::from_utf8(&declaration[..end]).ok()?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let name = value[1..].split(quote).next()?;
    // Declared to be UTF-16 and yet readable up to here, it is not.
    Encoding::for_label(name.as_bytes()).filter(|encoding| encoding.is_ascii_compatible())
}
