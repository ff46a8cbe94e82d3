//! The memory that bodies can take at once. Bytes are counted as they arrive, not as announced.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use parking_lot::Mutex;
use tokio::{sync::Notify, time::Instant};

use super::pools::{Place, Pools, SMALL, Sender};
use crate::app::{
    AppError, ErrorCode,
    telemetry::{Amount, Figure, Source},
};

/// The memory for bodies, handed out in shares.
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
    /// Memory of `bytes` bytes, for which senders wait up to `patience`.
    pub(super) fn new(bytes: usize, patience: Duration) -> Self {
        Self {
            pools: Mutex::new(Pools::new(bytes)),
            freed: Notify::new(),
            patience,
            without_room: AtomicU64::new(0),
            slow: AtomicU64::new(0),
            expanding: AtomicU64::new(0),
        }
    }

    /// An empty share.
    pub(super) fn share(self: &Arc<Self>, sender: Sender) -> Share {
        Share {
            memory: Arc::clone(self),
            sender,
            held: 0,
            place: Place::Reserve,
        }
    }

    /// How many bytes are held.
    pub(super) fn held(&self) -> usize {
        self.pools.lock().held()
    }

    /// Memory held and bodies refused, for `/metrics`.
    pub(super) fn figures(self: &Arc<Self>) -> Source {
        let memory = Arc::clone(self);
        Box::new(move || {
            let (held, senders) = (memory.held(), memory.pools.lock().holders());
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
                    "Bodies refused because they were too large after decompression",
                    count(&memory.expanding),
                ),
            ]
            .map(|(name, help, amount)| Figure { name, help, amount })
            .into()
        })
    }
}

/// A share of the memory, returned when dropped.
#[derive(Debug)]
pub struct Share {
    memory: Arc<Memory>,
    sender: Sender,
    held: usize,
    place: Place,
}

impl Share {
    /// Changes the share to `bytes`, waiting until they are free. Fails with `payload_too_large` if one
    /// sender can never have that many, and with `busy` if they are not free in time; the share then stays as
    /// it was.
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

    /// Counts a body that decompression made too large.
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
            "The body needs more than the {most} bytes of memory that one sender can have; nothing was stored."
        );
        AppError::new(ErrorCode::PayloadTooLarge, detail)
            .fix("Send fewer events at a time, or ask the operator to raise intake.memory_bytes.")
    }
}

#[cfg(test)]
impl Share {
    /// A share of a separate memory.
    pub(crate) fn of(bytes: usize) -> Self {
        Arc::new(Memory::new(bytes, Duration::ZERO)).share(Sender::default())
    }

    /// How many bytes it holds.
    pub(super) fn held(&self) -> usize {
        self.held
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
        "Too many events are arriving at once; nothing was stored.",
    )
    .retry_after(1)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

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
    async fn a_sender_without_room_is_told_to_retry_and_keeps_its_share() {
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
        assert_eq!(held, 5, "an IPv6 network is one sender");
    }

    #[tokio::test]
    async fn small_bodies_have_a_reserve_that_large_ones_cannot_take() {
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
    async fn a_body_that_can_never_fit_is_too_large_and_is_not_told_to_retry() {
        let memory = memory(8 * MIB);
        let mut share = memory.share(key(1));
        share.hold(5 * MIB).await.unwrap();
        let error = share.hold(6 * MIB).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::PayloadTooLarge);
    }

    #[tokio::test]
    async fn a_waiting_sender_gets_memory_that_becomes_free() {
        let memory = Arc::new(Memory::new(8 * MIB, Duration::from_secs(30)));
        let mut first = memory.share(key(1));
        first.hold(5 * MIB).await.unwrap();
        let mut second = memory.share(key(2));
        let waiting = tokio::spawn(async move { second.hold(4 * MIB).await.map(|()| second) });
        tokio::task::yield_now().await;
        drop(first);
        assert_eq!(waiting.await.unwrap().unwrap().held, 4 * MIB);
    }
}
