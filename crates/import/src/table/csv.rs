//! CSV.

use std::io::BufRead;

use csv::{ByteRecord, StringRecord};
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use crate::error::ImportError;
use crate::input::{Input, Lines};
use crate::record::Sink;

use super::{Header, Next, Table};

/// The longest row, in bytes; a longer one probably has a quote that is not closed.
const MAX_ROW: usize = 16 * 1024 * 1024;

/// The separators that can be detected, in order of preference.
const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// A CSV file being read.
pub(super) struct Csv<'a> {
    input: &'a Input,
    text: Lines,
    core: Reader,
    header: Vec<Header>,
    header_line: u64,
    delimiter: u8,
    cells: Vec<u8>,
    ends: Vec<usize>,
}

impl<'a> Csv<'a> {
    /// Reads the header; `delimiter` is the value of the flag. Fails if the flag is wrong or there is no readable header.
    pub fn open(
        input: &'a mut Input,
        delimiter: Option<&str>,
        sink: &mut dyn Sink,
    ) -> Result<Self, ImportError> {
        let chosen = delimiter.map(given).transpose()?;
        let (first, rest) = first_line(&input.head);
        let declared = declared(first);
        let delimiter = chosen.or(declared).unwrap_or_else(|| {
            by_header(if declared.is_some() {
                rest
            } else {
                &input.head
            })
        });
        if chosen.or(declared).is_none() && delimiter != b',' {
            let shown = char::from(delimiter);
            sink.note(format!(
                "the header suggests that {shown:?} separates columns; if not, set --delimiter"
            ));
        }
        let text = input.take_text();
        let mut table = Self {
            input,
            text,
            core: ReaderBuilder::new().delimiter(delimiter).build(),
            header: Vec::new(),
            header_line: 1,
            delimiter,
            cells: vec![0; 4 * 1024],
            ends: vec![0; 64],
        };
        if declared.is_some() {
            table.skip_line()?;
        }
        let mut row = StringRecord::new();
        match table.next(&mut row)? {
            Next::End => {
                let detail = "the file is empty; a CSV file needs a header line";
                return Err(table.input.malformed(1, detail));
            }
            Next::Refused(line, detail) => return Err(table.input.malformed(line, detail)),
            Next::Row(line) => table.header_line = line,
        }
        let names = row.iter().map(|name| Header {
            name: name.trim().to_owned(),
            is_time: false,
        });
        table.header = names.collect();
        Ok(table)
    }

    pub fn stem(&self) -> String {
        self.input.stem()
    }

    /// The error for a header that is wrong, or that does not match the flags.
    pub fn malformed_header(&self, mut detail: String) -> ImportError {
        if let [only] = self.header.as_slice() {
            let (name, by) = (&only.name, char::from(self.delimiter));
            detail += &format!(
                "; with the separator {by:?}, the header is a single column, {name:?}: set another with --delimiter"
            );
        }
        self.input.malformed(self.header_line, detail)
    }

    fn skip_line(&mut self) -> Result<(), ImportError> {
        let mut line = Vec::new();
        let read = self.text.read_until(b'\n', &mut line);
        read.map_err(|error| self.input.read_error(1, &error))?;
        Ok(())
    }

    /// Skips empty lines; returns the line on which the next row begins, if there is one.
    fn next_line(&mut self) -> Result<Option<u64>, ImportError> {
        loop {
            let line = self.text.line();
            let buffer = self.text.fill_buf();
            let buffer = buffer.map_err(|error| self.input.read_error(line, &error))?;
            if buffer.is_empty() {
                return Ok(None);
            }
            let empty = buffer
                .iter()
                .take_while(|byte| matches!(byte, b'\n' | b'\r'))
                .count();
            let all = empty == buffer.len();
            self.text.consume(empty);
            if !all {
                return Ok(Some(self.text.line()));
            }
        }
    }

