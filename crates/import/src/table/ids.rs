//! Ids for rows that have none.

use std::collections::{HashMap, HashSet};

use sha2::{Digest, Sha256};

use crate::error::ImportError;
use crate::record::Sink;

/// Bytes of memory for the digest of a row, including the free space of a hash table.
const MARK: usize = 24;

/// Gives the rows of a file unique ids that depend only on the content of the file.
pub(super) struct Ids {
    /// The contents seen so far, by half of their digest.
    seen: HashSet<u64>,
    /// The number of occurrences of contents seen more than once.
    again: HashMap<u64, u64>,
    most: usize,
    memory: u32,
    repeated: u64,
    first_repeated: u64,
}

impl Ids {
    /// Keeps digests in up to `memory` megabytes.
    pub fn new(memory: u32) -> Self {
        Self {
            seen: HashSet::new(),
            again: HashMap::new(),
            most: (memory as usize).saturating_mul(1024 * 1024) / MARK,
            memory,
            repeated: 0,
            first_repeated: 0,
        }
    }

    /// The id of a row with this content: 128 bits of its digest, and from the second such row on also its number. Fails
    /// if there are more rows than fit into memory.
    pub fn of(&mut self, content: &[u8], line: u64) -> Result<String, ImportError> {
        let digest = Sha256::digest(content);
        let hex: String = digest[..16]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let mark = digest[..8]
            .iter()
            .fold(0, |mark: u64, byte| (mark << 8) | u64::from(*byte));
        if self.seen.insert(mark) {
            if self.seen.len() + 2 * self.again.len() > self.most {
                return Err(self.full(line));
            }
            return Ok(format!("csv-{hex}"));
        }
        if self.repeated == 0 {
            self.first_repeated = line;
        }
        self.repeated += 1;
        let times = self.again.entry(mark).or_insert(1);
        *times += 1;
        Ok(format!("csv-{hex}-{times}"))
    }

    fn full(&self, line: u64) -> ImportError {
        ImportError::Usage(format!(
            "line {line}: more than {} different rows without an id do not fit into {} MB; map a column to the id \
             (--map id=COLUMN), allow more memory (--memory), or split the file",
            self.seen.len() - 1,
            self.memory
        ))
    }

    /// Adds a note about identical rows.
    pub fn note(&self, sink: &mut dyn Sink) {
        if self.repeated > 0 {
            sink.note(format!(
                "rows that are identical to an earlier row: {} (first in line {}); each counts. If they are copies, \
                 remove them from the file; if not, map a column that distinguishes them",
                self.repeated, self.first_repeated
            ));
        }
    }
}
