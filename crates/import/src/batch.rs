//! Batches of events to send.

/// Where an event comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Origin {
    /// The index of the file on the command line.
    pub file: usize,
    pub line: u64,
}

/// The events of one request, and where each comes from.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// Its number in the order of reading, from 0.
    pub number: u64,
    /// Bytes of the files that had been read when it was completed.
    pub read: u64,
    pub body: Vec<u8>,
    pub origins: Vec<Origin>,
    /// The last record whose events are all in this batch or an earlier one.
    pub checkpoint: Option<Origin>,
}

impl Batch {
    pub fn push(&mut self, json: &[u8], origin: Origin) {
        self.body.extend_from_slice(json);
        self.body.push(b'\n');
        self.origins.push(origin);
    }

    /// Splits the events into two batches.
    pub fn halves(&self) -> (Self, Self) {
        let middle = self.origins.len() / 2;
        let rest = Self {
            read: self.read,
            ..Self::default()
        };
        let mut halves = (Self::default(), rest);
        let lines = self.body.split(|byte| *byte == b'\n').zip(&self.origins);
        for (index, (line, origin)) in lines.enumerate() {
            let half = if index < middle {
                &mut halves.0
            } else {
                &mut halves.1
            };
            half.push(line, *origin);
        }
        halves
    }
}