    /// Reads a row into `cells` and `ends`; returns the numbers of bytes and of cells.
    fn read_row(&mut self, line: u64) -> Result<(usize, usize), ImportError> {
        let (mut bytes, mut cells) = (0, 0);
        loop {
            let buffer = self.text.fill_buf();
            let buffer = buffer.map_err(|error| self.input.read_error(line, &error))?;
            let (result, read, written, ended) =
                self.core
                    .read_record(buffer, &mut self.cells[bytes..], &mut self.ends[cells..]);
            self.text.consume(read);
            bytes += written;
            cells += ended;
            match result {
                ReadRecordResult::Record | ReadRecordResult::End => return Ok((bytes, cells)),
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputEndsFull => self.ends.resize(2 * self.ends.len(), 0),
                ReadRecordResult::OutputFull if self.cells.len() >= MAX_ROW => {
                    let detail = format!(
                        "the row is longer than {MAX_ROW} bytes; probably a quote is not closed"
                    );
                    return Err(self.input.malformed(line, detail));
                }
                ReadRecordResult::OutputFull => self.cells.resize(2 * self.cells.len(), 0),
            }
        }
    }
}

impl Table for Csv<'_> {
    fn header(&self) -> &[Header] {
        &self.header
    }

    fn next(&mut self, row: &mut StringRecord) -> Result<Next, ImportError> {
        loop {
            let Some(line) = self.next_line()? else {
                return Ok(Next::End);
            };
            let (bytes, cells) = self.read_row(line)?;
            let cells = &self.ends[..cells];
            if self.header.len() > 1
                && cells.len() <= 1
                && self.cells[..bytes].trim_ascii().is_empty()
            {
                continue;
            }
            let mut raw = ByteRecord::with_capacity(bytes, cells.len());
            let mut start = 0;
            for end in cells {
                raw.push_field(&self.cells[start..*end]);
                start = *end;
            }
            return Ok(match StringRecord::from_byte_record(raw) {
                Ok(read) => {
                    *row = read;
                    Next::Row(line)
                }
                Err(_) => Next::Refused(
                    line,
                    "the row is not UTF-8: set --encoding to the file's encoding, for example windows-1252"
                        .to_owned(),
                ),
            });
        }
    }
}

/// The separator that `--delimiter` names.
fn given(text: &str) -> Result<u8, ImportError> {
    match text {
        "tab" | "\\t" => Ok(b'\t'),
        text if text.len() == 1 => Ok(text.as_bytes()[0]),
        text => Err(ImportError::Usage(format!(
            "--delimiter {text:?}: use one character, or \"tab\""
        ))),
    }
}

fn first_line(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|byte| *byte == b'\n');
    let (first, rest) = text.split_at(end.map_or(text.len(), |at| at + 1));
    (first.trim_ascii_end(), rest)
}

/// The separator that a first line such as `sep=;` declares, as spreadsheets write it.
fn declared(line: &[u8]) -> Option<u8> {
    let line = line.strip_prefix(b"\"").unwrap_or(line);
    let line = line.strip_suffix(b"\"").unwrap_or(line);
    match line.split_first_chunk::<4>()? {
        (word, [separator]) if word.eq_ignore_ascii_case(b"sep=") => Some(*separator),
        // A tab was trimmed with the line.
        (word, []) if word.eq_ignore_ascii_case(b"sep=") => Some(b'\t'),
        _ => None,
    }
}

/// The separator that occurs most often in the header, outside quotes; a comma if none does.
fn by_header(text: &[u8]) -> u8 {
    let mut counts = [0; SEPARATORS.len()];
    let mut quoted = false;
    for byte in text.trim_ascii_start() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            byte if !quoted => {
                if let Some(at) = SEPARATORS.iter().position(|separator| separator == byte) {
                    counts[at] += 1;
                }
            }
            _ => {}
        }
    }
    // Of equal counts, the first separator wins.
    let most = (0..SEPARATORS.len())
        .rev()
        .max_by_key(|at| counts[*at])
        .unwrap_or_default();
    SEPARATORS[most]
}
