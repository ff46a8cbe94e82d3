//! Decoding of text that is not UTF-8.

use std::io::{self, Read};

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use encoding_rs_io::DecodeReaderBytesBuilder;

use crate::error::ImportError;

/// How many bytes of a text are used to detect its encoding and its separator.
const HEAD: usize = 16 * 1024;

/// A reader whose first bytes can be inspected before it is read.
pub(crate) struct Headed {
    head: Vec<u8>,
    given: usize,
    /// The error that occurred while reading the head; returned after it.
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

/// The encoding with a name of the WHATWG Encoding Standard. Fails if there is none.
pub(crate) fn named(name: &str) -> Result<&'static Encoding, ImportError> {
    Encoding::for_label(name.as_bytes()).ok_or_else(|| {
        ImportError::Usage(format!(
            "--encoding {name}: no such encoding (examples: utf-8, windows-1252, iso-8859-2, utf-16le)"
        ))
    })
}

/// The text as UTF-8 without a byte order mark, from the given encoding, or else the one detected from its beginning.
pub(crate) fn decoded(raw: Box<dyn Read>, given: Option<&'static Encoding>) -> Box<dyn Read> {
    let mut raw = Headed::new(raw);
    let marked = Encoding::for_bom(raw.head());
    raw.given = marked.map_or(0, |(_, length)| length);
    let encoding = given
        .or(marked.map(|(encoding, _)| encoding))
        .or_else(|| by_zeros(raw.head()))
        .or_else(|| declared(raw.head()));
    match encoding {
        // The readers of the formats reject records that are not UTF-8, one by one.
        None => Box::new(raw),
        Some(encoding) if encoding == UTF_8 => Box::new(raw),
        Some(encoding) => Box::new(
            DecodeReaderBytesBuilder::new()
                .encoding(Some(encoding))
                .build(raw),
        ),
    }
}

/// Detects UTF-16 without a byte order mark: if text is mostly ASCII, every other byte is zero.
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

/// The encoding that an XML declaration names.
fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let declaration = head.trim_ascii_start().strip_prefix(b"<?xml")?;
    let end = declaration.iter().position(|byte| *byte == b'>')?;
    let declaration = std::str::from_utf8(&declaration[..end]).ok()?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let name = value[1..].split(quote).next()?;
    // A declaration of UTF-16 that was readable as ASCII is wrong.
    Encoding::for_label(name.as_bytes()).filter(|encoding| encoding.is_ascii_compatible())
}
