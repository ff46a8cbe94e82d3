//! Ids of rows that have none.

use std::collections::{HashMap, HashSet};

use sha2::{Digest, Sha256};

use crate::error::ImportError;
use crate::record::Sink;

/// Bytes of memory for the mark of a row, with the room that a hash table leaves free.
const MARK: usize = 24;

/// Gives the rows of a file ids that depend on what the file says only, and are all different.
pub(super) struct Ids {
    /// The contents met so far, by half of their digest.
    seen: HashSet<u64>,
    /// How often those were met that were met again.
    again: HashMap<u64, u64>,
    most: usize,
    memory: u32,
    alike: u64,
    first_alike: u64,
}

impl Ids {
    /// Keeps marks in so many megabytes.
    pub fn new(memory: u32) -> Self {
        Self {
            seen: HashSet::new(),
            again: HashMap::new(),
            most: (memory as usize).saturating_mul(1024 * 1024) / MARK,
            memory,
            alike: 0,
            first_alike: 0,
        }
    }

    /// The id of a row that says this: 128 bits of it, and from the second such row on its number.
    ///
    /// # Errors
    /// There are more rows than can be told apart in the memory allowed.
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
        if self.alike == 0 {
            self.first_alike = line;
        }
        self.alike += 1;
        let times = self.again.entry(mark).or_insert(1);
        *times += 1;
        Ok(format!("csv-{hex}-{times}"))
    }

    fn full(&self, line: u64) -> ImportError {
        ImportError::Usage(format!(
            "line {line}: {} different rows without an id are all that {} MB hold; map a column that is one \
             (--map id=COLUMN), allow more (--memory), or split the file",
            self.seen.len() - 1,
            self.memory
        ))
    }

    /// Tells of rows that are alike.
    pub fn tell(&self, sink: &mut dyn Sink) {
        if self.alike > 0 {
            sink.note(format!(
                "rows that say what an earlier row says: {} (the first: line {}); each counts. If they are copies, \
                 take them out of the file; if not, map the column that tells them apart",
                self.alike, self.first_alike
            ));
        }
    }
}
