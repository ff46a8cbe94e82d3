//! Events on their way to the server.

/// Where an event was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Origin {
    /// The file, by its place on the command line.
    pub file: usize,
    pub line: u64,
}

/// Events of one request, and where each was read.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// Counted from 0 in the order of reading.
    pub number: u64,
    /// Bytes of the files that were read when it was cut.
    pub read: u64,
    pub body: Vec<u8>,
    pub origins: Vec<Origin>,
    /// The last record all of whose events are in this batch or an earlier one.
    pub checkpoint: Option<Origin>,
}

impl Batch {
    pub fn push(&mut self, json: &[u8], origin: Origin) {
        self.body.extend_from_slice(json);
        self.body.push(b'\n');
        self.origins.push(origin);
    }

    /// The same events in two batches.
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
