//! The memory that bodies may take at once. Bytes are counted when they come, never because somebody
//! says that they will; whoever sends holds a part that leaves something for the next; and small bodies
//! have a reserve of their own.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::{sync::Notify, time::Instant};
use uuid::Uuid;

use crate::app::{
    AppError, ErrorCode,
    limits::network,
    telemetry::{Amount, Figure, Source},
};

/// Bodies of so many bytes at most are small: they draw on the reserve, and are read where they arrive.
pub(super) const SMALL: usize = 64 * 1024;
/// The reserve is one part in so many of all memory.
const RESERVE: usize = 8;
/// One sender may hold so many times what stays free. Who is alone gets four fifths, two get four ninths
/// each, and something is always left for whoever comes next (dynamic thresholds: Choudhury and Hahne,
/// IEEE/ACM Transactions on Networking 6(2), 1998).
const GREED: usize = 4;
/// The smallest piece of memory that a body grows by.
const PIECE: usize = 4 * 1024;

/// Who sends a body, as far as it is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sender {
    /// The public id of their API key.
    pub key: Option<Uuid>,
    /// Their address.
    pub address: Option<IpAddr>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Holder {
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

/// A part of the memory, and who holds how much of it.
#[derive(Debug)]
struct Pool {
    size: usize,
    free: usize,
    held: HashMap<Holder, usize>,
}

impl Pool {
    fn new(size: usize) -> Self {
        Self {
            size,
            free: size,
            held: HashMap::new(),
        }
    }

    /// What a sender gets who is alone.
    fn most(&self) -> usize {
        self.size - self.size.div_ceil(GREED + 1)
    }

    fn take(&mut self, sender: Sender, bytes: usize) -> bool {
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

    fn book(&mut self, sender: Sender, bytes: usize) {
        self.free = self.free.saturating_sub(bytes);
        for holder in sender.holders() {
            *self.held.entry(holder).or_default() += bytes;
        }
    }

    fn give_back(&mut self, sender: Sender, bytes: usize) {
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

/// Where a share was taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Reserve,
    Main,
}

#[derive(Debug)]
struct Pools {
    reserve: Pool,
    main: Pool,
}

impl Pools {
    fn at(&mut self, place: Place) -> &mut Pool {
        match place {
            Place::Reserve => &mut self.reserve,
            Place::Main => &mut self.main,
        }
    }
}

/// Counts out the memory.
#[derive(Debug)]
pub(super) struct Memory {
    pools: Mutex<Pools>,
    freed: Notify,
    patience: Duration,
    without_room: AtomicU64,
    slow: AtomicU64,
    expanding: AtomicU64,
}

impl Memory {
    /// So many bytes, for which senders wait so long.
    pub(super) fn new(bytes: usize, patience: Duration) -> Self {
        let reserve = bytes / RESERVE;
        Self {
            pools: Mutex::new(Pools {
                reserve: Pool::new(reserve),
                main: Pool::new(bytes - reserve),
            }),
            freed: Notify::new(),
            patience,
            without_room: AtomicU64::new(0),
            slow: AtomicU64::new(0),
            expanding: AtomicU64::new(0),
        }
    }

    /// A share of nothing yet.
    pub(super) fn share(self: &Arc<Self>, sender: Sender) -> Share {
        Share {
            memory: Arc::clone(self),
            sender,
            held: 0,
            place: Place::Reserve,
        }
    }

    /// How much is held, and who was turned away, for `/metrics`.
    pub(super) fn figures(self: &Arc<Self>) -> Source {
        let memory = Arc::clone(self);
        Box::new(move || {
            let (held, senders) = {
                let pools = memory.pools.lock();
                let all = [&pools.reserve, &pools.main];
                (
                    all.iter().map(|pool| pool.size - pool.free).sum::<usize>(),
                    all.iter().map(|pool| pool.held.len()).sum::<usize>(),
                )
            };
            let count = |counter: &AtomicU64| Amount::Counted(counter.load(Ordering::Relaxed));
            [
                (
                    "intake_held_bytes",
                    "Bytes of bodies held in memory",
                    Amount::Now(held as u64),
                ),
                (
                    "intake_senders",
                    "Keys and addresses that hold bytes of bodies",
                    Amount::Now(senders as u64),
                ),
                (
                    "intake_bodies_without_room",
                    "Bodies refused because there was no memory for them",
                    count(&memory.without_room),
                ),
                (
                    "intake_bodies_too_slow",
                    "Bodies refused because they arrived too slowly",
                    count(&memory.slow),
                ),
                (
                    "intake_bodies_expanding",
                    "Bodies refused because decompression made too much of them",
                    count(&memory.expanding),
                ),
            ]
            .map(|(name, help, amount)| Figure { name, help, amount })
            .into()
        })
    }
}

/// A share of the memory, given back when dropped.
#[derive(Debug)]
pub struct Share {
    memory: Arc<Memory>,
    sender: Sender,
    held: usize,
    place: Place,
}

impl Share {
    /// Holds so many bytes from now on, as soon as they are free. A body that can never have so many is too
    /// large; a sender that does not get them in time is told to come again.
    pub(super) async fn hold(&mut self, bytes: usize) -> Result<(), AppError> {
        if bytes <= self.held {
            self.shrink(bytes);
            return Ok(());
        }
        let most = self.memory.pools.lock().main.most();
        if bytes > most && bytes > SMALL {
            return Err(self.too_much(most));
        }
        let memory = Arc::clone(&self.memory);
        let until = Instant::now() + memory.patience;
        loop {
            let mut freed = std::pin::pin!(memory.freed.notified());
            freed.as_mut().enable();
            if self.grow(bytes) {
                return Ok(());
            }
            if tokio::time::timeout_at(until, freed).await.is_err() {
                memory.without_room.fetch_add(1, Ordering::Relaxed);
                return Err(busy());
            }
        }
    }

    /// Counts a body that arrived too slowly.
    pub(crate) fn count_slow(&self) {
        self.memory.slow.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a body of which decompression made too much.
    pub(super) fn count_expanding(&self) {
        self.memory.expanding.fetch_add(1, Ordering::Relaxed);
    }

    fn grow(&mut self, bytes: usize) -> bool {
        let mut pools = self.memory.pools.lock();
        pools.at(self.place).give_back(self.sender, self.held);
        let places = match bytes <= SMALL {
            true => &[Place::Reserve, Place::Main][..],
            false => &[Place::Main],
        };
        for &place in places {
            if pools.at(place).take(self.sender, bytes) {
                (self.place, self.held) = (place, bytes);
                return true;
            }
        }
        pools.at(self.place).book(self.sender, self.held);
        false
    }

    fn shrink(&mut self, bytes: usize) {
        let fewer = self.held - bytes;
        if fewer > 0 {
            let mut pools = self.memory.pools.lock();
            pools.at(self.place).give_back(self.sender, fewer);
            drop(pools);
            self.held = bytes;
            self.memory.freed.notify_waiters();
        }
    }

    fn too_much(&self, most: usize) -> AppError {
        self.memory.without_room.fetch_add(1, Ordering::Relaxed);
        let detail = format!(
            "The body needs more than the {most} bytes of memory that one sender may have; nothing was taken."
        );
        AppError::new(ErrorCode::PayloadTooLarge, detail)
            .fix("Send fewer events at a time; the operator can raise intake.memory_bytes.")
    }
}

#[cfg(test)]
impl Share {
    /// A share of a memory of its own.
    pub(crate) fn of(bytes: usize) -> Self {
        Arc::new(Memory::new(bytes, Duration::ZERO)).share(Sender::default())
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.shrink(0);
    }
}

fn busy() -> AppError {
    AppError::new(
        ErrorCode::Busy,
        "Too many events are coming in at once; nothing was taken.",
    )
    .retry_after(1)
}

/// Bytes that are counted before they are held.
#[derive(Debug)]
pub struct Buffer {
    bytes: Vec<u8>,
    share: Share,
}

impl Buffer {
    /// An empty one.
    pub fn new(share: Share) -> Self {
        Self {
            bytes: Vec::new(),
            share,
        }
    }

    /// How many bytes are in it.
    pub fn length(&self) -> usize {
        self.bytes.len()
    }

    /// What it is counted in.
    pub fn share(&self) -> &Share {
        &self.share
    }

    /// Adds bytes. It is not expected to become longer than `expected`.
    pub async fn extend(&mut self, data: &[u8], expected: usize) -> Result<(), AppError> {
        let needed = self.bytes.len() + data.len();
        let before = self.bytes.capacity();
        if needed > before {
            let doubled = (before * 2).max(PIECE).min(expected);
            let capacity = needed.max(doubled);
            // Both are there while one is copied into the other.
            self.share.hold(before + capacity).await?;
            self.bytes.reserve_exact(capacity - self.bytes.len());
            self.share.hold(self.bytes.capacity()).await?;
        }
        self.bytes.extend_from_slice(data);
        Ok(())
    }

    /// What was added.
    pub fn finish(self) -> Counted {
        Counted {
            bytes: self.bytes.into(),
            share: self.share,
        }
    }
}

/// Bytes with the share of the memory that they take.
#[derive(Debug)]
pub struct Counted {
    /// The bytes.
    pub bytes: Bytes,
    pub(super) share: Share,
}

impl Counted {
    /// Bytes that are there already, counted in a share.
    pub(crate) async fn held(bytes: Bytes, mut share: Share) -> Result<Self, AppError> {
        share.hold(bytes.len()).await?;
        Ok(Self { bytes, share })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: u128) -> Sender {
        Sender {
            key: Some(Uuid::from_u128(number)),
            address: None,
        }
    }

    fn at(address: &str) -> Sender {
        Sender {
            key: None,
            address: Some(address.parse().unwrap()),
        }
    }

    fn memory(bytes: usize) -> Arc<Memory> {
        Arc::new(Memory::new(bytes, Duration::ZERO))
    }

    const MIB: usize = 1 << 20;

    #[tokio::test]
    async fn who_finds_no_room_is_told_to_come_again_and_keeps_what_they_had() {
        let memory = memory(8 * MIB);
        let mut one = memory.share(key(1));
        one.hold(5 * MIB).await.unwrap();
        let mut two = memory.share(key(2));
        two.hold(MIB).await.unwrap();
        let error = two.hold(3 * MIB).await.unwrap_err();
        assert_eq!((error.code, error.retry_after), (ErrorCode::Busy, Some(1)));
        drop(one);
        two.hold(3 * MIB).await.unwrap();
        drop(two);
        assert_eq!(memory.pools.lock().main.free, 7 * MIB);
        assert!(memory.pools.lock().main.held.is_empty());
    }

    #[tokio::test]
    async fn one_key_or_address_leaves_room_for_the_next() {
        for (greedy, other) in [
            (key(1), key(2)),
            (at("192.0.2.1"), at("192.0.2.2")),
            (at("2001:db8::1"), at("2001:db8:0:1::1")),
        ] {
            let memory = memory(80 * MIB);
            let mut shares = Vec::new();
            for _ in 0..80 {
                let mut share = memory.share(greedy);
                if share.hold(MIB).await.is_ok() {
                    shares.push(share);
                }
            }
            assert_eq!(shares.len(), 56, "four fifths of 70 MiB");
            let mut share = memory.share(other);
            share.hold(10 * MIB).await.unwrap();
        }
        let (memory, mut shares) = (memory(8 * MIB), Vec::new());
        for host in 0..10 {
            let mut share = memory.share(at(&format!("2001:db8::{host}")));
            shares.push(share.hold(MIB).await.is_ok().then_some(share));
        }
        let held = shares.iter().flatten().count();
        assert_eq!(held, 5, "a network of IPv6 is one sender");
    }

    #[tokio::test]
    async fn small_bodies_have_a_reserve_that_large_ones_can_not_take() {
        let memory = memory(80 * MIB);
        let mut shares = Vec::new();
        for number in 0..1000 {
            let mut share = memory.share(key(number));
            if share.hold(MIB).await.is_ok() {
                shares.push(share);
            }
        }
        assert!(memory.pools.lock().main.free <= MIB);
        let mut small = memory.share(key(2000));
        small.hold(SMALL).await.unwrap();
        assert_eq!(memory.pools.lock().reserve.free, 10 * MIB - SMALL);
    }

    #[tokio::test]
    async fn a_body_that_can_never_fit_is_too_large_and_not_told_to_come_again() {
        let memory = memory(8 * MIB);
        let mut share = memory.share(key(1));
        share.hold(5 * MIB).await.unwrap();
        let error = share.hold(6 * MIB).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::PayloadTooLarge);
    }

    #[tokio::test]
    async fn who_waits_gets_what_becomes_free() {
        let memory = Arc::new(Memory::new(8 * MIB, Duration::from_secs(30)));
        let mut first = memory.share(key(1));
        first.hold(5 * MIB).await.unwrap();
        let mut second = memory.share(key(2));
        let waiting = tokio::spawn(async move { second.hold(4 * MIB).await.map(|()| second) });
        tokio::task::yield_now().await;
        drop(first);
        assert_eq!(waiting.await.unwrap().unwrap().held, 4 * MIB);
    }

    #[tokio::test]
    async fn a_buffer_is_counted_as_it_grows_and_not_for_what_is_expected() {
        let memory = memory(64 * MIB);
        let mut buffer = Buffer::new(memory.share(key(1)));
        buffer.extend(&[1; 10], 32 * MIB).await.unwrap();
        assert_eq!(buffer.share().held, PIECE);
        buffer.extend(&[2; 2 * PIECE], 3 * PIECE).await.unwrap();
        assert_eq!(buffer.share().held, 10 + 2 * PIECE);
        let counted = buffer.finish();
        assert_eq!(counted.bytes.len(), 10 + 2 * PIECE);
        drop(counted);
        assert_eq!(memory.pools.lock().reserve.free, 8 * MIB);
    }
}
