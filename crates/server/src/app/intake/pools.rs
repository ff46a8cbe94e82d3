//! Shares of memory: one pool for all bodies and a reserve for small ones, divided so that no sender takes
//! everything.

use std::{collections::HashMap, net::IpAddr};

use uuid::Uuid;

use crate::app::limits::network;

/// Bodies up to this many bytes are small: they use the reserve, and are read on the thread that receives
/// them.
pub(super) const SMALL: usize = 64 * 1024;
/// The reserve is this fraction of all memory.
const RESERVE: usize = 8;
/// One sender can hold up to this many times what stays free. A single sender gets four fifths, two get four
/// ninths each, and something always remains for the next (dynamic thresholds: Choudhury and Hahne, IEEE/ACM
/// Transactions on Networking 6(2), 1998).
const GREED: usize = 4;

/// The sender of a body, as far as known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sender {
    /// The public id of its API key.
    pub key: Option<Uuid>,
    /// Its address.
    pub address: Option<IpAddr>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Holder {
    Key(Uuid),
    Network(IpAddr),
}

impl Sender {
    fn holders(self) -> impl Iterator<Item = Holder> {
        let address = self
            .address
            .map(|address| Holder::Network(network(address)));
        self.key.map(Holder::Key).into_iter().chain(address)
    }
}

/// A part of the memory, and how much of it each sender holds. All sizes are in bytes.
#[derive(Debug)]
pub(super) struct Pool {
    pub size: usize,
    pub free: usize,
    pub held: HashMap<Holder, usize>,
}

impl Pool {
    pub fn new(size: usize) -> Self {
        Self {
            size,
            free: size,
            held: HashMap::new(),
        }
    }

    /// The most that a single sender can hold.
    pub fn most(&self) -> usize {
        self.size - self.size.div_ceil(GREED + 1)
    }

    pub fn take(&mut self, sender: Sender, bytes: usize) -> bool {
        let Some(left) = self.free.checked_sub(bytes) else {
            return false;
        };
        let most = left.saturating_mul(GREED);
        let held = |holder| self.held.get(&holder).copied().unwrap_or(0);
        let fair = sender.holders().all(|holder| held(holder) + bytes <= most);
        if fair {
            self.book(sender, bytes);
        }
        fair
    }

    pub fn book(&mut self, sender: Sender, bytes: usize) {
        self.free = self.free.saturating_sub(bytes);
        for holder in sender.holders() {
            *self.held.entry(holder).or_default() += bytes;
        }
    }

    pub fn give_back(&mut self, sender: Sender, bytes: usize) {
        self.free += bytes;
        for holder in sender.holders() {
            if let Some(held) = self.held.get_mut(&holder) {
                *held -= bytes;
                if *held == 0 {
                    self.held.remove(&holder);
                }
            }
        }
    }
}

/// The pool that a share is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Reserve,
    Main,
}

#[derive(Debug)]
pub(super) struct Pools {
    pub reserve: Pool,
    pub main: Pool,
}

impl Pools {
    pub fn new(bytes: usize) -> Self {
        let reserve = bytes / RESERVE;
        Self {
            reserve: Pool::new(reserve),
            main: Pool::new(bytes - reserve),
        }
    }

    /// The bytes that are held.
    pub fn held(&self) -> usize {
        let all = [&self.reserve, &self.main];
        all.iter().map(|pool| pool.size - pool.free).sum()
    }

    /// How many keys and networks hold bytes, counted in each pool.
    pub fn holders(&self) -> usize {
        let all = [&self.reserve, &self.main];
        all.iter().map(|pool| pool.held.len()).sum()
    }

    pub fn at(&mut self, place: Place) -> &mut Pool {
        match place {
            Place::Reserve => &mut self.reserve,
            Place::Main => &mut self.main,
        }
    }
}
