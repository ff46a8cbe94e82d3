//! Opening a file: decompression, and counts of bytes and lines read.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::args::{Format, ImportArgs};
use crate::error::ImportError;
use crate::text::{self, Headed};

/// A decompressed text that counts its lines.
pub(crate) type Lines = LineCounter<Box<dyn Read>>;

/// One opened file.
pub(crate) struct Input {
    pub path: PathBuf,
    pub format: Format,
    pub text: Lines,
    /// The first bytes of the text.
    pub head: Vec<u8>,
    /// Bytes of all files, as stored (compressed or not), that were read so far.
    bytes: Arc<AtomicU64>,
    /// The value of `bytes` when the file was opened.
    bytes_before: u64,
}

impl Input {
    /// Opens `path`; format and encoding come from the flags, or from the name and content. Fails if the file cannot be
    /// opened, or if its format or the named encoding is unknown.
    pub fn open(
        path: &Path,
        args: &ImportArgs,
        bytes: Arc<AtomicU64>,
    ) -> Result<Self, ImportError> {
        let failed = |source| ImportError::File {
            path: path.to_owned(),
            source,
        };
        let format = match args.format {
            Some(format) => format,
            None => format_of(path)?,
        };
        let encoding = args.encoding.as_deref().map(text::named).transpose()?;
        let bytes_before = bytes.load(Ordering::Relaxed);
        let file = CountingReader {
            inner: File::open(path).map_err(failed)?,
            bytes: bytes.clone(),
        };
        let text: Box<dyn Read> = match (format, compression_of(path)) {
            // Its metadata is at its end, so it cannot be streamed: its reader opens the file separately.
            (Format::Parquet, _) => Box::new(io::empty()),
            (_, Some("gz")) => Box::new(flate2::bufread::MultiGzDecoder::new(BufReader::new(file))),
            (_, Some(_)) => Box::new(zstd::Decoder::new(file).map_err(failed)?),
            (_, None) => Box::new(file),
        };
        let text = Headed::new(text::decoded(text, encoding));
        Ok(Self {
            path: path.to_owned(),
            format,
            head: text.head().to_owned(),
            text: LineCounter::new(Box::new(text)),
            bytes,
            bytes_before,
        })
    }

    /// Takes the text, for another reader; what remains is empty.
    pub fn take_text(&mut self) -> Lines {
        std::mem::replace(&mut self.text, LineCounter::new(Box::new(io::empty())))
    }

    /// Counts bytes that a separate reader has read.
    pub fn advance(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// The error for a failed read: a compressed stream that ends early is a truncation.
    pub fn read_error(&self, line: u64, source: &io::Error) -> ImportError {
        if source.kind() == io::ErrorKind::UnexpectedEof || is_incomplete_zstd(source) {
            return self.truncated(line, "the compressed data is incomplete");
        }
        self.malformed(line, format!("cannot read: {source}"))
    }

    /// The error for a truncation at `line`.
    pub fn truncated(&self, line: u64, detail: impl Into<String>) -> ImportError {
        let byte = self.bytes.load(Ordering::Relaxed) - self.bytes_before;
        ImportError::Truncated {
            path: self.path.clone(),
            line,
            byte,
            detail: detail.into(),
        }
    }

    /// The error for a violation of the format at `line`.
    pub fn malformed(&self, line: u64, detail: impl Into<String>) -> ImportError {
        ImportError::Malformed {
            path: self.path.clone(),
            line,
            detail: detail.into(),
        }
    }

    /// The file's name without its extensions: `bpic2012` for `data/bpic2012.xes.gz`.
    pub fn stem(&self) -> String {
        let name = self
            .path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let known = [
            ".gz", ".zst", ".xes", ".csv", ".tsv", ".parquet", ".pq", ".ndjson", ".jsonl",
        ];
        let mut stem = name.as_str();
        while let Some(shorter) = known.iter().find_map(|end| stem.strip_suffix(end)) {
            stem = shorter;
        }
        stem.to_owned()
    }
}

/// zstd reports a stream that ends early only with this message, not with an error kind.
fn is_incomplete_zstd(error: &io::Error) -> bool {
    error.to_string().contains("incomplete frame")
}

fn compression_of(path: &Path) -> Option<&str> {
    path.extension()
        .and_then(OsStr::to_str)
        .filter(|end| matches!(*end, "gz" | "zst"))
}

fn format_of(path: &Path) -> Result<Format, ImportError> {
    let inner = if compression_of(path).is_some() {
        path.with_extension("")
    } else {
        path.to_owned()
    };
    match inner
        .extension()
        .and_then(OsStr::to_str)
        .map(str::to_ascii_lowercase)
        .as_deref()
    {
        Some("xes") => Ok(Format::Xes),
        Some("csv" | "tsv") => Ok(Format::Csv),
        Some("parquet" | "pq") => Ok(Format::Parquet),
        Some("ndjson" | "jsonl") => Ok(Format::Ndjson),
        _ => Err(ImportError::Usage(format!(
            "{}: unknown file name extension (.xes, .csv, .tsv, .ndjson, .jsonl, each optionally with .gz or .zst; .parquet); set --format",
            path.display()
        ))),
    }
}

/// Counts the bytes read through it.
struct CountingReader<R> {
    inner: R,
    bytes: Arc<AtomicU64>,
}

impl<R: Read> Read for CountingReader<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.bytes.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// A buffered reader that counts the lines read.
pub(crate) struct LineCounter<R> {
    inner: BufReader<R>,
    newlines: u64,
}

impl<R: Read> LineCounter<R> {
    pub fn new(inner: R) -> Self {
        Self {
            inner: BufReader::with_capacity(128 * 1024, inner),
            newlines: 0,
        }
    }

    /// The line (1-based) of the next byte.
    pub fn line(&self) -> u64 {
        self.newlines + 1
    }
}

impl<R: Read> Read for LineCounter<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.newlines += newlines(&buf[..n]);
        Ok(n)
    }
}

impl<R: Read> BufRead for LineCounter<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.newlines += newlines(&self.inner.buffer()[..amount]);
        self.inner.consume(amount);
    }
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}
